"""Files in a folder of this machine, or of a volume that its replicas share."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from casework.uploads.errors import StoreUnavailable, UploadLost
from casework.uploads.stores.port import PIECE_BYTES, StoredFile, key_of, path_of

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_LISTED_AT_ONCE = 500
_REMNANT_SECONDS = 86_400


class FilesystemStore:
    """Writes beside the place and renames into it: a file is there whole or not at all, also after a power cut.

    Args:
        root: made with the first file; only its owner may look into it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, source: Path) -> None:
        """See `Store`."""
        await _in_thread(self._put, self._root / path_of(key), source)

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """See `Store`."""
        try:
            file = await asyncio.to_thread((self._root / path_of(key)).open, "rb")
        except FileNotFoundError:
            raise UploadLost from None
        except OSError as error:
            raise StoreUnavailable from error
        try:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece
        finally:
            file.close()

    async def has(self, key: str) -> bool:
        """See `Store`."""
        return await asyncio.to_thread((self._root / path_of(key)).is_file)

    async def remove(self, key: str) -> None:
        """See `Store`."""
        await _in_thread((self._root / path_of(key)).unlink, True)

    async def list(self) -> AsyncIterator[StoredFile]:
        """See `Store`."""
        found = self._walk()
        while page := await asyncio.to_thread(_some, found):
            for file in page:
                yield file

    async def aclose(self) -> None:
        """Nothing to give back."""

    @staticmethod
    def _put(target: Path, source: Path) -> None:
        if target.exists():
            return
        target.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
            with os.fdopen(handle, "wb") as written, source.open("rb") as read:
                shutil.copyfileobj(read, written, PIECE_BYTES)
                written.flush()
                os.fsync(written.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def _walk(self) -> Iterator[StoredFile]:
        for folder, _, names in os.walk(self._root):
            for name in names:
                path, key = Path(folder) / name, key_of(name)
                try:
                    changed = path.stat().st_mtime
                except FileNotFoundError:
                    continue
                if key is None:
                    _remove_remnant(path, changed)
                    continue
                yield StoredFile(key, datetime.fromtimestamp(changed, UTC))


def _remove_remnant(path: Path, changed: float) -> None:
    """What a process left that ended in the middle of a write; a younger one may still be written."""
    if path.name.startswith(".") and changed < time.time() - _REMNANT_SECONDS:
        path.unlink(missing_ok=True)


def _some(found: Iterator[StoredFile]) -> list[StoredFile]:
    return [file for _, file in zip(range(_LISTED_AT_ONCE), found, strict=False)]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def _in_thread(work: object, *arguments: object) -> None:
    try:
        await asyncio.to_thread(work, *arguments)  # type: ignore[arg-type]
    except OSError as error:
        raise StoreUnavailable from error
