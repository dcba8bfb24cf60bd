"""Indicators as data, their values per level, division and day, kept up to date incrementally."""
