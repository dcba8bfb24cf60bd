"""Cases of a town that went to another county: they are of who has the town today, and of who stands above both.

Source: ADR 0014; standards.md §1 (Order 79), §9.
"""

from typing import Any

import pytest

from common.auth import Actor, Role
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor

CASES = "/casework/v1/cases"


@pytest.fixture
async def moved(window, world) -> tuple[str, str]:
    """A case of a village that has gone to the other county since, and one of its neighbour, which stayed."""
    made = [(await window.register(division=code, actor=world.CLERK)).json()["id"] for code in villages(world)]
    await window.rows("INSERT INTO directory_heirs VALUES ($1, $2)", world.VILLAGE, world.OTHER_VILLAGE)
    return made[0], made[1]


def villages(world) -> tuple[str, str]:
    return world.VILLAGE, world.NEIGHBOUR


async def may(window, actor: Actor, case: str) -> dict[str, bool]:
    """What somebody can do with a case at version 1; only the last of it changes the case."""
    headers, body = bearer(actor), {"kind": "natural_person", "number": synthetic_person(1).id_number}
    read = await window.client.get(f"{CASES}/{case}", headers=headers)
    listed = await window.client.get(CASES, headers=headers)
    found = await window.client.post(f"{CASES}/search", json=body, headers=headers)
    disclosed = await window.client.post(
        f"{CASES}/{case}/applicant-disclosures", json={"reason": "核对身份"}, headers=headers
    )
    accepted = await window.act(case, "take-over", {"reason": "区划调整后由本机构办理"}, version=1, actor=actor)
    assert {read.status_code, disclosed.status_code, accepted.status_code} <= {200, 404}
    return {
        "read": read.status_code == 200,
        "list": has(listed, case),
        "search": has(found, case),
        "disclose": disclosed.status_code == 200,
        "accept": accepted.status_code == 200,
    }


def has(answer: Any, case: str) -> bool:
    return case in {one["id"] for one in answer.json()["items"]}


@pytest.mark.parametrize(
    ("place", "allowed"),
    [
        ("COUNTY", False), ("TOWN", False), ("VILLAGE", False), ("OTHER_COUNTY", True), ("OTHER_VILLAGE", True),
        ("CITY", True), ("PROVINCE", True),
    ],
)  # fmt: skip
async def test_a_moved_case_is_of_who_has_the_place_today(window, world, moved, place: str, allowed: bool):
    actor = make_actor(getattr(world, place), Role.OFFICE_HEAD)
    before = await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.applicant.disclose'")
    assert await may(window, actor, moved[0]) == dict.fromkeys(
        ("read", "list", "search", "disclose", "accept"), allowed
    )
    after = await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.applicant.disclose'")
    assert after - before == allowed
    assert await window.value("SELECT version FROM cases WHERE id = $1", moved[0]) == 1 + allowed


async def test_an_accepted_case_is_not_closed_by_the_county_of_before(window, world, moved):
    await window.act(moved[0], "acceptance", version=1, actor=make_actor(world.OTHER_VILLAGE, Role.OFFICE_HEAD))
    for place, status in ((world.COUNTY, 404), (world.OTHER_VILLAGE, 200)):
        actor = make_actor(place, Role.OFFICE_HEAD)
        closed = await window.act(moved[0], "closure", {"result": "granted"}, version=2, actor=actor)
        assert closed.status_code == status


async def test_what_stayed_stays_and_a_case_is_found_under_both_codes_by_who_may(window, world, moved):
    async def listed(actor: Actor, **query: Any) -> set[str]:
        answer = await window.client.get(CASES, params=query, headers=bearer(actor))
        return {one["id"] for one in answer.json()["items"]}

    assert await listed(make_actor(world.COUNTY, Role.BUREAU_SUPERVISOR)) == {moved[1]}
    assert await listed(make_actor(world.OTHER_COUNTY, Role.BUREAU_SUPERVISOR)) == {moved[0]}
    for code in (world.VILLAGE, world.OTHER_VILLAGE):
        assert await listed(world.SUPERVISOR, division=code) == {moved[0]}
    assert await listed(world.SUPERVISOR) == set(moved)


async def test_a_place_that_goes_on_below_the_same_county_is_still_the_countys(window, world):
    case = (await window.register()).json()["id"]
    await window.rows("INSERT INTO directory_heirs VALUES ($1, $2)", world.VILLAGE, world.NEIGHBOUR)
    for place, allowed in ((world.VILLAGE, False), (world.TOWN, True)):
        assert set((await may(window, make_actor(place, Role.OFFICE_HEAD), case)).values()) == {allowed}
