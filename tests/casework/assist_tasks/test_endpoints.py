"""Assist tasks over HTTP: dispatched to guided stations, reported, accepted with quality."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from common.auth import Actor, Role
from common.clock import today
from common.ids import uuid7
from common.policy import parameter
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

TASKS = "/casework/v1/assist-tasks"
SOMEBODY = synthetic_person(9)


class Desk:
    """The town's office, its stations, and others."""

    def __init__(self, window: Any, world: Any) -> None:
        self.window, self.world = window, world
        self.neighbour = make_actor(world.NEIGHBOUR, Role.STATION_AGENT)
        self.bureau = make_actor(world.COUNTY, Role.OFFICE_HEAD)

    async def dispatch(self, actor: Actor | None = None, key: str | None = None, **changes: Any) -> httpx.Response:
        body = {
            "kind": "visit", "asked": "走访退休人员", "stations": [self.world.VILLAGE],
            "due_on": (today() + timedelta(days=3)).isoformat(), **changes,
        }  # fmt: skip
        headers = {**bearer(actor or self.world.CLERK), "Idempotency-Key": key or str(uuid7())}
        return await self.window.client.post(TASKS, json=body, headers=headers)

    async def task(self, **changes: Any) -> dict[str, Any]:
        answer = await self.dispatch(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()["items"][0]

    async def act(self, actor: Actor, task: dict[str, Any], act: str, json: Any = None) -> httpx.Response:
        headers = {**bearer(actor), "If-Match": f'"{task["version"]}"'}
        return await self.window.client.post(f"{TASKS}/{task['id']}/{act}", json=json, headers=headers)

    async def done(self, actor: Actor, task: dict[str, Any], act: str, json: Any = None) -> dict[str, Any]:
        answer = await self.act(actor, task, act, json)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reported(self, **changes: Any) -> dict[str, Any]:
        taken = await self.done(self.world.AGENT, await self.task(), "taking")
        return await self.done(self.world.AGENT, taken, "report", {"is_done": True, "told": "已走访", **changes})

    async def ids(self, actor: Actor, **query: Any) -> list[str]:
        answer = await self.window.client.get(TASKS, params=query, headers=bearer(actor))
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]


@pytest.fixture
def desk(window: Any, world: Any) -> Desk:
    """The window and its people."""
    return Desk(window, world)


async def test_an_office_dispatches_to_its_stations_each_with_a_task_of_its_own(desk: Desk, world: Any):
    """Source: O1.1d."""
    answer = await desk.dispatch(stations=[world.VILLAGE, world.NEIGHBOUR], item_code=world.ITEM)
    assert answer.status_code == 201, answer.text
    first, second = answer.json()["items"]
    assert (first["division"], second["division"]) == (world.VILLAGE, world.NEIGHBOUR)
    assert (first["level"], first["from_division"], first["status_label"]) == ("village", world.TOWN, "已派发")
    assert first["duty"] is not None
    assert await desk.ids(world.AGENT) == [first["id"]]
    assert await desk.ids(desk.neighbour) == [second["id"]]
    assert await desk.ids(world.HEAD, view="dispatched") == [first["id"], second["id"]]
    assert await desk.ids(world.SUPERVISOR, view="subtree", division=world.NEIGHBOUR) == [second["id"]]
    assert (await desk.act(desk.neighbour, first, "taking")).status_code == 404


@pytest.mark.parametrize(
    ("station", "status", "code"),
    [
        ("OTHER_VILLAGE", 422, "casework.assist-task.not-our-station"),
        ("TOWN", 422, "casework.assist-task.not-our-station"),
        ("COUNTY", 422, "casework.assist-task.not-our-station"),
        ("SUSPENDED", 422, "directory.office-not-operating"),
        ("OFFICELESS", 422, "directory.office-unknown"),
        ("RETIRED", 422, "directory.division-retired"),
    ],
)
async def test_nobody_else_is_asked_and_then_nobody_at_all(
    desk: Desk, world: Any, station: str, status: int, code: str
):
    """Source: O1.1d, O1.3c."""
    refused = await desk.dispatch(stations=[world.VILLAGE, getattr(world, station)])
    problem(refused, status, code)
    assert await desk.window.value("SELECT count(*) FROM records") == 0


async def test_the_bureau_above_does_not_dispatch_past_the_office_that_guides(desk: Desk):
    """Source: O1.3c."""
    problem(await desk.dispatch(desk.bureau), 422, "casework.assist-task.not-our-station", "O1.3c")


async def test_a_task_is_taken_reported_and_accepted_with_its_quality(desk: Desk, world: Any):
    """Source: O1.1d, O1.4f."""
    reported = await desk.reported()
    assert (reported["status"], reported["handled_by"], reported["done_on"]) == (
        "reported", world.AGENT.subject, today().isoformat(),
    )  # fmt: skip
    accepted = await desk.done(world.CLERK, reported, "report/acceptance", {"quality_permille": 1200})
    assert (accepted["status"], accepted["quality_permille"], accepted["is_payable"]) == ("accepted", 1200, True)
    row = (await desk.window.rows("SELECT type, data FROM outbox ORDER BY id DESC LIMIT 1"))[0]
    assert row["type"] == "casework.assist-task.changed.v1"
    told = json.loads(row["data"])
    members = ("division", "level", "office_id", "handled_by", "done_on", "quality_permille", "is_payable", "duty")
    assert {name: told[name] for name in members} == {name: accepted[name] for name in members}


async def test_station_and_office_do_not_do_each_others_part(desk: Desk, world: Any):
    """Source: O1.1d, O1.4f."""
    task = await desk.task()
    problem(await desk.act(world.CLERK, task, "taking"), 403, "casework.assist-task.not-at-station", "O1.1d")
    reported = await desk.reported()
    for act, body in (("report/acceptance", {"quality_permille": 1000}), ("report/rejection", {"reason": "不实"})):
        problem(await desk.act(world.AGENT, reported, act, body), 403, "auth.role-required")
        problem(await desk.act(desk.bureau, reported, act, body), 403, "casework.assist-task.not-dispatcher", "O1.1d")
    head_of_station = make_actor(world.VILLAGE, Role.OFFICE_HEAD)
    own = await desk.act(head_of_station, reported, "report/acceptance", {"quality_permille": 1000})
    problem(own, 403, "casework.assist-task.not-dispatcher", "O1.1d")


async def test_a_report_is_sent_back_and_made_again(desk: Desk, world: Any):
    """Source: O1.1d."""
    reported = await desk.reported()
    back = await desk.done(world.HEAD, reported, "report/return", {"reason": "缺签收单"})
    assert (back["status"], back["due_on"], back["returns"][0]["reason"]) == ("taken", back["asked_for_on"], "缺签收单")
    again = await desk.done(world.AGENT, back, "report", {"is_done": True, "told": "补齐"})
    assert [one["told"] for one in again["reports"]] == ["已走访", "补齐"]


async def test_what_was_not_done_has_a_reason_and_no_pay(desk: Desk, world: Any):
    """Source: O1.4f."""
    taken = await desk.done(world.AGENT, await desk.task(), "taking")
    body = {"is_done": False, "told": "两次上门"}
    problem(await desk.act(world.AGENT, taken, "report", body), 422, "casework.assist-task.reason-required", "O1.1d")
    reported = await desk.done(world.AGENT, taken, "report", {**body, "reason": "家中无人"})
    refused = await desk.act(world.CLERK, reported, "report/acceptance", {"quality_permille": 1000})
    problem(refused, 422, "casework.assist-task.quality-required", "O1.4f")
    accepted = await desk.done(world.CLERK, reported, "report/acceptance", {})
    assert (accepted["status"], accepted["is_payable"]) == ("accepted", False)


async def test_unusual_quality_needs_a_reason(desk: Desk, world: Any):
    """Source: O1.4f."""
    reported = await desk.reported()
    high = parameter("pay_quality_max", on=today()).number
    body = {"quality_permille": high + 1}
    refused = await desk.act(world.CLERK, reported, "report/acceptance", body)
    problem(refused, 422, "casework.assist-task.quality-needs-reason", "O1.4f")
    await desk.done(world.CLERK, reported, "report/acceptance", {**body, "reason": "难度大"})


async def test_a_task_may_be_for_a_case_of_the_office(desk: Desk, world: Any):
    """Source: O1.1d."""
    case = (await desk.window.register()).json()
    task = await desk.task(case_id=case["id"])
    assert task["case_id"] == case["id"]
    assert await desk.ids(world.CLERK, view="dispatched", case_id=case["id"]) == [task["id"]]
    assert await desk.ids(world.CLERK, view="dispatched", case_id=str(uuid7())) == []
    problem(await desk.dispatch(case_id=str(uuid7())), 404, "casework.case-not-found")
    stranger = make_actor(world.OTHER_COUNTY, Role.STATION_AGENT, Role.OFFICE_HEAD)
    other = await desk.window.register(stranger, division=world.OTHER_VILLAGE)
    problem(await desk.dispatch(case_id=other.json()["id"]), 404, "casework.case-not-found")


async def test_late_tasks_are_seen(desk: Desk, world: Any):
    """Source: O1.1d."""
    task, other = await desk.task(due_on=today().isoformat()), await desk.task()
    past = (today() - timedelta(days=1)).isoformat()
    change = "UPDATE records SET due_on = $2::text::date, state = state || jsonb_build_object('due_on', $2::text) WHERE id = $1"
    await desk.window.rows(change, task["id"], past)
    assert await desk.ids(world.AGENT, is_overdue="true") == [task["id"]]
    assert await desk.ids(world.AGENT) == [task["id"], other["id"]]
    shown = await desk.window.client.get(f"{TASKS}/{task['id']}", headers=bearer(world.SUPERVISOR))
    assert shown.json()["is_overdue"] is True


async def test_a_task_is_withdrawn_before_its_report_and_not_after(desk: Desk, world: Any):
    task = await desk.task()
    withdrawn = await desk.done(world.CLERK, task, "withdrawal", {"reason": "不再需要"})
    assert (withdrawn["status"], withdrawn["due_on"]) == ("withdrawn", None)
    problem(await desk.act(world.AGENT, withdrawn, "taking"), 409, "casework.assist-task.state-forbids")
    refused = await desk.act(world.CLERK, await desk.reported(), "withdrawal", {"reason": "不再需要"})
    problem(refused, 409, "casework.assist-task.state-forbids")


async def test_the_file_of_a_report_belongs_to_the_task(desk: Desk, world: Any):
    """Source: O1.1d, O4.2b."""
    answer = await desk.window.client.post(
        "/casework/v1/uploads", params={"division": world.VILLAGE}, content=b"%PDF-1.7\n%%EOF\n",
        headers={**bearer(world.AGENT), "Content-Type": "application/pdf", "Idempotency-Key": str(uuid7())},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    file_id = answer.json()["id"]
    reported = await desk.reported(evidence_file_id=file_id)
    assert reported["reports"][0]["evidence_file_id"] == file_id
    upload = (await desk.window.rows("SELECT status, case_id FROM records WHERE id = $1", file_id))[0]
    assert (upload["status"], str(upload["case_id"])) == ("attached", reported["id"])
    taken = await desk.done(world.AGENT, await desk.task(), "taking")
    again = {"is_done": True, "told": "已走访", "evidence_file_id": file_id}
    problem(await desk.act(world.AGENT, taken, "report", again), 409, "casework.upload.attached")
    missing = {**again, "evidence_file_id": str(uuid7())}
    problem(await desk.act(world.AGENT, taken, "report", missing), 404, "casework.upload.not-found")
    stands = await desk.window.client.get(f"{TASKS}/{taken['id']}", headers=bearer(world.AGENT))
    assert stands.json()["status"] == "taken"


async def test_a_station_that_was_merged_is_followed_to_its_heir(desk: Desk, world: Any):
    """Source: O1.1d; standards.md §1 (Order 79)."""
    task = await desk.task()
    problem(await desk.act(desk.neighbour, task, "taking"), 404, "record.not-found")
    heir = "INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)"
    await desk.window.rows(heir, world.VILLAGE, world.NEIGHBOUR)
    taken = await desk.done(desk.neighbour, task, "taking")
    assert taken["holder"] == desk.neighbour.subject
    problem(
        await desk.act(world.AGENT, taken, "report", {"is_done": True, "told": "已走访"}),
        404,
        "record.not-found",
    )


async def test_of_two_decisions_at_once_one_holds(desk: Desk, world: Any):
    """Source: O1.4f."""
    for _ in range(5):
        reported = await desk.reported()
        answers = await asyncio.gather(
            desk.act(world.CLERK, reported, "report/acceptance", {"quality_permille": 1000}),
            desk.act(world.HEAD, reported, "report/return", {"reason": "不全"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_the_same_request_dispatches_once(desk: Desk):
    key = str(uuid7())
    first, second = await desk.dispatch(key=key), await desk.dispatch(key=key)
    assert first.json() == second.json()
    assert await desk.window.value("SELECT count(*) FROM records") == 1


BAD: dict[str, dict[str, Any]] = {
    "no station": {"stations": []},
    "a station twice": {"stations": ["440305001001", "440305001001"]},
    "a station that is no code": {"stations": ["44"]},
    "a kind that is none": {"kind": "spying"},
    "nothing asked": {"asked": " "},
    "somebody's number": {"asked": f"走访{SOMEBODY.id_number}"},
    "a day that is past": {"due_on": "2020-01-01"},
    "a day that no calendar has": {"due_on": "2026-02-30"},
    "an item that is none": {"item_code": "Z99"},
    "an unknown member": {"pay": 1},
}


async def test_wrong_input_is_refused_and_leaves_nothing(desk: Desk):
    for name, changes in BAD.items():
        answer = await desk.dispatch(**changes)
        assert answer.status_code == 422, name
        assert SOMEBODY.id_number not in answer.text
    assert await desk.window.value("SELECT count(*) FROM records") == 0


async def test_who_may_not_dispatch(desk: Desk, world: Any):
    for actor in (world.AGENT, world.SUPERVISOR, world.AUDITOR, world.ADMINISTRATOR):
        problem(await desk.dispatch(actor), 403, "auth.role-required")
    problem(await desk.window.client.get(TASKS, headers=bearer(world.ADMINISTRATOR)), 403, "auth.role-required")
    task = await desk.task()
    stranger = await desk.window.client.get(f"{TASKS}/{task['id']}", headers=bearer(world.STRANGER))
    problem(stranger, 404, "record.not-found")
