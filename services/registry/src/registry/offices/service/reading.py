"""Offices and the naming report, as readers see them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import today
from common.contracts.registry import OfficeState
from common.contracts.registry.offices import ServiceContractState
from common.divisions import Level, node_at
from registry.divisions import service as divisions
from registry.history import service as history
from registry.offices.domain import OfficeStatus, kind_at, runs_on
from registry.offices.errors import OfficeNotFound, OfficeNotYet
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import NamedOffice, OfficeKind, Unnamed, UnnamedReason, name_offices
from registry.offices.repository import NamingReports, OfficeFilter, Offices, ReportFilter

REPORT_READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATISTICIAN, Role.AUDITOR, Role.ADMINISTRATOR)


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


async def is_served(session: AsyncSession, *, division: str) -> bool:
    """True if an operating office stands in a division today. Source: O1.3c."""
    office = await Offices(session).find_open(division)
    return office is not None and OfficeStatus(office.status) is OfficeStatus.OPERATING


async def served_divisions(session: AsyncSession, divisions: Collection[str]) -> set[str]:
    """Those of some divisions in which an operating office stands today. Source: O1.3c."""
    return await Offices(session).served(divisions) if divisions else set()


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


@dataclass(frozen=True, slots=True)
class OfficeVersion:
    """A state that an office had, and when it was written."""

    state: OfficeState
    recorded_at: datetime


async def list_office_versions(session: AsyncSession, *, office_id: UUID) -> list[OfficeVersion]:
    """Every state that the office had, the first one first.

    Source: O4.3e, ADR 0013.

    Raises:
        OfficeNotFound: there never was one.
    """
    found = await history.list_office_versions(session, office_id=office_id)
    if not found:
        raise OfficeNotFound
    return [OfficeVersion(state, recorded_at) for state, recorded_at in found]


async def get_office_version(session: AsyncSession, *, office_id: UUID, on: date) -> OfficeVersion:
    """The office as it stood on a Beijing day; its last state, if it was closed by then.

    Source: O4.3e, S3.

    Raises:
        OfficeNotFound: there never was one.
        OfficeNotYet: not yet on that day.
    """
    held = [one for one in await list_office_versions(session, office_id=office_id) if _day(one.state) <= on]
    if not held:
        raise OfficeNotYet(on=on.isoformat())
    return held[-1]


async def find_uncontracted(session: AsyncSession, offices: Iterable[Office | OfficeState], *, on: date) -> set[UUID]:
    """Those stations that live on a purchase of services and have no contract that runs on the day.

    Source: O1.2b.
    """
    buying = {office.id for office in offices if office.provision_mode == "purchased_service"}
    if not buying:
        return set()
    wanted = history.Wanted(office_ids=tuple(sorted(buying)), on=None if on == today() else on)
    contracts = await history.list_records(session, ServiceContractState, wanted)
    return buying - {contract.office_id for contract in contracts if runs_on(contract, on)}


@dataclass(frozen=True, slots=True)
class ProposedName:
    """The name that the rule gives to the office of a division, or why there is none."""

    division: str
    level: Level
    kind: OfficeKind
    named: NamedOffice | None
    unnamed: Unnamed | None


async def propose_name(session: AsyncSession, *, division: str, on: date) -> ProposedName:
    """What the office of a division should be called on a day.

    Source: O2.1a, O2.1b, ADR 0006.

    Raises:
        DivisionNotFound, DivisionNotInForce: no such division on that day.
    """
    place, *above = await divisions.get_rows(session, code=division, on=on)
    named, report = name_offices([place, *above], on=on)
    found = next((one for one in named if one.division == division and one.level is place.level), None)
    unnamed = next((one for one in report.entries if one.code == division and one.level is place.level), None)
    town = node_at(division, Level.TOWN)
    if found is not None and place.level is Level.VILLAGE and town is not None:
        others = await Offices(session).list_names({town})
        if any(name == found.name and code != division for code, name in others):
            found, unnamed = None, Unnamed(division, place.level, place.name, UnnamedReason.NAME_COLLISION)
    return ProposedName(division, place.level, kind_at(place.level), found, unnamed)


@dataclass(frozen=True, slots=True)
class SignCount:
    """Operating offices of a kind, and how many of them have the unified sign."""

    kind: OfficeKind
    operating: int
    installed: int


async def count_signs(session: AsyncSession, *, within: str, on: date) -> list[SignCount]:
    """How many operating offices of a division and below showed the unified sign on a day; bureaus have none.

    Source: O2.1c.
    """
    by = ("kind", "status", "sign_installed_on")
    counted = await history.count_office_states(session, history.Wanted(within=within), on=on, by=by)
    operating: Counter[str] = Counter()
    installed: Counter[str] = Counter()
    for (kind, status, day), offices in counted.items():
        if kind is not None and status == OfficeStatus.OPERATING:
            operating[kind] += offices
            installed[kind] += offices if day is not None and date.fromisoformat(day) <= on else 0
    signed = (OfficeKind.SERVICE_OFFICE, OfficeKind.SERVICE_STATION)
    return [SignCount(kind, operating[kind], installed[kind]) for kind in signed]


def _day(state: OfficeState) -> date:
    """Old states tell no day; they held from the beginning."""
    return state.effective_on or state.valid_from or date.min
