"""The division tree over HTTP, on real data."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.divisions import ancestors_of
from registry.data.reader import read_divisions
from registry.data.rows import DivisionKind


@pytest.fixture
def desk(small_desk):
    """The small world is enough for these; what asks for all of Guangdong takes `whole_desk`."""
    return small_desk


async def pages(desk, path, **query):
    """Every item of a list, page by page, and how many pages there were."""
    items, cursor, count = [], None, 0
    while True:
        answer = await desk.get(path, **query, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor, count = answer.json()["next_cursor"], count + 1
        if cursor is None:
            return items, count


async def test_a_division_tells_codes_with_labels_and_its_version(desk, world):
    answer = await desk.get(f"/divisions/{world.HEPING_TOWN}")
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"1"'
    body = answer.json()
    body.pop("id")
    assert body == {
        "code": "441624101000",
        "level": "town",
        "level_label": "镇",
        "name": "大坝镇",
        "kind": "standard",
        "kind_label": "正式区划",
        "parent_code": "441624000000",
        "valid_from": "2023-06-30",
        "valid_to": None,
        "version": 1,
        "predecessors": [],
        "successors": [],
        "change_id": None,
    }


async def test_the_code_that_a_filler_shares_is_answered_with_the_city(desk, world):
    body = (await desk.get(f"/divisions/{world.DONGGUAN}")).json()
    assert (body["level"], body["name"], body["parent_code"]) == ("city", "东莞市", world.PROVINCE)


async def test_fillers_are_listed_only_when_asked_for(whole_desk):
    counties, _ = await pages(whole_desk, "/divisions", level="county", limit=200)
    assert len(counties) == 122
    fillers, _ = await pages(whole_desk, "/divisions", kind="filler")
    assert [(one["code"], one["level"]) for one in fillers] == [("441900000000", "county"), ("442000000000", "county")]


async def test_pages_of_children_are_complete_in_order_and_without_repetition(whole_desk, world):
    items, count = await pages(whole_desk, "/divisions", parent_code=world.NANSHAN, limit=3)
    codes = [one["code"] for one in items]
    assert codes == sorted(set(codes))
    assert codes == [row.code for row in read_divisions() if row.code[:6] == "440305" and row.level == "town"]
    assert count == -(-len(codes) // 3)


async def test_towns_of_a_city_without_counties_are_its_children(whole_desk, world):
    items, _ = await pages(whole_desk, "/divisions", parent_code=world.DONGGUAN, limit=200)
    assert {one["level"] for one in items} == {"town"}
    assert len(items) == sum(1 for row in read_divisions() if row.code[:4] == "4419" and row.level == "town")


async def test_a_cursor_belongs_to_its_list_and_its_filters(whole_desk):
    first = (await whole_desk.get("/divisions", level="city", limit=5)).json()
    wrong = await whole_desk.get("/divisions", level="county", limit=5, cursor=first["next_cursor"])
    assert (wrong.status_code, wrong.json()["code"]) == (400, "request.cursor-invalid")
    second = (await whole_desk.get("/divisions", level="city", limit=5, cursor=first["next_cursor"])).json()
    assert second["items"][0]["code"] > first["items"][-1]["code"]


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("441624101201", ["village", "town", "county", "city", "province"]),
        ("441900003001", ["village", "town", "city", "province"]),
        ("440000000000", ["province"]),
        ("441900000000", ["city", "province"]),
    ],
)
async def test_a_path_skips_the_level_that_does_not_exist_and_nothing_else(desk, code, levels):
    body = (await desk.get(f"/divisions/{code}/path")).json()
    assert [one["level"] for one in body["items"]] == levels
    assert [one["code"] for one in body["items"]] == [code, *ancestors_of(code)]


ROWS = [row for row in read_divisions() if row.kind is not DivisionKind.FILLER]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.sampled_from(ROWS))
async def test_the_path_of_any_division_is_what_the_codes_say(whole_desk, row):
    body = (await whole_desk.get(f"/divisions/{row.code}/path")).json()
    assert [one["code"] for one in body["items"]] == [row.code, *ancestors_of(row.code)]
    assert body["items"][0]["name"] == row.name


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/divisions/449900000000", 404, "registry.division-not-found"),
        ("/divisions/449900000000/path", 404, "registry.division-not-found"),
        ("/divisions/440305001001?on=2023-06-29", 404, "registry.division-not-in-force"),
        ("/divisions/440305001001/path?on=2023-06-29", 404, "registry.division-not-in-force"),
        ("/divisions/44030500100", 422, "request.validation-failed"),
        ("/divisions/44030500100x", 422, "request.validation-failed"),
        ("/divisions?on=2023-6-3", 422, "request.validation-failed"),
        ("/divisions?on=0", 422, "request.validation-failed"),
        ("/divisions?level=street", 422, "request.validation-failed"),
        ("/divisions?limit=201", 422, "request.validation-failed"),
        ("/divisions?cursor=abc", 400, "request.cursor-invalid"),
    ],
)
async def test_a_wrong_question_has_a_stable_code(desk, path, status, code):
    answer = await desk.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_tree_is_that_of_the_day_asked_for(whole_desk, world):
    """A town moves to another county: old code retired, new code, as Order 79 has it."""
    new = (
        "INSERT INTO divisions (id, code, level, name, kind, parent_code, valid_from, version) "
        "VALUES (gen_random_uuid(), '441622199000', 'town', '大坝镇', 'standard', '441622000000', '2026-03-01', 1)"
    )
    await whole_desk.rows(
        "UPDATE divisions SET valid_to = '2026-03-01', version = 2 WHERE code = $1", world.HEPING_TOWN
    )
    await whole_desk.rows(new)

    async def towns_of(county, on):
        return [one["code"] for one in (await pages(whole_desk, "/divisions", parent_code=county, on=on))[0]]

    assert world.HEPING_TOWN in await towns_of("441624000000", "2026-02-28")
    assert world.HEPING_TOWN not in await towns_of("441624000000", "2026-03-01")
    assert "441622199000" not in await towns_of("441622000000", "2026-02-28")
    assert "441622199000" in await towns_of("441622000000", "2026-03-01")
    retired = await whole_desk.get(f"/divisions/{world.HEPING_TOWN}", on="2026-03-01")
    assert retired.json()["code"] == "registry.division-not-in-force"
    path = (await whole_desk.get("/divisions/441622199000/path", on="2026-03-01")).json()["items"]
    assert [one["code"] for one in path] == ["441622199000", "441622000000", "441600000000", "440000000000"]


async def test_nobody_needs_a_token_to_read_the_tree(desk):
    assert (await desk.client.get("/registry/v1/divisions?level=province")).status_code == 200
