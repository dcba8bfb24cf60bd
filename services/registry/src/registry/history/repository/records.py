"""All SQL of records and of their versions."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Text, between, cast, delete, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from common.auth import Actor, scope_clause
from common.contracts.model import EventData
from common.contracts.registry import OfficeState, record_of
from common.contracts.registry.record import RecordState
from common.divisions import Level, subtree_range
from registry.history.domain import Placement
from registry.history.models import JudgedDay, OfficeMark, RecordVersion, StoredRecord, WaitingOffice
from registry.history.repository.batches import values_of

S = TypeVar("S", bound=RecordState)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records a list shows.

    Args:
        office_id: of this office only.
        within: only of offices in this division and below.
        on: as they stood on this Beijing day; None as they stand now.
        equal: members of the state that have these values, `{"year": 2026}`.
        office_ids: of these offices only.
        at_first: `within` and the scope of an actor hold for the division that a record had at first.
    """

    office_id: UUID | None = None
    within: str | None = None
    on: date | None = None
    equal: tuple[tuple[str, Any], ...] = ()
    office_ids: tuple[UUID, ...] | None = None
    at_first: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """How many records there are, and what a member of theirs sums up to."""

    count: int
    amount: int


class Records:
    """Records as they stand, or stood on a day."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, model: type[S], record_id: UUID, *, actor: Actor | None = None) -> S | None:
        """The record; with an actor, only within the actor's subtree."""
        table = StoredRecord
        query = select(cast(table.state, Text)).where(table.id == record_id, table.record == record_of(model).name)
        if actor is not None:
            query = query.where(scope_clause(table.division, actor))
        found = await self._session.scalar(query)
        return None if found is None else model.model_validate_json(found)

    async def find_many(self, model: type[S], record_ids: Collection[UUID], *, actor: Actor | None) -> list[S]:
        """Some records by id; with an actor, only within the actor's subtree."""
        table = StoredRecord
        query = select(cast(table.state, Text)).where(table.id.in_(record_ids), table.record == record_of(model).name)
        if actor is not None:
            query = query.where(scope_clause(table.division, actor))
        return [model.model_validate_json(state) for state in await self._session.scalars(query.order_by(table.id))]

    async def find_for_change(self, model: type[S], record_id: UUID) -> S | None:
        """The record, locked until the transaction ends."""
        table = StoredRecord
        query = select(cast(table.state, Text)).where(table.id == record_id, table.record == record_of(model).name)
        found = await self._session.scalar(query.with_for_update())
        return None if found is None else model.model_validate_json(found)

    async def page(
        self,
        model: type[S],
        wanted: Wanted,
        *,
        actor: Actor | None = None,
        after: UUID | None = None,
        limit: int | None = None,
    ) -> list[S]:
        """Records of one kind in the order of their ids, beyond `after`; with an actor, only within the subtree."""
        table, conditions = _wanted(record_of(model).name, wanted, actor)
        if after is not None:
            conditions.append(table.id > after)
        query = select(cast(table.state, Text)).where(*conditions).order_by(table.id).limit(limit)
        return [model.model_validate_json(state) for state in await self._session.scalars(query)]

    async def totals(
        self, model: type[S], wanted: Wanted, *, by: Sequence[str], of: str, actor: Actor | None = None
    ) -> dict[tuple[str, ...], Total]:
        """How many records of one kind there are, and the sum of a member, by the values of other members."""
        table, conditions = _wanted(record_of(model).name, wanted, actor)
        values = [table.state[name].astext for name in by]
        amount = func.coalesce(func.sum(cast(table.state[of].astext, Numeric)), 0)
        query = select(*values, func.count(), amount).where(*conditions).group_by(*values).order_by(*values)
        rows = (tuple(row) for row in await self._session.execute(query))
        return {row[:-2]: Total(row[-2], int(row[-1])) for row in rows}

    async def offices(self, wanted: Wanted, *, on: date) -> list[OfficeState]:
        """The offices of a day, in the order of their divisions."""
        table, conditions = _wanted(record_of(OfficeState).name, replace(wanted, on=on), None)
        query = select(cast(table.state, Text)).where(*conditions).order_by(table.division, table.id)
        return [OfficeState.model_validate_json(state) for state in await self._session.scalars(query)]

    async def count_offices(self, wanted: Wanted, *, on: date, by: Sequence[str]) -> dict[tuple[str | None, ...], int]:
        """How many offices there were on a day, by the values of members of theirs."""
        table, conditions = _wanted(record_of(OfficeState).name, replace(wanted, on=on), None)
        values = [table.state[name].astext for name in by]
        rows = await self._session.execute(select(*values, func.count()).where(*conditions).group_by(*values))
        return {tuple(row[:-1]): row[-1] for row in (tuple(row) for row in rows)}

    async def holders(
        self,
        model: type[S],
        wanted: Wanted,
        *,
        on: date,
        equal: tuple[tuple[str, Any], ...],
        member: str,
        lacking: Sequence[str] | None,
        after: tuple[str, UUID] | None,
        limit: int,
    ) -> list[tuple[UUID, str, str, frozenset[str]]]:
        """(id, division, name, values) of the offices of a day, or of those that lack a value, by (division, id).

        The values are those of a member of the records that an office had that day and whose other members are `equal`.
        """
        office, held = aliased(RecordVersion), aliased(RecordVersion)
        value = held.state[member].astext
        found = func.coalesce(func.array_agg(value.distinct()), cast([], ARRAY(Text)), type_=ARRAY(Text))
        had = select(found.label("had")).where(
            held.office_id == office.id, *_held_on(held, model, on), held.state.contains(dict(equal))
        )
        values = had.lateral().c.had
        query = select(office.id, office.division, office.state["name"].astext, values).where(
            *_held_on(office, OfficeState, on),
            office.state.contains(dict(wanted.equal)),
        )
        if lacking is not None:
            query = query.where(~values.contains(cast(list(lacking), ARRAY(Text))))
        if wanted.within is not None:
            query = query.where(between(office.division, *subtree_range(wanted.within)))
        if after is not None:
            query = query.where(tuple_(office.division, office.id) > tuple_(*(literal(one) for one in after)))
        rows = await self._session.execute(query.order_by(office.division, office.id).limit(limit))
        return [(key, division, name, frozenset(had)) for key, division, name, had in rows]

    async def office_versions(self, office_id: UUID) -> list[tuple[OfficeState, datetime]]:
        """Every state that an office had and when it was written, the first one first."""
        table = RecordVersion
        query = select(cast(table.state, Text), table.recorded_at).where(
            table.id == office_id, table.record == record_of(OfficeState).name
        )
        rows = await self._session.execute(query.order_by(table.version))
        return [(OfficeState.model_validate_json(state), recorded_at) for state, recorded_at in rows]

    async def placements(self, office_ids: Collection[UUID]) -> dict[UUID, list[Placement]]:
        """Where some offices were, by office: one for each state, the earliest first; none of an unknown office."""
        table, found = RecordVersion, defaultdict[UUID, list[Placement]](list)
        query = select(table.id, table.effective_on, table.division, table.state["level"].astext).where(
            table.id.in_(office_ids), table.record == record_of(OfficeState).name
        )
        for office_id, day, division, level in await self._session.execute(query.order_by(table.id, table.version)):
            found[office_id].append(Placement(day, division, Level(level)))
        return found

    async def versions(self, model: type[S], record_id: UUID, *, actor: Actor | None = None) -> list[S]:
        """Every state that the record had, the first one first."""
        table = RecordVersion
        query = select(cast(table.state, Text)).where(table.id == record_id, table.record == record_of(model).name)
        if actor is not None:
            query = query.where(scope_clause(table.division, actor))
        return [
            model.model_validate_json(state) for state in await self._session.scalars(query.order_by(table.version))
        ]

    async def of_office(self, office_id: UUID, *, on: date, names: Collection[str]) -> list[tuple[str, str]]:
        """(record, state as JSON) of what an office had on a day, of the kinds asked for."""
        table = _as_of(on, None, office_id)
        query = select(table.record, cast(table.state, Text)).where(table.office_id == office_id)
        rows = await self._session.execute(query.where(table.record.in_(names)).order_by(table.id))
        return [(record, state) for record, state in rows]

    async def now_of_offices(self, office_ids: Sequence[UUID]) -> list[tuple[str, str]]:
        """(record, state as JSON) of the records that some offices have now, locked until the transaction ends."""
        table = StoredRecord
        query = select(table.record, cast(table.state, Text)).where(table.office_id.in_(office_ids))
        rows = await self._session.execute(query.order_by(table.id).with_for_update())
        return [(record, state) for record, state in rows]

    async def timeline(
        self, office_id: UUID, *, before: tuple[datetime, UUID, int] | None, limit: int, without: Collection[str] = ()
    ) -> list[RecordVersion]:
        """What was written of an office, the latest first, beyond the (recorded_at, id, version) `before`."""
        table = RecordVersion
        order = (table.recorded_at, table.id, table.version)
        query = select(table).where(table.office_id == office_id, table.record.not_in(without))
        if before is not None:
            query = query.where(tuple_(*order) < tuple_(*(literal(value) for value in before)))
        return list(await self._session.scalars(query.order_by(*(one.desc() for one in order)).limit(limit)))

    async def office_names(self, office_ids: Collection[UUID], *, on: date) -> dict[UUID, str]:
        """What some offices were called on a day; one that did not exist yet is left out."""
        table = RecordVersion
        names = select(table.id, table.state["name"].astext).ext(distinct_on(table.id))
        query = names.where(table.id.in_(office_ids), table.effective_on <= on)
        rows = await self._session.execute(query.order_by(table.id, table.version.desc()))
        return {row[0]: row[1] for row in rows}

    async def put(self, state: RecordState) -> bool:
        """Writes the state that holds now; False if it does not follow what is there."""
        values = values_of(state) | {"level": state.level.value, "state": state.model_dump(mode="json")}
        if state.version == 1:
            added = insert(StoredRecord).values(**values).on_conflict_do_nothing()
            return await self._session.scalar(added.returning(StoredRecord.id)) is not None
        follows = (StoredRecord.id == state.id) & (StoredRecord.version == state.version - 1)
        changed = update(StoredRecord).where(follows).values(**values, updated_at=func.now())
        return await self._session.scalar(changed.returning(StoredRecord.id)) is not None

    async def claim_day(self, day: date) -> bool:
        """True for the first who asks on a day; the others wait for its transaction."""
        claimed = insert(JudgedDay).values(day=day).on_conflict_do_nothing().returning(JudgedDay.day)
        return await self._session.scalar(claimed) is not None

    async def hold_judging(self, office_id: UUID) -> None:
        """Whoever works an office out does so after everybody who began before."""
        key = func.hashtextextended(f"readiness/{office_id}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def take_marks(self, limit: int) -> set[UUID]:
        """Offices of which something changed; whoever takes them works them out, or rolls back."""
        is_due = or_(OfficeMark.again_at.is_(None), OfficeMark.again_at <= func.now())
        due = select(OfficeMark.id).where(is_due)
        oldest = due.order_by(OfficeMark.id).limit(limit).with_for_update(skip_locked=True)
        taken = delete(OfficeMark).where(OfficeMark.id.in_(oldest)).returning(OfficeMark.office_id)
        return set(await self._session.scalars(taken))

    async def mark_again(self, office_ids: Collection[UUID], *, at: datetime) -> None:
        """Offices that could not be worked out: once each, and not before an instant."""
        waiting = delete(OfficeMark).where(OfficeMark.office_id.in_(office_ids), OfficeMark.again_at.is_not(None))
        await self._session.execute(waiting)
        await self._session.execute(
            insert(OfficeMark), [{"office_id": one, "again_at": at} for one in sorted(office_ids)]
        )

    async def tally(self, name: str, within: str, *, array: str, by: tuple[str, str]) -> dict[tuple[str, str], int]:
        """How many records have a member of an array with these values, by the values of two of its members."""
        table, members = StoredRecord, func.jsonb_array_elements(StoredRecord.state[array])
        one = select(members.label("member")).where(
            table.record == name, between(table.division, *subtree_range(within))
        )
        member = one.subquery().c.member
        values = [member.op("->>")(key) for key in by]
        rows = await self._session.execute(select(*values, func.count().label("records")).group_by(*values))
        return {(row[0], row[1]): row.records for row in rows}

    async def count_members(
        self, model: type[S], wanted: Wanted, *, array: str, actor: Actor | None = None
    ) -> dict[str, int]:
        """How many records of one kind have each value in an array of texts."""
        table, conditions = _wanted(record_of(model).name, wanted, actor)
        members = select(func.jsonb_array_elements_text(table.state[array]).label("member")).where(*conditions)
        member = members.subquery().c.member
        rows = await self._session.execute(select(member, func.count().label("records")).group_by(member))
        return {row.member: row.records for row in rows}

    async def let_owners_wait(self, name: str) -> None:
        """Puts every office that has a record of a kind into the line of those who wait, once."""
        owners = select(StoredRecord.office_id).where(StoredRecord.record == name).order_by(StoredRecord.office_id)
        waiting = insert(WaitingOffice).from_select(["office_id"], owners.distinct())
        await self._session.execute(waiting.on_conflict_do_nothing())

    async def take_waiting(self, limit: int) -> set[UUID]:
        """Offices that wait; whoever takes them works them out, or rolls back."""
        table = WaitingOffice.office_id
        first = select(table).order_by(table).limit(limit).with_for_update(skip_locked=True)
        return set(await self._session.scalars(delete(WaitingOffice).where(table.in_(first)).returning(table)))

    async def hold_judging_of_all(self, office_ids: Collection[UUID]) -> None:
        """The same as `hold_judging` for some offices, in the order in which everybody takes them."""
        for office_id in sorted(office_ids):
            await self.hold_judging(office_id)

    async def of_offices(
        self, office_ids: Collection[UUID], *, on: date, names: Collection[str]
    ) -> list[tuple[UUID, str, str]]:
        """(office, record, state as JSON) of what some offices had on a day, of the kinds asked for."""
        every = RecordVersion
        query = select(every).ext(distinct_on(every.id)).where(every.effective_on <= on)
        theirs = select(every.id).where(every.office_id.in_(office_ids))
        newest = query.where(every.id.in_(theirs)).order_by(every.id, every.version.desc()).subquery()
        table = aliased(every, newest)
        rows = await self._session.execute(
            select(table.office_id, table.record, cast(table.state, Text))
            .where(table.office_id.in_(office_ids), table.record.in_(names))
            .order_by(table.office_id, table.id)
        )
        return [(office_id, record, state) for office_id, record, state in rows]

    async def operating_since(self, office_ids: Collection[UUID], *, on: date) -> dict[UUID, date]:
        """The first day on which each office has been operating without a break up to a day; others lack."""
        table, name = RecordVersion, record_of(OfficeState).name
        other, status = aliased(RecordVersion), RecordVersion.state["status"].astext
        breaks = select(func.max(other.version)).where(
            other.id == table.id, other.effective_on <= on, other.state["status"].astext != "operating"
        )
        query = select(table.id, func.min(table.effective_on)).where(
            table.id.in_(office_ids), table.record == name, table.effective_on <= on, status == "operating",
            table.version > func.coalesce(breaks.scalar_subquery(), 0),
        )  # fmt: skip
        return {row[0]: row[1] for row in await self._session.execute(query.group_by(table.id))}


def _wanted(name: str, wanted: Wanted, actor: Actor | None) -> tuple[Any, list[ColumnElement[bool]]]:
    table = _as_of(wanted.on, name, wanted.office_id) if wanted.on else StoredRecord
    conditions: list[ColumnElement[bool]] = [table.record == name]
    division = _first_division(table) if wanted.at_first else table.division
    if actor is not None:
        conditions.append(scope_clause(division, actor))
    if wanted.office_id is not None:
        conditions.append(table.office_id == wanted.office_id)
    if wanted.office_ids is not None:
        conditions.append(table.office_id.in_(wanted.office_ids))
    if wanted.within is not None:
        conditions.append(between(division, *subtree_range(wanted.within)))
    if wanted.equal:
        conditions.append(table.state.contains(dict(wanted.equal)))
    return table, conditions


def _first_division(table: Any) -> Any:
    first = aliased(RecordVersion)
    return select(first.division).where(first.id == table.id, first.version == 1).scalar_subquery()


def _as_of(on: date, name: str | None, office_id: UUID | None) -> Any:
    """The versions that held on a day, one for each record: versions never hold from before the one they follow."""
    table = RecordVersion
    query = select(table).ext(distinct_on(table.id)).where(table.effective_on <= on)
    if name is not None:
        query = query.where(table.record == name)
    if office_id is not None:
        query = query.where(table.id.in_(select(table.id).where(table.office_id == office_id)))
    return aliased(table, query.order_by(table.id, table.version.desc()).subquery())


def _held_on(table: Any, model: type[EventData], on: date) -> list[ColumnElement[bool]]:
    """The same for a table that other conditions narrow first: no later version holds that day."""
    later = aliased(RecordVersion)
    follows = select(later.id).where(later.id == table.id, later.version > table.version, later.effective_on <= on)
    return [table.record == record_of(model).name, table.effective_on <= on, ~follows.exists()]
