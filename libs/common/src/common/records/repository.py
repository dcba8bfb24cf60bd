"""All SQL of records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CHAR, ColumnElement, Text, between, cast, column, false, func, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from common.audit import AuditEntry
from common.auth import Actor, scope_bounds
from common.contracts import record_of
from common.contracts.record import StoredState
from common.db import Connection
from common.divisions import subtree_range
from common.events import Event
from common.records.tables import StoredRecord
from common.uow import telling, told

S = TypeVar("S", bound=StoredState)
_MIRRORED = ("case_id", "status", "holder", "due_on")
_HEIRS = table("directory_heirs", column("code", CHAR(12, collation="C")), column("heir", CHAR(12, collation="C")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records a list shows.

    Args:
        within: of offices in this division and below.
        case_id: of this case.
        statuses: in one of these.
        holder: held by this account.
        due_before: due before this day.
        equal: members of the state that have these values, `{"year": 2026}`.
        one_of: members of the state that have one of these values each.
        unlike: members that must not have these values; of a list, must not hold them.
        subject_indexes: about whom; blind indexes under every key.
    """

    within: str | None = None
    case_id: UUID | None = None
    statuses: tuple[str, ...] = ()
    holder: str | None = None
    due_before: date | None = None
    equal: tuple[tuple[str, Any], ...] = ()
    one_of: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    unlike: tuple[tuple[str, Any], ...] = ()
    subject_indexes: tuple[bytes, ...] | None = None


class Records:
    """Records as they stand."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, model: type[S], record_id: UUID, *, actor: Actor | None, lock: bool = False) -> S | None:
        """The record; with an actor, only within the actor's subtree."""
        query = select(cast(StoredRecord.state, Text)).where(
            StoredRecord.id == record_id, StoredRecord.record == record_of(model).name, *_seen_by(actor)
        )
        found = await self._session.scalar(query.with_for_update() if lock else query)
        return None if found is None else model.model_validate_json(found)

    async def sealed(self, record_id: UUID) -> bytes | None:
        """What is sealed beside a record."""
        sealed: bytes | None = await self._session.scalar(
            select(StoredRecord.sealed).where(StoredRecord.id == record_id)
        )
        return sealed

    async def page(
        self, model: type[S], wanted: Wanted, *, actor: Actor | None, after: UUID | None, limit: int | None
    ) -> list[S]:
        """Records of one kind in the order of their ids, which is the order of their making."""
        conditions = _conditions(model, wanted, actor)
        if after is not None:
            conditions.append(StoredRecord.id > after)
        query = select(cast(StoredRecord.state, Text)).where(*conditions).order_by(StoredRecord.id).limit(limit)
        return [model.model_validate_json(state) for state in await self._session.scalars(query)]

    async def count(self, model: type[S], wanted: Wanted, *, actor: Actor | None, by: Sequence[str]) -> dict[Any, int]:
        """How many there are, by the values of members of the state."""
        values = [StoredRecord.state[name].astext for name in by]
        query = select(*values, func.count()).where(*_conditions(model, wanted, actor)).group_by(*values)
        return {tuple(row[:-1]): row[-1] for row in (tuple(row) for row in await self._session.execute(query))}

    @staticmethod
    async def add_many(conn: Connection, new: Sequence[tuple[StoredState, bytes | None]]) -> set[UUID]:
        """Writes first versions with whom they are about, without a session; gives those that were not there."""
        added = set()
        for state, index in new:
            values = {**_values(state, state.model_dump_json()), "subject_index": index}
            names = ", ".join(values)
            places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
            if await conn.fetchval(
                f"INSERT INTO records ({names}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING true",  # noqa: S608
                *values.values(),
            ):
                added.add(state.id)
        return added

    @staticmethod
    async def subjects(conn: Connection, model: type[StoredState], ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """About whom records of one kind are, as far as that is known."""
        rows = await conn.fetch(
            "SELECT id, subject_index FROM records "
            "WHERE id = ANY ($1::uuid[]) AND record = $2 AND subject_index IS NOT NULL",
            list(ids),
            record_of(model).name,
        )
        return {row["id"]: bytes(row["subject_index"]) for row in rows}

    @staticmethod
    async def put(
        conn: Connection,
        state: StoredState,
        *,
        audit: AuditEntry,
        event: Event,
        sealed: bytes | None,
        subject_index: bytes | None,
    ) -> bool:
        """Writes the state that holds now, its audit entry and its event in one statement.

        False, and nothing written, if it does not follow what is there. None leaves what is sealed.
        """
        values = _values(state, event.data.decode())
        if sealed is not None:
            values["sealed"] = sealed
        if subject_index is not None:
            values["subject_index"] = subject_index
        statement = _put_statement(tuple(values), is_first=state.version == 1)
        topic = record_of(type(state)).topic
        return bool(await conn.fetchval(statement, *values.values(), *told(audit, topic, event)))


@lru_cache(maxsize=32)
def _put_statement(names: tuple[str, ...], *, is_first: bool) -> str:
    """Adds the first version of a record, or writes the next one; `id` and `version` are the first two names."""
    numbered = [(name, f"${number}") for number, name in enumerate(names, 1)]
    if is_first:
        write = (
            f"INSERT INTO records AS r ({', '.join(names)}) "  # noqa: S608 - constants
            f"VALUES ({', '.join(place for _, place in numbered)}) "
            "ON CONFLICT DO NOTHING"
        )
    else:
        sets = ", ".join(f"{name} = {place}" for name, place in numbered if name != "id")
        write = f"UPDATE records AS r SET {sets} WHERE r.id = $1 AND r.version = $2 - 1"  # noqa: S608 - constants
    rest = telling(len(names) + 1)
    return f"WITH written AS ({write} RETURNING r.id), {rest} SELECT EXISTS (SELECT FROM sent)"  # noqa: S608


def _seen_by(actor: Actor | None) -> list[ColumnElement[bool]]:
    """The actor's subtree; what a retired division left lies where its heir lies. Source: ADR 0014."""
    if actor is None:
        return []
    low, high = scope_bounds(actor)
    heir = select(_HEIRS.c.heir).where(_HEIRS.c.code == StoredRecord.division).scalar_subquery()
    return [
        _below(low, high),
        between(func.coalesce(heir, StoredRecord.division), low, high),
    ]


def _below(low: str, high: str) -> ColumnElement[bool]:
    """In a subtree, or left by a division whose heir lies in it. Source: ADR 0014."""
    inherited = StoredRecord.division.in_(select(_HEIRS.c.code).where(between(_HEIRS.c.heir, low, high)))
    return or_(between(StoredRecord.division, low, high), inherited)


def _conditions(model: type[S], wanted: Wanted, actor: Actor | None) -> list[ColumnElement[bool]]:
    conditions = [StoredRecord.record == record_of(model).name, *_seen_by(actor)]
    if wanted.within is not None:
        conditions.append(_below(*subtree_range(wanted.within)))
    if wanted.case_id is not None:
        conditions.append(StoredRecord.case_id == wanted.case_id)
    if wanted.statuses:
        conditions.append(StoredRecord.status.in_(wanted.statuses))
    if wanted.holder is not None:
        conditions.append(StoredRecord.holder == wanted.holder)
    if wanted.due_before is not None:
        conditions.append(StoredRecord.due_on < wanted.due_before)
    if wanted.equal:
        conditions.append(StoredRecord.state.contains(dict(wanted.equal)))
    for name, values in wanted.one_of:
        conditions.append(or_(false(), *(StoredRecord.state.contains({name: value}) for value in values)))
    conditions.extend(~StoredRecord.state.contains({name: value}) for name, value in wanted.unlike)
    if wanted.subject_indexes is not None:
        conditions.append(StoredRecord.subject_index.in_(wanted.subject_indexes))
    return conditions


def _values(state: StoredState, document: str) -> dict[str, Any]:
    """The columns of a state, `document` being the same as JSON."""
    return {
        "id": state.id,
        "version": state.version,
        "record": record_of(type(state)).name,
        "division": state.division,
        "office_id": state.office_id,
        "changed_at": state.changed_at,
        "state": document,
        **{name: getattr(state, name) for name in _MIRRORED if name in type(state).model_fields},
    }
