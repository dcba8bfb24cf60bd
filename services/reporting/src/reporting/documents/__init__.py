"""Charter: which document was issued, received and forwarded by whom when: the chain from the first to the last."""
