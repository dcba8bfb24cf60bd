"""SQL of the window service's ledger, kept beside ours."""

from collections.abc import Sequence

from common.auth import Actor, scope_bounds
from common.contracts.casework.accountability import LedgerEntryState
from common.db import Connection
from common.divisions import subtree_range

_KEEP = """
INSERT INTO casework_ledger AS known (id, version, division, year, state)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[])
ON CONFLICT (id) DO UPDATE
SET version = excluded.version, division = excluded.division, year = excluded.year, state = excluded.state
WHERE excluded.version > known.version
"""
_LIST = """
SELECT state FROM casework_ledger
WHERE division BETWEEN $1 AND $2 AND division BETWEEN $3 AND $4 AND ($5::int IS NULL OR year = $5)
ORDER BY id LIMIT $6
"""


class CaseworkLedger:
    """What casework has entered, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def keep(self, entries: Sequence[LedgerEntryState]) -> None:
        """Keeps the newest version of each entry, in the order of ids."""
        newest = {one.id: one for one in sorted(entries, key=lambda one: one.version)}
        rows = [newest[key] for key in sorted(newest)]
        await self._conn.execute(
            _KEEP,
            [one.id for one in rows],
            [one.version for one in rows],
            [one.division for one in rows],
            [one.year for one in rows],
            [one.model_dump_json() for one in rows],
        )

    async def page(self, *, actor: Actor, division: str, year: int | None, limit: int) -> list[LedgerEntryState]:
        """Entries of a division and below, within the actor's subtree, the oldest first."""
        rows = await self._conn.fetch(_LIST, *subtree_range(division), *scope_bounds(actor), year, limit)
        return [LedgerEntryState.model_validate_json(row["state"]) for row in rows]
