"""The window over HTTP, with real tokens and a real database."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from common.auth import Role
from common.ids import uuid7
from common.testing.persons import id_number_of, synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

CASES = "/casework/v1/cases"


async def registered(window, **changes: Any) -> dict[str, Any]:
    answer = await window.register(**changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def totals(window) -> tuple[int, int, int, int]:
    tables = ("cases", "outbox", "audit_entries", "idempotency_keys")
    counts = [await window.value(f"SELECT count(*) FROM {table}") for table in tables]
    return tuple(counts)


# --- the life of a case ------------------------------------------------------------------------------------------


async def test_a_case_is_registered_accepted_and_closed(window, world):
    made = await window.register()
    case = made.json()
    assert made.status_code == 201
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Location"] == f"{CASES}/{case['id']}"
    assert (case["status"], case["status_label"]) == ("registered", "已收件")
    assert (case["level"], case["item_name"], case["duty_label"]) == ("village", "求职登记", "就业服务")
    assert case["registered_at"].endswith("+08:00")

    accepted = await window.act(case["id"], "acceptance", version=1)
    assert (accepted.status_code, accepted.headers["ETag"]) == (200, '"2"')
    closed = await window.act(case["id"], "closure", {"result": "other"}, version=2)
    assert (closed.json()["status"], closed.json()["closing_result_label"]) == ("closed", "办结")

    read = await window.client.get(made.headers["Location"], headers=bearer(world.SUPERVISOR))
    assert read.json() == closed.json()
    assert read.headers["ETag"] == '"3"'


async def test_who_closed_a_case_is_told_by_its_account_and_by_nothing_else(window, world):
    """O1.4f: the pay of a station's staff is traced to the case by it."""
    case = await registered(window)
    await window.act(case["id"], "acceptance", version=1)
    await window.act(case["id"], "closure", {"result": "granted"}, version=2)
    told = [json.loads(data) for (data,) in await window.rows("SELECT data FROM outbox ORDER BY recordversion")]
    assert [state["handled_by"] for state in told] == [None, None, world.AGENT.subject]
    assert await window.value("SELECT handled_by FROM cases") == world.AGENT.subject
    assert world.AGENT.name not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("refusal", {"reason": "材料不属于受理范围"}, "refused"),
        ("withdrawal", {"reason": "申请人改期办理"}, "withdrawn"),
    ],
)
async def test_a_registered_case_ends_by_refusal_or_withdrawal_and_stays_ended(window, act, body, status):
    case = await registered(window)
    ended = await window.act(case["id"], act, body, version=1)
    assert (ended.json()["status"], ended.json()["reason"]) == (status, body["reason"])
    for later in ("acceptance", "refusal", "withdrawal"):
        again = await window.act(case["id"], later, None if later == "acceptance" else body, version=2)
        problem(again, 409, f"casework.case-already-{status}")


async def test_only_an_accepted_case_is_closed(window):
    case = await registered(window)
    problem(
        await window.act(case["id"], "closure", {"result": "granted"}, version=1), 409, "casework.case-not-accepted"
    )


async def test_an_organisation_applies_with_its_code(window, world):
    case = await registered(window, body_kind="organisation", item_code="B17", number=5)
    assert case["applicant"]["kind_label"] == "法人或其他组织"
    assert case["applicant"]["id_number"] is None
    assert case["applicant"]["uscc"].startswith("919***")


async def test_an_upper_office_registers_for_a_place_below(window, world):
    case = await registered(window, actor=world.CLERK, division=world.VILLAGE)
    assert case["division"] == world.VILLAGE


# --- versions ----------------------------------------------------------------------------------------------------


async def test_a_change_says_which_version_it_saw(window, world):
    case = await registered(window)
    address = f"{CASES}/{case['id']}/acceptance"
    headers = {**bearer(world.AGENT), "Idempotency-Key": "k-1"}
    problem(await window.client.post(address, headers=headers), 428, "request.if-match-required")
    problem(await window.client.post(address, headers={**headers, "If-Match": "1"}), 400, "request.if-match-invalid")
    stale = await window.client.post(address, headers={**headers, "If-Match": '"2"'})
    assert problem(stale, 412, "request.if-match-stale")["current_version"] == 1


async def test_of_two_closers_one_wins_and_the_other_hears_it(window, world):
    for _ in range(5):
        case = await registered(window)
        await window.act(case["id"], "acceptance", version=1)
        answers = await asyncio.gather(
            window.act(case["id"], "closure", {"result": "granted"}, version=2),
            window.act(case["id"], "closure", {"result": "other"}, version=2),
            window.act(case["id"], "withdrawal", {"reason": "申请人撤回申请"}, version=2),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        versions = await window.rows("SELECT recordversion FROM outbox WHERE subject = $1 ORDER BY id", case["id"])
        assert [row["recordversion"] for row in versions] == [1, 2, 3]
        keys = await window.value(
            "SELECT count(*) FROM idempotency_keys WHERE route LIKE '%closure' OR route LIKE '%withdrawal'"
        )
        assert keys == await window.value("SELECT count(*) FROM cases WHERE status IN ('closed', 'withdrawn')")


# --- keys --------------------------------------------------------------------------------------------------------


async def test_a_repeated_request_gives_the_first_answer_and_does_nothing(window):
    first = await window.register(key="same")
    before = await totals(window)
    again = await window.register(key="same")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], first.headers["ETag"])
    assert await totals(window) == before == (1, 1, 1, 1)


async def test_a_repeated_change_gives_the_first_answer_although_its_version_is_stale(window):
    case = await registered(window)
    first = await window.act(case["id"], "acceptance", version=1, key="same")
    before = await totals(window)
    again = await window.act(case["id"], "acceptance", version=1, key="same")
    assert (again.status_code, again.content) == (200, first.content)
    await window.act(case["id"], "closure", {"result": "granted"}, version=2)
    late = await window.act(case["id"], "acceptance", version=1, key="same")
    assert late.content == first.content
    assert before == (1, 2, 2, 2)


async def test_the_same_key_at_the_same_time_makes_one_case(window):
    answers = await asyncio.gather(*(window.register(key="same") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 7
    assert await totals(window) == (1, 1, 1, 1)


async def test_the_same_key_at_the_same_time_moves_a_case_once(window):
    case = await registered(window)
    answers = await asyncio.gather(*(window.act(case["id"], "acceptance", version=1, key="same") for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert await totals(window) == (1, 2, 2, 2)


async def test_a_key_belongs_to_one_request_and_to_one_person(window, world):
    await registered(window, key="same")
    problem(await window.register(key="same", number=2), 409, "request.idempotency-key-reused")
    assert (await window.register(key="same", actor=world.CLERK, number=3)).status_code == 201


async def test_what_is_kept_of_a_request_is_hashed_under_the_services_key(window, world):
    """ADR 0005: a body holds somebody's number; a bare hash of it could be tried out."""
    key = str(uuid7())
    await window.register(key=key)
    sent = b"POST /casework/v1/cases?\n" + httpx.Request("POST", "http://x", json=world.case_body()).content
    kept = await window.value("SELECT request_digest FROM idempotency_keys WHERE key = $1", key)
    assert bytes(kept) != hashlib.sha256(sent).digest()
    assert bytes(kept) == window.cipher.blind_index(
        hashlib.sha256(sent).hexdigest(), context="common.http.idempotency.request"
    )


async def test_a_refused_request_leaves_its_key_free(window, world):
    problem(await window.register(key="same", item_code="X99"), 422, "casework.item-unknown")
    assert await totals(window) == (0, 0, 0, 0)
    assert (await window.register(key="same")).status_code == 201


async def test_whoever_has_lost_the_role_gets_no_stored_answer(window, world):
    await registered(window, key="same", actor=make_actor(world.VILLAGE, Role.STATION_AGENT, subject="lin"))
    demoted = make_actor(world.VILLAGE, Role.STATISTICIAN, subject="lin")
    problem(await window.register(key="same", actor=demoted), 403, "auth.role-required")


async def test_a_creating_request_needs_a_key(window, world):
    answer = await window.client.post(CASES, json=world.case_body(), headers=bearer(world.AGENT))
    problem(answer, 428, "request.idempotency-key-required")


# --- who may -----------------------------------------------------------------------------------------------------


async def test_nobody_registers_outside_their_division(window, world):
    for actor, division in [
        (world.AGENT, world.NEIGHBOUR),
        (world.AGENT, world.TOWN),
        (world.STRANGER, world.VILLAGE),
        (world.CLERK, world.OTHER_VILLAGE),
    ]:
        problem(await window.register(actor=actor, division=division), 403, "auth.out-of-scope")
    assert await totals(window) == (0, 0, 0, 0)


async def test_a_case_outside_the_scope_does_not_exist(window, world):
    case = await registered(window)
    neighbour = make_actor(world.NEIGHBOUR, Role.STATION_AGENT)
    for actor in (neighbour, world.STRANGER):
        read = await window.client.get(f"{CASES}/{case['id']}", headers=bearer(actor))
        problem(read, 404, "casework.case-not-found")
        problem(await window.act(case["id"], "acceptance", version=1, actor=actor), 404, "casework.case-not-found")
        listed = await window.client.get(CASES, headers=bearer(actor))
        assert listed.json() == {"items": [], "next_cursor": None}
    unknown = await window.client.get(f"{CASES}/{uuid7()}", headers=bearer(world.AGENT))
    problem(unknown, 404, "casework.case-not-found")


async def test_roles_decide_who_writes_reads_searches_and_discloses(window, world):
    case = await registered(window)
    body = {"kind": "natural_person", "number": synthetic_person(1).id_number}
    expected = {
        Role.STATION_AGENT: (201, 200, 200, 403),
        Role.WINDOW_CLERK: (201, 200, 200, 200),
        Role.OFFICE_HEAD: (201, 200, 200, 200),
        Role.BUREAU_SUPERVISOR: (403, 200, 200, 403),
        Role.AUDITOR: (403, 200, 403, 403),
        Role.ADMINISTRATOR: (403, 403, 403, 403),
        Role.STATISTICIAN: (403, 403, 403, 403),
        Role.SYSTEM_CLIENT: (403, 403, 403, 403),
        Role.CITIZEN: (403, 403, 403, 403),
    }
    for role, statuses in expected.items():
        actor = make_actor(world.TOWN, role)
        headers = bearer(actor)
        write = await window.register(actor=actor)
        read = await window.client.get(f"{CASES}/{case['id']}", headers=headers)
        listed = await window.client.get(CASES, headers=headers)
        search = await window.client.post(f"{CASES}/search", json=body, headers=headers)
        disclosure = await window.client.post(
            f"{CASES}/{case['id']}/applicant-disclosures", json={"reason": "核对身份"}, headers=headers
        )
        got = (write.status_code, read.status_code, search.status_code, disclosure.status_code)
        assert (role, got) == (role, statuses)
        assert listed.status_code == read.status_code


async def test_without_a_token_there_are_no_cases(window, world):
    problem(await window.client.get(CASES), 401, "auth.token-missing")
    problem(await window.client.get(CASES, headers={"Authorization": "Bearer nonsense"}), 401, "auth.token-invalid")
    expired = bearer(world.AGENT, exp=1)
    problem(await window.client.get(CASES, headers=expired), 401, "auth.token-expired")


# --- what may be registered --------------------------------------------------------------------------------------


FORBIDDEN = [
    ({"division": "440305001099"}, "directory.division-unknown", None),
    ({"division": "440305001005"}, "directory.division-retired", None),
    ({"division": "440305001004"}, "directory.office-unknown", "O1.1d"),
    ({"division": "440305001003"}, "directory.office-not-operating", "O1.1d"),
    ({"item_code": "Z99"}, "casework.item-unknown", "O4.1b"),
    ({"item_code": "E02", "body_kind": "organisation"}, "casework.item-not-taken-at-level", "O1.1d"),
    ({"item_code": "E02", "division": "440305001000"}, "casework.applicant-kind-not-served", "O4.1b"),
    ({"applicant_id_number": "110105194912310020"}, "casework.id-number-invalid", None),
    ({"applicant_id_number": id_number_of(date(2999, 1, 1))}, "casework.id-number-invalid", None),
    ({"applicant_id_number": None}, "casework.applicant-invalid", None),
    ({"applicant_uscc": "91512081MA62K0260E"}, "casework.applicant-invalid", None),
    ({"applicant_kind": "organisation"}, "casework.applicant-invalid", None),
    ({"body_kind": "organisation", "applicant_uscc": "91310115MA1G4L1WXK"}, "casework.uscc-invalid", None),
    ({"applicant_phone": "12345678901"}, "casework.phone-invalid", None),
    ({"applicant_name": "12345678"}, "casework.name-invalid", None),
]


async def test_a_registration_that_a_rule_forbids_changes_nothing_and_repeats_nothing(window, world):
    for changes, code, clause in FORBIDDEN:
        body = problem(await window.register(actor=world.HEAD, **changes), 422, code)
        assert (code, body.get("clause")) == (code, clause)
        numbers = [
            value for name, value in changes.items() if name.startswith("applicant_") and name != "applicant_kind"
        ]
        assert not any(str(number) in str(body) for number in numbers)
    assert await totals(window) == (0, 0, 0, 0)


async def test_an_item_that_has_ended_or_not_begun_is_not_taken(window):
    await window.rows(
        "UPDATE item_versions SET effective_to = '2020-01-01', effective_from = '2012-01-01' WHERE code = 'E06'"
    )
    problem(await window.register(), 422, "casework.item-not-effective")
    await window.rows("UPDATE item_versions SET effective_to = NULL, effective_from = '2999-01-01' WHERE code = 'E06'")
    problem(await window.register(), 422, "casework.item-not-effective")


async def test_an_item_of_a_duty_that_is_no_longer_borne_is_not_taken(window):
    await window.rows("UPDATE duties SET effective_to = '2018-04-16' WHERE code = 'employment_services'")
    assert problem(await window.register(), 422, "casework.duty-not-in-force")["clause"] == "O1.1a"


MALFORMED = [
    {"division": "44030500100"}, {"division": 440305001001}, {"division": None}, {"item_code": ""},
    {"item_code": "B01'; --"}, {"item_code": False}, {"applicant": None}, {"applicant_kind": "alien"},
    {"applicant_name": ""}, {"applicant_name": "张" * 101}, {"applicant_name": ["张三"]}, {"due_on": "2026-12-01"},
    {"applicant_birthday": "1990-01-01"}, {"applicant_name": "\x00张"}, {"applicant_phone": 15400000001},
]  # fmt: skip


async def test_a_malformed_registration_is_told_where_and_nothing_is_repeated(window):
    for changes in MALFORMED:
        body = problem(await window.register(**changes), 422, "request.validation-failed")
        assert body["errors"], changes
        assert "张" not in str(body)
    assert await totals(window) == (0, 0, 0, 0)


async def test_a_division_that_is_no_code_is_malformed(window, world):
    actor = make_actor(world.PROVINCE, Role.OFFICE_HEAD)
    problem(await window.register(actor=actor, division="440300000001"), 400, "division.code-invalid")


async def test_a_reason_with_somebodys_number_is_refused_and_not_kept(window):
    case = await registered(window)
    body = {"reason": f"与{synthetic_person(4).phone}联系未果"}
    for act in ("refusal", "withdrawal"):
        problem(await window.act(case["id"], act, body, version=1), 422, "casework.reason-holds-personal-data")
    assert await totals(window) == (1, 1, 1, 1)


# --- lists, search, disclosure -----------------------------------------------------------------------------------


async def pages(window, actor, **query: Any) -> AsyncIterator[dict[str, Any]]:
    cursor = None
    while True:
        params = {**query, **({"cursor": cursor} if cursor else {})}
        page = (await window.client.get(CASES, params=params, headers=bearer(actor))).json()
        for item in page["items"]:
            yield item
        cursor = page["next_cursor"]
        if cursor is None:
            return


async def test_a_list_pages_through_every_case_of_the_scope_once_in_both_directions(window, world):
    ids = [(await registered(window, number=number))["id"] for number in range(7)]
    ids += [(await registered(window, number=9, actor=world.CLERK, division=world.NEIGHBOUR))["id"]]
    far = make_actor(world.OTHER_VILLAGE, Role.STATION_AGENT)
    await registered(window, actor=far, division=world.OTHER_VILLAGE)
    newest = [case["id"] async for case in pages(window, world.CLERK, limit=3)]
    oldest = [case["id"] async for case in pages(window, world.CLERK, limit=3, sort="registered_at")]
    assert newest == list(reversed(ids))
    assert oldest == ids
    assert len([case async for case in pages(window, world.SUPERVISOR, limit=200)]) == 9


async def test_a_list_is_narrowed_by_status_item_and_place_but_never_widened(window, world):
    first, second = await registered(window), await registered(window, item_code="E01", number=2)
    await window.act(first["id"], "acceptance", version=1)
    far = make_actor(world.OTHER_VILLAGE, Role.STATION_AGENT)
    other = await registered(window, actor=far, division=world.OTHER_VILLAGE)

    async def ids(actor, **query: Any) -> set[str]:
        return {case["id"] async for case in pages(window, actor, **query)}

    assert await ids(world.SUPERVISOR, status="accepted") == {first["id"]}
    assert await ids(world.SUPERVISOR, status="registered") == {second["id"], other["id"]}
    assert await ids(world.SUPERVISOR, item_code="E01") == {second["id"]}
    assert await ids(world.SUPERVISOR, division=world.OTHER_COUNTY) == {other["id"]}
    assert await ids(world.AGENT, division=world.OTHER_COUNTY) == set()
    assert await ids(world.AGENT, division=world.PROVINCE) == {first["id"], second["id"]}


async def test_a_cursor_of_another_list_is_refused(window, world):
    for number in range(2):
        await registered(window, number=number)
    headers = bearer(world.AGENT)
    cursor = (await window.client.get(CASES, params={"limit": 1}, headers=headers)).json()["next_cursor"]
    for query in ({"cursor": cursor, "status": "closed"}, {"cursor": "nonsense"}, {"cursor": cursor[:-2]}):
        problem(await window.client.get(CASES, params=query, headers=headers), 400, "request.cursor-invalid")


async def test_unknown_sorts_and_filters_are_refused(window, world):
    for query in ({"sort": "applicant_name"}, {"status": "lost"}, {"limit": 0}, {"limit": 201}, {"division": "4403"}):
        answer = await window.client.get(CASES, params=query, headers=bearer(world.AGENT))
        problem(answer, 422, "request.validation-failed")


async def test_a_search_by_number_finds_the_applicants_cases_within_the_scope_and_is_audited(window, world):
    mine = [(await registered(window, number=1))["id"] for _ in range(3)]
    await registered(window, number=2)
    far = make_actor(world.OTHER_VILLAGE, Role.STATION_AGENT)
    elsewhere = await registered(window, number=1, actor=far, division=world.OTHER_VILLAGE)
    number = synthetic_person(1).id_number
    body = {"kind": "natural_person", "number": f" {number.lower()} "}

    first = await window.client.post(f"{CASES}/search", params={"limit": 2}, json=body, headers=bearer(world.CLERK))
    rest = {"limit": 2, "cursor": first.json()["next_cursor"]}
    second = await window.client.post(f"{CASES}/search", params=rest, json=body, headers=bearer(world.CLERK))
    found = [case["id"] for page in (first, second) for case in page.json()["items"]]
    assert found == list(reversed(mine))
    assert number not in first.text + second.text

    above = await window.client.post(f"{CASES}/search", json=body, headers=bearer(world.SUPERVISOR))
    assert elsewhere["id"] in {case["id"] for case in above.json()["items"]}

    acts = await window.rows("SELECT * FROM audit_entries WHERE action = 'casework.case.search'")
    assert len(acts) == 3
    assert len({act["object_id"] for act in acts}) == 1
    assert number not in str([dict(act) for act in acts])


async def test_a_search_for_a_wrong_number_says_so(window, world):
    body = {"kind": "natural_person", "number": "110105194912310020"}
    answer = await window.client.post(f"{CASES}/search", json=body, headers=bearer(world.CLERK))
    problem(answer, 422, "casework.id-number-invalid")


async def test_the_applicant_is_seen_in_clear_only_by_an_audited_act_with_a_reason(window, world):
    case, somebody = await registered(window, number=1), synthetic_person(1)
    address = f"{CASES}/{case['id']}/applicant-disclosures"
    answer = await window.client.post(address, json={"reason": "核对补正材料"}, headers=bearer(world.HEAD))
    assert answer.json() == {
        "kind": "natural_person",
        "kind_label": "自然人",
        "name": somebody.name,
        "id_number": somebody.id_number,
        "uscc": None,
        "phone": somebody.phone,
    }
    assert answer.headers["cache-control"] == "no-store"
    act = (await window.rows("SELECT * FROM audit_entries WHERE action = 'casework.applicant.disclose'"))[0]
    assert (act["actor"], act["reason"], act["object_id"]) == (world.HEAD.subject, "核对补正材料", case["id"])
    assert (act["division"], act["trace_id"]) == (world.VILLAGE, answer.headers["x-trace-id"])

    problem(await window.client.post(address, json={}, headers=bearer(world.HEAD)), 422, "request.validation-failed")
    stranger = await window.client.post(address, json={"reason": "核对身份"}, headers=bearer(world.STRANGER))
    problem(stranger, 404, "casework.case-not-found")
    assert await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.applicant.disclose'") == 1


# --- the caller goes away ----------------------------------------------------------------------------------------


async def test_a_caller_who_goes_away_leaves_a_whole_case_or_none_and_no_connection(window, world):
    pauses = [0.0, 0.001, 0.002, 0.004, 0.006, 0.008, 0.012, 0.02, 10.0]
    for number, pause in enumerate(pauses * 3):
        request = asyncio.ensure_future(window.register(key=f"away-{number}", number=number))
        await asyncio.wait({request}, timeout=pause)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
    async with asyncio.timeout(10):
        while window.context.db.lent:
            await asyncio.sleep(0.01)
    cases, events, entries, keys = await totals(window)
    assert cases == events == entries == keys
    assert cases > 0

    for number in range(len(pauses) * 3):
        assert (await window.register(key=f"away-{number}", number=number)).status_code == 201
    assert (await totals(window))[0] == len(pauses) * 3
