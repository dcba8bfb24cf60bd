"""Charter: records on their way up: taken in at their origin level, accepted level by level, found again by anyone."""
