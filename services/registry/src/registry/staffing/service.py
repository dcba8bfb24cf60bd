"""Use cases of staffing requirements."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import today
from common.contracts.registry.people import StaffingRequirementState
from common.divisions import Level
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, get_record, hold_record, list_records, list_versions, store_record
from registry.offices.domain import READERS, Edge, OfficeKind, require_supervisor
from registry.offices.service import hold_office
from registry.staff.domain import require_impersonal
from registry.staff.service import list_posts_on
from registry.staffing.domain import Suggestion, require_kind, require_override, required_range, suggest


@dataclass(frozen=True, slots=True)
class Override:
    """A decision that adds people where the work is heavy. Source: O1.4c.

    Attributes:
        expires_on: the last day on which it holds.
    """

    posts: int
    reason: str
    expires_on: date


async def tell_factors(
    uow: UnitOfWork, *, actor: Actor, office_id: UUID, effective_on: date, factors: dict[str, Any], reason: str | None
) -> StaffingRequirementState:
    """Stores the five factors and the number of 服务对象 of an office.

    Source: O1.4a, O1.4b, O1.3a.

    Args:
        factors: members of the state; what nobody knows is None.

    Raises:
        RoleRequired, OutOfScope, OfficeNotFound, OfficeClosed: not this actor's to tell.
        StaffingNotForKind: no office of a town or street.
        RecordExists: they have been told; change them.

    Events: registry.staffing-requirement.changed.v1.
    Locks: the office.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.GUIDANCE)
    require_kind(OfficeKind(office.kind))
    require_impersonal(reason)
    found = required_range(factors["served_persons"], on=effective_on)
    state = StaffingRequirementState(
        id=uuid7(),
        version=1,
        office_id=office.id,
        division=office.division,
        level=Level(office.level),
        effective_on=effective_on,
        required_min=found[0] if found else None,
        required_max=found[1] if found else None,
        override_posts=None,
        override_reason=None,
        override_approver=None,
        override_expires_on=None,
        **factors,
    )
    return await store_record(uow, state, previous=None, action="registry.staffing-requirement.tell", reason=reason)


async def change_factors(
    uow: UnitOfWork,
    *,
    actor: Actor,
    requirement_id: UUID,
    expected_version: int,
    effective_on: date,
    factors: dict[str, Any],
    reason: str | None,
) -> StaffingRequirementState:
    """Stores factors that have changed; the range follows, a decision stays.

    Source: O1.4a, O1.4b.

    Raises:
        RecordNotFound, RoleRequired, OutOfScope: none, or not the actor's.
        PreconditionFailed: somebody else changed it meanwhile.

    Events: registry.staffing-requirement.changed.v1.
    Locks: the office and the record.
    """
    current = await _hold(uow, actor, requirement_id, expected_version)
    require_impersonal(reason)
    found = required_range(factors.get("served_persons", current.served_persons), on=effective_on)
    needed = {"required_min": found[0] if found else None, "required_max": found[1] if found else None}
    state = next_state(current, effective_on=effective_on, **factors, **needed)
    await store_record(uow, state, previous=current, action="registry.staffing-requirement.change", reason=reason)
    return state


async def decide_override(
    uow: UnitOfWork, *, actor: Actor, requirement_id: UUID, expected_version: int, override: Override
) -> StaffingRequirementState:
    """Decides on more people than the range gives; the approver is who acts.

    Source: O1.4c, O1.3a.

    Raises:
        RecordNotFound: none in the actor's subtree.
        RoleRequired, OutOfScope: only a supervisor of a division above decides.
        PreconditionFailed: somebody else changed it meanwhile.
        ServedUnknown, OverrideNoIncrease, OverrideExpired: it is no such decision.
        TextHoldsPersonalData: the reason names a number.

    Events: registry.staffing-requirement.changed.v1.
    Locks: the office and the record.
    """
    seen = await get_record(uow.session, StaffingRequirementState, requirement_id, actor=actor)
    require_supervisor(actor, seen.division, seen.level)
    current = await _hold(uow, actor, requirement_id, expected_version)
    require_impersonal(override.reason)
    require_override(current, override.posts, override.expires_on, on=today())
    state = next_state(
        current,
        effective_on=today(),
        override_posts=override.posts,
        override_reason=override.reason,
        override_approver=actor.subject,
        override_expires_on=override.expires_on,
    )
    action = "registry.staffing-requirement.override"
    await store_record(uow, state, previous=current, action=action, reason=override.reason)
    return state


async def get_requirement(session: AsyncSession, *, actor: Actor, requirement_id: UUID) -> StaffingRequirementState:
    """One office's factors.

    Raises:
        RoleRequired, RecordNotFound: not the actor's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, StaffingRequirementState, requirement_id, actor=actor)


async def list_requirement_versions(
    session: AsyncSession, *, actor: Actor, requirement_id: UUID
) -> list[StaffingRequirementState]:
    """Every state of one office's factors.

    Raises:
        RoleRequired, RecordNotFound: not the actor's to see.
    """
    require_role(actor, *READERS)
    return await list_versions(session, StaffingRequirementState, requirement_id, actor=actor)


async def list_requirements(
    session: AsyncSession, *, actor: Actor, wanted: Wanted, after: UUID | None, limit: int
) -> list[StaffingRequirementState]:
    """Factors of the offices of the actor's subtree, by id.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    return await list_records(session, StaffingRequirementState, wanted, actor=actor, after=after, limit=limit)


async def get_suggestion(session: AsyncSession, *, actor: Actor, office_id: UUID, on: date) -> Suggestion:
    """What an office needs on a day against who is there; outside the actor's subtree everything is unknown.

    Source: O1.4a, O1.4b, O1.4c.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    wanted = Wanted(office_id=office_id, on=on)
    found = await list_records(session, StaffingRequirementState, wanted, actor=actor, limit=1)
    posts = await list_posts_on(session, office_id=office_id, on=on, actor=actor)
    return suggest(found[0] if found else None, posts, on=on)


async def _hold(uow: UnitOfWork, actor: Actor, requirement_id: UUID, expected_version: int) -> StaffingRequirementState:
    seen = await get_record(uow.session, StaffingRequirementState, requirement_id, actor=actor)
    await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.GUIDANCE)
    return await hold_record(uow.session, StaffingRequirementState, requirement_id, expected_version=expected_version)
