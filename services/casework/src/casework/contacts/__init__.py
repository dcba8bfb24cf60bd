"""Charter: the first person asked stays responsible (首问责任制)."""
