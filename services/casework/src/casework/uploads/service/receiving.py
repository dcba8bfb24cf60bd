"""A file as it comes in: sealed while it arrives, measured, looked at. It is nobody's yet, and no database is held."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterable, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from casework.uploads.domain import Limits, inspect_file, kind_of_media_type
from casework.uploads.errors import FileTooLarge, FileTooSlow
from common.contracts.casework.online import FileKind
from common.crypto import FieldCipher, FileSealer, SealedFile
from common.ids import uuid7

_READ_AHEAD = 64 * 1024
_INSPECTED_AT_ONCE = 2
_inspectors = ThreadPoolExecutor(_INSPECTED_AT_ONCE, thread_name_prefix="uploads-inspection")
"""Few at once in a process: unfolding takes processor and memory, and whoever sends files must not take all of it."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """How files are received.

    Attributes:
        spool: a folder of this process's own machine; what lies there is sealed.
        seconds: how long one file may take.
    """

    spool: Path
    limits: Limits
    seconds: float


@dataclass(frozen=True, slots=True)
class Received:
    """A sealed file on this machine that has passed every check.

    Attributes:
        path: goes when the block of `receive_file` ends.
        key: SHA-256 of the sealed bytes.
        sha256: of the content, hexadecimal.
    """

    id: UUID
    path: Path
    key: str
    kind: FileKind
    size_bytes: int
    sha256: str


def context_of(upload_id: UUID) -> str:
    """What the file is sealed to."""
    return f"casework.upload:{upload_id}"


@asynccontextmanager
async def receive_file(
    pieces: AsyncIterable[bytes], *, declared: str | None, cipher: FieldCipher, rules: Receiving
) -> AsyncIterator[Received]:
    """Takes a file in, piece by piece; neither it nor its plaintext is ever whole in memory or on a disk.

    Source: O4.2b.

    Args:
        declared: media type that the request names.

    Raises:
        FileTypeRefused, FileTypeMismatch, FileEmpty, FileTooLarge, FileTooSlow, FileDamaged, FileUnsafe: it is not
            taken, and nothing of it is left.
    """
    kind, upload_id = kind_of_media_type(declared), uuid7()
    path = rules.spool / f"{upload_id}.part"
    try:
        try:
            async with asyncio.timeout(rules.seconds):
                taken = await _write(path, pieces, FileSealer(cipher, context=context_of(upload_id)), rules.limits)
        except TimeoutError:
            raise FileTooSlow(limit_seconds=rules.seconds) from None
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(_inspectors, _look, path, cipher, upload_id, kind, rules.limits)
        yield Received(upload_id, path, taken.sealed.hexdigest(), kind, taken.size, taken.plain.hexdigest())
    finally:
        path.unlink(missing_ok=True)


class _Taken:
    def __init__(self) -> None:
        self.size = 0
        self.plain = hashlib.sha256()
        self.sealed = hashlib.sha256()


async def _write(path: Path, pieces: AsyncIterable[bytes], sealer: FileSealer, limits: Limits) -> _Taken:
    taken = _Taken()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        async for piece in pieces:
            taken.size += len(piece)
            if taken.size > limits.bytes_:
                raise FileTooLarge(limit_bytes=limits.bytes_)
            taken.plain.update(piece)
            _append(file, taken, sealer.update(piece))
        _append(file, taken, sealer.finish())
    return taken


def _append(file: io.BufferedWriter, taken: _Taken, sealed: bytes) -> None:
    taken.sealed.update(sealed)
    file.write(sealed)


def _look(path: Path, cipher: FieldCipher, upload_id: UUID, declared: FileKind, limits: Limits) -> None:
    with path.open("rb") as source:
        opened = SealedFile(cipher, source, context=context_of(upload_id))
        inspect_file(io.BufferedReader(opened, _READ_AHEAD), declared=declared, limits=limits)
