"""Knowing the own store: a file of its own among the others, which the books have as the file of nobody's upload."""

import asyncio
import hashlib
import os
from pathlib import Path
from tempfile import mkstemp
from uuid import UUID

from casework.uploads.errors import StoreForeign
from casework.uploads.repository import UploadFiles
from casework.uploads.stores import Store
from common.db import Database
from common.ids import uuid7

MARKER = UUID(int=0)
"""Stands in the books for the upload of the marker; no upload has this id."""
_LOOKED_AT = 200


async def require_own_store(db: Database, store: Store) -> None:
    """The store keeps the marker that was put there; the first time it is put there.

    Raises:
        StoreForeign: it does not; or it is full of files of which the books know none.
    """
    async with db.autocommit() as conn:
        marker = await UploadFiles(conn).key_of(MARKER)
    if marker is None:
        await _claim(db, store)
    elif not await store.has(marker):
        raise StoreForeign


async def _claim(db: Database, store: Store) -> None:
    keys = []
    async for file in store.list():
        keys.append(file.key)
        if len(keys) == _LOOKED_AT:
            break
    async with db.autocommit() as conn:
        books = UploadFiles(conn)
        if (keys or await books.count()) and not await books.known(keys):
            raise StoreForeign
    content = f"jiceng {uuid7()}\n".encode()
    key = hashlib.sha256(content).hexdigest()
    path = await asyncio.to_thread(_written, content)
    try:
        await store.put(key, path)
    finally:
        await asyncio.to_thread(path.unlink)
    async with db.autocommit() as conn:
        await UploadFiles(conn).add_once(key, MARKER)


def _written(content: bytes) -> Path:
    handle, name = mkstemp(prefix="jiceng-marker-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)
