"""Figures over HTTP: who sees what, how it is grouped, and that the parts add up to the whole."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from common.auth import Actor, OutOfScope, Role
from common.divisions import Level, path_levels
from common.testing.events import accepted_record, case_state
from common.testing.tokens import make_actor
from reporting.completeness.service import list_missing
from reporting.figures.domain import GroupBy
from reporting.figures.repository import Figures
from reporting.figures.service import Question, get_figures
from reporting.levels.domain import Days, Place

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "440300000000", "440305000000", "440305001000", "440305001001",
)  # fmt: skip
NEIGHBOUR, OTHER, DONGGUAN = "440305001002", "440306001001", "441900003001"
STATISTICIAN = make_actor(COUNTY, Role.STATISTICIAN)
PROVINCIAL = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
CITIZEN = Actor("c", "某人", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """The third of March in Beijing; tokens of the tests are made and checked on the same day."""
    with time_machine.travel(datetime(2026, 3, 3, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
async def busy(filled: Any) -> Any:
    """Seven cases: three of the village, one each of its neighbour, its town, another county and 东莞."""
    states = [
        case_state(division=VILLAGE, registered_at=MORNING),
        case_state(division=VILLAGE, registered_at=MORNING, accepted_at=MORNING + timedelta(days=1), version=2),
        case_state(division=VILLAGE, registered_at=MORNING, duty="social_insurance", item_code="B01"),
        *(case_state(division=place, registered_at=MORNING) for place in (NEIGHBOUR, TOWN, OTHER, DONGGUAN)),
    ]
    await filled.accept(
        *(
            accepted_record(state, level=level, occurred_at=MORNING, accepted_at=MORNING)
            for state in states
            for level in path_levels(state.division)
        )
    )
    return filled


def values(body: dict[str, Any], field: str = "rows") -> dict[tuple[str, str], int]:
    return {(row["key"], row["measure"]): row["value"] for row in body[field]}


def totals(body: dict[str, Any]) -> dict[str, int]:
    return {row["measure"]: row["value"] for row in body["totals"]}


async def test_figures_by_day_with_labels_as_of_and_completeness(busy: Any, get: Any) -> None:
    answer = await get("/figures", STATISTICIAN, from_="2026-03-01", to="2026-03-03")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["level"], body["level_label"], body["division"], body["division_label"]) == (
        "county", "县", COUNTY, "南山区",
    )  # fmt: skip
    assert (body["from"], body["to"], body["group_by"]) == ("2026-03-01", "2026-03-03", "day")
    assert values(body) == {("2026-03-02", "registered"): 5, ("2026-03-03", "accepted"): 1}
    assert body["rows"][0]["measure_label"] == "收件登记"
    assert totals(body) == {"registered": 5, "accepted": 1, "refused": 0, "withdrawn": 0, "closed": 0}
    assert body["as_of"] == body["accepted_at"] == "2026-03-02T09:00:00+08:00"
    assert body["completeness"] == {
        "expected": 3, "days": 3, "expected_place_days": 9, "reported": 4, "missing": 5, "rate": 0.4444,
    }  # fmt: skip


async def test_figures_by_item_and_duty_carry_the_duty(busy: Any, get: Any) -> None:
    by_item = (await get("/figures", STATISTICIAN, from_="2026-03-02", to="2026-03-02", group_by="item")).json()
    assert values(by_item) == {("B01", "registered"): 1, ("E01", "registered"): 4}
    assert {(row["key"], row["duty"], row["duty_label"]) for row in by_item["rows"]} == {
        ("B01", "social_insurance", "社会保险"),
        ("E01", "employment_services", "就业服务"),
    }
    by_duty = (await get("/figures", STATISTICIAN, from_="2026-03-02", to="2026-03-02", group_by="duty")).json()
    assert {row["label"]: row["value"] for row in by_duty["rows"]} == {"社会保险": 1, "就业服务": 4}


FILTERS: list[tuple[dict[str, str], int]] = [
    ({}, 7),
    ({"item": "B01"}, 1),
    ({"item": "none"}, 0),
    ({"duty": "employment_services"}, 6),
    ({"division": CITY}, 6),
    ({"division": "441900000000", "level": "city"}, 1),
    ({"level": "village", "division": VILLAGE}, 3),
    ({"to": "2026-03-01"}, 0),
]


async def test_filters(busy: Any, get: Any) -> None:
    for query, registered in FILTERS:
        answer = await get("/figures", PROVINCIAL, **({"from_": "2026-03-01", "to": "2026-03-03"} | query))
        assert (query, totals(answer.json())["registered"]) == (query, registered)


async def test_one_measure_leaves_the_others_out(busy: Any, get: Any) -> None:
    body = (await get("/figures", PROVINCIAL, from_="2026-03-01", measure="accepted")).json()
    assert totals(body) == {"accepted": 1}
    assert values(body) == {("2026-03-03", "accepted"): 1}


async def test_by_child_shows_silent_divisions_and_the_own_office(busy: Any, get: Any) -> None:
    actor = make_actor(TOWN, Role.OFFICE_HEAD)
    body = (
        await get("/figures", actor, from_="2026-03-02", to="2026-03-02", group_by="child", measure="registered")
    ).json()
    assert [(row["key"], row["label"], row["part"], row["value"]) for row in body["rows"]] == [
        (VILLAGE, "南头城社区", "child", 3),
        (NEIGHBOUR, "大新社区", "child", 1),
        (TOWN, "南头街道", "own", 1),
    ]
    assert totals(body) == {"registered": 5}


async def test_the_way_down_from_province_to_village_adds_up_at_every_step(busy: Any, get: Any) -> None:
    at, seen = PROVINCE, []
    while at is not None:
        query = {"division": at, "from_": "2026-03-02", "to": "2026-03-03"}
        body = (await get("/figures/children", PROVINCIAL, **query)).json()
        parts = [body["own"], body["unlisted"], *(child["figures"] for child in body["items"])]
        assert [sum(part[n]["value"] for part in parts) for n in range(5)] == [row["value"] for row in body["totals"]]
        seen.append([(child["division"], child["level"], child["has_children"]) for child in body["items"]])
        at = next(
            (child["division"] for child in body["items"] if VILLAGE.startswith(child["division"].rstrip("0"))), None
        )
    assert seen[0] == [(CITY, "city", True), ("441600000000", "city", True), ("441900000000", "city", True)]
    assert seen[1:] == [
        [(COUNTY, "county", True), ("440306000000", "county", True)],
        [(TOWN, "town", True)],
        [(VILLAGE, "village", False), (NEIGHBOUR, "village", False)],
        [],
    ]


async def test_a_city_without_counties_leads_to_its_towns(busy: Any, get: Any) -> None:
    body = (await get("/figures/children", PROVINCIAL, division="441900000000", from_="2026-03-02")).json()
    assert [child["division"] for child in body["items"]] == ["441900003000"]


async def test_each_child_tells_its_own_completeness(busy: Any, get: Any) -> None:
    body = (
        await get("/figures/children", PROVINCIAL, level="county", division=COUNTY, from_="2026-03-02", to="2026-03-02")
    ).json()
    assert body["items"][0]["completeness"]["rate"] == 1.0
    assert body["completeness"]["reported"] == 3


async def test_children_come_in_pages(busy: Any, get: Any) -> None:
    query = {"division": CITY, "from_": "2026-03-02", "limit": 1}
    first = (await get("/figures/children", PROVINCIAL, **query)).json()
    second = (await get("/figures/children", PROVINCIAL, **query, cursor=first["next_cursor"])).json()
    assert [child["division"] for page in (first, second) for child in page["items"]] == [COUNTY, "440306000000"]
    assert second["next_cursor"] is None
    other = await get("/figures/children", PROVINCIAL, division=COUNTY, from_="2026-03-02", cursor=first["next_cursor"])
    assert (other.status_code, other.json()["code"]) == (400, "request.cursor-invalid")


async def test_a_retired_division_is_shown_while_it_has_figures(busy: Any, get: Any, directory_events: Any) -> None:
    retired = {"version": 2, "valid_to": date(2026, 1, 1)}
    await busy.directory(directory_events("division", NEIGHBOUR, "大新社区", **retired))
    on = {"division": TOWN, "level": "town"}
    busy_day = (await get("/figures/children", PROVINCIAL, **on, from_="2026-03-02", to="2026-03-02")).json()
    silent_day = (await get("/figures/children", PROVINCIAL, **on, from_="2026-03-01", to="2026-03-01")).json()
    before = (await get("/figures/children", PROVINCIAL, **on, from_="2025-12-01", to="2025-12-02")).json()
    assert [[child["division"] for child in body["items"]] for body in (busy_day, silent_day, before)] == [
        [VILLAGE, NEIGHBOUR], [VILLAGE], [VILLAGE, NEIGHBOUR],
    ]  # fmt: skip


async def test_divisions_that_the_directory_lacks_are_told_as_unlisted(busy: Any, get: Any) -> None:
    await busy.rows("DELETE FROM directory_divisions WHERE code = $1", VILLAGE)
    body = (await get("/figures/children", PROVINCIAL, division=TOWN, from_="2026-03-02", to="2026-03-02")).json()
    assert body["unlisted"][0]["value"] == 3
    by_child = (
        await get("/figures", PROVINCIAL, division=TOWN, from_="2026-03-02", to="2026-03-02", group_by="child")
    ).json()
    assert (TOWN, "unlisted", 3) in {(row["key"], row["part"], row["value"]) for row in by_child["rows"]}


async def test_before_the_first_record_an_answer_says_so(filled: Any, get: Any) -> None:
    body = (await get("/figures", STATISTICIAN)).json()
    assert (body["as_of"], body["rows"], body["from"]) == (None, [], "2026-03-03")
    assert body["completeness"]["rate"] == 0.0


REFUSED: list[tuple[str, Actor | None, dict[str, Any], int, str]] = [
    ("/figures", None, {}, 401, "auth.token-missing"),
    ("/figures", STATISTICIAN, {"division": "440306000000"}, 403, "auth.out-of-scope"),
    ("/figures", STATISTICIAN, {"division": OTHER, "level": "village"}, 403, "auth.out-of-scope"),
    ("/figures/children", STATISTICIAN, {"division": CITY}, 403, "auth.out-of-scope"),
    ("/figures", STATISTICIAN, {"level": "city"}, 403, "reporting.level-above-own"),
    ("/figures", STATISTICIAN, {"level": "province", "division": VILLAGE}, 403, "reporting.level-above-own"),
    ("/figures", CITIZEN, {}, 403, "auth.out-of-scope"),
    ("/figures", CITIZEN, {"division": VILLAGE, "level": "village"}, 403, "auth.out-of-scope"),
    ("/figures", STATISTICIAN, {"level": "town"}, 400, "reporting.division-above-level"),
    ("/figures", PROVINCIAL, {"level": "county", "division": "441900003000"}, 400, "reporting.level-not-on-path"),
    ("/figures", STATISTICIAN, {"division": "440305001009"}, 422, "directory.division-unknown"),
    ("/figures/children", STATISTICIAN, {"division": "440305001009"}, 422, "directory.division-unknown"),
    ("/figures", STATISTICIAN, {"from_": "2026-03-02", "to": "2026-03-01"}, 400, "reporting.days-reversed"),
    ("/figures", STATISTICIAN, {"from_": "2025-01-01", "to": "2026-03-01"}, 400, "reporting.days-too-many"),
    ("/figures", STATISTICIAN, {"from_": "1700000000"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"from_": "2026-02-30"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"to": "2026-03-01T00:00:00"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"level": "street"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"division": "44030"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"measure": "money"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"group_by": "person"}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"item": "x" * 32}, 422, "request.validation-failed"),
    ("/figures", STATISTICIAN, {"item": "E\x00"}, 400, "request.malformed-url"),
    ("/figures/children", STATISTICIAN, {"limit": 0}, 422, "request.validation-failed"),
    ("/figures/children", STATISTICIAN, {"cursor": "!"}, 400, "request.cursor-invalid"),
    ("/dictionaries", None, {}, 401, "auth.token-missing"),
]


async def test_refuses_with_a_stable_code(filled: Any, get: Any) -> None:
    for where, actor, query, status, code in REFUSED:
        answer = await get(where, actor, **query)
        assert (where, query, answer.status_code, answer.json()["code"]) == (where, query, status, code)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_scope_stands_in_the_statements_not_only_before_them(busy: Any) -> None:
    """Whatever a use case is handed, the statements find nothing outside the actor's own divisions."""
    foreign, days = "440306000000", Days(date(2026, 3, 1), date(2026, 3, 3))
    place = Place(Level.COUNTY, foreign)
    asked = Question(place, days).asked(STATISTICIAN, [foreign, COUNTY])
    async with busy.db.transaction() as conn:
        assert await conn.fetchval("SELECT count(*) FROM figures WHERE division = $1 AND level = 'county'", foreign)
        assert {row["key"] for row in await Figures(conn).sums(asked, by="division")} == {COUNTY}
        assert await list_missing(conn, STATISTICIAN, place, days.first, after="", limit=10) == []
        for group_by in GroupBy:
            with pytest.raises(OutOfScope):
                await get_figures(conn, STATISTICIAN, Question(place, days), group_by)


async def test_dictionaries_label_every_code(app: Any, get: Any) -> None:
    body = (await get("/dictionaries", STATISTICIAN)).json()
    assert [entry["label"] for entry in body["levels"]] == ["省", "市", "县", "镇", "村"]
    assert len(body["duties"]) == 8
    assert all(entry["code"] and entry["label"] for entries in body.values() for entry in entries)
