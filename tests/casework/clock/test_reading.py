"""Pauses, extensions and stops, against a clock that walks from day to day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.clock.domain import (
    Ledger,
    extended,
    judge,
    lapsed_on,
    paused,
    resumed,
    started,
    stopped,
)
from common.contracts.casework.cases import CaseFile, Limit

DAY = timedelta(days=1)
EARLIEST = date(2024, 1, 1)
starts = st.integers(0, 900).map(lambda offset: EARLIEST + DAY * offset)
values = st.integers(1, 60)
units = st.sampled_from(["working_days", "calendar_days"])
limits = st.builds(Limit, value=values, unit=units)
REASONS = ("supplement", "hearing", "appraisal")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def begun(day: date, **told: Any) -> Ledger:
    told = {"statutory": Limit(value=20, unit="working_days")} | told
    return started((), clock="handling", at=at(day), from_on=day, **told)


def read(ledger: Ledger, calendar, on: date | None = None):
    return judge(ledger, calendar, clock="handling", on=on or ledger[-1].at.date())


def worked_days(value: int) -> Limit:
    return Limit(value=value, unit="working_days")


# --- one clock walked by hand --------------------------------------------------------------------------------------


class Walker:
    """The same clock, day by day: takes one day off while none of the pauses holds."""

    def __init__(self, calendar, parts: list[Limit], spans: list[tuple[date, date]]) -> None:
        self.calendar, self.parts, self.spans = calendar, parts, spans

    def stands_still(self, day: date) -> bool:
        return any(first < day <= last for first, last in self.spans)

    def due_on(self, start: date) -> date:
        day = start
        for part in self.parts:
            left = part.value
            while left:
                day += DAY
                counts = part.unit == "calendar_days" or self.calendar.is_working(day)
                left -= counts and not self.stands_still(day)
        while not self.calendar.is_working(day) or self.stands_still(day):
            day += DAY
        return day


@st.composite
def stories(draw) -> tuple[date, Limit, Limit | None, list[tuple[str, date, date]]]:
    """A start, a limit, perhaps an extension, and pauses of different reasons that may overlap."""
    start = draw(starts)
    extension = draw(st.none() | limits)
    pauses = []
    for reason in REASONS:
        day = start + DAY * draw(st.integers(0, 20))
        for length in draw(st.lists(st.integers(0, 15), max_size=3)):
            pauses.append((reason, day, day + DAY * length))
            day += DAY * (length + draw(st.integers(0, 20)))
    return start, draw(limits), extension, pauses


def written(start: date, limit: Limit, extension: Limit | None, pauses: list[tuple[str, date, date]]) -> Ledger:
    """The ledger of a story, in the order of the days."""
    acts = [(first, 0 if first != last else -1, "pause", reason) for reason, first, last in pauses]
    acts += [(last, 1 if first != last else 0, "resume", reason) for reason, first, last in pauses]
    order = {act: number for number, act in enumerate(acts)}
    ledger = begun(start, statutory=limit)
    if extension is not None:
        ledger = extended(ledger, clock="handling", at=at(start), extension=extension)
    open_reasons: set[str] = set()
    for day, _, act, reason in sorted(acts, key=lambda one: (one[0], one[2] == "pause", order[one])):
        if act == "pause" and reason not in open_reasons:
            ledger = paused(ledger, at=at(day), reason=reason)
            open_reasons.add(reason)
        elif act == "resume" and reason in open_reasons:
            ledger = resumed(ledger, at=at(day), reason=reason)
            open_reasons.discard(reason)
    for reason in sorted(open_reasons):
        ledger = resumed(ledger, at=ledger[-1].at, reason=reason)
    return ledger


def spans_of(ledger: Ledger) -> list[tuple[date, date]]:
    found, begun_on = [], {}
    for entry in ledger:
        if entry.fact == "paused":
            begun_on[entry.reason] = entry.at.date()
        elif entry.fact == "resumed":
            found.append((begun_on.pop(entry.reason), entry.at.date()))
    return found


@given(stories())
def test_a_ledger_with_pauses_of_many_reasons_ends_where_a_walk_from_day_to_day_ends(calendar, story):
    """O4.3c, standards.md §6: the clock runs again when all pauses have ended, and no last day is a paused one."""
    start, limit, extension, pauses = story
    ledger = written(start, limit, extension, pauses)
    parts = [limit] if extension is None else [limit, extension]
    assert read(ledger, calendar).due_on == Walker(calendar, parts, spans_of(ledger)).due_on(start)


@given(stories())
def test_every_prefix_of_a_ledger_reads_as_it_did_when_it_was_the_whole(calendar, story):
    """O4.3c: what is stored is replayed to the same date, entry by entry."""
    ledger = written(*story)
    for length in range(1, len(ledger) + 1):
        prefix = ledger[:length]
        stored = CaseFile.model_validate_json(CaseFile(ledger=prefix).model_dump_json()).ledger
        on = prefix[-1].at.date()
        assert read(stored, calendar, on) == read(prefix, calendar, on)
        assert read(prefix, calendar, on).is_paused == (read(prefix, calendar, on).due_on is None)


@given(starts, values, st.data())
def test_pausing_k_working_days_moves_the_due_date_by_exactly_k_working_days(calendar, start, value, data):
    """Issue 4, must show 1."""
    before = begun(start, statutory=worked_days(value))
    due = read(before, calendar, start).due_on
    first = start + DAY * data.draw(st.integers(0, (due - start).days - 1))
    length = data.draw(st.integers(0, 40))
    last = calendar.add_working_days(first, length)
    after = resumed(paused(before, at=at(first), reason="hearing"), at=at(last), reason="hearing")
    moved = read(after, calendar).due_on
    assert calendar.working_days_between(due, moved) == length
    assert moved == calendar.add_working_days(due, length)


@given(starts, values, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_step_by_step_each_resumption_moves_the_date_by_what_was_paused(calendar, start, value, gaps):
    """The date after each entry follows from the one before it; the whole ledger says the same."""
    ledger = begun(start, statutory=worked_days(value))
    due, day = read(ledger, calendar, start).due_on, start
    for run, pause in gaps:
        first = day + DAY * run
        day = first + DAY * pause
        ledger = resumed(paused(ledger, at=at(first), reason="other"), at=at(day), reason="other")
        if first < due:
            due = calendar.add_working_days(due, calendar.working_days_between(first, day))
    assert read(ledger, calendar, day).due_on == due


@given(starts, values, st.integers(0, 80), st.integers(0, 30), st.integers(0, 90))
def test_elapsed_and_remaining_add_up_to_the_limit(calendar, start, value, run, pause, later):
    """Attribution: what ran, and what remains or is overdue, are the whole of the limit."""
    first = start + DAY * run
    last = first + DAY * pause
    ledger = resumed(paused(begun(start, statutory=worked_days(value)), at=at(first), reason="hearing"),
                     at=at(last), reason="hearing")  # fmt: skip
    for on in (first, last, last + DAY * later):
        reading = read(ledger, calendar, on)
        assert reading.elapsed + reading.remaining - reading.overdue == value
        assert not (reading.remaining and reading.overdue)


@given(starts, values, st.integers(0, 80), st.integers(0, 30))
def test_while_it_stands_still_a_clock_shows_the_same_every_day(calendar, start, value, run, later):
    first = start + DAY * run
    ledger = paused(begun(start, statutory=worked_days(value)), at=at(first), reason="inspection")
    shown = [read(ledger, calendar, day) for day in (first, first + DAY * later)]
    assert shown[0] == shown[1]
    assert (shown[0].is_paused, shown[0].due_on, shown[0].statutory_due_on) == (True, None, None)
    assert shown[0].elapsed + shown[0].remaining - shown[0].overdue == value


@given(starts, values, st.integers(0, 100), st.integers(1, 100))
def test_a_stopped_clock_shows_for_ever_what_it_showed(calendar, start, value, run, later):
    """O4.3c: how late a case was does not grow after its end."""
    end = start + DAY * run
    running = begun(start, statutory=worked_days(value))
    ledger = stopped(running, clock="handling", at=at(end))
    then, now = (read(ledger, calendar, day) for day in (end, end + DAY * later))
    assert then == now
    assert (then.is_running, then.due_on) == (False, None)
    assert then.last_due_on == read(running, calendar, end).due_on
    assert then.overdue == read(running, calendar, end).overdue
    assert (then.overdue > 0) == (calendar.working_days_between(then.last_due_on, end) > 0)


@given(starts, values, values)
def test_an_extension_in_the_same_unit_is_a_longer_limit(calendar, start, value, more):
    """standards.md §6 (行政许可法 §42)."""
    ledger = extended(
        begun(start, statutory=worked_days(value)), clock="handling", at=at(start), extension=worked_days(more)
    )
    assert read(ledger, calendar, start).due_on == calendar.add_working_days(start, value + more)


# --- examples that a person can follow -----------------------------------------------------------------------------


def test_national_day_with_its_make_up_day_in_a_limit(calendar):
    """18 September 2026 + 10: Sunday the 20th is worked, the 25th to 27th and the first week of October are not."""
    assert read(begun(date(2026, 9, 18), statutory=worked_days(10)), calendar).due_on == date(2026, 10, 9)


def test_a_promise_may_be_shorter_than_the_law_and_never_longer(calendar):
    """O4.3c: both are judged; the earlier one is due."""
    start = date(2026, 3, 2)
    shorter = read(begun(start, promised=worked_days(5), statutory=worked_days(20)), calendar)
    assert (shorter.due_on, shorter.statutory_due_on) == (date(2026, 3, 9), date(2026, 3, 30))
    longer = read(begun(start, promised=worked_days(30)), calendar)
    assert (longer.due_on, longer.statutory_due_on) == (date(2026, 3, 30), date(2026, 3, 30))
    alone = read(begun(start, promised=worked_days(5), statutory=None), calendar)
    assert (alone.due_on, alone.statutory_due_on) == (date(2026, 3, 9), None)


def test_an_extension_lengthens_the_promise_and_the_law(calendar):
    """standards.md §6: the extension is told to the applicant, so it is the promise as well."""
    start = date(2026, 3, 2)
    ledger = begun(start, promised=worked_days(5), statutory=worked_days(20))
    ledger = extended(ledger, clock="handling", at=at(date(2026, 3, 6)), extension=worked_days(10))
    reading = read(ledger, calendar)
    assert (reading.due_on, reading.statutory_due_on) == (date(2026, 3, 23), date(2026, 4, 14))


def test_a_limit_in_working_days_may_be_extended_by_calendar_days(calendar):
    ledger = begun(date(2026, 3, 2), statutory=worked_days(5))
    ledger = extended(
        ledger, clock="handling", at=at(date(2026, 3, 6)), extension=Limit(value=15, unit="calendar_days")
    )
    assert read(ledger, calendar).due_on == date(2026, 3, 24)


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [
        (date(2026, 3, 5), date(2026, 3, 10), date(2026, 3, 19)),
        (date(2026, 3, 14), date(2026, 3, 19), date(2026, 3, 20)),
        (date(2026, 3, 15), date(2026, 3, 19), date(2026, 3, 20)),
        (date(2026, 3, 16), date(2026, 3, 25), date(2026, 3, 16)),
        (date(2026, 3, 1), date(2026, 3, 4), date(2026, 3, 17)),
    ],
    ids=["within", "on the last day", "between the last day and Monday", "after the end", "from a rest day"],
)
def test_a_limit_in_calendar_days_waits_for_the_pause_and_ends_on_no_paused_day(calendar, first, last, due):
    """15 days from Friday 27 February end on Saturday 14 March, so on Monday 16 March."""
    start = date(2026, 2, 27)
    ledger = begun(start, statutory=Limit(value=15, unit="calendar_days"))
    assert read(ledger, calendar).due_on == date(2026, 3, 16)
    ledger = resumed(paused(ledger, at=at(first), reason="hearing"), at=at(last), reason="hearing")
    assert read(ledger, calendar).due_on == due


def test_pauses_between_the_start_and_its_entry_count_for_the_clock(calendar):
    """A deemed acceptance starts the clock from the day of receipt, after the fact."""
    received, entered = date(2026, 3, 2), date(2026, 3, 12)
    ledger = started((), clock="acceptance", at=at(received), from_on=received, statutory=worked_days(5))
    ledger = resumed(paused(ledger, at=at(date(2026, 3, 4)), reason="supplement"),
                     at=at(date(2026, 3, 6)), reason="supplement")  # fmt: skip
    ledger = started(ledger, clock="handling", at=at(entered), from_on=received, statutory=worked_days(20))
    assert read(ledger, calendar).due_on == calendar.add_working_days(received, 22)


@pytest.mark.parametrize("unit", ["working_days", "calendar_days"])
def test_of_a_pause_that_was_open_at_the_start_only_the_days_after_it_count(calendar, unit):
    """Wednesday to Tuesday, the clock from Friday: the two days before its start were never its own."""
    ledger = started(
        (), clock="acceptance", at=at(date(2026, 3, 2)), from_on=date(2026, 3, 2), statutory=worked_days(5)
    )
    ledger = paused(ledger, at=at(date(2026, 3, 4)), reason="supplement")
    ledger = started(
        ledger, clock="handling", at=at(date(2026, 3, 9)), from_on=date(2026, 3, 6), statutory=Limit(value=7, unit=unit)
    )
    ledger = resumed(ledger, at=at(date(2026, 3, 10)), reason="supplement")
    assert (
        read(ledger, calendar).due_on == {"working_days": date(2026, 3, 19), "calendar_days": date(2026, 3, 17)}[unit]
    )


def test_a_pause_holds_for_both_clocks(calendar):
    received = date(2026, 3, 2)
    ledger = started((), clock="acceptance", at=at(received), from_on=received, statutory=worked_days(5))
    ledger = started(ledger, clock="handling", at=at(received), from_on=received, statutory=worked_days(20))
    ledger = paused(ledger, at=at(received), reason="supplement")
    for clock in ("acceptance", "handling"):
        assert judge(ledger, calendar, clock=clock, on=received).is_paused


def test_a_clock_without_a_limit_counts_and_is_never_due(calendar):
    reading = read(begun(date(2026, 3, 2), statutory=None), calendar, date(2026, 3, 6))
    assert (reading.due_on, reading.elapsed, reading.remaining, reading.overdue) == (None, 4, 0, 0)
    assert reading.is_running


def test_a_clock_that_has_not_begun_shows_nothing(calendar):
    reading = judge((), calendar, clock="handling", on=date(2026, 3, 2))
    assert (reading.is_running, reading.due_on, reading.elapsed) == (False, None, 0)


def test_an_immediate_matter_is_due_on_its_day_or_on_the_next_worked_one(calendar):
    for start, due in ((date(2026, 3, 2), date(2026, 3, 2)), (date(2026, 3, 7), date(2026, 3, 9))):
        assert read(begun(start, statutory=worked_days(0)), calendar).due_on == due


def test_a_case_that_was_overdue_stays_overdue_while_it_stands_still(calendar):
    """O4.3c: a pause that comes too late excuses nothing."""
    ledger = begun(date(2026, 3, 2), statutory=worked_days(5))
    ledger = paused(ledger, at=at(date(2026, 3, 12)), reason="appraisal")
    reading = read(ledger, calendar, date(2026, 4, 30))
    assert (reading.overdue, reading.due_on, reading.last_due_on) == (3, None, date(2026, 3, 9))


@pytest.mark.parametrize(
    ("start", "lapses"),
    [
        (date(2026, 3, 2), date(2026, 3, 10)),
        (date(2026, 9, 18), date(2026, 9, 25)),
        (date(2026, 9, 30), date(2026, 10, 14)),
    ],
)
def test_five_silent_working_days_are_an_acceptance(calendar, start, lapses):
    """standards.md §6 (行政许可法 §32)."""
    ledger = started((), clock="acceptance", at=at(start), from_on=start, statutory=worked_days(5))
    assert lapsed_on(ledger, calendar) == lapses


def test_silence_means_nothing_once_somebody_has_spoken(calendar):
    """standards.md §6: told what is missing, or answered."""
    start = date(2026, 3, 2)
    ledger = started((), clock="acceptance", at=at(start), from_on=start, statutory=worked_days(5))
    assert lapsed_on(paused(ledger, at=at(start), reason="supplement"), calendar) is None
    assert lapsed_on(stopped(ledger, clock="acceptance", at=at(start)), calendar) is None
    assert lapsed_on((), calendar) is None


def test_it_is_the_law_that_lapses_not_the_promise(calendar):
    start = date(2026, 3, 2)
    ledger = started((), clock="acceptance", at=at(start), from_on=start,
                     promised=worked_days(1), statutory=worked_days(5))  # fmt: skip
    assert lapsed_on(ledger, calendar) == date(2026, 3, 10)


def test_working_days_in_a_row_are_what_the_calendar_adds(calendar):
    days = [calendar.add_working_days(date(2026, 9, 18), count) for count in range(1, 12)]
    assert all(later > earlier for earlier, later in pairwise(days))
    assert calendar.add_working_days(days[-1], -10) == days[0]
