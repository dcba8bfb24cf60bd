"""Worklists over HTTP. Source: O4.1c, O4.3b, O4.3c."""

from datetime import timedelta
from typing import Any

from common.auth import Role
from common.clock import today
from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

TASKS = "/casework/v1/worklists/cases"
OTHER = make_actor("440306001001", Role.STATION_AGENT, subject="agent-of-the-other-county")


async def registered(window, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A case that the village's agent holds."""
    return (await window.register(number=number, **changes)).json()


async def listed(window, actor, **query: Any) -> list[dict[str, Any]]:
    """A whole worklist, page by page."""
    items, params = [], {"limit": 2, **query}
    while True:
        answer = await window.client.get(TASKS, params=params, headers=bearer(actor))
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        if answer.json()["next_cursor"] is None:
            return items
        params["cursor"] = answer.json()["next_cursor"]


async def due(window, case: dict[str, Any], offset: int | None) -> None:
    """Lets a case be due so many days from today; None lets its clock stand still."""
    day = None if offset is None else today() + timedelta(days=offset)
    await window.rows("UPDATE cases SET due_on = $2 WHERE id = $1::uuid RETURNING 1", case["id"], day)


async def test_what_is_due_first_comes_first_and_what_stands_still_comes_last(window, world):
    """Source: O4.3c."""
    cases = [await registered(window, number) for number in range(1, 6)]
    for case, offset in zip(cases, (30, -40, None, 0, -3), strict=True):
        await due(window, case, offset)
    tasks = await listed(window, world.AGENT, kind="mine")
    assert [one["case"]["id"] for one in tasks] == [cases[n]["id"] for n in (1, 4, 3, 0, 2)]
    assert tasks[0]["colour"] == "red"
    assert tasks[-1] | {"case": None} == {
        "case": None, "colour": "green", "colour_label": "绿", "remaining_working_days": None,
    }  # fmt: skip
    assert tasks[0]["remaining_working_days"] < tasks[1]["remaining_working_days"] <= 0
    assert "*" in tasks[0]["case"]["applicant"]["name"]


async def test_colours_divide_the_list(window, world):
    """Source: O4.3c."""
    for number, offset in enumerate((-60, -1, 0, 1, 2, 40, None), 1):
        await due(window, await registered(window, number), offset)
    every = await listed(window, world.AGENT, kind="mine")
    apart = {
        colour: await listed(window, world.AGENT, kind="mine", colour=colour)
        for colour in ("red", "yellow", "reminder", "green")
    }
    assert sum(len(part) for part in apart.values()) == len(every) == 7
    for colour, part in apart.items():
        assert {one["colour"] for one in part} <= {colour}


async def test_an_office_sees_what_it_holds_what_is_offered_to_it_and_what_lies_below(window, world):
    """Source: O4.3b."""
    mine, handed = await registered(window), await registered(window, 2)
    offer = {"purpose": "handover", "division": world.TOWN}
    await window.act(handed["id"], "offer", offer, version=1)
    ids = {
        kind: {one["case"]["id"] for one in await listed(window, world.CLERK, kind=kind)}
        for kind in ("mine", "offered", "office", "subtree")
    }
    assert ids == {"mine": set(), "offered": {handed["id"]}, "office": set(), "subtree": {mine["id"], handed["id"]}}
    taken = await window.act(handed["id"], "offer/acceptance", version=2, actor=world.CLERK)
    assert taken.json()["holder"]["division"] == world.TOWN
    for kind in ("mine", "office"):
        assert [one["case"]["id"] for one in await listed(window, world.CLERK, kind=kind)] == [handed["id"]]
    assert await listed(window, world.STRANGER, kind="subtree") == []


async def test_a_supervisor_sees_how_much_each_place_below_has(window, world):
    """Source: O4.3c."""
    await due(window, await registered(window), -9)
    await registered(window, 2)
    await registered(window, 3, division=world.OTHER_VILLAGE, actor=window_agent(world))
    answer = await window.client.get("/casework/v1/worklists/counts", headers=bearer(world.SUPERVISOR))
    rows = {row["place"]: row for row in answer.json()["items"]}
    assert {place: (row["total"], row["red"]) for place, row in rows.items()} == {
        world.COUNTY: (2, 1), world.OTHER_COUNTY: (1, 0),
    }  # fmt: skip
    below = await window.client.get(
        "/casework/v1/worklists/counts", params={"division": world.TOWN}, headers=bearer(world.SUPERVISOR)
    )
    assert [(row["place"], row["total"]) for row in below.json()["items"]] == [(world.VILLAGE, 2)]
    refused = await window.client.get("/casework/v1/worklists/counts", headers=bearer(world.ADMINISTRATOR))
    problem(refused, 403, "auth.role-required")


def window_agent(world):
    """An agent of the other county's village."""

    return make_actor(world.OTHER_VILLAGE, Role.STATION_AGENT)


async def batch(window, actor, cases: list[dict[str, Any]], act: str, version: int = 1, **body: Any):
    """The same act on many cases."""
    told = {"act": act, "cases": [{"id": one["id"], "version": version} for one in cases], **body}
    headers = {**bearer(actor), "Idempotency-Key": str(uuid7())}
    return await window.client.post("/casework/v1/worklists/batches", json=told, headers=headers)


async def test_a_batch_does_what_can_be_done_and_says_why_the_rest_was_not(window, world):
    """Source: O4.1c."""
    cases = [await registered(window, number) for number in range(1, 4)]
    await window.act(cases[1]["id"], "acceptance", version=1)
    done = await batch(window, world.AGENT, cases, "acceptance")
    outcomes = {row["id"]: (row["outcome"], row["version"], row["code"]) for row in done.json()["items"]}
    assert outcomes == {
        cases[0]["id"]: ("done", 2, None),
        cases[1]["id"]: ("refused", None, "request.if-match-stale"),
        cases[2]["id"]: ("done", 2, None),
    }
    events = await window.value("SELECT count(*) FROM outbox WHERE type = 'casework.case.accepted.v1'")
    assert events == 3
    closed = await batch(window, world.AGENT, cases, "closure", 2, result="granted")
    assert {row["outcome"] for row in closed.json()["items"]} == {"done"}


async def test_a_batch_that_is_none_is_refused_and_does_nothing(window, world):
    case = await registered(window)
    for body in ({"cases": []}, {"act": "deletion"}, {"cases": [case] * 101}, {"result": "lost"}):
        told = {"act": "acceptance", "cases": [{"id": case["id"], "version": 1}], **body}
        headers = {**bearer(world.AGENT), "Idempotency-Key": str(uuid7())}
        refused = await window.client.post("/casework/v1/worklists/batches", json=told, headers=headers)
        problem(refused, 422, "request.validation-failed")
    assert await window.value("SELECT max(version) FROM cases") == 1


async def test_the_heir_of_a_place_sees_what_lies_at_its_office_and_what_was_offered_to_it(window, world):
    """O4.3b; ADR 0014: a village was merged into its neighbour; nobody acts at its old code any more."""
    held, offered = await registered(window), await registered(window, 2, division=world.OTHER_VILLAGE, actor=OTHER)
    made = await window.act(
        offered["id"], "offer", {"purpose": "handover", "division": world.VILLAGE}, version=1, actor=OTHER
    )
    assert made.status_code == 200, made.text
    await window.rows("INSERT INTO directory_heirs VALUES ($1, $2)", world.VILLAGE, world.NEIGHBOUR)
    heir, former = make_actor(world.NEIGHBOUR, Role.STATION_AGENT, subject="heir"), world.AGENT
    ids = {
        (who, kind): {one["case"]["id"] for one in await listed(window, actor, kind=kind)}
        for who, actor in (("heir", heir), ("former", former))
        for kind in ("office", "offered")
    }
    assert ids == {
        ("heir", "office"): {held["id"]}, ("heir", "offered"): {offered["id"]},
        ("former", "office"): set(), ("former", "offered"): set(),
    }  # fmt: skip
    taken = await window.act(offered["id"], "offer/acceptance", version=2, actor=heir)
    assert taken.status_code == 200, "who sees it acts on it"
