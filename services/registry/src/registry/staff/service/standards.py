"""Qualification standards: issued by bureaus, version after version; the nearest one upward applies."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry.people import QualificationStandardState
from common.divisions import Level, ancestors_of
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, get_record, hold_record, list_records, store_record
from registry.offices.domain import Edge, OfficeKind
from registry.offices.service import hold_office
from registry.staff.domain import (
    require_impersonal,
    require_new_end,
    require_no_overlap,
    require_period,
    standard_for,
)
from registry.staff.errors import StandardIssuerRefused


async def find_standard(
    session: AsyncSession, *, division: str, staff_type: str, on: date
) -> QualificationStandardState | None:
    """The version in force on a day that the nearest bureau upward has issued for a type of staff; None without any.

    Source: O3.1a.
    """
    for code in (division, *ancestors_of(division)):
        wanted = Wanted(equal=(("division", code), ("applies_to", [staff_type])))
        found = standard_for(await list_records(session, QualificationStandardState, wanted), staff_type, on=on)
        if found is not None:
            return found
    return None


async def issue_standard(
    uow: UnitOfWork, *, actor: Actor, office_id: UUID, effective_on: date, values: dict[str, Any], reason: str | None
) -> QualificationStandardState:
    """Issues a version; it gets the issuer's next number.

    Source: O3.1a.

    Args:
        values: the members of the state that the issuer decides.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound, OfficeClosed: not this actor's office.
        StandardIssuerRefused: the office is no bureau.
        StandardPeriodRefused, StandardOverlaps: its days make no sense, or another version holds on one of them.

    Events: registry.qualification-standard.changed.v1.
    Locks: the bureau.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.LEADERSHIP)
    if OfficeKind(office.kind) is not OfficeKind.BUREAU:
        raise StandardIssuerRefused
    require_impersonal(values["title"], values["document"], *values["required_certificates"], reason)
    others = await list_records(uow.session, QualificationStandardState, Wanted(office_id=office.id))
    state = QualificationStandardState(
        id=uuid7(),
        version=1,
        office_id=office.id,
        division=office.division,
        level=Level(office.level),
        effective_on=effective_on,
        number=max((other.number for other in others), default=0) + 1,
        **values,
    )
    require_period(state)
    require_no_overlap(others, state)
    return await store_record(uow, state, previous=None, action="registry.qualification-standard.issue", reason=reason)


async def end_standard(
    uow: UnitOfWork,
    *,
    actor: Actor,
    standard_id: UUID,
    expected_version: int,
    in_force_to: date,
    reason: str | None,
) -> QualificationStandardState:
    """Gives a version its last day, from today on; what it says never changes, a new version does.

    Source: O3.1a.

    Raises:
        RecordNotFound, RoleRequired, OutOfScope: none, or not the actor's to end.
        PreconditionFailed: somebody else changed it meanwhile.
        StandardPeriodRefused: it has ended, or the day lies in the past.
        StandardOverlaps: it would be prolonged into the days of another version.

    Events: registry.qualification-standard.changed.v1.
    Locks: the bureau and the version.
    """
    seen = await get_record(uow.session, QualificationStandardState, standard_id)
    await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.LEADERSHIP)
    current = await hold_record(uow.session, QualificationStandardState, standard_id, expected_version=expected_version)
    require_impersonal(reason)
    require_new_end(current, in_force_to, today=today())
    state = next_state(current, effective_on=today(), in_force_to=in_force_to)
    others = await list_records(uow.session, QualificationStandardState, Wanted(office_id=seen.office_id))
    require_no_overlap([other for other in others if other.id != state.id], state)
    await store_record(uow, state, previous=current, action="registry.qualification-standard.end", reason=reason)
    return state
