"""What a sheet is: cells, columns, rows, and what can be wrong with them. Pure."""
