"""Use cases: how complete what a level knows is, and who is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from common.auth import Actor, OutOfScope, scope_bounds
from common.clock import today
from common.db import Connection
from common.directory import DivisionUnknown
from common.divisions import Level, level_of, subtree_range
from reporting.completeness.domain import (
    Completeness,
)
from reporting.completeness.repository import Places
from reporting.levels.domain import Days, Place
from reporting.levels.service import Freshness


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an answer says of itself: what the place is called, how fresh its level is, and how complete.

    Attributes:
        completeness: by division, the place's own among them.
    """

    division_name: str
    freshness: Freshness
    completeness: Mapping[str, Completeness]


@dataclass(frozen=True, slots=True)
class MissingPlace:
    """A place that a level has not heard from on a day."""

    division: str
    division_name: str
    office_name: str
    office_kind: str


async def get_coverage(
    conn: Connection, actor: Actor, place: Place, days: Days, *, below: Sequence[str] = ()
) -> Coverage:
    """How far what a level knows of a subtree can be trusted; every answer with figures tells it.

    Source: architecture.md §5.

    Args:
        below: further divisions whose completeness is told; those outside the actor's own are absent.

    Raises:
        DivisionUnknown: the directory has never heard of the division; one that is no more has its figures still.
        OutOfScope: it lies outside the actor's own.
    """
    rows = await Places(conn).coverage(coverage_arguments(actor, place, days, below=below))
    return coverage_in(rows, place, days)


def coverage_arguments(actor: Actor, place: Place, days: Days, *, below: Sequence[str] = ()) -> tuple[Any, ...]:
    """What the parameters of `repository.covered` are given."""
    last = min(days.last, today())
    divisions = [place.division, *below]
    return (divisions, place.level.value, days.first, last, *scope_bounds(actor), place.division)


def coverage_in(rows: Iterable[Any], place: Place, days: Days) -> Coverage:
    """The coverage that rows of `repository.covered` tell; raises as `get_coverage` does."""
    own, elapsed, completeness = None, days.elapsed(today()), {}
    for row in rows:
        division = row["covered_division"]
        own = row if division == place.division else own
        completeness[division] = Completeness(
            row["expected"], elapsed, row["reported"], row["place_days"] if elapsed else 0
        )
    if own is None:
        raise OutOfScope
    if own["covered_name"] is None:
        raise DivisionUnknown(division=place.division)
    freshness = Freshness(own["as_of"], own["accepted_at"], own["updated_at"])
    return Coverage(own["covered_name"], freshness, completeness)


async def expected_on(conn: Connection, divisions: Sequence[str], *, on: date, own: bool = False) -> dict[str, int]:
    """How many places of each subtree have an operating office on a day, whether they have reported or not.

    Source: O1.1d; ADR 0014.

    Args:
        own: of the divisions themselves alone, without those below.
    """
    return await Places(conn).expected(divisions, on, own=own) if divisions else {}


class PlacesByKind(NamedTuple):
    """How many places of a subtree have an operating office, and how many a station. Source: O1.1a, O1.1d."""

    offices: int
    stations: int


async def expected_by_kind_on(
    conn: Connection, divisions: Sequence[str], *, on: date, own: bool = False
) -> dict[str, PlacesByKind]:
    """The same by kind; a village has a station, and a level above it that takes cases has an office.

    Source: O1.1a, O1.1d; ADR 0014.

    Args:
        own: of the divisions themselves alone, without those below.
    """
    whole = await expected_on(conn, divisions, on=on, own=own)
    above = [code for code in divisions if level_of(code) is not Level.VILLAGE]
    if own:
        offices = {code: whole.get(code, 0) for code in above}
    else:
        offices = await Places(conn).expected_above_villages(above, on) if above else {}
    return {code: PlacesByKind(offices.get(code, 0), whole.get(code, 0) - offices.get(code, 0)) for code in divisions}


class PlaceDays(NamedTuple):
    """Over how many days places of a subtree should have reported, added up, and on how many of them they have."""

    expected: int
    reported: int


async def place_days_of(
    conn: Connection, divisions: Sequence[str], *, level: Level, days: Days
) -> dict[str, PlaceDays]:
    """Division → its place-days, as far as the days have begun.

    For features that ask on behalf of whoever they have let through. Source: O6.3a; architecture.md §5.
    """
    last = min(days.last, today())
    if not divisions or last < days.first:
        return {}
    scope = (min(divisions), max(divisions))
    rows = await Places(conn).counts(divisions, level=level.value, first=days.first, last=last, scope=scope)
    return {row["division"]: PlaceDays(row["place_days"], row["reported"]) for row in rows}


async def list_missing(
    conn: Connection, actor: Actor, place: Place, day: date, *, after: str, limit: int
) -> list[MissingPlace]:
    """Expected places that the level has not heard from on a day, by code, after a code. Source: architecture.md §5."""
    rows = await Places(conn).missing(
        level=place.level.value,
        day=day,
        within=subtree_range(place.division),
        scope=scope_bounds(actor),
        after=after,
        limit=limit,
    )
    return [
        MissingPlace(row["division"], row["name"] or row["division"], row["office_name"] or "", row["kind"] or "")
        for row in rows
    ]
