"""Who may ask what of which level, and for how long a period. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from common.auth import Actor, require_scope
from common.divisions import LEVELS, Level, ancestors_of, level_of, node_at
from reporting.levels.errors import DaysReversed, DaysTooMany, DivisionAboveLevel, LevelAboveOwn, LevelNotOnPath

MAX_DAYS = 366
"""One year, a leap one included: what one answer may cover."""

_RANK = {level: rank for rank, level in enumerate(LEVELS)}


@dataclass(frozen=True, slots=True)
class Place:
    """One division as one level knows it.

    Attributes:
        level: whose accepted records are asked.
        division: the division whose subtree is meant, at or below that level.
    """

    level: Level
    division: str


@dataclass(frozen=True, slots=True)
class Days:
    """Beijing days, both ends included."""

    first: date
    last: date

    def elapsed(self, today: date) -> int:
        """How many of them have begun."""
        return max(0, (min(self.last, today) - self.first).days + 1)


@lru_cache(maxsize=262_144)
def path_within(level: Level, division: str) -> tuple[str, ...]:
    """The divisions that `level` keeps figures for when a record of `division` counts: itself and all up to the level.

    Empty where the level lies below the division: it never receives such a record.

    Source: architecture.md §5.
    """
    path = (division, *ancestors_of(division))
    return tuple(code for code in path if _RANK[level_of(code)] >= _RANK[level])


def require_place(actor: Actor, level: Level | None, division: str | None) -> Place:
    """The place that an actor asks about; without a level or a division it is the actor's own.

    Source: ADR 0005, ADR 0012.

    Raises:
        OutOfScope: the division is not the actor's own and not below it.
        LevelAboveOwn: the level is above the actor's.
        DivisionAboveLevel: the level lies below the division.
        LevelNotOnPath: there is no division of this level above.
    """
    place = Place(level or actor.level, division if division is not None else actor.division)
    require_scope(actor, place.division)
    if _RANK[place.level] < _RANK[actor.level]:
        raise LevelAboveOwn(level=place.level.value, own_level=actor.level.value)
    if _RANK[place.level] > _RANK[level_of(place.division)]:
        raise DivisionAboveLevel(level=place.level.value, division=place.division)
    if node_at(place.division, place.level) is None:
        raise LevelNotOnPath(level=place.level.value, division=place.division)
    return place


def require_days(first: date | None, last: date | None, *, today: date) -> Days:
    """A period of at most a year; without an end it ends today, without a beginning it is one day.

    Source: ADR 0012.

    Raises:
        DaysReversed: ends before it begins.
        DaysTooMany: longer than `MAX_DAYS`.
    """
    end = last or max(today, first or today)
    start = first or end
    if end < start:
        raise DaysReversed
    if end - start >= timedelta(days=MAX_DAYS):
        raise DaysTooMany(f"一次最多查询 {MAX_DAYS} 天", max_days=MAX_DAYS)
    return Days(start, end)
