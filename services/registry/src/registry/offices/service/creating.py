"""Setting up the office of a division."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.divisions import level_of
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.divisions import service as divisions
from registry.divisions.errors import DivisionNotFound, DivisionNotInForce
from registry.offices.domain import NameApproval, OfficeStatus, edges_of, kind_at, require_supervisor
from registry.offices.errors import GuidingOfficeMissing, OfficeAlreadyExists, OfficeDivisionUnknown
from registry.offices.models import Office
from registry.offices.naming import OfficeKind
from registry.offices.repository import NamingReports, Offices
from registry.offices.service.recording import check_name, publish_office, put_name


@dataclass(frozen=True, slots=True)
class NewOffice:
    """An office as somebody wants it set up."""

    division: str
    name: str
    approval: NameApproval | None
    status: OfficeStatus
    phone: str | None


async def create_office(uow: UnitOfWork, *, actor: Actor, new: NewOffice) -> Office:
    """Sets up the office of a division that has none: an informal unit, a village that the naming rule cannot name.

    Source: O1.3a, O1.3c, O2.1a, O2.1b.

    Raises:
        RoleRequired, OutOfScope: not a supervisor of a division above.
        OfficeDivisionUnknown: no such division today.
        OfficeNameRefused, OfficeNameNeedsApproval: the name is not the ruled one.
        OfficeAlreadyExists: the division has one that is not closed.
        GuidingOfficeMissing: the level above has no office.

    Events: registry.office.changed.v1.
    Locks: the division, and the office above until the transaction ends.
    """
    level = level_of(new.division)
    require_supervisor(actor, new.division, level)
    await _hold_place(uow.session, new.division)
    kind, edges = kind_at(level), edges_of(new.division)
    approval = await check_name(uow.session, kind, new.name, new.division, new.approval)
    offices = Offices(uow.session)
    if await offices.find_open(new.division) is not None:
        raise OfficeAlreadyExists
    await _require_guide(offices, kind, edges.guidance)
    office = Office(id=uuid7(), division=new.division, level=level.value, kind=kind.value, version=1)
    office.leadership_division, office.guidance_division = edges.leadership, edges.guidance
    office.status, office.phone = new.status.value, new.phone
    office.valid_from, office.valid_to, office.effective_on = today(), None, today()
    put_name(office, new.name, approval)
    offices.add(office)
    await publish_office(uow, office, "registry.office.create", reason=approval.reason if approval else None)
    await NamingReports(uow.session).settle(new.division, office.id)
    return office


async def _hold_place(session: AsyncSession, division: str) -> None:
    try:
        await divisions.hold_division(session, code=division, on=today())
    except (DivisionNotFound, DivisionNotInForce):
        raise OfficeDivisionUnknown from None


async def _require_guide(offices: Offices, kind: OfficeKind, guidance: str | None) -> None:
    if guidance is not None and await offices.hold_open(guidance) is None:
        raise GuidingOfficeMissing(clause="O1.3c" if kind is OfficeKind.SERVICE_STATION else "O1.3a", division=guidance)
