"""Files of every kind that is taken, and of some that are not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.settings import CaseworkSettings

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}
EXCEL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
OFD = {"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>"}


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 20)) + chunk(b"IEND", b"")


def jpeg(width: int = 3, height: int = 2, *, before: bytes = b"\xff\xe0\x00\x04ab", frame: int = 0xC0) -> bytes:
    size = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    told = b"\xff" + bytes([frame]) + struct.pack(">H", len(size) + 2) + size
    return b"\xff\xd8" + before + told + b"\xff\xda\x00\x02data\xff\xd9"


def archive(entries: dict[str, bytes], *, stored: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(zipfile.ZipInfo(name), content, None if stored else zipfile.ZIP_DEFLATED)
    return made.getvalue()


GOOD: dict[str, bytes] = {
    "pdf": PDF,
    "jpeg": jpeg(),
    "png": png(),
    "ofd": archive(OFD),
    "docx": archive(WORD),
    "xlsx": archive(EXCEL),
}


@pytest.fixture(scope="session")
def files() -> Any:
    """The files, and how to make more."""

    class Files:
        good = GOOD
        png = staticmethod(png)
        jpeg = staticmethod(jpeg)
        archive = staticmethod(archive)
        word = WORD
        excel = EXCEL
        ofd = OFD

    return Files


@pytest.fixture
def make_settings(make_settings: Callable[..., CaseworkSettings], tmp_path: Path) -> Callable[..., CaseworkSettings]:
    """The settings of casework's tests, with a place for files."""

    def make(url: str, **changes: Any) -> CaseworkSettings:
        places = {"uploads_dir": tmp_path / "store", "uploads_spool_dir": tmp_path / "spool"}
        return make_settings(url, **({**places, "uploads_max_bytes": 300_000, "uploads_max_pending": 3} | changes))

    return make
