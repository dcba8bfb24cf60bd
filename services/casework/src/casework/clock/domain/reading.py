"""Reading a clock: what a ledger and a calendar say on a day. The same ledger always says the same."""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.clock.domain.calendar import Calendar
from casework.clock.domain.ledger import Ledger
from common.clock import beijing_day
from common.contracts.casework.cases import ClockEntry, ClockName, Limit, PauseReason

Span = tuple[date, date | None]
"""A pause: it takes away the days in (first, last]; without a last day it is open."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows on a day. Days are working days, also those of a limit in calendar days.

    Attributes:
        due_on: last day of the promised limit, or of the statutory one where nothing is promised or where the law
            ends earlier; None while the clock stands still, after it has stopped, and without a limit.
        statutory_due_on: the same of the statutory limit alone.
        is_paused: it stands still.
        is_running: it has begun and not ended; also while it stands still.
        elapsed: counted so far; without paused days.
        remaining: after this day until and with the last day; while it stands still, what would remain if it went on
            today; 0 without a limit and when it is over.
        overdue: after the last day; without paused days. When it has stopped: how late that was.
        is_provisional: a year that is counted for the last day has no official notice yet.
        last_due_on: the last day also when the clock has stopped or was over before it stood still.
    """

    due_on: date | None
    statutory_due_on: date | None
    is_paused: bool
    is_running: bool
    elapsed: int
    remaining: int
    overdue: int
    is_provisional: bool
    last_due_on: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """One clock's part of a ledger.

    Attributes:
        pauses: with their reasons, as they were written.
        spans: the same merged, in order, clipped to the run; only the last may be open.
        stopped_on: the Beijing day on which it ended.
    """

    start: ClockEntry
    from_on: date
    extension: ClockEntry | None
    stop: ClockEntry | None
    stopped_on: date | None
    pauses: tuple[tuple[PauseReason | None, ClockEntry, ClockEntry | None], ...]
    spans: tuple[Span, ...]

    @property
    def is_paused(self) -> bool:
        """It stands still."""
        return bool(self.spans) and self.spans[-1][1] is None


_NOT_STARTED = Reading(None, None, False, False, 0, 0, 0, False, None)


def judge(ledger: Ledger, calendar: Calendar, *, clock: ClockName, on: date) -> Reading:
    """What a clock shows on a Beijing day, by everything that the ledger holds.

    Source: O4.3c; standards.md §6 (民法典 §201, §203; 行政许可法 §42, §45).
    """
    run = run_of(ledger, clock)
    if run is None:
        return _NOT_STARTED
    until = on if run.stopped_on is None else min(on, run.stopped_on)
    ends = due_days(run, calendar)
    last = earlier(ends.promised, ends.statutory)
    shows = run.stop is None and not run.is_paused
    return Reading(
        due_on=last if shows else None,
        statutory_due_on=ends.statutory if shows else None,
        is_paused=run.is_paused and run.stop is None,
        is_running=run.stop is None,
        elapsed=_running_days(run, calendar, run.from_on, until),
        remaining=_remaining(run, calendar, last, until),
        overdue=0 if last is None else _running_days(run, calendar, last, until),
        is_provisional=last is not None and _is_provisional(calendar, run.from_on, last),
        last_due_on=last,
    )


def lapsed_on(ledger: Ledger, calendar: Calendar) -> date | None:
    """The first day on which silence counts as acceptance from the day received; None while that may not happen.

    It is the statutory limit that lapses; the promised one where there is no other.

    Source: O4.3c; standards.md §6 (行政许可法 §32).
    """
    run = run_of(ledger, "acceptance")
    if run is None or run.stop is not None or run.is_paused:
        return None
    ends = due_days(run, calendar)
    last = ends.statutory or ends.promised
    return None if last is None else last + _DAY


@dataclass(frozen=True, slots=True)
class Ends:
    """The last days of a clock; None where there is no limit, or an open pause began before the limit's end."""

    promised: date | None
    statutory: date | None


def due_days(run: Run, calendar: Calendar, *, resumed_on: date | None = None) -> Ends:
    """The last days of both limits; with `resumed_on`, as if an open pause ended on that day.

    Source: O4.3c; standards.md §6.
    """
    spans = tuple((first, last or resumed_on) for first, last in run.spans)
    return Ends(_end(run, run.start.promised, calendar, spans), _end(run, run.start.statutory, calendar, spans))


def run_of(ledger: Ledger, clock: ClockName) -> Run | None:
    """One clock's part of a ledger; None if it has not begun. Source: O4.3c."""
    start = extension = stop = None
    for entry in ledger:
        if entry.clock != clock:
            continue
        if entry.fact == "started":
            start = entry
        elif entry.fact == "extended":
            extension = entry
        elif entry.fact == "stopped":
            stop = entry
    if start is None or start.from_on is None:
        return None
    stopped_on = None if stop is None else beijing_day(stop.at)
    pauses = _pauses(ledger)
    spans = _merged(pauses, start.from_on, stopped_on)
    return Run(start, start.from_on, extension, stop, stopped_on, pauses, spans)


def plain_end(run: Run, limit: Limit, calendar: Calendar, spans: tuple[Span, ...]) -> date | None:
    """Where a limit with its extension ends before it rolls over rest days; None under an open pause.

    Each running day takes one day off the limit, then off the extension; so a limit in working days may have an
    extension in calendar days.

    Source: O4.3c; standards.md §6.
    """
    day = run.from_on
    extension = None if run.extension is None else run.extension.extension
    for part in (limit, extension):
        if part is not None:
            reached = _advance(day, part, calendar, spans)
            if reached is None:
                return None
            day = reached
    return day


def _end(run: Run, limit: Limit | None, calendar: Calendar, spans: tuple[Span, ...]) -> date | None:
    """The last day: never a rest day, never a day on which the clock stood still."""
    if limit is None:
        return None
    day = plain_end(run, limit, calendar, spans)
    if day is None:
        return None
    day = calendar.roll_forward(day)
    for first, last in spans:
        if first < day and (last is None or day <= last):
            if last is None:
                return None
            day = calendar.add_working_days(last, 1)
    return day


def _advance(day: date, part: Limit, calendar: Calendar, spans: tuple[Span, ...]) -> date | None:
    """The day that takes the last of the part's days, the paused ones left out."""
    left = part.value
    for first, last in spans:
        end = _add(day, left, part, calendar)
        if end <= first:
            return end
        if last is None:
            return None
        if last > day:
            left -= _count(day, first, part, calendar)
            day = last
    return _add(day, left, part, calendar)


def _add(day: date, count: int, part: Limit, calendar: Calendar) -> date:
    return calendar.add_working_days(day, count) if part.unit == "working_days" else calendar.add_days(day, count)


def _count(after: date, until: date, part: Limit, calendar: Calendar) -> int:
    return calendar.working_days_between(after, until) if part.unit == "working_days" else (until - after).days


def _pauses(ledger: Ledger) -> tuple[tuple[PauseReason | None, ClockEntry, ClockEntry | None], ...]:
    """Every pause with its end; a resumption without a reason ends all of them."""
    found: list[tuple[PauseReason | None, ClockEntry, ClockEntry | None]] = []
    for entry in ledger:
        if entry.fact == "paused":
            found.append((entry.reason, entry, None))
        elif entry.fact == "resumed":
            found = [
                (reason, begun, entry if ended is None and entry.reason in {None, reason} else ended)
                for reason, begun, ended in found
            ]
    return tuple(found)


def _merged(
    pauses: tuple[tuple[PauseReason | None, ClockEntry, ClockEntry | None], ...], from_on: date, until: date | None
) -> tuple[Span, ...]:
    """Pauses that overlap are one: the clock runs again when all have ended. What stood open ends with the clock."""
    merged: list[tuple[date, date]] = []
    for _, begun, ended in pauses:
        first = max(beijing_day(begun.at), from_on)
        last = date.max if ended is None else beijing_day(ended.at)
        if last <= first:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    if until is not None:
        merged = [(first, min(last, until)) for first, last in merged if first < until]
    return tuple((first, None if last == date.max else last) for first, last in merged)


def _running_days(run: Run, calendar: Calendar, after: date, until: date) -> int:
    """Working days in (after, until] on which the clock ran."""
    if until <= after:
        return 0
    days = calendar.working_days_between(after, until)
    for first, last in run.spans:
        low, high = max(first, after), min(last or until, until)
        if low < high:
            days -= calendar.working_days_between(low, high)
    return days


def _remaining(run: Run, calendar: Calendar, last: date | None, until: date) -> int:
    if last is not None:
        return _running_days(run, calendar, until, last)
    if not run.is_paused:
        return 0
    on = max(until, run.spans[-1][0])
    ends = due_days(run, calendar, resumed_on=on)
    end = earlier(ends.promised, ends.statutory)
    return 0 if end is None else max(calendar.working_days_between(on, end), 0)


def earlier(promised: date | None, statutory: date | None) -> date | None:
    """A promise may shorten the law, never lengthen it. Source: O4.3c."""
    if promised is None or statutory is None:
        return promised or statutory
    return min(promised, statutory)


def _is_provisional(calendar: Calendar, first: date, last: date) -> bool:
    return any(calendar.is_provisional(date(year, 1, 1)) for year in range(first.year, last.year + 1))
