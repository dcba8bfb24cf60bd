"""All SQL of cases, raw: this is the hot path. Personal data is sealed on the way in and opened on the way out.

One statement claims the request's key, writes the row, its audit entry and its event; the outbox id is drawn while the
row's lock is held, because the insert into the outbox reads the written row. Source: ADR 0002, ADR 0004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from casework.cases.domain import Applicant, ApplicantKind, Case, CaseStatus, ClosingResult
from casework.items.service import item_lookup, item_names
from common.audit import AUDIT_INSERT, AuditEntry
from common.crypto import FieldCipher
from common.db import Connection
from common.directory import OPERATING_OFFICE, WITHIN
from common.divisions import Level
from common.events import Event
from common.outbox import INSERT_ONE, row_of

INDEX_CONTEXT = "casework.case.applicant_identifier"

_STATE = (
    "id", "version", "division", "level", "office_id", "item_code", "duty", "applicant_kind", "status",
    "registered_at", "accepted_at", "refused_at", "withdrawn_at", "closed_at", "closing_result", "reason",
    "handled_by",
)  # fmt: skip
_SEALED = ("applicant_name", "applicant_identifier", "applicant_phone")
_CHANGING = (
    "version", "status", "accepted_at", "refused_at", "withdrawn_at", "closed_at", "closing_result", "reason",
    "handled_by",
)  # fmt: skip
_AUDIT_TYPES = ("text", "char(12)", "text", "text", "text", "char(12)", "text", "text")
_OUTBOX_TYPES = (
    "text", "uuid", "text", "text", "text", "timestamptz", "char(12)", "text", "integer", "text", "text", "text",
)  # fmt: skip


def _parameters(first: int, types: Sequence[str]) -> str:
    return ", ".join(f"${number}::{kind}" for number, kind in enumerate(types, first))


_CASE_TYPES: dict[str, str] = {
    "id": "uuid", "version": "integer", "division": "char(12)", "level": "text", "office_id": "uuid",
    "item_code": "text", "duty": "text", "applicant_kind": "text", "status": "text", "registered_at": "timestamptz",
    "accepted_at": "timestamptz", "refused_at": "timestamptz", "withdrawn_at": "timestamptz",
    "closed_at": "timestamptz", "closing_result": "text", "reason": "text", "handled_by": "text",
    "applicant_name": "bytea", "applicant_identifier": "bytea", "applicant_phone": "bytea", "applicant_index": "bytea",
}  # fmt: skip
_INSERTED = (*_STATE, *_SEALED, "applicant_index")


@dataclass(frozen=True, slots=True)
class OnceKey:
    """What keeps a request from being done twice: a row that can be inserted once only.

    Attributes:
        sql: an insert with parameters from $1 that returns a row the first time and none afterwards.
        values: of its parameters.
    """

    sql: str
    values: tuple[Any, ...]


ALWAYS = OnceKey("SELECT 1", ())
"""For callers that cannot repeat themselves."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing statement has done.

    Attributes:
        is_first: False if the request was done before; nothing was written then.
        is_done: False if the row was no longer as the caller saw it; the transaction must be rolled back then.
    """

    is_first: bool
    is_done: bool


def _statement(once: str, write: str, first: int) -> str:
    """Claims the request's key, writes the row, its audit entry and its event; each step feeds the next."""
    audit = _parameters(first, _AUDIT_TYPES)
    event = _parameters(first + len(_AUDIT_TYPES), _OUTBOX_TYPES)
    return (
        f"WITH claimed AS ({once}), written AS ({write} RETURNING c.id), "  # noqa: S608 - constants
        f"audited AS ({AUDIT_INSERT} SELECT {audit} FROM written), "
        f"sent AS ({INSERT_ONE} SELECT {event} FROM written RETURNING 1) "
        "SELECT EXISTS (SELECT FROM claimed) AS is_first, EXISTS (SELECT FROM sent) AS is_done"
    )


@lru_cache(maxsize=8)
def _add_statement(once: str, first: int) -> str:
    values = _parameters(first, [_CASE_TYPES[name] for name in _INSERTED])
    write = f"INSERT INTO cases AS c ({', '.join(_INSERTED)}) SELECT {values} FROM claimed"  # noqa: S608 - constants
    return _statement(once, write, first + len(_INSERTED))


@lru_cache(maxsize=8)
def _change_statement(once: str, first: int) -> str:
    sets = ", ".join(f"{name} = ${number}::{_CASE_TYPES[name]}" for number, name in enumerate(_CHANGING, first + 4))
    write = (
        f"UPDATE cases c SET {sets} FROM claimed WHERE c.id = ${first} AND c.version = ${first + 1} "  # noqa: S608
        f"AND {WITHIN.format(column='c.division', low=f'${first + 2}', high=f'${first + 3}')}"
    )
    return _statement(once, write, first + 4 + len(_CHANGING))


_NAMES = item_names(code="c.item_code")
_SELECT = (
    f"SELECT {', '.join('c.' + name for name in (*_STATE, *_SEALED))}, names.item_name, names.duty_label "  # noqa: S608
    f"FROM cases c LEFT JOIN LATERAL ({_NAMES}) AS names ON true "
)
_FIND = f"{_SELECT}WHERE c.id = $1 AND {WITHIN.format(column='c.division', low='$2', high='$3')}"
_ITEM = item_lookup(code="$3", day="$2")
_CROSSED = (
    "SELECT code, true AS is_ours FROM directory_heirs WHERE heir BETWEEN $1 AND $2 AND code NOT BETWEEN $1 AND $2 "
    "UNION ALL "
    "SELECT code, false FROM directory_heirs WHERE code BETWEEN $1 AND $2 AND heir NOT BETWEEN $1 AND $2"
)
_COUNTER = f"SELECT * FROM ({OPERATING_OFFICE}) AS office LEFT JOIN LATERAL ({_ITEM}) AS item ON true"  # noqa: S608


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it stands in the table, opened.

    Attributes:
        case: its state.
        applicant: in clear; only a disclosure lets it out unmasked.
        item_name: of the item.
        duty_label: of the duty.
    """

    case: Case
    applicant: Applicant
    item_name: str
    duty_label: str


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list holds.

    Attributes:
        bounds: the actor's scope; always part of the statement.
        within: bounds of a further subtree.
        status: exact.
        item_code: exact.
        indexes: blind indexes of an applicant's number, under every key.
    """

    bounds: tuple[str, str]
    within: tuple[str, str] | None = None
    status: CaseStatus | None = None
    item_code: str | None = None
    indexes: tuple[bytes, ...] | None = None


class Cases:
    """The cases of one connection."""

    def __init__(self, conn: Connection, cipher: FieldCipher) -> None:
        self._conn = conn
        self._cipher = cipher

    async def look_up(self, *, division: str, item_code: str, on: date) -> Any:
        """Office and item of a registration in one row, for `operating_office_of` and `item_of`."""
        return await self._conn.fetchrow(_COUNTER, division, on, item_code)

    async def add(
        self, case: Case, applicant: Applicant, *, audit: AuditEntry, topic: str, event: Event, once: OnceKey | None
    ) -> Written:
        """Writes a new case, its audit entry and its event in one statement.

        Locks: waits for a transaction under way with the same `once`.
        """
        once = once or ALWAYS
        row = await self._conn.fetchrow(
            _add_statement(once.sql, len(once.values) + 1),
            *once.values,
            *_values(case, _STATE),
            *self._sealed(case.id, applicant),
            self._cipher.blind_index(applicant.identifier, context=INDEX_CONTEXT),
            *_audit_values(audit),
            *row_of(topic, event),
        )
        return Written(row["is_first"], row["is_done"])

    async def change(
        self,
        case: Case,
        *,
        bounds: tuple[str, str],
        audit: AuditEntry,
        topic: str,
        event: Event,
        once: OnceKey | None,
    ) -> Written:
        """Writes the next version of a case, its audit entry and its event in one statement.

        Nothing is written unless the case is still at the version before `case.version`.

        Locks: the case's row until the end of the transaction; a second writer waits and then finds its version gone.
        """
        once = once or ALWAYS
        row = await self._conn.fetchrow(
            _change_statement(once.sql, len(once.values) + 1),
            *once.values,
            case.id,
            case.version - 1,
            *bounds,
            *_values(case, _CHANGING),
            *_audit_values(audit),
            *row_of(topic, event),
        )
        return Written(row["is_first"], row["is_done"])

    async def find(self, case_id: UUID, *, bounds: tuple[str, str]) -> StoredCase | None:
        """One case within a scope; a retired division lies where its heir of today does. Source: ADR 0014."""
        row = await self._conn.fetchrow(_FIND, case_id, *bounds)
        return None if row is None else self._stored(row)

    async def page(
        self, chosen: CaseFilter, *, after: tuple[datetime, UUID] | None, limit: int, newest_first: bool
    ) -> list[StoredCase]:
        """Cases in order of (registered_at, id), after a position.

        Those that somebody of the scope took over are among them, those that somebody else took over are not; the
        further subtree is no matter of rights and holds both. Source: ADR 0014.
        """
        inherited, lost = await self._crossed(chosen.bounds)
        further = [] if chosen.within is None else [(chosen.within, (await self._crossed(chosen.within))[0])]
        conditions, values = _conditions(chosen, [(chosen.bounds, inherited), *further], lost)
        if after is not None:
            places = f"${len(values) + 1}, ${len(values) + 2}"
            conditions.append(f"(c.registered_at, c.id) {'<' if newest_first else '>'} ({places})")
            values.extend(after)
        direction = "DESC" if newest_first else "ASC"
        order = f"ORDER BY c.registered_at {direction}, c.id {direction} LIMIT {int(limit)}"
        rows = await self._conn.fetch(f"{_SELECT}WHERE {' AND '.join(conditions)} {order}", *values)
        return [self._stored(row) for row in rows]

    async def _crossed(self, bounds: tuple[str, str]) -> tuple[list[str], list[str]]:
        """Retired divisions outside a subtree with heirs in it, and the reverse; almost always none."""
        rows = await self._conn.fetch(_CROSSED, *bounds)
        return [row["code"] for row in rows if row["is_ours"]], [row["code"] for row in rows if not row["is_ours"]]

    def search_indexes(self, identifier: str) -> tuple[bytes, ...]:
        """What the applicant's number looks like in the table, under every key."""
        return tuple(self._cipher.blind_indexes(identifier, context=INDEX_CONTEXT))

    def _sealed(self, case_id: UUID, applicant: Applicant) -> list[bytes | None]:
        fields = (applicant.name, applicant.identifier, applicant.phone)
        return [
            None if value is None else self._cipher.encrypt(value, context=_context(name, case_id))
            for name, value in zip(_SEALED, fields, strict=True)
        ]

    def _stored(self, row: Any) -> StoredCase:
        case = _case_of(row)
        name, identifier, phone = (
            None if row[column] is None else self._cipher.decrypt(row[column], context=_context(column, case.id))
            for column in _SEALED
        )
        applicant = Applicant(kind=case.applicant_kind, name=name or "", identifier=identifier or "", phone=phone)
        return StoredCase(case, applicant, row["item_name"], row["duty_label"])


def _conditions(
    chosen: CaseFilter, subtrees: Sequence[tuple[tuple[str, str], Sequence[str]]], lost: Sequence[str]
) -> tuple[list[str], list[Any]]:
    """The WHERE clause of a list and its values, scope first; each subtree with what it inherited."""
    conditions: list[str] = []
    values: list[Any] = []

    def holds(condition: str, *given: Any) -> None:
        conditions.append(condition.format(*(f"${len(values) + number}" for number in range(1, len(given) + 1))))
        values.extend(given)

    for (low, high), inherited in subtrees:
        if inherited:
            holds("(c.division BETWEEN {} AND {} OR c.division = ANY ({}::text[]))", low, high, list(inherited))
        elif low == high:
            # A village: with equality its index gives the rows in order, so that a page needs no sort.
            holds("c.division = {}", low)
        else:
            holds("c.division BETWEEN {} AND {}", low, high)
    if lost:
        holds("c.division <> ALL ({}::text[])", list(lost))
    if chosen.status is not None:
        # The open cases are the worklist; their partial index is usable only if the statement names the statuses.
        conditions.append(f"c.status = '{chosen.status.value}'")
    if chosen.item_code is not None:
        holds("c.item_code = {}", chosen.item_code)
    if chosen.indexes is not None:
        holds("c.applicant_index = ANY ({}::bytea[])", list(chosen.indexes))
    return conditions, values


def _context(column: str, case_id: UUID) -> str:
    return f"casework.case.{column}:{case_id}"


def _values(case: Case, columns: Sequence[str]) -> list[Any]:
    return [getattr(case, name) for name in columns]


def _audit_values(entry: AuditEntry) -> tuple[Any, ...]:
    return (
        entry.actor,
        entry.actor_division,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.division,
        entry.reason,
        entry.trace_id,
    )


def _case_of(row: Any) -> Case:
    values = {name: row[name] for name in _STATE}
    values["level"] = Level(row["level"])
    values["applicant_kind"] = ApplicantKind(row["applicant_kind"])
    values["status"] = CaseStatus(row["status"])
    values["closing_result"] = None if row["closing_result"] is None else ClosingResult(row["closing_result"])
    return Case(**values)
