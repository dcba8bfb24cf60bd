"""All SQL of changes of divisions."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import between, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry import DivisionChangeState
from common.divisions import subtree_range
from registry.division_changes.domain import ChangeKind
from registry.division_changes.models import DivisionChange

_ONE_AT_A_TIME = 7_906_001
"""Key of the lock that puts changes of the tree into a line."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes a list shows.

    Args:
        within: only those inside this division.
    """

    kind: ChangeKind | None = None
    within: str | None = None


class DivisionChanges:
    """Changes of divisions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wait_turn(self) -> None:
        """Nobody else changes the tree until the transaction ends."""
        await self._session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))

    def add(self, state: DivisionChangeState) -> None:
        """Takes in a change; written when the unit of work flushes."""
        self._session.add(
            DivisionChange(
                id=state.id,
                kind=state.kind,
                division=state.division,
                effective_on=state.effective_on,
                document=state.document,
                state=state.model_dump(mode="json"),
            )
        )

    async def find(self, change_id: UUID) -> DivisionChange | None:
        """One change."""
        return await self._session.get(DivisionChange, change_id)

    async def page(self, wanted: ChangeFilter, *, after: UUID | None, limit: int) -> list[DivisionChange]:
        """Up to `limit` changes, the latest entered first, beyond the id `after`."""
        table = DivisionChange
        query = select(table)
        if wanted.kind is not None:
            query = query.where(table.kind == wanted.kind.value)
        if wanted.within is not None:
            query = query.where(between(table.division, *subtree_range(wanted.within)))
        if after is not None:
            query = query.where(table.id < after)
        return list(await self._session.scalars(query.order_by(table.id.desc()).limit(limit)))
