"""Premises and windows over HTTP. Source: O2.2a, O2.2b, O1.1c, O5.2."""

import asyncio
import json
from datetime import timedelta

import pytest

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

WINDOW = {
    "number": "1",
    "duties": ["social_insurance", "employment_services"],
    "opening_hours": [{"weekday": 1, "opens": "08:30", "closes": "12:00"}],
}
SMALL = {"address": "大坝镇人民路1号", "certified_area_dm2": 25000, "windows": [WINDOW]}
WAIVER = {"reason": "老城区无房源", "approver": "和平县人力资源和社会保障局", "document": "和人社〔2020〕1号"}


async def post_to(desk, path, actor, version, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await desk.client.post(f"/registry/v1{path}", json=body, headers=headers)


@pytest.fixture
async def small_place(small_desk, world, office):
    answer = await small_desk.post("/premises", world.head, office_id=office["id"], effective_on="2020-01-01", **SMALL)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_small_area_is_accepted_and_answered_with_a_warning(small_desk, small_place):
    """O2.2a: 原则上 is soft."""
    (warning,) = small_place["warnings"]
    assert {name: warning[name] for name in ("code", "clause", "value", "required", "unit_label")} == {
        "code": "registry.floor-area-short",
        "clause": "O2.2a",
        "value": "250.00",
        "required": "300",
        "unit_label": "平方米",
    }
    assert (small_place["area"]["status"], small_place["area"]["status_label"]) == ("short", "未达到")
    assert (small_place["counted_area_m2"], small_place["counted_basis_label"]) == ("250.00", "证载面积")
    assert small_place["windows"][0]["duties"][0] == {"code": "social_insurance", "label": "社会保险"}
    shown = await small_desk.get(f"/premises/{small_place['id']}")
    assert shown.headers["ETag"] == '"1"'
    assert shown.json() == {name: value for name, value in small_place.items() if name not in {"area", "warnings"}}
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", small_place["id"])
    assert event["type"] == "registry.premises.changed.v1"
    assert json.loads(event["data"])["certified_area_dm2"] == 25000


async def test_enough_area_is_answered_without_a_warning(small_desk, world, office):
    """O2.2a."""
    body = {**SMALL, "certified_area_dm2": 30000}
    told = (await small_desk.post("/premises", world.head, office_id=office["id"], **body)).json()
    assert (told["warnings"], told["area"]["status"]) == ([], "met")
    assert told["effective_on"] == today().isoformat()


async def test_a_waiver_is_for_a_supervisor_above_and_ends(small_desk, world, office, small_place):
    """O2.2a: granted by the bureau above, never by the office itself; an expired one counts no longer."""
    path = f"/premises/{small_place['id']}/waiver"
    body = {**WAIVER, "expires_on": "2021-12-31", "effective_on": "2020-02-01"}
    before = await small_desk.counts()
    own = make_actor(world.HEPING_TOWN, Role.BUREAU_SUPERVISOR)
    problem(await post_to(small_desk, path, world.head, 1, **body), 403, "auth.role-required")
    problem(await post_to(small_desk, path, own, 1, **body), 403, "auth.out-of-scope")
    problem(await post_to(small_desk, path, world.stranger, 1, **body), 403, "auth.out-of-scope")
    late = {**body, "expires_on": "2020-01-31"}
    problem(await post_to(small_desk, path, world.supervisor, 1, **late), 422, "registry.waiver-expired", "O2.2a")
    assert await small_desk.counts() == before
    granted = await post_to(small_desk, path, world.supervisor, 1, **body)
    assert granted.status_code == 200, granted.text
    assert (granted.json()["warnings"], granted.json()["area"]["status"]) == ([], "waived")
    assert granted.json()["waiver"]["expires_on"] == "2021-12-31"
    for day, status in (("2023-07-01", "short"), (today().isoformat(), "short")):
        found = (await small_desk.get("/premises/findings", office_id=office["id"], on=day)).json()
        assert found["area"]["status"] == status, day


async def test_a_waiver_that_runs_is_found_and_falls_with_the_area(small_desk, world, office, small_place):
    """O2.2a."""
    until = (today() + timedelta(days=30)).isoformat()
    path = f"/premises/{small_place['id']}"
    granted = await post_to(small_desk, f"{path}/waiver", world.province, 1, **WAIVER, expires_on=until)
    assert granted.status_code == 200, granted.text
    found = (await small_desk.get("/premises/findings", office_id=office["id"])).json()
    assert (found["area"]["status"], found["area"]["waiver_expires_on"]) == ("waived", until)
    grown = (await small_desk.patch(path, world.head, 2, certified_area_dm2=26000)).json()
    assert grown["waiver"] is not None
    shrunk = (await small_desk.patch(path, world.head, 3, certified_area_dm2=20000)).json()
    assert (shrunk["waiver"], shrunk["area"]["status"]) == (None, "short")


async def test_the_last_public_window_of_an_operating_office_cannot_be_closed(small_desk, world, small_place):
    """O2.2b: 应 is hard."""
    path = f"/premises/{small_place['id']}"
    before = await small_desk.counts()
    for windows in ([], [{**WINDOW, "is_public": False}]):
        body = problem(
            await small_desk.patch(path, world.head, 1, windows=windows),
            422,
            "registry.public-window-required",
            "O2.2b",
        )
        assert (body["value"], body["required"]) == (0, 1)
    ended = await post_to(small_desk, f"{path}/ending", world.head, 1, reason="搬迁")
    problem(ended, 422, "registry.public-window-required", "O2.2b")
    assert await small_desk.counts() == before


async def test_the_first_entry_of_an_operating_office_has_a_public_window(small_desk, world, office):
    """O2.2b."""
    before = await small_desk.counts()
    answer = await small_desk.post("/premises", world.head, office_id=office["id"], **{**SMALL, "windows": []})
    problem(answer, 422, "registry.public-window-required", "O2.2b")
    assert await small_desk.counts() == before


async def test_an_office_moves_by_entering_the_new_place_first_and_the_old_one_stays_in_history(
    small_desk, world, office, small_place
):
    """O2.2a, O2.2b, S3."""
    body = {**SMALL, "address": "大坝镇新街2号", "certified_area_dm2": 40000, "effective_on": "2024-05-01"}
    new = (await small_desk.post("/premises", world.head, office_id=office["id"], **body)).json()
    assert new["area"]["counted_area_m2"] == "650.00"
    ending = await post_to(
        small_desk, f"/premises/{small_place['id']}/ending", world.head, 1, effective_on="2024-05-01", reason="搬迁"
    )
    assert ending.status_code == 200, ending.text
    assert (ending.json()["ended_on"], ending.json()["area"]["counted_area_m2"]) == ("2024-05-01", "400.00")
    again = await small_desk.patch(f"/premises/{small_place['id']}", world.head, 2, address="别处")
    problem(again, 409, "registry.premises-ended")
    for day, area in (("2024-04-30", "250.00"), ("2024-05-01", "400.00")):
        found = (await small_desk.get("/premises/findings", office_id=office["id"], on=day)).json()
        assert found["area"]["counted_area_m2"] == area, day
    versions = (await small_desk.get(f"/premises/{small_place['id']}/versions")).json()
    assert [one["ended_on"] for one in versions] == [None, "2024-05-01"]
    assert len((await small_desk.get("/premises", office_id=office["id"])).json()["items"]) == 2
    assert len((await small_desk.get("/premises", office_id=office["id"], on="2021-01-01")).json()["items"]) == 1


async def test_leaving_in_the_past_does_not_leave_today_without_a_window(small_desk, world, office, small_place):
    """O2.2b: on that day the other place had a window, today it has none."""
    body = {**SMALL, "address": "大坝镇新街2号", "effective_on": "2020-01-01"}
    other = (await small_desk.post("/premises", world.head, office_id=office["id"], **body)).json()
    assert (await small_desk.patch(f"/premises/{other['id']}", world.head, 1, windows=[])).status_code == 200
    before = await small_desk.counts()
    ended = await post_to(
        small_desk, f"/premises/{small_place['id']}/ending", world.head, 1, effective_on="2021-01-01", reason="搬迁"
    )
    body = problem(ended, 422, "registry.public-window-required", "O2.2b")
    assert body["on"] == today().isoformat()
    assert await small_desk.counts() == before


async def test_two_people_cannot_close_the_last_two_windows_at_once(small_desk, world, office, small_place):
    """O2.2b: racing."""
    body = {**SMALL, "address": "大坝镇新街2号", "effective_on": "2020-01-01"}
    other = (await small_desk.post("/premises", world.head, office_id=office["id"], **body)).json()
    answers = await asyncio.gather(
        *(small_desk.patch(f"/premises/{one['id']}", world.head, 1, windows=[]) for one in (small_place, other))
    )
    assert sorted(one.status_code for one in answers) == [200, 422]
    found = (await small_desk.get("/premises/findings", office_id=office["id"])).json()
    assert (found["public_window_count"], found["is_window_rule_met"]) == (1, True)


async def test_a_window_on_a_platform_is_not_asked_for_an_area(small_desk, world, office, small_place):
    """O1.1c."""
    await small_desk.rows(
        'UPDATE record_versions SET state = state || \'{"form": "platform_window", "platform": "县政务大厅"}\' '
        "WHERE record = 'registry.office' AND id = $1 RETURNING 1",
        office["id"],
    )
    found = (await small_desk.get("/premises/findings", office_id=office["id"])).json()
    assert (found["area"]["status"], found["area"]["clause"]) == ("not_applicable", "O1.1c")
    assert "县政务大厅" in found["area"]["explanation"]
    await small_desk.rows(
        "UPDATE offices SET form = 'platform_window', platform = '县政务大厅' WHERE id = $1 RETURNING 1", office["id"]
    )
    path = f"/premises/{small_place['id']}"
    refused = await post_to(small_desk, f"{path}/waiver", world.supervisor, 1, **WAIVER, expires_on="2030-01-01")
    problem(refused, 422, "registry.waiver-not-applicable", "O1.1c")
    told = (await small_desk.patch(path, world.head, 1, certified_area_dm2=1000)).json()
    assert (told["warnings"], told["area"]["status"]) == ([], "not_applicable")


async def test_rules_of_another_day_judge_when_they_are_asked_for(small_desk, office, small_place):
    """O2.2a: under the rules of a day without a rule, nothing is asked."""
    found = await small_desk.get("/premises/findings", office_id=office["id"], rules_on="2011-09-24")
    assert found.json()["area"]["status"] == "not_applicable"
    assert found.json()["public_windows_required"] is None
    nobody = await small_desk.get("/premises/findings", office_id="01900000-0000-7000-8000-000000000000")
    problem(nobody, 404, "registry.office-not-found")


async def test_only_the_office_and_who_guides_it_tell_its_premises(small_desk, world, office):
    """O1.3a."""
    before = await small_desk.counts()
    for actor, code in (
        (world.clerk, "auth.role-required"),
        (world.stranger, "auth.out-of-scope"),
        (make_actor("441624102000", Role.OFFICE_HEAD), "auth.out-of-scope"),
    ):
        answer = await small_desk.post("/premises", actor, office_id=office["id"], **SMALL)
        problem(answer, 403, code)
    assert await small_desk.counts() == before
    answer = await small_desk.post("/premises", world.supervisor, office_id=office["id"], **SMALL)
    assert answer.status_code == 201


BAD = [
    ({"certified_area_dm2": None}, "registry.premises-area-unknown"),
    ({"shared_area_dm2": 25001}, "registry.premises-shared-area-too-large"),
    ({"windows": [WINDOW, WINDOW]}, "registry.window-numbers-repeat"),
    ({"windows": [{**WINDOW, "duties": ["social_insurance"] * 2}]}, "registry.window-duty-not-in-force"),
    (
        {"windows": [{**WINDOW, "opening_hours": [{"weekday": 1, "opens": "12:00", "closes": "08:30"}]}]},
        "registry.opening-hours-refused",
    ),
    ({"windows": [{**WINDOW, "opening_hours": WINDOW["opening_hours"] * 2}]}, "registry.opening-hours-refused"),
    ({"effective_on": "2999-01-01"}, "registry.effective-date-refused"),
    ({"certified_area_dm2": 0}, "request.validation-failed"),
    ({"certified_area_dm2": "300"}, "request.validation-failed"),
    ({"certified_area_dm2": 300.5}, "request.validation-failed"),
    ({"address": " "}, "request.validation-failed"),
    ({"windows": [{**WINDOW, "duties": ["cooking"]}]}, "request.validation-failed"),
    (
        {"windows": [{**WINDOW, "opening_hours": [{"weekday": 8, "opens": "08:30", "closes": "12:00"}]}]},
        "request.validation-failed",
    ),
    (
        {"windows": [{**WINDOW, "opening_hours": [{"weekday": 1, "opens": "8:30", "closes": "24:00"}]}]},
        "request.validation-failed",
    ),
    ({"waiver": WAIVER}, "request.validation-failed"),
    ({"ended_on": "2020-01-01"}, "request.validation-failed"),
]


@pytest.mark.parametrize(("changes", "code"), BAD)
async def test_bad_input_is_refused_with_its_code_and_writes_nothing(small_desk, world, office, changes, code):
    before = await small_desk.counts()
    answer = await small_desk.post("/premises", world.head, office_id=office["id"], **{**SMALL, **changes})
    problem(answer, 422, code)
    assert await small_desk.counts() == before


async def test_nobody_overwrites_what_somebody_else_changed(small_desk, world, small_place):
    path = f"/premises/{small_place['id']}"
    answers = await asyncio.gather(
        *(small_desk.patch(path, world.head, 1, address=f"大坝镇人民路{number}号") for number in range(2, 8))
    )
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412, 412]
    problem(await small_desk.patch(path, world.head, 2), 422, "request.validation-failed")
    problem(await small_desk.patch(path, world.head, 2, address=None), 422, "request.validation-failed")
    back = await small_desk.patch(path, world.head, 2, address="别处", effective_on="2019-12-31")
    problem(back, 422, "registry.effective-date-refused")


async def test_building_work_is_paid_by_a_grant_for_infrastructure(small_desk, world, office, small_place):
    """O5.2."""
    grant = {
        "office_id": office["id"],
        "amount_fen": 100_000,
        "granted_on": "2019-03-01",
        "document": "粤财社〔2019〕1号",
    }
    roads = (await small_desk.post("/aid-grants", world.supervisor, use="infrastructure", **grant)).json()
    tools = (await small_desk.post("/aid-grants", world.supervisor, use="basic_equipment", **grant)).json()
    path = f"/premises/{small_place['id']}/works"
    work = {"cost_fen": 60_000, "description": "门面改造", "done_on": "2020-03-01"}
    wrong = await post_to(small_desk, path, world.head, 1, aid_grant_id=tools["id"], **work)
    problem(wrong, 422, "registry.aid-use-refused", "O5.2")
    done = await post_to(small_desk, path, world.head, 1, aid_grant_id=roads["id"], **work)
    assert done.status_code == 200, done.text
    assert done.json()["works"] == [{"aid_grant_id": roads["id"], "description": "门面改造", "done_on": "2020-03-01"}]
    over = await post_to(small_desk, path, world.head, 2, aid_grant_id=roads["id"], **work)
    problem(over, 409, "registry.aid-overspent", "O5.2")
    left = (await small_desk.get(f"/aid-grants/{roads['id']}", world.head)).json()
    assert (left["spent_fen"], left["remaining_fen"], left["asset_ids"]) == (60_000, 40_000, [small_place["id"]])
