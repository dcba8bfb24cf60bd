"""Where is this record, and what does a level know: told to those whose subtree it lies in, and to nobody else."""

from uuid import UUID, uuid4

import pytest

from common.auth import Role
from common.contracts.casework import CASE_RECORD
from common.divisions import Level

VILLAGE = "440305001001"
DONGGUAN = "441900003001"
PROVINCE = "440000000000"
COUNTY = "440305000000"
OTHER_COUNTY = "440303000000"


def path_to(case, **query) -> str:
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/records/{CASE_RECORD}/{case.subject}" + (f"?{more}" if more else "")


async def test_tells_each_level_with_node_version_time_and_hop(site, make_case, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.climb(Level.TOWN, Level.COUNTY)
    answer = await api(COUNTY).get(path_to(case))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["record_type_label"], told["version"], told["newest_version"]) == ("办件", 1, 1)
    assert (told["division"], told["division_name"], told["level_label"]) == (VILLAGE, f"名称{VILLAGE}", "村")
    assert (told["event_type"], told["occurred_at"]) == (case.type, "2026-03-02T09:00:00+08:00")
    assert [stop["level"] for stop in told["levels"]] == ["village", "town", "county", "city", "province"]
    village, town, county, city, province = told["levels"]
    assert (town["node"], town["node_name"]) == ("440305001000", "名称440305001000")
    assert village["hop_ms"] is None
    assert town["hop_ms"] > 0
    assert county["hop_ms"] > 0
    for stop in (village, town, county):
        assert (stop["version"], stop["outcome"], stop["outcome_label"]) == (1, "accepted", "已入账")
        assert stop["accepted_at"].endswith("+08:00")
    for stop in (city, province):
        assert (stop["version"], stop["outcome"], stop["outcome_label"]) == (None, None, "未到达")
        assert (stop["accepted_at"], stop["hop_ms"]) == (None, None)
    assert [receipt["receiver_level"] for receipt in told["receipts"]] == ["village", "town", "county"]
    assert {receipt["digest"] for receipt in told["receipts"]} == {told["digest"]}


async def test_a_level_that_does_not_exist_is_not_listed(site, make_case, api) -> None:
    case = make_case(DONGGUAN)
    await site.take_in(case)
    await site.climb()
    told = (await api("441900000000").get(path_to(case))).json()
    assert [stop["level"] for stop in told["levels"]] == ["village", "town", "city", "province"]
    assert all(stop["outcome"] == "accepted" for stop in told["levels"])
    assert all(stop["hop_ms"] > 0 for stop in told["levels"][1:])


async def test_tells_a_chosen_version(site, make_case, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.climb()
    await site.take_in(make_case(VILLAGE, id=UUID(case.subject), version=2))
    clerk = api(COUNTY)
    newest, first = (await clerk.get(path_to(case))).json(), (await clerk.get(path_to(case, version=1))).json()
    assert (newest["version"], first["version"], first["newest_version"]) == (2, 1, 2)
    assert [stop["outcome"] for stop in newest["levels"]] == ["accepted", None, None, None, None]
    assert [stop["version"] for stop in newest["levels"]] == [2, 1, 1, 1, 1]
    assert [stop["outcome"] for stop in first["levels"]] == ["accepted"] * 5
    assert (await clerk.get(path_to(case, version=3))).status_code == 404


async def test_a_refused_version_does_not_hide_the_accepted_one(site, make_case, submitted, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    forged = submitted(make_case(VILLAGE, id=UUID(case.subject), version=99), Level.COUNTY, digest="0" * 64)
    await site.submit(Level.COUNTY, forged)
    told = (await api(COUNTY).get(path_to(case))).json()
    assert (told["version"], told["newest_version"]) == (1, 1)
    refused = (await api(COUNTY).get(path_to(case, version=99))).json()
    (receipt,) = refused["receipts"]
    assert (receipt["outcome_label"], receipt["reason_code"]) == ("退回", "digest-mismatch")
    assert receipt["reason"] == "记录内容与摘要不一致"
    assert (refused["event_type"], refused["digest"]) == (None, None)


async def test_an_acceptance_counts_although_a_duplicate_came_later(site, make_case, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    await site.take_in(case)
    told = (await api(VILLAGE).get(path_to(case))).json()
    assert told["levels"][0]["outcome"] == "accepted"
    assert [receipt["outcome"] for receipt in told["receipts"]] == ["accepted", "duplicate"]


@pytest.mark.parametrize("place", [VILLAGE, "440305001000", COUNTY, "440300000000", PROVINCE])
async def test_whoever_stands_above_sees_it(site, make_case, api, place: str) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    assert (await api(place).get(path_to(case))).status_code == 200


@pytest.mark.parametrize("place", [OTHER_COUNTY, "440305001002", "440305002000", "441900000000"])
async def test_for_everybody_else_it_does_not_exist(site, make_case, api, place: str) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    outside = await api(place).get(path_to(case))
    nowhere = await api(place).get(f"/records/{CASE_RECORD}/{uuid4()}")
    assert (outside.status_code, nowhere.status_code) == (404, 404)
    assert outside.json()["code"] == nowhere.json()["code"] == "sync.record-not-found"
    assert outside.headers["content-type"] == "application/problem+json"
    for query in ("/levels/village/records", "/receipts"):
        assert (await api(place).get(query)).json()["items"] == []
    assert (await api(place).get("/levels/village/summary")).json()["records"] == 0


async def test_another_record_type_with_the_same_id_is_another_record(site, make_case, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    assert (await api(VILLAGE).get(f"/records/registry.office/{case.subject}")).status_code == 404


async def test_an_unchanged_record_needs_no_second_answer(site, make_case, api) -> None:
    case = make_case(VILLAGE)
    await site.take_in(case)
    clerk = api(COUNTY)
    tag = (await clerk.get(path_to(case))).headers["etag"]
    assert (await clerk.get(path_to(case), headers={"If-None-Match": tag})).status_code == 304
    await site.climb(Level.TOWN)
    again = await clerk.get(path_to(case), headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["etag"] != tag


async def test_lists_what_a_level_has_accepted_page_by_page(site, make_case, api) -> None:
    cases = [make_case(VILLAGE) for _ in range(5)] + [make_case(DONGGUAN) for _ in range(2)]
    await site.take_in(*cases)
    await site.climb(Level.TOWN)
    await site.take_in(make_case(VILLAGE, id=UUID(cases[0].subject), version=2))
    supervisor, seen, cursor = api(PROVINCE, Role.BUREAU_SUPERVISOR), [], ""
    while cursor is not None:
        page = (await supervisor.get(f"/levels/village/records?limit=3{cursor and '&cursor=' + cursor}")).json()
        assert len(page["items"]) <= 3
        seen += page["items"]
        cursor = page["next_cursor"]
    assert len(seen) == 7
    assert {item["record_id"] for item in seen} == {case.subject for case in cases}
    assert [item["division"] for item in seen] == sorted(item["division"] for item in seen)
    assert {item["version"] for item in seen if item["record_id"] == cases[0].subject} == {2}
    at_town = (await supervisor.get("/levels/town/records")).json()["items"]
    assert {item["version"] for item in at_town} == {1}
    narrow = (await supervisor.get("/levels/village/records?division=441900000000")).json()["items"]
    assert len(narrow) == 2
    assert (await supervisor.get("/levels/village/records?record_type=registry.office")).json()["items"] == []


async def test_a_list_is_bounded_by_the_actors_subtree_whatever_division_is_asked_for(site, make_case, api) -> None:
    await site.take_in(make_case(VILLAGE), make_case(DONGGUAN))
    clerk = api(COUNTY)
    assert len((await clerk.get("/levels/village/records")).json()["items"]) == 1
    assert (await clerk.get("/levels/village/records?division=441900000000")).json()["items"] == []
    assert len((await clerk.get(f"/levels/village/records?division={PROVINCE}")).json()["items"]) == 1


async def test_a_cursor_of_another_list_is_refused(site, make_case, api) -> None:
    await site.take_in(make_case(VILLAGE), make_case(VILLAGE))
    clerk = api(COUNTY)
    cursor = (await clerk.get("/levels/village/records?limit=1")).json()["next_cursor"]
    assert (await clerk.get(f"/levels/town/records?limit=1&cursor={cursor}")).json()["code"] == "request.cursor-invalid"


async def test_sums_up_a_level(site, make_case, submitted, api) -> None:
    cases = [make_case(VILLAGE) for _ in range(3)]
    await site.take_in(*cases, make_case(DONGGUAN))
    await site.take_in(make_case(VILLAGE, id=UUID(cases[0].subject), version=2))
    await site.submit(Level.TOWN, submitted(make_case(VILLAGE), Level.TOWN, digest="0" * 64))
    told = (await api(COUNTY).get("/levels/village/summary")).json()
    assert (told["records"], told["division"], told["level_label"], told["rejections"]) == (3, COUNTY, "村", 0)
    assert told["record_types"] == [{"record_type": "casework.case", "record_type_label": "办件", "records": 3}]
    assert told["as_of"].endswith("+08:00")
    at_town = (await api(COUNTY).get("/levels/town/summary")).json()
    assert (at_town["records"], at_town["record_types"], at_town["rejections"]) == (0, [], 1)
    assert (await api(PROVINCE).get("/levels/village/summary")).json()["records"] == 4
    part = (await api(PROVINCE).get("/levels/village/summary?division=441900000000")).json()
    assert (part["records"], part["division"]) == (1, "441900000000")


NOWHERE = "01a20000-0000-7000-8000-000000000000"
"""An id that nobody has; the same in every worker, because it names tests."""

READS = ["/levels/village/records", "/levels/village/summary", "/receipts", f"/records/{CASE_RECORD}/{NOWHERE}"]


@pytest.mark.parametrize("query", READS)
async def test_needs_a_token_and_a_role_that_reads_records(site, api, query: str) -> None:
    assert (await api().get(query)).json()["code"] == "auth.token-missing"
    for role in (Role.ADMINISTRATOR, Role.CITIZEN):
        refused = await api(COUNTY, role).get(query)
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.role-required")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("/levels/street/records", 422, "request.validation-failed"),
        ("/levels/village/records?limit=0", 422, "request.validation-failed"),
        ("/levels/village/records?division=44", 422, "request.validation-failed"),
        ("/levels/village/records?division=440000001000", 400, "division.code-invalid"),
        ("/levels/village/records?cursor=nonsense", 400, "request.cursor-invalid"),
        ("/records/casework.case/not-a-uuid", 422, "request.validation-failed"),
        (f"/records/CASE/{NOWHERE}", 422, "request.validation-failed"),
        (f"/records/casework.case/{NOWHERE}?version=0", 422, "request.validation-failed"),
        (f"/records/casework.case/{NOWHERE}?version=99999999999", 422, "request.validation-failed"),
        (f"/records/casework.case/{NOWHERE}?version=2147483647", 404, "sync.record-not-found"),
        ("/receipts?outcome=maybe", 422, "request.validation-failed"),
    ],
)
async def test_wrong_questions_get_their_code(site, api, query: str, status: int, code: str) -> None:
    answer = await api(COUNTY).get(query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
