"""Use cases: what a level knows and how fresh it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from common.db import Connection
from common.directory import DivisionUnknown
from common.divisions import Level
from reporting.levels.repository import BELOW, Levels

__all__ = ["BELOW", "Freshness", "get_freshness", "get_name", "note_progress"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the figures of a level have come; all None before the first record. Source: architecture.md §5.

    Attributes:
        as_of: newest moment at which something happened that the figures hold.
        accepted_at: newest moment at which the level took something in.
        updated_at: when the figures last changed.
    """

    as_of: datetime | None = None
    accepted_at: datetime | None = None
    updated_at: datetime | None = None


async def note_progress(conn: Connection, newest: Mapping[Level, tuple[datetime, datetime]]) -> None:
    """Level → newest (occurred_at, accepted_at) of what has just been applied.

    Idempotency: only ever moves forward. Locks: the rows of the levels, in order, until the transaction ends.
    """
    if newest:
        await Levels(conn).advance([(level.value, *newest[level]) for level in sorted(newest)])


async def get_freshness(conn: Connection, level: Level) -> Freshness:
    """How far the figures of a level have come."""
    row = await Levels(conn).find_freshness(level.value)
    return Freshness(**dict(row)) if row is not None else Freshness()


async def get_name(conn: Connection, division: str) -> str:
    """The division's name; also of one that is no more, because its figures remain.

    Raises:
        DivisionUnknown: the directory has never heard of it.
    """
    names = await Levels(conn).names([division])
    if division not in names:
        raise DivisionUnknown(division=division)
    return names[division]
