"""Charter: one store for all records but cases: the state that the event carries; personal data sealed beside it."""
