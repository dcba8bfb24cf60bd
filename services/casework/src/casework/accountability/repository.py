"""SQL of accountability beside its records: the day's run, open cases, how many were closed in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.directory import find_crossed

_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended('casework.warning_runs', 0))"
_CLAIM = "INSERT INTO warning_runs (day, stage) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_HOLD = "SELECT stage, after FROM warning_runs WHERE day = $1 AND finished_at IS NULL FOR UPDATE"
_STORE = "UPDATE warning_runs SET stage = $2, after = $3, finished_at = $4 WHERE day = $1"
_CASES = (
    "SELECT id FROM cases WHERE ($1::uuid IS NULL OR id > $1) "
    "AND (status IN ('registered', 'supplementing', 'accepted') "
    "OR (status = 'refused' AND coalesce(btrim(reason), '') = '')) ORDER BY id LIMIT $2"
)
_KEYS = {"office": ("c.division", "c.division"), "person": ("c.handled_by", "c.holder")}
"""By what closed cases are summed, and by what open ones."""
_TALLIES = (
    "SELECT key::text, sum(closed)::bigint AS closed, sum(on_time)::bigint AS on_time, sum(open)::bigint AS open, "
    "sum(overdue)::bigint AS overdue FROM ("
    "SELECT {closed} AS key, count(c.is_on_time) AS closed, count(*) FILTER (WHERE c.is_on_time) AS on_time, "
    "0 AS open, 0 AS overdue FROM cases c WHERE {scope} AND c.status = 'closed' "
    "AND c.closing_result NOT IN ('voided', 'deleted') AND c.closed_at >= $3 AND c.closed_at < $4 "
    "AND {closed} > $6 GROUP BY 1 UNION ALL "
    "SELECT {open}, 0, 0, count(*), count(*) FILTER (WHERE c.due_on < $5) FROM cases c WHERE {scope} "
    "AND c.status IN ('registered', 'supplementing', 'accepted') AND {open} > $6 GROUP BY 1"
    ") AS parts GROUP BY key ORDER BY key LIMIT $7"
)
"""Each half by its own partial index, which the statement meets by naming the very condition of the index."""


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
    """(key, closed, on_time, open, overdue) of offices or persons, in the order of their keys.

    Errors of entry, closed as voided or deleted, were nobody's work and count for nobody. Source: standards.md §5.
    """
    closed, is_open = _KEYS[by]
    values: list[Any] = [*span.bounds, span.begins_at, span.ends_at, span.on, after, limit]
    scope = "c.division BETWEEN $1 AND $2"
    inherited, lost = await find_crossed(conn, span.bounds)
    if inherited:
        values.append(inherited)
        scope = f"({scope} OR c.division = ANY (${len(values)}::text[]))"
    if lost:
        values.append(lost)
        scope = f"{scope} AND c.division <> ALL (${len(values)}::text[])"
    statement = _TALLIES.format(closed=closed, open=is_open, scope=scope)
    return await conn.fetch(statement, *values)  # type: ignore[no-any-return]
