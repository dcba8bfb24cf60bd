"""Charter: what is to be done next, by whom, and how many there are."""
