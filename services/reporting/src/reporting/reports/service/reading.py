"""Reading schedules, reports and their versions. Source: O6.3a, S6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.reporting.reports import PeriodState, ReminderState, ReportState, ScheduleState
from common.db import Connection
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, list_records
from reporting.reports.domain.progress import Change, changes_between
from reporting.reports.domain.states import READERS
from reporting.reports.errors import VersionsReversed
from reporting.reports.repository import Periods, Version, Versions, connection_of
from reporting.reports.service.keeping import find_seen, heir_of


@dataclass(frozen=True, slots=True)
class OutdatedBase:
    """An approved report below has a newer edition than the one that `division` is composed from.

    Attributes:
        edition: None where nothing of `below` was approved when `division` was composed.
    """

    division: str
    below: str
    edition: int | None
    edition_now: int


async def declared_of(
    session: AsyncSession,
    *,
    divisions: Sequence[str],
    period_id: UUID | None = None,
    programme_id: UUID | None = None,
    latest_on: date | None = None,
) -> dict[str, ReportState]:
    """What divisions declare: the edition in force; of those without one, what lies before the level above.

    What was taken back or returned is nobody's declaration.

    Source: O6.3a, S5.

    Args:
        period_id: of this period; or
        programme_id, latest_on: of a programme, whose data are not younger than that day: for each division the
            newest period in which it declares something, whoever else reports in a newer one.
    """
    versions = Versions(await connection_of(session))
    if period_id is not None:
        return await versions.declared(divisions, period_id=period_id)
    if programme_id is None or latest_on is None:
        return {}
    return await versions.declared(divisions, programme_id=programme_id, latest_on=latest_on)


async def list_schedules(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ScheduleState]:
    """Schedules of the scope.

    Source: O6.3a.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await list_records(session, ScheduleState, wanted, actor=actor, after=after, limit=limit)


async def list_reminders(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ReminderState]:
    """Reminders of the scope.

    Source: O6.3a.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await list_records(session, ReminderState, wanted, actor=actor, after=after, limit=limit)


async def get_report(session: AsyncSession, *, actor: Actor, report_id: UUID) -> ReportState:
    """A report as it stands, of the scope or one that the actor's division reviews.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound: none that the actor sees.
    """
    require_role(actor, *READERS)
    return await find_seen(session, report_id, actor)


async def list_reports(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ReportState]:
    """Reports of the scope; asked for those that the actor's division reviews, wherever they lie today.

    Source: O6.3a.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    parent = dict(wanted.equal).get("parent")
    is_reviewer = parent is not None and await heir_of(await connection_of(session), parent) == actor.division
    return await list_records(
        session, ReportState, wanted, actor=None if is_reviewer else actor, after=after, limit=limit
    )


async def template_of(session: AsyncSession, report: ReportState) -> PeriodState:
    """The period of a report, with its template; whoever sees the report sees these.

    Source: O6.3a.
    """
    return await get_record(session, PeriodState, report.period_id)


async def outdated_of(session: AsyncSession, report: ReportState) -> list[OutdatedBase]:
    """Where a report stands on an older version: its own bases, and those of the reports in force below it.

    Source: O6.3a.
    """
    rows = await Versions(await connection_of(session)).outdated(report)
    return [OutdatedBase(row["division"], row["below"], row["below_edition"], row["approved_edition"]) for row in rows]


async def list_versions(session: AsyncSession, report: ReportState, *, after: int, limit: int) -> list[Version]:
    """Every version of a report, the first one first.

    Source: O6.3a.
    """
    return await Versions(await connection_of(session)).page(report, after=after, limit=limit)


async def get_version(session: AsyncSession, report: ReportState, version: int) -> Version:
    """A report as it was; what was published on that version keeps pointing to it.

    Source: O6.3a.

    Raises:
        RecordNotFound: it had no such version.
    """
    found = await Versions(await connection_of(session)).find(report.period_id, report.division, version)
    if found is None:
        raise RecordNotFound
    return found


async def diff_versions(
    session: AsyncSession, report: ReportState, *, first: int, last: int
) -> tuple[Version, Version, tuple[Change, ...]]:
    """What differs between two versions.

    Source: O6.3a.

    Raises:
        VersionsReversed, RecordNotFound: the second is not newer; it had no such version.
    """
    if first >= last:
        raise VersionsReversed
    before, after = await get_version(session, report, first), await get_version(session, report, last)
    return before, after, changes_between(before.state, after.state)


async def list_unlocked(conn: Connection) -> list[UUID]:
    """Closed periods in which approved reports wait to be locked; for the job.

    Source: O6.3a.
    """
    return await Periods(conn).unlocked_closed()
