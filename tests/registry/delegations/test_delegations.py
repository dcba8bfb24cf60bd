"""Powers that the county handed down to a town's office, from when, by which document. Source: O1.1b."""

import asyncio
import json

import pytest

from common.auth import Role
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor


async def tell(desk, world, actor=None, /, **body):
    office = await desk.office_of(world.HEPING_TOWN)
    whole = {
        "office_id": office["id"],
        "power": "就业创业证核发",
        "duty": "employment_services",
        "from_division": world.HEPING,
        "starts_on": "2012-07-01",
        "document": "和府办〔2012〕30号",
        **body,
    }
    return await desk.post("/delegations", actor or world.supervisor, **whole)


async def end(desk, actor, delegation, version, /, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await desk.client.post(f"/registry/v1/delegations/{delegation['id']}/ending", json=body, headers=headers)


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), (SELECT count(*) FROM records)"
    )


async def test_the_ledger_tells_power_duty_county_day_and_document(small_desk, world):
    """Source: O1.1b."""
    answer = await tell(small_desk, world)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["duty_label"], told["from_division"], told["is_held"]) == ("就业服务", world.HEPING, True)
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", told["id"])
    assert event["type"] == "registry.delegation.changed.v1"
    assert json.loads(event["data"])["power"] == "就业创业证核发"
    assert (await small_desk.get("/delegations", division=world.HEPING_TOWN)).json()["items"] == [told]
    assert (await small_desk.get(f"/delegations/{told['id']}")).headers["ETag"] == '"1"'


async def test_where_there_is_no_county_the_city_hands_down(small_desk, world):
    """Source: O1.1b."""
    office = await small_desk.office_of(world.DONGGUAN_TOWN)
    answer = await tell(small_desk, world, world.dongguan, office_id=office["id"], from_division=world.DONGGUAN)
    assert answer.status_code == 201, answer.text


WRONG = [
    ({"from_division": "441625000000"}, 422, "registry.delegator-refused"),
    ({"from_division": "441600000000"}, 422, "registry.delegator-refused"),
    ({"from_division": "441624101000"}, 422, "registry.delegator-refused"),
    ({"from_division": "4416240"}, 422, "request.validation-failed"),
    ({"starts_on": "2011-09-24"}, 422, "registry.duty-not-in-force"),
    ({"duty": "cooking"}, 422, "request.validation-failed"),
    ({"document": ""}, 422, "request.validation-failed"),
    ({"power": "证"}, 422, "request.validation-failed"),
    ({"effective_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
    ({"office_id": "01900000-0000-7000-8000-000000000000"}, 404, "registry.office-not-found"),
]


@pytest.mark.parametrize(("body", "status", "code"), WRONG)
async def test_what_cannot_be_handed_down_is_refused_and_leaves_nothing(small_desk, world, body, status, code):
    before = await traces(small_desk)
    problem(await tell(small_desk, world, **body), status, code)
    assert await traces(small_desk) == before


async def test_stations_and_bureaus_get_no_powers(small_desk, world):
    """Source: O1.1b."""
    station = await small_desk.office_of(world.HEPING_VILLAGE)
    answer = await tell(small_desk, world, office_id=station["id"], from_division=world.HEPING_TOWN)
    assert problem(answer, 422, "registry.delegation-refused")["clause"] == "O1.1b"


async def test_a_power_is_taken_back_once_and_may_then_be_handed_down_again(small_desk, world):
    """Source: O1.1b."""
    told = (await tell(small_desk, world)).json()
    problem(await tell(small_desk, world), 409, "registry.delegation-exists")
    problem(
        await end(small_desk, world.supervisor, told, 1, until="2012-07-01"), 422, "registry.delegation-term-refused"
    )
    ended = await end(small_desk, world.supervisor, told, 1, until="2020-01-01", reason="上收管理")
    assert (ended.status_code, ended.json()["until"], ended.json()["is_held"]) == (200, "2020-01-01", False)
    problem(await end(small_desk, world.supervisor, told, 1, until="2021-01-01"), 412, "request.if-match-stale")
    problem(await end(small_desk, world.supervisor, told, 2, until="2021-01-01"), 409, "registry.record-ended")
    problem(await tell(small_desk, world, starts_on="2019-12-31"), 409, "registry.delegation-exists")
    assert (await tell(small_desk, world, starts_on="2020-01-01")).status_code == 201
    versions = (await small_desk.get(f"/delegations/{told['id']}/versions")).json()
    assert [one["until"] for one in versions] == [None, "2020-01-01"]


async def test_one_power_told_many_times_at_once_is_kept_once(small_desk, world):
    answers = await asyncio.gather(*(tell(small_desk, world) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_supervisors_above_tell_it_and_nobody_else(small_desk, world):
    """Source: O1.3a."""
    problem(await tell(small_desk, world, world.head), 403, "auth.role-required")
    problem(await tell(small_desk, world, world.stranger), 403, "auth.out-of-scope")
    own = make_actor(world.HEPING_TOWN, Role.BUREAU_SUPERVISOR)
    problem(await tell(small_desk, world, own), 403, "auth.out-of-scope")
