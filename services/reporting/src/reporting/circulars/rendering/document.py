"""The whole document: head (版头), body (主体), imprint (版记)."""

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Twips

from common.clock import beijing_day
from common.contracts.reporting.circulars import BlockState, WordsState
from reporting.circulars.domain import (
    SECRECY_LABELS,
    URGENCY_LABELS,
    Cell,
    Table,
    chinese_day,
    rule_of,
)
from reporting.circulars.rendering.packing import packed
from reporting.circulars.rendering.page import (
    BOLD_FONT,
    PARAGRAPH_ORDER,
    RED,
    TABLE_ORDER,
    TEXT_FONT,
    TITLE_FONT,
    TITLE_SIZE,
    make,
    put,
    set_font,
    set_page,
)
from reporting.circulars.rendering.paper import Paper
from reporting.circulars.rendering.text import (
    BODY,
    CENTER,
    HEADING_FONTS,
    LEFT,
    RIGHT,
    TEXT_WIDTH_TWIPS,
    Form,
    Grid,
    Numbering,
    blank,
    rule,
    set_form,
    write,
    write_table,
)

NOTHING = "—"
_HEAD_TWIPS = 1984
"""35 mm from the upper edge of the text to the red title."""
_WIDTH_POINTS = 442
_LARGEST_HEAD = 42.0
_DAY_INDENT = 4.0
_IMPRINT_SIZE = 14.0
_IMPRINT_TAB = Twips(TEXT_WIDTH_TWIPS - 280)
_DIGEST_SHOWN = 16


def render(paper: Paper) -> bytes:
    """The document as a Word file.

    Source: O6.3b; standards.md §9 (GB/T 9704-2012).
    """
    word = Document()
    set_page(word)
    _set_properties(word, paper)
    _write_head(word, paper)
    _write_title(word, paper.words)
    _write_blocks(word, paper.words.blocks, paper)
    _write_changes(word, paper)
    _write_attachment_list(word, paper.words)
    _write_signature(word, paper)
    for position, attachment in enumerate(paper.words.attachments, 1):
        number = str(position) if len(paper.words.attachments) > 1 else ""
        first = write(word, f"附件{number}", Form(font=BOLD_FONT, align=LEFT))
        first.paragraph_format.page_break_before = True
        blank(word)
        write(word, attachment.title, Form(font=TITLE_FONT, size=TITLE_SIZE, align=CENTER, line_twips=640))
        blank(word)
        _write_blocks(word, attachment.blocks, paper)
    _write_imprint(word, paper)
    written = io.BytesIO()
    word.save(written)
    return packed(written.getvalue())


def _set_properties(word: Word, paper: Paper) -> None:
    told = word.core_properties
    day = datetime(paper.signed_on.year, paper.signed_on.month, paper.signed_on.day, tzinfo=UTC).replace(tzinfo=None)
    told.title, told.author, told.last_modified_by = paper.words.title, paper.words.issuer, paper.words.issuer
    told.subject, told.comments, told.keywords, told.category = paper.number, "", "", ""
    told.created = told.modified = day
    told.revision = 1
    told.language = "zh-CN"


def _write_head(word: Word, paper: Paper) -> None:
    """份号, 密级, 紧急程度 at the left; the red title; the number; the red line."""
    words = paper.words
    marks = []
    if words.copy_number is not None:
        marks.append((f"{words.copy_number:06d}", Form(align=LEFT)))
    if words.secrecy is not None:
        years = f"★{words.secrecy_years}年" if words.secrecy_years else ""
        marks.append((f"{SECRECY_LABELS[words.secrecy]}{years}", Form(font=BOLD_FONT, align=LEFT)))
    if words.urgency is not None:
        marks.append((URGENCY_LABELS[words.urgency], Form(font=BOLD_FONT, align=LEFT)))
    for text, form in marks:
        write(word, text, form)
    head = f"{words.issuer}文件"
    size = min(_LARGEST_HEAD, (_WIDTH_POINTS - 8) // len(head))
    line = round(size * 20 * 1.3)
    space = max(0, _HEAD_TWIPS - len(marks) * 579)
    if not marks:  # a page's first paragraph loses its space above in some programs; an exact empty line does not
        write(word, "", Form(line_twips=space))
        space = 0
    write(
        word,
        head,
        Form(font=TITLE_FONT, size=size, align=CENTER, color=RED, line_twips=line),
        before_twips=space,
    )
    blank(word, 2)
    number = write(word, paper.number, Form(align=CENTER))
    border = make("w:pBdr")
    (bottom,) = rule(color=RED, eighths=12, sides=("bottom",))
    bottom.set(qn("w:space"), "11")
    border.append(bottom)
    put(number._p.get_or_add_pPr(), border, PARAGRAPH_ORDER)  # noqa: SLF001 - no other name for borders


def _write_title(word: Word, words: WordsState) -> None:
    blank(word, 2)
    write(word, words.title, Form(font=TITLE_FONT, size=TITLE_SIZE, align=CENTER, line_twips=640))
    blank(word)
    write(word, f"{'，'.join(words.addressees)}：", Form())


def _write_blocks(word: Word, blocks: tuple[BlockState, ...], paper: Paper) -> None:
    numbering = Numbering()
    for block in blocks:
        if block.kind == "table":
            write_table(word, _grid_of(paper.tables[block.text], paper))
        elif block.kind == "paragraph":
            write(word, block.text, BODY)
        else:
            level = int(block.kind[-1])
            form = Form(font=HEADING_FONTS[level - 1], first=2, keeps_next=True)
            write(word, f"{numbering.next(level)}{block.text}", form)


def _grid_of(table: Table, paper: Paper) -> Grid:
    is_ranked = table.query.better is not None
    header = [*(["名次"] if is_ranked else []), "地区"]
    header += [f"{column.title}（{column.unit}）" if column.unit else column.title for column in table.columns]
    is_counted = any(cell.expected is not None for row in table.all_rows for cell in row.cells[:1])
    header += ["已报/应报"] if is_counted else []
    lines = []
    for row in table.all_rows:
        rank = [NOTHING if row.rank is None else str(row.rank)] if is_ranked else []
        name = f"{row.name}（合计）" if row is table.total else row.name
        values = [NOTHING if cell.value is None else cell.value for cell in row.cells]
        lines.append([*rank, name, *values, *([_heard(row.cells[0])] if is_counted else [])])
    first = [0.6] if is_ranked else []
    return Grid(
        title=table.query.title,
        header=header,
        lines=lines,
        widths=[
            *first,
            1.8,
            *(1.0 if column.is_number else 1.4 for column in table.columns),
            *([1.0] if is_counted else []),
        ],
        is_right=[
            *([True] if is_ranked else []),
            False,
            *(column.is_number for column in table.columns),
            *([True] if is_counted else []),
        ],
        notes=_notes_of(table, paper),
    )


def _heard(cell: Cell) -> str:
    """Of how many places a row is known, of how many there are."""
    return NOTHING if cell.expected is None else f"{cell.known or 0}/{cell.expected}"


def _notes_of(table: Table, paper: Paper) -> list[str]:
    """As-of line, completeness, rule of the ranking, and the snapshot."""
    as_of = f"，入账数据更新至{chinese_day(beijing_day(table.as_of))}" if table.as_of else ""
    known = [cell for row in table.rows for cell in row.cells[:1] if cell.expected]
    heard, expected = sum(cell.known or 0 for cell in known), sum(cell.expected or 0 for cell in known)
    whole = f"；应报{expected}个，已报{heard}个" if expected else ""
    lines = [f"注：数据截至{chinese_day(paper.on)}{as_of}{whole}。数据快照{paper.digest[:_DIGEST_SHOWN]}。"]
    ranking = rule_of(table)
    return lines if ranking is None else [*lines, f"{ranking}。"]


def _write_changes(word: Word, paper: Paper) -> None:
    """What a correction sets right: each number, then each passage."""
    if paper.changes:
        lines = [
            [str(position), change.label, change.old or NOTHING, change.new or NOTHING, change.why]
            for position, change in enumerate(paper.changes, 1)
        ]
        header = ["序号", "数据", "原数", "更正为", "原因"]
        grid = Grid("数据更正表", header, lines, [0.5, 2.2, 0.9, 0.9, 1.8], [True, False, True, True, False])
        write_table(word, grid)
    for change in paper.word_changes:
        write(word, f"“{change.old}”更正为“{change.new}”。原因：{change.why}。", BODY)


def _write_attachment_list(word: Word, words: WordsState) -> None:
    """附件说明: after an empty line, two characters in; several are numbered under one another."""
    if not words.attachments:
        return
    blank(word)
    if len(words.attachments) == 1:
        write(word, f"附件：{words.attachments[0].title}", Form(left=5, first=-3))
        return
    for position, attachment in enumerate(words.attachments, 1):
        head = "附件：" if position == 1 else ""
        form = Form(left=6.5, first=-4.5) if position == 1 else Form(left=6.5, first=-1.5)
        write(word, f"{head}{position}.{attachment.title}", form)


def _write_signature(word: Word, paper: Paper) -> None:
    """署名 over 成文日期, each centred on the other; 附注 in brackets below."""
    day = chinese_day(paper.signed_on)
    day_width, name_width = _width(day), _width(paper.words.issuer)
    day_right = _DAY_INDENT
    name_right = day_right + (day_width - name_width) / 2
    if name_right < 2:  # noqa: PLR2004 - two characters from the edge at least
        name_right = 2.0
        day_right = name_right + (name_width - day_width) / 2
    blank(word, 2)
    write(word, paper.words.issuer, Form(align=RIGHT, right=name_right, keeps_next=True))
    write(word, day, Form(align=RIGHT, right=day_right))
    if paper.words.note is not None:
        write(word, f"（{paper.words.note}）", BODY)


def _width(text: str) -> float:
    """In characters; figures and letters are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _write_imprint(word: Word, paper: Paper) -> None:
    """版记: thick line, 抄送, thin line, 印发机关 and 印发日期, thick line; at the foot of the last page."""
    words = paper.words
    lines = [f"抄送：{'，'.join(words.copies)}。"] if words.copies else []
    lines.append(f"{words.printed_by}\t{chinese_day(paper.signed_on)}印发")
    table = word.add_table(rows=0, cols=1)
    for text in lines:
        paragraph = table.add_row().cells[0].paragraphs[0]
        set_form(paragraph, Form(size=_IMPRINT_SIZE, align=LEFT, left=1, right=1, line_twips=480))
        paragraph.paragraph_format.tab_stops.add_tab_stop(_IMPRINT_TAB, WD_TAB_ALIGNMENT.RIGHT)
        set_font(paragraph.add_run(text), TEXT_FONT, _IMPRINT_SIZE)
    _place_at_foot(table)
    write(word, "", Form(size=1, line_twips=20))


def _place_at_foot(table: Any) -> None:
    """As wide as the text, at its lower edge; programmes that float no tables leave it after the text."""
    properties = table._tbl.tblPr  # noqa: SLF001 - no other name for it
    borders = make("w:tblBorders")
    borders.extend(rule(color="000000", eighths=8, sides=("top", "bottom")))
    borders.extend(rule(color="000000", eighths=6, sides=("insideH",)))
    anchors = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left", "tblpYSpec": "bottom"}
    width = make("w:tblW", w=str(TEXT_WIDTH_TWIPS), type="dxa")
    for element in (make("w:tblpPr", **anchors), width, borders, make("w:tblLayout", type="fixed")):
        put(properties, element, TABLE_ORDER)
    (column,) = table._tbl.tblGrid.findall(qn("w:gridCol"))  # noqa: SLF001
    column.set(qn("w:w"), str(TEXT_WIDTH_TWIPS))
    for cell in table.columns[0].cells:
        cell.width = Twips(TEXT_WIDTH_TWIPS)
