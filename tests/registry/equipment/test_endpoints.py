"""Equipment over HTTP, and the grant that pays for it. Source: O2.3, O5.2."""

import asyncio
import json

import pydantic
import pytest

from common.auth import Role
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

KINDS = ["computer", "printer", "fax", "telephone", "filing_cabinet", "notice_board"]
BOUGHT = {
    "kind": "computer",
    "quantity": 5,
    "acquired_on": "2020-03-01",
    "fund": "county_budget",
    "cost_fen": 2_000_000,
}
AIDED = {**BOUGHT, "fund": "provincial_aid", "cost_fen": 300_000}
GRANT = {"use": "basic_equipment", "amount_fen": 1_000_000, "granted_on": "2020-01-01", "document": "粤财社〔2020〕1号"}


async def split(desk, equipment_id, actor, version, **body):
    headers = {**bearer(actor), "If-Match": f'"{version}"'}
    return await desk.client.post(f"/registry/v1/equipment/{equipment_id}/splits", json=body, headers=headers)


@pytest.fixture
async def grant(small_desk, world, office):
    """Aid of the county's bureau, which guides the towns' offices."""
    bureau = await small_desk.office_of(world.HEPING)
    answer = await small_desk.post("/aid-grants", world.province, office_id=bureau["id"], **GRANT)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_purchase_is_told_shown_and_kept_with_its_money(small_desk, world, office):
    """O2.3: kind, quantity, condition, day, fund, cost."""
    answer = await small_desk.post("/equipment", world.head, office_id=office["id"], **BOUGHT)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert {
        name: told[name] for name in ("kind_label", "condition_label", "fund_label", "effective_on", "cost_fen")
    } == {
        "kind_label": "电脑（网络设备）",
        "condition_label": "完好",
        "fund_label": "县（市、区）财政预算",
        "effective_on": "2020-03-01",
        "cost_fen": 2_000_000,
    }
    assert (await small_desk.get(f"/equipment/{told['id']}", world.supervisor)).json() == told
    (event,) = await small_desk.rows("SELECT * FROM outbox WHERE subject = $1", told["id"])
    assert event["type"] == "registry.equipment.changed.v1"
    assert json.loads(event["data"])["quantity"] == 5
    problem(await small_desk.get(f"/equipment/{told['id']}", world.stranger), 404, "registry.record-not-found")
    problem(await small_desk.get(f"/equipment/{told['id']}", world.clerk), 403, "auth.role-required")
    assert (await small_desk.get("/equipment")).status_code == 401
    assert [one["id"] for one in (await small_desk.get("/equipment", world.head)).json()["items"]] == [told["id"]]


async def test_the_summary_tells_everybody_what_is_there_and_what_is_missing(small_desk, world, office):
    """O2.3, O4.3e."""
    await small_desk.post("/equipment", world.head, office_id=office["id"], **BOUGHT)
    printer = {**BOUGHT, "kind": "printer", "quantity": 2, "condition": "faulty"}
    await small_desk.post("/equipment", world.head, office_id=office["id"], **printer)
    found = {one["kind"]: one for one in (await small_desk.get("/equipment/summary", office_id=office["id"])).json()}
    assert list(found) == KINDS
    assert (found["computer"]["working"], found["computer"]["is_missing"]) == (5, False)
    assert (found["printer"]["quantity"], found["printer"]["working"], found["printer"]["is_missing"]) == (2, 0, True)
    assert found["fax"]["is_missing"]
    asked = {"office_id": office["id"], "rules_on": "2011-09-24"}
    assert not any(one["is_missing"] for one in (await small_desk.get("/equipment/summary", **asked)).json())
    nobody = await small_desk.get("/equipment/summary", office_id="01900000-0000-7000-8000-000000000000")
    problem(nobody, 404, "registry.office-not-found")


async def test_coverage_counts_the_offices_that_lack_a_kind(small_desk, world, office):
    """O2.3: the small world has three towns in 和平县."""
    for kind in KINDS:
        await small_desk.post("/equipment", world.head, office_id=office["id"], **{**BOUGHT, "kind": kind})
    other = await small_desk.office_of("441624102000")
    await small_desk.post("/equipment", world.supervisor, office_id=other["id"], **BOUGHT)
    found = (await small_desk.get("/equipment/coverage", division=world.HEPING)).json()
    assert (found["office_count"], found["complete_count"]) == (3, 1)
    assert {one["kind"]: one["office_count"] for one in found["lacking"]} == {
        **dict.fromkeys(KINDS, 2),
        "computer": 1,
    }
    assert (await small_desk.get("/equipment/coverage")).json()["office_count"] > 3
    asked = {"division": world.HEPING, "limit": 1}
    first = (await small_desk.get("/equipment/missing", **asked)).json()
    second = (await small_desk.get("/equipment/missing", **asked, cursor=first["next_cursor"])).json()
    listed = [*first["items"], *second["items"]]
    assert [(one["division"], len(one["missing"])) for one in listed] == [("441624100000", 6), ("441624102000", 5)]
    assert listed[1]["missing"][0] == {"code": "printer", "label": "打印机"}
    assert second["next_cursor"] is None
    without = (await small_desk.get("/equipment/missing", division=world.HEPING, kind="computer")).json()["items"]
    assert [one["division"] for one in without] == ["441624100000"]
    early = (await small_desk.get("/equipment/coverage", division=world.HEPING, on="2023-06-29")).json()
    assert early["office_count"] == 0


async def test_what_is_missing_is_found_in_the_database_and_only_the_page_is_fetched(small_desk, world, monkeypatch):
    """O2.3, O4.3e: nobody needs a token, so nobody may make the service read the whole province."""
    bought = [("441624100000", "computer", "2020-03-01"), ("441624101000", "fax", "2024-02-01")]
    for division, kind, day in bought:
        office = await small_desk.office_of(division)
        body = {**BOUGHT, "kind": kind, "acquired_on": day}
        told = await small_desk.post("/equipment", world.supervisor, office_id=office["id"], **body)
        assert told.status_code == 201, told.text
    await small_desk.patch(f"/equipment/{told.json()['id']}", world.supervisor, 1, condition="faulty")
    towns = await small_desk.rows(
        "SELECT division, status FROM offices WHERE kind = 'service_office' ORDER BY division"
    )
    operating = [one["division"] for one in towns if one["status"] == "operating"]
    parsed, parse = [], pydantic.BaseModel.model_validate_json.__func__

    def counting(cls, *given, **more):
        parsed.append(cls.__name__)
        return parse(cls, *given, **more)

    monkeypatch.setattr(pydantic.BaseModel, "model_validate_json", classmethod(counting))
    listed, cursor = [], {}
    while cursor is not None:
        page = (await small_desk.get("/equipment/missing", limit=2, **cursor)).json()
        assert len(page["items"]) <= 2
        listed += page["items"]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert [one["division"] for one in listed] == operating
    assert {one["division"]: len(one["missing"]) for one in listed} == {
        **dict.fromkeys(operating, 6),
        "441624100000": 5,
    }
    on = {"division": world.HEPING, "on": "2024-03-01", "kind": "fax"}
    past = (await small_desk.get("/equipment/missing", **on)).json()["items"]
    assert [one["division"] for one in past] == ["441624100000", "441624102000"]
    covered = (await small_desk.get("/equipment/coverage", division=world.HEPING)).json()
    assert {one["kind"]: one["office_count"] for one in covered["lacking"]} == {
        **dict.fromkeys(KINDS, 3),
        "computer": 2,
    }
    early = (await small_desk.get("/equipment/missing", division=world.HEPING, on="2011-09-24")).json()
    assert early["items"] == []
    assert parsed == []


async def test_scrapping_keeps_the_record_and_its_past(small_desk, world, office):
    """O2.3."""
    told = (await small_desk.post("/equipment", world.head, office_id=office["id"], **BOUGHT)).json()
    path = f"/equipment/{told['id']}"
    gone = await small_desk.patch(path, world.head, 1, condition="scrapped", effective_on="2024-01-01", reason="报废")
    assert gone.status_code == 200, gone.text
    problem(await small_desk.patch(path, world.head, 2, condition="working"), 409, "registry.equipment-scrapped")
    versions = (await small_desk.get(f"{path}/versions", world.head)).json()
    assert [one["condition"] for one in versions] == ["working", "scrapped"]
    for day, working, scrapped in (("2023-12-31", 5, 0), ("2024-01-01", 0, 5)):
        summary = (await small_desk.get("/equipment/summary", office_id=office["id"], on=day)).json()
        assert (summary[0]["working"], summary[0]["scrapped"]) == (working, scrapped), day


async def test_one_piece_of_five_breaks_and_four_still_work(small_desk, world, office):
    """O2.3."""
    told = (await small_desk.post("/equipment", world.head, office_id=office["id"], **BOUGHT)).json()
    answer = await split(small_desk, told["id"], world.head, 1, quantity=1, condition="faulty")
    assert answer.status_code == 200, answer.text
    rest, part = answer.json()["remaining"], answer.json()["part"]
    assert (rest["quantity"], part["quantity"], part["split_from"]) == (4, 1, told["id"])
    assert rest["cost_fen"] + part["cost_fen"] == BOUGHT["cost_fen"]
    summary = (await small_desk.get("/equipment/summary", office_id=office["id"])).json()
    assert (summary[0]["working"], summary[0]["faulty"]) == (4, 1)
    before = await small_desk.counts()
    for quantity, condition in ((4, "faulty"), (5, "faulty"), (1, "working")):
        refused = await split(small_desk, told["id"], world.head, 2, quantity=quantity, condition=condition)
        problem(refused, 422, "registry.equipment-split-refused")
    problem(
        await split(small_desk, told["id"], world.head, 1, quantity=1, condition="faulty"),
        412,
        "request.if-match-stale",
    )
    assert await small_desk.counts() == before


BAD = [
    ({"fund": "provincial_aid"}, 422, "registry.aid-grant-required"),
    ({"aid_grant_id": "01900000-0000-7000-8000-000000000000"}, 422, "registry.aid-grant-required"),
    (
        {"fund": "provincial_aid", "aid_grant_id": "01900000-0000-7000-8000-000000000000"},
        422,
        "registry.aid-grant-not-ours",
    ),
    ({"effective_on": "2020-02-29"}, 422, "registry.equipment-acquired-later"),
    ({"acquired_on": "2999-01-01"}, 422, "registry.effective-date-refused"),
    ({"kind": "coffee_machine"}, 422, "request.validation-failed"),
    ({"quantity": 0}, 422, "request.validation-failed"),
    ({"quantity": 1.5}, 422, "request.validation-failed"),
    ({"cost_fen": -1}, 422, "request.validation-failed"),
    ({"cost_fen": 100.5}, 422, "request.validation-failed"),
    ({"condition": "scrapped"}, 422, "request.validation-failed"),
    ({"office_id": "01900000-0000-7000-8000-000000000000"}, 404, "registry.office-not-found"),
]


@pytest.mark.parametrize(("changes", "status", "code"), BAD)
async def test_bad_input_is_refused_with_its_code_and_writes_nothing(small_desk, world, office, changes, status, code):
    before = await small_desk.counts()
    answer = await small_desk.post("/equipment", world.head, **{"office_id": office["id"], **BOUGHT, **changes})
    problem(answer, status, code)
    assert await small_desk.counts() == before


# --- aid ------------------------------------------------------------------------------------------------------------


async def test_aid_pays_for_equipment_of_the_office_or_of_those_that_it_guides(small_desk, world, office, grant):
    """O5.2."""
    body = {**AIDED, "aid_grant_id": grant["id"]}
    told = (await small_desk.post("/equipment", world.head, office_id=office["id"], **body)).json()
    after = (await small_desk.get(f"/aid-grants/{grant['id']}", world.supervisor)).json()
    assert (after["spent_fen"], after["remaining_fen"], after["asset_ids"]) == (300_000, 700_000, [told["id"]])
    before = await small_desk.counts()
    elsewhere = await small_desk.office_of("441625100000")
    foreign = make_actor("441625100000", Role.OFFICE_HEAD)
    refused = await small_desk.post("/equipment", foreign, office_id=elsewhere["id"], **body)
    problem(refused, 422, "registry.aid-grant-not-ours", "O5.2")
    too_much = {**body, "cost_fen": 700_001}
    over = problem(
        await small_desk.post("/equipment", world.head, office_id=office["id"], **too_much),
        409,
        "registry.aid-overspent",
        "O5.2",
    )
    assert (over["amount_fen"], over["spent_fen"], over["wanted_fen"]) == (1_000_000, 300_000, 700_001)
    assert await small_desk.counts() == before


async def test_a_corrected_cost_moves_what_the_grant_paid_and_never_beyond_it(small_desk, world, office, grant):
    """O5.2."""
    body = {**AIDED, "aid_grant_id": grant["id"]}
    told = (await small_desk.post("/equipment", world.head, office_id=office["id"], **body)).json()
    path = f"/equipment/{told['id']}"
    assert (await small_desk.patch(path, world.head, 1, cost_fen=250_000)).status_code == 200
    problem(await small_desk.patch(path, world.head, 2, cost_fen=1_000_001), 409, "registry.aid-overspent")
    problem(await small_desk.patch(path, world.head, 2, cost_fen=None), 422, "registry.aid-grant-required")
    assert (await small_desk.patch(path, world.head, 2, condition="scrapped")).status_code == 200
    after = (await small_desk.get(f"/aid-grants/{grant['id']}", world.supervisor)).json()
    assert (after["spent_fen"], after["asset_ids"]) == (250_000, [told["id"]])


async def test_a_split_moves_no_aid_and_links_the_part(small_desk, world, office, grant):
    """O5.2."""
    body = {**AIDED, "aid_grant_id": grant["id"]}
    told = (await small_desk.post("/equipment", world.head, office_id=office["id"], **body)).json()
    part = (await split(small_desk, told["id"], world.head, 1, quantity=2, condition="scrapped")).json()["part"]
    after = (await small_desk.get(f"/aid-grants/{grant['id']}", world.supervisor)).json()
    assert (after["spent_fen"], after["asset_ids"]) == (300_000, [told["id"], part["id"]])
    assert part["cost_fen"] == 120_000


async def test_racing_purchases_never_overspend_a_grant(small_desk, world, office, grant):
    """O5.2: ten at once over two offices of one bureau's grant; exactly three fit."""
    other = await small_desk.office_of("441624102000")
    body = {**AIDED, "aid_grant_id": grant["id"]}
    answers = await asyncio.gather(
        *(small_desk.post("/equipment", world.supervisor, office_id=one["id"], **body) for one in [office, other] * 5)
    )
    assert sorted(one.status_code for one in answers) == [201] * 3 + [409] * 7
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"registry.aid-overspent"}
    after = (await small_desk.get(f"/aid-grants/{grant['id']}", world.supervisor)).json()
    assert (after["spent_fen"], len(after["asset_ids"])) == (900_000, 3)
    linked = await small_desk.value(
        "SELECT sum((state ->> 'cost_fen')::bigint) FROM records WHERE state ->> 'aid_grant_id' = $1", grant["id"]
    )
    assert linked == 900_000
