"""What complete means. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
        expected: places of the subtree with an operating office, as the directory has it now.
        days: days of the period that have begun.
        reported: places of the subtree with at least one accepted record on a day, summed over the days; a place
            counts while it is expected.
    """

    expected: int
    days: int
    reported: int

    @property
    def expected_place_days(self) -> int:
        """What `reported` would be if every place had reported on every day."""
        return self.expected * self.days

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


def expect_upward(changes: Mapping[str, int]) -> Mapping[str, int]:
    """What ±1 expected places mean for every division above them.

    Source: architecture.md §5.
    """
    found: dict[str, int] = defaultdict(int)
    for division, change in changes.items():
        for code in path_within(LEVELS[0], division):
            found[code] += change
    return {code: change for code, change in found.items() if change}
