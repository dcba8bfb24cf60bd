"""Charter: rule texts and processes that are made public, and when they were (规章制度, 主动公开)."""
