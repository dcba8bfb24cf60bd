"""The packaged calendar, and the two libraries that it is held against."""

from datetime import date, timedelta
from uuid import UUID

import chinese_calendar
import holidays
import pytest

from casework.calendar.catalogue import load_working_days
from casework.clock.domain import Calendar

FIRST = date(2010, 1, 1)
LAST = date(2026, 12, 31)
"""What both libraries know."""


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The calendar of a fresh installation."""
    packaged = load_working_days()
    return Calendar(UUID(int=1), packaged.plans, fixed=packaged.fixed)


@pytest.fixture(scope="session")
def known_days() -> list[date]:
    """Every day that both libraries know."""
    return [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]


@pytest.fixture(scope="session")
def worked(known_days) -> set[date]:
    """The days that both libraries call working days; they call no day differently."""
    other = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    one = {day for day in known_days if chinese_calendar.is_workday(day)}
    two = {day for day in known_days if other.is_working_day(day)}
    assert one == two
    return one
