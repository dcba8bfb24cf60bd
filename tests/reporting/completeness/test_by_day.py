"""Who is expected on a day: the offices of that day, also where a division has been retired since. Source: S0, O1.1d."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.divisions import Level
from common.testing.events import accepted_record, case_state
from common.testing.tokens import make_actor
from reporting.completeness.domain import OfficeDay, is_within, periods_of, steps_of
from reporting.completeness.service import get_coverage, list_missing
from reporting.levels.domain import Days, Place

VILLAGE, NEIGHBOUR, TOWN, COUNTY = "440305001001", "440305001002", "440305001000", "440305000000"
FAR_VILLAGE, FAR_TOWN, FAR_COUNTY = "440306001001", "440306001000", "440306000000"
PROVINCE = "440000000000"
OPENED, MOVED, ASKED = date(2025, 1, 1), date(2026, 3, 10), date(2026, 3, 31)
OFFICE = UUID(int=7)


@pytest.fixture
async def desk(desk: Any, directory_events: Any) -> Any:
    """The directory knows the divisions by name, and no office yet."""
    known = (VILLAGE, NEIGHBOUR, TOWN, COUNTY, FAR_VILLAGE, FAR_TOWN, FAR_COUNTY, PROVINCE)
    await desk.directory(*[directory_events("division", code, f"区划{code}") for code in known])
    return desk


async def completeness(desk: Any, division: str, first: date, last: date | None = None, level: str = "province") -> Any:
    actor = make_actor(PROVINCE, Role.STATISTICIAN)
    async with desk.db.transaction() as conn:
        place = Place(Level(level), division)
        found = (await get_coverage(conn, actor, place, Days(first, last or first))).completeness[division]
    return found.expected, found.reported, found.expected_place_days


async def test_a_station_that_moves_counts_at_each_place_on_its_days(desk: Any, directory_events: Any) -> None:
    await desk.directory(directory_events("office", VILLAGE, effective_on=OPENED, id=OFFICE))
    await desk.accept(
        accepted_record(case_state(division=VILLAGE, registered_at=at(MOVED - timedelta(days=1))), level=Level.PROVINCE)
    )
    await desk.directory(directory_events("office", FAR_VILLAGE, version=2, effective_on=MOVED, id=OFFICE))
    await desk.accept(
        accepted_record(case_state(division=FAR_VILLAGE, registered_at=at(MOVED)), level=Level.PROVINCE),
        accepted_record(case_state(division=VILLAGE, registered_at=at(MOVED)), level=Level.PROVINCE),
    )
    before, after = MOVED - timedelta(days=1), MOVED
    assert await completeness(desk, COUNTY, before) == (1, 1, 1)
    assert await completeness(desk, COUNTY, after) == (0, 0, 0), "a retired division is expected no more"
    assert await completeness(desk, FAR_COUNTY, before) == (0, 0, 0)
    assert await completeness(desk, FAR_COUNTY, after) == (1, 1, 1)
    whole = (MOVED - timedelta(days=9), ASKED)
    assert await completeness(desk, COUNTY, *whole) == (0, 1, 9)
    assert await completeness(desk, FAR_COUNTY, *whole) == (1, 1, 22)
    assert await completeness(desk, PROVINCE, *whole) == (1, 2, 31), "neither lost nor doubled"
    assert await completeness(desk, PROVINCE, OPENED - timedelta(days=1)) == (0, 0, 0)


async def test_versions_that_arrive_at_once_or_late_leave_the_same_days(desk: Any, directory_events: Any) -> None:
    def events() -> list[Any]:
        return [
            directory_events("office", VILLAGE, effective_on=OPENED, id=OFFICE),
            directory_events("office", FAR_VILLAGE, version=2, effective_on=MOVED, id=OFFICE),
            directory_events("office", FAR_VILLAGE, "suspended", version=3, effective_on=ASKED, id=OFFICE),
        ]

    await desk.directory(*events())
    at_once = await desk.rows("SELECT * FROM place_periods ORDER BY division")
    assert [tuple(row) for row in at_once] == [(VILLAGE, OPENED, MOVED), (FAR_VILLAGE, MOVED, ASKED)]
    await desk.directory(*reversed(events()))
    assert await desk.rows("SELECT * FROM place_periods ORDER BY division") == at_once
    assert await completeness(desk, PROVINCE, ASKED) == (0, 0, 0)


async def test_who_is_missing_is_asked_of_the_offices_of_the_day(desk: Any, directory_events: Any) -> None:
    await desk.directory(
        directory_events("office", VILLAGE, effective_on=OPENED, id=OFFICE),
        directory_events("office", FAR_VILLAGE, version=2, effective_on=MOVED, id=OFFICE),
    )
    actor, place = make_actor(PROVINCE, Role.STATISTICIAN), Place(Level.PROVINCE, PROVINCE)
    for day, missing in ((MOVED - timedelta(days=1), VILLAGE), (MOVED, FAR_VILLAGE)):
        async with desk.db.transaction() as conn:
            found = await list_missing(conn, actor, place, day, after="", limit=10)
        assert [(one.division, one.office_name) for one in found] == [(missing, "文汇社区机构")]


def at(day: date) -> Any:
    from common.testing.events import INSTANT

    return INSTANT.replace(year=day.year, month=day.month, day=day.day)


DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(12)]
STATES = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from(["a", "b"]), st.sampled_from(DAYS), st.booleans()), max_size=8
)


@given(drawn=STATES)
def test_periods_say_of_every_day_what_the_newest_state_of_each_office_says(drawn: list[Any]) -> None:
    """Also of days whose state was corrected by a later version."""
    states = [
        OfficeDay(UUID(int=office), version, place, day, is_expected)
        for version, (office, place, day, is_expected) in enumerate(drawn, 1)
    ]
    for place in ("a", "b"):
        periods = periods_of(states).get(place, ())
        assert list(periods) == sorted(periods)
        for day in DAYS:
            newest = {one.office_id: one for one in states if one.effective_on <= day}
            wanted = any(one.division == place and one.is_expected for one in newest.values())
            assert is_within(periods, day) is wanted


@pytest.mark.parametrize("is_open", [True, False])
def test_steps_undo_what_was_and_do_what_is(is_open: bool) -> None:
    before, after = [(DAYS[0], DAYS[4])], [(DAYS[2], None if is_open else DAYS[4])]
    steps = {DAYS[0]: -1, DAYS[2]: 1} | ({DAYS[4]: 1} if is_open else {})
    assert steps_of(before, after) == steps
    assert steps_of(after, after) == {}
