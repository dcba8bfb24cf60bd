"""Use cases of the statistics: answers from the figures of months, each with its as-of moment and its completeness."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common.auth import Actor, scope_bounds
from common.db import Connection
from common.divisions import Level, subtree_range
from reporting.completeness.domain import Completeness
from reporting.completeness.service import get_completeness
from reporting.figures.service import list_divisions_below
from reporting.levels.domain import Days, Place
from reporting.levels.service import Freshness, get_freshness, get_name
from reporting.statistics.domain import FLOWS, MEASURES, RATIOS, Grouping, Months, pending_of
from reporting.statistics.errors import MeasureUnknown
from reporting.statistics.repository import AskedSums
from reporting.statistics.repository import Months as Table

_BEGINNING = date(1900, 1, 1)
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

    The connection stands inside one snapshot. Source: O4.3c, O4.3f, O6.3a; architecture.md §5.

    Raises:
        DivisionUnknown: the directory has never heard of the division.
        OutOfScope: it lies outside the actor's own.
    """
    table, place = Table(conn), question.place
    asked = _asked(question, actor, [place.division])
    whole, own = _added(await table.sums(asked, by="division"))
    so_far, _ = _added(await table.sums(_since_the_beginning(asked), by="division"))
    return Statistics(
        division_name=await get_name(conn, place.division),
        lines=await _lines(conn, actor, question, grouping),
        total=Line(place.division, whole.get(place.division, {}), pending=pending_of(so_far.get(place.division, {}))),
        own=Line(place.division, own.get(place.division, {})),
        freshness=await get_freshness(conn, place.level),
        completeness=await get_completeness(conn, actor, place, _days(question.months)),
    )


async def get_map(conn: Connection, actor: Actor, question: StatisticsQuestion, *, of_level: Level, name: str) -> MapOf:
    """One measure or rate of every division of a level below the place, for maps and cartograms.

    Raises:
        MeasureUnknown: neither a measure nor a rate.
    """
    if name not in MEASURES and name not in RATIOS:
        raise MeasureUnknown(f"没有名为“{name}”的统计指标", known=[*MEASURES, *RATIOS])
    wanted = (name,) if name in MEASURES else (*RATIOS[name].numerator, *RATIOS[name].denominator)
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
        measures=wanted,
    )
    found: dict[str, tuple[Any, dict[str, int]]] = {}
    for row in rows:
        sums = found.setdefault(row["code"], (row, {}))[1]
        if row["measure"] is not None:
            sums[row["measure"]] = row["value"]
    places = [PlaceValue(code, row["name"], row["parent_code"], sums) for code, (row, sums) in found.items()]
    return MapOf(await get_name(conn, place.division), places, await get_freshness(conn, place.level))


async def _lines(conn: Connection, actor: Actor, question: StatisticsQuestion, grouping: Grouping) -> list[Line]:
    table, place = Table(conn), question.place
    if grouping is Grouping.CHILD:
        return await _children(conn, actor, question)
    sums, _ = _added(await table.sums(_asked(question, actor, [place.division]), by=grouping.value))
    if grouping is Grouping.MONTH:
        return [Line(f"{month:%Y-%m}", sums.get(str(month), {})) for month in question.months.all]
    if grouping is Grouping.DUTY:
        return [Line(duty, sums[duty], duty=duty) for duty in sorted(sums)]
    duties = await table.duties_of_items(place.level.value, place.division, scope_bounds(actor))
    return [Line(item, sums[item], duty=duties.get(item)) for item in sorted(sums)]


async def _children(conn: Connection, actor: Actor, question: StatisticsQuestion) -> list[Line]:
    table, days = Table(conn), _days(question.months)
    below = await list_divisions_below(conn, actor, question.place.division, days)
    asked = _asked(question, actor, [row.division for row in below])
    sums, _ = _added(await table.sums(asked, by="division"))
    so_far, _ = _added(await table.sums(_since_the_beginning(asked), by="division"))
    return [
        Line(one.division, sums.get(one.division, {}), one.name, pending=pending_of(so_far.get(one.division, {})))
        for one in below
        if one.is_open or any(sums.get(one.division, {}).values())
    ]


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


def _since_the_beginning(asked: AskedSums) -> AskedSums:
    return replace(asked, first=_BEGINNING, measures=FLOWS)


def _days(months: Months) -> Days:
    return Days(months.first, months.end - timedelta(days=1))


def _added(rows: Iterable[Any]) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    value: dict[str, dict[str, int]] = {}
    own: dict[str, dict[str, int]] = {}
    for row in rows:
        key = str(row["key"])
        value.setdefault(key, {})[row["measure"]] = row["value"]
        own.setdefault(key, {})[row["measure"]] = row["own"]
    return value, own
