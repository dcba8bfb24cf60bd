"""Use cases of calendars."""

from collections.abc import Mapping
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from casework.calendar.catalogue import load_working_days
from casework.calendar.domain import Reckoned, YearOverview, overview, reckon
from casework.calendar.errors import CalendarMissing, CalendarVersionUnknown
from casework.calendar.repository import CALENDAR_VERSION, Calendars
from casework.clock.domain import Calendar, YearPlan
from common.clock import now
from common.contracts.casework.cases import Limit
from common.db import Connection, Database
from common.ids import uuid7

__all__ = [
    "CALENDAR_VERSION",
    "adopt_plan",
    "calendar_at",
    "calendar_of",
    "current_calendar",
    "get_year",
    "hold_calendar",
    "reckon_due_date",
    "seed_calendar",
    "statutory_holidays",
]

_KEPT = 8
_calendars: dict[UUID, Calendar] = {}
"""Versions that this process has read; a version never changes, so that nothing here can be stale."""


async def current_calendar(conn: Connection) -> Calendar:
    """The calendar that holds; one small statement, the days from the process's memory.

    Raises:
        CalendarMissing: none is stored.
    """
    version = await Calendars(conn).current()
    if version is None:
        raise CalendarMissing
    return await calendar_of(conn, version)


async def calendar_at(conn: Connection, version: UUID | None) -> Calendar:
    """The calendar of what `CALENDAR_VERSION` gave, which is nothing before any calendar is stored.

    Raises:
        CalendarMissing: none is stored.
    """
    if version is None:
        raise CalendarMissing
    return await calendar_of(conn, version)


async def calendar_of(conn: Connection, version: UUID) -> Calendar:
    """The calendar of a version, as `CALENDAR_VERSION` gave it.

    Raises:
        CalendarVersionUnknown: there is none.
    """
    known = _calendars.get(version)
    if known is not None:
        return known
    plans = await Calendars(conn).plans(version)
    if not plans:
        raise CalendarVersionUnknown
    return _keep(Calendar(version, plans, fixed=load_working_days().fixed))


async def get_year(conn: Connection, year: int) -> tuple[Calendar, YearOverview]:
    """What is known of a year. Source: O4.3c, O4.3e.

    Raises:
        CalendarMissing: no calendar is stored.
    """
    calendar = await current_calendar(conn)
    return calendar, overview(calendar, year)


async def reckon_due_date(conn: Connection, *, from_on: date, limit: Limit) -> tuple[Calendar, Reckoned]:
    """When a limit ends, with the reasons; for everybody. Source: O4.3c, O4.3e.

    Raises:
        CalendarMissing: no calendar is stored.
        DayOutsideCalendar: a day is not between 1990 and 2100.
    """
    calendar = await current_calendar(conn)
    return calendar, reckon(calendar, from_on=from_on, limit=limit)


async def hold_calendar(conn: Connection) -> Calendar:
    """The calendar that holds, and will hold until the transaction ends.

    Locks: against new versions; readers go on.

    Raises:
        CalendarMissing: no calendar is stored.
    """
    await Calendars(conn).lock()
    return await current_calendar(conn)


async def adopt_plan(conn: Connection, plan: YearPlan, *, note: str, mark: str) -> Calendar:
    """A new version: what held, with this plan in the place of its year's.

    It holds from the commit of the caller's transaction. It is not kept in memory before: the transaction may fail.

    Locks: against other new versions, until the transaction ends.

    Raises:
        CalendarMissing: no calendar is stored.
    """
    held = await hold_calendar(conn)
    plans = {one.year: one for one in held.plans} | {plan.year: plan}
    version = uuid7()
    await Calendars(conn).add(version, plans.values(), at=now(), document=plan.document, mark=mark, note=note)
    return Calendar(version, plans.values(), fixed=held.fixed)


def statutory_holidays(year: int) -> Mapping[date, str]:
    """The holidays of a year by law; of a year that nobody has reckoned, those of fixed day.

    Source: O4.3c; standards.md §10.
    """
    packaged = load_working_days()
    fixed = {date(year, month, day): name for month, day, name in packaged.fixed}
    return packaged.statutory.get(year, fixed)


async def seed_calendar(db: Database) -> None:
    """Stores the packaged calendar as the first version.

    Idempotency: a database that has a version keeps what it has; two at once wait for each other.
    """
    packaged = load_working_days()
    async with db.transaction() as conn:
        calendars = Calendars(conn)
        await calendars.lock()
        if await calendars.current() is None:
            version = uuid5(NAMESPACE_URL, f"urn:jiceng:calendar:{packaged.plans!r}")
            await calendars.add(
                version, packaged.plans, at=now(), document=packaged.document, mark=packaged.mark, note=packaged.note
            )


def _keep(calendar: Calendar) -> Calendar:
    while len(_calendars) >= _KEPT:
        _calendars.pop(next(iter(_calendars)))
    _calendars[calendar.version] = calendar
    return calendar
