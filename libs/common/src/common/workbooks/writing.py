"""Writing workbooks row by row: what is written is on disk, not in memory.

Texts are string cells of the format `text`, so that no programme takes one for a formula, not even after somebody has
edited it. Source: ADR 0015.
"""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, Any, Self

import xlsxwriter

Cell = str | int | float | Decimal | date | None
"""What is written into a cell."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is a formula to programmes that do not ask for its type."""
LONGEST = 32_000
_FORMATS: dict[str, int | str] = {"text": 49, "day": "yyyy-mm-dd", "whole": 1, "amount": 2, "share": 10}
"""Numbers are built-in formats: 49 is text, 1 a whole number, 2 one with two decimals, 10 per cent with two."""
_MIN_WIDTH, _MAX_WIDTH = 10, 40


class WorkbookWriter:
    """A workbook under construction.

    Args:
        made_on: stands in the file as the day of its making; the same rows give the same bytes on one day.
    """

    def __init__(self, *, made_on: date) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="jiceng-sheet-")
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - handed on to whoever sends it
        options = {
            "constant_memory": True,
            "tmpdir": self._folder.name,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book: Any = xlsxwriter.Workbook(self.file, options)
        self._book.set_properties({"created": datetime.combine(made_on, time(), UTC).replace(tzinfo=None)})
        self._plain = {look: self._book.add_format({"num_format": code}) for look, code in _FORMATS.items()}
        self._marked = {
            look: self._book.add_format({"num_format": code, "bg_color": "#FFC7CE"}) for look, code in _FORMATS.items()
        }
        self._risky = self._book.add_format({"num_format": _FORMATS["text"], "quote_prefix": True})
        self._header = self._book.add_format(
            {"bold": True, "num_format": _FORMATS["text"], "text_wrap": True, "valign": "top"}
        )
        self._needed = self._book.add_format(
            {"bold": True, "num_format": _FORMATS["text"], "text_wrap": True, "valign": "top", "bg_color": "#FFF2CC"}
        )
        self._wrapped = self._book.add_format({"num_format": _FORMATS["text"], "text_wrap": True, "valign": "top"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays open or in the temporary folder, however the writing ended."""
        if not self._book.fileclosed:
            self._book.fileclosed = True
            for sheet in self._book.worksheets():
                sheet.row_data_fh.close()
            self.file.close()
        self._folder.cleanup()

    def add_sheet(self, title: str, headers: Sequence[str], looks: Sequence[str], *, needed: Iterable[str] = ()) -> Any:
        """A sheet with its header row; columns keep their format where nothing is written yet."""
        sheet = self._book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        must = set(needed)
        for place, (header, look) in enumerate(zip(headers, looks, strict=True)):
            width = min(_MAX_WIDTH, max(_MIN_WIDTH, 2 * len(header) + 2))
            sheet.set_column(place, place, width, self._plain[look])
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, self._needed if header in must else self._header)
        return sheet

    def add_notes(self, title: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        """A sheet of wrapped texts."""
        sheet = self._book.add_worksheet(title)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self._wrapped)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text, self._wrapped)

    def write_rows(
        self,
        sheet: Any,
        first: int,
        rows: Iterable[Sequence[Cell]],
        looks: Sequence[str],
        marked: Sequence[frozenset[int]] = (),
    ) -> int:
        """Rows of cells from the row `first` on (0 is the header); returns the row after them.

        Args:
            marked: for each row, the columns to be marked.
        """
        number = first
        for number, row in enumerate(rows, first + 1):
            red = marked[number - first - 1] if marked else frozenset()
            for place, cell in enumerate(row):
                self._write(sheet, number - 1, place, cell, looks[place], is_marked=place in red)
        return number

    def _write(self, sheet: Any, row: int, place: int, cell: Cell, look: str, *, is_marked: bool) -> None:
        if cell is None:
            if is_marked:
                sheet.write_blank(row, place, None, self._marked[look])
        elif isinstance(cell, str):
            style = self._marked["text"] if is_marked else self._plain["text"]
            if cell.startswith(RISKY) and not is_marked:
                style = self._risky
            sheet.write_string(row, place, cell[:LONGEST], style)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, self._marked["day"] if is_marked else self._plain["day"])
        else:
            style = (self._marked if is_marked else self._plain)["amount" if isinstance(cell, Decimal) else look]
            sheet.write_number(row, place, cell, style)

    def finish(self) -> IO[bytes]:
        """The finished file, at its beginning; it has no name, so it is gone when it is closed."""
        self._book.close()
        self.file.seek(0)
        return self.file
