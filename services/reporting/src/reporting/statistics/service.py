"""Use cases of the statistics: answers from the figures of months, each with its as-of moment and its completeness."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from common.auth import Actor, scope_bounds
from common.db import Connection
from common.divisions import Level, level_of, subtree_range
from reporting.completeness.domain import Completeness
from reporting.completeness.service import Coverage, coverage_arguments, coverage_in
from reporting.levels.domain import Days, Place
from reporting.levels.service import Freshness, get_freshness, get_name
from reporting.statistics.domain import MEASURES, PENDING_MEASURES, RATIOS, Grouping, Months, pending_of
from reporting.statistics.errors import MeasureUnknown
from reporting.statistics.repository import AskedSums
from reporting.statistics.repository import Months as Table

SEVERAL_STATEMENTS = frozenset({Grouping.DUTY, Grouping.ITEM})
"""Groupings whose answers need a snapshot."""
Sums = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StatisticsQuestion:
    """Which statistics somebody asks for.

    Attributes:
        place: whose accepted records, and the subtree.
        duty: only of this duty.
        item_code: only of this item.
    """

    place: Place
    months: Months
    duty: str | None = None
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `key` is a month, a duty, an item or a division; `name` of a division; `pending` where it is told."""

    key: str
    sums: Sums
    name: str | None = None
    duty: str | None = None
    pending: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """An answer: the rows, the whole, and how far they can be trusted; the rows of a division's own office apart."""

    division_name: str
    lines: Sequence[Line]
    total: Line
    own: Line
    freshness: Freshness
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """One division of a map."""

    division: str
    name: str
    parent: str | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class MapOf:
    """Values of all divisions of one level below a division."""

    division_name: str
    places: Sequence[PlaceValue]
    freshness: Freshness


async def get_statistics(
    conn: Connection, actor: Actor, question: StatisticsQuestion, grouping: Grouping
) -> Statistics:
    """Volumes, time limits, ratings and complaints of a division, as one level has accepted them, grouped.

    It is one statement, or for `SEVERAL_STATEMENTS` two, and then the connection stands inside one snapshot.

    Source: O4.3c, O4.3f, O6.3a; architecture.md §5.

    Raises:
        DivisionUnknown: the directory has never heard of the division.
        OutOfScope: it lies outside the actor's own.
    """
    if grouping is Grouping.CHILD:
        return await _by_child(conn, actor, question)
    place, days = question.place, _days(question.months)
    asked = _asked(question, actor, [place.division])
    covering = coverage_arguments(actor, place, days)
    rows = await Table(conn).periods(asked, parts=("all", "own"), covering=covering)
    months = {row["month"]: _measures(row) for row in rows if row["part"] == "all"}
    so_far, whole = _sum(months.values()), _sum(sums for month, sums in months.items() if month is not None)
    own = _sum(_measures(row) for row in rows if row["part"] == "own" and row["month"] is not None)
    if grouping is Grouping.MONTH:
        lines = [Line(f"{month:%Y-%m}", months.get(month, {})) for month in question.months.all]
    else:
        lines = await _lines(conn, asked, grouping)
    return _answer(question, coverage_in(rows, place, days), lines, whole, own, so_far)


async def _by_child(conn: Connection, actor: Actor, question: StatisticsQuestion) -> Statistics:
    place, days = question.place, _days(question.months)
    asked = _asked(question, actor, [place.division])
    covering = coverage_arguments(actor, place, days)
    rows = await Table(conn).family(asked, last_day=days.last, covering=covering)
    coverage = coverage_in(rows, place, days)
    sums = {part: next(_measures(row) for row in rows if row["part"] == part) for part in ("all", "own")}
    so_far = next(_so_far(row) for row in rows if row["part"] == "all")
    lines = [
        Line(row["code"], below, row["name"], pending=pending_of(_so_far(row)))
        for row in rows
        if row["part"] == "child" and (below := _measures(row), row["is_open"]) != ({}, False)
    ]
    lines.sort(key=lambda line: line.key)
    return _answer(question, coverage, lines, sums["all"], sums["own"], so_far)


def _answer(
    question: StatisticsQuestion, coverage: Coverage, lines: Sequence[Line], whole: Sums, own: Sums, so_far: Sums
) -> Statistics:
    division = question.place.division
    return Statistics(
        division_name=coverage.division_name,
        lines=lines,
        total=Line(division, whole, pending=pending_of(so_far)),
        own=Line(division, whole if level_of(division) is Level.VILLAGE else own),
        freshness=coverage.freshness,
        completeness=coverage.completeness[division],
    )


async def get_map(conn: Connection, actor: Actor, question: StatisticsQuestion, *, of_level: Level, name: str) -> MapOf:
    """One measure or rate of every division of a level below the place, for maps and cartograms.

    Raises:
        MeasureUnknown: neither a measure nor a rate.
    """
    if name not in MEASURES and name not in RATIOS:
        raise MeasureUnknown(f"没有名为“{name}”的统计指标", known=[*MEASURES, *RATIOS])
    wanted = (name,) if name in MEASURES else RATIOS[name].measures
    place, months = question.place, question.months
    low, high = scope_bounds(actor)
    under = subtree_range(place.division)
    rows = await Table(conn).places(
        (max(low, under[0]), min(high, under[1])),
        of_level=of_level.value,
        first=months.first,
        until=months.end,
        level=place.level.value,
        duty=question.duty,
        item_code=question.item_code,
        measures=wanted,
    )
    places = [PlaceValue(row["code"], row["name"], row["parent_code"], _measures(row)) for row in rows]
    return MapOf(await get_name(conn, place.division), places, await get_freshness(conn, place.level))


async def sums_of_months(
    conn: Connection,
    divisions: Sequence[str],
    measures: Sequence[str],
    *,
    level: Level,
    months: Months,
    own: bool = False,
) -> Mapping[str, Sums]:
    """Division → measure → sum over months; for features that ask on behalf of whoever they have let through.

    Source: O6.3a; architecture.md §5.

    Args:
        own: of the divisions' own offices alone.
    """
    if not divisions or not measures:
        return {}
    low, high = min(divisions), max(divisions)
    asked = AskedSums(level.value, divisions, (low, high), months.first, months.last)
    found = await _by_division(conn, replace(asked, part="own") if own else asked)
    return {code: {name: sums[name] for name in measures if name in sums} for code, sums in found.items()}


async def _lines(conn: Connection, asked: AskedSums, grouping: Grouping) -> list[Line]:
    rows = await Table(conn).sums(asked, by=grouping.value)
    key = "duty" if grouping is Grouping.DUTY else "item_code"
    return sorted(
        (Line(row[key], _measures(row), duty=row["duty"]) for row in rows),
        key=lambda line: (line.key, line.duty or ""),
    )


async def _by_division(conn: Connection, asked: AskedSums) -> dict[str, Sums]:
    return {row["division"]: _measures(row) for row in await Table(conn).sums(asked, by="division")}


def _asked(question: StatisticsQuestion, actor: Actor, divisions: Sequence[str]) -> AskedSums:
    return AskedSums(
        level=question.place.level.value,
        divisions=divisions,
        scope=scope_bounds(actor),
        first=question.months.first,
        last=question.months.last,
        duty=question.duty,
        item_code=question.item_code,
    )


def _days(months: Months) -> Days:
    return Days(months.first, months.end - timedelta(days=1))


def _sum(parts: Iterable[Sums]) -> Sums:
    total: Counter[str] = Counter()
    for sums in parts:
        total.update(sums)
    return total


def _measures(row: Any) -> Sums:
    return {name: row[name] for name in MEASURES if row.get(name)}


def _so_far(row: Any) -> Sums:
    return {name: row[f"{name}_so_far"] or 0 for name in PENDING_MEASURES}
