"""Charter: programmes: which towns are to be built up by when, in which cohort, and why."""
