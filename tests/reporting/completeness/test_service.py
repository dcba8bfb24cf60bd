"""Who should report and who has: two writers, one truth."""

import asyncio
from datetime import date
from typing import Any

import pytest

from common.divisions import Level
from common.testing.events import accepted_record, case_state
from reporting.completeness.consumers import keep_directory
from reporting.completeness.domain import Completeness
from reporting.completeness.repository import Places
from reporting.completeness.service import note_facts

VILLAGE, NEIGHBOUR, TOWN, COUNTY = "440305001001", "440305001002", "440305001000", "440305000000"
PROVINCE = "440000000000"
DAY = date(2026, 3, 2)


def accepted(division: str, level: Level = Level.PROVINCE) -> Any:
    return accepted_record(case_state(division=division), level=level)


async def reported(desk: Any, division: str, level: str = "province") -> int:
    return await desk.value(
        "SELECT coalesce(sum(reported), 0)::int FROM reported_places WHERE division = $1 AND level = $2 AND day = $3",
        division,
        level,
        DAY,
    )


async def expected(desk: Any, division: str) -> int:
    return await desk.value("SELECT coalesce(sum(change), 0)::int FROM expected_steps WHERE division = $1", division)


async def test_expects_service_offices_and_stations_but_no_bureau(filled: Any) -> None:
    assert await expected(filled, TOWN) == 3
    assert await expected(filled, COUNTY) == 3
    assert await expected(filled, PROVINCE) == 9


async def test_a_station_is_counted_once_a_day_however_much_it_sends(filled: Any) -> None:
    await filled.accept(accepted(VILLAGE), accepted(VILLAGE))
    await filled.accept(accepted(VILLAGE))
    assert await reported(filled, VILLAGE) == 1
    assert await reported(filled, PROVINCE) == 1


async def test_a_town_office_is_heard_from_by_its_own_cases_only(filled: Any) -> None:
    await filled.accept(accepted(VILLAGE))
    assert await reported(filled, TOWN) == 1
    await filled.accept(accepted(TOWN))
    assert await reported(filled, TOWN) == 2


async def test_levels_hear_apart(filled: Any) -> None:
    await filled.accept(accepted(VILLAGE, Level.TOWN))
    assert await reported(filled, TOWN, "town") == 1
    assert await reported(filled, TOWN, "province") == 0


async def test_a_station_unknown_to_the_directory_counts_as_soon_as_it_is_known(
    desk: Any, directory_events: Any
) -> None:
    await desk.accept(accepted(VILLAGE))
    assert await reported(desk, PROVINCE) == 0
    await desk.directory(directory_events("office", VILLAGE))
    assert await reported(desk, PROVINCE) == 1
    await desk.check()


async def test_a_station_that_closes_is_neither_expected_nor_reported_and_comes_back(
    filled: Any, directory_events: Any
) -> None:
    await filled.accept(accepted(VILLAGE))
    await filled.directory(directory_events("office", VILLAGE, "suspended", version=2))
    assert (await expected(filled, TOWN), await reported(filled, TOWN)) == (2, 0)
    await filled.directory(directory_events("office", VILLAGE, "operating", version=3))
    assert (await expected(filled, TOWN), await reported(filled, TOWN)) == (3, 1)
    await filled.check()


async def test_registry_events_sent_again_change_nothing(filled: Any, directory_events: Any) -> None:
    await filled.directory(directory_events("office", VILLAGE), directory_events("office", VILLAGE, "closed"))
    assert await expected(filled, TOWN) == 3


async def test_an_office_that_moves_takes_its_expectation_along(desk: Any, directory_events: Any) -> None:
    await desk.directory(directory_events("office", VILLAGE))
    office = await desk.value("SELECT id FROM directory_offices")
    await desk.directory(directory_events("office", NEIGHBOUR, version=2, id=office))
    assert (await expected(desk, VILLAGE), await expected(desk, NEIGHBOUR), await expected(desk, TOWN)) == (0, 1, 1)


async def test_two_offices_of_one_place_are_one_place(desk: Any, directory_events: Any) -> None:
    first, second = (directory_events("office", VILLAGE, number=number) for number in (1, 2))
    await desk.directory(first, second)
    assert await expected(desk, TOWN) == 1
    await desk.directory(directory_events("office", VILLAGE, "closed", version=2, number=1))
    assert await expected(desk, TOWN) == 1


async def test_who_changes_a_place_waits_for_who_is_about_to_change_it(desk: Any, directory_events: Any) -> None:
    """Two replicas, two offices of one place: the second decides by what the first has written, not beside it."""
    await desk.directory(directory_events("office", VILLAGE, "closed"))
    async with asyncio.timeout(30):
        async with desk.db.transaction() as conn:
            await Places(conn).hold([VILLAGE], to_change=True)
            other = asyncio.create_task(desk.directory(directory_events("office", VILLAGE, number=2)))
            await asyncio.sleep(0.2)
            assert not other.done()
            await keep_directory(conn, desk.delivered(directory_events("office", VILLAGE, number=1)))
        await other
    assert await expected(desk, TOWN) == 1
    await desk.check()


async def test_offices_that_open_and_close_side_by_side_are_counted_right(filled: Any, directory_events: Any) -> None:
    async def flip(*divisions: str) -> None:
        for version in range(2, 22):
            status = "closed" if version % 2 else "operating"
            await filled.directory(
                *(directory_events("office", division, status, version=version) for division in divisions)
            )

    async with asyncio.timeout(60):
        await asyncio.gather(flip(VILLAGE, "441900003000"), flip("441900003001"), flip(NEIGHBOUR, TOWN))
    await filled.check()


async def test_expectations_are_locked_in_one_order_whatever_the_order_of_the_places(desk: Any) -> None:
    codes = [f"44030500{number:04}" for number in range(1001, 1301)]

    async def add(*, turned: bool) -> None:
        for change in (1, -1) * 10:
            async with desk.db.transaction() as conn:
                keys = [(code, DAY) for code in (reversed(codes) if turned else codes)]
                await Places(conn).add_expected(dict.fromkeys(keys, change))

    async with asyncio.timeout(30):
        await asyncio.gather(add(turned=False), add(turned=True), add(turned=False), add(turned=True))
    assert await desk.value("SELECT count(*) FROM expected_steps WHERE change <> 0") == 0


async def test_counts_are_locked_in_one_order_whatever_the_order_of_the_facts(filled: Any) -> None:
    keys = [("province", place, date(2026, 3, day)) for place in (VILLAGE, NEIGHBOUR, TOWN) for day in range(1, 29)]

    async def note(*, turned: bool) -> None:
        for change in (1, -1) * 10:
            async with filled.db.transaction() as conn:
                await note_facts(conn, dict.fromkeys(reversed(keys) if turned else keys, change))

    async with asyncio.timeout(30):
        await asyncio.gather(note(turned=False), note(turned=True), note(turned=False), note(turned=True))
    assert await filled.value("SELECT count(*) FROM reported_places WHERE reported <> 0") == 0
    assert await filled.value("SELECT count(*) FROM place_days WHERE facts <> 0") == 0


@pytest.mark.parametrize(
    ("completeness", "rate", "missing"),
    [
        (Completeness(expected=4, days=1, reported=3), 0.75, 1),
        (Completeness(expected=3, days=2, reported=2), 0.3333, 4),
        (Completeness(expected=0, days=1, reported=0), None, 0),
        (Completeness(expected=4, days=0, reported=0), None, 0),
    ],
)
def test_rate_is_what_was_heard_of_what_should_be(completeness: Completeness, rate: float, missing: int) -> None:
    assert (completeness.rate, completeness.missing) == (rate, missing)
