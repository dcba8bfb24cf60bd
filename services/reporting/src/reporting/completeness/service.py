"""Use cases of completeness: two writers (figures, directory) and the questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from common.auth import Actor, OutOfScope, scope_bounds
from common.clock import today
from common.contracts.registry import OfficeState
from common.db import Connection
from common.divisions import Level, level_of, subtree_range
from reporting.completeness.domain import (
    EXPECTED_KINDS,
    Completeness,
    OfficeDay,
    PlaceDay,
    count_upward,
    expect_upward,
    is_within,
    periods_of,
    steps_of,
)
from reporting.completeness.repository import Places
from reporting.levels.domain import Days, Place


@dataclass(frozen=True, slots=True)
class MissingPlace:
    """A place that a level has not heard from on a day."""

    division: str
    division_name: str
    office_name: str
    office_kind: str


async def note_facts(conn: Connection, facts: Mapping[PlaceDay, int]) -> None:
    """Adds facts that places themselves have reported (or takes them back), and counts the places upward.

    Only places that are heard from for the first time on a day, or no longer, change a count.

    Idempotency: none of its own; the caller's version guard has already dropped what is known.
    Locks: place_days, then places (shared), then reported_places, each in key order, until the transaction ends.
    """
    changes = {key: count for key, count in facts.items() if count}
    if not changes:
        return
    places = Places(conn)
    turned = [
        ((row["level"], row["division"], row["day"]), 1 if row["is_heard"] else -1)
        for row in await places.add_facts(changes)
        if row["is_heard"] != row["was_heard"]
    ]
    if not turned:
        return
    held = await places.hold((key[1] for key, _ in turned), to_change=False)
    periods = await places.periods(sorted(held))
    counts = count_upward((key, change) for key, change in turned if is_within(periods.get(key[1], ()), key[2]))
    if counts:
        await places.add_reported(counts)


async def note_offices(conn: Connection, offices: Sequence[OfficeState]) -> set[str]:
    """Keeps what offices that take cases are from which day on; returns the places where they are or were.

    An office that does not say from when it is so (before that was told) is so on every day.

    Idempotency: by version.
    """
    states = [
        OfficeDay(one.id, one.version, one.division, one.effective_on or date.min, one.status == "operating")
        for one in offices
        if one.kind in EXPECTED_KINDS
    ]
    return await Places(conn).note_offices(states) if states else set()


async def refresh_places(conn: Connection, divisions: Sequence[str]) -> None:
    """Brings places to what is known of their offices; a place that opens or closes changes its days from then on.

    Idempotency: a place that is already so changes nothing.
    Locks: places (exclusive), then expected_places, then reported_places, each in key order.
    """
    if not divisions:
        return
    places = Places(conn)
    codes = sorted(await places.hold(divisions, to_change=True))
    was, now = await places.periods(codes), periods_of(await places.office_states(codes))
    found = {code: (was.get(code, ()), now.get(code, ())) for code in codes}
    changed = {code: after for code, (before, after) in found.items() if before != after}
    if not changed:
        return
    await places.put_periods(changed)
    steps = expect_upward({code: steps_of(was.get(code, ()), after) for code, after in changed.items()})
    await places.add_expected(steps)
    turned = [
        (key, is_within(changed[key[1]], key[2]) - is_within(was.get(key[1], ()), key[2]))
        for key in await places.heard(sorted(changed))
    ]
    counts = count_upward((key, change) for key, change in turned if change)
    if counts:
        await places.add_reported(counts)


async def get_completeness(conn: Connection, actor: Actor, place: Place, days: Days) -> Completeness:
    """How many places of a subtree have reported, over a period. Source: architecture.md §5.

    Raises:
        OutOfScope: the division lies outside the actor's own.
    """
    return (await get_completeness_of(conn, actor, place, [place.division], days))[place.division]


async def get_completeness_of(
    conn: Connection, actor: Actor, place: Place, divisions: Sequence[str], days: Days
) -> dict[str, Completeness]:
    """The same for several divisions at or below the place's level, the place's own among them.

    Raises:
        OutOfScope: the place lies outside the actor's own; others that do are absent.
    """
    present = today()
    rows = await Places(conn).counts(
        divisions,
        level=place.level.value,
        first=days.first,
        last=min(days.last, present),
        scope=scope_bounds(actor),
    )
    elapsed = days.elapsed(present)
    found = {
        row["division"]: Completeness(row["expected"], elapsed, row["reported"], row["place_days"] if elapsed else 0)
        for row in rows
    }
    if place.division not in found:
        raise OutOfScope
    return found


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
