"""Charter: how often the public may ask or file without a token."""
