"""Completeness and timeliness of a period, as measures, and what changed between two versions. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.contracts.reporting.reports import LineValue, ReminderKind, ReportState
from common.divisions import Level

_PLACES = 4
DIFFED = ("own", "flag", "text", "below", "total", "explanation")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reports of a subtree are, at one moment.

    Attributes:
        expected: divisions that report.
        reported: have handed in and not taken back.
        on_time: of those, by their day.
        late_days: days late of the others, added up; of the latest one in `late_days_most`.
        returned: lie with the division again.
        approved: have an edition in force.
        overdue: have handed in nothing and their day is over.
    """

    expected: int = 0
    reported: int = 0
    on_time: int = 0
    late_days: int = 0
    late_days_most: int = 0
    returned: int = 0
    approved: int = 0
    restating: int = 0
    overdue: int = 0

    @property
    def submitted(self) -> int:
        """The same as `reported`."""
        return self.reported

    @property
    def late(self) -> int:
        """Handed in after their day."""
        return self.reported - self.on_time

    @property
    def missing(self) -> int:
        """Have handed in nothing."""
        return self.expected - self.reported

    @property
    def completeness(self) -> float | None:
        """Reported of expected; None where nobody is expected."""
        return _rate(self.reported, self.expected)

    @property
    def timeliness(self) -> float | None:
        """On time of expected; None where nobody is expected."""
        return _rate(self.on_time, self.expected)

    @property
    def approval(self) -> float | None:
        """Approved of expected; None where nobody is expected."""
        return _rate(self.approved, self.expected)


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """A place of a period with its newest report, for a sheet. `state` None: not begun."""

    division: str
    name: str
    level: Level
    due_on: date
    state: ReportState | None


@dataclass(frozen=True, slots=True)
class Change:
    """One member of one line that differs between two versions."""

    line: str
    member: str
    before: object
    after: object


def reminders_due(due_on: date, *, today: date, days_before: int) -> tuple[ReminderKind, ...]:
    """The kinds of reminders whose day has come, the newest last; only that one is sent.

    Source: O6.3a.
    """
    kinds: list[ReminderKind] = []
    if today >= due_on - timedelta(days=days_before):
        kinds.append("before")
    if today >= due_on:
        kinds.append("due")
    if today > due_on:
        kinds.append("overdue")
    return tuple(kinds)


def changes_between(before: ReportState, after: ReportState) -> tuple[Change, ...]:
    """What differs, line by line, in the order of the template.

    Source: O6.3a.
    """
    return tuple(_changes(before.lines, after.lines))


def _changes(before: Sequence[LineValue], after: Sequence[LineValue]) -> Iterator[Change]:
    known = {line.code: line for line in before}
    for line in after:
        was = known[line.code]
        for member in DIFFED:
            old, new = getattr(was, member), getattr(line, member)
            if old != new:
                yield Change(line.code, member, old, new)
        old_value = None if was.computed is None else was.computed.value
        new_value = None if line.computed is None else line.computed.value
        if old_value != new_value:
            yield Change(line.code, "computed", old_value, new_value)


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, _PLACES) if whole else None
