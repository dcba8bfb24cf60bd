"""Cases with their applicants. Personal data is sealed on the way in and opened on the way out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.cases.domain import Applicant, Case, CaseStatus
from casework.cases.repository.rows import case_of, context_of, values_of
from casework.cases.repository.statements import (
    ALWAYS,
    BY_NUMBER,
    FIND,
    INDEX_CONTEXT,
    OWN,
    SEALED,
    OnceKey,
    Written,
    add_statement,
    chosen,
)
from casework.cases.repository.states import CaseStates
from common.audit import AuditEntry
from common.crypto import FieldCipher
from common.db import Connection
from common.directory import find_crossed
from common.events import Event
from common.uow import told


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it stands in the table, opened.

    Attributes:
        case: its state.
        applicant: in clear; only a disclosure lets it out unmasked.
        item_name: of the item.
        duty_label: of the duty.
        calendar_version: that holds now; None where it was not asked for.
        holder_place: the division of the holder, or who took it over; "" where it was not asked for.
        offered_place: the same of whom it is offered to.
    """

    case: Case
    applicant: Applicant
    item_name: str
    duty_label: str
    calendar_version: UUID | None = None
    holder_place: str = ""
    offered_place: str | None = None


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


class Cases(CaseStates):
    """The cases of one connection with their applicants."""

    def __init__(self, conn: Connection, cipher: FieldCipher) -> None:
        super().__init__(conn)
        self._cipher = cipher

    async def add(
        self, case: Case, applicant: Applicant, *, audit: AuditEntry, topic: str, event: Event, once: OnceKey | None
    ) -> Written:
        """Writes a new case, its audit entry and its event in one statement.

        Locks: waits for a transaction under way with the same `once`.
        """
        once = once or ALWAYS
        row = await self._conn.fetchrow(
            add_statement(once.sql, len(once.values) + 1),
            *once.values,
            *self._added(case, applicant),
            *told(audit, topic, event),
        )
        return Written(row["is_first"], row["is_done"])

    async def find(self, case_id: UUID, *, bounds: tuple[str, str]) -> StoredCase | None:
        """One case within a scope; a retired division lies where its heir of today does. Source: ADR 0014."""
        row = await self._conn.fetchrow(FIND, case_id, *bounds)
        if row is None:
            return None
        now = {name: row[name] for name in ("calendar_version", "holder_place", "offered_place")}
        return replace(self._stored(row), **now)

    async def find_by_number(self, case_number: str, *, identifier: str) -> StoredCase | None:
        """One case of one applicant, wherever it is; whichever of the two is wrong, the same is read: nothing."""
        row = await self._conn.fetchrow(BY_NUMBER, case_number, list(self.search_indexes(identifier)))
        return None if row is None else self._stored(row)

    async def page(
        self, wanted: CaseFilter, *, after: tuple[datetime, UUID] | None, limit: int, newest_first: bool
    ) -> list[StoredCase]:
        """Cases in order of (registered_at, id), after a position.

        Those that somebody of the scope took over are among them, those that somebody else took over are not; the
        further subtree is no matter of rights and holds both. Source: ADR 0014.
        """
        inherited, lost = await find_crossed(self._conn, wanted.bounds)
        further = [] if wanted.within is None else [(wanted.within, (await find_crossed(self._conn, wanted.within))[0])]
        conditions, values = conditions_of(wanted, [(wanted.bounds, inherited), *further], lost)
        if after is not None:
            places = f"${len(values) + 1}, ${len(values) + 2}"
            conditions.append(f"(c.registered_at, c.id) {'<' if newest_first else '>'} ({places})")
            values.extend(after)
        direction = "DESC" if newest_first else "ASC"
        order = f"c.registered_at {direction}, c.id {direction}"
        rows = await self._conn.fetch(chosen(" AND ".join(conditions), order, limit), *values)
        return [self._stored(row) for row in rows]

    def search_indexes(self, identifier: str) -> tuple[bytes, ...]:
        """What the applicant's number looks like in the table, under every key."""
        return tuple(self._cipher.blind_indexes(identifier, context=INDEX_CONTEXT))

    def _added(self, case: Case, applicant: Applicant) -> list[Any]:
        """The values of `ADDED`: the case's, then the applicant's, sealed."""
        fields = (applicant.name, applicant.identifier, applicant.phone)
        sealed = [
            None if value is None else self._cipher.encrypt(value, context=context_of(name, case.id))
            for name, value in zip(SEALED, fields, strict=True)
        ]
        index = self._cipher.blind_index(applicant.identifier, context=INDEX_CONTEXT)
        return [*values_of(case, OWN), *sealed, index]

    def _stored(self, row: Any) -> StoredCase:
        case = case_of(row)
        name, identifier, phone = (
            None if row[column] is None else self._cipher.decrypt(row[column], context=context_of(column, case.id))
            for column in SEALED
        )
        applicant = Applicant(kind=case.applicant_kind, name=name or "", identifier=identifier or "", phone=phone)
        return StoredCase(case, applicant, row["item_name"], row["duty_label"])


def conditions_of(
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
