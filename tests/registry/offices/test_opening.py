"""An office opens with a window for the public, or not at all. Source: O2.2b."""

import asyncio
from datetime import date, timedelta

import pytest

from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import bearer

BEGAN = "2024-01-01"
WINDOW = {"number": "1", "duties": ["social_insurance"], "opening_hours": []}
PLACE = {"address": "大坝镇人民路1号", "certified_area_dm2": 40000, "effective_on": BEGAN}


async def standing(desk, office, status):
    """The office, as it would stand at another place of its life."""
    await desk.rows("UPDATE offices SET status = $2 WHERE id = $1::uuid", office["id"], status)
    return office


async def open_(desk, world, office, **body):
    told = {"status": "operating", "reason": "启用", **body}
    return await desk.change(world.supervisor, office["id"], office["version"], **told)


async def enter(desk, world, office, *, windows):
    answer = await desk.post("/premises", world.head, office_id=office["id"], **PLACE, windows=windows)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def leave(desk, actor, place, on):
    headers = {**bearer(actor), "If-Match": '"1"'}
    path = f"/registry/v1/premises/{place['id']}/ending"
    return await desk.client.post(path, json={"effective_on": on.isoformat(), "reason": "搬迁"}, headers=headers)


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), "
        "(SELECT count(*) FROM record_versions), (SELECT sum(version) FROM offices), "
        "(SELECT string_agg(status, '' ORDER BY id) FROM offices)"
    )


@pytest.mark.parametrize("status", ["planned", "building", "suspended"])
async def test_no_town_office_opens_without_a_window_for_the_public(small_desk, world, office, status):
    """O2.2b."""
    await standing(small_desk, office, status)
    for windows in ([], [{**WINDOW, "is_public": False}]):
        if windows:
            await enter(small_desk, world, office, windows=windows)
        before = await traces(small_desk)
        refused = problem(await open_(small_desk, world, office), 422, "registry.public-window-required", "O2.2b")
        assert (refused["value"], refused["required"], refused["on"]) == (0, 1, today().isoformat())
        assert await traces(small_desk) == before
    await enter(small_desk, world, office, windows=[WINDOW])
    opened = await open_(small_desk, world, office)
    assert (opened.status_code, opened.json()["status"]) == (200, "operating"), opened.text


async def test_the_window_is_there_on_the_day_and_still_today(small_desk, world, office):
    """O2.2b: neither one that came later nor one that is gone again."""
    await standing(small_desk, office, "suspended")
    place = await enter(small_desk, world, office, windows=[WINDOW])
    early = await open_(small_desk, world, office, effective_on="2023-12-31")
    assert problem(early, 422, "registry.public-window-required", "O2.2b")["on"] == "2023-12-31"
    left = await leave(small_desk, world.head, place, date(2024, 6, 1))
    assert left.status_code == 200, left.text
    late = await open_(small_desk, world, office, effective_on="2024-05-31")
    assert problem(late, 422, "registry.public-window-required", "O2.2b")["on"] == today().isoformat()


@pytest.mark.parametrize("status", ["planned", "building", "suspended"])
async def test_a_station_opens_without_one(small_desk, world, status):
    """O2.2b is for the offices of towns and streets."""
    station = await small_desk.office_of(world.HEPING_VILLAGE)
    await standing(small_desk, station, status)
    assert (await open_(small_desk, world, station)).status_code == 200


async def test_who_operates_since_the_first_load_stays_as_it_is(small_desk, world, office):
    """O2.2b: nothing was known of its windows then; it is told of other things, and missed in its readiness."""
    answer = await small_desk.change(
        world.supervisor, office["id"], phone="0762-5620001", status="operating", reason="核对"
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "operating"), answer.text


async def test_an_office_does_not_open_while_its_last_window_goes(small_desk, world, office):
    """O2.2b: whoever comes second waits, and is refused."""
    await standing(small_desk, office, "suspended")
    place = await enter(small_desk, world, office, windows=[WINDOW])
    opened, left = await asyncio.gather(
        open_(small_desk, world, office), leave(small_desk, world.head, place, today() - timedelta(days=1))
    )
    assert sorted((opened.status_code, left.status_code)) == [200, 422], (opened.text, left.text)
    refused = opened if opened.status_code == 422 else left
    problem(refused, 422, "registry.public-window-required", "O2.2b")
