"""Offices and the naming report, as readers see them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from registry.offices.errors import OfficeNotFound
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import OfficeKind, UnnamedReason
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
