"""Charter: first-asked responsibility (首问责任制): who asked what of whom, who is responsible now, how it ended."""
