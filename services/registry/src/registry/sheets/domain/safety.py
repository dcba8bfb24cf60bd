"""What a file must be before a parser may see it: a workbook of bounded size, looked at without unpacking it to memory.

A spreadsheet of some kilobytes can unpack to gigabytes, or name a cell in the last row and column, for which readers
make room for everything before it. Both are refused by looking through the packed parts once. Pure: bytes in.
Source: ADR 0015.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from registry.sheets.errors import FileBroken, FileEmpty, FileEncrypted, FileNotXlsx, FileOfOldFormat, FileTooLarge

MAX_FILE_BYTES = 12 * 1024 * 1024
MAX_UNPACKED_BYTES = 160 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 50_000
MAX_COLUMNS = 78
"""The last column is BZ."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _END_BYTES = b"PK\x05\x06", 22
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_WINDOW, _OVERLAP = 1 << 20, 8192
_REF = rb"[\s]r\s*=\s*[\"']"
_FAR = re.compile(_REF + rb"(?:[A-Za-z]{3,}\d|[C-Zc-z][A-Za-z]\d|[A-Za-z]*\d{6,}|[A-Za-z]*[5-9]\d{4}[\"'])")
"""A cell beyond column BZ, or a row beyond 49,999: rows of five digits from 50,000, or of six and more."""
_GAP = re.compile(rb"\s{4096}")
_ERROR_TYPE = re.compile(rb"t\s*=\s*[\"']e[\"']")
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt\s*=\s*[\"']e[\"'][^>]*>")
_CELL_NAME = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,2})(\d{1,5})[\"']")
_MAX_ERROR_CELLS = 10_000


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of a file that may be parsed.

    Attributes:
        error_cells: part → (row, column) from 1 of cells that hold an error such as #REF!, which readers show as blank.
    """

    error_cells: dict[str, list[tuple[int, int]]]


def require_workbook(content: bytes) -> None:
    """Tells by its first bytes and its table of contents what a file is; quick, for the moment of the upload.

    Source: ADR 0015.

    Raises:
        FileEmpty, FileTooLarge, FileEncrypted, FileOfOldFormat, FileNotXlsx, FileBroken: none that could be imported.
    """
    if not content:
        raise FileEmpty
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge(f"文件不得超过{MAX_FILE_BYTES // 1024 // 1024} MB", limit_bytes=MAX_FILE_BYTES)
    if content.startswith(_OLE):
        raise FileEncrypted if _ENCRYPTED in content else FileOfOldFormat
    if not content.startswith(_ZIP):
        raise FileNotXlsx
    names = {part.filename for part in _parts(content)}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise FileNotXlsx
    unpacked = sum(part.file_size for part in _parts(content))
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_much()


def inspect_workbook(content: bytes) -> Inspected:
    """Looks through every packed part once, whatever the table of contents promises.

    Source: ADR 0015.

    Raises:
        FileTooLarge: it unpacks to too much, or a sheet has a cell too far down or to the right.
        FileBroken: a part cannot be unpacked.
        the others as require_workbook.
    """
    require_workbook(content)
    left = MAX_UNPACKED_BYTES
    errors: dict[str, list[tuple[int, int]]] = {}
    for part in _parts(content):
        is_sheet = part.filename.lower().startswith("xl/worksheets/") and part.filename.lower().endswith(".xml")
        tail = b""
        for piece in _unpack(content, part):
            left -= len(piece)
            if left < 0:
                raise _too_much()
            if is_sheet:
                window = tail + piece
                _look(window, errors.setdefault(part.filename, []))
                tail = window[-_OVERLAP:]
    return Inspected({name: sorted(set(found)) for name, found in errors.items() if found})


def _look(window: bytes, errors: list[tuple[int, int]]) -> None:
    if _FAR.search(window):
        raise FileTooLarge(
            f"工作表不得超过{MAX_ROWS - 1}行、{MAX_COLUMNS}列；多余的空行空列请删除", limit_rows=MAX_ROWS
        )
    if _GAP.search(window):
        raise FileBroken
    for cell in _ERROR_CELL.finditer(window) if _ERROR_TYPE.search(window) else ():
        if (name := _CELL_NAME.search(cell[0])) and len(errors) < _MAX_ERROR_CELLS:
            errors.append((int(name[2]), _column_number(name[1].decode("ascii"))))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _too_much() -> FileTooLarge:
    megabytes = MAX_UNPACKED_BYTES // 1024 // 1024
    return FileTooLarge(f"文件内容展开后不得超过{megabytes} MB", limit_bytes=MAX_UNPACKED_BYTES)


def _parts(content: bytes) -> list[zipfile.ZipInfo]:
    """The table of contents; nothing may stand behind it, so that every reader finds the same one."""
    if content[-_END_BYTES : -_END_BYTES + 4] != _END:
        raise FileBroken
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OverflowError, struct.error):
        raise FileBroken from None
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise FileBroken
    if any(part.flag_bits & 1 for part in parts):
        raise FileEncrypted
    return parts


def _unpack(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The contents as the packed stream gives them: the size that the table of contents promises may be a lie."""
    try:
        head = _LOCAL_HEADER.unpack_from(content, part.header_offset)
    except struct.error:
        raise FileBroken from None
    begin = part.header_offset + _LOCAL_HEADER.size + head[9] + head[10]
    packed = memoryview(content)[begin : begin + part.compress_size]
    if head[0] != _ZIP or len(packed) != part.compress_size:
        raise FileBroken
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _WINDOW]) for at in range(0, len(packed), _WINDOW))
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflate(packed)
    else:
        raise FileBroken


def _inflate(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    rest: bytes | memoryview = packed
    try:
        while not stream.eof:
            piece = stream.decompress(rest, _WINDOW)
            rest = stream.unconsumed_tail
            if piece:
                yield piece
            elif not rest:
                break
    except zlib.error:
        raise FileBroken from None
    if not stream.eof:
        raise FileBroken
