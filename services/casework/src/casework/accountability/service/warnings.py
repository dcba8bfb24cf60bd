"""Warnings: raised once per thing, rule and occurrence; lifted when the reason ends; read by those concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.catalogue import NAMESPACE
from casework.accountability.domain import Warned
from casework.accountability.service.watching import Subject
from common.auth import Actor, Role, require_role
from common.clock import now
from common.contracts.casework.accountability import Colour, WarningState, WarningStatus
from common.divisions import level_of
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork

SUPERVISORS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.AUDITOR)
READERS = (Role.STATION_AGENT, Role.WINDOW_CLERK, *SUPERVISORS)
_NUMBER_TAIL = 12


@dataclass(frozen=True, slots=True)
class LookedFor:
    """Which warnings are wanted.

    Attributes:
        division: of offices in this subtree.
        office_id: of this office.
        person: addressed to this account.
    """

    division: str | None = None
    office_id: UUID | None = None
    person: str | None = None
    case_id: UUID | None = None
    colour: Colour | None = None
    status: WarningStatus | None = None


async def settle_warnings(
    uow: UnitOfWork, subject: Subject, warned: Sequence[Warned], *, on: date
) -> tuple[WarningState, ...]:
    """Raises what the rules warn of and is not raised, lifts what is raised and no longer so; gives what stands.

    Source: O4.3c; standards.md §4 (表11), §6.

    Events: casework.warning.changed.v1, one per warning that is raised or lifted.
    Idempotency: the id follows from the thing, the rule and the occurrence; a second worker finds it done.
    """
    about = Wanted(equal=(("subject_id", str(subject.id)), ("subject", subject.record)))
    known = {one.id: one for one in await list_records(uow.session, WarningState, about)}
    wanted = {_id_of(subject, one): one for one in warned}
    standing = []
    for warning_id, one in sorted(wanted.items(), key=lambda pair: pair[0]):
        found = known.get(warning_id)
        if found is None:
            standing.append(await _raise(uow, warning_id, subject, one, on))
        elif found.status == "lifted":
            standing.append(await _raise_again(uow, found, subject, one))
        else:
            standing.append(found)
    for warning_id, found in sorted(known.items(), key=lambda pair: pair[0]):
        if warning_id not in wanted and found.status == "raised":
            await _lift(uow, warning_id)
    return tuple(standing)


def _id_of(subject: Subject, warned: Warned) -> UUID:
    return uuid5(NAMESPACE, f"warning:{subject.record}:{subject.id}:{warned.rule.number}:{warned.occurrence}")


async def _raise(uow: UnitOfWork, warning_id: UUID, subject: Subject, warned: Warned, on: date) -> WarningState:
    at = now()
    state = WarningState(
        id=warning_id,
        version=1,
        division=subject.division,
        level=level_of(subject.division),
        office_id=subject.office_id,
        changed_at=at,
        number=f"{on:%Y%m%d}{warning_id.hex[:_NUMBER_TAIL]}",
        subject=subject.record,
        subject_id=subject.id,
        case_id=subject.case_id,
        item_code=subject.item_code,
        rule_number=warned.rule.number,
        kind=warned.rule.kind,
        colour=warned.rule.colour,
        occurrence=warned.occurrence,
        status="raised",
        holder=subject.holder,
        content=warned.content,
        finding=warned.finding,
        subject_due_on=warned.due_on,
        raised_on=on,
        raised_at=at,
    )
    try:
        return await store_record(uow, state, previous=None, action="casework.warning.raise")
    except RecordExists:
        return await get_record(uow.session, WarningState, warning_id)


async def _raise_again(uow: UnitOfWork, found: WarningState, subject: Subject, warned: Warned) -> WarningState:
    """The reason has come back: a case that was overdue stood still for a while, and goes on."""
    held = await hold_record(uow.session, WarningState, found.id, expected_version=None)
    if held.status == "raised":
        return held
    state = next_state(
        held,
        status="raised",
        lifted_at=None,
        holder=subject.holder,
        division=subject.division,
        level=level_of(subject.division),
        office_id=subject.office_id,
        finding=warned.finding,
    )
    return await store_record(uow, state, previous=held, action="casework.warning.raise")


async def _lift(uow: UnitOfWork, warning_id: UUID) -> None:
    held = await hold_record(uow.session, WarningState, warning_id, expected_version=None)
    if held.status == "raised":
        state = next_state(held, status="lifted", lifted_at=now())
        await store_record(uow, state, previous=held, action="casework.warning.lift")


async def list_warnings(
    session: AsyncSession, wanted: LookedFor, *, actor: Actor, after: UUID | None, limit: int
) -> list[WarningState]:
    """Warnings: supervisors those of their subtree, everybody else those addressed to themselves.

    Source: O4.3c; architecture.md §6.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    is_supervisor = actor.has_role(*SUPERVISORS)
    person = wanted.person if is_supervisor else actor.subject
    equal = {"colour": wanted.colour, "office_id": None if wanted.office_id is None else str(wanted.office_id)}
    chosen = Wanted(
        within=wanted.division,
        case_id=wanted.case_id,
        statuses=() if wanted.status is None else (wanted.status,),
        holder=person,
        equal=tuple((name, value) for name, value in equal.items() if value is not None),
    )
    scope = actor if is_supervisor and person != actor.subject else None
    return await list_records(session, WarningState, chosen, actor=scope, after=after, limit=limit)


async def get_warning(session: AsyncSession, warning_id: UUID, *, actor: Actor) -> WarningState:
    """One warning, for the same readers as the list.

    Source: O4.3c.

    Raises:
        RoleRequired, RecordNotFound: none of this id, or not the actor's to see.
    """
    require_role(actor, *READERS)
    if actor.has_role(*SUPERVISORS):
        try:
            return await get_record(session, WarningState, warning_id, actor=actor)
        except RecordNotFound:
            if actor.division == "":
                raise
    found = await get_record(session, WarningState, warning_id)
    if found.holder != actor.subject:
        raise RecordNotFound
    return found
