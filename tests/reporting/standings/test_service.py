"""Sums of standings kept on the way equal the sums counted from the beginning, whatever happens on the way."""

import asyncio
import json
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.contracts.registry.readiness import OfficeFigure, ReadinessState
from common.divisions import Level, level_of, path_levels
from common.testing.events import INSTANT
from reporting.standings.domain import ALL_TIME, counts_of
from reporting.standings.service import AcceptedStanding, apply_standings, list_standings, sums_on

VILLAGE, NEIGHBOUR, TOWN, COUNTY = "440305001001", "440305001002", "440305001000", "440305000000"
CITY, PROVINCE, OTHER_TOWN, DONGGUAN = "440300000000", "440000000000", "440306001000", "441900003001"
PLACES = (VILLAGE, NEIGHBOUR, TOWN, OTHER_TOWN, DONGGUAN)
FIRST = date(2011, 10, 1)
LEVELS_OF = ("province", "city", "county", "town", "village")
SLOW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def readiness(
    division: str = TOWN, version: int = 1, *, office: int = 0, day: int = 0, **changes: Any
) -> ReadinessState:
    figures = changes.pop("figures", {"staff_total": 3})
    kind = {"town": "service_office", "village": "service_station"}.get(level_of(division), "bureau")
    values = {
        "id": uuid5(NAMESPACE_OID, f"readiness {office}"),
        "version": version,
        "office_id": uuid5(NAMESPACE_OID, f"office {office}"),
        "division": division,
        "level": level_of(division),
        "effective_on": FIRST + timedelta(days=day),
        "rules_on": FIRST,
        "status": "not_ready",
        "criteria": (),
        "figures": tuple(OfficeFigure(code=code, value=value, unit="count") for code, value in figures.items()),
        "kind": kind,
        "office_status": "operating",
    }
    return ReadinessState(**{**values, **changes})


def accepted(state: ReadinessState, level: Level) -> AcceptedStanding:
    return AcceptedStanding(
        level, state.id, state.version, state.office_id, state.division, state.effective_on, state.status,
        counts_of(state), INSTANT, INSTANT,
    )  # fmt: skip


def everywhere(state: ReadinessState) -> list[AcceptedStanding]:
    return [accepted(state, level) for level in path_levels(state.division)]


async def apply(desk: Any, *batch: AcceptedStanding) -> int:
    async with desk.db.transaction() as conn:
        return await apply_standings(conn, batch)


async def sum_of(desk: Any, division: str, code: str, day: int, level: str = "province", **asked: Any) -> int | None:
    async with desk.db.autocommit() as conn:
        on = FIRST + timedelta(days=day)
        found = await sums_on(conn, [division], [code], level=Level(level), on=on, **asked)
    return found.get(division, {}).get(code)


PATHS = {
    VILLAGE: (PROVINCE, CITY, COUNTY, TOWN, VILLAGE),
    NEIGHBOUR: (PROVINCE, CITY, COUNTY, TOWN, NEIGHBOUR),
    TOWN: (PROVINCE, CITY, COUNTY, TOWN),
    OTHER_TOWN: (PROVINCE, CITY, "440306000000", OTHER_TOWN),
    DONGGUAN: (PROVINCE, "441900000000", "441900003000", DONGGUAN),
}
FIRST_BELOW = {"province": 0, "city": 1, "county": 2, "town": 3, "village": 4}


def above(division: str, level: str) -> tuple[str, ...]:
    """The divisions up to a level, from the table above: no code of the platform is asked."""
    skipped = FIRST_BELOW[level]
    if division == DONGGUAN and skipped > 1:
        skipped -= 1
    return PATHS[division][skipped:]


async def check(desk: Any, states: dict[tuple[str, UUID], dict[int, ReadinessState]]) -> None:
    """Everything that is summed on the way equals what is summed from the states, day by day."""
    rows = await desk.rows("SELECT level, division, day, counts::text, own::text FROM standing_sums")
    kept = {
        (row["level"], row["division"], row["day"], side): json.loads(row[side]) for row in rows for side in ("counts", "own")
    }  # fmt: skip
    wanted: dict[tuple[Any, ...], Counter[str]] = {}
    for (level, _), versions in states.items():
        for since, until, state in spans(versions):
            days = [(since, 1), (ALL_TIME, 1)] if until is None else [(since, 1), (until, -1)]
            for day, sign in days:
                keys = [(level, code, day, "counts") for code in above(state.division, level)]
                if state.division.endswith("000"):
                    keys.append((level, state.division, day, "own"))
                for key in keys:
                    for code, value in counts_of(state).items():
                        wanted.setdefault(key, Counter())[code] += sign * value
    clean = {key: {code: n for code, n in counts.items() if n} for key, counts in wanted.items()}
    assert {key: counts for key, counts in kept.items() if counts} == {k: c for k, c in clean.items() if c}


def spans(versions: dict[int, ReadinessState]) -> list[tuple[date, date | None, ReadinessState]]:
    """On each day the newest state that holds from then or earlier: asked day by day."""
    days = sorted({state.effective_on for state in versions.values()})
    found = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        number = max(number for number, state in versions.items() if state.effective_on <= day)
        found.append((day, following, versions[number]))
    return found


async def test_an_office_counts_for_every_division_above_it_at_every_level(desk: Any) -> None:
    """Source: S1, O4.2a."""
    await apply(desk, *everywhere(readiness(VILLAGE)))
    for level, divisions in zip(reversed(LEVELS_OF), range(1, 6), strict=True):
        count = "SELECT count(*) FROM standing_sums WHERE level = $1 AND day = 'infinity'"
        assert await desk.value(count, level) == divisions
    assert await sum_of(desk, PROVINCE, "station.staff_total", 0) == 3
    assert await sum_of(desk, PROVINCE, "station.staff_total", -1) is None, "not before its day"


async def test_a_place_without_a_county_counts_at_the_city(desk: Any) -> None:
    await apply(desk, *everywhere(readiness(DONGGUAN)))
    assert await sum_of(desk, "441900000000", "station.offices", 0, "city") == 1
    assert not await desk.rows("SELECT FROM standing_sums WHERE level = 'county'")


async def test_a_restatement_counts_from_its_day_and_leaves_the_days_before(desk: Any) -> None:
    """Source: S3."""
    await apply(desk, *everywhere(readiness(version=1)))
    await apply(desk, *everywhere(readiness(version=2, day=10, figures={"staff_total": 5})))
    assert [await sum_of(desk, CITY, "office.staff_total", day) for day in (0, 9, 10, 500)] == [3, 3, 5, 5]


async def test_a_duplicate_changes_nothing_at_all(desk: Any) -> None:
    batch = everywhere(readiness())
    assert await apply(desk, *batch) == len(batch)
    before = await desk.rows("SELECT xmin::text, * FROM standing_sums ORDER BY level, division, day")
    assert await apply(desk, *batch, *batch) == 0
    assert await desk.rows("SELECT xmin::text, * FROM standing_sums ORDER BY level, division, day") == before


async def test_an_office_that_moves_leaves_where_it_was_and_is_where_it_is_from_that_day(desk: Any) -> None:
    """Order 79. Source: S1, standards.md §1."""
    await apply(desk, *everywhere(readiness(TOWN)))
    await apply(desk, *everywhere(readiness(OTHER_TOWN, version=2, day=30)))
    assert [await sum_of(desk, TOWN, "office.offices", day) for day in (29, 30)] == [1, None]
    assert [await sum_of(desk, OTHER_TOWN, "office.offices", day) for day in (29, 30)] == [None, 1]
    assert [await sum_of(desk, CITY, "office.offices", day) for day in (29, 30)] == [1, 1]
    assert await sum_of(desk, COUNTY, "office.offices", 30) is None


async def test_a_version_that_comes_late_counts_for_its_days_and_no_others(desk: Any) -> None:
    first, second, third = (
        readiness(version=number, day=number * 10, figures={"staff_total": number}) for number in (1, 2, 3)
    )
    for state in (third, first, second):
        await apply(desk, accepted(state, Level.CITY))
    found = [await sum_of(desk, CITY, "office.staff_total", day, "city") for day in (9, 10, 20, 29, 30)]
    assert found == [None, 1, 2, 2, 3]


async def test_a_closed_office_is_no_office(desk: Any) -> None:
    await apply(desk, *everywhere(readiness()))
    await apply(desk, *everywhere(readiness(version=2, day=5, office_status="closed")))
    assert await sum_of(desk, TOWN, "office.offices", 5) is None
    assert await sum_of(desk, TOWN, "office.status.closed", 5) == 1


async def test_the_offices_behind_a_sum_are_those_of_the_day(desk: Any) -> None:
    for office, division in enumerate((TOWN, VILLAGE, NEIGHBOUR)):
        await apply(desk, *everywhere(readiness(division, office=office)))
    await apply(desk, *everywhere(readiness(NEIGHBOUR, version=2, office=2, day=3, office_status="closed")))

    async def ask(day: int, **more: Any) -> list[str]:
        async with desk.db.autocommit() as conn:
            on = FIRST + timedelta(days=day)
            rows = await list_standings(
                conn, level=Level.PROVINCE, within=[TOWN], on=on, codes=["office.offices", "station.offices"], **more
            )
        return [row.division for row in rows]

    assert await ask(0) == [TOWN, VILLAGE, NEIGHBOUR]
    assert await ask(3) == [TOWN, VILLAGE]
    assert await ask(0, limit=1) == [TOWN]
    assert await ask(0, without=[VILLAGE]) == [TOWN, NEIGHBOUR]
    assert await ask(0, divisions=[NEIGHBOUR]) == [NEIGHBOUR]


@pytest.mark.parametrize("count", [2, 90])
async def test_few_divisions_and_many_are_read_alike(desk: Any, count: int) -> None:
    codes = [f"4403050010{number:02d}" for number in range(1, count + 1)]
    batch = [accepted(readiness(code, office=number), Level.PROVINCE) for number, code in enumerate(codes)]
    await apply(desk, *batch, accepted(readiness(TOWN, office=count), Level.PROVINCE))
    async with desk.db.autocommit() as conn:
        asked = [*codes, TOWN]
        for own, of_town in ((False, count), (True, None)):
            found = await sums_on(conn, asked, ["station.offices"], level=Level.PROVINCE, on=FIRST, own=own)
            assert {found[code]["station.offices"] for code in codes} == {1}
            assert found.get(TOWN, {}).get("station.offices") == of_town


DELIVERIES = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(1, 5), st.sampled_from(PLACES), st.integers(0, 4), st.integers(0, 3),
        st.sampled_from(["operating", "building", "closed"]),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@SLOW
@given(deliveries=DELIVERIES, seed=st.integers(0, 1_000))
async def test_incremental_equals_recomputed_under_any_order(desk: Any, deliveries: Any, seed: int) -> None:
    """Duplicates, disorder, skipped versions, restatements, moves, any cut into batches. Source: issue 5, acceptance 2."""
    for table in ("standings", "standing_states", "standing_periods", "standing_sums"):
        await desk.rows(f"DELETE FROM {table}")
    states: dict[tuple[int, int], ReadinessState] = {}
    for office, version, division, day, staff, status in deliveries:
        state = readiness(
            division, version, office=office, day=day, office_status=status, figures={"staff_total": staff, "posts": 1}
        )
        states.setdefault((office, version), state)
    records = [record for state in states.values() for record in everywhere(state)]
    wire = random.Random(seed)
    records += wire.sample(records, len(records) // 2)
    wire.shuffle(records)
    while records:
        size = wire.randint(1, len(records))
        batch, records = records[:size], records[size:]
        await apply(desk, *batch)
    known: dict[tuple[str, UUID], dict[int, ReadinessState]] = {}
    for state in states.values():
        for level in path_levels(state.division):
            known.setdefault((level.value, state.id), {})[state.version] = state
    await check(desk, known)


async def test_two_writers_of_the_same_offices_neither_lose_nor_double(desk: Any) -> None:
    """Source: issue 5, acceptance 2."""
    states = [
        readiness(PLACES[(office + version) % 5], version, office=office, day=version, figures={"staff_total": version})
        for office in range(6)
        for version in range(1, 7)
    ]
    records = [record for state in states for record in everywhere(state)]
    wires = []
    for seed in range(4):
        shuffled = random.Random(seed).sample(records, len(records))
        wires.append([shuffled[start : start + 17] for start in range(0, len(shuffled), 17)])

    async def drain(batches: list[list[AcceptedStanding]]) -> None:
        for batch in batches:
            await apply(desk, *batch)

    await asyncio.gather(*(drain(wire) for wire in wires))
    known: dict[tuple[str, UUID], dict[int, ReadinessState]] = {}
    for state in states:
        for level in path_levels(state.division):
            known.setdefault((level.value, state.id), {})[state.version] = state
    await check(desk, known)
