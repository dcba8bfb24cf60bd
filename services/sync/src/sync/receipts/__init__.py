"""Charter: a level's answer (回执) to every record passed to it: accepted, duplicate, or rejected with a reason."""
