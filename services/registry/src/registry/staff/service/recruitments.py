"""Recruitments: announced, filled, ended."""

from datetime import date
from typing import Any
from uuid import UUID

from common.auth import Actor
from common.contracts.registry.people import RecruitmentState
from common.divisions import Level
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import get_record, hold_record, store_record
from registry.offices.domain import Edge
from registry.offices.service import hold_office
from registry.staff.domain import require_change, require_groups, require_impersonal


async def announce_recruitment(
    uow: UnitOfWork, *, actor: Actor, office_id: UUID, effective_on: date, values: dict[str, Any], reason: str | None
) -> RecruitmentState:
    """Records the notice of a recruitment.

    Source: O3.1b.

    Args:
        values: the members of the state that the notice tells.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound, OfficeClosed: not this actor's to staff.
        PriorityRefused: it prefers a group that the policy of the day does not name.

    Events: registry.recruitment.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.LEADERSHIP)
    require_impersonal(values["notice_number"], reason)
    require_groups(values["prefers"], on=effective_on)
    state = RecruitmentState(
        id=uuid7(),
        version=1,
        office_id=office.id,
        division=office.division,
        level=Level(office.level),
        effective_on=effective_on,
        hired_by_group={},
        status="published",
        **values,
    )
    return await store_record(uow, state, previous=None, action="registry.recruitment.announce", reason=reason)


async def change_recruitment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    recruitment_id: UUID,
    expected_version: int,
    effective_on: date,
    changes: dict[str, Any],
    reason: str | None,
) -> RecruitmentState:
    """Changes places, number of applicants, day of the notice or status.

    Source: O3.1b.

    Raises:
        RecordNotFound, RoleRequired, OutOfScope: none, or not the actor's.
        PreconditionFailed: somebody else changed it meanwhile, a hire included.
        RecruitmentChangeRefused: it has ended, or fewer places than hires would remain.

    Events: registry.recruitment.changed.v1.
    Locks: the office and the recruitment.
    """
    seen = await get_record(uow.session, RecruitmentState, recruitment_id, actor=actor)
    await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.LEADERSHIP)
    current = await hold_record(uow.session, RecruitmentState, recruitment_id, expected_version=expected_version)
    require_impersonal(reason)
    state = next_state(current, effective_on=effective_on, **changes)
    require_change(current, state)
    await store_record(uow, state, previous=current, action="registry.recruitment.change", reason=reason)
    return state
