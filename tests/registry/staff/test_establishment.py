"""Establishment: entered as found, only lowered, never passed, also by racing hires. Source: O1.4d."""

import asyncio
from typing import Any

import pytest

PATH, POSTS = "/establishments", "/staff-members"
DOCUMENT = "和编〔2012〕5号"


async def enter(desk: Any, actor: Any, office: dict[str, Any], quota: int, on: str = "2012-01-01") -> dict[str, Any]:
    made = await desk.post(PATH, actor, office_id=office["id"], quota=quota, document=DOCUMENT, effective_on=on)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def test_the_number_is_entered_as_found_and_told_by_day(small_desk: Any, world: Any) -> None:
    """Source: O1.4d, S3."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await enter(small_desk, world.head, office, 5)
    lowered = await small_desk.patch(
        f"{PATH}/{made['id']}", world.head, 1, quota=4, document="和编〔2020〕1号", effective_on="2020-01-01"
    )
    assert (lowered.status_code, lowered.json()["quota"]) == (200, 4), lowered.text
    for day, quota in (("2019-12-31", 5), ("2020-01-01", 4)):
        (found,) = (await small_desk.get(PATH, world.supervisor, office_id=office["id"], on=day)).json()["items"]
        assert found["quota"] == quota
    versions = (await small_desk.get(f"{PATH}/{made['id']}/versions", world.head)).json()
    assert [(one["quota"], one["document"]) for one in versions] == [(5, DOCUMENT), (4, "和编〔2020〕1号")]
    again = await small_desk.post(PATH, world.head, office_id=office["id"], quota=9, document=DOCUMENT)
    assert (again.status_code, again.json()["code"]) == (409, "registry.record-exists")
    assert (await small_desk.get(f"{PATH}/{made['id']}", world.stranger)).status_code == 404
    assert (await small_desk.get(f"{PATH}/{made['id']}", world.head)).headers["ETag"] == '"2"'


async def test_it_does_not_rise_nor_fall_below_who_is_there(small_desk: Any, world: Any, hire_body: Any) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await enter(small_desk, world.head, office, 2)
    hired = await small_desk.post(POSTS, world.head, **hire_body(office, staff_type="establishment"))
    assert hired.json()["is_public_employee"] is True
    path = f"{PATH}/{made['id']}"
    raised = await small_desk.patch(path, world.head, 1, quota=3, document=DOCUMENT)
    told = raised.json()
    assert (raised.status_code, told["code"], told["clause"]) == (
        422,
        "registry.establishment-increase-refused",
        "O1.4d",
    )
    assert (told["quota"], told["increase_max"]) == (2, 0)
    emptied = await small_desk.patch(path, world.head, 1, quota=0, document=DOCUMENT)
    assert (emptied.status_code, emptied.json()["code"]) == (422, "registry.establishment-below-filled")
    assert (await small_desk.patch(path, world.head, 1, quota=1, document=DOCUMENT)).status_code == 200
    full = await small_desk.post(POSTS, world.head, **hire_body(office, 7_001, staff_type="establishment"))
    assert (full.status_code, full.json()["code"], full.json()["clause"]) == (
        422,
        "registry.establishment-full",
        "O1.4d",
    )
    assert "政府购买服务" in full.json()["detail"]
    bought = await small_desk.post(POSTS, world.head, **hire_body(office, 7_001, staff_type="purchased_service"))
    assert bought.status_code == 201


@pytest.mark.parametrize(
    ("division", "body", "status", "code"),
    [
        ("441624101201", {"quota": 1}, 422, "registry.staff-type-refused"),
        ("441624101000", {"quota": -1}, 422, "request.validation-failed"),
        ("441624101000", {"quota": 1, "document": ""}, 422, "request.validation-failed"),
        ("441624101000", {"quota": 1, "effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
        ("441624101000", {"quota": 1, "document": "见13800138000"}, 422, "registry.text-holds-personal-data"),
        ("440305001000", {"quota": 1}, 403, "auth.out-of-scope"),
    ],
)
async def test_a_wrong_entry_leaves_nothing(
    small_desk: Any, world: Any, division: str, body: dict[str, Any], status: int, code: str
) -> None:
    """Source: O1.4d, O1.4e."""
    office = await small_desk.office_of(division)
    made = await small_desk.post(PATH, world.head, **{"office_id": office["id"], "document": DOCUMENT, **body})
    assert (made.status_code, made.json()["code"]) == (status, code)
    assert await small_desk.value("SELECT count(*) FROM records") == 0
    assert await small_desk.value("SELECT count(*) FROM outbox WHERE type LIKE 'registry.establishment%'") == 0


async def test_of_racing_hires_for_one_free_post_exactly_one_succeeds(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    await enter(small_desk, world.head, office, 3)
    for number in (1, 2):
        assert (
            await small_desk.post(POSTS, world.head, **hire_body(office, 7_400 + number, staff_type="establishment"))
        ).status_code == 201
    bodies = [hire_body(office, 7_410 + number, staff_type="establishment") for number in range(12)]
    answers = await asyncio.gather(*(small_desk.post(POSTS, world.head, **body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 11
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"registry.establishment-full"}
    filled = "SELECT count(*) FROM records WHERE record = 'registry.staff-member' AND state ->> 'staff_type' = 'establishment'"
    assert await small_desk.value(filled) == 3
    assert await small_desk.value("SELECT count(*) FROM outbox WHERE type = 'registry.staff-member.changed.v1'") == 3


async def test_a_hire_that_races_the_lowering_never_leaves_more_posts_than_the_quota(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d."""
    office = await small_desk.office_of(world.HEPING_TOWN)
    made = await enter(small_desk, world.head, office, 1)
    lowering = small_desk.patch(f"{PATH}/{made['id']}", world.head, 1, quota=0, document=DOCUMENT)
    hiring = small_desk.post(POSTS, world.head, **hire_body(office, staff_type="establishment"))
    statuses = {answer.status_code for answer in await asyncio.gather(lowering, hiring)}
    assert statuses in ({200, 422}, {201, 422})
    quota = await small_desk.value(
        "SELECT (state ->> 'quota')::int FROM records WHERE record = 'registry.establishment'"
    )
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.staff-member'") <= quota


async def test_of_racing_hires_of_one_person_by_two_offices_exactly_one_full_post_remains(
    small_desk: Any, world: Any, hire_body: Any
) -> None:
    """Source: O1.4d."""
    from common.auth import Role
    from common.testing.tokens import make_actor

    places = ("441624101000", "441624100000", "441624102000", "441625100000", "440305001000")
    offices = [await small_desk.office_of(division) for division in places]
    actors = [make_actor(division, Role.OFFICE_HEAD) for division in places]
    hires = (small_desk.post(POSTS, actor, **hire_body(office)) for actor, office in zip(actors, offices, strict=True))
    answers = await asyncio.gather(*hires)
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422]
    assert await small_desk.value("SELECT count(*) FROM staff_persons") == 1
