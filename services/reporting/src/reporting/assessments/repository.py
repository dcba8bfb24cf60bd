"""SQL of assessments: who may know a round, whose result is whose, and the window service's ledger beside ours."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_bounds, scope_clause
from common.contracts.casework.accountability import LedgerEntryState
from common.contracts.reporting.assessments import AssessmentResultState, AssessmentState
from common.db import Connection
from common.divisions import ancestors_of
from reporting.orm import StoredRecord

_KEEP = """
INSERT INTO casework_ledger AS known (id, version, division, year, state)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[])
ON CONFLICT (id) DO UPDATE
SET version = excluded.version, division = excluded.division, year = excluded.year, state = excluded.state
WHERE excluded.version > known.version
"""
_OF_OFFICE = "division = $1 AND division BETWEEN $2 AND $3 AND year = $4"
_PAGE = f"""
SELECT state FROM casework_ledger WHERE {_OF_OFFICE} AND ($5::uuid IS NULL OR id > $5) ORDER BY id LIMIT $6
"""  # noqa: S608 - constants
_POINTS = f"""
SELECT coalesce(sum((state::jsonb ->> 'points')::int), 0)::int FROM casework_ledger WHERE {_OF_OFFICE}
"""  # noqa: S608


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

    async def page(
        self, *, actor: Actor, division: str, year: int, after: UUID | None, limit: int
    ) -> list[LedgerEntryState]:
        """Entries of one division itself in a year, if it lies in the actor's subtree, in the order of their ids."""
        rows = await self._conn.fetch(_PAGE, division, *scope_bounds(actor), year, after, limit)
        return [LedgerEntryState.model_validate_json(row["state"]) for row in rows]

    async def points(self, *, actor: Actor, division: str, year: int) -> int:
        """The sum of the points of all of them."""
        found: int = await self._conn.fetchval(_POINTS, division, *scope_bounds(actor), year)
        return found


class Assessments:
    """Rounds and results as far as somebody may know them, where the subtree alone does not say it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_round(self, assessment_id: UUID, *, actor: Actor) -> AssessmentState | None:
        """A round of the actor's subtree, or one that the actor's division is in the scope of."""
        above = [actor.division, *ancestors_of(actor.division)] if actor.division else []
        found = await self._session.scalar(
            _state("reporting.assessment", assessment_id).where(
                or_(scope_clause(StoredRecord.division, actor), StoredRecord.state["scope"].astext.in_(above))
            )
        )
        return None if found is None else AssessmentState.model_validate_json(found)

    async def find_own(self, result_id: UUID, *, account: str) -> AssessmentResultState | None:
        """The result of a person, by the account."""
        found = await self._session.scalar(
            _state("reporting.assessment-result", result_id).where(StoredRecord.state["account"].astext == account)
        )
        return None if found is None else AssessmentResultState.model_validate_json(found)


def _state(record: str, record_id: UUID) -> Any:
    return select(cast(StoredRecord.state, Text)).where(StoredRecord.record == record, StoredRecord.id == record_id)
