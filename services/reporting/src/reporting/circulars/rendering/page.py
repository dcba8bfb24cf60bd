"""The page of GB/T 9704-2012: A4, 37/35/28/26 mm, 22 lines of 28 characters, page numbers outside."""

from typing import Any

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

TITLE_FONT, TEXT_FONT, BOLD_FONT, KAI_FONT, PAGE_FONT, LATIN_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
    "Times New Roman",
)
TITLE_SIZE, TEXT_SIZE, PAGE_SIZE = 22.0, 16.0, 14.0
"""2号, 3号, 4号 in points."""
LINES, CHARACTERS = 22, 28
LINE_TWIPS = 579
"""22 lines of 28.95 points fill the 225 mm between the margins."""
CHARACTER_TWIPS = -5
"""28 characters of 15.75 points fill 156 mm: a quarter of a point less than 3号.

Said of the characters and not of the grid, because programmes read a grid of characters in different ways.
"""
RED = "FF0000"
_UNUSED = ("/stylesWithEffects", "/customXml", "/thumbnail", "/numbering")
_STYLES = frozenset(
    {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Header", "HeaderChar", "Footer", "FooterChar"}
)


def make(kind: str, **attributes: str) -> Any:
    """An element of WordprocessingML: `make("w:jc", val="right")`."""
    element = OxmlElement(kind)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


PARAGRAPH_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct",
    "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing",
    "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl",
    "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)  # fmt: skip
TABLE_ORDER = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
)  # fmt: skip
"""The order that the schema of WordprocessingML demands."""


def put(properties: Any, element: Any, order: tuple[str, ...]) -> None:
    """Puts an element where the schema wants it, in place of one of its kind."""
    names = [qn(f"w:{name}") for name in order]
    old = properties.find(element.tag)
    if old is not None:
        properties.remove(old)
    place = names.index(element.tag)
    later = next((child for child in properties if child.tag in names[place + 1 :]), None)
    if later is None:
        properties.append(element)
    else:
        later.addprevious(element)


def set_page(word: Word) -> None:
    """Paper, margins, grid, page numbers and the properties that are the same in every document."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - no other name for the grid
    if grid is None:
        grid = make("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    for name, value in (("type", "lines"), ("linePitch", str(LINE_TWIPS))):
        grid.set(qn(f"w:{name}"), value)
    word.settings.odd_and_even_pages_header_footer = True
    _number_pages(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number_pages(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    _leave_out(word)
    _set_normal(word)


def _leave_out(word: Word) -> None:
    """What no paper of ours uses, nine tenths of the file: pictures, effects, and the styles beside the plain ones."""
    for part in (word.part, word.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                del part.rels[key]
    styles = word.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in _STYLES:
            styles.remove(style)
    for latent in styles.findall(qn("w:latentStyles")):
        styles.remove(latent)


def set_font(run: Any, font: str, size: float, *, color: str | None = None) -> None:
    """Font of Chinese text, with the one of Latin letters and figures beside it."""
    run.font.name, run.font.size = LATIN_FONT, Pt(size)
    properties = run._element.get_or_add_rPr()  # noqa: SLF001 - no other name for Chinese fonts
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if color is not None:
        run.font.color.rgb = RGBColor.from_string(color)


def _set_normal(word: Word) -> None:
    normal: Any = word.styles["Normal"]
    set_font(normal, TEXT_FONT, TEXT_SIZE)
    form = normal.element.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN"):
        put(form, make(f"w:{name}", val="0"), PARAGRAPH_ORDER)
    properties = normal.element.get_or_add_rPr()
    properties.find(qn("w:sz")).addprevious(make("w:spacing", val=str(CHARACTER_TWIPS)))
    properties.append(make("w:lang", val="en-US", eastAsia="zh-CN"))


def _number_pages(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """`— 1 —`, one character from the edge."""
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Pt(PAGE_SIZE)
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        set_font(run, PAGE_FONT, PAGE_SIZE)
        if text is None:
            for kind in ("begin", "", "end"):
                if kind:
                    run._element.append(make("w:fldChar", fldCharType=kind))  # noqa: SLF001 - nor for fields
                else:
                    field = make("w:instrText")
                    field.text = "PAGE"
                    run._element.append(field)  # noqa: SLF001
