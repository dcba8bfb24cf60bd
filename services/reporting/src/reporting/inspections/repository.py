"""All SQL of inspections that the store of records does not have: frames, and who may know of an inspection."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, between, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from common.auth import Actor, scope_bounds
from common.contracts.reporting.inspections import InspectionState, OfficeKind
from common.db import Connection
from common.divisions import ancestors_of, subtree_range
from reporting.inspections.domain import FrameOffice
from reporting.orm import StoredRecord

_OFFICES = """
SELECT id, division, kind, name FROM directory_offices
WHERE status = 'operating' AND kind = ANY($1::text[]) AND division <> $2
  AND EXISTS (SELECT FROM unnest($3::text[], $4::text[]) AS root (low, high)
              WHERE division BETWEEN root.low AND root.high)
ORDER BY id
"""
_FRAME = """
SELECT office_id, division, kind, name, stratum FROM inspection_frames
WHERE inspection_id = $1 AND office_id > $2 ORDER BY office_id LIMIT $3
"""
_COLUMNS = ("inspection_id", "office_id", "division", "kind", "name", "stratum")
_FIRST = UUID(int=0)


class Frames:
    """Frames of samples on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def operating(
        self, *, organiser: str, roots: Sequence[str], kinds: Sequence[OfficeKind]
    ) -> list[tuple[UUID, str, OfficeKind, str]]:
        """Offices that operate today below some roots, without the organiser's own: (id, division, kind, name)."""
        bounds = [subtree_range(root) for root in roots]
        rows = await self._conn.fetch(
            _OFFICES, list(kinds), organiser, [low for low, _ in bounds], [high for _, high in bounds]
        )
        return [(row["id"], row["division"], row["kind"], row["name"]) for row in rows]

    async def freeze(self, inspection_id: UUID, frame: Sequence[FrameOffice]) -> None:
        """Writes a frame."""
        rows = [(inspection_id, one.office_id, one.division, one.kind, one.name, one.stratum) for one in frame]
        await self._conn.copy_records_to_table("inspection_frames", records=rows, columns=list(_COLUMNS))

    async def page(
        self, inspection_id: UUID, *, after: UUID | None = None, limit: int | None = None
    ) -> list[FrameOffice]:
        """A frame in the order of ids."""
        rows = await self._conn.fetch(_FRAME, inspection_id, after or _FIRST, limit)
        return [FrameOffice(**dict(row)) for row in rows]


class Inspections:
    """Inspections as far as somebody may know of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, inspection_id: UUID, *, actor: Actor) -> InspectionState | None:
        """One inspection."""
        found = await self._session.scalar(_query(actor).where(StoredRecord.id == inspection_id))
        return None if found is None else InspectionState.model_validate_json(found)

    async def page(self, *, actor: Actor, status: str | None, after: UUID | None, limit: int) -> list[InspectionState]:
        """Inspections in the order of their making."""
        query = _query(actor)
        if status is not None:
            query = query.where(StoredRecord.status == status)
        if after is not None:
            query = query.where(StoredRecord.id > after)
        rows = await self._session.scalars(query.order_by(StoredRecord.id).limit(limit))
        return [InspectionState.model_validate_json(row) for row in rows]


def _query(actor: Actor) -> Any:
    """Those of the actor's subtree, those announced to it, visited in it, or published to it. Source: S5."""
    low, high = scope_bounds(actor)
    above = [actor.division, *ancestors_of(actor.division)] if actor.division else []
    visit = aliased(StoredRecord)
    visited = (
        select(visit.id)
        .where(
            visit.record == "reporting.inspection-visit",
            between(visit.division, low, high),
            visit.state["inspection_id"].astext == cast(StoredRecord.id, Text),
        )
        .exists()
    )
    in_scope = or_(*(StoredRecord.state.contains({"scope": [code]}) for code in above))
    published = or_(*(StoredRecord.state.contains({"publication": {"scope": [code]}}) for code in above))
    announced = and_(
        StoredRecord.state.contains({"is_announced": True}),
        StoredRecord.status.in_(("drawn", "under_way", "concluded")),
        in_scope,
    )
    seen: ColumnElement[bool] = or_(between(StoredRecord.division, low, high), visited, announced, published)
    return select(cast(StoredRecord.state, Text)).where(StoredRecord.record == "reporting.inspection", seen)
