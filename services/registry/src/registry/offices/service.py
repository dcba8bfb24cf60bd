"""Use cases of offices."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, OutOfScope, Role, require_role, require_scope
from common.clock import today
from common.contracts.registry import OfficeState
from common.divisions import Level, level_of
from common.errors import PreconditionFailed
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.data.rows import DivisionKind, DivisionRow
from registry.divisions import service as divisions
from registry.divisions.models import Division
from registry.offices.domain import (
    NameApproval,
    OfficeStatus,
    edges_of,
    end_of_validity,
    kind_at,
    office_id,
    require_name,
    require_supervisor,
    require_transition,
)
from registry.offices.errors import GuidingOfficeMissing, OfficeAlreadyExists, OfficeNotFound
from registry.offices.events import office_changed
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import NamedOffice, NamingReport, OfficeKind, validate_name
from registry.offices.repository import (
    COLUMNS,
    NamingReports,
    OfficeFilter,
    Offices,
    ReportFilter,
    insert_entries,
    insert_missing,
)

RECORD = "registry.office"
REPORT_READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATISTICIAN, Role.AUDITOR, Role.ADMINISTRATOR)


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


async def create_office(
    uow: UnitOfWork,
    *,
    actor: Actor,
    division: str,
    name: str,
    approval: NameApproval | None,
    status: OfficeStatus,
    phone: str | None,
) -> Office:
    """Sets up the office of a division that has none: an informal unit, a village that the naming rule cannot name.

    Source: O1.3a, O1.3c, O2.1a, O2.1b.

    Raises:
        RoleRequired, OutOfScope: not a supervisor of a division above.
        DivisionNotFound, DivisionNotInForce: no such division today.
        OfficeNameRefused, OfficeNameNeedsApproval: the name is not the ruled one.
        GuidingOfficeMissing: the level above has no office.
        OfficeAlreadyExists: the division has one that is not closed.

    Events: registry.office.changed.v1.
    """
    level = level_of(division)
    require_supervisor(actor, division, level)
    kind = kind_at(level)
    await _check_name(uow.session, kind, name, division, approval)
    offices = Offices(uow.session)
    if await offices.find_open(division) is not None:
        raise OfficeAlreadyExists
    edges = edges_of(division)
    await _require_guide(offices, kind, edges.guidance)
    office = Office(
        id=uuid7(),
        division=division,
        level=level,
        kind=kind,
        name=name,
        name_source=_source_of_name(kind, approval),
        name_mark="V",
        name_approval_reason=approval.reason if approval else None,
        name_approval_document=approval.document if approval else None,
        status=status,
        leadership_division=edges.leadership,
        guidance_division=edges.guidance,
        phone=phone,
        valid_from=today(),
        valid_to=None,
        version=1,
    )
    offices.add(office)
    await _publish(uow, office, "registry.office.create", reason=approval.reason if approval else None)
    await NamingReports(uow.session).settle(division, office.id)
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

    Source: O1.3a, O2.1a, O2.1b.

    Raises:
        OfficeNotFound, OutOfScope, RoleRequired: no such office, or not this actor's to change.
        PreconditionFailed: somebody else changed it meanwhile.
        OfficeNameRefused, OfficeNameNeedsApproval, OfficeStatusChangeRefused: a rule says no.

    Events: registry.office.changed.v1, if anything is different afterwards.
    Locks: the office.
    """
    office = await _lock(uow.session, actor, office_id)
    _require_may_change(actor, office, changes)
    if office.version != expected_version:
        raise PreconditionFailed(current_version=office.version)
    if await _apply(uow.session, office, changes):
        office.version += 1
        await _publish(uow, office, "registry.office.change", reason=reason)
    return office


async def load_offices(uow: UnitOfWork, *, named: Sequence[NamedOffice], valid_from: date, reason: str) -> int:
    """Takes in the offices that the naming rule gives, for divisions that never had one; returns how many.

    Source: O1.3a, O2.1a, O2.1b, ADR 0006.

    Events: registry.office.changed.v1 for every new one.
    Idempotency: ids follow from the division; a division that has or had an office is left alone.
    """
    states = [_first_state(office, valid_from) for office in named]
    records = [
        tuple({**dict(state), "name_source": office.source, "name_mark": office.mark}[name] for name in COLUMNS)
        for state, office in zip(states, named, strict=True)
    ]
    added = await insert_missing(uow.conn, records)
    if added:
        await uow.publish(*(office_changed(state) for state in states if state.id in added))
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
    )


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
    name = changes.get("name", office.name)
    if name != office.name:
        approval = changes.get("name_approval")
        await _check_name(session, OfficeKind(office.kind), name, office.division, approval)
        office.name, office.name_mark = name, "V"
        office.name_source = _source_of_name(OfficeKind(office.kind), approval)
        office.name_approval_reason = approval.reason if approval else None
        office.name_approval_document = approval.document if approval else None
        is_changed = True
    status = changes.get("status", OfficeStatus(office.status))
    if status != office.status:
        require_transition(OfficeStatus(office.status), status)
        office.status, office.valid_to = status, end_of_validity(status, today())
        is_changed = True
    if "phone" in changes and changes["phone"] != office.phone:
        office.phone = changes["phone"]
        is_changed = True
    return is_changed


async def _check_name(
    session: AsyncSession, kind: OfficeKind, name: str, division: str, approval: NameApproval | None
) -> None:
    on = today()
    place, *above = [_row(found) for found in await divisions.get_path(session, code=division, on=on)]
    require_name(validate_name(kind, name, place, above=above, on=on), approval)


async def _require_guide(offices: Offices, kind: OfficeKind, guidance: str | None) -> None:
    if guidance is not None and await offices.find_open(guidance) is None:
        raise GuidingOfficeMissing(clause="O1.3c" if kind is OfficeKind.SERVICE_STATION else "O1.3a", division=guidance)


async def _publish(uow: UnitOfWork, office: Office, action: str, *, reason: str | None) -> None:
    await uow.flush()
    state = OfficeState.model_validate({name: getattr(office, name) for name in OfficeState.model_fields})
    await uow.publish(office_changed(state))
    await uow.record_audit(action, RECORD, str(office.id), division=office.division, reason=reason)


def _source_of_name(kind: OfficeKind, approval: NameApproval | None) -> str:
    if approval is not None:
        return approval.document
    return {OfficeKind.SERVICE_OFFICE: "O2.1a", OfficeKind.SERVICE_STATION: "O2.1b"}.get(kind, "S6")


def _row(division: Division) -> DivisionRow:
    return DivisionRow(division.code, Level(division.level), division.name, DivisionKind(division.kind))
