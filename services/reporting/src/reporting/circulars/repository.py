"""All SQL of circulars beside the store of records."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, between, cast, delete, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_bounds
from common.contracts import record_of
from common.contracts.reporting.circulars import CircularState
from common.divisions import ancestors_of, subtree_range
from reporting.circulars.models import DocumentRow, MarkRow, NumberRow, SeriesRow, SnapshotRow
from reporting.orm import StoredRecord

_CHILDREN = text("""
SELECT DISTINCT ON (code) code, name FROM directory_divisions
WHERE parent_code = :scope AND kind <> 'filler' AND valid_from <= :on AND (valid_to IS NULL OR valid_to > :on)
ORDER BY code, valid_from DESC
""")
_NAME = text("""
SELECT name FROM directory_divisions WHERE code = :code AND kind <> 'filler' AND valid_from <= :on
ORDER BY valid_from DESC LIMIT 1
""")
_RECORD = record_of(CircularState).name


class Circulars:
    """Snapshots, documents and numbers; and which circulars somebody may see."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def children(self, scope: str, on: date) -> list[tuple[str, str]]:
        """(code, name) of the divisions directly below, as they were on a day."""
        rows = await self._session.execute(_CHILDREN, {"scope": scope, "on": on})
        return [(row.code, row.name) for row in rows]

    async def name(self, code: str, on: date) -> str | None:
        """What a division was called on a day."""
        return await self._session.scalar(_NAME, {"code": code, "on": on})  # type: ignore[no-any-return]

    async def add_snapshot(
        self, snapshot_id: UUID, circular_id: UUID, *, taken_at: datetime, digest: str, content: bytes
    ) -> None:
        """Keeps a frozen snapshot."""
        values = {
            "id": snapshot_id,
            "circular_id": circular_id,
            "taken_at": taken_at,
            "digest": digest,
            "content": content,
        }
        await self._session.execute(insert(SnapshotRow).values(**values))

    async def snapshot(self, snapshot_id: UUID) -> bytes:
        """A frozen snapshot in its canonical form."""
        query = select(SnapshotRow.content).where(SnapshotRow.id == snapshot_id)
        return bytes((await self._session.execute(query)).scalar_one())

    async def add_document(self, circular_id: UUID, content: bytes) -> None:
        """Keeps the official document."""
        await self._session.execute(insert(DocumentRow).values(circular_id=circular_id, content=content))

    async def document(self, circular_id: UUID) -> bytes:
        """The official document."""
        query = select(DocumentRow.content).where(DocumentRow.circular_id == circular_id)
        return bytes((await self._session.execute(query)).scalar_one())

    async def mark(self, mark: str) -> MarkRow | None:
        """Whose a mark is, and under which name of an issuer."""
        return await self._session.get(MarkRow, mark, populate_existing=True)

    async def marks(self, division: str) -> list[MarkRow]:
        """The marks of a subtree, by their texts."""
        query = select(MarkRow).where(between(MarkRow.division, *subtree_range(division))).order_by(MarkRow.mark)
        return list(await self._session.scalars(query))

    async def claim_mark(self, mark: str, division: str, issuer: str) -> None:
        """Enters a mark that is nobody's yet."""
        new = insert(MarkRow).values(mark=mark, division=division, issuer=issuer)
        await self._session.execute(new.on_conflict_do_nothing())

    async def enter_mark(self, mark: str, division: str, issuer: str) -> None:
        """Makes a mark this office's, whosever it was."""
        new = insert(MarkRow).values(mark=mark, division=division, issuer=issuer)
        whose = {"division": division, "issuer": issuer}
        await self._session.execute(new.on_conflict_do_update(index_elements=["mark"], set_=whose))

    async def release_mark(self, mark: str) -> bool:
        """Makes a mark nobody's; its numbers stay given. False where it was nobody's."""
        gone = await self._session.scalar(delete(MarkRow).where(MarkRow.mark == mark).returning(MarkRow.mark))
        return gone is not None

    async def take_number(self, mark: str, year: int, circular_id: UUID, *, wanted: int | None) -> int | None:
        """The wanted number, or the next one of the year; None when the wanted one was given before.

        Locks: the series until the transaction ends.
        """
        await self._session.execute(insert(SeriesRow).values(mark=mark, year=year, highest=0).on_conflict_do_nothing())
        query = select(SeriesRow).where(SeriesRow.mark == mark, SeriesRow.year == year).with_for_update()
        series = (await self._session.execute(query)).scalar_one()
        sequence = series.highest + 1 if wanted is None else wanted
        given = insert(NumberRow).values(mark=mark, year=year, sequence=sequence, circular_id=circular_id)
        added = given.on_conflict_do_nothing(index_elements=["mark", "year", "sequence"]).returning(NumberRow.sequence)
        if await self._session.scalar(added) is None:
            return None
        series.highest = max(series.highest, sequence)
        await self._session.flush()
        return sequence

    async def find_seen(self, circular_id: UUID, actor: Actor) -> CircularState | None:
        """The circular, if the actor may see it."""
        query = _states().where(StoredRecord.id == circular_id, _seen_by(actor))
        return _state(await self._session.scalar(query))

    async def list_seen(
        self, actor: Actor, *, statuses: Sequence[str], after: UUID | None, limit: int
    ) -> list[CircularState]:
        """Circulars that the actor may see, the oldest first."""
        return await self._page(_seen_by(actor), statuses, after, limit)

    async def list_public(self, *, after: UUID | None, limit: int) -> list[CircularState]:
        """Published circulars that everybody may read, with those that were withdrawn since."""
        return await self._page(_is_public(), (), after, limit)

    async def find_public(self, circular_id: UUID) -> CircularState | None:
        """One of these."""
        return _state(await self._session.scalar(_states().where(StoredRecord.id == circular_id, _is_public())))

    async def _page(
        self, condition: Any, statuses: Sequence[str], after: UUID | None, limit: int
    ) -> list[CircularState]:
        query = _states().where(condition).order_by(StoredRecord.id).limit(limit)
        if statuses:
            query = query.where(StoredRecord.status.in_(statuses))
        if after is not None:
            query = query.where(StoredRecord.id > after)
        return [CircularState.model_validate_json(found) for found in await self._session.scalars(query)]


def _states() -> Any:
    return select(cast(StoredRecord.state, Text)).where(StoredRecord.record == _RECORD)


def _state(found: str | None) -> CircularState | None:
    return None if found is None else CircularState.model_validate_json(found)


def _was_published() -> Any:
    return StoredRecord.state["published"].astext.is_not(None)


def _is_public() -> Any:
    return and_(StoredRecord.state.contains({"is_public": True}), _was_published())


def _seen_by(actor: Actor) -> Any:
    """Its own office's always; a published one of the levels below, or whose scope the actor lies in.

    What is secret is not shown to anybody else. Source: S5, O6.3b; standards.md §9 (GB/T 9704-2012).
    """
    if not actor.division:
        return StoredRecord.id.is_(None)
    places = [actor.division, *ancestors_of(actor.division)]
    within = or_(between(StoredRecord.division, *scope_bounds(actor)), StoredRecord.state["scope"].astext.in_(places))
    is_open = StoredRecord.state["words"]["secrecy"].astext.is_(None)
    return or_(StoredRecord.division == actor.division, and_(_was_published(), is_open, within))
