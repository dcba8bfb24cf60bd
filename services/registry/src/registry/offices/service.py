"""Use cases of offices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, OutOfScope, Role, require_role, require_scope
from common.clock import now, today
from common.contracts.registry import OfficeState
from common.divisions import Level, level_of
from common.errors import PreconditionFailed
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.divisions import service as divisions
from registry.divisions.errors import DivisionNotFound, DivisionNotInForce
from registry.history.domain import require_effective
from registry.history.service import remember_offices
from registry.offices.domain import (
    Edge,
    NameApproval,
    OfficeStatus,
    clause_of_name,
    edges_of,
    end_of_validity,
    kind_at,
    office_id,
    require_alive,
    require_leader,
    require_name,
    require_supervisor,
    require_transition,
    require_worker,
)
from registry.offices.errors import (
    GuidedOfficesRemain,
    GuidingOfficeMissing,
    OfficeAlreadyExists,
    OfficeDivisionUnknown,
    OfficeNotFound,
)
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import NamedOffice, NamingReport, OfficeKind, UnnamedReason, validate_name
from registry.offices.repository import (
    COLUMNS,
    NamingReports,
    OfficeFilter,
    Offices,
    ReportFilter,
    insert_entries,
    insert_missing,
    state_of,
)

RECORD = "registry.office"
REPORT_READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATISTICIAN, Role.AUDITOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class NewOffice:
    """An office as somebody wants it set up."""

    division: str
    name: str
    approval: NameApproval | None
    status: OfficeStatus
    phone: str | None


class OfficeChanges(TypedDict, total=False):
    """What is to be changed: only the members that are present."""

    name: str
    name_approval: NameApproval | None
    status: OfficeStatus
    phone: str | None


async def get_office(session: AsyncSession, *, office_id: UUID) -> Office:
    """The office; offices are public information.

    Source: O4.3e.

    Raises:
        OfficeNotFound: there is none.
    """
    office = await Offices(session).find(office_id)
    if office is None:
        raise OfficeNotFound
    return office


async def list_offices(
    session: AsyncSession, *, wanted: OfficeFilter, after: tuple[str, UUID] | None, limit: int
) -> list[Office]:
    """Offices in the order of the tree. Source: O4.3e."""
    return await Offices(session).page(wanted, after=after, limit=limit)


async def count_offices(session: AsyncSession) -> dict[OfficeKind, int]:
    """How many offices of each kind are not closed."""
    return await Offices(session).count_open()


async def count_unsettled(session: AsyncSession) -> dict[UnnamedReason, int]:
    """How many divisions the naming rule left without an office, and nobody gave one since, by reason."""
    return await NamingReports(session).count_unsettled()


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
    approval = await _check_name(uow.session, kind, new.name, new.division, new.approval)
    offices = Offices(uow.session)
    if await offices.find_open(new.division) is not None:
        raise OfficeAlreadyExists
    await _require_guide(offices, kind, edges.guidance)
    office = Office(id=uuid7(), division=new.division, level=level.value, kind=kind.value, version=1)
    office.leadership_division, office.guidance_division = edges.leadership, edges.guidance
    office.status, office.phone = new.status.value, new.phone
    office.valid_from, office.valid_to, office.effective_on = today(), None, today()
    _set_name(office, new.name, approval)
    offices.add(office)
    await _publish(uow, office, "registry.office.create", reason=approval.reason if approval else None)
    await NamingReports(uow.session).settle(new.division, office.id)
    return office


async def change_office(
    uow: UnitOfWork,
    *,
    actor: Actor,
    office_id: UUID,
    expected_version: int,
    changes: OfficeChanges,
    reason: str | None,
) -> Office:
    """Changes name, status or phone of an office that the actor saw at `expected_version`.

    Source: O1.3a, O1.3c, O2.1a, O2.1b.

    Raises:
        OfficeNotFound, OutOfScope, RoleRequired: no such office, or not this actor's to change.
        PreconditionFailed: somebody else changed it meanwhile.
        OfficeNameRefused, OfficeNameNeedsApproval: the name is not the ruled one.
        OfficeClosed, OfficeStatusChangeRefused, GuidedOfficesRemain: its life does not go that way.

    Events: registry.office.changed.v1, if anything is different afterwards.
    Locks: the office.
    """
    office = await _lock(uow.session, actor, office_id)
    _require_may_change(actor, office, changes)
    if office.version != expected_version:
        raise PreconditionFailed(current_version=office.version)
    require_alive(OfficeStatus(office.status))
    require_effective(today(), today=today(), previous=office.effective_on)
    if await _apply(uow.session, office, changes):
        office.version, office.effective_on = office.version + 1, today()
        await _publish(uow, office, "registry.office.change", reason=reason)
    return office


async def hold_office(session: AsyncSession, *, actor: Actor, office_id: UUID, edge: Edge) -> Office:
    """The office, for a use case that writes what hangs on it; the actor must stand on the right side of it.

    Source: O1.3a, O1.3c.

    Args:
        edge: leadership for staff, establishment, pay and money; guidance for the business itself.

    Raises:
        OfficeNotFound: there is none.
        RoleRequired, OutOfScope: the actor neither leads nor guides it.
        OfficeClosed: it is history.

    Locks: the office until the transaction ends, so that two such use cases follow one another.
    """
    office = await Offices(session).hold(office_id)
    if office is None:
        raise OfficeNotFound
    if edge is Edge.LEADERSHIP:
        require_leader(actor, leadership_division=office.leadership_division, level=Level(office.level))
    else:
        require_worker(actor, office.division)
    require_alive(OfficeStatus(office.status))
    return office


async def load_offices(uow: UnitOfWork, *, named: Sequence[NamedOffice], valid_from: date, reason: str) -> int:
    """Takes in the offices that the naming rule gives, for divisions that never had one; returns how many.

    Source: O1.3a, O2.1a, O2.1b, ADR 0006.

    Events: registry.office.changed.v1 for every new one.
    Idempotency: ids follow from the division; a division that has or had an office is left alone.
    """
    states = [_first_state(office, valid_from) for office in named]
    records = [_record(state, office) for state, office in zip(states, named, strict=True)]
    added = await insert_missing(uow.conn, records)
    if added:
        await remember_offices(uow, [state for state in states if state.id in added], is_first_load=True)
        await uow.record_audit("registry.office.load", RECORD, "*", reason=reason)
    return len(added)


async def list_report_entries(
    session: AsyncSession, *, actor: Actor, wanted: ReportFilter, after: tuple[str, str] | None, limit: int
) -> list[NamingReportEntry]:
    """Divisions of the actor's subtree that the naming rule left without an office name.

    Source: O2.1b, ADR 0006.

    Raises:
        RoleRequired: the report is working material of the bureaus, not public.
    """
    require_role(actor, *REPORT_READERS)
    return await NamingReports(session).page(wanted, actor=actor, after=after, limit=limit)


async def store_report(uow: UnitOfWork, *, report: NamingReport, reported_on: date) -> None:
    """Keeps what a load of divisions could not name.

    Source: ADR 0006.
    """
    await insert_entries(uow.conn, report.entries, reported_on)


def _first_state(office: NamedOffice, valid_from: date) -> OfficeState:
    edges = edges_of(office.division)
    return OfficeState(
        id=office_id(office.division),
        division=office.division,
        level=office.level,
        kind=office.kind.value,
        name=office.name,
        status=OfficeStatus.OPERATING.value,
        version=1,
        leadership_division=edges.leadership,
        guidance_division=edges.guidance,
        valid_from=valid_from,
        effective_on=valid_from,
        form="independent" if office.kind is not OfficeKind.SERVICE_STATION else None,
        management_mode="territorial",
    )


def _record(state: OfficeState, office: NamedOffice) -> tuple[Any, ...]:
    values = {**state.__dict__, "name_source": office.source, "name_mark": office.mark}
    return tuple(values[name] for name in COLUMNS)


async def _lock(session: AsyncSession, actor: Actor, office_id: UUID) -> Office:
    offices = Offices(session)
    office = await offices.find_for_change(office_id, actor)
    if office is None:
        if await offices.find(office_id) is None:
            raise OfficeNotFound
        raise OutOfScope(clause="O1.3a")
    return office


def _require_may_change(actor: Actor, office: Office, changes: OfficeChanges) -> None:
    """A head may change the phone of the own office and of those it guides; the rest is a supervisor's.

    Source: O1.3a, O1.3c.
    """
    if set(changes) <= {"phone"}:
        require_role(actor, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
        require_scope(actor, office.division)
    else:
        require_supervisor(actor, office.division, Level(office.level))


async def _apply(session: AsyncSession, office: Office, changes: OfficeChanges) -> bool:
    """Writes what differs into the row; True if anything did."""
    is_changed = False
    if "name" in changes and changes["name"] != office.name:
        name, kind = changes["name"], OfficeKind(office.kind)
        approval = await _check_name(session, kind, name, office.division, changes.get("name_approval"))
        _set_name(office, name, approval)
        is_changed = True
    if "status" in changes and changes["status"] != office.status:
        await _set_status(session, office, changes["status"])
        is_changed = True
    if "phone" in changes and changes["phone"] != office.phone:
        office.phone = changes["phone"]
        is_changed = True
    return is_changed


def _set_name(office: Office, name: str, approval: NameApproval | None) -> None:
    """People have named it; where the name is not the ruled one, its source is the approval. Source: O2.1a, O2.1b."""
    office.name, office.name_mark = name, "V"
    office.name_source = approval.document if approval else clause_of_name(OfficeKind(office.kind))
    office.name_approval_reason = approval.reason if approval else None
    office.name_approval_document = approval.document if approval else None


async def _set_status(session: AsyncSession, office: Office, status: OfficeStatus) -> None:
    require_transition(OfficeStatus(office.status), status)
    if status is OfficeStatus.CLOSED and await Offices(session).guides_any(office.division):
        raise GuidedOfficesRemain
    office.status, office.valid_to = status.value, end_of_validity(status, today())


async def _check_name(
    session: AsyncSession, kind: OfficeKind, name: str, division: str, approval: NameApproval | None
) -> NameApproval | None:
    """Refuses a wrong name; returns the approval if the name needs it."""
    on = today()
    place, *above = await divisions.get_rows(session, code=division, on=on)
    faults = validate_name(kind, name, place, above=above, on=on)
    require_name(faults, approval)
    return approval if faults else None


async def _hold_place(session: AsyncSession, division: str) -> None:
    try:
        await divisions.hold_division(session, code=division, on=today())
    except (DivisionNotFound, DivisionNotInForce):
        raise OfficeDivisionUnknown from None


async def _require_guide(offices: Offices, kind: OfficeKind, guidance: str | None) -> None:
    if guidance is not None and await offices.hold_open(guidance) is None:
        raise GuidingOfficeMissing(clause="O1.3c" if kind is OfficeKind.SERVICE_STATION else "O1.3a", division=guidance)


async def _publish(uow: UnitOfWork, office: Office, action: str, *, reason: str | None) -> None:
    office.updated_at = now()
    await uow.flush()
    await remember_offices(uow, [state_of(office)])
    await uow.record_audit(action, RECORD, str(office.id), division=office.division, reason=reason)
