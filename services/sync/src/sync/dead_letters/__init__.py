"""Charter: what consumers could not take, shown to those who repair it: place and reason, never the content."""
