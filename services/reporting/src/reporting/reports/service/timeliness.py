"""How punctual one division is: for what is judged by it. Source: O6.3a, O4.3g."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import beijing_day
from reporting.reports.repository import connection_of
from reporting.reports.repository.timeliness import DueRows
from reporting.reports.service.keeping import report_id_of


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that was due.

    Attributes:
        report_id: None where it was never begun.
        is_on_time: first handed in on its day or before; one that was not handed in is not.
    """

    period_id: UUID
    report_id: UUID | None
    due_on: date
    is_on_time: bool


async def reports_due(session: AsyncSession, division: str, *, first: date, last: date) -> list[DueReport]:
    """Every report that a division owed from a day to a day, also those that it never began.

    Source: O6.3a, O4.3g.
    """
    rows = await DueRows(await connection_of(session)).between(division, first, last)
    return [
        DueReport(
            period_id=row["period_id"],
            report_id=None if row["status"] is None else report_id_of(row["period_id"], division),
            due_on=row["due_on"],
            is_on_time=row["first_submitted_at"] is not None
            and beijing_day(row["first_submitted_at"]) <= row["due_on"],
        )
        for row in rows
    ]
