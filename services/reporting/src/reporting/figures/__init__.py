"""Figures per level, division, day and item, kept up to date by what each level accepts."""
