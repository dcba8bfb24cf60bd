"""Setting up the office of a division."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.divisions import level_of
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.divisions import service as divisions
from registry.divisions.errors import DivisionNotFound, DivisionNotInForce
from registry.history.domain import require_effective
from registry.offices.domain import NameApproval, OfficeStatus, edges_of, kind_at, require_supervisor
from registry.offices.errors import GuidingOfficeMissing, OfficeAlreadyExists, OfficeDivisionUnknown
from registry.offices.models import Office
from registry.offices.naming import OfficeKind
from registry.offices.repository import NamingReports, Offices
from registry.offices.service.recording import check_name, publish_office, put_name
from registry.offices.service.stating import Ground, OfficeFacts, state_facts


@dataclass(frozen=True, slots=True)
class NewOffice:
    """An office as somebody wants it set up."""

    division: str
    name: str
    approval: NameApproval | None
    status: OfficeStatus
    phone: str | None
    facts: OfficeFacts = field(default_factory=OfficeFacts)
    ground: Ground | None = None


async def create_office(uow: UnitOfWork, *, actor: Actor, new: NewOffice) -> Office:
    """Sets up the office of a division that has none: an informal unit, a village that the naming rule cannot name.

    Source: O1.3a, O1.3c, O2.1a, O2.1b.

    Raises:
        RoleRequired, OutOfScope: not a supervisor of a division above.
        EffectiveDateRefused: it would begin after today, or before the end of the office that the division had.
        OfficeDivisionUnknown: no such division on that day, or none today.
        OfficeNameRefused, OfficeNameNeedsApproval: the name is not the ruled one.
        OfficeAlreadyExists: the division has one that is not closed.
        GuidingOfficeMissing: the level above has no office.
        The refusals of state_facts.

    Events: registry.office.changed.v1.
    Locks: the division, and the office above until the transaction ends.
    """
    level = level_of(new.division)
    require_supervisor(actor, new.division, level)
    ground = new.ground or Ground(today())
    await _hold_place(uow.session, new.division, ground.on)
    kind, edges = kind_at(level), edges_of(new.division)
    approval = await check_name(uow.session, kind, new.name, new.division, new.approval, on=ground.on)
    offices = Offices(uow.session)
    if await offices.find_open(new.division) is not None:
        raise OfficeAlreadyExists
    require_effective(ground.on, today=today(), previous=await offices.last_day(new.division))
    await _require_guide(offices, kind, edges.guidance)
    office = Office(id=uuid7(), division=new.division, level=level.value, kind=kind.value, version=1)
    office.leadership_division, office.guidance_division = edges.leadership, edges.guidance
    office.status, office.valid_from, office.valid_to, office.effective_on = (
        new.status.value,
        ground.on,
        None,
        ground.on,
    )
    put_name(office, new.name, approval)
    _state_first(office, new, ground)
    offices.add(office)
    reason = ground.reason or (approval.reason if approval else None)
    await publish_office(uow, office, "registry.office.create", reason=reason, document=ground.document)
    await NamingReports(uow.session).settle(new.division, office.id)
    return office


def _state_first(office: Office, new: NewOffice, ground: Ground) -> None:
    """An office of its own under its own government, unless somebody says otherwise; stations have no form."""
    office.form = None if office.kind == OfficeKind.SERVICE_STATION else "independent"
    office.management_mode, office.phone = "territorial", new.phone
    state_facts(office, new.facts, ground)


async def _hold_place(session: AsyncSession, division: str, on: date) -> None:
    try:
        await divisions.hold_division(session, code=division, on=today())
        await divisions.get_division(session, code=division, on=on)
    except (DivisionNotFound, DivisionNotInForce):
        raise OfficeDivisionUnknown from None


async def _require_guide(offices: Offices, kind: OfficeKind, guidance: str | None) -> None:
    if guidance is not None and await offices.hold_open(guidance) is None:
        raise GuidingOfficeMissing(clause="O1.3c" if kind is OfficeKind.SERVICE_STATION else "O1.3a", division=guidance)
