"""Finding offices by any part of the name: right against the plain scan, and over the index."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.data.reader import read_divisions
from registry.offices.naming import name_offices

NAMES = {office.division: office.name for office in name_offices(read_divisions())[0]}


async def found(desk, limit=200, **query):
    items, cursor = [], None
    while True:
        body = (await desk.get("/offices", limit=limit, **query, **({"cursor": cursor} if cursor else {}))).json()
        items += body["items"]
        cursor = body["next_cursor"]
        if cursor is None or len(items) >= 1000:
            return items


@pytest.mark.parametrize("part", ["南山", "松山", "登", "沙头角", "蛇口街道", "何屋村人力"])
async def test_a_part_of_the_name_finds_every_office_and_no_other(desk, part):
    divisions = [one["division"] for one in await found(desk, q=part)]
    assert divisions == sorted(code for code, name in NAMES.items() if part in name)
    assert divisions


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=st.sampled_from(sorted(NAMES)), data=st.data())
async def test_any_part_of_any_name_finds_its_office(desk, code, data):
    name = NAMES[code]
    first = data.draw(st.integers(0, len(name) - 2))
    part = name[first : data.draw(st.integers(first + 2, min(len(name), first + 50)))]
    body = (await desk.get("/offices", q=part, division=code, limit=1)).json()
    assert [one["division"] for one in body["items"]] == [code]


@pytest.mark.parametrize("part", ["没有此名", "%", "_山", "\\", "南%山", "' OR 1=1 --"])
async def test_what_is_no_part_of_a_name_finds_nothing(desk, part):
    assert await found(desk, q=part) == []


async def test_search_and_filters_hold_together(desk, world):
    items = await found(desk, q="太平镇", kind="service_office")
    assert len(items) == 7, "standards.md §11: seven towns are called 太平镇"
    inside = await found(desk, q="社区", division=world.NANSHAN, level="village")
    assert inside
    assert all(one["division"].startswith("440305") and "社区" in one["name"] for one in inside)
    assert await found(desk, q="南山", status="closed") == []


def nodes_of(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes_of(inner)


@pytest.mark.parametrize("part", ["南山", "蛇口", "松山湖"])
async def test_two_characters_already_use_the_index(desk, part):
    statements = []

    def listen(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    from sqlalchemy import event

    engine = desk.context.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert (await desk.get("/offices", q=part)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    (sql, values) = next(one for one in statements if "name_pairs" in one[0])
    plan = json.loads(await desk.value(f"EXPLAIN (FORMAT JSON) {sql}", *values))[0]["Plan"]
    assert "ix_offices_name_pairs" in {node.get("Index Name") for node in nodes_of(plan)}


@pytest.mark.parametrize("query", [{"q": ""}, {"q": "山" * 51}, {"division": "44030500000"}, {"kind": "office"}])
async def test_a_search_that_cannot_be_meant_is_refused(desk, query):
    answer = await desk.get("/offices", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.validation-failed")


async def test_a_division_with_a_gap_in_its_code_is_no_division(desk):
    answer = await desk.get("/offices", division="440000000001")
    assert (answer.status_code, answer.json()["code"]) == (400, "division.code-invalid")
