"""Reading the first sheet of an uploaded workbook, after it was found safe to parse. Source: ADR 0015."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from registry.sheets.domain.cells import Raw, clean
from registry.sheets.domain.safety import MAX_COLUMNS, MAX_ROWS, inspect_workbook
from registry.sheets.errors import FileBroken, FileEmpty, FileTooLarge


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows of a sheet.

    Attributes:
        header: cells of row 1.
        rows: (number as the spreadsheet counts, cells), blank rows left out.
        error_cells: row → columns from 0 that hold an error such as #REF!.
    """

    header: Sequence[Raw]
    rows: list[tuple[int, list[Any]]]
    error_cells: dict[int, set[int]]


def read_table(content: bytes, title: str) -> Table:
    """Reads the sheet with the title, or else the first one that is visible; blocking, for a thread.

    Raises:
        FileEmpty, FileTooLarge, FileEncrypted, FileOfOldFormat, FileNotXlsx, FileBroken: it cannot be read.
    """
    inspected = inspect_workbook(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_name(_sheet_name(book, title))
        rows = list(_rows(sheet))
    except (CalamineError, PasswordError, ZipError, ValueError, OSError):
        raise FileBroken from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the parser gave up in a way that Python calls fatal
            raise FileBroken from None
        raise
    if not rows or rows[0][0] != 1:
        raise FileEmpty("第1行应为列名，其下为数据")
    errors: dict[int, set[int]] = {}
    if len(inspected.error_cells) == 1 or len(book.sheet_names) == 1:
        for found in inspected.error_cells.values():
            for row, column in found:
                errors.setdefault(row, set()).add(column - 1)
    return Table(rows[0][1], rows[1:], errors)


def _sheet_name(book: CalamineWorkbook, title: str) -> str:
    sheets = [
        one.name
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
    ]
    if not sheets:
        raise FileEmpty
    return title if title in sheets else sheets[0]


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold anything, with their numbers; cells from column A on."""
    if sheet.start is None:
        return
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise FileTooLarge
    before = [None] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" and clean(cell) is not None for cell in cells):
            yield number, [*before, *cells]
