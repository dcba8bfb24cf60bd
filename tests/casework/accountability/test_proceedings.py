"""Accountability of a person: heard first, decided by somebody else, appealed once, entered in the ledger."""

import asyncio
import json
from typing import Any

import pytest

from common.testing.persons import synthetic_person
from common.testing.problems import problem

OPENING = {"source": "finding", "person": "clerk-1", "division": "440305001000", "grounds": "检查发现超期未办"}
STATEMENT = {"statement": "当日系统停机，已登记说明。"}
DECISION = {"kind": "written_review", "reason": "超期属实，责令书面检查"}
APPEAL = {"grounds": "停机不是本人原因，请求复核。"}


async def opened(desk, people, **changes: Any) -> dict[str, Any]:
    answer = await desk.post(people.head, "/proceedings", {**OPENING, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def step(desk, actor, held, act, body, status=200) -> dict[str, Any]:
    answer = await desk.post(actor, f"/proceedings/{held['id']}/{act}", body, version=held["version"])
    assert answer.status_code == status, answer.text
    return answer.json()


async def decided(desk, people) -> dict[str, Any]:
    stated = await step(desk, people.person, await opened(desk, people), "statement", STATEMENT)
    return await step(desk, people.county, stated, "decision", DECISION)


# --- the chain ---------------------------------------------------------------------------------------------------


async def test_the_whole_chain_ends_in_the_ledger(desk, people):
    """O4.3d: opened → statement → decision → appeal → outcome; O4.3g: what stands is entered."""
    held = await opened(desk, people)
    assert (held["status"], held["statement_due_on"], held["due_on"]) == (
        "awaiting_statement", "2026-09-14", "2026-09-14",
    )  # fmt: skip
    held = await step(desk, people.person, held, "statement", STATEMENT)
    assert (held["status"], held["due_on"]) == ("awaiting_decision", "2026-10-10")
    held = await step(desk, people.county, held, "decision", DECISION)
    assert (held["status"], held["decision"]["kind_label"], held["appeal_due_on"]) == (
        "decided", "书面检查", "2026-10-08",
    )  # fmt: skip
    assert held["appeal_division"] == "440300000000"
    held = await step(desk, people.person, held, "appeal", APPEAL)
    assert held["status_label"] == "申诉中"
    outcome = {"result": "changed", "kind": "reminder_talk", "reason": "停机属实，减轻处理"}
    held = await step(desk, people.city, held, "outcome", outcome)
    assert (held["status"], held["standing_kind_label"]) == ("final", "提醒谈话")

    entry = (await desk.get(people.person, f"/ledger/{held['ledger_entry_id']}")).json()
    assert (entry["points"], entry["source_label"], entry["person"]) == (-1, "责任追究", "clerk-1")
    events = await desk.window.rows(
        "SELECT recordversion FROM outbox WHERE type = 'casework.proceeding.changed.v1' ORDER BY id"
    )
    assert [row[0] for row in events] == [1, 2, 3, 4, 5]


async def test_what_the_person_wrote_is_sealed_and_shown_as_an_audited_act(desk, people):
    """O4.3d; standards.md §9: it stands in no event, no state and no audit."""
    held = await decided(desk, people)
    held = await step(desk, people.person, held, "appeal", APPEAL)
    assert "停机" not in json.dumps(held, ensure_ascii=False)
    for table, column in (("outbox", "data"), ("records", "state")):
        for row in await desk.window.rows(f"SELECT {column}::text FROM {table} WHERE {column} IS NOT NULL"):
            assert "停机" not in str(row[0])
    texts = await desk.post(people.city, f"/proceedings/{held['id']}/disclosures", {"reason": "审理申诉"})
    assert texts.json() == {"statement": STATEMENT["statement"], "appeal": APPEAL["grounds"]}
    audited = "SELECT count(*) FROM audit_entries WHERE action = 'casework.proceeding.disclose' AND reason = '审理申诉'"
    assert await desk.window.value(audited) == 1
    problem(
        await desk.post(people.colleague, f"/proceedings/{held['id']}/disclosures", {"reason": "好奇"}),
        404, "record.not-found",
    )  # fmt: skip


async def test_nobody_is_judged_before_they_were_heard_or_the_time_for_it_is_over(desk, people, clock):
    """O4.3d: a decision before the statement, or before its time is over, is refused."""
    held = await opened(desk, people)
    path = f"/proceedings/{held['id']}/decision"
    refused = await desk.post(people.county, path, DECISION, version=1)
    problem(refused, 422, "casework.accountability.statement-pending", "O4.3d")
    clock.move_to("2026-09-14T23:59:00+08:00")
    refused = await desk.post(people.county, path, DECISION, version=1)
    problem(refused, 422, "casework.accountability.statement-pending", "O4.3d")
    clock.move_to("2026-09-15T00:01:00+08:00")
    assert (await desk.post(people.county, path, DECISION, version=1)).status_code == 200


async def test_a_decision_without_a_sanction_ends_it_and_enters_nothing(desk, people):
    held = await step(desk, people.person, await opened(desk, people), "statement", STATEMENT)
    held = await step(desk, people.county, held, "decision", {"kind": "no_action", "reason": "非其责任"})
    assert (held["status"], held["ledger_entry_id"], held["due_on"]) == ("final", None, None)
    problem(
        await desk.post(people.person, f"/proceedings/{held['id']}/appeal", APPEAL, version=held["version"]),
        409, "casework.accountability.appeal-not-open",
    )  # fmt: skip


async def test_a_revoked_decision_enters_nothing(desk, people):
    held = await step(desk, people.person, await decided(desk, people), "appeal", APPEAL)
    held = await step(desk, people.city, held, "outcome", {"result": "revoked", "reason": "事实不清"})
    assert (held["standing_kind"], held["ledger_entry_id"]) == (None, None)
    assert (await desk.get(people.head, "/ledger")).json()["items"] == []


async def test_an_appeal_never_makes_it_worse_and_a_change_names_what_it_is_changed_to(desk, people):
    """O4.3d: whoever appeals is not worse off for it."""
    held = await step(desk, people.person, await decided(desk, people), "appeal", APPEAL)
    path = f"/proceedings/{held['id']}/outcome"
    for body, code in (
        ({"result": "changed", "kind": "circulated_criticism"}, "appeal-made-worse"),
        ({"result": "changed", "kind": "written_review"}, "appeal-made-worse"),
        ({"result": "changed"}, "decision-kind-unknown"),
        ({"result": "upheld", "kind": "reminder_talk"}, "decision-kind-unknown"),
        ({"result": "changed", "kind": "flogging"}, "decision-kind-unknown"),
    ):
        before = await desk.counts()
        refused = await desk.post(people.city, path, {**body, "reason": "复核"}, version=held["version"])
        problem(refused, 422, f"casework.accountability.{code}", "O4.3d")
        assert await desk.counts() == before


async def test_an_appeal_comes_once_and_in_time(desk, people, clock):
    held = await decided(desk, people)
    path = f"/proceedings/{held['id']}/appeal"
    clock.move_to("2026-10-09T09:00:00+08:00")
    late = await desk.post(people.person, path, APPEAL, version=held["version"])
    problem(late, 422, "casework.accountability.appeal-too-late", "O4.3d")
    clock.move_to("2026-10-08T09:00:00+08:00")
    held = await step(desk, people.person, held, "appeal", APPEAL)
    again = await desk.post(people.person, path, APPEAL, version=held["version"])
    problem(again, 409, "casework.accountability.appeal-not-open")


async def test_the_same_source_leads_to_one_proceeding_of_a_person(desk, people):
    missing = {**OPENING, "source": "warning"}
    problem(await desk.post(people.head, "/proceedings", missing), 422, "casework.accountability.source-unfit", "O4.3d")
    nowhere = {**missing, "source_id": "01900000-0000-7000-8000-000000000001"}
    problem(await desk.post(people.head, "/proceedings", nowhere), 404, "record.not-found")
    problem(
        await desk.post(people.head, "/proceedings", {**nowhere, "source": "finding"}),
        422, "casework.accountability.source-unfit", "O4.3d",
    )  # fmt: skip


# --- who may -----------------------------------------------------------------------------------------------------

NOT_OVERSEER = (403, "casework.accountability.not-overseer")
CONCERNED = (403, "casework.accountability.concerned-themselves")
NOT_THE_PERSON = (403, "casework.accountability.not-the-person")
UNSEEN = (404, "record.not-found")
OK = (200, None)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("head", 201, None),
        ("county", 201, None),
        ("city", 201, None),
        ("person", *NOT_OVERSEER),
        ("colleague", *NOT_OVERSEER),
        ("agent", *NOT_OVERSEER),
        ("town_supervisor", *NOT_OVERSEER),
        ("other_county", *NOT_OVERSEER),
        ("auditor", *NOT_OVERSEER),
        ("administrator", *NOT_OVERSEER),
        ("statistician", *NOT_OVERSEER),
    ],
)
async def test_who_may_open(desk, people, who, status, code):
    """O4.3d: the head of the office or a supervisor above."""
    before = await desk.counts()
    answer = await desk.post(getattr(people, who), "/proceedings", OPENING)
    if code is None:
        assert answer.status_code == status
    else:
        problem(answer, status, code)
        assert await desk.counts() == before


async def test_nobody_opens_a_proceeding_against_themselves(desk, people):
    answer = await desk.post(people.head, "/proceedings", {**OPENING, "person": "head-1"})
    problem(answer, *CONCERNED, "O4.3d")


@pytest.mark.parametrize(
    ("who", "state", "decide", "appeal", "hear"),
    [
        ("person", OK, NOT_OVERSEER, OK, NOT_OVERSEER),
        ("head", NOT_THE_PERSON, CONCERNED, NOT_THE_PERSON, NOT_OVERSEER),
        ("county", NOT_THE_PERSON, OK, NOT_THE_PERSON, NOT_OVERSEER),
        ("county_two", NOT_THE_PERSON, OK, NOT_THE_PERSON, NOT_OVERSEER),
        ("city", NOT_THE_PERSON, OK, NOT_THE_PERSON, OK),
        ("town_supervisor", NOT_THE_PERSON, NOT_OVERSEER, NOT_THE_PERSON, NOT_OVERSEER),
        ("colleague", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
        ("agent", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
        ("other_county", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
        ("auditor", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
        ("administrator", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
        ("statistician", UNSEEN, UNSEEN, UNSEEN, UNSEEN),
    ],
)
async def test_who_may_take_which_step(desk, people, who, state, decide, appeal, hear):
    """O4.3d: stated and appealed by the person, decided by another than who opened it, heard by the level above."""
    actor = getattr(people, who)
    upheld = {"result": "upheld", "reason": "原决定无误"}

    async def tried(held: dict[str, Any], act: str, body: dict[str, Any], expected: tuple[int, str | None]) -> None:
        before = await desk.counts()
        answer = await desk.post(actor, f"/proceedings/{held['id']}/{act}", body, version=held["version"])
        if expected[1] is None:
            assert answer.status_code == expected[0], answer.text
        else:
            problem(answer, expected[0], expected[1])
            assert await desk.counts() == before

    await tried(await opened(desk, people), "statement", STATEMENT, state)
    stated = await step(desk, people.person, await opened(desk, people), "statement", STATEMENT)
    await tried(stated, "decision", DECISION, decide)
    await tried(await decided(desk, people), "appeal", APPEAL, appeal)
    await tried(await step(desk, people.person, await decided(desk, people), "appeal", APPEAL), "outcome", upheld, hear)


async def test_who_decided_does_not_hear_the_appeal(desk, people):
    stated = await step(desk, people.person, await opened(desk, people), "statement", STATEMENT)
    held = await step(desk, people.city, stated, "decision", DECISION)
    held = await step(desk, people.person, held, "appeal", APPEAL)
    refused = await desk.post(
        people.city, f"/proceedings/{held['id']}/outcome", {"result": "upheld", "reason": "无误"}, version=4
    )
    problem(refused, *NOT_OVERSEER)


async def test_it_is_seen_by_the_person_the_head_and_supervisors_above_and_by_nobody_else(desk, people):
    """O4.3d; architecture.md §6."""
    held = await opened(desk, people)
    for who in ("person", "head", "county", "city"):
        answer = await desk.get(getattr(people, who), f"/proceedings/{held['id']}")
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
        listed = await desk.get(getattr(people, who), "/proceedings")
        assert [one["id"] for one in listed.json()["items"]] == [held["id"]]
    for who in ("colleague", "agent", "other_county", "auditor", "administrator", "statistician"):
        problem(await desk.get(getattr(people, who), f"/proceedings/{held['id']}"), *UNSEEN)
        assert (await desk.get(getattr(people, who), "/proceedings")).json()["items"] == []
    own = await desk.get(people.head, "/proceedings", own=True)
    assert own.json()["items"] == []
    problem(await desk.get(None, f"/proceedings/{held['id']}"), 401, "auth.token-missing")


# --- races, bad input --------------------------------------------------------------------------------------------


async def test_of_a_decision_and_a_statement_at_once_one_wins_and_the_other_learns_why(desk, people, clock):
    for _ in range(4):
        clock.move_to("2026-09-07T10:00:00+08:00")
        held = await opened(desk, people)
        clock.move_to("2026-09-15T10:00:00+08:00")
        answers = await asyncio.gather(
            desk.post(people.county, f"/proceedings/{held['id']}/decision", DECISION, version=1),
            desk.post(people.city, f"/proceedings/{held['id']}/decision", DECISION, version=1),
            desk.post(people.person, f"/proceedings/{held['id']}/statement", STATEMENT, version=1),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        versions = "SELECT count(*), max(version) FROM records WHERE id = $1"
        assert tuple((await desk.window.rows(versions, held["id"]))[0]) == (1, 2)


async def test_of_an_appeal_and_two_outcomes_at_once_each_happens_once(desk, people):
    held = await decided(desk, people)
    appeals = await asyncio.gather(
        *(
            desk.post(people.person, f"/proceedings/{held['id']}/appeal", APPEAL, version=held["version"])
            for _ in range(3)
        )
    )
    assert sorted(answer.status_code for answer in appeals) == [200, 412, 412]
    upheld = {"result": "upheld", "reason": "原决定无误"}
    path, version = f"/proceedings/{held['id']}/outcome", held["version"] + 1
    outcomes = await asyncio.gather(*(desk.post(people.city, path, upheld, version=version) for _ in range(3)))
    assert sorted(answer.status_code for answer in outcomes) == [200, 412, 412]
    assert await desk.window.value("SELECT count(*) FROM records WHERE record = 'casework.ledger-entry'") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "gossip"},
        {"person": ""},
        {"person": "a" * 256},
        {"grounds": "超"},
        {"grounds": f"当事人号码{synthetic_person(1).id_number}"},
        {"person": synthetic_person(1).id_number},
        {"division": "1234"},
        {"source_id": "no-uuid"},
        {"extra": 1},
        {"grounds": None},
    ],
)
async def test_what_is_no_opening_is_refused_and_writes_nothing(desk, people, changes):
    before = await desk.counts()
    answer = await desk.post(people.head, "/proceedings", {**OPENING, **changes})
    assert answer.status_code == 422
    assert synthetic_person(1).id_number not in answer.text
    assert await desk.counts() == before


async def test_a_place_that_never_was_or_is_no_more_is_refused(desk, people):
    for division, code in (
        ("440305001009", "directory.division-unknown"),
        ("440305001005", "directory.division-retired"),
    ):
        answer = await desk.post(people.head, "/proceedings", {**OPENING, "division": division})
        assert answer.json()["code"] == code


async def test_a_step_says_which_version_it_saw(desk, people):
    held = await opened(desk, people)
    path = f"/proceedings/{held['id']}/statement"
    problem(await desk.post(people.person, path, STATEMENT), 428, "request.if-match-required")
    problem(await desk.post(people.person, path, STATEMENT, version=2), 412, "request.if-match-stale")


async def test_an_opening_sent_twice_opens_once(desk, people):
    first = await desk.post(people.head, "/proceedings", OPENING, key="same")
    again = await desk.post(people.head, "/proceedings", OPENING, key="same")
    assert (again.status_code, again.json()) == (201, first.json())
    assert await desk.window.value("SELECT count(*) FROM records WHERE record = 'casework.proceeding'") == 1
