"""All SQL of what the public does itself, beside that of cases and records."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from casework.online.domain import Told
from common.db import Connection

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
