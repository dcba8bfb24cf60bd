"""What endpoints ask for."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

from common.db import Connection
from common.http import (
    AsOf,
    CurrentActor,
    Idempotency,
    IfMatch,
    IsoDay,
    OpenUow,
    Paging,
    ReadConnection,
    ReadSession,
    StillUow,
    Uow,
)

__all__ = [
    "AsOf",
    "CurrentActor",
    "Idempotency",
    "IfMatch",
    "IsoDay",
    "OpenUow",
    "Paging",
    "ReadConnection",
    "ReadSession",
    "Snapshot",
    "StillUow",
    "Uow",
]


async def snapshot(conn: ReadConnection) -> AsyncIterator[Connection]:
    """One moment of the database for all statements of an answer: figures, as-of and completeness belong together."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        yield conn


Snapshot = Annotated[Connection, Depends(snapshot, scope="function")]
