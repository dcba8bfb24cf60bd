"""All SQL of what the public does itself, beside that of cases and records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from casework.online.domain import Told
from common.db import Connection

_COUNT = """
INSERT INTO progress_questions AS q (bucket, window_start, asked)
SELECT bucket, $2, 1 FROM unnest($1::bytea[]) AS new (bucket) ORDER BY bucket
ON CONFLICT ON CONSTRAINT pk_progress_questions DO UPDATE SET window_start = excluded.window_start,
    asked = CASE WHEN q.window_start = excluded.window_start THEN q.asked + 1 ELSE 1 END
RETURNING bucket, asked
"""
_BEGIN = """
INSERT INTO told_cases (case_id, version, status, supplements, is_decided)
SELECT case_id, 0, '', 0, false FROM unnest($1::uuid[]) AS new (case_id) ORDER BY case_id ON CONFLICT DO NOTHING
"""
_TELL = """
INSERT INTO told_cases AS t (case_id, version, status, supplements, is_decided, due_on)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT pk_told_cases DO UPDATE SET version = excluded.version, status = excluded.status,
    supplements = excluded.supplements, is_decided = excluded.is_decided, due_on = excluded.due_on
WHERE t.version < excluded.version
"""


class Questions:
    """Questions without a token, counted where all replicas see them."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def count(self, buckets: Sequence[bytes], *, start: datetime) -> dict[bytes, int]:
        """Counts one more in each bucket; gives how many there are in the window that began at `start`.

        Locks: the buckets, in their order, until the statement ends; the connection commits each for itself.
        """
        rows = await self._conn.fetch(_COUNT, list(buckets), start)
        return {bytes(row["bucket"]): row["asked"] for row in rows}

    async def forget(self, *, before: datetime, limit: int) -> int:
        """Forgets windows that are over; returns how many."""
        done = await self._conn.execute(
            "DELETE FROM progress_questions WHERE bucket IN "
            "(SELECT bucket FROM progress_questions WHERE window_start < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)",
            before,
            limit,
        )
        return int(done.rsplit(" ", 1)[-1])


class ToldCases:
    """What applicants have been told, of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def hold(self, case_ids: Sequence[UUID]) -> dict[UUID, Told]:
        """What is known of some cases; those that nobody was told about are absent.

        Locks: their rows, new ones too, in their order, until the transaction ends: nothing is told by two at once.
        """
        await self._conn.execute(_BEGIN, list(case_ids))
        rows = await self._conn.fetch(
            "SELECT case_id, version, status, supplements, is_decided, due_on FROM told_cases "
            "WHERE case_id = ANY ($1::uuid[]) ORDER BY case_id FOR UPDATE",
            list(case_ids),
        )
        return {
            row["case_id"]: Told(row["version"], row["status"], row["supplements"], row["is_decided"], row["due_on"])
            for row in rows
            if row["version"] > 0
        }

    async def keep(self, told: Mapping[UUID, Told]) -> None:
        """Remembers what was told; an older version changes nothing."""
        rows = [
            (case_id, one.version, one.status, one.supplements, one.is_decided, one.due_on)
            for case_id, one in sorted(told.items())
        ]
        await self._conn.executemany(_TELL, rows)
