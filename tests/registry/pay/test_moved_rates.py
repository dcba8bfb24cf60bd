"""Rates while towns move and merge: whose tasks they price, and from when to when. Source: O1.4f, ADR 0014."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from common.auth import Role
from common.contracts.registry.money import PayRateState
from common.testing.tokens import make_actor
from registry.history.service import Wanted, list_records

CITY = make_actor("441600000000", Role.BUREAU_SUPERVISOR)
A, A_STATION = "441624101000", "441624101201"
B, B_STATION = "441624102000", "441624102201"
DAY = "2026-10-10"
BEFORE, AFTER = datetime(2026, 10, 5, 4, tzinfo=UTC), datetime(2026, 10, 15, 4, tzinfo=UTC)
MERGED_STATION = "441624102901"


@pytest.fixture
def heads(pay: Any, places: Any) -> tuple[Any, Any]:
    """Pay at the towns A and B of one county."""
    return pay, places.PayDesk(pay.desk, B, B_STATION, make_actor(B, Role.OFFICE_HEAD))


async def change(desk: Any, **body: Any) -> None:
    answer = await desk.post("/division-changes", CITY, effective_on=DAY, document="粤民〔2026〕7号", **body)
    assert answer.status_code == 201, answer.text


async def merge(desk: Any, heir: str | None = B) -> None:
    """A goes into B; its villages get codes that B has not used."""
    rows = await desk.rows(
        "SELECT code FROM divisions WHERE code LIKE '441624101%' AND level = 'village' ORDER BY code"
    )
    others = (row["code"] for row in rows if row["code"] != A_STATION)
    recode = {A_STATION: MERGED_STATION} | {code: f"441624102{number}" for number, code in enumerate(others, 902)}
    await change(desk, kind="merge", sources=[A, B], targets=[{"code": B}], recode=recode, heir=heir)


async def rates_of(pay: Any) -> list[PayRateState]:
    async with pay.desk.units()() as uow:
        return await list_records(uow.session, PayRateState, Wanted())


async def paid(pay: Any, *cases: Any) -> dict[Any, int]:
    """What each case was paid at, in one run of the whole town."""
    for case in cases:
        shown = await pay.desk.get(f"/pay-tasks/{case.id}", pay.head)
        await pay.accept(case, version=shown.json()["version"])
    (office,) = await pay.desk.rows("SELECT id::text FROM offices WHERE division = $1 AND status <> 'closed'", pay.town)
    await pay.pay(office_id=office["id"])
    rows = await pay.desk.rows("SELECT case_id, rate_fen FROM paid_tasks")
    found = {row["case_id"]: row["rate_fen"] for row in rows}
    return {case.id: found[case.id] for case in cases}


async def test_a_station_keeps_its_own_rate_when_its_town_moves_to_another_county(pay: Any, places: Any) -> None:
    """O1.4f: tasks from before and from after the move."""
    await pay.rate(100)
    await pay.rate(700, station_division=A_STATION)
    await pay.hire(1)
    before = await pay.case(1, closed_at=BEFORE)
    await change(pay.desk, kind="move", sources=[A], targets=[{"code": "441625109000"}])
    await pay.check()
    moved = places.PayDesk(pay.desk, "441625109000", "441625109201", make_actor("441625109000", Role.OFFICE_HEAD))
    after = await moved.case(1, closed_at=AFTER)
    assert await paid(moved, before, after) == {before.id: 700, after.id: 700}
    again = await moved.desk.post(
        "/pay-rates",
        moved.head,
        office_id=(await moved.office(moved.town))["id"],
        station_division=moved.station,
        fen_per_task=900,
        valid_from="2026-01-01",
        document="连府办〔2026〕1号",
    )
    assert (again.status_code, again.json()["code"]) == (409, "registry.pay-rate-exists")


async def test_rates_of_an_absorbed_town_price_its_own_stations_until_its_last_day(heads: Any) -> None:
    """O1.4f: 300 fen of A, younger and for an item as well, never price what stations of B do."""
    a, b = heads
    await a.rate(300, valid_from="2026-03-01")
    await a.rate(310, valid_from="2026-03-01", duty="employment_services")
    await b.rate(500)
    await b.rate(510, item_code="E01")
    await a.hire(1)
    await b.hire(2)
    at_a, at_b = await a.case(1, closed_at=BEFORE), await b.case(2, closed_at=BEFORE)
    duty = at_a.duty, at_b.duty
    await merge(a.desk)
    await b.check()
    later_a = await b.case(1, division=MERGED_STATION, closed_at=AFTER)
    later_b = await b.case(2, closed_at=AFTER)
    fen = await paid(b, at_a, at_b, later_a, later_b)
    of_a = 310 if duty[0] == "employment_services" else 300
    of_b = 510 if at_b.item_code == "E01" else 500
    assert fen == {at_a.id: of_a, at_b.id: of_b, later_a.id: of_b, later_b.id: of_b}


async def test_an_absorbed_rate_is_shown_as_ended_and_does_not_go_on(heads: Any) -> None:
    """O1.4f: one rate per thing and day."""
    a, b = heads
    rate = await a.rate(300, valid_from="2026-03-01")
    early = await a.rate(250, valid_from="2026-01-01", valid_to="2026-02-01")
    late = await a.rate(350, valid_from="2026-11-01")
    await merge(a.desk)
    states = {str(one.id): one for one in await rates_of(b)}
    office = await b.office(B)
    assert {(str(one.office_id), one.absorbed_on) for one in states.values()} == {(office["id"], date(2026, 10, 10))}
    ends = [states[one["id"]].valid_to for one in (rate, early, late)]
    assert ends == [date(2026, 10, 10), date(2026, 2, 1), date(2026, 11, 1)]
    for valid_to in (None, "2026-12-31"):
        refused = await b.desk.patch(f"/pay-rates/{rate['id']}", b.head, states[rate["id"]].version, valid_to=valid_to)
        assert (refused.status_code, refused.json()["code"]) == (422, "registry.pay-rate-refused")
    await b.rate(500, valid_from="2026-03-01")
    body = {"office_id": office["id"], "fen_per_task": 1, "valid_from": "2026-03-01", "document": "和府办〔2026〕2号"}
    assert (await b.desk.post("/pay-rates", b.head, **body)).status_code == 409


async def test_where_the_heirs_office_is_the_one_that_closes_its_stations_keep_their_worth(heads: Any) -> None:
    """O1.4f: whichever office stays, each station's earlier tasks are worth what its own town paid."""
    a, b = heads
    await a.rate(300, valid_from="2026-03-01")
    await b.rate(500)
    await a.hire(1)
    await b.hire(2)
    at_a, at_b = await a.case(1, closed_at=BEFORE), await b.case(2, closed_at=BEFORE)
    await b.desk.rows("UPDATE offices SET status = 'planned' WHERE division = $1", B)
    await merge(a.desk, heir=None)
    await b.check()
    assert await paid(b, at_a, at_b) == {at_a.id: 300, at_b.id: 500}


async def test_a_rate_for_a_place_without_a_station_is_refused(pay: Any) -> None:
    """O1.4f."""
    before = await pay.counts()
    body = {"fen_per_task": 1, "valid_from": "2026-03-01", "document": "和府办〔2026〕2号"}
    office = await pay.office(A)
    answer = await pay.desk.post(
        "/pay-rates", pay.head, office_id=office["id"], station_division="441624101999", **body
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "registry.pay-rate-refused")
    assert await pay.counts() == before
