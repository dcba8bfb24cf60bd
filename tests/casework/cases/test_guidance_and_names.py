"""Heads above a station act on its cases (O1.3c); past cases keep the names of their day."""

import pytest

from casework.cases.domain import heads
from common.auth import Role
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

CASES = "/casework/v1/cases"


@pytest.mark.parametrize(
    ("place", "division", "is_theirs"),
    [
        ("440305001001", "440305001001", True),
        ("440305001001", "440305001000", True),
        ("441900003001", "441900003000", True),
        ("440305001001", "440306001000", False),
        ("440305001001", "440305000000", False),
        ("440305001000", "440305000000", False),
    ],
)
def test_a_head_answers_for_the_own_office_and_the_stations_that_it_guides(place, division, is_theirs):
    """O1.3c: the service office guides the stations of its town, and nobody above the office does."""
    assert heads(place, division) is is_theirs


async def test_the_head_of_the_guiding_office_acts_on_a_stations_case(window, world):
    """O1.3c, O4.3b: accepts, takes what was offered to the station; clerks and other offices' heads do not."""
    case = (await window.register()).json()["id"]
    for actor, code in (
        (world.CLERK, "casework.case.not-holder"),
        (make_actor(world.COUNTY, Role.OFFICE_HEAD), "casework.case.not-holder"),
    ):
        problem(await window.act(case, "acceptance", version=1, actor=actor), 403, code)
    accepted = await window.act(case, "acceptance", version=1, actor=world.HEAD)
    assert (accepted.status_code, accepted.json()["holder"]["division"]) == (200, world.VILLAGE)
    offered = await window.act(
        case, "offer", {"purpose": "handover", "division": world.NEIGHBOUR}, version=2, actor=world.HEAD
    )
    assert offered.status_code == 200
    refused = await window.act(case, "offer/acceptance", version=3, actor=world.CLERK)
    problem(refused, 403, "casework.case.not-offered-to-you")
    taken = await window.act(case, "offer/acceptance", version=3, actor=world.HEAD)
    assert (taken.status_code, taken.json()["holder"]["division"]) == (200, world.TOWN)


async def test_the_head_approves_what_a_station_has_nobody_to_approve(window, world):
    """O1.3c; standards.md §5 (批准): a station has no head of its own."""
    case = (await window.register()).json()["id"]
    await window.act(case, "acceptance", version=1)
    await window.rows(
        "UPDATE cases SET stage = 'approving', file = jsonb_set(file, '{terms,steps}', '[\"undertaking\", \"approving\"]') "
        "WHERE id = $1::uuid",
        case,
    )
    body = {"is_favourable": True, "opinion": "符合规定"}
    problem(await window.act(case, "step-completion", body, version=2), 403, "casework.case.head-needed")
    approved = await window.act(case, "step-completion", body, version=2, actor=world.HEAD)
    assert (approved.status_code, approved.json().get("stage")) == (200, "decided"), approved.text


async def test_a_past_case_is_called_as_its_item_was_on_its_day(window, world):
    """O4.1b: a version that is to come names no case of before, in lists as little as alone."""
    case = (await window.register()).json()
    await window.rows(
        "INSERT INTO item_versions SELECT (r).* FROM (SELECT jsonb_populate_record(i, jsonb_build_object("
        "'version', i.version + 1, 'name', '将来的名称', 'effective_from', current_date + 30)) AS r "
        "FROM item_versions i WHERE code = $1 ORDER BY version DESC LIMIT 1) AS made",
        case["item_code"],
    )
    headers = bearer(world.AGENT)
    alone = (await window.client.get(f"{CASES}/{case['id']}", headers=headers)).json()
    (listed,) = (await window.client.get(CASES, headers=headers)).json()["items"]
    assert {alone["item_name"], listed["item_name"]} == {case["item_name"]}
    await window.rows("UPDATE cases SET registered_at = registered_at + interval '40 days'")
    later = (await window.client.get(f"{CASES}/{case['id']}", headers=headers)).json()
    assert later["item_name"] == "将来的名称", "a case of then is called as the item is then"
