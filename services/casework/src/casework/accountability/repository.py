"""SQL of accountability beside its records: the day's run, open cases, how many were closed in time."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from common.db import Connection

_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended('casework.warning_runs', 0))"
_CLAIM = "INSERT INTO warning_runs (day, stage) VALUES ($1, 0) ON CONFLICT DO NOTHING"
_HOLD = "SELECT stage, after FROM warning_runs WHERE day = $1 AND finished_at IS NULL FOR UPDATE"
_STORE = "UPDATE warning_runs SET stage = $2, after = $3, finished_at = $4 WHERE day = $1"
_CASES = (
    "SELECT id FROM cases WHERE ($1::uuid IS NULL OR id > $1) "
    "AND (status IN ('registered', 'supplementing', 'accepted') "
    "OR (status = 'refused' AND coalesce(btrim(reason), '') = '')) ORDER BY id LIMIT $2"
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
