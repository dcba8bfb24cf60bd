"""What complete means. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from common.divisions import LEVELS, Level
from reporting.levels.domain import path_within

EXPECTED_KINDS: tuple[str, ...] = ("service_office", "service_station")
"""Kinds of offices that take cases, and so are expected to report; bureaus guide them. Source: O1.1a, O1.1d."""

RATE_DIGITS = 4

PlaceDay = tuple[str, str, date]
"""(level, division, Beijing day)."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many places have reported, of those that should.

    Attributes:
        expected: places of the subtree with an operating office, on the last day of the period that has begun.
        days: days of the period that have begun.
        place_days: expected places, added up over the days; None if it is the same number every day.
        reported: places of the subtree with at least one accepted record on a day, summed over the days; a place
            counts while it is expected.
    """

    expected: int
    days: int
    reported: int
    place_days: int | None = None

    @property
    def expected_place_days(self) -> int:
        """What `reported` would be if every place had reported on every day."""
        return self.expected * self.days if self.place_days is None else self.place_days

    @property
    def missing(self) -> int:
        """Place-days without a record."""
        return self.expected_place_days - self.reported

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None where nothing is expected."""
        whole = self.expected_place_days
        return round(self.reported / whole, RATE_DIGITS) if whole else None


def count_upward(changes: Iterable[tuple[PlaceDay, int]]) -> Mapping[PlaceDay, int]:
    """What ±1 at places means for every division above them that the level keeps.

    Source: architecture.md §5.
    """
    found: dict[PlaceDay, int] = defaultdict(int)
    for (level, division, day), change in changes:
        for code in path_within(Level(level), division):
            found[level, code, day] += change
    return {key: change for key, change in found.items() if change}


Period = tuple[date, date | None]
"""First day, and the first day no longer in it."""


class OfficeDay(NamedTuple):
    """A state of an office that takes cases."""

    office_id: UUID
    version: int
    division: str
    effective_on: date
    is_expected: bool


def periods_of(states: Iterable[OfficeDay]) -> dict[str, tuple[Period, ...]]:
    """The days on which divisions have an operating office; on each an office is what its newest state so far says.

    Args:
        states: all states of the offices concerned; a division whose offices are not all among them is told in part.

    Source: O1.1d; standards.md §1, ADR 0014.
    """
    by_office: dict[UUID, list[OfficeDay]] = defaultdict(list)
    for state in states:
        by_office[state.office_id].append(state)
    found: dict[str, list[Period]] = defaultdict(list)
    for versions in by_office.values():
        ends: date | None = None
        for state in sorted(versions, key=lambda one: -one.version):
            is_in_time = ends is None or state.effective_on < ends
            if is_in_time and state.is_expected:
                found[state.division].append((state.effective_on, ends))
            ends = state.effective_on if is_in_time else ends
    return {division: _merged(periods) for division, periods in found.items()}


def _merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    merged: list[Period] = []
    for since, until in sorted(periods, key=lambda one: one[0]):
        last = merged[-1] if merged else None
        if last is not None and (last[1] is None or since <= last[1]):
            merged[-1] = (last[0], None if last[1] is None or until is None else max(last[1], until))
        else:
            merged.append((since, until))
    return tuple(merged)


def is_within(periods: Iterable[Period], day: date) -> bool:
    """True if one of the periods holds the day.

    Source: ADR 0014.
    """
    return any(since <= day and (until is None or day < until) for since, until in periods)


def steps_of(before: Iterable[Period], after: Iterable[Period]) -> Mapping[date, int]:
    """By how many the expected places change, and from which day on, when a place has other periods.

    Source: ADR 0014.
    """
    steps: dict[date, int] = defaultdict(int)
    for periods, sign in ((before, -1), (after, 1)):
        for since, until in periods:
            steps[since] += sign
            if until is not None:
                steps[until] -= sign
    return {day: change for day, change in steps.items() if change}


def expect_upward(changes: Mapping[str, Mapping[date, int]]) -> Mapping[tuple[str, date], int]:
    """What steps at places mean for every division above them.

    Source: architecture.md §5.
    """
    found: dict[tuple[str, date], int] = defaultdict(int)
    for division, steps in changes.items():
        for code in path_within(LEVELS[0], division):
            for day, change in steps.items():
                found[code, day] += change
    return {key: change for key, change in found.items() if change}
