"""Trainings over HTTP. Source: O3.2b."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from common.auth import Role
from common.clock import today
from common.contracts.registry.people import StaffMemberState
from common.testing.databases import WAITING_FOR_LOCKS
from common.testing.tokens import make_actor
from registry.division_changes.domain import Change, ChangeKind, Target
from registry.division_changes.service import perform_change
from registry.history.domain import next_state
from registry.history.service import get_record, store_record

SESSIONS, PARTS, POSTS = "/training-sessions", "/training-attendances", "/staff-members"


async def hire(desk: Any, actor: Any, body: dict[str, Any]) -> str:
    made = await desk.post(POSTS, actor, **body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def session(*posts: str, **changes: Any) -> dict[str, Any]:
    body = {"title": "窗口业务培训", "subject": "skills", "mode": "post", "hours": 6, "held_on": "2025-05-10"}
    return {**body, "attendees": [{"staff_member_id": post} for post in posts], **changes}


async def test_a_session_is_recorded_for_people_of_several_offices_and_assessed(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.2b, O1.3a."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624101201")
    posts = [
        await hire(small_desk, world.head, hire_body(place, 7_600 + at)) for at, place in enumerate((office, station))
    ]
    made = await small_desk.post(SESSIONS, world.supervisor, **session(*posts))
    assert made.status_code == 201, made.text
    parts = made.json()["attendances"]
    assert {one["office_id"] for one in parts} == {office["id"], station["id"]}
    assert [(one["subject_label"], one["mode_label"], one["result_label"]) for one in parts] == [
        ("操作技能", "定岗培训", "未考核")
    ] * 2
    assert (
        await small_desk.value("SELECT count(*) FROM outbox WHERE type = 'registry.training-attendance.changed.v1'")
        == 2
    )
    path = f"{PARTS}/{parts[0]['id']}"
    passed = await small_desk.patch(path, world.head, 1, result="passed", effective_on="2025-05-20")
    assert (passed.status_code, passed.json()["result"]) == (200, "passed")
    assert (await small_desk.patch(path, world.head, 1, result="failed")).status_code == 412
    assert (await small_desk.patch(path, world.stranger, 2, result="failed")).status_code == 404
    assert [one["result"] for one in (await small_desk.get(f"{path}/versions", world.head)).json()] == [
        "not_assessed",
        "passed",
    ]
    assert (await small_desk.get(path, world.head)).headers["ETag"] == '"2"'
    listed = (await small_desk.get(PARTS, world.supervisor, session_id=made.json()["session_id"])).json()["items"]
    assert {one["id"] for one in listed} == {one["id"] for one in parts}
    assert len((await small_desk.get(PARTS, world.supervisor, staff_member_id=posts[0])).json()["items"]) == 1
    assert (await small_desk.get(PARTS, world.stranger)).json()["items"] == []
    assert (await small_desk.get(path, world.stranger)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": str(today() + timedelta(days=1))}, "registry.effective-date-refused"),
        ({"held_on": "2024-02-29"}, "registry.training-attendance-refused"),
        ({"hours": 0}, "request.validation-failed"),
        ({"subject": "cooking"}, "request.validation-failed"),
        ({"mode": "online"}, "request.validation-failed"),
        ({"attendees": []}, "request.validation-failed"),
        ({"title": "联系13800138000"}, "registry.text-holds-personal-data"),
    ],
)
async def test_a_wrong_session_has_its_code_and_leaves_nothing(
    small_desk: Any, world: Any, hire_body: Any, changes: dict[str, Any], code: str
) -> None:
    """Source: O3.2b."""
    post = await hire(small_desk, world.head, hire_body(await small_desk.office_of(world.HEPING_TOWN)))
    made = await small_desk.post(SESSIONS, world.head, **session(post, **changes))
    assert (made.status_code, made.json()["code"]) == (422, code)
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.training-attendance'") == 0


async def test_one_wrong_attendee_refuses_the_whole_session(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.2b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    early = await hire(small_desk, world.head, hire_body(office, 7_610))
    late = await hire(small_desk, world.head, hire_body(office, 7_611, started_on="2025-06-01"))
    for attendees, status, code in (
        ((early, late), 422, "registry.training-attendance-refused"),
        ((early, "01900000-0000-7000-8000-000000000000"), 404, "registry.record-not-found"),
        ((early, early), 422, "request.validation-failed"),
    ):
        made = await small_desk.post(SESSIONS, world.head, **session(*attendees))
        assert (made.status_code, made.json()["code"]) == (status, code)
    assert (await small_desk.post(SESSIONS, world.stranger, **session(early))).status_code == 404
    assert (await small_desk.post(SESSIONS, world.clerk, **session(early))).json()["code"] == "auth.role-required"
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.training-attendance'") == 0


async def test_recency_warns_and_totals_tell_the_hours_of_a_year(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.2b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    posts = [await hire(small_desk, world.head, hire_body(office, 7_620 + number)) for number in range(2)]
    await small_desk.post(SESSIONS, world.head, **session(*posts))
    await small_desk.post(SESSIONS, world.head, **session(posts[0], subject="regulations", mode="general", hours=3))
    due = (await small_desk.get("/training/recency", world.supervisor, office_id=office["id"], on="2025-12-31")).json()
    assert (due["recency_days"], due["clause"]) == (365, "O3.2b")
    assert [(one["staff_member_id"], one["subject"], one["last_on"]) for one in due["due"]] == [
        (posts[1], "regulations", None)
    ]
    later = (await small_desk.get("/training/recency", world.head, office_id=office["id"], on="2026-05-11")).json()
    assert len(later["due"]) == 4
    assert (await small_desk.get("/training/recency", world.stranger, office_id=office["id"])).json()["due"] == []
    totals = (await small_desk.get("/training/totals", world.supervisor, office_id=office["id"], year=2025)).json()[
        "totals"
    ]
    told = {
        (one["subject"], one["mode"]): (one["sessions"], one["session_hours"], one["person_hours"]) for one in totals
    }
    assert (told["skills", "post"], told["regulations", "general"], told["skills", "targeted"]) == (
        (1, 6, 12),
        (1, 3, 3),
        (0, 0, 0),
    )
    assert (await small_desk.get("/training/totals", world.clerk, office_id=office["id"], year=2025)).status_code == 403


# --- while something else changes -----------------------------------------------------------------------------------


async def recorded_behind(desk: Any, actor: Any, post: str, change: Any) -> Any:
    """What a session is answered that comes while another unit of work holds the office and changes it."""
    async with desk.units()() as uow:
        await change(uow)
        recording = asyncio.create_task(desk.post(SESSIONS, actor, **session(post)))
        async with asyncio.timeout(10):
            while not await desk.value(WAITING_FOR_LOCKS):
                assert not recording.done(), recording.result().text
                await asyncio.sleep(0.02)
    return await recording


async def test_a_training_recorded_while_the_town_moves_belongs_to_its_new_division(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.2b; standards.md §1."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    post = await hire(small_desk, world.head, hire_body(office))

    async def move(uow: Any) -> None:
        moving = Change(ChangeKind.MOVE, today(), "粤民〔2026〕7号", (world.HEPING_TOWN,), (Target("441625109000"),))
        await perform_change(uow, moving)

    city = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
    made = await recorded_behind(small_desk, city, post, move)
    assert made.status_code == 201, made.text
    (part,) = made.json()["attendances"]
    assert (part["office_id"], part["division"]) == (office["id"], "441625109000")
    assert [one["id"] for one in (await small_desk.get(PARTS, world.supervisor)).json()["items"]] == []
    (stored,) = await small_desk.rows("SELECT division, level FROM records WHERE id = $1", UUID(part["id"]))
    assert tuple(stored) == ("441625109000", "town")


@pytest.mark.parametrize(
    ("is_moved", "status", "code"),
    [(False, 422, "registry.training-attendance-refused"), (True, 409, "registry.training-post-moved")],
)
async def test_who_leaves_or_moves_meanwhile_is_not_trained(
    small_desk: Any, world: Any, hire_body: Any, is_moved: bool, status: int, code: str
) -> None:
    """Source: O3.2b."""
    office, other = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624102000")
    post = await hire(small_desk, world.head, hire_body(office))

    async def leave(uow: Any) -> None:
        await uow.conn.execute("SELECT 1 FROM offices WHERE id = $1 FOR UPDATE", UUID(office["id"]))
        held = await get_record(uow.session, StaffMemberState, UUID(post))
        home = {"office_id": UUID(other["id"]), "division": other["division"]}
        changes = home if is_moved else {"ended_on": date(2025, 5, 10)}
        state = next_state(held, effective_on=today(), **changes)
        await store_record(uow, state, previous=held, action="registry.test.store")

    made = await recorded_behind(small_desk, world.supervisor, post, leave)
    assert (made.status_code, made.json()["code"]) == (status, code)
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.training-attendance'") == 0
