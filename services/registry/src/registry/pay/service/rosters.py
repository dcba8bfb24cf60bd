"""Rosters of public employees: ID numbers become pseudonyms where the roster is, and go no further."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from common.auth import Actor
from common.clock import today
from common.contracts.registry.people import PublicEmployeeState
from common.divisions import Level
from common.errors import Rejected
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import store_record, store_records
from registry.offices.domain import Edge, OfficeKind
from registry.offices.service import hold_office, hold_owned
from registry.pay.domain import area_of, roster_entry_id
from registry.pay.errors import RosterEntryRefused, RosterOfficeRefused, RosterPeriodRefused
from registry.pay.repository import Facts, insert_checks, put_roster, roster_of
from registry.staff.domain import make_id_number, require_impersonal


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One person of a roster as handed in; `employed_to` is the first day no longer employed."""

    id_number: str = field(repr=False)
    employed_from: date
    employed_to: date | None


async def import_roster(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    document: str,
    entries: Sequence[RosterEntry],
    pseudonym_of: Callable[[str], str],
) -> int:
    """Takes in who is a public employee from when to when; returns how many entries are new or different.

    All or nothing. A person handed in again from the same day gets the new last day; the same day as first and last
    takes a mistaken entry out.

    Source: O1.4g.

    Args:
        pseudonym_of: the province's name for a citizen number.

    Raises:
        OfficeNotFound, RoleRequired, OutOfScope, OfficeClosed: no such bureau, or not the actor's.
        RosterOfficeRefused: the office is no bureau.
        RosterEntryRefused: an entry is wrong; told by its place in the list alone.

    Events: registry.public-employee.changed.v1 for each.
    Idempotency: entries that are here as handed in change nothing.
    Locks: the bureau.
    """
    require_impersonal(document)
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.LEADERSHIP)
    if office.kind != OfficeKind.BUREAU.value:
        raise RosterOfficeRefused
    area = area_of(office.division)
    wanted: dict[UUID, tuple[str, RosterEntry]] = {}
    for place, entry in enumerate(entries):
        pseudonym = pseudonym_of(_number(entry, place))
        entry_id = roster_entry_id(area=area, pseudonym=pseudonym, employed_from=entry.employed_from)
        if entry_id in wanted:
            raise RosterEntryRefused("同一人同一起始日期出现两次", entry=place, check="repeated")
        wanted[entry_id] = (pseudonym, entry)
    known = await Facts(uow.session).roster_by_id(wanted)
    states = [
        PublicEmployeeState(
            id=entry_id,
            version=known[entry_id].version + 1 if entry_id in known else 1,
            office_id=office.id,
            division=office.division,
            level=Level(office.level),
            effective_on=today(),
            pseudonym=pseudonym,
            employed_from=entry.employed_from,
            employed_to=entry.employed_to,
            document=document,
        )
        for entry_id, (pseudonym, entry) in sorted(wanted.items())
        if entry_id not in known or known[entry_id].employed_to != entry.employed_to
    ]
    await store_records(uow, states, action="registry.public-employee.import", reason=document)
    await put_roster(uow.conn, [roster_of(state) for state in states])
    await insert_checks(uow.conn, pseudonyms={state.pseudonym for state in states})
    return len(states)


async def end_roster_entry(
    uow: UnitOfWork, *, actor: Actor, entry_id: UUID, expected_version: int, employed_to: date, document: str
) -> PublicEmployeeState:
    """Says from which day somebody of a roster is no public employee any more; no number is needed for it.

    The first day of the entry takes it out as a mistake.

    Source: O1.4g.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, OutOfScope, OfficeClosed: not there, or not this actor's.
        RosterPeriodRefused: the day is before the first one.

    Events: registry.public-employee.changed.v1.
    Locks: the bureau, the entry.
    """
    require_impersonal(document)
    entry, _ = await hold_owned(
        uow.session,
        PublicEmployeeState,
        entry_id,
        expected_version=expected_version,
        actor=actor,
        edge=Edge.LEADERSHIP,
    )
    if employed_to < entry.employed_from:
        raise RosterPeriodRefused(earliest=entry.employed_from.isoformat())
    ended = next_state(entry, effective_on=today(), employed_to=employed_to, document=document)
    await store_record(uow, ended, previous=entry, action="registry.public-employee.end", reason=document)
    await put_roster(uow.conn, [roster_of(ended)])
    await insert_checks(uow.conn, pseudonyms={ended.pseudonym})
    return ended


def _number(entry: RosterEntry, place: int) -> str:
    if entry.employed_to is not None and entry.employed_to < entry.employed_from:
        raise RosterEntryRefused("任职截止日期早于起始日期", entry=place, check="period")
    try:
        return make_id_number(entry.id_number, on=today())
    except Rejected as error:
        check = error.facts.get("check")
        raise RosterEntryRefused("公民身份号码不正确", entry=place, check=check) from None
