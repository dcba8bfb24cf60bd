"""Values that the platform itself has of an office: inspections, reports, orders, figures; each with its sources.

Source: O4.3g, S5, O6.3a, S6.
"""

from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.clock import beijing_day
from common.contracts.reporting.assessments import (
    AssessmentSchemeState,
    AssessmentState,
    ComponentValueState,
    SchemeComponentState,
)
from common.db import Connection
from reporting.inspections.service import scores_between
from reporting.orders.domain import is_in_time, is_judged, last_due_on
from reporting.orders.service import orders_to
from reporting.reports.service.timeliness import reports_due
from reporting.statistics.domain import Months
from reporting.statistics.service import sums_of_months

PERMILLE = 1000
_DAY = timedelta(days=1)
_IN_TIME = ("closed_on_time",)
_CLOSED = ("closed_on_time", "closed_overdue")
_SATISFIED = ("rated_very_satisfied", "rated_satisfied", "rated_basically_satisfied")
_RATED = (*_SATISFIED, "rated_dissatisfied", "rated_very_dissatisfied")
Value = tuple[int, tuple[str, ...]]


async def collected(
    session: AsyncSession,
    assessment: AssessmentState,
    scheme: AssessmentSchemeState,
    division: str,
    *,
    at: datetime,
) -> tuple[ComponentValueState, ...]:
    """The values of an office's components that the platform knows; of persons none: they are entered.

    Source: O4.3g.
    """
    if assessment.subject != "office":
        return ()
    found = []
    for component in scheme.components:
        value = await _value(session, component, assessment, division, beijing_day(at))
        if value is not None:
            found.append(ComponentValueState(component=component.code, value=value[0], sources=value[1], as_of=at))
    return tuple(found)


async def _value(
    session: AsyncSession, component: SchemeComponentState, assessment: AssessmentState, division: str, on: date
) -> Value | None:
    if component.source == "inspection_score":
        return await _inspection_score(session, assessment, division)
    if component.source == "report_timeliness":
        return await _report_timeliness(session, assessment, division, on=on)
    if component.source == "order_timeliness":
        return await _order_timeliness(session, assessment, division, on=on)
    if component.source == "on_time_rate":
        return await _share(session, assessment, division, _IN_TIME, _CLOSED)
    if component.source == "rating":
        return await _share(session, assessment, division, _SATISFIED, _RATED)
    return None


async def _share(
    session: AsyncSession, assessment: AssessmentState, division: str, part: tuple[str, ...], whole: tuple[str, ...]
) -> Value | None:
    """A share of what the office itself did in whole months, in permille, as the assessor's level has accepted it."""
    months = _months(assessment)
    if months is None:
        return None
    conn = await _connection_of(session)
    found = await sums_of_months(conn, [division], whole, level=assessment.level, months=months, own=True)
    sums = found.get(division, {})
    total = sum(sums.get(name, 0) for name in whole)
    if total == 0:
        return None
    first, last = assessment.period_from, assessment.period_until
    sources = tuple(f"reporting.statistics/{assessment.level}/{division}/{first}/{last}/{name}" for name in whole)
    return sum(sums.get(name, 0) for name in part) * PERMILLE // total, sources


def _months(assessment: AssessmentState) -> Months | None:
    """The period as whole months; None where it is not made of them: then the value is entered."""
    first, last = assessment.period_from, assessment.period_until
    if first.day != 1 or (last + timedelta(days=1)).day != 1:
        return None
    return Months(first, last.replace(day=1))


async def _connection_of(session: AsyncSession) -> Connection:
    raw = await (await session.connection()).get_raw_connection()
    return cast("Connection", raw.driver_connection)


async def _inspection_score(session: AsyncSession, assessment: AssessmentState, division: str) -> Value | None:
    """The mean score of the period's first visits, in hundredths of a point, rounded down."""
    first, last = assessment.period_from.isoformat(), assessment.period_until.isoformat()
    visits = [one for one in await scores_between(session, division, first=first, last=last) if one.reinspects is None]
    scores = [one.score.value for one in visits if one.score is not None]
    if not scores:
        return None
    return sum(scores) // len(scores), _sources("reporting.inspection-visit", [one.id for one in visits])


async def _report_timeliness(
    session: AsyncSession, assessment: AssessmentState, division: str, *, on: date
) -> Value | None:
    """How many permille of the reports that were due in the period, and whose day is over, came in time.

    What was never begun was due all the same; what is not due yet counts for nobody.
    """
    last = min(assessment.period_until, on - _DAY)
    due = await reports_due(session, division, first=assessment.period_from, last=last)
    if not due:
        return None
    sources = tuple(
        f"reporting.report-period/{one.period_id}" if one.report_id is None else f"reporting.report/{one.report_id}"
        for one in due
    )
    return sum(one.is_on_time for one in due) * PERMILLE // len(due), sources


async def _order_timeliness(
    session: AsyncSession, assessment: AssessmentState, division: str, *, on: date
) -> Value | None:
    """How many permille of the orders that were due in the period were answered in time; silence is late."""
    orders = [
        one
        for one in await orders_to(session, division)
        if assessment.period_from <= last_due_on(one) <= assessment.period_until and is_judged(one, on=on)
    ]
    if not orders:
        return None
    in_time = sum(is_in_time(one, on=on) for one in orders)
    return in_time * PERMILLE // len(orders), _sources("reporting.order", [one.id for one in orders])


def _sources(name: str, ids: list[UUID]) -> tuple[str, ...]:
    return tuple(f"{name}/{one}" for one in ids)
