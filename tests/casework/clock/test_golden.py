"""Every start from 2010 to 2026 with every limit from 1 to 60 days, against both libraries day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.clock.domain import judge, started
from common.contracts.casework.cases import Limit

LONGEST = 60
YEARS = range(2010, 2027)
DAY = timedelta(days=1)


def due_on(calendar, start: date, limit: Limit) -> date | None:
    at = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
    ledger = started((), clock="handling", at=at, from_on=start, statutory=limit)
    return judge(ledger, calendar, clock="handling", on=start).due_on


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + DAY * offset for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


@pytest.mark.parametrize("year", YEARS)
def test_limits_in_working_days_end_where_both_libraries_count_them(calendar, worked, year):
    """O4.3c: the start is not counted, make-up days are, holidays and weekends are not."""
    limits = [Limit(value=value, unit="working_days") for value in range(1, LONGEST + 1)]
    last_known, checked = max(worked), 0
    for start in days_of(year):
        day = start
        for limit in limits:
            day += DAY
            while day not in worked and day <= last_known:
                day += DAY
            if day > last_known:
                break
            assert due_on(calendar, start, limit) == day, (start, limit.value)
            checked += 1
    assert checked > LONGEST * 365 * (0.8 if year == YEARS[-1] else 0.99)


@pytest.mark.parametrize("year", YEARS)
def test_limits_in_calendar_days_roll_over_rest_days(calendar, worked, year):
    """O4.3c, standards.md §6 (民法典 §203): a last day of rest moves to the first working day after it."""
    limits = [Limit(value=value, unit="calendar_days") for value in range(1, LONGEST + 1)]
    last_known, rolled = max(worked), 0
    for start in days_of(year):
        for limit in limits:
            plain = day = start + DAY * limit.value
            while day not in worked and day <= last_known:
                day += DAY
            if day > last_known:
                break
            assert due_on(calendar, start, limit) == day, (start, limit.value)
            rolled += day != plain
    assert rolled > LONGEST * 100 * (0.8 if year == YEARS[-1] else 1)


def test_counting_is_the_inverse_of_adding(calendar, known_days, worked):
    last_known = max(worked)
    for start in known_days[::11]:
        for count in range(1, LONGEST + 1):
            end = calendar.add_working_days(start, count)
            assert calendar.working_days_between(start, end) == count
            assert calendar.is_working(end)
            assert end > last_known or end in worked


@pytest.mark.parametrize(("promise", "wrong", "furthest"), [(5, 43, 8), (10, 65, 8), (20, 113, 7), (30, 145, 7)])
def test_counting_mondays_to_fridays_would_be_wrong_this_often(calendar, worked, promise, wrong, furthest):
    """standards.md §10: the second table, for every working day from January to October 2026."""
    starts = [day for day in sorted(worked) if date(2026, 1, 1) <= day <= date(2026, 10, 31)]
    assert len(starts) == 204
    off = [abs((naive(start, promise) - calendar.add_working_days(start, promise)).days) for start in starts]
    assert (sum(days > 0 for days in off), max(off)) == (wrong, furthest)


def naive(day: date, count: int) -> date:
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


@pytest.mark.parametrize(
    ("promise", "first"),
    [(5, date(2026, 12, 25)), (10, date(2026, 12, 18)), (20, date(2026, 12, 4)), (30, date(2026, 11, 20))],
)
def test_promises_need_the_calendar_of_2027_from_these_days_on(calendar, promise, first):
    """standards.md §10: until its notice is there, such a due date is provisional."""
    limit = Limit(value=promise, unit="working_days")
    readings = {}
    for start in (first - DAY, first):
        at = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
        ledger = started((), clock="handling", at=at, from_on=start, promised=limit)
        readings[start] = judge(ledger, calendar, clock="handling", on=start)
    assert (readings[first].is_provisional, readings[first].due_on.year) == (True, 2027)
    assert (readings[first - DAY].is_provisional, readings[first - DAY].due_on.year) == (False, 2026)


def test_2026_has_the_working_days_of_its_notice(calendar):
    """standards.md §10: 248 working days, six of them on weekends."""
    assert calendar.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248
    weekends = [day for day in days_of(2026) if day.weekday() >= 5 and calendar.is_working(day)]
    assert [day.strftime("%m-%d") for day in weekends] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
