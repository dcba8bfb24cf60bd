"""Charter: a holiday notice is imported, and every due date that it moves is listed."""
