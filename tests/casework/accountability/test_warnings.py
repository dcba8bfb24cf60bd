"""Warnings as records: raised once under concurrent workers, lifted when the reason ends, read by those concerned."""

import asyncio
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.accountability.service import cases as bridge
from casework.accountability.service import look_at_page
from casework.cases.errors import CaseNotFound
from common.auth import Role
from common.clock import now
from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseFile, ClockEntry, HolderState, Limit, OfferState
from common.contracts.casework.complaints import ComplaintState
from common.contracts.casework.ratings import RectificationState
from common.divisions import Level
from common.records.service import store_record
from common.testing.problems import problem
from common.testing.tokens import make_actor

TOWN, VILLAGE = "440305001000", "440305001001"
OFFICE = UUID(int=1005)
MONDAY = datetime.fromisoformat("2026-09-07T10:00:00+08:00")
RULE = {
    "effective_from": "2026-09-08", "threshold": 3, "unit": "working_days", "colour": "red",
    "document": "粤府办〔2011〕65号", "mark": "K", "reason": "按全省统一要求调整",
}  # fmt: skip


def a_case(case_id: UUID, *, days: int = 5, status: str = "accepted", **changes: Any) -> CaseState:
    started = ClockEntry(
        at=MONDAY,
        fact="started",
        clock="handling",
        from_on=MONDAY.date(),
        promised=Limit(value=days, unit="working_days"),
    )
    holders = (HolderState(account=changes.pop("holder", "agent-1"), division=VILLAGE, since=MONDAY),)
    return CaseState(
        id=case_id, version=1, division=VILLAGE, level=Level.VILLAGE, office_id=OFFICE, item_code="B01",
        duty="social_insurance", applicant_kind="natural_person", status=status, stage="undertaking",
        registered_at=MONDAY, due_on=date(2026, 9, 14), file=CaseFile(ledger=(started,), holders=holders), **changes,
    )  # fmt: skip


@pytest.fixture
def known(monkeypatch):
    """Cases as another feature would tell them."""
    states: dict[UUID, CaseState] = {}

    async def get_case_state(_, case_id, actor=None):
        state = states.get(case_id)
        if state is None or (actor is not None and not VILLAGE.startswith(actor.division.rstrip("0"))):
            raise CaseNotFound
        return state

    async def cases_after(_, after, *, limit):
        return [one for one in sorted(states) if after is None or one > after][:limit]

    monkeypatch.setattr(bridge, "get_case_state", get_case_state)
    monkeypatch.setattr(bridge, "state_of", lambda state: state)
    monkeypatch.setattr("casework.accountability.service.running.cases_after", cases_after)
    return states


@pytest.fixture
def put(known):
    """Makes a case known."""

    def add(number: int = 1, **changes: Any) -> UUID:
        case_id = UUID(int=number)
        known[case_id] = a_case(case_id, **changes)
        return case_id

    return add


async def run(desk, day: str, *, limit: int = 100) -> int:
    """The day's look at everything by one worker; how many pages it took."""
    pages = 0
    while True:
        async with desk.window.context.uow() as uow:
            pages += 1
            if not await look_at_page(uow, on=date.fromisoformat(day), limit=limit):
                return pages


async def warnings(desk) -> list[tuple[str, str, int]]:
    rows = await desk.window.rows("SELECT state FROM records WHERE record = 'casework.warning' ORDER BY id")
    states = [json.loads(row["state"]) for row in rows]
    return sorted((state["rule_number"], state["status"], state["version"]) for state in states)


# --- the day's run -----------------------------------------------------------------------------------------------


async def test_warnings_come_and_go_with_their_reasons(desk, put, known, clock):
    """O4.3c: reminder, last day, yellow, red; each raised once and lifted when the next one stands."""
    put()
    for day, expected in (
        ("2026-09-10", []),
        ("2026-09-11", [("JC-101", "raised", 1)]),
        ("2026-09-14", [("JC-101", "lifted", 2), ("JC-102", "raised", 1)]),
        ("2026-09-15", [("JC-101", "lifted", 2), ("JC-102", "lifted", 2), ("JC-201", "raised", 1)]),
    ):
        clock.move_to(f"{day}T09:00:00+08:00")
        await run(desk, day)
        assert await warnings(desk) == expected
    known[UUID(int=1)] = a_case(UUID(int=1), status="closed")
    clock.move_to("2026-09-16T09:00:00+08:00")
    await run(desk, "2026-09-16")
    assert {status for _, status, _ in await warnings(desk)} == {"lifted"}


async def test_nothing_is_done_on_a_rest_day_nor_twice_on_a_working_day(desk, put, clock):
    """O4.3c: once per working day; 20 September 2026 is a Sunday that is worked."""
    put()
    clock.move_to("2026-09-19T09:00:00+08:00")
    assert await run(desk, "2026-09-19") == 1
    assert await warnings(desk) == []
    clock.move_to("2026-09-20T09:00:00+08:00")
    await run(desk, "2026-09-20")
    before = await desk.counts()
    assert len(await warnings(desk)) == 1
    assert await run(desk, "2026-09-20") == 1
    assert await desk.counts() == before


async def test_two_workers_at_once_raise_each_warning_once(desk, put, clock):
    """O4.3c: never twice under concurrent workers; small pages, so that they meet often."""
    for number in range(1, 31):
        put(number)
    clock.move_to("2026-09-15T09:00:00+08:00")
    await asyncio.gather(*(run(desk, "2026-09-15", limit=3) for _ in range(3)))
    while await run(desk, "2026-09-15", limit=3) > 1:
        pass
    assert await warnings(desk) == [("JC-201", "raised", 1)] * 30
    events = "SELECT count(*), count(DISTINCT subject) FROM outbox WHERE type = 'casework.warning.changed.v1'"
    assert tuple((await desk.window.rows(events))[0]) == (30, 30)


async def test_two_looks_at_one_case_at_once_raise_its_warning_once(desk, people, put, clock):
    case_id = put()
    clock.move_to("2026-09-15T09:00:00+08:00")
    looks = await asyncio.gather(*(desk.post(people.agent, f"/cases/{case_id}/look") for _ in range(4)))
    assert {look.status_code for look in looks} == {200}
    assert len({look.json()[0]["id"] for look in looks}) == 1
    assert await warnings(desk) == [("JC-201", "raised", 1)]


async def test_a_page_that_fails_is_done_again_and_a_thing_that_makes_no_sense_stops_nothing(
    desk, put, clock, monkeypatch
):
    put(1)
    put(2)
    clock.move_to("2026-09-15T09:00:00+08:00")
    real = bridge.get_case_state

    async def broken(conn, case_id, actor=None):
        if case_id == UUID(int=1):
            raise ConnectionError
        return await real(conn, case_id, actor=actor)

    monkeypatch.setattr(bridge, "get_case_state", broken)
    with pytest.raises(ConnectionError):
        await run(desk, "2026-09-15")
    monkeypatch.setattr(bridge, "get_case_state", real)
    await run(desk, "2026-09-15")
    assert len(await warnings(desk)) == 2


async def test_a_warning_whose_reason_comes_back_is_raised_again_as_the_same(desk, people, put, known, clock):
    case_id = put()
    clock.move_to("2026-09-15T09:00:00+08:00")
    await desk.post(people.agent, f"/cases/{case_id}/look")
    known[case_id] = a_case(case_id, status="closed")
    assert (await desk.post(people.agent, f"/cases/{case_id}/look")).json() == []
    known[case_id] = a_case(case_id)
    (again,) = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    assert (again["status"], again["version"], again["lifted_at"]) == ("raised", 3, None)


def complaint(**changes: Any) -> ComplaintState:
    values = {
        "id": uuid4(), "version": 1, "division": TOWN, "level": Level.TOWN, "office_id": OFFICE, "changed_at": now(),
        "number": "TS-1", "kind": "complaint", "subject": "delay", "round": 1, "status": "handling",
        "holder": "clerk-2", "is_anonymous": True, "filed_at": now(), "due_on": date(2026, 9, 14), **changes,
    }  # fmt: skip
    return ComplaintState(**values)


def rectification(**changes: Any) -> RectificationState:
    values = {
        "id": uuid4(), "version": 1, "division": TOWN, "level": Level.TOWN, "office_id": OFFICE, "changed_at": now(),
        "rating_id": uuid4(), "case_id": uuid4(), "item_code": "B01", "duty": "social_insurance",
        "rating": "dissatisfied", "rated_accounts": ("clerk-1",), "status": "open", "opened_at": now(),
        "due_on": date(2026, 9, 14), **changes,
    }  # fmt: skip
    return RectificationState(**values)


async def stored(desk, state):
    async with desk.window.context.uow() as uow:
        return await store_record(uow, state, previous=None, action="test.store")


async def test_complaints_and_rectifications_are_warned_of_while_they_are_open(desk, people, known, clock):
    """O4.3f: their own clocks are watched too."""
    await stored(desk, complaint())
    await stored(desk, rectification())
    await stored(desk, complaint(status="closed", number="TS-2"))
    await stored(desk, rectification(status="closed"))
    clock.move_to("2026-09-15T09:00:00+08:00")
    await run(desk, "2026-09-15")
    assert await warnings(desk) == [("JC-201", "raised", 1)] * 2
    listed = (await desk.get(people.head, "/warnings")).json()["items"]
    assert {one["subject_label"] for one in listed} == {"投诉举报", "差评整改"}
    assert {one["case_id"] for one in listed} == {None}


# --- what a warning tells, and whom ------------------------------------------------------------------------------


async def test_a_warning_tells_the_members_of_table_11(desk, people, put, clock):
    """standards.md §4 (表11); addressed to the holder at the time."""
    case_id = put()
    clock.move_to("2026-09-21T09:00:00+08:00")
    (told,) = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    assert (told["rule_number"], told["kind_label"], told["colour_label"]) == ("JC-202", "超期", "红牌")
    assert (told["holder"], told["division"], told["office_id"]) == ("agent-1", VILLAGE, str(OFFICE))
    assert told["number"].startswith("20260921")
    assert len(told["number"]) == 20
    assert (told["content"], told["finding"]) == (
        "办理时限2026-09-14已过，请立即办理并说明原因。", "已超期6个工作日",
    )  # fmt: skip
    read = await desk.get(people.head, f"/warnings/{told['id']}")
    assert {**read.json(), "changed_at": None} == {**told, "changed_at": None}
    assert read.headers["ETag"] == '"1"'


async def test_warnings_are_read_by_their_holder_the_head_and_supervisors_above(desk, people, put, clock):
    put(1)
    put(2, holder="agent-2")
    clock.move_to("2026-09-21T09:00:00+08:00")
    await run(desk, "2026-09-21")

    async def seen(actor, **params: Any) -> list[str]:
        answer = await desk.get(actor, "/warnings", **params)
        return sorted(one["holder"] for one in answer.json()["items"])

    both = ["agent-1", "agent-2"]
    assert await seen(people.agent) == ["agent-1"]
    assert await seen(people.agent, person="agent-2") == ["agent-1"]
    for who in ("head", "county", "city", "auditor"):
        assert await seen(getattr(people, who)) == both
    assert await seen(people.colleague) == []
    assert await seen(people.other_county) == []
    assert await seen(people.city, person="agent-2") == ["agent-2"]
    assert await seen(people.city, colour="yellow") == []
    assert await seen(people.city, colour="red", status="raised", office_id=str(OFFICE)) == both
    assert await seen(people.city, office_id=str(UUID(int=4))) == []
    assert await seen(people.city, division="440306000000") == []
    assert await seen(people.city, case_id=str(UUID(int=2))) == ["agent-2"]
    for who in ("administrator", "statistician"):
        problem(await desk.get(getattr(people, who), "/warnings"), 403, "auth.role-required")
    pages = await desk.get(people.city, "/warnings", limit=1)
    second = await desk.get(people.city, "/warnings", limit=1, cursor=pages.json()["next_cursor"])
    assert [one["holder"] for one in pages.json()["items"] + second.json()["items"]] != []
    assert second.json()["next_cursor"] is None


async def test_a_foreign_warning_is_as_if_it_were_not_there(desk, people, put, clock):
    case_id = put()
    clock.move_to("2026-09-21T09:00:00+08:00")
    (told,) = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    for who in ("other_county", "colleague"):
        answer = await desk.get(getattr(people, who), f"/warnings/{told['id']}")
        problem(answer, 404, "record.not-found")
        answer = await desk.post(getattr(people, who), f"/cases/{uuid4()}/look")
        problem(answer, 404, "casework.case-not-found")
    problem(await desk.post(people.auditor, f"/cases/{case_id}/look"), 403, "auth.role-required")


async def test_whose_time_a_case_took_is_told_with_its_reasons(desk, people, put, clock):
    """O4.3c: the parts add up, and each stretch is explained in Chinese."""
    case_id = put()
    clock.move_to("2026-09-16T09:00:00+08:00")
    (told,) = (await desk.get(people.agent, f"/cases/{case_id}/attribution")).json()
    assert (told["elapsed"], told["overdue"], told["clock_label"]) == (7, 2, "办理时限")
    assert sum(part["days"] for part in told["parts"]) == told["elapsed"]
    assert told["explanation"][-1].startswith("按环节分摊：承办2个工作日")
    problem(await desk.get(people.agent, f"/cases/{uuid4()}/attribution"), 404, "casework.case-not-found")
    problem(await desk.get(people.administrator, f"/cases/{case_id}/attribution"), 403, "auth.role-required")


async def test_an_offer_to_what_is_ones_own_office_by_now_is_no_other_departments_time(desk, people, put, known, clock):
    """O4.3b, ADR 0014: the offer names the code of before the merger, the holder the code that took over."""
    case_id = put()
    path, state = f"/cases/{case_id}/attribution", known[case_id]
    offer = OfferState(purpose="handover", division=TOWN, account=None, offered_at=MONDAY, by="agent-1")
    known[case_id] = state.model_copy(update={"file": state.file.model_copy(update={"offer": offer})})
    clock.move_to("2026-09-10T09:00:00+08:00")
    (told,) = (await desk.get(people.agent, path)).json()
    assert [part["kind"] for part in told["parts"]] == ["other_department"]
    await desk.window.rows("INSERT INTO directory_heirs VALUES ($1, $2)", TOWN, VILLAGE)
    (told,) = (await desk.get(people.agent, path)).json()
    assert [part["kind"] for part in told["parts"]] == ["holder"]


# --- what a proceeding may rest on -------------------------------------------------------------------------------


async def test_a_red_warning_of_the_person_bears_a_proceeding_and_a_yellow_one_does_not(desk, people, put, clock):
    """O4.3d."""
    case_id = put()
    clock.move_to("2026-09-15T09:00:00+08:00")
    (yellow,) = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    body = {
        "source": "warning", "source_id": yellow["id"], "person": "agent-1", "division": VILLAGE, "grounds": "超期未办",
    }  # fmt: skip
    unfit = (422, "casework.accountability.source-unfit", "O4.3d")
    problem(await desk.post(people.head, "/proceedings", body), *unfit)
    clock.move_to("2026-09-22T09:00:00+08:00")
    looked = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    (red,) = (one for one in looked if one["colour"] == "red")
    body["source_id"] = red["id"]
    for changes in ({"person": "agent-2"}, {"division": TOWN}):
        problem(await desk.post(people.head, "/proceedings", {**body, **changes}), *unfit)
    opened = await desk.post(people.head, "/proceedings", body)
    assert (opened.status_code, opened.json()["case_id"]) == (201, str(case_id))
    again = await desk.post(people.county, "/proceedings", body)
    problem(again, 409, "casework.accountability.already-opened")


async def test_a_complaint_or_rectification_that_was_found_true_bears_one_and_its_handler_does_not_decide(
    desk, people, clock
):
    """O4.3d, O4.3f."""
    unfit = (422, "casework.accountability.source-unfit", "O4.3d")
    base = {"person": "clerk-1", "division": TOWN, "grounds": "经查属实"}

    async def opened(source: str, state, **changes: Any):
        body = {**base, "source": source, "source_id": str(state.id), **changes}
        return await desk.post(people.head, "/proceedings", body)

    false = await stored(desk, complaint(finding="unsubstantiated", status="closed"))
    problem(await opened("complaint", false), *unfit)
    true = complaint(
        finding="substantiated", status="closed", accused_account="clerk-1", holder="county-1", case_id=uuid4()
    )
    true = await stored(desk, true)
    problem(await opened("complaint", true, person="clerk-2"), *unfit)
    first = complaint(finding="substantiated", status="closed", number="TS-3", holder="county-1")
    for number, finding in (("TS-4", "unsubstantiated"), ("TS-5", None)):
        again = await stored(desk, complaint(finding=finding, number=number, round=2, holder="city-1"))
        told = await stored(desk, first.model_copy(update={"id": uuid4(), "appeal_id": again.id}))
        problem(await opened("complaint", told), *unfit)
    held = (await opened("complaint", true)).json()
    assert held["case_id"] is None
    clock.move_to("2026-09-15T09:00:00+08:00")
    decision = {"kind": "reminder_talk", "reason": "属实"}
    refused = await desk.post(people.county, f"/proceedings/{held['id']}/decision", decision, version=1)
    problem(refused, 403, "casework.accountability.concerned-themselves", "O4.3d")
    allowed = await desk.post(people.county_two, f"/proceedings/{held['id']}/decision", decision, version=1)
    assert allowed.status_code == 200

    other = await stored(desk, rectification(finding="substantiated"))
    problem(await opened("rectification", other, person="clerk-9"), *unfit)
    problem(await opened("rectification", await stored(desk, rectification())), *unfit)
    last = await opened("rectification", other)
    assert (last.status_code, last.json()["case_id"]) == (201, None)


async def test_a_decision_that_nobody_appealed_against_becomes_final_and_is_entered_once(desk, people, known, clock):
    """O4.3d, O4.3g: by the day's run, after the last day for the appeal."""
    body = {"source": "finding", "person": "clerk-1", "division": TOWN, "grounds": "检查发现"}
    held = (await desk.post(people.head, "/proceedings", body)).json()
    clock.move_to("2026-09-15T09:00:00+08:00")
    decision = {"kind": "circulated_criticism", "reason": "属实"}
    held = (await desk.post(people.county, f"/proceedings/{held['id']}/decision", decision, version=1)).json()
    assert held["appeal_due_on"] == "2026-10-15"
    clock.move_to("2026-10-15T23:00:00+08:00")
    await run(desk, "2026-10-15")
    assert (await desk.get(people.head, f"/proceedings/{held['id']}")).json()["status"] == "decided"
    clock.move_to("2026-10-16T00:30:00+08:00")
    await asyncio.gather(run(desk, "2026-10-16"), run(desk, "2026-10-16"))
    told = (await desk.get(people.person, f"/proceedings/{held['id']}")).json()
    assert (told["status"], told["standing_kind"]) == ("final", "circulated_criticism")
    (entry,) = (await desk.get(people.person, "/ledger")).json()["items"]
    assert (entry["id"], entry["points"], entry["quarter"]) == (told["ledger_entry_id"], -5, 4)
    late = await desk.post(
        people.person, f"/proceedings/{held['id']}/appeal", {"grounds": "请求复核"}, version=told["version"]
    )
    problem(late, 409, "casework.accountability.appeal-not-open")


async def test_of_the_days_run_and_a_last_minute_appeal_one_wins(desk, people, known, clock):
    body = {"source": "finding", "person": "clerk-1", "division": TOWN, "grounds": "检查发现"}
    held = (await desk.post(people.head, "/proceedings", body)).json()
    clock.move_to("2026-09-15T09:00:00+08:00")
    decision = {"kind": "circulated_criticism", "reason": "属实"}
    held = (await desk.post(people.county, f"/proceedings/{held['id']}/decision", decision, version=1)).json()
    clock.move_to("2026-10-15T23:59:59+08:00")
    appeal = {"grounds": "请求复核"}
    answer, _ = await asyncio.gather(
        desk.post(people.person, f"/proceedings/{held['id']}/appeal", appeal, version=held["version"]),
        run(desk, "2026-10-15"),
    )
    assert answer.status_code == 200
    clock.move_to("2026-10-16T09:00:00+08:00")
    await run(desk, "2026-10-16")
    assert (await desk.get(people.head, f"/proceedings/{held['id']}")).json()["status"] == "appealed"


# --- rules over HTTP ---------------------------------------------------------------------------------------------


async def test_the_rules_are_public_with_how_sure_each_is(desk):
    """O4.3e."""
    rules = (await desk.get(None, "/rules")).json()
    assert [rule["number"] for rule in rules] == sorted(rule["number"] for rule in rules)
    assert rules[0]["current"]["mark_label"] == "二手、外省或转载页面"
    assert all(rule["version"] == 1 and rule["current"]["to_confirm"] for rule in rules)


async def test_the_province_changes_a_rule_from_tomorrow_by_version(desk, people, put, clock):
    """O4.3c: rules are data; yesterday's warnings stay explainable."""
    changed = await desk.post(people.administrator, "/rules/JC-202/periods", RULE, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert [one["threshold"] for one in changed.json()["periods"]] == [5, 3]
    stale = await desk.post(people.administrator, "/rules/JC-202/periods", RULE, version=1)
    problem(stale, 412, "request.if-match-stale")
    case_id = put()
    clock.move_to("2026-09-17T09:00:00+08:00")
    (told,) = (await desk.post(people.agent, f"/cases/{case_id}/look")).json()
    assert told["rule_number"] == "JC-202"


async def test_of_two_first_changes_at_once_one_wins(desk, people):
    answers = await asyncio.gather(
        *(desk.post(people.administrator, "/rules/JC-202/periods", RULE, version=1) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    states = "SELECT count(*), max(version) FROM records WHERE record = 'casework.warning-rule'"
    assert tuple((await desk.window.rows(states))[0]) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "version", "status", "code"),
    [
        ({"effective_from": "2026-09-07"}, 1, 422, "casework.accountability.rule-period-too-early"),
        ({"unit": "times"}, 1, 422, "casework.accountability.rule-threshold-unfit"),
        ({"threshold": 0}, 1, 422, "casework.accountability.rule-threshold-unfit"),
        ({"threshold": -1}, 1, 422, "request.validation-failed"),
        ({"colour": "blue"}, 1, 422, "request.validation-failed"),
        ({"reason": None}, 1, 422, "request.validation-failed"),
        ({}, 2, 412, "request.if-match-stale"),
    ],
)
async def test_what_is_no_change_of_a_rule_is_refused_and_writes_nothing(desk, people, changes, version, status, code):
    before = await desk.counts()
    answer = await desk.post(people.administrator, "/rules/JC-202/periods", {**RULE, **changes}, version=version)
    problem(answer, status, code)
    assert await desk.counts() == before


async def test_rules_are_the_provinces_administrators(desk, people):
    before = await desk.counts()
    for who, code in (
        ("city_administrator", "casework.accountability.province-only"),
        ("city", "auth.role-required"),
        ("head", "auth.role-required"),
        ("auditor", "auth.role-required"),
    ):
        answer = await desk.post(getattr(people, who), "/rules/JC-202/periods", RULE, version=1)
        problem(answer, 403, code)
    unknown = await desk.post(people.administrator, "/rules/JC-999/periods", RULE, version=1)
    problem(unknown, 404, "casework.accountability.rule-unknown")
    citizen = make_actor(VILLAGE, Role.CITIZEN, subject="citizen")
    problem(await desk.get(citizen, "/warnings"), 403, "auth.role-required")
    assert await desk.counts() == before
