"""What endpoints ask for."""

from common.http import (
    AsOf,
    CurrentActor,
    Idempotency,
    IfMatch,
    IsoDay,
    OpenUow,
    Paging,
    ReadConnection,
    ReadDatabase,
    ReadSession,
    Snapshot,
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
    "ReadDatabase",
    "ReadSession",
    "Snapshot",
    "StillUow",
    "Uow",
]
