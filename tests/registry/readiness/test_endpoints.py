"""Readiness over HTTP: public, explained, as of any day. Source: O4.3e, S2."""

from typing import Any
from uuid import uuid4

from registry.readiness.service import refresh_changed


async def test_an_office_says_why_it_is_not_ready(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    answer = await small_desk.get(f"/offices/{office['id']}/readiness")
    told = answer.json()
    assert (answer.status_code, told["status"], told["status_label"]) == (200, "unknown", "待核实")
    area = next(one for one in told["criteria"] if one["code"] == "floor_area")
    assert (area["clause"], area["document"]) == ("O2.2a", "粤府办〔2011〕65号")
    assert area["rule"] == "办公和服务场地建筑面积原则上不少于300平方米"
    assert "建筑面积：没有登记办公和服务场地（O2.2a）" in told["why_not"]


async def test_days_of_facts_and_of_rules_can_be_asked_for(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    path = f"/offices/{office['id']}/readiness"
    told = (await small_desk.get(path, on="2023-07-01", rules_on="2011-09-24")).json()
    assert (told["on"], told["rules_on"]) == ("2023-07-01", "2011-09-24")
    assert {one["status"] for one in told["criteria"]} == {"not_applicable"}


async def test_wrong_questions_get_their_codes(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    for path, query, status, code in (
        (f"/offices/{uuid4()}/readiness", {}, 404, "registry.office-not-found"),
        (f"/offices/{office['id']}/readiness", {"on": "2023-06-29"}, 404, "registry.no-office-on-that-day"),
        (f"/offices/{office['id']}/readiness", {"on": "0"}, 422, "request.validation-failed"),
        ("/readiness/summary", {"division": "4416"}, 422, "request.validation-failed"),
        ("/readiness/summary", {}, 422, "request.validation-failed"),
    ):
        answer = await small_desk.get(path, **query)
        found = (answer.status_code, answer.json()["code"])
        assert found == (status, code), (path, query, found)


async def test_a_division_sums_up_who_stands_where_and_why(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    closed = await small_desk.change(world.supervisor, office["id"], status="suspended", reason="装修")
    assert closed.status_code == 200, closed.text
    async with small_desk.units()() as uow:
        assert await refresh_changed(uow, limit=10) == 1
    told = (await small_desk.get("/readiness/summary", division=world.HEPING)).json()
    offices = await small_desk.value(
        "SELECT count(*) FROM offices WHERE division LIKE '441624%' AND kind <> 'bureau' AND status <> 'closed'"
    )
    assert told["offices"] == offices == sum(child["offices"] for child in told["children"])
    statuses = {one["status"]: one["offices"] for one in told["statuses"]}
    assert statuses == {"not_ready": 1, "unknown": offices - 1}
    assert {"criterion": "operating", "status": "unmet", "offices": 1}.items() <= told["reasons"][0].items() or any(
        one["criterion"] == "operating" and one["offices"] == 1 for one in told["reasons"]
    )
    town = next(child for child in told["children"] if child["division"] == world.HEPING_TOWN)
    assert {"status": "not_ready", "status_label": "未达标", "offices": 1} in town["statuses"]


async def test_lists_of_offices_can_be_narrowed_by_readiness(small_desk: Any, world: Any) -> None:
    office = await small_desk.office_of(world.HEPING_TOWN)
    await small_desk.change(world.supervisor, office["id"], status="suspended", reason="装修")
    async with small_desk.units()() as uow:
        await refresh_changed(uow, limit=10)
    found = (await small_desk.get("/offices", readiness="not_ready", division=world.HEPING)).json()["items"]
    assert [one["id"] for one in found] == [office["id"]]
