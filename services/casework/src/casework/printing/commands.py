"""Makes the Word templates from the wordings: `python -m casework.printing.commands <folder>`.

A4 with the margins, fonts and sizes of official documents (GB/T 9704-2012): title in 方正小标宋 at 22 points, text in
仿宋 at 16 points with lines of 28 points, page numbers in 宋体 at 14 points.
"""

import io
import sys
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from casework.printing.catalogue import repacked
from casework.printing.domain import WORDINGS, Wording

TITLE_FONT, TEXT_FONT, BOLD_FONT, PAGE_FONT, LATIN_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "宋体",
    "Times New Roman",
)
TITLE_SIZE, TEXT_SIZE, PAGE_SIZE, LINE = Pt(22), Pt(16), Pt(14), Pt(28)
WIDTH, HEIGHT = Mm(210), Mm(297)
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
_INDENT = Pt(32)
_REASONS = "期限说明"


def make_template(wording: Wording) -> bytes:
    """The template of one notice.

    Source: O4.3b; standards.md §9 (GB/T 9704-2012).
    """
    word = Document()
    _set_page(word)
    _line(word, wording.title, TITLE_FONT, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(word, "文书编号：{{ number }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    _line(word, "{{ applicant }}：")
    for text in wording.paragraphs:
        _line(word, text, is_indented=True)
    if wording.listed:
        _line(word, "{%p if materials %}")
        _line(word, f"{wording.listed}：", BOLD_FONT, is_indented=True)
        _loop(word, "material in materials", "{{ loop.index }}．{{ material }}")
        _line(word, "{%p endif %}")
    if wording.is_dated_by_clock:
        _line(word, "{%p if reasons %}")
        _line(word, f"{_REASONS}：", BOLD_FONT, is_indented=True)
        _loop(word, "line in reasons", "{{ line.day }}：{{ line.text }}")
        _line(word, "{%p endif %}")
    for text in ("经办人：{{ clerk }}", "咨询电话：{{ phone }}", "监督投诉电话：{{ complaint_phone }}"):
        _line(word, text, is_indented=True)
    _line(word, "")
    for text in ("{{ office }}", "{{ issued_on }}"):
        _line(word, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
    made = io.BytesIO()
    word.save(made)
    return repacked(made.getvalue())


def _set_page(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in ("— ", None, " —"):
        run = footer.add_run(text or "")
        _set_font(run, PAGE_FONT, PAGE_SIZE)
        if text is None:
            _add_page_number(run)
    word.core_properties.author = ""
    word.core_properties.title = ""


def _loop(word: Word, over: str, text: str) -> None:
    _line(word, f"{{%p for {over} %}}")
    _line(word, text, is_indented=True)
    _line(word, "{%p endfor %}")


def _line(
    word: Word,
    text: str,
    font: str = TEXT_FONT,
    size: Pt = TEXT_SIZE,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    is_indented: bool = False,
) -> Paragraph:
    paragraph = word.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.space_before = form.space_after = Pt(0)
    if is_indented:
        form.first_line_indent = _INDENT
    _set_font(paragraph.add_run(text), font, size)
    return paragraph


def _set_font(run: Run, font: str, size: Pt) -> None:
    run.font.name, run.font.size = LATIN_FONT, size
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - no other name for Chinese fonts
    fonts.set(qn("w:eastAsia"), font)


def _add_page_number(run: Run) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)  # noqa: SLF001 - nor for fields


def main(folder: Path) -> None:
    """Writes one file for each kind of notice."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, wording in WORDINGS.items():
        (folder / f"{kind}.docx").write_bytes(make_template(wording))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
