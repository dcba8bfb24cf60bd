"""An inspection from its plan to its published result, over HTTP. Source: S2, S5, S6."""

import asyncio
import json

import pytest

from common.auth import Role
from common.testing.problems import problem
from common.testing.tokens import make_actor

CITY, COUNTY, TOWN, OTHER_TOWN = "440300000000", "440305000000", "440305001000", "440306001000"
BASE = "/inspections"
ORGANISER = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="organiser")
FIRST = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="first")
SECOND = make_actor("440306000000", Role.BUREAU_SUPERVISOR, subject="second")
LOCAL = make_actor(TOWN, Role.OFFICE_HEAD, subject="local")
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
OTHER_HEAD = make_actor(OTHER_TOWN, Role.OFFICE_HEAD)
COUNTY_SUPERVISOR = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
PROOF = [{"title": "现场照片", "reference": "照片2026-1"}]
TEAM = [
    {"account": "first", "division": CITY}, {"account": "second", "division": "440306000000"},
    {"account": "local", "division": TOWN},
]  # fmt: skip


class Inspection:
    """One inspection as its people see it."""

    def __init__(self, send, get, filled):
        self.send, self.get, self.desk = send, get, filled

    async def plan(self, actor=ORGANISER, **changes):
        if "template_id" not in changes:
            adopted = await self.send("POST", f"{BASE}/templates/starting", ORGANISER)
            assert adopted.status_code == 201, adopted.text
            changes["template_id"] = adopted.json()["id"]
        told = {
            "title": "下半年督导考核", "purpose": "检查平台建设进展", "is_announced": False, "scope": [CITY],
            "size": 2, "inspectors": TEAM, "seed": "2026-11-23", **changes,
        }  # fmt: skip
        return await self.send("POST", BASE, actor, told)

    async def drawn(self, **changes):
        planned = await self.plan(**changes)
        assert planned.status_code == 201, planned.text
        return await self.step(planned.json(), "sample", ORGANISER)

    async def step(self, record, name, actor, told=None, where=BASE, method="POST"):
        answer = await self.send(method, f"{where}/{record['id']}/{name}", actor, told, version=record["version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def begin(self, inspection, division=TOWN, actor=FIRST, team=("first", "second"), **more):
        told = {"division": division, "team": list(team), **more}
        return await self.send("POST", f"{BASE}/{inspection['id']}/visits", actor, told)

    async def visited(self, inspection, division=TOWN, **more):
        answer = await self.begin(inspection, division, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def stated(self, inspection, division=TOWN, failing=(), **more):
        """A visit whose findings are presented and answered by the office."""
        visit = await self.visited(inspection, division, **more)
        template = (await self.get(f"{BASE}/templates/{inspection['template_id']}", ORGANISER)).json()
        found = [_finding(one, one["code"] in failing) for one in template["criteria"]]
        where = f"{BASE}/visits"
        visit = await self.step(visit, "findings", FIRST, {"findings": found}, where, "PUT")
        visit = await self.step(visit, "presentation", FIRST, None, where)
        head = make_actor(division, Role.OFFICE_HEAD)
        return await self.step(visit, "statement", head, {"accepts": True, "text": "属实，接受。"}, where)

    async def signed(self, inspection, division=TOWN, failing=(), **more):
        visit = await self.stated(inspection, division, failing, **more)
        visit = await self.step(visit, "signatures", FIRST, None, f"{BASE}/visits")
        return await self.step(visit, "signatures", SECOND, None, f"{BASE}/visits")

    async def now(self, inspection, actor=ORGANISER):
        return (await self.get(f"{BASE}/{inspection['id']}", actor)).json()


def _finding(criterion, is_failing):
    told = {"criterion": criterion["code"], "evidence": PROOF}
    if criterion["measure"] == "yes_no":
        return {**told, "is_met": not is_failing}
    if criterion["measure"] == "graded":
        return {**told, "step": criterion["steps"][-1 if is_failing else 0]["code"]}
    return {**told, "number": 1 if is_failing else 6}


@pytest.fixture
async def work(send, get, filled):
    return Inspection(send, get, filled)


async def test_an_inspection_runs_from_its_seed_to_its_published_ranking(work):
    """S5: 不定期督导考核, 考核结果在全市通报: everybody in the city reads score, rank and what is missing."""
    inspection = await work.drawn()
    assert (inspection["status_label"], inspection["frame_size"], len(inspection["sample"])) == ("已抽取", 2, 2)
    good = await work.signed(inspection)
    poor = await work.signed(inspection, OTHER_TOWN, ("window", "budget"), team=("first", "second", "local"))
    assert good["score"]["value"] == 10_000
    assert poor["score"]["value"] < 10_000
    inspection = await work.step(await work.now(inspection), "conclusion", ORGANISER)
    inspection = await work.step(inspection, "publication", ORGANISER, {"scope": [CITY]})
    seen = await work.now(inspection, HEAD)
    assert [(one["rank"], one["division"], one["score"]) for one in seen["result"]["ranking"]] == [
        (1, TOWN, 10_000), (2, OTHER_TOWN, poor["score"]["value"]),
    ]  # fmt: skip
    assert (seen["result"]["as_of"], seen["seed"], seen["result"]["missing"]) == (
        inspection["result"]["as_of"], "2026-11-23", [],
    )  # fmt: skip
    redrawn = await work.get(f"{BASE}/{inspection['id']}/sample/redraw", HEAD)
    assert (redrawn.json()["is_same_frame"], redrawn.json()["is_same_sample"]) == (True, True)
    data = await work.desk.value(
        "SELECT data FROM outbox WHERE subject = $1 ORDER BY id DESC LIMIT 1", inspection["id"]
    )
    assert json.loads(data)["dispatch"]["to"] == [CITY]
    far = make_actor("441900000000", Role.BUREAU_SUPERVISOR)
    problem(await work.get(f"{BASE}/{inspection['id']}", far), 404, "record.not-found")
    withdrawn = await work.send(
        "POST", f"{BASE}/{inspection['id']}/withdrawal", ORGANISER, {"reason": "更正"}, version=inspection["version"]
    )
    problem(withdrawn, 409, "reporting.inspection.not-in-state")


async def test_an_unannounced_inspection_is_unknown_to_the_inspected_until_it_begins_there(work):
    """S5: unannounced; also the sample stays unknown to those whose turn is to come."""
    inspection = await work.drawn()
    path = f"{BASE}/{inspection['id']}"
    for actor in (HEAD, OTHER_HEAD, COUNTY_SUPERVISOR):
        problem(await work.get(path, actor), 404, "record.not-found")
        assert (await work.get(BASE, actor)).json()["items"] == []
        assert (await work.get(f"{BASE}/visits", actor)).json()["items"] == []
    visit = await work.visited(inspection)
    seen = (await work.get(path, HEAD)).json()
    assert (seen["status"], seen["sample"], seen["seed"], seen["frame_digest"]) == ("under_way", None, None, None)
    problem(await work.get(f"{path}/frame", HEAD), 404, "record.not-found")
    problem(await work.get(path, OTHER_HEAD), 404, "record.not-found")
    assert (await work.get(f"{BASE}/visits/{visit['id']}", HEAD)).json()["findings"] is None
    assert (await work.get(path, COUNTY_SUPERVISOR)).status_code == 200


async def test_an_announced_inspection_is_known_once_it_is_drawn_without_its_sample(work):
    """S5."""
    planned = (await work.plan(is_announced=True)).json()
    problem(await work.get(f"{BASE}/{planned['id']}", HEAD), 404, "record.not-found")
    await work.step(planned, "sample", ORGANISER)
    seen = (await work.get(f"{BASE}/{planned['id']}", HEAD)).json()
    assert (seen["status"], seen["sample"]) == ("drawn", None)


async def test_the_frame_is_all_operating_offices_of_the_scope_and_is_drawn_from_once(work):
    """S5: frozen frame of the day; who wants another sample withdraws and says why."""
    inspection = await work.drawn(kinds=["service_station"], strata="city", size=2)
    frame = (await work.get(f"{BASE}/{inspection['id']}/frame", ORGANISER)).json()["items"]
    assert {one["division"] for one in frame} == {"440305001001", "440305001002", "440306001001"}
    assert {one["stratum"] for one in frame} == {CITY}
    again = await work.send("POST", f"{BASE}/{inspection['id']}/sample", ORGANISER, version=inspection["version"])
    problem(again, 409, "reporting.inspection.not-in-state")
    out = inspection["sample"][0]
    told = {"office_id": out["office_id"], "reason": "机构因灾停办"}
    replaced = await work.step(inspection, "sample/replacements", ORGANISER, told)
    assert [one["is_out"] for one in replaced["sample"]] == [True, False, False]
    assert replaced["sample"][2]["replaces"] == out["office_id"]
    redrawn = await work.get(f"{BASE}/{inspection['id']}/sample/redraw", ORGANISER)
    assert redrawn.json()["is_same_sample"] is True
    await work.desk.rows("DELETE FROM inspection_frames WHERE office_id = $1::uuid", out["office_id"])
    assert (await work.get(f"{BASE}/{inspection['id']}/sample/redraw", ORGANISER)).json()["is_same_frame"] is False


async def test_what_fails_becomes_an_order_that_is_closed_and_looked_at_again(work):
    """S5, S6: rectification by 督办, re-inspection of what failed only."""
    inspection = await work.drawn()
    visit = await work.signed(inspection, failing=("window", "network"))
    orders = (await work.get("/orders", HEAD)).json()["items"]
    assert {one["id"] for one in orders} == set(visit["orders"])
    assert {one["clause"] for one in orders} == {"O2.2b", "O4.2a"}
    assert all((one["division"], one["about_id"]) == (CITY, visit["id"]) for one in orders)
    order = orders[0]
    told = {"text": "已设置窗口", "evidence": PROOF}
    order = await work.step(order, "answers", HEAD, told, "/orders/records")
    order = await work.step(order, "closure", ORGANISER, {"remark": "复查合格"}, "/orders/records")
    assert order["status"] == "closed"
    again = await work.signed(inspection, reinspects=visit["id"])
    assert (again["orders"], again["score"]["value"]) == ([], 10_000)
    problem(await work.begin(inspection, reinspects=again["id"]), 422, "reporting.inspection.nothing-to-reinspect")


async def test_a_score_can_be_counted_again_by_everybody_who_sees_it(work):
    """S2, S5."""
    visit = await work.signed(await work.drawn(), failing=("part-time-pay",))
    assert (visit["score"]["is_vetoed"], visit["score"]["value"]) == (True, 5900)
    counted = (await work.get(f"{BASE}/visits/{visit['id']}/score", HEAD)).json()
    assert (counted["is_same"], counted["counted"]) == (True, visit["score"])
    assert {one["dimension_label"] for one in counted["counted"]["parts"]} == {
        "机构", "人员", "场地", "设备", "资金", "服务", "信息化",
    }  # fmt: skip


async def test_two_inspectors_who_sign_at_once_make_one_score_and_one_set_of_orders(work):
    """S5: the later one learns of the first signature, and then signs."""
    visit = await work.stated(await work.drawn(), failing=("window",))
    path = f"{BASE}/visits/{visit['id']}/signatures"
    answers = await asyncio.gather(*(work.send("POST", path, who, version=visit["version"]) for who in (FIRST, SECOND)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    twice = await asyncio.gather(
        *(work.send("POST", path, who, version=visit["version"] + 1) for who in (FIRST, SECOND, FIRST, SECOND))
    )
    assert sorted(answer.status_code for answer in twice).count(200) == 1
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.order'") == 1
    state = await work.desk.value("SELECT state->>'status' FROM records WHERE id = $1::uuid", visit["id"])
    assert state == "signed_off"


async def test_a_withdrawal_while_the_score_is_made_leaves_either_of_them_whole(work):
    """S5: withdrawn without a score, or scored and then withdrawn with its score."""
    inspection = await work.drawn()
    visit = await work.stated(inspection, failing=("window",))
    visit = await work.step(visit, "signatures", FIRST, None, f"{BASE}/visits")
    held = await work.now(inspection)
    answers = await asyncio.gather(
        work.send("POST", f"{BASE}/visits/{visit['id']}/signatures", SECOND, version=visit["version"]),
        work.send("POST", f"{BASE}/{held['id']}/withdrawal", ORGANISER, {"reason": "暂停"}, version=held["version"]),
    )
    assert answers[1].status_code == 200
    found = (await work.get(f"{BASE}/visits/{visit['id']}", ORGANISER)).json()
    orders = await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.order'")
    outcome = (answers[0].status_code == 200, found["status"], found["score"] is not None, orders)
    assert outcome in ((True, "signed_off", True, 1), (False, "withdrawn", False, 0))


async def test_nobody_inspects_the_own_division_and_a_stranger_inspects_nothing(work):
    """S5: conflict rule."""
    inspection = await work.drawn()
    concerned = await work.begin(inspection, actor=FIRST, team=("first", "local"))
    problem(concerned, 422, "reporting.inspection.inspector-concerned", "S5")
    moved = make_actor("440305000000", Role.BUREAU_SUPERVISOR, subject="first")
    problem(await work.begin(inspection, actor=moved), 403, "reporting.inspection.not-an-inspector")
    problem(await work.begin(inspection, actor=ORGANISER), 403, "reporting.inspection.not-an-inspector")
    visit = await work.visited(inspection)
    problem(await work.begin(inspection), 409, "reporting.inspection.already-visited")
    told = {"findings": [{"criterion": "window", "is_met": True, "evidence": PROOF}]}
    for actor, status, code in (
        (ORGANISER, 403, "reporting.inspection.not-an-inspector"), (HEAD, 403, "reporting.inspection.not-an-inspector"),
        (OTHER_HEAD, 404, "record.not-found"),
    ):  # fmt: skip
        problem(await work.send("PUT", f"{BASE}/visits/{visit['id']}/findings", actor, told, version=1), status, code)
    mine = (await work.get(f"{BASE}/visits", SECOND, mine="true")).json()["items"]
    assert [one["id"] for one in mine] == [visit["id"]]


async def test_the_office_is_heard_before_anybody_signs(work):
    """S5: statement of the inspected office."""
    inspection = await work.drawn()
    visit = await work.visited(inspection)
    template = (await work.get(f"{BASE}/templates/{inspection['template_id']}", HEAD)).json()
    found = [_finding(one, is_failing=False) for one in template["criteria"]]
    where = f"{BASE}/visits"
    early = await work.send("POST", f"{where}/{visit['id']}/presentation", FIRST, version=1)
    problem(early, 422, "reporting.inspection.findings-missing", "S5")
    visit = await work.step(visit, "findings", FIRST, {"findings": found}, where, "PUT")
    visit = await work.step(visit, "presentation", FIRST, None, where)
    unheard = await work.send("POST", f"{where}/{visit['id']}/signatures", FIRST, version=visit["version"])
    problem(unheard, 409, "reporting.inspection.statement-pending")
    told = {"accepts": False, "text": "面积有误"}
    wrong = await work.send("POST", f"{where}/{visit['id']}/statement", COUNTY_SUPERVISOR, told, version=3)
    problem(wrong, 403, "reporting.inspection.not-inspected")
    visit = await work.step(visit, "statement", HEAD, told, where)
    visit = await work.step(visit, "reopening", SECOND, {"reason": "重新测量"}, where)
    assert (visit["status"], visit["statement"]) == ("under_way", None)


@pytest.mark.parametrize(("actor", "changes", "status", "code"), [
    (HEAD, {}, 403, "auth.role-required"),
    (ORGANISER, {"scope": ["441900000000"]}, 422, "reporting.inspection.scope-not-below"),
    (ORGANISER, {"strata": "cohort"}, 422, "reporting.inspection.stratum-unknown"),
    (ORGANISER, {"clause": "S9"}, 422, "reporting.order.clause-unknown"),
    (ORGANISER, {"template_id": "01900000-0000-7000-8000-000000000001"}, 404, "record.not-found"),
    (ORGANISER, {"seed": "x"}, 422, "request.validation-failed"),
    (ORGANISER, {"inspectors": TEAM[:1]}, 422, "request.validation-failed"),
    (
        ORGANISER, {"inspectors": [*TEAM, {"account": "third", "division": "440000000001"}]},
        400, "division.code-invalid",
    ),
    (ORGANISER, {"purpose": "找13800138000"}, 422, "request.validation-failed"),
    (ORGANISER, {"cron": "monthly"}, 422, "request.validation-failed"),
])  # fmt: skip
async def test_a_plan_that_cannot_be_carried_out_is_refused_and_not_written(work, actor, changes, status, code):
    """S5: no fixed cycle either."""
    problem(await work.plan(actor, **changes), status, code)
    assert await work.desk.value("SELECT count(*) FROM records WHERE record = 'reporting.inspection'") == 0


async def test_a_template_is_followed_by_versions_and_is_not_anybodys_to_change(work):
    """S2: weights and criteria are data with versions."""
    first = (await work.send("POST", f"{BASE}/templates/starting", ORGANISER)).json()
    assert (first["mark"], first["number"], first["to_confirm"] is not None) == ("K", 1, True)
    criteria = [
        {name: value for name, value in one.items() if not name.endswith("_label")} for one in first["criteria"]
    ]
    weights = [{"dimension": one["dimension"], "weight": 1} for one in first["weights"]]
    told = {
        "title": "考核表二",
        "document": "深人社〔2026〕1号",
        "veto_cap": 0,
        "weights": weights,
        "criteria": criteria,
    }
    path = f"{BASE}/templates/{first['id']}/versions"
    county = await work.send("POST", path, COUNTY_SUPERVISOR, told, version=1)
    problem(county, 404, "record.not-found")
    lacking = await work.send("POST", path, ORGANISER, {**told, "weights": weights[1:]}, version=1)
    problem(lacking, 422, "reporting.inspection.template-incomplete", "S2")
    second = await work.send("POST", path, ORGANISER, told, version=1)
    assert (second.status_code, second.json()["number"], second.json()["mark"]) == (201, 2, "V")
    problem(await work.plan(template_id=first["id"]), 409, "reporting.inspection.template-superseded")
    assert [one["number"] for one in (await work.get(f"{BASE}/templates", HEAD)).json()] == [2]
