"""Files that are archives (OFD, Word, Excel): measured before and while they are unfolded, never written anywhere.

The directory's own figures are believed only as far as reading bears them out: an entry that gives more than it
declared, or other bytes, is damaged.
"""

import struct
import zipfile
import zlib
from typing import IO

from casework.uploads.domain.kinds import Limits
from casework.uploads.domain.packages import require_inert_package
from casework.uploads.errors import FileDamaged, FileTypeRefused, FileUnsafe
from common.contracts.casework.online import FileKind

_END_SIGNATURE = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_LOCATOR_BYTES = 20
_LONGEST_COMMENT = 0xFFFF
_DIRECTORY_BYTES_PER_ENTRY = 512
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_SMALL = 1024 * 1024
_PIECE = 64 * 1024
_FOLDER = "/"
_KINDS: tuple[tuple[FileKind, frozenset[str]], ...] = (
    ("ofd", frozenset({"OFD.xml"})),
    ("docx", frozenset({"[Content_Types].xml", "word/document.xml"})),
    ("xlsx", frozenset({"[Content_Types].xml", "xl/workbook.xml"})),
)
_PROGRAMMES = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".scr", ".bat", ".ps1")


def require_sound_archive(file: IO[bytes], limits: Limits) -> FileKind:
    """What kind of document an archive is, once it has been unfolded to its end within the limits.

    Source: O4.2b.

    Raises:
        FileTypeRefused: an archive, and no document of a kind that is taken.
        FileDamaged: it cannot be read to its end.
        FileUnsafe: too many entries, too much inside, encrypted entries, programmes, or names, templates and parts
            that lead elsewhere.
    """
    _require_small_directory(file, limits)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _require_modest(entries, limits)
            kind = _kind(entries)
            for entry in entries:
                _unfold(archive, entry)
            if kind != "ofd":
                require_inert_package(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError):
        raise FileDamaged from None
    return kind


def _require_small_directory(file: IO[bytes], limits: Limits) -> None:
    """Before anything is made of the directory: how many entries it says it has, how long it is and where it lies.

    An end record of ZIP64 would replace these figures by its own, so an archive with one is refused: no document of
    these kinds needs it.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR_BYTES))
    tail = file.read()
    start = tail.rfind(_END_SIGNATURE)
    if start < 0 or len(tail) - start < _END.size:
        raise FileDamaged
    if tail[max(0, start - _LOCATOR_BYTES) : start].startswith(_LOCATOR_SIGNATURE):
        raise FileUnsafe("不接受 ZIP64 压缩包", reason="zip64")
    _, disk, first_disk, here, entries, length, offset, comment = _END.unpack_from(tail, start)
    if start + _END.size + comment != len(tail) or (disk, first_disk) != (0, 0) or here != entries:
        raise FileDamaged
    if entries > limits.entries or length > limits.entries * _DIRECTORY_BYTES_PER_ENTRY:
        raise FileUnsafe("压缩包内的文件过多", reason="entries", limit=limits.entries)
    if offset + length != size - len(tail) + start:
        raise FileDamaged


def _require_modest(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the directory declares."""
    if len(entries) > limits.entries:
        raise FileUnsafe("压缩包内的文件过多", reason="entries", limit=limits.entries)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise FileDamaged
    for entry in entries:
        _require_harmless(entry)
    unfolded, folded = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if unfolded > limits.unfolded_bytes:
        raise FileUnsafe("解压后过大", reason="unfolded_bytes", limit=limits.unfolded_bytes)
    if unfolded > _SMALL and unfolded > folded * limits.ratio:
        raise FileUnsafe("压缩比过高", reason="ratio", limit=limits.ratio)


def _require_harmless(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", _FOLDER)
    if name.startswith(_FOLDER) or ":" in name or ".." in name.split(_FOLDER):
        raise FileUnsafe("包内文件名指向包外", reason="names")
    if name.lower().endswith(_PROGRAMMES):
        raise FileUnsafe("含有可执行内容", reason="programmes")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise FileUnsafe("含有加密或特殊压缩的内容", reason="encrypted")


def _kind(entries: list[zipfile.ZipInfo]) -> FileKind:
    names = {entry.filename for entry in entries}
    kinds = [kind for kind, needed in _KINDS if needed <= names]
    if len(kinds) != 1:
        raise FileTypeRefused
    return kinds[0]


def _unfold(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Reads an entry to its end; it stops at the declared size, and a false one does not bear the checksum out."""
    with archive.open(entry) as stream:
        while stream.read(_PIECE):
            pass
