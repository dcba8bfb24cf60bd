"""A file as it comes in: sealed while it arrives, measured, looked at. It is nobody's yet, and no database is held."""

import asyncio
import hashlib
import io
import os
import time
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from casework.uploads.domain import Limits, inspect_file, kind_of_media_type
from casework.uploads.errors import FileTooLarge, FileTooSlow, TooManyAtOnce
from common.contracts.casework.online import FileKind
from common.crypto import FieldCipher, FileSealer, SealedFile
from common.ids import uuid7

log = structlog.get_logger(__name__)
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
        at_once: how many files one account may send at the same time to this process.
    """

    spool: Path
    limits: Limits
    seconds: float
    at_once: int = 6


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


_under_way: Counter[str] = Counter()
"""Receptions of each account in this process."""
_swept_at: dict[Path, float] = {}
_SWEEP_EVERY_SECONDS = 3_600.0
_SLACK_SECONDS = 600.0
"""What a reception may take beside the time in which the file arrives."""


@contextmanager
def counted_reception(account: str, rules: Receiving) -> Iterator[None]:
    """One reception of an account; so nobody fills machine and processors that others need.

    Source: O4.2b.

    Raises:
        TooManyAtOnce: as many of the account's are under way as may be.
    """
    if _under_way[account] >= rules.at_once:
        raise TooManyAtOnce(limit=rules.at_once)
    _under_way[account] += 1
    try:
        yield
    finally:
        _under_way[account] -= 1
        if not _under_way[account]:
            del _under_way[account]


def remove_remnants(rules: Receiving, *, now: float | None = None) -> int:
    """Removes what receptions left here whose process was killed; returns how many files.

    A reception that is under way has written lately: one that takes longer than it may is ended.

    Source: O4.2b.
    """
    before = (time.time() if now is None else now) - rules.seconds - _SLACK_SECONDS
    removed = 0
    for path in rules.spool.glob("*.part"):
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed


async def _sweep_now_and_then(rules: Receiving) -> None:
    """The folder is this machine's own, so no worker elsewhere could do it."""
    since = _swept_at.get(rules.spool)
    if since is not None and time.monotonic() - since < _SWEEP_EVERY_SECONDS:
        return
    _swept_at[rules.spool] = time.monotonic()
    removed = await asyncio.to_thread(remove_remnants, rules)
    if removed:
        log.warning("uploads_remnants_removed", removed=removed)


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
    await _sweep_now_and_then(rules)
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
