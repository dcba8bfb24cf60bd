"""Use cases of purchases of services: told by who leads the office, read within the reader's subtree."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import today
from common.contracts.registry.offices import ServiceContractState
from common.uow import UnitOfWork
from registry.history.domain import first_state, next_state
from registry.history.service import Wanted, get_record, list_records, list_versions, store_record
from registry.offices.domain import READERS, Edge, OfficeKind, require_uscc
from registry.offices.service import hold_office, hold_owned
from registry.service_contracts.domain import require_acceptable, require_apart, require_buyer, require_open

Acceptance = Literal["accepted", "accepted_with_faults", "refused"]


class ContractFacts(TypedDict, total=False):
    """What is told of a contract; amounts in fen."""

    provider: str
    provider_uscc: str | None
    starts_on: date
    ends_on: date
    amount_fen: int
    document: str | None
    terminated_on: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """From which day the state holds, and why."""

    on: date
    reason: str | None


async def create_contract(
    uow: UnitOfWork, *, actor: Actor, office_id: UUID, facts: ContractFacts, ground: Ground
) -> ServiceContractState:
    """Tells a purchase of services for an office.

    Source: O1.2b, O1.4d.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        ContractRefused, UsccRefused, ContractTermRefused, ContractOverlaps: a rule says no.
        EffectiveDateRefused: from after today.

    Events: registry.service-contract.changed.v1.
    Locks: the office, so that two contracts for the same days cannot both be told.
    """
    office = await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.LEADERSHIP)
    require_buyer(OfficeKind(office.kind))
    open_ = {"provider_uscc": None, "document": None, "acceptance": None, "accepted_on": None}
    state = first_state(ServiceContractState, office, effective_on=ground.on, **{**open_, **_checked(facts)})
    require_apart(state, await _others(uow.session, office_id))
    action = "registry.service-contract.create"
    return await store_record(uow, state, previous=None, action=action, reason=ground.reason)


async def change_contract(
    uow: UnitOfWork, *, actor: Actor, contract_id: UUID, expected_version: int, facts: ContractFacts, ground: Ground
) -> ServiceContractState:
    """Changes or ends a contract that was not accepted yet.

    Source: O1.2b.

    Raises:
        RecordNotFound, PreconditionFailed, OfficeClosed, RoleRequired, OutOfScope: as hold_owned.
        ContractAccepted, UsccRefused, ContractTermRefused, ContractOverlaps: a rule says no.

    Events: registry.service-contract.changed.v1.
    Locks: the office, then the contract.
    """
    held, _ = await hold_owned(
        uow.session,
        ServiceContractState,
        contract_id,
        expected_version=expected_version,
        actor=actor,
        edge=Edge.LEADERSHIP,
    )
    require_open(held)
    state = next_state(held, effective_on=ground.on, **_checked(facts))
    require_apart(state, await _others(uow.session, held.office_id), before=held)
    await store_record(uow, state, previous=held, action="registry.service-contract.change", reason=ground.reason)
    return state


async def accept_contract(
    uow: UnitOfWork,
    *,
    actor: Actor,
    contract_id: UUID,
    expected_version: int,
    acceptance: Acceptance,
    accepted_on: date,
    ground: Ground,
) -> ServiceContractState:
    """Tells how the purchaser took the services; once.

    Source: O1.2b.

    Raises:
        RecordNotFound, PreconditionFailed, OfficeClosed, RoleRequired, OutOfScope: as hold_owned.
        ContractAccepted, AcceptanceRefused: a rule says no.

    Events: registry.service-contract.changed.v1.
    Locks: the office, then the contract.
    """
    held, _ = await hold_owned(
        uow.session,
        ServiceContractState,
        contract_id,
        expected_version=expected_version,
        actor=actor,
        edge=Edge.LEADERSHIP,
    )
    require_acceptable(held, accepted_on, today=today())
    state = next_state(held, effective_on=ground.on, acceptance=acceptance, accepted_on=accepted_on)
    await store_record(uow, state, previous=held, action="registry.service-contract.accept", reason=ground.reason)
    return state


async def get_contract(session: AsyncSession, *, actor: Actor, contract_id: UUID) -> ServiceContractState:
    """The contract, within the reader's subtree.

    Source: O1.2b.

    Raises:
        RoleRequired, RecordNotFound: not this reader's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, ServiceContractState, contract_id, actor=actor)


async def list_contracts(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ServiceContractState]:
    """Contracts of the reader's subtree. Source: O1.2b."""
    require_role(actor, *READERS)
    return await list_records(session, ServiceContractState, wanted, actor=actor, after=after, limit=limit)


async def list_contract_versions(
    session: AsyncSession, *, actor: Actor, contract_id: UUID
) -> list[ServiceContractState]:
    """Every state of a contract of the reader's subtree. Source: O1.2b."""
    require_role(actor, *READERS)
    return await list_versions(session, ServiceContractState, contract_id, actor=actor)


async def _others(session: AsyncSession, office_id: UUID) -> list[ServiceContractState]:
    return await list_records(session, ServiceContractState, Wanted(office_id=office_id))


def _checked(facts: ContractFacts) -> dict[str, Any]:
    values: dict[str, Any] = {**facts}
    if facts.get("provider_uscc") is not None:
        values["provider_uscc"] = require_uscc(values["provider_uscc"])
    return values
