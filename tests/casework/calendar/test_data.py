"""The vendored working days are what both libraries say."""

import importlib.util
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import chinese_calendar
import holidays
import pytest

from casework.calendar.catalogue import load_working_days
from casework.clock.domain import Calendar

ROOT = Path(__file__).resolve().parents[3]
OFFICIAL = range(2010, 2027)
PACKAGED = load_working_days()
CALENDAR = Calendar(UUID(int=1), PACKAGED.plans, fixed=PACKAGED.fixed)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range((date(year, 12, 31) - date(year, 1, 1)).days)]


@pytest.mark.parametrize("year", OFFICIAL)
def test_every_day_is_what_both_libraries_call_it(year):
    """standards.md §10: cross-checked, day by day."""
    other = holidays.country_holidays("CN", years=year)
    for day in [*days_of(year), date(year, 12, 31)]:
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day) == other.is_working_day(day), day
        assert not CALENDAR.is_provisional(day)


@pytest.mark.parametrize("year", OFFICIAL)
def test_a_notice_gives_the_number_of_rest_days_that_the_law_gives(year):
    """全国年节及纪念日放假办法: 11 days until 2024, 13 from 2025; 2015 and 2020 had more."""
    plan = CALENDAR.plan_of(year)
    given = sum(special.day.weekday() < 5 for special in plan.days if not special.is_working)
    taken = sum(special.is_working for special in plan.days)
    law = 13 if year >= 2025 else 11
    extra = {2015: 1, 2020: 2}.get(year, 0)
    assert given - taken == law + extra
    assert all(special.day.weekday() >= 5 for special in plan.days if special.is_working)


@pytest.mark.parametrize("year", range(2027, 2037))
def test_years_without_a_notice_follow_the_law_and_are_provisional(year):
    """standards.md §10: no make-up days, statutory days and the days given for them only."""
    plan = CALENDAR.plan_of(year)
    assert not plan.is_official
    assert CALENDAR.is_provisional(date(year, 6, 1))
    assert not any(special.is_working for special in plan.days)
    law = holidays.country_holidays("CN", years=year)
    for day in days_of(year):
        assert CALENDAR.is_working(day) == (day.weekday() < 5 and day not in law), day
    assert sum(special.day.weekday() < 5 for special in plan.days) == 13 - _lost(year)


def _lost(year: int) -> int:
    """A day that is two holidays gives one day of rest."""
    return sum("、" in name for name in PACKAGED.statutory[year].values())


def test_beyond_all_data_the_fixed_holidays_rest():
    for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
        assert not CALENDAR.is_working(date(2052, month, day))
    assert CALENDAR.is_working(date(2052, 10, 4))


def test_statutory_holidays_rest_in_every_official_year():
    for year in OFFICIAL:
        assert not [day for day in PACKAGED.statutory[year] if CALENDAR.is_working(day)], year


def test_days_of_december_belong_to_the_notice_of_the_next_year():
    by_year = {plan.year: {special.day for special in plan.days} for plan in PACKAGED.plans}
    assert {date(2011, 12, 31)} <= by_year[2012]
    assert {date(2018, 12, 29), date(2018, 12, 30), date(2018, 12, 31)} <= by_year[2019]
    assert CALENDAR.is_working(date(2011, 12, 31))
    assert not CALENDAR.is_working(date(2018, 12, 31))


def test_the_packaged_file_is_what_the_tool_derives():
    spec = importlib.util.spec_from_file_location("tools_working_days", ROOT / "tools" / "working_days.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.written(tool.derive()) == tool.OUTPUT.read_text(encoding="utf-8")
