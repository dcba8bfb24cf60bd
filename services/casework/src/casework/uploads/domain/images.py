"""How many pixels an image has, out of its head: decoding a hostile one is what must not happen."""

import struct
from typing import IO

from casework.uploads.errors import FileDamaged

_PNG_HEAD = 33
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_SEGMENTS = 2_000
_SCAN = 0xDA
_END = 0xD9
_FILL = b"\xff"


def png_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height of a PNG.

    Source: O4.2b.

    Raises:
        FileDamaged: its first chunk is no image header.
    """
    file.seek(0)
    head = file.read(_PNG_HEAD)
    if len(head) < _PNG_HEAD or head[8:16] != b"\x00\x00\x00\x0dIHDR":
        raise FileDamaged
    return _sensible(*struct.unpack(">II", head[16:24]))


def jpeg_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height of a JPEG: its segments are walked to the frame that comes before the first scan.

    Source: O4.2b.

    Raises:
        FileDamaged: the segments end, or the scan begins, without a frame.
    """
    file.seek(2)
    for _ in range(_MOST_SEGMENTS):
        marker = _next_marker(file)
        if marker in _BARE:
            continue
        if marker in {_SCAN, _END}:
            break
        length = struct.unpack(">H", _exactly(file, 2))[0]
        if length < 2:  # noqa: PLR2004 - the length counts itself
            break
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", _exactly(file, 5)[1:])
            return _sensible(width, height)
        file.seek(length - 2, 1)
    raise FileDamaged


def _next_marker(file: IO[bytes]) -> int:
    if _exactly(file, 1) != _FILL:
        raise FileDamaged
    for _ in range(_MOST_SEGMENTS):
        found = _exactly(file, 1)
        if found != _FILL:
            return found[0]
    raise FileDamaged


def _exactly(file: IO[bytes], length: int) -> bytes:
    found = file.read(length)
    if len(found) != length:
        raise FileDamaged
    return found


def _sensible(width: int, height: int) -> tuple[int, int]:
    if width == 0 or height == 0:
        raise FileDamaged
    return width, height
