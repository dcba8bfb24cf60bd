"""Recruitments: notice, places, priority groups with proof. Source: O3.1b."""

import asyncio
from typing import Any

import pytest

PATH, POSTS = "/recruitments", "/staff-members"
PRIORITY = {
    "group": "three_supports",
    "starts_on": "2021-08-01",
    "ends_on": "2023-07-31",
    "certificate": "粤三支一扶2023第001号",
}


def notice(office: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "office_id": office["id"], "notice_number": "和人社招〔2024〕1号", "notice_published_on": "2024-01-15",
        "method": "open_examination", "openings": 3, "prefers": ["three_supports", "graduate_village_official"], **changes,
    }  # fmt: skip


async def announce(desk: Any, actor: Any, body: dict[str, Any]) -> dict[str, Any]:
    made = await desk.post(PATH, actor, **body)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def test_hires_are_counted_by_group_and_the_priority_share_is_told(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O3.1b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    opened = await announce(small_desk, world.head, notice(office))
    assert (opened["hired"], opened["priority_share_permille"]) == (0, None)
    linked = {"recruitment_id": opened["id"]}
    preferred = await small_desk.post(POSTS, world.head, **hire_body(office, 7_500, priority=PRIORITY, **linked))
    assert (preferred.status_code, preferred.json()["priority_group"]) == (201, "three_supports"), preferred.text
    assert PRIORITY["certificate"] not in preferred.text
    for number in (1, 2):
        assert (
            await small_desk.post(POSTS, world.head, **hire_body(office, 7_500 + number, **linked))
        ).status_code == 201
    full = await small_desk.post(POSTS, world.head, **hire_body(office, 7_504, **linked))
    assert (full.status_code, full.json()["code"], full.json()["clause"]) == (422, "registry.recruitment-full", "O3.1b")
    shown = (await small_desk.get(f"{PATH}/{opened['id']}", world.supervisor)).json()
    assert (shown["hired_by_group"], shown["hired"], shown["priority_hired"]) == (
        {"three_supports": 1, "none": 2},
        3,
        1,
    )
    assert (shown["priority_share_permille"], shown["version"]) == (333, 4)
    versions = (await small_desk.get(f"{PATH}/{opened['id']}/versions", world.head)).json()
    assert [one["hired"] for one in versions] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"priority": {**PRIORITY, "ends_on": "2024-03-01"}}, "registry.priority-refused"),
        ({"priority": {**PRIORITY, "ends_on": "2020-01-01"}}, "registry.priority-refused"),
        ({"priority": {**PRIORITY, "group": "graduate_village_official"}}, "registry.priority-refused"),
        ({"priority": {**PRIORITY, "certificate": ""}}, "request.validation-failed"),
        ({"started_on": "2024-01-14"}, "registry.recruitment-refused"),
    ],
)
async def test_a_priority_hire_without_a_completed_term_leaves_nothing(
    small_desk: Any, world: Any, hire_body: Any, changes: dict[str, Any], code: str
) -> None:
    """Source: O3.1b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    opened = await announce(small_desk, world.head, notice(office, prefers=["three_supports"]))
    made = await small_desk.post(POSTS, world.head, **hire_body(office, recruitment_id=opened["id"], **changes))
    assert (made.status_code, made.json()["code"]) == (422, code)
    assert await small_desk.value("SELECT count(*) FROM staff_persons") == 0
    assert await small_desk.value("SELECT count(*) FROM records") == 1
    assert (await small_desk.get(f"{PATH}/{opened['id']}", world.head)).json()["version"] == 1


async def test_racing_hires_never_take_more_places_than_there_are(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.1b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    opened = await announce(small_desk, world.head, notice(office, openings=2))
    bodies = [hire_body(office, 7_520 + number, recruitment_id=opened["id"]) for number in range(8)]
    answers = await asyncio.gather(*(small_desk.post(POSTS, world.head, **body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 201] + [422] * 6
    assert (await small_desk.get(f"{PATH}/{opened['id']}", world.head)).json()["hired"] == 2


async def test_a_recruitment_changes_with_if_match_and_ends(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.1b."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    opened = await announce(small_desk, world.head, notice(office))
    path = f"{PATH}/{opened['id']}"
    assert (
        await small_desk.post(POSTS, world.head, **hire_body(office, recruitment_id=opened["id"]))
    ).status_code == 201
    assert (await small_desk.patch(path, world.head, 1, applicants=40)).status_code == 412, "a hire came between"
    assert (await small_desk.patch(path, world.head, 2, applicants=40)).json()["applicants"] == 40
    cancelled = await small_desk.patch(path, world.head, 3, status="cancelled")
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "registry.recruitment-change-refused")
    closed = await small_desk.patch(path, world.head, 3, status="closed")
    assert closed.json()["status_label"] == "已结束"
    late = await small_desk.post(POSTS, world.head, **hire_body(office, 7_531, recruitment_id=opened["id"]))
    assert late.json()["code"] == "registry.recruitment-refused"
    assert (await small_desk.get(path, world.stranger)).status_code == 404
    assert (await small_desk.get(PATH, world.stranger)).json()["items"] == []
    assert len((await small_desk.get(PATH, world.supervisor, office_id=office["id"])).json()["items"]) == 1
    assert (await small_desk.get(path, world.head)).headers["ETag"] == '"4"'


async def test_another_offices_recruitment_takes_nobody(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O3.1b."""
    office, station = await small_desk.office_of(world.HEPING_TOWN), await small_desk.office_of("441624101201")
    opened = await announce(small_desk, world.head, notice(office))
    made = await small_desk.post(POSTS, world.head, **hire_body(station, recruitment_id=opened["id"]))
    assert made.json()["code"] == "registry.recruitment-refused"
    wrong = await small_desk.post(PATH, world.head, **notice(office, openings=0))
    assert wrong.json()["code"] == "request.validation-failed"
    foreign = await small_desk.post(PATH, world.supervisor, **notice(office))
    assert foreign.status_code == 403
