"""Which stations have reported: expected against heard from, per level, division and day."""
