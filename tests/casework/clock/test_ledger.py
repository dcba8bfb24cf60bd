"""What may be written into a ledger of time, and what may not."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.domain import (
    Calendar,
    SpecialDay,
    YearPlan,
    extended,
    is_running,
    judge,
    open_pauses,
    paused,
    resumed,
    started,
    stopped,
)
from casework.clock.errors import (
    ClockAlreadyExtended,
    ClockAlreadyPaused,
    ClockAlreadyStarted,
    ClockNotPaused,
    ClockNotRunning,
    DayOutsideCalendar,
    EntryTooEarly,
    ExtensionEmpty,
    StartInFuture,
)
from common.contracts.casework.cases import Limit

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
TEN = Limit(value=10, unit="working_days")


def begun(clock="handling", ledger=()):
    return started(ledger, clock=clock, at=NOON, from_on=MONDAY, statutory=TEN)


REFUSALS = {
    "started twice": (ClockAlreadyStarted, lambda: begun(ledger=begun())),
    "started again after its end": (
        ClockAlreadyStarted,
        lambda: begun(ledger=stopped(begun(), clock="handling", at=NOON)),
    ),
    "started tomorrow": (
        StartInFuture,
        lambda: started((), clock="handling", at=NOON, from_on=MONDAY + DAY, statutory=TEN),
    ),
    "paused without a clock": (ClockNotRunning, lambda: paused((), at=NOON, reason="hearing")),
    "paused after the end": (
        ClockNotRunning,
        lambda: paused(stopped(begun(), clock="handling", at=NOON), at=NOON, reason="hearing"),
    ),
    "paused twice for one reason": (
        ClockAlreadyPaused,
        lambda: paused(paused(begun(), at=NOON, reason="hearing"), at=NOON, reason="hearing"),
    ),
    "resumed without a pause": (ClockNotPaused, lambda: resumed(begun(), at=NOON, reason="hearing")),
    "resumed for another reason": (
        ClockNotPaused,
        lambda: resumed(paused(begun(), at=NOON, reason="hearing"), at=NOON, reason="supplement"),
    ),
    "resumed twice": (
        ClockNotPaused,
        lambda: resumed(
            resumed(paused(begun(), at=NOON, reason="hearing"), at=NOON, reason="hearing"), at=NOON, reason="hearing"
        ),
    ),
    "extended without a clock": (ClockNotRunning, lambda: extended((), clock="handling", at=NOON, extension=TEN)),
    "extended after the end": (
        ClockNotRunning,
        lambda: extended(stopped(begun(), clock="handling", at=NOON), clock="handling", at=NOON, extension=TEN),
    ),
    "extended twice": (
        ClockAlreadyExtended,
        lambda: extended(
            extended(begun(), clock="handling", at=NOON, extension=TEN), clock="handling", at=NOON, extension=TEN
        ),
    ),
    "extended by nothing": (
        ExtensionEmpty,
        lambda: extended(begun(), clock="handling", at=NOON, extension=Limit(value=0, unit="working_days")),
    ),
    "extended without a limit": (
        ExtensionEmpty,
        lambda: extended(
            started((), clock="handling", at=NOON, from_on=MONDAY), clock="handling", at=NOON, extension=TEN
        ),
    ),
    "stopped without a clock": (ClockNotRunning, lambda: stopped(begun("acceptance"), clock="handling", at=NOON)),
    "stopped twice": (
        ClockNotRunning,
        lambda: stopped(stopped(begun(), clock="handling", at=NOON), clock="handling", at=NOON),
    ),
    "written for yesterday": (EntryTooEarly, lambda: paused(begun(), at=NOON - DAY, reason="hearing")),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_ledger_refuses_what_cannot_have_happened(case):
    """O4.3c."""
    error, act = REFUSALS[case]
    with pytest.raises(error) as refused:
        act()
    assert refused.value.clause == "O4.3c"


def test_a_ledger_is_never_changed_only_followed():
    first = begun()
    second = paused(first, at=NOON, reason="hearing", by="clerk", clause="行政许可法第45条")
    assert first == second[:1]
    assert (second[-1].by, second[-1].clause) == ("clerk", "行政许可法第45条")


def test_two_pauses_of_different_reasons_end_one_by_one():
    ledger = paused(paused(begun(), at=NOON, reason="hearing"), at=NOON, reason="appraisal")
    assert open_pauses(ledger) == ("hearing", "appraisal")
    ledger = resumed(ledger, at=NOON, reason="hearing")
    assert open_pauses(ledger) == ("appraisal",)
    assert not open_pauses(resumed(ledger, at=NOON, reason="appraisal"))


def test_each_clock_begins_and_ends_for_itself():
    ledger = begun("handling", begun("acceptance"))
    ledger = stopped(ledger, clock="acceptance", at=NOON)
    assert (is_running(ledger, "acceptance"), is_running(ledger, "handling")) == (False, True)


def test_an_entry_of_the_same_day_may_be_a_moment_older():
    """Clocks of two servers differ; their day is what counts."""
    assert len(paused(begun(), at=NOON - timedelta(seconds=2), reason="hearing")) == 2


@given(st.lists(st.tuples(st.sampled_from(["start", "pause", "resume", "extend", "stop"]), st.sampled_from(
    ["supplement", "hearing"]), st.sampled_from(["acceptance", "handling"]), st.integers(0, 3)), max_size=25))  # fmt: skip
def test_whatever_is_tried_the_ledger_stays_readable(calendar, acts):
    """No order of acts makes a ledger that cannot be read, or one whose clock stands still without a pause."""
    ledger, at = (), NOON
    for act, reason, clock, days in acts:
        at += days * DAY
        try:
            ledger = {
                "start": lambda: started(ledger, clock=clock, at=at, from_on=at.date(), statutory=TEN),  # noqa: B023
                "pause": lambda: paused(ledger, at=at, reason=reason),  # noqa: B023
                "resume": lambda: resumed(ledger, at=at, reason=reason),  # noqa: B023
                "extend": lambda: extended(ledger, clock=clock, at=at, extension=TEN),  # noqa: B023
                "stop": lambda: stopped(ledger, clock=clock, at=at),  # noqa: B023
            }[act]()
        except (ClockAlreadyStarted, ClockNotRunning, ClockAlreadyPaused, ClockNotPaused, ClockAlreadyExtended):
            continue
        for name in ("acceptance", "handling"):
            reading = judge(ledger, calendar, clock=name, on=at.date())
            assert reading.is_running == is_running(ledger, name)
            assert not reading.is_paused or open_pauses(ledger)
            assert (reading.due_on is None) == (reading.is_paused or not reading.is_running or reading.due_on is None)


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_days_outside_of_the_calendar_are_refused(calendar, day):
    for ask in (calendar.is_working, calendar.roll_forward, lambda one: calendar.add_working_days(one, 1)):
        with pytest.raises(DayOutsideCalendar):
            ask(day)


@pytest.mark.parametrize("count", [100_000, -100_000])
def test_limits_that_leave_the_calendar_are_refused(calendar, count):
    for add in (calendar.add_working_days, calendar.add_days):
        with pytest.raises(DayOutsideCalendar):
            add(MONDAY, count)


def test_without_any_plan_only_weekends_and_fixed_holidays_rest():
    calendar = Calendar(UUID(int=2), (), fixed=((10, 1, "国庆节"),))
    assert not calendar.is_working(date(2050, 10, 1))
    assert (calendar.is_working(date(2050, 10, 3)), calendar.is_working(date(2050, 10, 8))) == (True, False)
    assert calendar.is_provisional(date(2050, 10, 1))
    assert calendar.plan_of(2050).days[0].name == "国庆节"


def test_of_two_notices_that_name_a_day_the_later_one_holds():
    """A notice for New Year's Day may take back what the old year's had said of its last days."""
    last = date(2026, 12, 31)
    plans = [
        YearPlan(2027, is_official=True, document="后", days=(SpecialDay(last, "holiday", "元旦"),)),
        YearPlan(2026, is_official=True, document="先", days=(SpecialDay(last, "make_up", "国庆节"),)),
    ]
    for order in (plans, plans[::-1]):
        assert not Calendar(UUID(int=3), order).is_working(last)
