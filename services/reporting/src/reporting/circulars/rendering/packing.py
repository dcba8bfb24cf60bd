"""How the same document always gives the same bytes: parts in one order, of one day, stored and not deflated.

Deflate would make the bytes depend on the machine's zlib; what is stored depends on nothing..
"""

import io
import zipfile

CONTENT_TYPES = "[Content_Types].xml"
FONT_TABLE = "word/fontTable.xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o600 << 16
_FALLBACKS = (
    ("仿宋_GB2312", "仿宋", "roman"),
    ("楷体_GB2312", "楷体", "roman"),
    ("方正小标宋简体", "宋体", "roman"),
    ("黑体", "SimHei", "swiss"),
    ("宋体", "SimSun", "roman"),
    ("Times New Roman", "Liberation Serif", "roman"),
)
"""Font, what stands in for it where it is not installed, and its family."""


def packed(document: bytes) -> bytes:
    """The same parts in one order and of one day, with the fonts and their fallbacks named.

    Source: O6.3b.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(given.namelist(), key=lambda name: (name != CONTENT_TYPES, name)):
            part = zipfile.ZipInfo(name, _FIRST_DAY)
            part.external_attr = _READABLE
            part.create_system = 3
            target.writestr(part, _content(name, given.read(name)))
    return made.getvalue()


def _content(name: str, content: bytes) -> bytes:
    return _font_table() if name == FONT_TABLE else content


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:family w:val="{family}"/></w:font>'
        for name, instead, family in _FALLBACKS
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'.encode()
