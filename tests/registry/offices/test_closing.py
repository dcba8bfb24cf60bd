"""Closing an office: everything goes to the heir, or nothing is left behind. Source: O1.3a, O1.4d, O1.4f, O2.2a."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from common.clock import today
from common.contracts.registry.money import AidGrantState, PayRateState, PayRecoveryState, PayRunState
from common.contracts.registry.offices import ServiceContractState
from common.contracts.registry.people import EstablishmentState, StaffMemberState
from common.contracts.registry.places import EquipmentState, PremisesState
from common.divisions import Level
from common.ids import uuid7
from registry.history.service import Wanted, get_record, list_records, store_record

BEGAN, OTHER = date(2024, 3, 1), "441624101202"
TOMORROW = today() + timedelta(days=1)
PERSON = "5" * 64


def post(**changes):
    told = {"pseudonym": PERSON, "staff_type": "part_time", "post_title": None, "is_public_employee": False}
    unknown = {"qualification_standard_id": None, "recruitment_id": None, "priority_group": None, "ended_on": None}
    return StaffMemberState, {**told, **unknown, "duties": (), "started_on": BEGAN, **changes}


def room(**changes):
    area = {"certified_area_dm2": 9_000, "certificate": None, "measured_area_dm2": None, "shared_area_dm2": 0}
    return PremisesState, {**area, "address": "大坝镇", "waiver": None, "windows": (), "ended_on": None, **changes}


def goods(**changes):
    bought = {"kind": "printer", "model": None, "acquired_on": BEGAN, "fund": "other", "aid_grant_id": None}
    return EquipmentState, {**bought, "cost_fen": None, "quantity": 2, "condition": "faulty", **changes}


def contract(**changes):
    term = {"starts_on": BEGAN, "ends_on": today(), "amount_fen": 100, "document": None}
    settled = {"acceptance": "accepted", "accepted_on": today()}
    return ServiceContractState, {"provider": "和平县某服务中心", "provider_uscc": None, **term, **settled, **changes}


def grant(spent_fen):
    told = {"use": "basic_equipment", "granted_on": BEGAN, "document": "粤财社〔2024〕1号", "area_list_version": "2012"}
    return AidGrantState, {**told, "amount_fen": 500, "spent_fen": spent_fen, "asset_ids": ()}


def run(status):
    period = {"period_from": BEGAN, "period_to": BEGAN, "lines": (), "total_fen": 0, "settled_at": None}
    return PayRunState, {**period, "status": status}


def recovery(status):
    whose = {"pay_run_id": uuid7(), "staff_member_id": uuid7(), "pseudonym": PERSON}
    return PayRecoveryState, {**whose, "amount_fen": 100, "found_on": BEGAN, "clause": "O1.4g", "status": status}


async def give(desk, office, what):
    model, fields = what
    place = {"office_id": UUID(office["id"]), "division": office["division"], "level": Level(office["level"])}
    state = model(id=uuid7(), version=1, effective_on=BEGAN, **place, **fields)
    async with desk.units()() as uow:
        await store_record(uow, state, previous=None, action="registry.test.store")
    return state


async def suspended(desk, world, division):
    office = await desk.office_of(division)
    answer = await desk.change(world.supervisor, office["id"], status="suspended", reason="撤并")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def close(desk, world, office, /, **body):
    told = {"status": "closed", "reason": "撤并", **body}
    return await desk.change(world.supervisor, office["id"], office["version"], **told)


async def traces(desk):
    return await desk.rows(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit_entries), "
        "(SELECT count(*) FROM record_versions), (SELECT sum(version) FROM offices)"
    )


LEFT = [
    (post(), "registry.staff-member", "人员"),
    (post(ended_on=TOMORROW + timedelta(days=1)), "registry.staff-member", "人员"),
    (room(), "registry.premises", "场地和窗口"),
    (goods(), "registry.equipment", "设备"),
    (contract(ends_on=TOMORROW), "registry.service-contract", "购买服务合同"),
    (contract(acceptance=None, accepted_on=None), "registry.service-contract", "购买服务合同"),
    (grant(499), "registry.aid-grant", "欠发达地区补助"),
    (run("draft"), "registry.pay-run", "报酬核发"),
    (recovery("open"), "registry.pay-recovery", "报酬追回"),
]


@pytest.mark.parametrize(("what", "record", "label"), LEFT)
async def test_an_office_that_nobody_follows_leaves_nothing_unsettled(small_desk, world, what, record, label):
    """Source: O1.2b, O1.3a, O1.4f, O2.2a, O2.3, O5.2."""
    office = await suspended(small_desk, world, world.HEPING_VILLAGE)
    await give(small_desk, office, what)
    before = await traces(small_desk)
    refused = await close(small_desk, world, office)
    assert (refused.status_code, refused.json()["code"]) == (409, "registry.office-not-empty"), refused.text
    assert refused.json()["remaining"] == [{"record": record, "label": label, "count": 1}]
    assert f"{label}1项" in refused.json()["detail"]
    assert await traces(small_desk) == before


async def test_an_office_whose_things_are_settled_is_closed(small_desk, world):
    """Source: O1.3a."""
    office = await suspended(small_desk, world, world.HEPING_VILLAGE)
    settled = (post(ended_on=TOMORROW), room(ended_on=BEGAN), run("settled"), run("cancelled"), recovery("waived"))
    things = (goods(condition="scrapped"), goods(quantity=0), contract(ends_on=TOMORROW, terminated_on=TOMORROW))
    for what in (*settled, *things, contract(), grant(500)):
        await give(small_desk, office, what)
    neighbour = await small_desk.office_of(OTHER)
    await give(small_desk, neighbour, post())
    done = await close(small_desk, world, office)
    assert (done.status_code, done.json()["status"]) == (200, "closed"), done.text


async def test_the_heir_gets_everything_and_the_posts_of_both(small_desk, world):
    """Source: O1.4d; standards.md §1. The sum of the established posts stays what it was."""
    office, heir = await suspended(small_desk, world, world.HEPING_VILLAGE), await small_desk.office_of(OTHER)
    given = [await give(small_desk, office, what) for what, _, _ in LEFT]
    for owner, quota in ((office, 2), (heir, 3)):
        await give(small_desk, owner, (EstablishmentState, {"quota": quota, "document": "编〔2020〕1号"}))
    done = await close(small_desk, world, office, merged_into=heir["id"])
    assert done.status_code == 200, done.text
    async with small_desk.units()() as uow:
        for state in given:
            now = await get_record(uow.session, type(state), state.id)
            assert (str(now.office_id), now.division, now.version) == (heir["id"], OTHER, 2)
            assert now.effective_on == today()
        posts = await list_records(uow.session, EstablishmentState, Wanted())
    assert {str(one.office_id): one.quota for one in posts} == {heir["id"]: 5, office["id"]: 0}
    assert await small_desk.value("SELECT count(*) FROM outbox WHERE subject = $1", str(given[0].id)) == 2


async def test_the_rates_of_a_town_end_with_its_office_and_price_no_other_station(small_desk, world):
    """Source: O1.4f."""
    await small_desk.rows(
        "UPDATE offices SET status = 'closed', valid_to = '2099-01-01' WHERE guidance_division = $1", world.HEPING_TOWN
    )
    office, heir = await suspended(small_desk, world, world.HEPING_TOWN), await small_desk.office_of("441624102000")
    every_task = {"station_division": None, "item_code": None, "duty": None, "fen_per_task": 500, "document": "和价1号"}
    rate = await give(small_desk, office, (PayRateState, {**every_task, "valid_from": BEGAN, "valid_to": None}))
    done = await close(small_desk, world, office, merged_into=heir["id"])
    assert done.status_code == 200, done.text
    own = await small_desk.rows("SELECT id FROM offices WHERE guidance_division = $1", world.HEPING_TOWN)
    async with small_desk.units()() as uow:
        ended = await get_record(uow.session, PayRateState, rate.id)
    assert (str(ended.office_id), ended.valid_to, ended.absorbed_on) == (heir["id"], today(), today())
    assert set(ended.station_office_ids) == {row["id"] for row in own}


async def test_nobody_burdens_an_office_that_is_not_theirs(small_desk, world):
    """Source: O1.3a."""
    office, heir = await suspended(small_desk, world, world.HEPING_VILLAGE), await small_desk.office_of("440305001001")
    before = await traces(small_desk)
    refused = await close(small_desk, world, office, merged_into=heir["id"])
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.out-of-scope")
    assert await traces(small_desk) == before
