"""Charter: which days are working days, by which notice, in versions."""
