"""Use cases of delegated powers: told by a supervisor above the office, read by everybody."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.contracts.casework import Duty
from common.contracts.registry.offices import DelegationState
from common.divisions import Level
from common.uow import UnitOfWork
from registry.delegations.domain import require_delegation, require_end, require_new
from registry.history.domain import first_state, next_state
from registry.history.service import Wanted, get_record, list_records, list_versions, store_record
from registry.offices.domain import Edge, OfficeKind, ordered_duties, require_supervisor
from registry.offices.service import hold_office, hold_owned


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """A power as somebody tells that it was handed down."""

    office_id: UUID
    power: str
    duty: Duty
    from_division: str
    starts_on: date
    document: str


async def create_delegation(
    uow: UnitOfWork, *, actor: Actor, new: NewDelegation, effective_on: date, reason: str | None
) -> DelegationState:
    """Tells that the county handed a power down to a town's office, from when, and by which document.

    Source: O1.1a, O1.1b.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        DelegationRefused, DelegatorRefused, DutyNotInForce, DelegationExists: a rule says no.
        EffectiveDateRefused: from after today.

    Events: registry.delegation.changed.v1.
    Locks: the office, so that a power is not told twice.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.GUIDANCE)
    require_supervisor(actor, office.division, Level(office.level))
    require_delegation(OfficeKind(office.kind), office.division, new.from_division)
    ordered_duties([new.duty], new.starts_on)
    state = first_state(
        DelegationState,
        office,
        effective_on=effective_on,
        power=new.power,
        duty=new.duty,
        from_division=new.from_division,
        starts_on=new.starts_on,
        until=None,
        document=new.document,
    )
    require_new(state, await list_records(uow.session, DelegationState, Wanted(office_id=office.id)))
    return await store_record(uow, state, previous=None, action="registry.delegation.create", reason=reason)


async def end_delegation(
    uow: UnitOfWork,
    *,
    actor: Actor,
    delegation_id: UUID,
    expected_version: int,
    until: date,
    effective_on: date,
    reason: str | None,
) -> DelegationState:
    """Tells that a power was taken back; once.

    Source: O1.1b.

    Args:
        until: the first day on which the office no longer holds it.

    Raises:
        RecordNotFound, PreconditionFailed, OfficeClosed, RoleRequired, OutOfScope: as hold_owned.
        RecordEnded, DelegationTermRefused: a rule says no.

    Events: registry.delegation.changed.v1.
    Locks: the office, then the record.
    """
    held, office = await hold_owned(
        uow.session, DelegationState, delegation_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_supervisor(actor, office.division, Level(office.level))
    require_end(held, until)
    state = next_state(held, effective_on=effective_on, until=until)
    await store_record(uow, state, previous=held, action="registry.delegation.end", reason=reason)
    return state


async def get_delegation(session: AsyncSession, *, delegation_id: UUID) -> DelegationState:
    """The delegated power. Source: O1.1b, O4.3e."""
    return await get_record(session, DelegationState, delegation_id)


async def list_delegations(
    session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int
) -> list[DelegationState]:
    """Delegated powers. Source: O1.1b, O4.3e."""
    return await list_records(session, DelegationState, wanted, after=after, limit=limit)


async def list_delegation_versions(session: AsyncSession, *, delegation_id: UUID) -> list[DelegationState]:
    """Every state of a delegated power. Source: O1.1b, O4.3e."""
    return await list_versions(session, DelegationState, delegation_id)
