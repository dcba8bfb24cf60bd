"""Changing an office that stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, OutOfScope, Role, require_role, require_scope
from common.clock import today
from common.contracts.registry.places import PremisesState
from common.divisions import Level
from common.errors import PreconditionFailed
from common.uow import UnitOfWork
from registry.history.domain import require_effective
from registry.history.service import Wanted, list_records
from registry.offices.domain import (
    NameApproval,
    OfficeStatus,
    end_of_validity,
    require_alive,
    require_supervisor,
    require_transition,
    require_window_to_operate,
)
from registry.offices.errors import GuidedOfficesRemain, OfficeNotFound, SuccessorRefused
from registry.offices.models import Office
from registry.offices.naming import OfficeKind
from registry.offices.repository import NamingReports, Offices, state_of
from registry.offices.service.inheriting import hand_over, list_stations, require_nothing_left
from registry.offices.service.recording import check_name, publish_office, put_name
from registry.offices.service.stating import HEADS_FACTS, Ground, OfficeFacts, state_facts


class OfficeChanges(OfficeFacts, total=False):
    """What is to be changed: only the members that are present."""

    name: str
    name_approval: NameApproval | None
    status: OfficeStatus
    merged_into: UUID


async def change_office(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    expected_version: int,
    changes: OfficeChanges,
    ground: Ground | None = None,
) -> Office:
    """Changes an office that the actor saw at `expected_version`, from a day on.

    Source: O1.1a, O1.1c, O1.2a, O1.2b, O1.3a, O1.3b, O1.3c, O2.1a, O2.1b, O2.1c, O2.2b.

    Raises:
        OfficeNotFound, OutOfScope, RoleRequired: no such office, or not this actor's to change.
        PreconditionFailed: somebody else changed it meanwhile.
        EffectiveDateRefused: the day lies after today, or before the state that this one follows.
        OfficeNameRefused, OfficeNameNeedsApproval: the name is not the ruled one.
        OfficeClosed, OfficeStatusChangeRefused, GuidedOfficesRemain, SuccessorRefused: its life does not go that way.
        PublicWindowRequired: it would operate without a window for the public.
        OfficeNotEmpty: it would be closed with people, things, contracts or open money that nobody takes over.
        The refusals of state_facts.

    Events: registry.office.changed.v1, if anything is different afterwards; registry.<record>.changed.v1 of everything
        that the office has, if it is merged into another.
    Locks: the office, and the one that takes over; both in the order of their ids; their records, if it is merged.
    """
    ground = ground or Ground(today())
    office = await _lock(uow.session, actor, office_id, changes.get("merged_into"))
    if await change_held(
        uow.session, office, actor=actor, expected_version=expected_version, changes=changes, ground=ground
    ):
        await publish_office(uow, office, "registry.office.change", reason=ground.reason, document=ground.document)
        if office.merged_into is not None:
            await _hand_over(uow, office, office.merged_into, ground)
    return office


async def _hand_over(uow: UnitOfWork, office: Office, successor: UUID, ground: Ground) -> None:
    heir = await Offices(uow.session).find(successor)
    assert heir is not None  # noqa: S101 - it is held since before the office was closed
    stations = {office.division: await list_stations(uow.session, office.division)}
    await hand_over(uow, moves={office.id: state_of(heir)}, stations=stations, ground=ground)


async def hold_offices(session: AsyncSession, *, actor: Actor, office_ids: Sequence[UUID]) -> dict[UUID, Office]:
    """Offices of the actor's subtree for a change of many; those that are not there, or not there for the actor, lack.

    Locks: the offices in the order of their ids until the transaction ends.
    """
    return {office.id: office for office in await Offices(session).find_many_for_change(office_ids, actor)}


async def change_held(
    session: AsyncSession,
    office: Office,
    *,
    actor: Actor,
    expected_version: int,
    changes: OfficeChanges,
    ground: Ground | None = None,
) -> bool:
    """What `change_office` does to an office that is held; True if it is different and has to be published.

    What an office that is merged has is given away by `change_office` alone.

    Source: O1.3a, O1.3b, O1.3c, O2.1a, O2.1b, O2.2b.

    Raises:
        as change_office.
    """
    ground = ground or Ground(today())
    _require_may_change(actor, office, changes)
    if office.version != expected_version:
        raise PreconditionFailed(current_version=office.version)
    require_alive(OfficeStatus(office.status))
    require_effective(ground.on, today=today(), previous=office.effective_on)
    if not await _apply(session, actor, office, changes, ground):
        return False
    office.version, office.effective_on = office.version + 1, ground.on
    return True


async def _lock(session: AsyncSession, actor: Actor, office_id: UUID, successor: UUID | None) -> Office:
    offices = Offices(session)
    if successor is not None:
        await offices.hold_all((office_id, successor))
    office = await offices.find_for_change(office_id, actor)
    if office is None:
        if await offices.find(office_id) is None:
            raise OfficeNotFound
        raise OutOfScope(clause="O1.3a")
    return office


def _require_may_change(actor: Actor, office: Office, changes: OfficeChanges) -> None:
    """A head may tell phone, duties and sign of the own office and of those it guides; the rest is a supervisor's.

    Source: O1.3a, O1.3c.
    """
    if set(changes) <= HEADS_FACTS:
        require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
        require_scope(actor, office.division)
    else:
        require_supervisor(actor, office.division, Level(office.level))


async def _apply(session: AsyncSession, actor: Actor, office: Office, changes: OfficeChanges, ground: Ground) -> bool:
    """Writes what differs into the row; True if anything did."""
    is_changed = state_facts(office, changes, ground)
    if "name" in changes and changes["name"] != office.name:
        name, kind = changes["name"], OfficeKind(office.kind)
        approval = await check_name(session, kind, name, office.division, changes.get("name_approval"), on=ground.on)
        put_name(office, name, approval)
        await NamingReports(session).settle(office.division, office.id)
        is_changed = True
    if "status" in changes and changes["status"] != office.status:
        await _set_status(session, actor, office, changes, ground)
        is_changed = True
    return is_changed


async def _set_status(
    session: AsyncSession, actor: Actor, office: Office, changes: OfficeChanges, ground: Ground
) -> None:
    status, successor = changes["status"], changes.get("merged_into")
    require_transition(OfficeStatus(office.status), status)
    end = end_of_validity(status, ground.on)
    if status is OfficeStatus.OPERATING:
        await _require_window(session, office, ground)
    if status is OfficeStatus.CLOSED and await Offices(session).guides_any(office.division):
        raise GuidedOfficesRemain
    if successor is not None:
        await _require_heir(session, actor, office, successor)
        office.merged_into = successor
    elif end is not None:
        await require_nothing_left(session, office.id, until=end)
    office.status, office.valid_to = status.value, end


async def _require_window(session: AsyncSession, office: Office, ground: Ground) -> None:
    """It has a window for the public on the day on which it opens, and today. Source: O2.2b."""
    for day in {ground.on, today()}:
        premises = await list_records(session, PremisesState, Wanted(office_id=office.id, on=day))
        require_window_to_operate(premises, office.kind, on=day)


async def _require_heir(session: AsyncSession, actor: Actor, office: Office, successor: UUID) -> None:
    """Another living office of the level, and the actor's to burden: it gets everything. Source: O1.3a."""
    heir = await Offices(session).find(successor)
    if heir is None or heir.id == office.id or heir.level != office.level or heir.status == OfficeStatus.CLOSED:
        raise SuccessorRefused
    require_supervisor(actor, heir.division, Level(heir.level))
