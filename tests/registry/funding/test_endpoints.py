"""Money over HTTP. Source: O5.1a, O5.1b, O5.1c, O5.2."""

import asyncio
import json
from uuid import UUID

import pytest

from common.auth import Role
from common.clock import today
from common.contracts.registry.offices import ServiceContractState
from common.divisions import Level
from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor
from registry.history.service import store_record

YEAR = today().year
LINE = {"year": YEAR, "is_listed": True, "amount_fen": 12_000_000, "document": "和财预〔2026〕1号"}
SUPPLEMENT = {"year": YEAR, "amount_fen": 500_000, "purpose": "水电和网络费用"}
EXPENSE = {
    "source": "county",
    "use": "legal_publicity",
    "amount_fen": 100_00,
    "spent_on": "2012-12-31",
    "purpose": "普法宣传资料",
    "voucher": "2012-12-001",
}
GRANT = {"use": "basic_equipment", "amount_fen": 1_000_000, "granted_on": "2020-01-01", "document": "粤财社〔2020〕1号"}
NOBODY = "01900000-0000-7000-8000-000000000000"


async def reverse(desk, expense_id, actor, version, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await desk.client.post(f"/registry/v1/fund-expenses/{expense_id}/reversal", json=body, headers=headers)


async def created(desk, path, actor, **body):
    answer = await desk.post(path, actor, **body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/registry/v1{path}/{answer.json()['id']}"
    return answer.json()


# --- budget lines ---------------------------------------------------------------------------------------------------


async def test_a_budget_line_names_the_county_and_its_document(small_desk, world, office):
    """O5.1a."""
    line = await created(small_desk, "/budget-lines", world.supervisor, office_id=office["id"], **LINE)
    assert (line["budget_division"], line["division"]) == (world.HEPING, world.HEPING_TOWN)
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", line["id"])
    assert event["type"] == "registry.budget-line.changed.v1"
    assert json.loads(event["data"])["document"] == "和财预〔2026〕1号"
    assert (await small_desk.get(f"/budget-lines/{line['id']}", world.head)).json() == line
    again = await small_desk.post("/budget-lines", world.head, office_id=office["id"], **LINE)
    problem(again, 409, "registry.record-exists")


async def test_in_dongguan_the_line_stands_in_the_city_budget(small_desk, world):
    """O5.1a."""
    office = await small_desk.office_of(world.DONGGUAN_TOWN)
    line = await created(small_desk, "/budget-lines", world.dongguan, office_id=office["id"], **LINE)
    assert line["budget_division"] == world.DONGGUAN


async def test_a_line_without_its_document_is_refused_also_as_a_change(small_desk, world, office):
    """O5.1a."""
    before = await small_desk.counts()
    bare = await small_desk.post("/budget-lines", world.head, office_id=office["id"], **{**LINE, "document": None})
    problem(bare, 422, "registry.budget-document-required", "O5.1a")
    assert await small_desk.counts() == before
    body = {"year": YEAR, "is_listed": False}
    line = await created(small_desk, "/budget-lines", world.head, office_id=office["id"], **body)
    path = f"/budget-lines/{line['id']}"
    problem(await small_desk.patch(path, world.head, 1, is_listed=True), 422, "registry.budget-document-required")
    done = await small_desk.patch(path, world.head, 1, is_listed=True, document="和财预〔2026〕2号")
    assert (done.status_code, done.json()["is_listed"], done.json()["version"]) == (200, True, 2)
    problem(await small_desk.patch(path, world.head, 1, is_listed=False), 412, "request.if-match-stale")
    versions = (await small_desk.get(f"{path}/versions", world.head)).json()
    assert [one["is_listed"] for one in versions] == [False, True]


async def test_only_the_county_or_the_town_tells_the_line(small_desk, world, office):
    """O5.1a, O1.3a."""
    before = await small_desk.counts()
    for actor in (world.province, make_actor("441600000000", Role.BUREAU_SUPERVISOR), world.stranger):
        answer = await small_desk.post("/budget-lines", actor, office_id=office["id"], **LINE)
        problem(answer, 403, "auth.out-of-scope")
    problem(
        await small_desk.post("/budget-lines", world.clerk, office_id=office["id"], **LINE), 403, "auth.role-required"
    )
    assert await small_desk.counts() == before


async def test_the_yearly_check_lists_the_offices_without_a_line(small_desk, world, office):
    """O5.1a: every operating town office of the division, and why."""
    other = await small_desk.office_of("441624102000")
    await created(small_desk, "/budget-lines", world.supervisor, office_id=office["id"], **LINE)
    await created(small_desk, "/budget-lines", world.supervisor, office_id=other["id"], year=YEAR, is_listed=False)
    found = (await small_desk.get("/budget-lines/missing", world.supervisor, year=YEAR)).json()["items"]
    assert [(one["division"], one["finding"], one["finding_label"]) for one in found] == [
        ("441624100000", "no_line", "未登记"),
        ("441624102000", "not_listed", "未列入财政预算"),
    ]
    counted = (await small_desk.get("/budget-lines/counts", world.supervisor, year=YEAR)).json()
    assert {one["finding"]: one["office_count"] for one in counted} == {"listed": 1, "not_listed": 1, "no_line": 1}
    first = (await small_desk.get("/budget-lines/missing", world.supervisor, year=YEAR, limit=1)).json()
    rest = await small_desk.get(
        "/budget-lines/missing", world.supervisor, year=YEAR, limit=1, cursor=first["next_cursor"]
    )
    assert [one["division"] for one in (*first["items"], *rest.json()["items"])] == ["441624100000", "441624102000"]
    whole = (await small_desk.get("/budget-lines/missing", world.province, year=YEAR)).json()["items"]
    assert {one["budget_division"] for one in whole} >= {world.HEPING, world.NANSHAN, world.DONGGUAN}
    outside = await small_desk.get("/budget-lines/missing", world.supervisor, year=YEAR, division=world.NANSHAN)
    problem(outside, 403, "auth.out-of-scope")
    problem(await small_desk.get("/budget-lines/missing", world.clerk, year=YEAR), 403, "auth.role-required")


# --- the town's own money -------------------------------------------------------------------------------------------


async def test_a_supplement_comes_from_the_town_itself(small_desk, world, office):
    """O5.1b."""
    before = await small_desk.counts()
    refused = await small_desk.post("/town-supplements", world.supervisor, office_id=office["id"], **SUPPLEMENT)
    problem(refused, 403, "auth.out-of-scope", "O5.1b")
    assert await small_desk.counts() == before
    told = await created(small_desk, "/town-supplements", world.head, office_id=office["id"], **SUPPLEMENT)
    station = await small_desk.office_of(world.HEPING_VILLAGE)
    await created(small_desk, "/town-supplements", world.head, office_id=station["id"], **SUPPLEMENT)
    again = await small_desk.post("/town-supplements", world.head, office_id=office["id"], **SUPPLEMENT)
    problem(again, 409, "registry.record-exists")
    path = f"/town-supplements/{told['id']}"
    gone = await small_desk.patch(path, world.head, 1, amount_fen=0, reason="本年不再补助")
    assert (gone.status_code, gone.json()["amount_fen"]) == (200, 0)
    problem(await small_desk.patch(path, world.head, 2, amount_fen=None), 422, "request.validation-failed")
    problem(await small_desk.patch(path, world.supervisor, 2, amount_fen=1), 403, "auth.out-of-scope")
    assert (await small_desk.get(path, world.supervisor)).json()["version"] == 2
    assert len((await small_desk.get(f"{path}/versions", world.supervisor)).json()) == 2
    assert len((await small_desk.get("/town-supplements", world.supervisor)).json()["items"]) == 2


# --- expenses -------------------------------------------------------------------------------------------------------


async def test_an_expense_of_2012_is_let_through_today_and_one_of_today_is_not(small_desk, world, office):
    """O5.1c: the matrix of the day of the expense, with its document."""
    told = await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **EXPENSE)
    assert (told["matrix_document"], told["effective_on"], told["year"]) == ("粤府办〔2011〕65号", "2012-12-31", 2012)
    assert (told["source_label"], told["use_label"]) == ("县就业专项资金", "普法宣传")
    before = await small_desk.counts()
    late = {**EXPENSE, "spent_on": "2026-01-09"}
    body = problem(
        await small_desk.post("/fund-expenses", world.head, office_id=office["id"], **late),
        422,
        "registry.fund-use-refused",
        "O5.1c",
    )
    assert (body["document"], body["mark"]) == ("财社〔2026〕1号", "K")
    assert "legal_publicity" not in body["allowed"]
    early = {**EXPENSE, "spent_on": "2011-09-24"}
    body = problem(
        await small_desk.post("/fund-expenses", world.head, office_id=office["id"], **early),
        422,
        "registry.fund-rules-not-in-force",
        "O5.1c",
    )
    assert "2011-09-24" in body["detail"]
    assert await small_desk.counts() == before


async def test_the_rules_of_a_day_are_public(small_desk):
    """O5.1c, O4.3e."""
    found = (await small_desk.get("/fund-rules", on="2015-01-01")).json()
    assert [(one["source"], one["document"], len(one["uses"])) for one in found] == [
        ("province", "粤财社〔2014〕188号", 4),
        ("city", "粤府办〔2011〕65号", 6),
        ("county", "粤府办〔2011〕65号", 6),
    ]
    problem(await small_desk.get("/fund-rules", on="2011-09-24"), 422, "registry.fund-rules-not-in-force", "O5.1c")
    areas = (await small_desk.get("/aid-areas")).json()
    assert (len(areas["areas"]), areas["mark"], areas["clause"]) == (12, "P", "O5.2")


async def test_an_expense_is_corrected_by_reversal_and_never_deleted(small_desk, world, office):
    """O5.1c."""
    told = await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **EXPENSE)
    path = f"/fund-expenses/{told['id']}"
    for method in ("DELETE", "PATCH", "PUT"):
        answer = await small_desk.client.request(method, f"/registry/v1{path}", headers=bearer(world.head), json={})
        assert answer.status_code == 405, method
    problem(await reverse(small_desk, told["id"], world.head, 1), 422, "request.validation-failed")
    problem(await reverse(small_desk, told["id"], world.supervisor, 1, reason="记错金额"), 403, "auth.out-of-scope")
    undone = await reverse(small_desk, told["id"], world.head, 1, reason="记错金额", effective_on="2013-02-01")
    assert (undone.status_code, undone.json()["status_label"]) == (200, "已冲销")
    problem(
        await reverse(small_desk, told["id"], world.head, 2, reason="再次"), 409, "registry.expense-already-reversed"
    )
    versions = (await small_desk.get(f"{path}/versions", world.head)).json()
    assert [one["status"] for one in versions] == ["recorded", "reversed"]
    for day, expected in (("2013-01-31", [EXPENSE["amount_fen"]]), (None, [])):
        asked = {"year": 2012, **({"on": day} if day else {})}
        totals = (await small_desk.get("/fund-expenses/totals", world.head, **asked)).json()
        assert [one["amount_fen"] for one in totals] == expected


async def test_totals_are_by_source_and_use_within_the_reader_s_division(small_desk, world, office):
    """O5.1c: whole fen, by year and division."""
    other = await small_desk.office_of("441625100000")
    foreign = make_actor("441625100000", Role.OFFICE_HEAD)
    for number in range(3):
        body = {**EXPENSE, "amount_fen": 10**15 - number, "voucher": str(number)}
        await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **body)
    await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **{**EXPENSE, "source": "city"})
    await created(
        small_desk, "/fund-expenses", world.head, office_id=office["id"], **{**EXPENSE, "spent_on": "2013-01-01"}
    )
    await created(small_desk, "/fund-expenses", foreign, office_id=other["id"], **EXPENSE)
    totals = (await small_desk.get("/fund-expenses/totals", world.supervisor, year=2012)).json()
    assert [(one["source"], one["use"], one["count"], one["amount_fen"]) for one in totals] == [
        ("city", "legal_publicity", 1, 10_000),
        ("county", "legal_publicity", 3, 3 * 10**15 - 3),
    ]
    whole = (await small_desk.get("/fund-expenses/totals", world.province, year=2012)).json()
    assert [one["count"] for one in whole] == [1, 4]
    narrowed = await small_desk.get("/fund-expenses/totals", world.province, year=2012, division="441625000000")
    assert [one["count"] for one in narrowed.json()] == [1]
    problem(await small_desk.get("/fund-expenses/totals", world.clerk, year=2012), 403, "auth.role-required")
    assert len((await small_desk.get("/fund-expenses", world.supervisor)).json()["items"]) == 5


async def test_a_purchased_service_may_name_the_contract_of_its_own_office(small_desk, world, office):
    """O5.1c."""
    contract = await contract_of(small_desk, office)
    body = {**EXPENSE, "use": "purchased_service", "service_contract_id": str(contract.id)}
    told = await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **body)
    assert told["service_contract_id"] == str(contract.id)
    before = await small_desk.counts()
    foreign = await contract_of(small_desk, await small_desk.office_of("441624102000"))
    after_contract = await small_desk.counts()
    for changes in (
        {"use": "legal_publicity"},
        {"service_contract_id": NOBODY},
        {"service_contract_id": str(foreign.id)},
    ):
        answer = await small_desk.post("/fund-expenses", world.head, office_id=office["id"], **{**body, **changes})
        problem(answer, 422, "registry.contract-not-linkable", "O5.1c")
    assert before != after_contract == await small_desk.counts()


async def contract_of(desk, office):
    state = ServiceContractState(
        id=uuid7(),
        version=1,
        office_id=UUID(office["id"]),
        division=office["division"],
        level=Level(office["level"]),
        effective_on=today(),
        provider="河源市人力资源服务有限公司",
        provider_uscc=None,
        starts_on=today(),
        ends_on=today(),
        amount_fen=1,
        acceptance=None,
        accepted_on=None,
        document=None,
    )
    async with desk.units()() as uow:
        await store_record(uow, state, previous=None, action="registry.test.store")
    return state


BAD_EXPENSES = [
    ({"source": "nation"}, 422, "request.validation-failed"),
    ({"use": "salaries"}, 422, "request.validation-failed"),
    ({"amount_fen": 0}, 422, "request.validation-failed"),
    ({"amount_fen": -1}, 422, "request.validation-failed"),
    ({"amount_fen": 1.5}, 422, "request.validation-failed"),
    ({"amount_fen": "100"}, 422, "request.validation-failed"),
    ({"amount_fen": 10**15 + 1}, 422, "request.validation-failed"),
    ({"voucher": " "}, 422, "request.validation-failed"),
    ({"status": "reversed"}, 422, "request.validation-failed"),
    ({"spent_on": "2999-01-01"}, 422, "registry.fund-use-refused"),
    ({"spent_on": "2999-01-01", "use": "information_system"}, 422, "registry.effective-date-refused"),
    ({"spent_on": "1999-01-01"}, 422, "registry.fund-rules-not-in-force"),
    ({"source": "province", "spent_on": "2014-08-04"}, 422, "registry.fund-use-refused"),
    ({"office_id": NOBODY}, 404, "registry.office-not-found"),
]


@pytest.mark.parametrize(("changes", "status", "code"), BAD_EXPENSES)
async def test_a_bad_expense_is_refused_with_its_code_and_writes_nothing(
    small_desk, world, office, changes, status, code
):
    """O5.1c."""
    before = await small_desk.counts()
    answer = await small_desk.post("/fund-expenses", world.head, **{"office_id": office["id"], **EXPENSE, **changes})
    problem(answer, status, code)
    assert await small_desk.counts() == before


async def test_the_same_request_twice_is_one_expense(small_desk, world, office):
    """O5.1c: Idempotency-Key."""
    key = str(uuid7())
    answers = [
        await small_desk.post("/fund-expenses", world.head, key=key, office_id=office["id"], **EXPENSE)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert await small_desk.value("SELECT count(*) FROM records WHERE record = 'registry.fund-expense'") == 1


async def test_racing_reversals_undo_an_expense_once(small_desk, world, office):
    """O5.1c."""
    told = await created(small_desk, "/fund-expenses", world.head, office_id=office["id"], **EXPENSE)
    answers = await asyncio.gather(
        *(reverse(small_desk, told["id"], world.head, 1, reason="记错金额") for _ in range(5))
    )
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412, 412]


# --- aid ------------------------------------------------------------------------------------------------------------


async def test_aid_is_granted_from_above_to_an_eligible_area(small_desk, world, office):
    """O5.2: who receives does not grant."""
    before = await small_desk.counts()
    for actor in (world.head, make_actor(world.HEPING_TOWN, Role.BUREAU_SUPERVISOR), world.stranger):
        assert (await small_desk.post("/aid-grants", actor, office_id=office["id"], **GRANT)).status_code == 403
    rich = await small_desk.office_of("440305001000")
    refused = await small_desk.post("/aid-grants", world.province, office_id=rich["id"], **GRANT)
    problem(refused, 422, "registry.aid-area-not-eligible", "O5.2")
    early = {**GRANT, "granted_on": "2011-09-24"}
    refused = await small_desk.post("/aid-grants", world.province, office_id=office["id"], **early)
    problem(refused, 422, "registry.aid-rules-not-in-force", "O5.2")
    other = {**GRANT, "use": "salaries"}
    problem(
        await small_desk.post("/aid-grants", world.province, office_id=office["id"], **other),
        422,
        "request.validation-failed",
    )
    assert await small_desk.counts() == before
    told = await created(small_desk, "/aid-grants", world.province, office_id=office["id"], **GRANT)
    assert (told["area_list_version"], told["remaining_fen"]) == ("粤府办〔2011〕65号/2011-09-25", 1_000_000)
    assert told["effective_on"] == "2020-01-01"


async def test_a_grant_is_changed_but_never_below_what_it_paid(small_desk, world, office):
    """O5.2."""
    told = await created(small_desk, "/aid-grants", world.province, office_id=office["id"], **GRANT)
    body = {"kind": "fax", "quantity": 1, "acquired_on": "2020-03-01", "fund": "provincial_aid", "cost_fen": 400_000}
    await created(small_desk, "/equipment", world.head, office_id=office["id"], aid_grant_id=told["id"], **body)
    path = f"/aid-grants/{told['id']}"
    problem(await small_desk.patch(path, world.province, 1, amount_fen=500_000), 412, "request.if-match-stale")
    problem(await small_desk.patch(path, world.province, 2, amount_fen=399_999), 409, "registry.aid-overspent", "O5.2")
    problem(await small_desk.patch(path, world.province, 2, document=None), 422, "request.validation-failed")
    done = await small_desk.patch(path, world.province, 2, amount_fen=400_000, reason="核减")
    assert (done.status_code, done.json()["remaining_fen"]) == (200, 0)
    versions = (await small_desk.get(f"{path}/versions", world.supervisor)).json()
    assert [(one["amount_fen"], one["spent_fen"]) for one in versions] == [
        (1_000_000, 0),
        (1_000_000, 400_000),
        (400_000, 400_000),
    ]
    assert len((await small_desk.get("/aid-grants", world.head)).json()["items"]) == 1
    assert (await small_desk.get("/aid-grants", world.stranger)).json()["items"] == []
    problem(await small_desk.get(path, world.stranger), 404, "registry.record-not-found")


async def test_money_is_for_those_who_answer_for_it(small_desk, world):
    """O1.3a, ADR 0005."""
    for path in ("/budget-lines", "/town-supplements", "/fund-expenses", "/aid-grants"):
        assert (await small_desk.get(path)).status_code == 401
        problem(await small_desk.get(path, world.clerk), 403, "auth.role-required")
        for role in (Role.STATISTICIAN, Role.AUDITOR):
            assert (await small_desk.get(path, make_actor(world.HEPING, role))).status_code == 200


async def test_the_dictionaries_tell_the_words_of_premises_equipment_and_money(small_desk):
    """O2.3, O5.1c, O5.2."""
    body = (await small_desk.get("/dictionaries")).json()
    counted = {
        "area_bases": 2,
        "area_statuses": 5,
        "weekdays": 7,
        "equipment_kinds": 6,
        "equipment_conditions": 3,
        "asset_funds": 6,
        "fund_sources": 3,
        "fund_uses": 6,
        "expense_statuses": 2,
        "aid_uses": 2,
        "budget_findings": 3,
    }
    assert {name: len(body[name]) for name in counted} == counted
    assert {"code": "province", "label": "省就业专项资金"} in body["fund_sources"]
