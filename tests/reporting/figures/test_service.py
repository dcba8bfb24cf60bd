"""The figures kept on the way equal the figures counted from the beginning, whatever happens on the way."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.contracts.casework import CaseState
from common.divisions import LEVELS, Level, path_levels
from common.ids import uuid7
from common.testing.events import accepted_record, case_state
from reporting.figures.consumers import keep_figures

VILLAGE, NEIGHBOUR, TOWN = "440305001001", "440305001002", "440305001000"
DONGGUAN, FAR = "441900003001", "441624100201"
CITY, PROVINCE = "440300000000", "440000000000"
MIDNIGHT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
"""0:00 of 2 March in Beijing."""
INSTANTS = [MIDNIGHT - timedelta(seconds=1), MIDNIGHT, MIDNIGHT + timedelta(hours=24)]
SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def accepted(state: CaseState, level: Level, **changes: Any) -> Any:
    return accepted_record(state, level=level, **changes)


async def test_a_case_counts_at_every_level_for_every_division_above_it(desk: Any) -> None:
    state = case_state(division=VILLAGE)
    await desk.accept(*(accepted(state, level) for level in LEVELS))
    for level, divisions in zip(reversed(LEVELS), range(1, 6), strict=True):
        assert await desk.value("SELECT count(*) FROM figures WHERE level = $1", level.value) == divisions
    assert await desk.figures(level="province", division=PROVINCE, measure="registered") == 1
    assert await desk.figures(level="town", division=CITY) == 0
    await desk.check()


async def test_a_place_without_a_county_counts_at_the_city(desk: Any) -> None:
    state = case_state(division=DONGGUAN)
    await desk.accept(*(accepted(state, level) for level in path_levels(DONGGUAN)))
    assert await desk.figures(level="city", division="441900000000", measure="registered") == 1
    assert await desk.figures(level="county") == 0
    await desk.check()


async def test_each_thing_counts_on_its_own_beijing_day(desk: Any) -> None:
    state = case_state(registered_at=INSTANTS[0], accepted_at=INSTANTS[1], status="accepted", version=2)
    await desk.accept(accepted(state, Level.PROVINCE))
    days = await desk.rows(
        "SELECT measure, day::text AS day FROM figures WHERE division = $1 ORDER BY measure", PROVINCE
    )
    assert [tuple(row) for row in days] == [("accepted", "2026-03-02"), ("registered", "2026-03-01")]


async def test_a_duplicate_changes_nothing_at_all(desk: Any) -> None:
    record = accepted(case_state(), Level.CITY)
    await desk.accept(record)
    before = await desk.rows("SELECT xmin::text, * FROM figures ORDER BY division")
    freshness = await desk.rows("SELECT * FROM freshness")
    await desk.accept(record, record)
    assert await desk.rows("SELECT xmin::text, * FROM figures ORDER BY division") == before
    assert await desk.rows("SELECT * FROM freshness") == freshness


async def test_an_older_version_that_comes_late_changes_nothing(desk: Any) -> None:
    state = case_state(registered_at=INSTANTS[0])
    closed = state.model_copy(update={"version": 3, "status": "closed", "closed_at": INSTANTS[2]})
    await desk.accept(accepted(closed, Level.CITY))
    await desk.accept(accepted(state, Level.CITY))
    assert await desk.figures(division=CITY, measure="closed") == 1
    assert await desk.figures(division=CITY, measure="registered") == 1
    await desk.check()


async def test_batches_of_one_transaction_do_not_count_one_another_again(desk: Any, delivery: Any) -> None:
    """As the consumer does it when it looks for poison one by one."""
    async with desk.db.transaction() as conn:
        for _ in range(3):
            await keep_figures(conn, [delivery(accepted(case_state(division=VILLAGE), Level.TOWN))])
    assert await desk.figures(division=TOWN, measure="registered") == 3
    await desk.check()


async def test_a_corrected_case_moves_with_its_day_its_item_and_its_place(desk: Any) -> None:
    state = case_state(division=VILLAGE, registered_at=INSTANTS[0])
    moved = state.model_copy(
        update={"version": 2, "division": NEIGHBOUR, "item_code": "E02", "registered_at": INSTANTS[2]}
    )
    await desk.accept(accepted(state, Level.TOWN))
    await desk.accept(accepted(moved, Level.TOWN))
    assert await desk.figures(division=VILLAGE) == 0
    assert await desk.figures(division=TOWN) == 1
    assert await desk.figures(division=TOWN, item_code="E02") == 1
    await desk.check()


async def test_freshness_is_the_newest_that_was_applied_and_never_goes_back(desk: Any) -> None:
    late, early = INSTANTS[2], INSTANTS[0]
    await desk.accept(accepted(case_state(), Level.CITY, occurred_at=late, accepted_at=late))
    await desk.accept(accepted(case_state(), Level.CITY, occurred_at=early, accepted_at=early))
    rows = await desk.rows("SELECT level, as_of, accepted_at FROM freshness")
    assert [tuple(row) for row in rows] == [("city", late, late)]


async def test_figures_of_a_division_split_into_its_own_office_and_what_lies_below(desk: Any) -> None:
    for division in (VILLAGE, NEIGHBOUR, TOWN):
        await desk.accept(accepted(case_state(division=division), Level.TOWN))
    row = (await desk.rows("SELECT value, own FROM figures WHERE division = $1", TOWN))[0]
    assert tuple(row) == (3, 1)


STATUSES = st.sets(st.sampled_from(["accepted_at", "refused_at", "withdrawn_at", "closed_at"]))


@st.composite
def cases(draw: st.DrawFn) -> list[CaseState]:
    """Versions of one case; also such as casework would never publish, because the figures do not judge."""
    id_ = uuid7()
    return [
        case_state(
            id=id_,
            version=version,
            division=draw(st.sampled_from([VILLAGE, NEIGHBOUR, TOWN, DONGGUAN, FAR])),
            item_code=draw(st.sampled_from(["E01", "E02"])),
            duty=draw(st.sampled_from(["employment_services", "social_insurance"])),
            registered_at=draw(st.sampled_from(INSTANTS)),
            **{name: draw(st.sampled_from(INSTANTS)) for name in draw(STATUSES)},
        )
        for version in range(1, draw(st.integers(1, 4)) + 1)
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Any]]:
    """Batches of accepted versions: any order, any duplicates, any gaps; and offices that open and close between."""
    everything = [
        accepted(state, level)
        for versions in draw(st.lists(cases(), min_size=1, max_size=5))
        for state in versions
        for level in path_levels(state.division)
    ]
    offices = st.tuples(st.sampled_from([VILLAGE, TOWN, DONGGUAN]), st.sampled_from(["operating", "suspended"]))
    steps = st.one_of(st.lists(st.sampled_from(everything), min_size=1, max_size=8), offices)
    return draw(st.lists(steps, max_size=10))


@SLOW
@given(batches=deliveries())
async def test_incremental_equals_recomputed_under_any_order(
    desk: Any, directory_events: Any, batches: list[Any]
) -> None:
    counted = "accepted_facts, figures, figure_months, place_days, reported_places, expected_steps, freshness"
    tables = f"{counted}, places, place_periods, office_states"
    await desk.rows(f"TRUNCATE {tables}, directory_offices")
    newest: dict[Any, Any] = {}
    for number, batch in enumerate(batches, 1):
        if isinstance(batch, tuple):
            await desk.directory(directory_events("office", *batch, version=number))
            continue
        await desk.accept(*batch)
        for record in batch:
            key = (record.accepted_level.value, record.record_id)
            if key not in newest or newest[key] < record.version:
                newest[key] = record.version
    kept = await desk.rows("SELECT level, record_id, version FROM accepted_facts")
    assert {(row["level"], row["record_id"]): row["version"] for row in kept} == newest
    await desk.check()


@pytest.mark.parametrize("seed", range(4))
async def test_writers_side_by_side_neither_deadlock_nor_lose_anything(
    filled: Any, directory_events: Any, seed: int
) -> None:
    """Every batch holds the same cases in another order: whoever locks out of order meets the others crosswise."""
    chance = random.Random(seed)
    states = [case_state(division=chance.choice([VILLAGE, NEIGHBOUR, TOWN, DONGGUAN, FAR])) for _ in range(60)]
    versions = [
        accepted(state.model_copy(update={"version": version, "accepted_at": chance.choice(INSTANTS)}), level)
        for state in states
        for version in (1, 2, 3)
        for level in path_levels(state.division)
    ]

    async def accept() -> None:
        for _ in range(6):
            await filled.accept(*chance.sample(versions, 150))

    async def flip(division: str) -> None:
        for version in range(2, 14):
            status = "suspended" if version % 2 else "operating"
            await filled.directory(directory_events("office", division, status, version=version))

    async with asyncio.timeout(60):
        await asyncio.gather(*(accept() for _ in range(4)), flip(VILLAGE), flip(DONGGUAN))
    await filled.check()


async def test_writers_of_different_cases_meet_in_the_same_figures_without_deadlock(filled: Any) -> None:
    """As partitions give them out: no case in common, every figure and every count in common."""
    chance = random.Random(7)

    async def accept(number: int) -> None:
        for day in range(12):
            at = MIDNIGHT + timedelta(days=day, hours=number)
            places = chance.choices([VILLAGE, NEIGHBOUR, TOWN, DONGGUAN, FAR, "440306001001"], k=60)
            states = [
                case_state(division=place, item_code=f"E{chance.randrange(9)}", registered_at=at) for place in places
            ]
            await filled.accept(*(accepted(state, level) for state in states for level in path_levels(state.division)))

    async with asyncio.timeout(60):
        await asyncio.gather(*(accept(number) for number in range(5)))
    await filled.check()
