"""What is entered late of an office that has moved: under the division of each time, up to today.

Source: standards.md §1 (Order 79), ADR 0013, ADR 0014.
"""

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Actor, Role
from common.clock import today
from common.contracts.registry.places import EquipmentState
from common.contracts.registry.readiness import ReadinessState
from common.divisions import Level
from common.ids import uuid7
from common.testing.tokens import make_actor
from registry.history.domain import Placement, placed_states
from registry.history.service import Wanted, list_records, store_records

CITY = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
TOWN, VILLAGE = "441624101000", "441624101201"
NEW_TOWN, NEW_VILLAGE = "441625109000", "441625109201"
LAST_TOWN, LAST_VILLAGE = "441624109000", "441624109201"
STAYED = "441624102201"
FIRST, DAY, LATER = date(2023, 6, 30), date(2025, 7, 1), date(2026, 3, 1)
SINCE = date(2024, 3, 1)


async def move(desk: Any, source: str, target: str, on: date) -> None:
    body = {"kind": "move", "effective_on": on.isoformat(), "document": "粤民〔2026〕7号", "sources": [source]}
    answer = await desk.post("/division-changes", CITY, **body, targets=[{"code": target}])
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def station(small_desk: Any) -> dict[str, Any]:
    """The village's station, which has gone with its town to the other county."""
    office: dict[str, Any] = await small_desk.office_of(VILLAGE)
    await move(small_desk, TOWN, NEW_TOWN, DAY)
    return office


def head_of(town: str) -> Actor:
    return make_actor(town, Role.OFFICE_HEAD)


def purchase(office: dict[str, Any], on: date, **changes: Any) -> dict[str, Any]:
    bought = {"kind": "computer", "quantity": 5, "acquired_on": on.isoformat(), "fund": "county_budget"}
    return {"office_id": office["id"], "cost_fen": 2_000_000, **bought, **changes}


async def versions(desk: Any, record_id: str) -> list[tuple[int, str, date]]:
    """(version, division, effective_on) of each, as the history has them; the events say the same, in this order."""
    sql = "SELECT version, division, effective_on, state FROM record_versions WHERE id = $1 ORDER BY version"
    rows = await desk.rows(sql, UUID(record_id))
    told = await desk.rows("SELECT data, division FROM outbox WHERE subject = $1 ORDER BY id", record_id)
    assert [json.loads(one["data"]) for one in told] == [json.loads(row["state"]) for row in rows]
    for row, event in zip(rows, told, strict=True):
        state = json.loads(row["state"])
        assert {state["division"], event["division"]} == {row["division"]}
        assert (state["version"], state["effective_on"]) == (row["version"], row["effective_on"].isoformat())
    return [(row["version"], row["division"], row["effective_on"]) for row in rows]


MOVED = [(1, VILLAGE, SINCE), (2, NEW_VILLAGE, DAY)]


async def test_somebody_found_at_work_since_before_the_move_was_at_the_old_division_then(
    small_desk: Any, station: dict[str, Any], hire_body: Any
) -> None:
    made = await small_desk.post("/staff-members", head_of(NEW_TOWN), **hire_body(station, started_on=str(SINCE)))
    assert made.status_code == 201, made.text
    shown = made.json()
    assert (made.headers["ETag"], shown["effective_on"], shown["started_on"]) == ('"2"', str(DAY), str(SINCE))
    assert await versions(small_desk, shown["id"]) == MOVED
    again = await small_desk.get(f"/staff-members/{shown['id']}", make_actor("441625000000", Role.BUREAU_SUPERVISOR))
    assert (again.json(), again.headers["ETag"]) == (shown, '"2"')
    old = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    assert (await small_desk.get(f"/staff-members/{shown['id']}", old)).status_code == 404
    entries = await small_desk.rows("SELECT action, division FROM audit_entries WHERE object_id = $1", shown["id"])
    assert [tuple(one) for one in entries] == [("registry.staff-member.hire", NEW_VILLAGE)]


async def test_a_day_of_before_is_answered_with_the_division_of_that_day(
    small_desk: Any, station: dict[str, Any]
) -> None:
    made = (await small_desk.post("/equipment", CITY, **purchase(station, SINCE))).json()
    assert made["version"] == 2
    async with small_desk.units()() as uow:
        for on, division in (
            (SINCE - timedelta(days=1), None), (SINCE, VILLAGE), (DAY - timedelta(days=1), VILLAGE),
            (DAY, NEW_VILLAGE), (today(), NEW_VILLAGE), (None, NEW_VILLAGE),
        ):  # fmt: skip
            for within in (TOWN, NEW_TOWN):
                found = await list_records(uow.session, EquipmentState, Wanted(within=within, on=on))
                is_there = division is not None and division[:9] == within[:9]
                assert [str(one.id) for one in found] == [made["id"]] * is_there, (on, within)
    changed = await small_desk.patch(f"/equipment/{made['id']}", CITY, 2, quantity=4)
    assert changed.status_code == 200, changed.text


async def test_of_two_moves_each_has_its_day(small_desk: Any, station: dict[str, Any]) -> None:
    await move(small_desk, NEW_TOWN, LAST_TOWN, LATER)
    expected = [(1, VILLAGE), (2, NEW_VILLAGE), (3, LAST_VILLAGE)]
    made = (await small_desk.post("/equipment", CITY, **purchase(station, SINCE))).json()
    days = [SINCE, DAY, LATER]
    assert await versions(small_desk, made["id"]) == [(*one, on) for one, on in zip(expected, days, strict=True)]
    between = (await small_desk.post("/equipment", CITY, **purchase(station, DAY))).json()
    assert await versions(small_desk, between["id"]) == [(1, NEW_VILLAGE, DAY), (2, LAST_VILLAGE, LATER)]


async def test_what_needs_no_second_state_gets_none(small_desk: Any, station: dict[str, Any]) -> None:
    stayed = await small_desk.office_of(STAYED)
    for office, on, division in (
        (station, DAY, NEW_VILLAGE),
        (station, today(), NEW_VILLAGE),
        (station, FIRST - timedelta(days=1), NEW_VILLAGE),
        (stayed, SINCE, STAYED),
    ):
        made = await small_desk.post("/equipment", CITY, **purchase(office, on))
        assert made.headers["ETag"] == '"1"'
        assert await versions(small_desk, made.json()["id"]) == [(1, division, on)], on


async def test_a_training_of_before_the_move_is_told_of_all_who_took_part(
    small_desk: Any, station: dict[str, Any], hire_body: Any
) -> None:
    """Many at once: of the office that moved and of one that stayed."""
    stayed = await small_desk.office_of(STAYED)
    posts = [
        (await small_desk.post("/staff-members", head_of(town), **hire_body(office, 7_800 + at))).json()["id"]
        for at, (town, office) in enumerate(((NEW_TOWN, station), ("441624102000", stayed)))
    ]
    held_on = date(2025, 5, 10)
    body = {"title": "窗口业务培训", "subject": "skills", "mode": "post", "hours": 6, "held_on": held_on.isoformat()}
    attendees = [{"staff_member_id": post} for post in posts]
    made = await small_desk.post("/training-sessions", CITY, **body, attendees=attendees)
    assert made.status_code == 201, made.text
    parts = {one["office_id"]: one for one in made.json()["attendances"]}
    moved, kept = parts[station["id"]], parts[stayed["id"]]
    assert (moved["version"], moved["division"], kept["version"]) == (2, NEW_VILLAGE, 1)
    assert await versions(small_desk, moved["id"]) == [(1, VILLAGE, held_on), (2, NEW_VILLAGE, DAY)]
    assert await versions(small_desk, kept["id"]) == [(1, STAYED, held_on)]


async def test_many_first_states_are_stored_as_one_is(small_desk: Any, station: dict[str, Any]) -> None:
    first = {"version": 1, "office_id": UUID(station["id"]), "division": NEW_VILLAGE, "level": Level.VILLAGE}
    facts = {"model": None, "condition": "working", "fund": "county_budget", "aid_grant_id": None, "cost_fen": 100}
    states = [
        EquipmentState(id=uuid7(), effective_on=on, kind="printer", quantity=1, acquired_on=on, **first, **facts)
        for on in (DAY, SINCE, SINCE)
    ]
    async with small_desk.units()() as uow:
        assert await store_records(uow, [], action="registry.test.store") == []
        stored = await store_records(uow, states, action="registry.test.store")
    assert [(one.id, one.version) for one in stored] == [
        (state.id, number) for state, number in zip(states, (1, 2, 2), strict=True)
    ]
    assert await versions(small_desk, str(states[0].id)) == [(1, NEW_VILLAGE, DAY)]
    assert await versions(small_desk, str(states[1].id)) == MOVED


def readiness(on: date) -> ReadinessState:
    return ReadinessState(
        id=uuid7(), version=1, office_id=uuid7(), division="440305001003", level=Level.VILLAGE, effective_on=on,
        rules_on=on, status="unknown", criteria=(),
    )  # fmt: skip


@given(
    days=st.lists(st.integers(0, 60), max_size=8).map(sorted),
    places=st.lists(st.integers(1, 4), min_size=8, max_size=8),
    since=st.integers(-5, 65),
)
def test_late_states_are_where_the_office_was_on_every_day(days: list[int], places: list[int], since: int) -> None:
    """Source: ADR 0014."""
    placements = [
        Placement(FIRST + timedelta(days=day), f"44030500{place}001", Level.VILLAGE)
        for day, place in zip(days, places, strict=False)
    ]
    state = readiness(FIRST + timedelta(days=since))
    states = placed_states(state, placements)
    assert [one.version for one in states] == list(range(1, len(states) + 1))
    assert [one.effective_on for one in states] == sorted({one.effective_on for one in states})
    assert states[0].effective_on == state.effective_on
    assert all(one.division != after.division for one, after in pairwise(states))
    if not days or since < days[0]:
        assert states == [state]
        return
    for day in range(since, 70):
        on = FIRST + timedelta(days=day)
        held = [one for one in states if one.effective_on <= on][-1]
        assert held.division == [one for one in placements if one.effective_on <= on][-1].division
