"""Use cases: answers from the figures, each with its as-of moment and its completeness."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.auth import Actor, scope_bounds
from common.db import Connection
from common.divisions import Level, level_of
from reporting.completeness.domain import Completeness
from reporting.completeness.service import coverage_arguments, coverage_in, get_coverage
from reporting.figures.domain import MEASURES, GroupBy, Measure, Part, Totals, unlisted
from reporting.figures.repository import Asked, Figures
from reporting.levels.domain import Days, Place
from reporting.levels.service import Freshness


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures somebody asks for.

    Attributes:
        place: whose accepted records, and the subtree.
        days: Beijing days on which the things happened.
        duty: only of this duty.
        item_code: only of this item.
        measure: only this one; None means all.
    """

    place: Place
    days: Days
    duty: str | None = None
    item_code: str | None = None
    measure: Measure | None = None

    def asked(self, actor: Actor, divisions: Sequence[str]) -> Asked:
        """The same for the repository, bounded by the actor's scope."""
        return Asked(
            level=self.place.level.value,
            divisions=divisions,
            first=self.days.first,
            last=self.days.last,
            scope=scope_bounds(actor),
            duty=self.duty,
            item_code=self.item_code,
            measure=self.measure.value if self.measure else None,
        )

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the answer, in their order."""
        return (self.measure,) if self.measure else MEASURES


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of an answer: `key` is a day, an item, a duty or a division."""

    key: str
    measure: Measure
    value: int
    name: str | None = None
    duty: str | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Figured:
    """An answer: lines, their totals, and how far they can be trusted."""

    division_name: str
    lines: Sequence[FigureLine]
    totals: Totals
    freshness: Freshness
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class ChildFigures:
    """One division directly below."""

    division: str
    name: str
    level: Level
    has_children: bool
    totals: Totals
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class DivisionBelow:
    """A division directly below another, with whether it was there in the days asked for."""

    division: str
    name: str
    is_open: bool
    has_children: bool


@dataclass(frozen=True, slots=True)
class Drilldown:
    """A division, its own office, everything directly below it; the parts add up to the whole."""

    division_name: str
    children: Sequence[ChildFigures]
    totals: Totals
    own: Totals
    unlisted: Totals
    freshness: Freshness
    completeness: Completeness


async def get_figures(conn: Connection, actor: Actor, question: Question, group_by: GroupBy) -> Figured:
    """Figures of one division as one level has accepted them. Source: architecture.md §5; O4.3e.

    Figures, as-of moment and completeness belong together: they are one statement. By divisions below they are
    several, and the connection stands inside one snapshot.

    Raises:
        DivisionUnknown: the directory has never heard of the division.
    """
    if group_by is GroupBy.CHILD:
        return _lines_of(await list_children(conn, actor, question), question)
    place = question.place
    covering = coverage_arguments(actor, place, question.days)
    rows = await Figures(conn).sums(question.asked(actor, [place.division]), by=group_by.value, covering=covering)
    coverage = coverage_in(rows, place, question.days)
    lines = [
        FigureLine(str(row["key"]), Measure(row["measure"]), row["value"], duty=_duty(row, group_by))
        for row in rows
        if row["value"]
    ]
    lines.sort(key=lambda line: (line.key, line.duty or "", MEASURES.index(line.measure)))
    return Figured(
        division_name=coverage.division_name,
        lines=lines,
        totals=_totals((line.measure, line.value) for line in lines),
        freshness=coverage.freshness,
        completeness=coverage.completeness[place.division],
    )


async def list_children(conn: Connection, actor: Actor, question: Question) -> Drilldown:
    """A division and what lies directly below it: the way down from province to village. Source: architecture.md §5.

    A division that is no more is told while it has figures in the period. Few enough for one list: no division of
    Guangdong has more than some hundred below it.

    Raises:
        DivisionUnknown: the directory has never heard of the division.
    """
    place, days, figures = question.place, question.days, Figures(conn)
    below = await list_divisions_below(conn, actor, place.division, days)
    codes = [one.division for one in below]
    value, own = _by_division(await figures.sums(question.asked(actor, [place.division, *codes]), by="division"))
    listed = [one for one in below if one.is_open or any(value.get(one.division, {}).values())]
    coverage = await get_coverage(conn, actor, place, days, below=codes)
    whole, by_itself = value.get(place.division, {}), own.get(place.division, {})
    return Drilldown(
        division_name=coverage.division_name,
        children=[
            ChildFigures(
                division=one.division,
                name=one.name,
                level=level_of(one.division),
                has_children=one.has_children,
                totals=value.get(one.division, {}),
                completeness=coverage.completeness[one.division],
            )
            for one in listed
        ],
        totals=whole,
        own=by_itself,
        unlisted=unlisted(whole, by_itself, [value.get(one.division, {}) for one in listed]),
        freshness=coverage.freshness,
        completeness=coverage.completeness[place.division],
    )


async def list_divisions_below(conn: Connection, actor: Actor, division: str, days: Days) -> list[DivisionBelow]:
    """Every division directly below one, by code, also those that are no more; bounded by the actor's own."""
    rows = await Figures(conn).children(division, first=days.first, last=days.last, scope=scope_bounds(actor))
    return [DivisionBelow(row["code"], row["name"], row["is_open"], row["has_children"]) for row in rows]


def _lines_of(found: Drilldown, question: Question) -> Figured:
    division, measures = question.place.division, question.measures
    lines = [
        FigureLine(child.division, measure, child.totals.get(measure, 0), name=child.name, part=Part.CHILD)
        for child in found.children
        for measure in measures
    ]
    for part, totals in ((Part.OWN, found.own), (Part.UNLISTED, found.unlisted)):
        lines += [
            FigureLine(division, measure, totals[measure], name=found.division_name, part=part)
            for measure in measures
            if totals.get(measure)
        ]
    return Figured(found.division_name, lines, found.totals, found.freshness, found.completeness)


def _duty(row: Any, group_by: GroupBy) -> str | None:
    if group_by is GroupBy.ITEM:
        return str(row["duty"])
    return str(row["key"]) if group_by is GroupBy.DUTY else None


def _by_division(rows: Iterable[Any]) -> tuple[dict[str, dict[Measure, int]], dict[str, dict[Measure, int]]]:
    value: dict[str, dict[Measure, int]] = {}
    own: dict[str, dict[Measure, int]] = {}
    for row in rows:
        measure = Measure(row["measure"])
        value.setdefault(row["key"], {})[measure] = row["value"]
        own.setdefault(row["key"], {})[measure] = row["own"]
    return value, own


def _totals(pairs: Iterable[tuple[Measure, int]]) -> Mapping[Measure, int]:
    totals: dict[Measure, int] = {}
    for measure, value in pairs:
        totals[measure] = totals.get(measure, 0) + value
    return totals
