"""SQL of accountability beside its records: the day's run, open cases, how many were closed in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.directory import WITHIN

_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended('casework.warning_runs', 0))"
_CLAIM = "INSERT INTO warning_runs (day, stage) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_HOLD = "SELECT stage, after FROM warning_runs WHERE day = $1 AND finished_at IS NULL FOR UPDATE"
_STORE = "UPDATE warning_runs SET stage = $2, after = $3, finished_at = $4 WHERE day = $1"
_CASES = (
    "SELECT id FROM cases WHERE ($1::uuid IS NULL OR id > $1) "
    "AND (status IN ('registered', 'supplementing', 'accepted') "
    "OR (status = 'refused' AND coalesce(btrim(reason), '') = '')) ORDER BY id LIMIT $2"
)
_KEYS = {
    "office": "c.division::text",
    "person": "CASE WHEN c.status = 'closed' THEN c.handled_by ELSE c.holder END",
}
_OPEN = "c.status IN ('registered', 'supplementing', 'accepted')"
_SCOPE = WITHIN.format(column="c.division", low="$1", high="$2")
_TALLIES = (
    "SELECT key, count(*) FILTER (WHERE NOT is_open AND is_on_time IS NOT NULL) AS closed, "  # noqa: S608 - constants
    "count(*) FILTER (WHERE NOT is_open AND is_on_time) AS on_time, count(*) FILTER (WHERE is_open) AS open, "
    "count(*) FILTER (WHERE is_open AND due_on < $5) AS overdue FROM ("
    f"SELECT {{key}} AS key, {_OPEN} AS is_open, c.is_on_time, c.due_on FROM cases c WHERE {_SCOPE} "
    f"AND ({_OPEN} OR (c.status = 'closed' AND c.closed_at >= $3 AND c.closed_at < $4))) AS chosen "
    "WHERE key > $6 GROUP BY key ORDER BY key LIMIT $7"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a day's run has come."""

    stage: int
    after: UUID | None


class Runs:
    """The days' runs of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def hold(self, day: date) -> Progress | None:
        """The day's run, locked; None when it is finished or another worker is at it."""
        if not await self._conn.fetchval(_TRY):
            return None
        await self._conn.execute(_CLAIM, day)
        row = await self._conn.fetchrow(_HOLD, day)
        return None if row is None else Progress(row["stage"], row["after"])

    async def store(self, day: date, progress: Progress, *, finished_at: datetime | None) -> None:
        """Keeps how far it has come."""
        await self._conn.execute(_STORE, day, progress.stage, progress.after, finished_at)


async def cases_after(conn: Connection, after: UUID | None, *, limit: int) -> list[UUID]:
    """Cases that somebody may be warned of, in the order of their ids."""
    return [row["id"] for row in await conn.fetch(_CASES, after, limit)]


@dataclass(frozen=True, slots=True)
class Span:
    """Which cases are counted: of these divisions, closed from an instant to another; `on` tells what is overdue."""

    bounds: tuple[str, str]
    begins_at: datetime
    ends_at: datetime
    on: date


async def tallies(conn: Connection, by: str, span: Span, *, after: str, limit: int) -> Sequence[Any]:
    """(key, closed, on_time, open, overdue) of offices or persons, in the order of their keys."""
    statement = _TALLIES.format(key=_KEYS[by])
    values = (*span.bounds, span.begins_at, span.ends_at, span.on, after, limit)
    return await conn.fetch(statement, *values)  # type: ignore[no-any-return]
