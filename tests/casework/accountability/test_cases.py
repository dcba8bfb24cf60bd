"""Accountability over real cases: what the window did is what is warned of, split and summed."""

import asyncio
import json
from datetime import date
from typing import Any

import pytest

from casework.accountability.jobs import warning_job
from casework.accountability.service import look_at_page
from common.testing.problems import problem

TOWN, VILLAGE = "440305001000", "440305001001"


async def run(desk, day: str) -> None:
    """The day's look at everything."""
    async with desk.window.context.uow() as uow:
        more = await look_at_page(uow, on=date.fromisoformat(day), limit=100)
    if more:
        await run(desk, day)


async def registered(desk, number: int = 1, **changes: Any) -> dict[str, Any]:
    answer = await desk.window.register(number=number, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def accepted(desk, number: int = 1, **changes: Any) -> dict[str, Any]:
    case = await registered(desk, number, **changes)
    answer = await desk.window.act(case["id"], "acceptance", version=1)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def closed(desk, case: dict[str, Any], version: int = 2) -> dict[str, Any]:
    answer = await desk.window.act(case["id"], "closure", {"result": "granted"}, version=version)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def kinds(desk) -> list[tuple[str, str]]:
    states = await desk.window.rows("SELECT state FROM records WHERE record = 'casework.warning'")
    return sorted((one["kind"], one["status"]) for one in (json.loads(row["state"]) for row in states))


async def test_a_case_that_lies_too_long_is_warned_of_until_it_is_closed(desk, world, clock):
    """O4.3c, O4.3d: settled at once means due on the day; the day after, its holder is warned."""
    case = await accepted(desk)
    await run(desk, "2026-09-07")
    assert await kinds(desk) == [("due_today", "raised")]
    clock.move_to("2026-09-08T09:00:00+08:00")
    await run(desk, "2026-09-08")
    assert await kinds(desk) == [("due_today", "lifted"), ("overdue", "raised")]
    (told,) = (await desk.get(world.AGENT, "/warnings", status="raised")).json()["items"]
    assert (told["holder"], told["case_id"], told["item_code"]) == (world.AGENT.subject, case["id"], "E06")
    await closed(desk, case)
    clock.move_to("2026-09-09T09:00:00+08:00")
    await run(desk, "2026-09-09")
    assert {status for _, status in await kinds(desk)} == {"lifted"}


async def test_silence_after_a_registration_is_warned_of(desk, world, clock):
    """O4.3c; standards.md §6: five silent working days after the receipt."""
    case = await registered(desk)
    clock.move_to("2026-09-11T09:00:00+08:00")
    await run(desk, "2026-09-11")
    clock.move_to("2026-09-15T09:00:00+08:00")
    await run(desk, "2026-09-15")
    assert await kinds(desk) == [("reminder", "lifted"), ("unanswered", "raised")]
    (part,) = (await desk.get(world.AGENT, f"/cases/{case['id']}/attribution")).json()[0]["parts"]
    assert (part["kind"], part["days"], part["overdue_days"]) == ("holder", 6, 1)


async def test_waiting_for_the_applicant_is_not_the_windows_time(desk, world, clock):
    """O4.3c: the parts add up to the whole, the applicant's days among them."""
    case = await registered(desk)
    clock.move_to("2026-09-08T09:00:00+08:00")
    asked = {"materials": ["居民身份证复印件"], "days": 10}
    answer = await desk.window.act(case["id"], "supplement-notice", asked, version=1)
    assert answer.status_code == 200, answer.text
    clock.move_to("2026-09-15T09:00:00+08:00")
    (told,) = (await desk.get(world.HEAD, f"/cases/{case['id']}/attribution")).json()
    assert [(part["kind_label"], part["days"]) for part in told["parts"]] == [("持有人", 1), ("申请人", 5)]
    assert (told["elapsed"], told["running"], told["overdue"]) == (6, 1, 0)


async def test_how_many_were_closed_in_time_is_summed_by_office_and_by_person(desk, world, clock):
    """O4.3c, O4.3g: closed in time of those closed; open and overdue ones beside."""
    in_time, late, still = [await accepted(desk, number) for number in (1, 2, 3)]
    await closed(desk, in_time)
    clock.move_to("2026-09-09T09:00:00+08:00")
    await closed(desk, late)
    expected = {"closed": 2, "on_time": 1, "on_time_permille": 500, "open": 1, "overdue": 1}
    for by, key in (("office", VILLAGE), ("person", world.AGENT.subject)):
        for actor in (world.HEAD, world.SUPERVISOR, world.AUDITOR):
            (told,) = (await desk.get(actor, "/summary", by=by)).json()["items"]
            assert told == {"key": key, **expected}
    early = await desk.get(world.HEAD, "/summary", by="office", first="2026-09-01", last="2026-09-07")
    assert early.json()["items"][0]["closed"] == 1
    before = await desk.get(world.HEAD, "/summary", by="office", first="2026-08-01", last="2026-08-31")
    assert before.json()["items"][0] == {
        "key": VILLAGE, "closed": 0, "on_time": 0, "on_time_permille": None, "open": 1, "overdue": 1,
    }  # fmt: skip
    assert (await desk.get(world.HEAD, "/summary", by="office", division=TOWN)).json()["items"] != []
    assert still["status"] == "accepted"


async def test_errors_of_entry_count_for_nobody(desk, world):
    """O4.3c, O4.3g; standards.md §5: what was voided or deleted was not handled, in time or late."""
    await closed(desk, await accepted(desk, 1))
    for number, result in ((2, "voided"), (3, "deleted")):
        case = await accepted(desk, number)
        body = {"result": result, "reason": "重复录入"}
        answer = await desk.window.act(case["id"], "closure", body, version=2, actor=world.HEAD)
        assert answer.status_code == 200, answer.text
    for by in ("office", "person"):
        told = (await desk.get(world.HEAD, "/summary", by=by)).json()["items"]
        assert [(one["closed"], one["on_time"], one["open"]) for one in told] == [(1, 1, 0)]


async def test_the_summary_is_for_who_supervises_and_of_their_subtree(desk, world, people):
    await accepted(desk)
    problem(await desk.get(world.AGENT, "/summary", by="person"), 403, "auth.role-required")
    problem(await desk.get(world.ADMINISTRATOR, "/summary", by="person"), 403, "auth.role-required")
    assert (await desk.get(people.other_county, "/summary", by="office")).json()["items"] == []
    outside = await desk.get(people.other_county, "/summary", by="office", division=VILLAGE)
    problem(outside, 403, "auth.out-of-scope")


@pytest.mark.parametrize(
    "params",
    [{}, {"by": "moon"}, {"by": "office", "first": "0001-01-01"}, {"by": "office", "last": "9999-12-31"}],
)
async def test_what_is_no_question_for_a_summary_is_refused(desk, world, params):
    assert (await desk.get(world.HEAD, "/summary", **params)).status_code == 422


async def test_pages_of_a_summary_follow_one_another(desk, world):
    await accepted(desk, 1)
    neighbour = await desk.window.register(world.CLERK, number=2, division=world.NEIGHBOUR)
    assert neighbour.status_code == 201
    first = (await desk.get(world.HEAD, "/summary", by="office", limit=1)).json()
    second = (await desk.get(world.HEAD, "/summary", by="office", limit=1, cursor=first["next_cursor"])).json()
    assert [one["key"] for one in first["items"] + second["items"]] == [VILLAGE, world.NEIGHBOUR]
    assert second["next_cursor"] is None


async def test_a_foreign_case_is_as_if_it_were_not_there(desk, world, people):
    case = await accepted(desk)
    for path in (f"/cases/{case['id']}/attribution",):
        problem(await desk.get(people.other_county, path), 404, "casework.case-not-found")
    look = await desk.post(people.other_county, f"/cases/{case['id']}/look")
    problem(look, 404, "casework.case-not-found")


async def test_the_workers_job_does_the_days_run_and_stops_when_told(desk, clock):
    await accepted(desk)
    clock.move_to("2026-09-08T09:00:00+08:00")
    stop = asyncio.Event()
    jobs = [asyncio.create_task(warning_job(desk.window.context, every_seconds=0.01)(stop)) for _ in range(2)]
    async with asyncio.timeout(20):
        while not await desk.window.value("SELECT count(*) FROM warning_runs WHERE finished_at IS NOT NULL"):
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.gather(*jobs)
    assert await kinds(desk) == [("overdue", "raised")]
