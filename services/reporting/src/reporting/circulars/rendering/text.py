"""Paragraphs and tables of an official document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as Word
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph

from reporting.circulars.rendering.page import (
    BOLD_FONT,
    KAI_FONT,
    LINE_TWIPS,
    PARAGRAPH_ORDER,
    TABLE_ORDER,
    TEXT_FONT,
    TEXT_SIZE,
    make,
    put,
    set_font,
)

LEFT, RIGHT, CENTER, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
HEADING_FONTS = (BOLD_FONT, KAI_FONT, TEXT_FONT, TEXT_FONT)
TABLE_SIZE, NOTE_SIZE = 12.0, 10.5
"""小四 and 五号."""
TEXT_WIDTH_TWIPS = 8844
"""156 mm."""
ROW_TWIPS = 360
"""One and a half of the size: the 21 cities with their sum and the notes stand on one page."""
_KEPT_LINES = 3
"""Last lines of a table that stay with what stands under it."""
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Form:
    """How a paragraph is set; indents in characters of its size."""

    font: str = TEXT_FONT
    size: float = TEXT_SIZE
    align: Any = BOTH
    first: float = 0.0
    left: float = 0.0
    right: float = 0.0
    color: str | None = None
    line_twips: int = LINE_TWIPS
    keeps_next: bool = False


BODY = Form(first=2)


def write(word: Any, text: str, form: Form = BODY, *, before_twips: int = 0) -> Paragraph:
    """A paragraph of one font."""
    paragraph: Paragraph = word.add_paragraph()
    set_form(paragraph, form)
    paragraph.paragraph_format.space_before = Twips(before_twips)
    if text:
        set_font(paragraph.add_run(text), form.font, form.size, color=form.color)
    return paragraph


def set_form(paragraph: Paragraph, form: Form) -> None:
    """Alignment, indents and lines of a paragraph."""
    paragraph.alignment = form.align
    made = paragraph.paragraph_format
    made.line_spacing_rule, made.line_spacing = WD_LINE_SPACING.EXACTLY, Twips(form.line_twips)
    made.space_before = made.space_after = Pt(0)
    if form.line_twips != LINE_TWIPS:
        put(paragraph._p.get_or_add_pPr(), make("w:snapToGrid", val="0"), PARAGRAPH_ORDER)  # noqa: SLF001
    made.keep_with_next = form.keeps_next or None
    for name, characters in (
        ("first_line_indent", form.first),
        ("left_indent", form.left),
        ("right_indent", form.right),
    ):
        if characters:
            setattr(made, name, Pt(form.size * characters))


def blank(word: Any, lines: int = 1) -> None:
    """Empty lines."""
    for _ in range(lines):
        write(word, "", Form())


class Numbering:
    """一、（一）1.（1）: each level counts within the one above it. Source: standards.md §9 (GB/T 9704-2012)."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0, 0]

    def next(self, level: int) -> str:
        """The number of the next heading of a level, 1 to 4."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (4 - level)
        count = self._counts[level - 1]
        forms = (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")
        return forms[level - 1]


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese; larger ones in figures."""
    if number > 99:  # noqa: PLR2004
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + ("" if ones == 0 and tens else _DIGITS[ones])


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be set.

    Attributes:
        widths: of the columns, in any unit.
        is_right: which columns hold numbers.
    """

    title: str
    header: Sequence[str]
    lines: Sequence[Sequence[str]]
    widths: Sequence[float]
    is_right: Sequence[bool]
    notes: Sequence[str] = ()


def write_table(word: Word, grid: Grid) -> None:
    """A table with its title, a header that every page repeats, and the lines under it."""
    write(word, grid.title, Form(font=BOLD_FONT, size=14, align=CENTER, keeps_next=True))
    table = word.add_table(rows=0, cols=len(grid.header))
    whole = sum(grid.widths)
    widths = [round(TEXT_WIDTH_TWIPS * width / whole) for width in grid.widths]
    _set_table(table, widths)
    for position, line in enumerate((grid.header, *grid.lines)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no other name for it
        properties.append(make("w:cantSplit"))
        if position == 0:
            properties.append(make("w:tblHeader"))
        for cell, text, is_right, width in zip(row.cells, line, grid.is_right, widths, strict=True):
            align = CENTER if position == 0 else RIGHT if is_right else LEFT
            font = BOLD_FONT if position == 0 else TEXT_FONT
            is_near_end = position > len(grid.lines) - _KEPT_LINES
            form = Form(font=font, size=TABLE_SIZE, align=align, line_twips=ROW_TWIPS, keeps_next=is_near_end)
            _fill(cell, text, form, width)
    for position, note in enumerate(grid.notes, 1):
        write(word, note, Form(size=NOTE_SIZE, align=LEFT, line_twips=320, keeps_next=position < len(grid.notes)))


def rule(*, color: str, eighths: int, sides: Iterable[str]) -> Any:
    """Lines around a paragraph or a table's cell."""
    return [make(f"w:{side}", val="single", sz=str(eighths), space="0", color=color) for side in sides]


def _set_table(table: Any, widths: Sequence[int]) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001
    borders = make("w:tblBorders")
    borders.extend(rule(color="000000", eighths=4, sides=("top", "left", "bottom", "right", "insideH", "insideV")))
    width = properties.find(qn("w:tblW"))
    if width is None:
        width = make("w:tblW")
        properties.append(width)
    width.set(qn("w:w"), str(sum(widths)))
    width.set(qn("w:type"), "dxa")
    for element in (make("w:jc", val="center"), borders, make("w:tblLayout", type="fixed")):
        put(properties, element, TABLE_ORDER)
    for column, one in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):  # noqa: SLF001
        column.set(qn("w:w"), str(one))


def _fill(cell: Any, text: str, form: Form, width: int) -> None:
    cell.width = Twips(width)
    paragraph = cell.paragraphs[0]
    set_form(paragraph, form)
    set_font(paragraph.add_run(text), form.font, form.size)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
