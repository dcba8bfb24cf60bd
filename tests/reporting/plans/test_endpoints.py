"""Plans over HTTP, on a real database. Source: O6.2a, O6.2b, O6.2c, S4."""

import asyncio
import json
from datetime import date, timedelta

import pytest

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import make_actor
from reporting.programmes.catalogue import programme_id
from reporting.programmes.service import seed_programmes

PROVINCE = make_actor("440000000000", Role.BUREAU_SUPERVISOR)
CITY = make_actor("440300000000", Role.BUREAU_SUPERVISOR)
COUNTER = make_actor("440300000000", Role.STATISTICIAN)
COUNTY = make_actor("440305000000", Role.BUREAU_SUPERVISOR)
CLERK = make_actor("440305001000", Role.WINDOW_CLERK)
OTHER = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
POLICY = programme_id("440000000000", "2011-2012")
BASE = f"/plans/{POLICY}"
MINE = f"{BASE}/filings/440300000000"


def line(number, stage="one", **changes):
    due_on = {"one": "2011-12-01", "two": "2012-12-01"}[stage]
    return {
        "item": f"事项{number}", "measure": "配备窗口和设备", "owner": "市人力资源保障局", "stage": stage, "due_on": due_on,
        **changes,
    }  # fmt: skip


def body(**changes):
    return {
        "title": "深圳市基层服务平台建设方案",
        "stages": [
            {"code": "one", "title": "2011年", "starts_on": "2011-01-01", "ends_on": "2011-12-31"},
            {"code": "two", "title": "2012年", "starts_on": "2012-01-01", "ends_on": "2012-12-31"},
        ],
        "lines": [line(1), line(2), line(3, "two")],
        "reason": "按省的要求制订",
        **changes,
    }


class Desk:
    """One city's plan, step by step."""

    def __init__(self, call, get):
        self.call, self.get = call, get

    async def ok(self, method, where, actor, asked=None, version=None):
        answer = await self.call(method, f"{MINE}{where}", actor, asked, version=version)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def draft(self, **changes):
        return await self.ok("POST", "/versions", COUNTER, body(**changes))

    async def approve(self, number, version, on="2012-01-20"):
        asked = {"body": "深圳市人民政府", "document": "深府〔2012〕1号", "on": on}
        return await self.ok("POST", f"/versions/{number}/approval", CITY, asked, version)

    async def filing(self, actor=PROVINCE, **query):
        answer = await self.get(MINE, actor, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def step(self, what, asked, actor=PROVINCE):
        seen = (await self.filing())["version"]
        return await self.ok("POST", f"/{what}", actor, asked, seen)

    async def submit(self, on="2012-02-06"):
        """What came on paper that day, entered by the province."""
        return await self.step("submission", {"on": on})

    async def accept(self, number="粤人社备1号", on="2012-02-20"):
        return await self.step("acceptance", {"on": on, "number": number})

    async def on_file(self):
        await self.draft()
        await self.approve(1, 1)
        await self.submit()
        return await self.accept()


@pytest.fixture
async def desk(filled, call, get):
    await seed_programmes(filled.db)
    return Desk(call, get)


async def test_a_late_plan_is_taken_returned_corrected_and_put_on_file(desk, get, filled):
    """O6.2b, O6.2c: 逾期, 已报, 退回补正, 已报, 已备案; late by 98 days, accepted all the same."""
    first = await desk.draft()
    assert (first["number"], first["status_label"], [one["kind"] for one in first["changes"]]) == (
        1,
        "草案",
        ["added"] * 3,
    )
    problem(
        await desk.call("POST", f"{MINE}/submission", CITY, {}, version=1), 422, "reporting.plan.not-approved", "O6.2c"
    )
    await desk.approve(1, 1)
    filed = await desk.submit()
    assert (filed["state_label"], filed["days_late"], filed["pending"], filed["draft"]) == ("已报", 98, 1, None)
    reasons = {
        "reasons": [
            {"text": "缺少经费来源", "clause": "O5.1a"},
            {"text": "第一项不明确", "line_id": first["lines"][0]["id"]},
        ]
    }
    back = await desk.step("return", {**reasons, "on": "2012-02-10", "correct_by": "2012-02-29"})
    assert (back["acts"][-1]["kind_label"], len(back["acts"][-1]["reasons"]), back["correct_by"]) == (
        "退回补正",
        2,
        "2012-02-29",
    )
    assert (await desk.filing(on="2012-02-29"))["state_label"] == "退回补正"
    assert (await desk.filing(on="2012-03-01"))["state_label"] == "逾期"
    kept = [dict(one) for one in first["lines"]]
    kept[0] = {**kept[0], "measure": "市财政安排设备经费"}
    second = await desk.draft(lines=kept, reason="按退回意见补正")
    assert (second["number"], second["based_on"], second["changes"]) == (
        2, 1, [{"line_id": kept[0]["id"], "kind": "changed", "kind_label": "修改", "members": ["measure"]}],
    )  # fmt: skip
    await desk.approve(2, 1, on="2012-02-15")
    assert (await desk.submit(on="2012-02-20"))["acts"][-1]["days_late"] == 0
    done = await desk.accept(on="2012-02-25")
    assert (done["state_label"], done["number"], done["in_force"], done["days_late"]) == (
        "已备案",
        "粤人社备1号",
        2,
        98,
    )
    states = {"2011-10-31": "to_file", "2011-11-01": "overdue", "2012-02-06": "filed", "2012-02-10": "returned",
              "2012-02-22": "filed", "2012-02-25": "accepted"}  # fmt: skip
    for on, state in states.items():
        assert (await desk.filing(on=on))["state"] == state, on
    assert [one["status"] for one in (await get(f"{MINE}/versions", PROVINCE)).json()["plans"]] == [
        "returned",
        "accepted",
    ]
    events = await filled.rows("SELECT data FROM outbox WHERE type = 'reporting.plan-filing.changed.v1' ORDER BY id")
    assert [json.loads(one["data"])["status"] for one in events] == [
        "to_file", "filed", "returned", "returned", "filed", "accepted",
    ]  # fmt: skip


async def test_the_province_sees_all_its_cities_on_any_day(desk, get):
    """O6.2b: who has begun nothing is there too."""
    await desk.on_file()
    found = (await get(f"{BASE}/overview", PROVINCE, on="2012-03-01")).json()
    assert (found["expected"], found["late"]) == (3, 3)
    assert {one["city_name"]: (one["state_label"], one["days_late"]) for one in found["cities"]} == {
        "深圳市": ("已备案", 98), "东莞市": ("逾期", 122), "河源市": ("逾期", 122),
    }  # fmt: skip
    assert {one["state"]: one["count"] for one in found["counts"]} == {
        "to_file": 0, "filed": 0, "returned": 0, "accepted": 1, "overdue": 2,
    }  # fmt: skip
    before = (await get(f"{BASE}/overview", PROVINCE, on="2011-10-31")).json()
    assert (before["late"], {one["state"] for one in before["cities"]}) == (0, {"to_file"})
    own = (await get(f"{BASE}/overview", CLERK)).json()
    assert [one["city_name"] for one in own["cities"]] == ["深圳市"]


async def test_what_is_in_force_stays_while_a_change_is_judged(desk, get):
    """O6.2c: a change after 备案 is filed again; returned, it changes nothing."""
    await desk.on_file()
    lines = (await get(f"{MINE}/versions/1", CITY)).json()["lines"]
    second = await desk.draft(lines=[*lines, line(4, "two")], reason="增加事项")
    assert [one["kind"] for one in second["changes"]] == ["added"]
    await desk.approve(2, 1, on="2012-03-01")
    pending = await desk.submit(on="2012-03-05")
    assert (pending["state"], pending["in_force"], pending["pending"], pending["number"]) == (
        "filed",
        1,
        2,
        "粤人社备1号",
    )
    back = await desk.step("return", {"on": "2012-03-06", "reasons": [{"text": "期限太晚"}]})
    assert (back["state"], back["in_force"]) == ("returned", 1)
    assert (await get(f"{MINE}/execution", CLERK)).json()["plan"] == 1
    assert [one["number"] for one in (await get(f"{MINE}/versions", COUNTY)).json()["plans"]] == [1]
    problem(await get(f"{MINE}/versions/2", COUNTY), 404, "reporting.plan.not-found")
    await desk.draft(lines=[*lines[:2], {**lines[2], "towns": 20}], reason="写明数量")
    await desk.approve(3, 1, on="2012-03-10")
    await desk.submit(on="2012-03-11")
    seen = (await desk.filing())["version"]
    taken = await desk.call(
        "POST", f"{MINE}/acceptance", PROVINCE, {"on": "2012-03-12", "number": "粤人社备1号"}, version=seen
    )
    problem(taken, 409, "reporting.plan.number-taken")
    done = await desk.accept("粤人社备2号", on="2012-03-12")
    assert (done["in_force"], done["number"]) == (3, "粤人社备2号")
    statuses = [one["status"] for one in (await get(f"{MINE}/versions", CITY)).json()["plans"]]
    assert statuses == ["superseded", "returned", "accepted"]
    assert (await get(f"{MINE}/execution", CITY)).json()["plan"] == 3


async def test_a_draft_is_edited_and_approved_anew(desk):
    """O6.2c: an edit takes the approval away; what was filed is edited no more."""
    first = await desk.draft()
    approved = await desk.approve(1, 1)
    assert (approved["status_label"], approved["approval"]["document"]) == ("已批准", "深府〔2012〕1号")
    lines = [{**one, "towns": 5} for one in first["lines"]]
    edited = await desk.ok("PUT", "/versions/1", COUNTER, body(lines=lines), 2)
    assert (edited["status"], edited["approval"], [one["id"] for one in edited["lines"]]) == (
        "draft", None, [one["id"] for one in first["lines"]],
    )  # fmt: skip
    same = await desk.call("PUT", f"{MINE}/versions/1", COUNTER, body(lines=lines), version=3)
    problem(same, 422, "reporting.plan.nothing-changed")
    problem(
        await desk.call("POST", f"{MINE}/versions", CITY, body(title="另一方案")), 409, "reporting.plan.wrong-state"
    )
    await desk.approve(1, 3)
    await desk.submit()
    late = await desk.call("PUT", f"{MINE}/versions/1", COUNTER, body(title="改名方案"), version=5)
    problem(late, 409, "reporting.plan.wrong-state", "O6.2c")


# --- races ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [("acceptance", "return"), ("acceptance", "acceptance"), ("return", "return")])
async def test_of_two_decisions_at_once_one_holds(desk, filled, pair):
    """O6.2b: the row is held and the version compared; no half state."""
    await desk.draft()
    await desk.approve(1, 1)
    await desk.submit()
    seen = (await desk.filing())["version"]
    bodies = {"acceptance": {"number": "粤人社备1号"}, "return": {"reasons": [{"text": "缺少经费来源"}]}}
    answers = await asyncio.gather(
        *(desk.call("POST", f"{MINE}/{what}", PROVINCE, bodies[what], version=seen) for what in pair)
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    found = await desk.filing()
    assert (found["pending"], len(found["acts"])) == (None, 2)
    status = await filled.value("SELECT status FROM records WHERE record = 'reporting.plan'")
    assert status == found["state"]
    executions = await filled.value("SELECT count(*) FROM records WHERE record = 'reporting.plan-execution'")
    assert executions == (found["state"] == "accepted")


async def test_filing_while_the_province_returns_is_one_outcome(desk):
    """O6.2b: a new version is begun by two while the one before is being returned."""
    await desk.draft()
    await desk.approve(1, 1)
    await desk.submit()
    seen = (await desk.filing())["version"]
    answers = await asyncio.gather(
        desk.call("POST", f"{MINE}/return", PROVINCE, {"reasons": [{"text": "缺少经费来源"}]}, version=seen),
        desk.call("POST", f"{MINE}/versions", CITY, body(title="补正后的方案")),
        desk.call("POST", f"{MINE}/versions", COUNTER, body(title="另一补正方案")),
        desk.call("POST", f"{MINE}/submission", CITY, {}, version=seen),
    )
    assert answers[0].status_code == 200
    begun = [one.status_code for one in answers[1:3]]
    assert sorted(begun) in ([201, 409], [409, 409])
    assert answers[3].status_code in (409, 412)
    found = await desk.filing()
    assert (found["state"], found["pending"], found["draft"]) == ("returned", None, 2 if 201 in begun else None)


async def test_two_cannot_open_the_same_filing(desk, filled):
    """O6.2b: one filing per city and programme."""
    answers = await asyncio.gather(*(desk.call("POST", f"{MINE}/versions", who, body()) for who in (CITY, COUNTER)))
    assert sorted(one.status_code for one in answers) == [201, 409]
    assert await filled.value("SELECT count(*) FROM records WHERE record LIKE 'reporting.plan%'") == 2


# --- execution ----------------------------------------------------------------------------------------------------------------


async def test_lines_are_shown_done_and_stages_open_one_after_another(desk, get):
    """S4, O6.2c: progress with evidence; the next stage waits; the province may waive."""
    await desk.on_file()
    state = (await get(f"{MINE}/execution", CITY, on="2012-01-15")).json()
    one, two, three = (line["line_id"] for line in state["lines"])
    assert [line["is_late"] for line in state["lines"]] == [True, True, False]
    done = {"status": "done", "on": "2012-02-01", "evidence": [{"title": "验收单", "number": "深人社〔2012〕3号"}]}
    note = f"{MINE}/execution/lines"
    problem(
        await desk.call("POST", f"{note}/{three}/progress", CITY, done, version=1), 422,
        "reporting.plan.stage-not-open", "S4",
    )  # fmt: skip
    bare = await desk.call("POST", f"{note}/{one}/progress", CITY, {"status": "done"}, version=1)
    problem(bare, 422, "reporting.plan.evidence-missing", "S4")
    noted = await desk.ok("POST", f"/execution/lines/{one}/progress", COUNTER, done, 1)
    assert (noted["done"], noted["total"], noted["version"]) == (1, 3, 2)
    left = await desk.call("POST", f"{MINE}/execution/stages/one/passing", CITY, {}, version=2)
    assert problem(left, 422, "reporting.plan.stage-not-ready", "S4")["lines"] == [two]
    waiver = {"reason": "场地待移交，先行推进"}
    problem(
        await desk.call("POST", f"{MINE}/execution/stages/one/waiver", CITY, waiver, version=2),
        403,
        "auth.out-of-scope",
    )
    waived = await desk.ok("POST", "/execution/stages/one/waiver", PROVINCE, waiver, 2)
    assert [stage["status_label"] for stage in waived["stages"]] == ["豁免", "进行中"]
    await desk.ok("POST", f"/execution/lines/{three}/progress", CITY, done, 3)
    passed = await desk.ok("POST", "/execution/stages/two/passing", CITY, {}, 4)
    assert [stage["status"] for stage in passed["stages"]] == ["waived", "passed"]
    entries = (await get(f"{MINE}/execution/progress", PROVINCE)).json()["items"]
    assert [(entry["line_id"], entry["evidence"][0]["title"]) for entry in entries] == [
        (one, "验收单"),
        (three, "验收单"),
    ]


async def test_governments_say_where_their_five_year_plan_has_it(desk, call, get):
    """O6.2a: document, clause and date, per government; who has not is named."""
    asked = {
        "five_year_plan": "十二五", "title": "深圳市人力资源和社会保障事业发展“十二五”规划", "number": "深府〔2011〕160号",
        "clause": "第四章第二节", "included_on": "2011-12-20",
    }  # fmt: skip
    where = f"{BASE}/inclusions"
    entered = await call("POST", where, COUNTER, asked)
    assert (entered.status_code, entered.json()["division"]) == (201, "440300000000")
    problem(await call("POST", where, CITY, asked), 409, "reporting.plan.inclusion-exists", "O6.2a")
    assert (
        await call("POST", where, COUNTY, {**asked, "title": "南山区“十二五”规划", "number": None})
    ).status_code == 201
    problem(await call("POST", where, PROVINCE, asked), 422, "reporting.plan.not-a-filing-city")
    problem(await call("POST", where, CLERK, asked), 403, "auth.role-required")
    ahead = {**asked, "clause": "第五章", "included_on": "2099-01-01"}
    problem(await call("POST", where, CITY, ahead), 422, "reporting.plan.day-out-of-order")
    found = (await get(f"{where}/coverage", PROVINCE)).json()
    assert (found["expected"], found["included"]) == (6, 2)
    missing = (await get(f"{where}/coverage", PROVINCE, is_included="false")).json()["governments"]
    assert [one["name"] for one in missing] == ["宝安区", "河源市", "和平县", "东莞市"]
    assert len((await get(where, PROVINCE)).json()["items"]) == 2
    assert len((await get(where, OTHER)).json()["items"]) == 0


# --- who may what -------------------------------------------------------------------------------------------------------------


async def test_who_may_write(desk, call, get):
    """O6.2b: a city for itself, the province decides; a statistician prepares."""
    problem(await call("POST", f"{MINE}/versions", OTHER, body()), 403, "auth.out-of-scope")
    problem(await call("POST", f"{MINE}/versions", PROVINCE, body()), 403, "auth.out-of-scope")
    problem(await call("POST", f"{MINE}/versions", CLERK, body()), 403, "auth.role-required")
    county = await call("POST", f"{BASE}/filings/440305000000/versions", COUNTY, body())
    problem(county, 422, "reporting.plan.not-a-filing-city", "O6.2b")
    await desk.draft()
    asked = {"body": "深圳市人民政府"}
    problem(await call("POST", f"{MINE}/versions/1/approval", COUNTER, asked, version=1), 403, "auth.role-required")
    await desk.approve(1, 1)
    await desk.submit()
    seen = (await desk.filing())["version"]
    for what, asked in (("acceptance", {"number": "备1"}), ("return", {"reasons": [{"text": "不行"}]})):
        problem(await call("POST", f"{MINE}/{what}", CITY, asked, version=seen), 403, "auth.out-of-scope")
    assert (await get(f"{MINE}/versions", OTHER)).json()["plans"] == []
    assert (await get(f"{MINE}/versions", CLERK)).json()["plans"] == []
    problem(await get(MINE, OTHER), 422, "reporting.plan.not-a-filing-city")


BAD = {
    "empty stage": (body(lines=[line(1)]), 422, "reporting.plan.invalid"),
    "strange id": (body(lines=[line(1, id="01900000-0000-7000-8000-000000000001"), line(3, "two")]), 422, "reporting.plan.invalid"),
    "extra": (body(colour="red"), 422, "request.validation-failed"),
    "phone": (body(lines=[line(1, item="联系 13800138000"), line(3, "two")]), 422, "request.validation-failed"),
    "no lines": (body(lines=[]), 422, "request.validation-failed"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "status", "code"), BAD.values(), ids=BAD.keys())
async def test_what_is_not_a_plan(desk, filled, asked, status, code):
    """S4: nothing is written."""
    problem(await desk.call("POST", f"{MINE}/versions", CITY, asked), status, code)
    assert await filled.value("SELECT count(*) FROM records WHERE record LIKE 'reporting.plan%'") == 0


async def test_days_follow_one_another(desk):
    """O6.2b: no filing before its approval, none of tomorrow, no decision before the filing."""
    await desk.draft()
    await desk.approve(1, 1, on="2012-01-20")
    seen = (await desk.filing())["version"]
    for on in ("2012-01-19", "2099-01-01"):
        answer = await desk.call("POST", f"{MINE}/submission", CITY, {"on": on}, version=seen)
        problem(answer, 422, "reporting.plan.day-out-of-order", "O6.2b")
    await desk.submit("2012-02-06")
    early = await desk.call(
        "POST", f"{MINE}/acceptance", PROVINCE, {"on": "2012-02-05", "number": "备1"}, version=seen + 1
    )
    problem(early, 422, "reporting.plan.day-out-of-order", "O6.2b")


async def test_a_city_does_not_write_the_day_of_its_filing_itself(desk):
    """O6.2b: lateness counts from the day on which it was filed; a day gone by is the province's to enter."""
    await desk.draft()
    await desk.approve(1, 1, on="2011-09-01")
    seen = (await desk.filing())["version"]
    for on in ("2011-10-31", (today() - timedelta(days=1)).isoformat()):
        early = await desk.call("POST", f"{MINE}/submission", CITY, {"on": on}, version=seen)
        problem(early, 422, "reporting.plan.day-out-of-order", "O6.2b")
    problem(
        await desk.call("POST", f"{MINE}/submission", OTHER, {"on": "2011-10-31"}, version=seen),
        403,
        "auth.out-of-scope",
    )
    filed = await desk.step("submission", {"on": today().isoformat()}, CITY)
    assert (filed["first_filed_on"], filed["days_late"]) == (
        today().isoformat(),
        (today() - date(2011, 10, 31)).days,
    )


async def test_a_closed_programme_takes_what_is_owed_to_it(desk, call, get):
    """O6.2b, O6.2c, S4: late filings, decisions and execution go on; versions that nobody asked for do not begin."""
    await desk.on_file()
    lines = (await get(f"{MINE}/versions/1", CITY)).json()["lines"]
    programme = (await get(f"/programmes/{POLICY}", PROVINCE)).json()
    over = {"on": "2013-01-31", "reason": "任务完成"}
    assert (
        await call("POST", f"/programmes/{POLICY}/closure", PROVINCE, over, version=programme["version"])
    ).status_code == 200
    unasked = await call("POST", f"{MINE}/versions", CITY, body(lines=lines, title="改名方案"))
    problem(unasked, 409, "reporting.plan.programme-not-open")
    noted = {"status": "done", "on": "2012-02-01", "evidence": [{"title": "验收单"}]}
    line_id = lines[0]["id"]
    await desk.ok("POST", f"/execution/lines/{line_id}/progress", CITY, noted, 1)
    theirs = f"{BASE}/filings/441600000000"
    assert (await call("POST", f"{theirs}/versions", OTHER, body(title="河源市建设方案"))).status_code == 201
    asked = {"body": "河源市人民政府"}
    assert (await call("POST", f"{theirs}/versions/1/approval", OTHER, asked, version=1)).status_code == 200
    filed = await call("POST", f"{theirs}/submission", OTHER, {}, version=1)
    assert (filed.status_code, filed.json()["state"]) == (200, "filed")
    back = {"reasons": [{"text": "缺少经费来源"}]}
    assert (await call("POST", f"{theirs}/return", PROVINCE, back, version=2)).status_code == 200
    again = await call("POST", f"{theirs}/versions", OTHER, body(title="补正后的方案"))
    assert again.status_code == 201, again.text
