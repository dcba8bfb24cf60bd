"""Use cases of spreadsheets: export of every list, templates, imports with their error sheets."""
