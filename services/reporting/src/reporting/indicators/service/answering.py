"""Use cases of questions: the way down, a series, a comparison, and the offices behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.auth import Actor, require_scope, scope_bounds
from common.contracts.reporting.indicators import IndicatorSpec
from common.db import Connection
from common.divisions import LEVELS, Level, level_of, subtree_range
from reporting.figures.service import list_divisions_below
from reporting.indicators.domain import MAX_POINTS, Ranked, codes_behind, ranked, territory_of
from reporting.indicators.errors import LevelNotBelow, TooManyPoints
from reporting.indicators.repository import Indicators
from reporting.indicators.service.reckoning import Reckoned, cohort_of, reckon
from reporting.levels.domain import Days
from reporting.levels.service import Freshness
from reporting.standings.domain import OfficeStanding
from reporting.standings.service import FIRST, freshness_of_sources, list_standings


@dataclass(frozen=True, slots=True)
class Child:
    """A division directly below."""

    division: str
    name: str
    level: Level
    has_children: bool
    reckoned: Reckoned


@dataclass(frozen=True, slots=True)
class Drill:
    """A division, its own office, everything directly below it, and what the directory does not list below it.

    Of numerators and denominators: own + children + unlisted = total.
    """

    total: Reckoned
    own: Reckoned
    children: Sequence[Child]

    def unlisted(self, part: str) -> int:
        """What is left of `numerator` or `denominator`."""
        whole, own = (getattr(one.parts, part) or 0 for one in (self.total, self.own))
        return int(whole - own - sum(getattr(child.reckoned.parts, part) or 0 for child in self.children))


@dataclass(frozen=True, slots=True)
class Place:
    """A division of a comparison."""

    division: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All divisions of one level below a division, the best first."""

    rows: Sequence[Ranked]
    places: dict[str, Place]


async def list_children(
    conn: Connection,
    actor: Actor,
    spec: IndicatorSpec,
    *,
    level: Level,
    division: str,
    on: date,
    freshness: Mapping[str, Freshness] | None = None,
) -> Drill:
    """An indicator of a division and of everything directly below it: the way from the province to the village.

    Source: S1, S2.

    Args:
        freshness: of the level's sources, where it has been read already.

    Raises:
        OutOfScope: the division is not the actor's own and not below it.
    """
    require_scope(actor, division)
    below = await list_divisions_below(conn, actor, division, Days(on, on))
    listed = await Indicators(conn).listed([row.division for row in below], on)
    below = [row for row in below if row.division in listed]
    family = [division, *(row.division for row in below)]
    transfers = await Indicators(conn).transfers(family)

    async def reckoned(divisions: Sequence[str], *, own: bool = False) -> dict[tuple[str, str], Reckoned]:
        return await reckon(
            conn, [spec], level=level, divisions=divisions, on=on, own=own, freshness=freshness, transfers=transfers
        )

    found = await reckoned(family)
    own = await reckoned([division], own=True) if level_of(division) is not Level.VILLAGE else found
    children = [
        Child(row.division, row.name, level_of(row.division), row.has_children, found[spec.code, row.division])
        for row in below
    ]
    return Drill(found[spec.code, division], own[spec.code, division], children)


async def series_of(
    conn: Connection, actor: Actor, spec: IndicatorSpec, *, level: Level, division: str, days: Sequence[date]
) -> list[tuple[date, Reckoned]]:
    """An indicator of a division on several days.

    Source: S3.

    Raises:
        OutOfScope: the division is not the actor's own and not below it.
        TooManyPoints: more than `MAX_POINTS`.
    """
    require_scope(actor, division)
    if len(days) > MAX_POINTS:
        raise TooManyPoints(max_points=MAX_POINTS)
    freshness = await freshness_of_sources(conn, level)
    transfers = await Indicators(conn).transfers([division])
    found = []
    for day in days:
        reckoned = await reckon(
            conn, [spec], level=level, divisions=[division], on=day, freshness=freshness, transfers=transfers
        )
        found.append((day, reckoned[spec.code, division]))
    return found


async def compare_divisions(
    conn: Connection, actor: Actor, spec: IndicatorSpec, *, level: Level, division: str, of_level: Level, on: date
) -> Comparison:
    """An indicator of all divisions of one level below a division, for rankings, maps and cartograms.

    Source: S1, O6.3b.

    Raises:
        OutOfScope: the division is not the actor's own and not below it.
        LevelNotBelow: the level to compare is not below the division, or above the level that is asked.
    """
    require_scope(actor, division)
    rank = LEVELS.index(of_level)
    if rank < LEVELS.index(level) or rank <= LEVELS.index(level_of(division)):
        raise LevelNotBelow
    rows = await Indicators(conn).places(
        of_level.value, within=subtree_range(division), scope=scope_bounds(actor), on=on
    )
    places = {row["code"]: Place(row["code"], row["name"], row["parent_code"]) for row in rows}
    found = await reckon(conn, [spec], level=level, divisions=list(places), on=on)
    return Comparison(ranked(spec, {code: found[spec.code, code].value for code in places}), places)


async def list_offices_behind(
    conn: Connection,
    actor: Actor,
    spec: IndicatorSpec,
    *,
    level: Level,
    division: str,
    on: date,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[OfficeStanding]:
    """The offices that numerator and denominator are made of, each with the record and version that say so.

    Offices of retired codes are listed where they were on that day, below the division that took them over since.

    Source: S2; O6.3b.

    Raises:
        OutOfScope: the division is not the actor's own and not below it.
    """
    require_scope(actor, division)
    if spec.cohort is None:
        land = territory_of(division, await Indicators(conn).transfers([division]))
        within: list[str] | None = [code for code, sign in land.items() if sign > 0]
        without, divisions = [code for code, sign in land.items() if sign < 0], None
    else:
        within, without = None, []
        divisions = (await cohort_of(conn, spec.cohort, [division], on)).within(division)
    return await list_standings(
        conn,
        level=level,
        within=within,
        without=without,
        on=on,
        codes=codes_behind(spec),
        divisions=divisions,
        after=after or ("", FIRST),
        limit=limit,
    )
