"""Money of years that are over stays where it was, whatever happened to the offices since. Source: O5.1a, O5.1c."""

from datetime import date

import pytest

from common.auth import Role
from common.clock import today
from common.testing.tokens import make_actor

CITY, NEW_COUNTY = make_actor("441600000000", Role.BUREAU_SUPERVISOR), "441625000000"
TOWN, NEIGHBOUR, NEW_TOWN = "441624101000", "441624102000", "441625109000"
LAST = today().year - 1
DAY = date(today().year, 1, 1)


async def tell(desk, path, office, **body):
    answer = await desk.post(path, make_actor(office["division"], Role.OFFICE_HEAD), office_id=office["id"], **body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def tell_line(desk, office, year=LAST):
    body = {"is_listed": True, "amount_fen": 1, "document": "和财预1号", "effective_on": f"{LAST}-03-01"}
    return await tell(desk, "/budget-lines", office, year=year, **body)


async def enter(desk, **change):
    body = {"effective_on": DAY.isoformat(), "document": "粤民7号", **change}
    answer = await desk.post("/division-changes", CITY, **body)
    assert answer.status_code == 201, answer.text


@pytest.fixture
async def desk(small_desk):
    """The offices were there before the years that are asked for."""
    await small_desk.rows("UPDATE record_versions SET effective_on = '2012-01-01' WHERE record = 'registry.office'")
    await small_desk.rows("UPDATE offices SET effective_on = '2012-01-01'")
    return small_desk


async def found(desk, actor, year, division):
    answer = await desk.get("/budget-lines/counts", actor, year=year, division=division)
    assert answer.status_code == 200, answer.text
    return {one["finding"]: one["office_count"] for one in answer.json()}


async def test_a_moved_office_keeps_its_line_in_the_check_of_the_year_before(desk, world):
    """Source: O5.1a."""
    await tell_line(desk, await desk.office_of(TOWN))
    before = await found(desk, world.supervisor, LAST, world.HEPING)
    assert before["listed"] == 1
    await enter(desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    assert await found(desk, world.supervisor, LAST, world.HEPING) == before
    newer = make_actor(NEW_COUNTY, Role.BUREAU_SUPERVISOR)
    assert (await found(desk, newer, LAST, NEW_COUNTY))["listed"] == 0


async def test_the_lines_of_years_before_stay_with_an_office_that_was_absorbed(desk, world):
    """Source: O5.1a, O5.1b."""
    gone, heir = await desk.office_of(TOWN), await desk.office_of(NEIGHBOUR)
    old, new = await tell_line(desk, gone), await tell_line(desk, gone, year=LAST + 1)
    told = {"year": LAST, "amount_fen": 1, "purpose": "水电", "effective_on": f"{LAST}-03-01"}
    supplement = await tell(desk, "/town-supplements", gone, **told)
    before = await found(desk, world.supervisor, LAST, world.HEPING)
    villages = await desk.rows("SELECT code FROM divisions WHERE parent_code = $1", TOWN)
    recode = {row["code"]: f"{NEIGHBOUR[:9]}{int(row['code'][9:]) + 50:03}" for row in villages}
    merger = {"sources": [TOWN, NEIGHBOUR], "targets": [{"code": NEIGHBOUR}], "heir": NEIGHBOUR}
    await enter(desk, kind="merge", recode=recode, **merger)
    owners = {row["id"]: str(row["office_id"]) for row in await desk.rows("SELECT id::text, office_id FROM records")}
    expected = {old["id"]: gone["id"], supplement["id"]: gone["id"], new["id"]: heir["id"]}
    assert {one: owners[one] for one in expected} == expected
    assert await found(desk, world.supervisor, LAST, world.HEPING) == before


async def test_an_expense_counts_where_its_office_was_on_its_day(desk, world):
    """Source: O5.1c."""
    office = await desk.office_of(TOWN)
    told = {"source": "county", "use": "legal_publicity", "amount_fen": 100, "purpose": "普法", "voucher": "1"}
    await tell(desk, "/fund-expenses", office, spent_on="2012-12-31", **told)
    await enter(desk, kind="move", sources=[TOWN], targets=[{"code": NEW_TOWN}])
    newer = make_actor(NEW_COUNTY, Role.BUREAU_SUPERVISOR)
    head = make_actor(NEW_TOWN, Role.OFFICE_HEAD)
    for actor, asked, amounts in (
        (world.supervisor, {}, [100]),
        (world.supervisor, {"on": "2013-01-01"}, [100]),
        (newer, {}, []),
        (world.province, {"division": world.HEPING}, [100]),
        (world.province, {"division": NEW_COUNTY}, []),
        (world.province, {}, [100]),
        (head, {"office_id": office["id"]}, [100]),
        (world.stranger, {"office_id": office["id"]}, []),
    ):
        answer = await desk.get("/fund-expenses/totals", actor, year=2012, **asked)
        assert [one["amount_fen"] for one in answer.json()] == amounts, (actor.division, asked)
