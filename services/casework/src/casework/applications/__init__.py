"""Charter: one application, several cases (一件事)."""
