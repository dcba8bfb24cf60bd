"""Programmes over HTTP, on a real database. Source: O6.1a-O6.1c."""

import asyncio
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from common.auth import Role
from common.clock import today
from common.db import Database
from common.testing.problems import problem
from common.testing.tokens import make_actor
from common.uow import UnitOfWorkFactory
from registry.data.reader import read_divisions
from registry.data.rows import DATA_AS_OF
from reporting.programmes.catalogue import programme_id
from reporting.programmes.errors import ProgrammeNotInState
from reporting.programmes.service import (
    cohort_of,
    due_on,
    get_decided,
    get_programme,
    list_programmes,
    members_of,
    seed_programmes,
)

PROVINCE = make_actor("440000000000", Role.BUREAU_SUPERVISOR)
COUNTER = make_actor("440000000000", Role.STATISTICIAN)
SHENZHEN = make_actor("440300000000", Role.BUREAU_SUPERVISOR)
HEYUAN = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
HEYUAN_COUNTER = make_actor("441600000000", Role.STATISTICIAN)
COUNTY = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
CLERK = make_actor("441624100000", Role.WINDOW_CLERK)
AGENT = make_actor("440305001001", Role.STATION_AGENT)
ADMIN = make_actor("440000000000", Role.ADMINISTRATOR)
POLICY = programme_id("440000000000", "2011-2012")
CENTRAL = "441624100000"
DAY = "2011-12-31"


def body(**changes):
    return {
        "code": "2026-2027",
        "title": "基层服务平台提升任务（2026—2027年）",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "documents": [{"number": "粤府办〔2026〕1号", "title": "关于提升基层服务平台的通知"}],
        "cohorts": [
            {
                "code": "first", "title": "东莞市各镇街和名单所列乡镇", "due_on": "2026-12-31",
                "rules": [{"kind": "towns_of", "divisions": ["441900000000"]}, {"kind": "listed"}],
                "target": {"offices": 2, "wording": "exact"},
            },
            {"code": "second", "title": "其余", "due_on": "2027-12-31", "rules": [{"kind": "rest"}]},
        ],
        "milestones": [{"code": "filing", "title": "方案备案", "kind": "plan_filing", "on": "2026-03-31"}],
        "reason": "省政府2026年工作部署",
        **changes,
    }  # fmt: skip


def revision(**changes):
    return {name: value for name, value in body(**changes).items() if name != "code"}


@pytest.fixture
async def seeded(filled):
    """The policy's programme over the small directory."""
    await seed_programmes(filled.db)
    return filled


@pytest.fixture
async def created(seeded, call):
    answer = await call("POST", "/programmes", PROVINCE, body())
    assert answer.status_code == 201, answer.text
    return answer.json()


def towns(*codes, **changes):
    return {"towns": [{"division": code} for code in codes], "reason": "县级政府确定的中心镇", **changes}


async def test_the_policy_s_programme_is_there_once_however_often_a_service_starts(seeded, get):
    """O6.1a: seeded at start, told once, never overwritten."""
    await asyncio.gather(*(seed_programmes(seeded.db) for _ in range(3)))
    assert await seeded.value("SELECT count(*) FROM records WHERE record = 'reporting.programme'") == 1
    assert await seeded.value("SELECT count(*) FROM outbox WHERE type = 'reporting.programme.changed.v1'") == 1
    for actor in (PROVINCE, SHENZHEN, CLERK, AGENT):
        (found,) = (await get("/programmes", actor)).json()["items"]
        assert (found["id"], found["status_label"], found["origin_label"]) == (str(POLICY), "执行中", "随系统提供")
        assert found["cohorts"][0]["target"]["text"] == "约1000个"
        assert found["filing_due_on"] == "2011-10-31"


async def test_the_real_divisions_give_610_and_1000(desk, get):
    """O6.1b, O6.1c: all of Guangdong's towns through the directory copy and the API."""
    rows = [row for row in read_divisions() if row.level in ("city", "town")]
    async with desk.db.transaction() as conn:
        await conn.copy_records_to_table(
            "directory_divisions",
            columns=("id", "code", "level", "name", "kind", "valid_from", "version"),
            records=[(uuid4(), row.code, row.level.value, row.name, row.kind.value, DATA_AS_OF, 1) for row in rows],
        )
    await seed_programmes(desk.db)
    counts = (await get(f"/programmes/{POLICY}/counts", COUNTER, on=DAY)).json()
    first, rest = counts["cohorts"]
    assert (counts["members"], counts["informal"], counts["tree_on"]) == (1610, 147, "2023-06-30")
    assert (first["members"], first["difference"], rest["members"]) == (610, -390, 1000)
    cities = {(one["cohort"], one["city_name"]): one["members"] for one in counts["cities"]}
    assert (cities["A", "东莞市"], cities["A", "中山市"]) == (32, 23)
    assert sum(number for (cohort, _), number in cities.items() if cohort == "A") == 610
    assert len({city for cohort, city in cities if cohort == "A"}) == 9
    sound = (await get(f"/programmes/{POLICY}/check", PROVINCE, on=DAY)).json()
    assert (sound["is_disjoint"], sound["is_complete"], sound["uncovered_count"]) == (True, True, 0)
    own = (await get(f"/programmes/{POLICY}/counts", SHENZHEN, on=DAY)).json()
    assert {one["city"] for one in own["cities"]} == {"440300000000"}


async def test_a_new_programme_needs_no_code(created, call, get, seeded):
    """O6.1a, O6.1b: a programme of 2026-2027 is created, put in force and closed through the API."""
    where = f"/programmes/{created['id']}"
    assert (created["status"], created["version"], created["milestones"][0]["kind_label"]) == ("draft", 1, "方案报备")
    entered = await call("POST", f"{where}/cohorts/first/towns", PROVINCE, towns(CENTRAL, document="和府〔2026〕3号"))
    assert (entered.status_code, entered.json()["open_count"]) == (201, 1)
    act = {"on": "2026-02-01", "reason": "经省政府同意", "send": {"down_to": "town", "sign_by": "2026-03-01"}}
    running = (await call("POST", f"{where}/enforcement", PROVINCE, act, version=1)).json()
    assert (running["status_label"], running["in_force_from"], running["version"]) == ("执行中", "2026-02-01", 2)
    assert running["dispatch"] == {
        "title": created["title"], "reference_number": "粤府办〔2026〕1号", "to": ["440000000000"], "down_to": "town",
        "sign_by": "2026-03-01",
    }  # fmt: skip
    counts = (await get(f"{where}/counts", PROVINCE, on="2026-06-01")).json()
    assert [(one["cohort"], one["members"], one["difference"]) for one in counts["cohorts"]] == [
        ("first", 2, 0), ("second", 2, None),
    ]  # fmt: skip
    revised = await call("PUT", where, PROVINCE, revision(title="提升任务（修订）", reason="名称调整"), version=2)
    assert revised.status_code == 200, revised.text
    assert (revised.json()["history"][-1]["changed"], revised.json()["dispatch"]) == (["title"], None)
    over = await call("POST", f"{where}/closure", PROVINCE, {"on": "2028-01-15", "reason": "任务完成"}, version=3)
    assert (over.json()["status"], [one["act"] for one in over.json()["history"]]) == (
        "closed", ["create", "enforce", "revise", "close"],
    )  # fmt: skip
    problem(
        await call("PUT", where, PROVINCE, revision(title="再改"), version=4), 409, "reporting.programme.wrong-state"
    )
    kept = (await get(f"{where}/versions", CLERK)).json()["versions"]
    assert [(one["version"], one["title"] == created["title"]) for one in kept] == [
        (1, True), (2, True), (3, False), (4, False),
    ]  # fmt: skip
    assert (await get(f"{where}/versions/2", CLERK)).json()["status"] == "in_force"
    problem(await get(f"{where}/versions/9", CLERK), 404, "reporting.programme.not-found")
    on = (await get("/programmes", PROVINCE, in_force_on="2026-03-01")).json()["items"]
    assert {one["code"] for one in on} == {"2011-2012", "2026-2027"}
    events = await seeded.rows("SELECT data FROM outbox WHERE subject = $1 ORDER BY recordversion", created["id"])
    assert [json.loads(row["data"])["version"] for row in events] == [1, 2, 3, 4]


async def test_services_above_ask_by_stable_names(seeded):
    """O6.1b, O6.1c: members, cohort and due day, on a session and on a raw connection."""
    async with UnitOfWorkFactory(seeded.db)() as uow:
        programme = await get_programme(uow.session, POLICY)
        assert await members_of(uow.session, programme, "A") == ["440305001000", "440306001000", "441900003000"]
        assert await members_of(uow.conn, programme, "B") == [CENTRAL]
        assert await cohort_of(uow.conn, programme, CENTRAL) == "B"
        assert await cohort_of(uow.conn, programme, "441624100201") is None
        assert due_on(programme, "A") == date(2011, 12, 31)
        assert [one.code for one in await list_programmes(uow.session, on=date(2012, 1, 1))] == ["2011-2012"]
        assert await list_programmes(uow.session, on=date(2011, 1, 1)) == []


async def test_which_cohort_a_town_is_in_and_why(seeded, get, directory_events):
    """O6.1b, O6.1c: for the town itself, for who is below it, and under a retired code."""
    where = f"/programmes/{POLICY}/towns"
    mine = (await get(f"{where}/440305001000", AGENT)).json()
    assert (mine["cohort"], mine["due_on"], mine["rule"], mine["via"]) == (
        "A",
        "2011-12-31",
        "towns_of",
        "440305001000",
    )
    assert "440300000000" in mine["explanation"]
    problem(await get(f"{where}/{CENTRAL}", AGENT), 404, "reporting.programme.town-unknown")
    problem(await get(f"{where}/441624000000", PROVINCE), 404, "reporting.programme.town-unknown")
    moved = date(2012, 5, 1)
    await seeded.directory(
        directory_events("division", CENTRAL, "阳明镇", version=2, valid_to=moved, successors=("441624109000",)),
        directory_events("division", "441624109000", "阳明街道", valid_from=moved, predecessors=(CENTRAL,)),
    )
    then = (await get(f"{where}/{CENTRAL}", PROVINCE, on="2012-06-01")).json()
    assert (then["division"], then["name"], then["cohort"], then["origins"]) == (
        "441624109000", "阳明街道", "B", [CENTRAL],
    )  # fmt: skip
    counts = (await get(f"/programmes/{POLICY}/counts", PROVINCE, on="2012-06-01")).json()
    assert counts["members"] == 4


async def test_members_come_in_pages_and_by_cohort_and_city(seeded, get):
    """O6.1b: in the order of codes, within the asker's subtree."""
    where = f"/programmes/{POLICY}/members"
    first = (await get(where, PROVINCE, limit=2, cohort="A")).json()
    assert [one["division"] for one in first["items"]] == ["440305001000", "440306001000"]
    rest = (await get(where, PROVINCE, limit=2, cohort="A", cursor=first["next_cursor"])).json()
    assert ([one["division"] for one in rest["items"]], rest["next_cursor"]) == (["441900003000"], None)
    assert [one["name"] for one in (await get(where, HEYUAN)).json()["items"]] == ["阳明镇"]
    city = (await get(where, PROVINCE, division="440300000000")).json()["items"]
    assert len(city) == 2
    problem(await get(where, PROVINCE, cohort="Z"), 404, "reporting.programme.cohort-unknown")


# --- lists ------------------------------------------------------------------------------------------------------------------


async def test_a_city_enters_its_own_central_towns_and_takes_them_off(seeded, call, get):
    """O6.1b: entered by authorised people, with document, reason and days; a removed town keeps its days."""
    where = f"/programmes/{POLICY}/cohorts/A"
    entered = await call("POST", f"{where}/towns", HEYUAN, towns(CENTRAL, document="河府〔2011〕8号"))
    assert entered.status_code == 201, entered.text
    (one,) = entered.json()["towns"]
    assert (one["since"], one["document"], one["until"]) == ("2011-01-01", "河府〔2011〕8号", None)
    assert (await get(f"/programmes/{POLICY}/towns/{CENTRAL}", CLERK, on=DAY)).json()["cohort"] == "A"
    gone = {"divisions": [CENTRAL], "until": "2011-09-01", "reason": "名单调整"}
    removed = await call("POST", f"{where}/removals", PROVINCE, gone)
    assert (removed.status_code, removed.json()["open_count"]) == (201, 0)
    days = {"2011-08-31": "A", "2011-09-01": "B"}
    for on, cohort in days.items():
        assert (await get(f"/programmes/{POLICY}/towns/{CENTRAL}", CLERK, on=on)).json()["cohort"] == cohort
    again = await call("POST", f"{where}/towns", HEYUAN, towns(CENTRAL))
    assert (again.status_code, len(again.json()["towns"])) == (201, 2)
    assert (await get(f"{where}/towns", SHENZHEN)).json()["towns"] == []


async def test_a_city_takes_nothing_off_that_the_province_entered_and_nothing_for_days_gone_by(seeded, call, get):
    """O6.1b: whom the province has put on the list stays on it until the province says otherwise."""
    where = f"/programmes/{POLICY}/cohorts/A"
    code = "reporting.programme.list-entries-refused"
    entered = (await call("POST", f"{where}/towns", PROVINCE, towns(CENTRAL))).json()
    assert [one["entered_for"] for one in entered["towns"]] == ["440000000000"]
    gone = {"divisions": [CENTRAL], "reason": "名单调整"}
    taken = problem(await call("POST", f"{where}/removals", HEYUAN, gone), 422, code, "O6.1b")
    assert "440000000000" in taken["entries"][0]["reason"]
    assert (await get(f"{where}/towns", PROVINCE)).json()["open_count"] == 1
    assert (await call("POST", f"{where}/removals", PROVINCE, {**gone, "until": "2011-09-01"})).status_code == 201
    assert (await call("POST", f"{where}/towns", HEYUAN, towns(CENTRAL))).status_code == 201
    yesterday = (today() - timedelta(days=1)).isoformat()
    problem(await call("POST", f"{where}/removals", HEYUAN, {**gone, "until": yesterday}), 422, code)
    removed = await call("POST", f"{where}/removals", HEYUAN, gone)
    assert (removed.status_code, removed.json()["open_count"]) == (201, 0)


async def test_once_in_force_only_supervisors_change_its_lists(created, call):
    """O6.1b: a statistician prepares the list of a draft; what is binding is a decision."""
    where = f"/programmes/{created['id']}"
    assert (await call("POST", f"{where}/cohorts/first/towns", COUNTER, towns(CENTRAL))).status_code == 201
    act = {"reason": "经省政府同意"}
    assert (await call("POST", f"{where}/enforcement", PROVINCE, act, version=1)).status_code == 200
    gone = {"divisions": [CENTRAL], "reason": "名单调整"}
    for actor in (COUNTER, HEYUAN_COUNTER):
        problem(await call("POST", f"{where}/cohorts/first/removals", actor, gone), 403, "auth.role-required")
        problem(await call("POST", f"{where}/cohorts/first/towns", actor, towns(CENTRAL)), 403, "auth.role-required")
    assert (await call("POST", f"{where}/cohorts/first/removals", PROVINCE, gone)).status_code == 201


REFUSED = {
    "twice in one": (HEYUAN, towns(CENTRAL, CENTRAL)),
    "somebody else's": (SHENZHEN, towns(CENTRAL)),
    "a county decides nothing": (COUNTY, towns(CENTRAL)),
    "named by a rule": (PROVINCE, towns(CENTRAL, "440305001000")),
    "no town": (PROVINCE, towns(CENTRAL, "441624000000")),
    "unknown": (PROVINCE, towns(CENTRAL, "441624999000")),
    "outside the days": (PROVINCE, {"towns": [{"division": CENTRAL, "since": "2013-01-01"}], "reason": "中心镇"}),
}


@pytest.mark.parametrize(("actor", "asked"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_list_is_entered_whole_or_not_at_all(seeded, call, actor, asked):
    """O6.1b."""
    answer = await call("POST", f"/programmes/{POLICY}/cohorts/A/towns", actor, asked)
    found = problem(answer, 422, "reporting.programme.list-entries-refused", "O6.1b")
    assert found["entries"]
    assert await seeded.value("SELECT count(*) FROM records WHERE record = 'reporting.programme-list'") == 0


async def test_informal_units_and_entered_towns_are_refused(seeded, call):
    """O6.1b: units like towns are no towns; nobody is entered twice, and nobody removed who is not there."""
    await seeded.rows(
        "INSERT INTO directory_divisions (id, code, level, name, kind, valid_from, version) "
        "VALUES ($1, '441624400000', 'town', '某林场', 'informal', '2011-01-01', 1)",
        uuid4(),
    )
    where = f"/programmes/{POLICY}/cohorts/A"
    code = "reporting.programme.list-entries-refused"
    problem(await call("POST", f"{where}/towns", PROVINCE, towns("441624400000")), 422, code)
    gone = {"divisions": [CENTRAL], "reason": "名单调整"}
    problem(await call("POST", f"{where}/removals", PROVINCE, gone), 422, code)
    assert (await call("POST", f"{where}/towns", PROVINCE, towns(CENTRAL))).status_code == 201
    problem(await call("POST", f"{where}/towns", HEYUAN, towns(CENTRAL)), 422, code)
    problem(await call("POST", f"{where}/removals", PROVINCE, {**gone, "until": "2010-12-31"}), 422, code)
    cohort_b = await call("POST", f"/programmes/{POLICY}/cohorts/B/towns", PROVINCE, towns(CENTRAL))
    problem(cohort_b, 422, "reporting.programme.cohort-without-list", "O6.1b")


async def test_two_at_once_enter_a_town_once(seeded, call):
    """O6.1b: real concurrency: the second finds it entered."""
    where = f"/programmes/{POLICY}/cohorts/A/towns"
    answers = await asyncio.gather(*(call("POST", where, actor, towns(CENTRAL)) for actor in (PROVINCE, HEYUAN)))
    assert sorted(one.status_code for one in answers) == [201, 422]
    state = await seeded.value("SELECT state::text FROM records WHERE record = 'reporting.programme-list'")
    assert len(json.loads(state)["towns"]) == 1


# --- who may what -----------------------------------------------------------------------------------------------------------


async def test_who_may_write(created, call, get, seeded):
    """O6.1a: a statistician prepares, a supervisor decides, each for their own division."""
    where = f"/programmes/{created['id']}"
    act = {"reason": "经省政府同意"}
    prepared = await call("PUT", where, COUNTER, revision(title="统计员修订的名称"), version=1)
    assert prepared.status_code == 200
    problem(await call("POST", f"{where}/enforcement", COUNTER, act, version=2), 403, "auth.role-required")
    problem(await call("POST", f"{where}/enforcement", SHENZHEN, act, version=2), 404, "record.not-found")
    for actor in (CLERK, ADMIN):
        problem(await call("POST", "/programmes", actor, body(code="x")), 403, "auth.role-required")
    problem(await get(where, ADMIN), 403, "auth.role-required")
    assert (await call("POST", f"{where}/enforcement", PROVINCE, act, version=2)).status_code == 200
    problem(await call("PUT", where, COUNTER, revision(title="改名"), version=3), 403, "auth.role-required")
    own = await call("POST", "/programmes", SHENZHEN, body(cohorts=[
        {"code": "all", "title": "全市", "due_on": "2026-12-31",
         "rules": [{"kind": "towns_of", "divisions": ["440300000000"]}]},
    ]))  # fmt: skip
    assert own.status_code == 201, own.text
    assert (await get(f"/programmes/{own.json()['id']}", PROVINCE)).status_code == 200
    problem(await get(f"/programmes/{own.json()['id']}", HEYUAN), 404, "reporting.programme.not-found")
    problem(await get(f"/programmes/{POLICY}/check", SHENZHEN), 403, "auth.out-of-scope")


BAD = {
    "number": ({"documents": [{"number": "粤府办[2026]1号", "title": "关于提升的通知"}]}, 422, "request.validation-failed"),
    "extra": ({"colour": "red"}, 422, "request.validation-failed"),
    "no cohort": ({"cohorts": []}, 422, "request.validation-failed"),
    "two rests": (
        {"cohorts": [{"code": c, "title": "其余", "due_on": "2027-12-31", "rules": [{"kind": "rest"}]} for c in "AB"]},
        422, "reporting.programme.invalid",
    ),
    "no division": (
        {"cohorts": [{"code": "A", "title": "某市", "due_on": "2027-12-31",
                      "rules": [{"kind": "towns_of", "divisions": ["440000000001"]}]}]},
        400, "division.code-invalid",
    ),
    "unknown division": (
        {"cohorts": [{"code": "A", "title": "某市", "due_on": "2027-12-31",
                      "rules": [{"kind": "towns_of", "divisions": ["440900000000"]}]}]},
        422, "directory.division-unknown",
    ),
    "taken": ({"code": "2011-2012"}, 409, "reporting.programme.code-taken"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "code"), BAD.values(), ids=BAD.keys())
async def test_what_is_not_a_programme(seeded, call, changes, status, code):
    """O6.1a: nothing is written."""
    problem(await call("POST", "/programmes", PROVINCE, body(**changes)), status, code)
    assert await seeded.value("SELECT count(*) FROM records WHERE record = 'reporting.programme'") == 1


async def test_versions_are_seen_before_they_are_changed(created, call, database):
    """O6.1a: of two who put it in force at once, one does."""
    where = f"/programmes/{created['id']}/enforcement"
    act = {"reason": "经省政府同意"}
    answers = await asyncio.gather(*(call("POST", where, PROVINCE, act, version=1) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 412]
    db = Database(database, pool_size=1)
    async with db.autocommit() as conn:
        assert (
            await conn.fetchval("SELECT count(*) FROM programme_versions WHERE programme_id = $1", created["id"]) == 2
        )
    await db.dispose()


async def test_an_overlap_stops_a_programme_and_a_gap_is_told(seeded, call, get):
    """O6.1b, O6.1c: disjoint is demanded, complete is reported."""
    listed = {"code": "A", "title": "名单", "due_on": "2026-12-31", "rules": [{"kind": "listed"}]}
    created = (await call("POST", "/programmes", PROVINCE, body(cohorts=[listed]))).json()
    where = f"/programmes/{created['id']}"
    assert (await call("POST", f"{where}/cohorts/A/towns", PROVINCE, towns(CENTRAL))).status_code == 201
    gap = (await get(f"{where}/check", PROVINCE)).json()
    assert (gap["is_disjoint"], gap["is_complete"], gap["uncovered_count"]) == (True, False, 3)
    city = {"code": "B", "title": "河源", "due_on": "2026-12-31",
            "rules": [{"kind": "towns_of", "divisions": ["441600000000"]}]}  # fmt: skip
    assert (await call("PUT", where, PROVINCE, revision(cohorts=[listed, city]), version=1)).status_code == 200
    assert not (await get(f"{where}/check", PROVINCE)).json()["is_disjoint"]
    act = {"reason": "经省政府同意"}
    problem(await call("POST", f"{where}/enforcement", PROVINCE, act, version=2), 422, "reporting.programme.invalid")


async def test_a_programme_in_force_is_not_revised_into_an_overlap(seeded, call, get):
    """O6.1b, O6.1c: cohorts stay disjoint when a version follows; a town that is listed is not claimed a second time."""
    listed = {"code": "A", "title": "名单", "due_on": "2026-12-31", "rules": [{"kind": "listed"}]}
    rest = {"code": "B", "title": "其余", "due_on": "2027-12-31", "rules": [{"kind": "rest"}]}
    created = (await call("POST", "/programmes", PROVINCE, body(cohorts=[listed, rest]))).json()
    where = f"/programmes/{created['id']}"
    assert (await call("POST", f"{where}/cohorts/A/towns", PROVINCE, towns(CENTRAL))).status_code == 201
    act = {"reason": "经省政府同意"}
    assert (await call("POST", f"{where}/enforcement", PROVINCE, act, version=1)).status_code == 200
    city = {"code": "B", "title": "河源", "due_on": "2026-12-31",
            "rules": [{"kind": "towns_of", "divisions": ["441600000000"]}]}  # fmt: skip
    changed = await call("PUT", where, PROVINCE, revision(cohorts=[listed, city]), version=2)
    assert problem(changed, 422, "reporting.programme.invalid")["problems"]
    assert (await get(where, PROVINCE)).json()["version"] == 2
    renamed = await call("PUT", where, PROVINCE, revision(cohorts=[listed, rest], title="改名的任务"), version=2)
    assert renamed.status_code == 200, renamed.text


async def test_a_draft_is_nobodys_below_and_nothing_is_built_on_it(created, call, get, seeded):
    """O6.1a: what is not decided binds nobody; its own level and those above see it."""
    where = f"/programmes/{created['id']}"
    for actor in (HEYUAN, CLERK):
        problem(await get(where, actor), 404, "reporting.programme.not-found")
        assert {one["code"] for one in (await get("/programmes", actor)).json()["items"]} == {"2011-2012"}
    problem(
        await call("POST", f"{where}/cohorts/first/towns", HEYUAN, towns(CENTRAL)),
        404,
        "reporting.programme.not-found",
    )
    assert (await get(where, COUNTER)).status_code == 200
    template = (await call("POST", "/inspections/templates/starting", PROVINCE)).json()
    inspection = {
        "title": "督导考核", "purpose": "检查平台建设进展", "is_announced": False, "scope": ["441600000000"], "size": 1,
        "inspectors": [{"account": name, "division": "440000000000"} for name in ("one", "two")],
        "template_id": template["id"], "programme_id": created["id"],
    }  # fmt: skip
    problem(await call("POST", "/inspections", PROVINCE, inspection), 409, "reporting.programme.wrong-state", "O6.1a")
    act = {"reason": "经省政府同意"}
    async with UnitOfWorkFactory(seeded.db)() as uow:
        with pytest.raises(ProgrammeNotInState):
            await get_decided(uow.session, created["id"])
    assert (await call("POST", f"{where}/enforcement", PROVINCE, act, version=1)).status_code == 200
    assert (await get(where, CLERK)).json()["status"] == "in_force"
    async with UnitOfWorkFactory(seeded.db)() as uow:
        assert (await get_decided(uow.session, created["id"])).code == created["code"]
