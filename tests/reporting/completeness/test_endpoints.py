"""Completeness over HTTP: how many, and who not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from common.auth import Role
from common.divisions import Level
from common.testing.events import accepted_record, case_state
from common.testing.tokens import make_actor

COUNTY, TOWN, VILLAGE, NEIGHBOUR = "440305000000", "440305001000", "440305001001", "440305001002"
STATISTICIAN = make_actor(COUNTY, Role.STATISTICIAN)
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 3, 3, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
async def heard(filled: Any) -> Any:
    """The county has heard from the village on 2 March, the province has not."""
    state = case_state(division=VILLAGE, registered_at=MORNING)
    await filled.accept(accepted_record(state, level=Level.COUNTY, occurred_at=MORNING, accepted_at=MORNING))
    return filled


async def test_tells_expected_reported_and_rate_of_a_day(heard: Any, get: Any) -> None:
    answer = await get("/completeness", STATISTICIAN, day="2026-03-02")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["level"], body["division_label"], body["day"]) == ("county", "南山区", "2026-03-02")
    assert body["completeness"] == {
        "expected": 3, "days": 1, "expected_place_days": 3, "reported": 1, "missing": 2, "rate": 0.3333,
    }  # fmt: skip
    assert body["as_of"] == "2026-03-02T09:00:00+08:00"


async def test_a_level_that_has_heard_nothing_says_so(heard: Any, get: Any) -> None:
    province = make_actor("440000000000", Role.STATISTICIAN)
    body = (await get("/completeness", province, day="2026-03-02")).json()
    assert (body["completeness"]["reported"], body["completeness"]["expected"], body["as_of"]) == (0, 9, None)


async def test_today_unless_told_otherwise_and_nothing_yet_tomorrow(heard: Any, get: Any) -> None:
    assert (await get("/completeness", STATISTICIAN)).json()["day"] == "2026-03-03"
    tomorrow = (await get("/completeness", STATISTICIAN, day="2026-03-04")).json()["completeness"]
    assert (tomorrow["days"], tomorrow["rate"]) == (0, None)


async def test_what_is_dated_ahead_does_not_make_a_period_more_than_complete(heard: Any, get: Any) -> None:
    states = [case_state(division=VILLAGE, registered_at=MORNING + timedelta(days=ahead)) for ahead in range(2, 6)]
    await heard.accept(*(accepted_record(state, level=Level.COUNTY) for state in states))
    query = {"division": VILLAGE, "from_": "2026-03-02", "to": "2026-03-08"}
    body = (await get("/figures", STATISTICIAN, **query)).json()["completeness"]
    assert (body["days"], body["expected_place_days"], body["reported"]) == (2, 2, 1)


async def test_lists_who_has_not_reported_in_pages(heard: Any, get: Any) -> None:
    query = {"day": "2026-03-02", "limit": 1}
    first = (await get("/completeness/missing", STATISTICIAN, **query)).json()
    second = (await get("/completeness/missing", STATISTICIAN, **query, cursor=first["next_cursor"])).json()
    assert first["items"] == [
        {
            "division": TOWN,
            "division_label": "南头街道",
            "office_name": "南头街道机构",
            "office_kind": "service_office",
            "office_kind_label": "服务所",
        }
    ]
    assert [place["division"] for place in second["items"]] == [NEIGHBOUR]
    assert second["next_cursor"] is None
    assert first["completeness"]["missing"] == 2


async def test_the_list_is_as_long_as_the_count_says(heard: Any, get: Any) -> None:
    for division in (COUNTY, TOWN, VILLAGE, NEIGHBOUR):
        body = (await get("/completeness/missing", STATISTICIAN, day="2026-03-02", division=division)).json()
        assert len(body["items"]) == body["completeness"]["missing"]


REFUSED: list[tuple[dict[str, str], int, str]] = [
    ({"division": "440306000000"}, 403, "auth.out-of-scope"),
    ({"level": "province"}, 403, "reporting.level-above-own"),
    ({"level": "village"}, 400, "reporting.division-above-level"),
    ({"division": "440305001009"}, 422, "directory.division-unknown"),
    ({"day": "20260302"}, 422, "request.validation-failed"),
    ({"day": "2026-13-01"}, 422, "request.validation-failed"),
]


async def test_refuses_with_a_stable_code(filled: Any, get: Any) -> None:
    for where in ("/completeness", "/completeness/missing"):
        for query, status, code in REFUSED:
            answer = await get(where, STATISTICIAN, **query)
            assert (query, answer.status_code, answer.json()["code"]) == (query, status, code)


async def test_a_cursor_of_another_day_is_refused(heard: Any, get: Any) -> None:
    first = (await get("/completeness/missing", STATISTICIAN, day="2026-03-02", limit=1)).json()
    other = await get("/completeness/missing", STATISTICIAN, day="2026-03-01", limit=1, cursor=first["next_cursor"])
    assert (other.status_code, other.json()["code"]) == (400, "request.cursor-invalid")
