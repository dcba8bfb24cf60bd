"""Is this file what it is said to be, and is it safe to keep?"""

from typing import IO

from casework.uploads.domain.archives import require_sound_archive
from casework.uploads.domain.images import jpeg_size, png_size
from casework.uploads.domain.kinds import Limits
from casework.uploads.errors import FileDamaged, FileEmpty, FileTooLarge, FileTypeMismatch, FileTypeRefused, FileUnsafe
from common.contracts.casework.online import FileKind

_HEAD_BYTES = 8
_PDF_TAIL_BYTES = 2048


def inspect_file(file: IO[bytes], *, declared: FileKind, limits: Limits) -> FileKind:
    """The kind of a file, from its content; its name counts for nothing.

    Source: O4.2b.

    Args:
        file: seekable, in clear.
        declared: what the request says.
        limits: what it may be at most.

    Raises:
        FileEmpty, FileTooLarge, FileTypeRefused, FileTypeMismatch, FileDamaged, FileUnsafe: what is wrong with it.
    """
    size = file.seek(0, 2)
    if size == 0:
        raise FileEmpty
    if size > limits.bytes_:
        raise FileTooLarge(limit_bytes=limits.bytes_)
    kind = _recognised(file, limits)
    if kind != declared:
        raise FileTypeMismatch(declared=declared, found=kind)
    return kind


def _recognised(file: IO[bytes], limits: Limits) -> FileKind:
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"\xff\xd8\xff"):
        return _modest("jpeg", jpeg_size(file), limits)
    if head == b"\x89PNG\r\n\x1a\n":
        return _modest("png", png_size(file), limits)
    if head.startswith(b"PK\x03\x04"):
        return require_sound_archive(file, limits)
    raise FileTypeRefused


def _pdf(file: IO[bytes]) -> FileKind:
    size = file.seek(0, 2)
    file.seek(max(0, size - _PDF_TAIL_BYTES))
    if b"%%EOF" not in file.read():
        raise FileDamaged
    return "pdf"


def _modest(kind: FileKind, size: tuple[int, int], limits: Limits) -> FileKind:
    if size[0] * size[1] > limits.pixels:
        raise FileUnsafe("图片像素过多", reason="pixels", limit=limits.pixels)
    return kind
