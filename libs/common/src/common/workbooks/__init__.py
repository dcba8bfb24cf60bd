"""Charter: workbooks (xlsx) that no programme takes for formulas, written row by row."""

from common.workbooks.writing import Cell, WorkbookWriter

__all__ = ["Cell", "WorkbookWriter"]
