"""Use cases of equipment: told by the office and by who guides it; what aid paid for is spent from its grant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.registry.places import AssetFund, EquipmentCondition, EquipmentKind, EquipmentState
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.equipment.domain import (
    EQUIPPED,
    KindSummary,
    kinds_beside,
    require_not_scrapped,
    require_sound,
    split_pieces,
    summarize,
)
from registry.funding.domain import Asset
from registry.funding.service import spend_grant
from registry.history.domain import first_state, next_state
from registry.history.service import (
    Wanted,
    get_record,
    list_holders,
    list_office_states,
    list_records,
    list_versions,
    store_record,
)
from registry.offices.domain import READERS, Edge
from registry.offices.errors import OfficeNotFound
from registry.offices.service import hold_office, hold_owned

CHUNK = 1000
"""Offices that are counted at once."""


@dataclass(frozen=True, slots=True)
class NewEquipment:
    """Pieces of one kind, bought together; the cost of all of them, in fen."""

    office_id: UUID
    kind: EquipmentKind
    model: str | None
    quantity: int
    condition: EquipmentCondition
    acquired_on: date
    fund: AssetFund
    aid_grant_id: UUID | None
    cost_fen: int | None


class EquipmentChanges(TypedDict, total=False):
    """What is to be changed: only the members that are present."""

    model: str | None
    quantity: int
    condition: EquipmentCondition
    cost_fen: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a division's offices are equipped on a day.

    Attributes:
        offices: of towns and streets, operating.
        complete: how many of them lack nothing.
        lacking: how many lack each kind of the list.
    """

    offices: int
    complete: int
    lacking: dict[str, int]


@dataclass(frozen=True, slots=True)
class Equipped:
    """An office that the list is for, and the kinds of which a piece works there."""

    id: UUID
    division: str
    name: str
    working: frozenset[str]


async def create_equipment(
    uow: UnitOfWork, *, actor: Actor, new: NewEquipment, effective_on: date, reason: str | None
) -> EquipmentState:
    """Tells what an office has; what provincial aid paid for is taken from its grant.

    Source: O2.3, O5.2.

    Raises:
        OfficeNotFound, OfficeClosed, RoleRequired, OutOfScope: not this actor's to tell.
        EquipmentKindNotInForce, AcquiredAfterEffect, AidGrantRequired: the purchase makes no sense.
        AidGrantNotOurs, AidUseRefused, AidOverspent: the grant does not pay for it.
        EffectiveDateRefused: from after today.

    Events: registry.equipment.changed.v1; registry.aid-grant.changed.v1 if aid paid.
    Locks: the office, the grant.
    """
    office = await hold_office(uow.session, actor=actor, office_id=new.office_id, edge=Edge.GUIDANCE)
    fields = {name: getattr(new, name) for name in NewEquipment.__annotations__ if name != "office_id"}
    state = first_state(EquipmentState, office, effective_on=effective_on, **fields)
    require_sound(state)
    await _pay(uow, state, state.cost_fen or 0, office.guidance_division)
    return await store_record(uow, state, previous=None, action="registry.equipment.create", reason=reason)


async def change_equipment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    equipment_id: UUID,
    expected_version: int,
    changes: EquipmentChanges,
    effective_on: date,
    reason: str | None,
) -> EquipmentState:
    """Changes condition, quantity, model or cost; scrapped pieces stay on file, and what aid paid stays paid.

    Source: O2.3, O5.2.

    Raises:
        RecordNotFound, PreconditionFailed, EquipmentScrapped: none such, changed meanwhile, or scrapped.
        The same as create_equipment.

    Events: registry.equipment.changed.v1; registry.aid-grant.changed.v1 if the cost of aided pieces changes.
    Locks: the office, the record, the grant.
    """
    held, office = await hold_owned(
        uow.session, EquipmentState, equipment_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_scrapped(held)
    state = next_state(held, effective_on=effective_on, **changes)
    require_sound(state)
    await _pay(uow, state, (state.cost_fen or 0) - (held.cost_fen or 0), office.guidance_division)
    await store_record(uow, state, previous=held, action="registry.equipment.change", reason=reason)
    return state


async def split_equipment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    equipment_id: UUID,
    expected_version: int,
    quantity: int,
    condition: EquipmentCondition,
    effective_on: date,
    reason: str | None,
) -> tuple[EquipmentState, EquipmentState]:
    """Some pieces of a purchase break or are scrapped: they become a record of their own; no money moves.

    Source: O2.3, O5.2.

    Returns:
        What remains, and the part.

    Raises:
        RecordNotFound, PreconditionFailed, EquipmentScrapped: none such, changed meanwhile, or scrapped.
        SplitRefused: not fewer than all, or no other condition.
        OfficeClosed, RoleRequired, OutOfScope, EffectiveDateRefused: as create_equipment.

    Events: registry.equipment.changed.v1 twice; registry.aid-grant.changed.v1 if aid paid.
    Locks: the office, the record, the grant.
    """
    held, office = await hold_owned(
        uow.session, EquipmentState, equipment_id, expected_version=expected_version, actor=actor, edge=Edge.GUIDANCE
    )
    require_not_scrapped(held)
    rest, part = split_pieces(held, part_id=uuid7(), quantity=quantity, condition=condition, effective_on=effective_on)
    await _pay(uow, part, 0, office.guidance_division, is_new=True)
    await store_record(uow, rest, previous=held, action="registry.equipment.split", reason=reason)
    part = await store_record(uow, part, previous=None, action="registry.equipment.split", reason=reason)
    return rest, part


async def get_equipment(session: AsyncSession, *, actor: Actor, equipment_id: UUID) -> EquipmentState:
    """One purchase with its money.

    Source: O2.3, ADR 0005.

    Raises:
        RoleRequired, RecordNotFound: not this actor's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, EquipmentState, equipment_id, actor=actor)


async def list_equipment(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[EquipmentState]:
    """Purchases of the actor's subtree, now or as of a day.

    Source: O2.3, ADR 0005.

    Raises:
        RoleRequired: costs are not public.
    """
    require_role(actor, *READERS)
    return await list_records(session, EquipmentState, wanted, actor=actor, after=after, limit=limit)


async def list_equipment_versions(session: AsyncSession, *, actor: Actor, equipment_id: UUID) -> list[EquipmentState]:
    """Every state of one purchase.

    Source: O2.3, ADR 0005.

    Raises:
        RoleRequired, RecordNotFound: not this actor's to see.
    """
    require_role(actor, *READERS)
    return await list_versions(session, EquipmentState, equipment_id, actor=actor)


async def summarize_office(session: AsyncSession, *, office_id: UUID, on: date, rules_on: date) -> list[KindSummary]:
    """What an office had of each kind on a day, judged by the list of a day; counts are public.

    Source: O2.3, O4.3e.

    Raises:
        OfficeNotFound: no such office on that day.
    """
    if not await list_office_states(session, Wanted(office_id=office_id), on=on):
        raise OfficeNotFound
    states = await list_records(session, EquipmentState, Wanted(office_id=office_id, on=on))
    return summarize(states, rules_on)


async def cover_division(session: AsyncSession, *, within: str | None, on: date, rules_on: date) -> Coverage:
    """How many offices of a division lack which kinds on a day.

    Source: O2.3, O4.3e.
    """
    offices, complete, lacking = 0, 0, dict.fromkeys(kinds_beside((), rules_on), 0)
    after: tuple[str, UUID] | None = None
    while found := await _list_equipped(session, within, None, on=on, after=after, limit=CHUNK):
        for one in found:
            missing = kinds_beside(one.working, rules_on)
            complete += not missing
            for kind in missing:
                lacking[kind] += 1
        offices += len(found)
        after = (found[-1].division, found[-1].id)
    return Coverage(offices, complete, lacking)


async def list_incomplete(
    session: AsyncSession,
    *,
    within: str | None,
    kind: str | None,
    on: date,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Equipped]:
    """The offices of a division that lack a kind (any, if none is named) on a day, and everything that they lack.

    Source: O2.3, O4.3e.
    """
    asked = [one for one in kinds_beside((), on) if kind in {None, one}]
    return await _list_equipped(session, within, asked, on=on, after=after, limit=limit) if asked else []


async def _list_equipped(
    session: AsyncSession,
    within: str | None,
    lacking: Sequence[str] | None,
    *,
    on: date,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Equipped]:
    """Offices that the list is for, or those that lack one of some kinds, in the order of their divisions."""
    rows = await list_holders(
        session,
        EquipmentState,
        Wanted(within=within, equal=EQUIPPED),
        on=on,
        equal=(("condition", "working"),),
        member="kind",
        lacking=lacking,
        after=after,
        limit=limit,
    )
    return [Equipped(*row) for row in rows]


async def _pay(
    uow: UnitOfWork, state: EquipmentState, cost_fen: int, guided_by: str | None, *, is_new: bool = False
) -> None:
    """Takes the cost from the grant, if aid paid; a corrected cost takes or gives back the difference."""
    if state.aid_grant_id is None or (state.version > 1 and not cost_fen and not is_new):
        return
    asset = Asset(state.id, state.office_id, guided_by, "basic_equipment")
    await spend_grant(uow, grant_id=state.aid_grant_id, asset=asset, cost_fen=cost_fen, effective_on=state.effective_on)
