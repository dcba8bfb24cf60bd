"""Pay runs: what is paid, once, to whom, and traced to the case. Source: O1.4e, O1.4f, O1.4g."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.auth import Role
from common.clock import today
from common.contracts.registry.money import PayRunState
from common.ids import uuid7
from common.testing.tokens import make_actor


async def test_pay_is_accepted_tasks_times_rate_times_quality_and_traced_to_the_case(pay: Any) -> None:
    """O1.4f: 按照其完成任务的数量、质量给予经费和报酬."""
    member = await pay.hire(1)
    rate = await pay.rate(333)
    cases = [await pay.case(1) for _ in range(3)]
    for case, quality in zip(cases, (1000, 900, 1250), strict=True):
        await pay.accept(case, quality)
    run = await pay.pay()
    (line,) = run["lines"]
    assert (line["tasks"], line["quality_permille"]) == (3, 1050)
    assert line["amount_fen"] == line["earned_fen"] == run["total_fen"] == 1049  # 333 × 3.15 = 1048.95
    assert (run["status"], run["status_label"], line["blocked_by"]) == ("settled", "已核定", None)
    assert line["staff_member_id"] == str(member.id)
    assert set(line["case_ids"]) == {str(case.id) for case in cases}
    paid = (await pay.desk.get("/pay-tasks", pay.head, pay_run_id=run["id"])).json()["items"]
    assert {(one["case_id"], one["rate_fen"]) for one in paid} == {(str(case.id), 333) for case in cases}
    rows = await pay.desk.rows("SELECT * FROM paid_tasks")
    assert {str(row["rate_id"]) for row in rows} == {rate["id"]}


async def test_a_run_is_told_and_audited_at_every_state(pay: Any) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    run = await pay.pay()
    events = await pay.desk.rows("SELECT * FROM outbox WHERE subject = $1 ORDER BY id", run["id"])
    told = [PayRunState.model_validate_json(event["data"]) for event in events]
    assert [(one.version, one.status, one.total_fen) for one in told] == [(1, "draft", 100), (2, "settled", 100)]
    assert {event["topic"] for event in events} == {"jiceng.registry.pay-run.v1"}
    actions = await pay.desk.rows("SELECT action FROM audit_entries WHERE object_id = $1 ORDER BY id", run["id"])
    assert [row["action"] for row in actions] == ["registry.pay-run.draft", "registry.pay-run.settle"]
    shown = await pay.desk.get(f"/pay-runs/{run['id']}", pay.head)
    assert (shown.json(), shown.headers["ETag"]) == (run, '"2"')
    history = (await pay.desk.get(f"/pay-runs/{run['id']}/versions", pay.head)).json()
    assert [one["status"] for one in history] == ["draft", "settled"]
    listed = (await pay.desk.get("/pay-runs", pay.head)).json()["items"]
    assert [one["id"] for one in listed] == [run["id"]]
    assert (await pay.desk.get("/pay-runs", make_actor("441625000000", Role.AUDITOR))).json()["items"] == []
    assert (await pay.desk.get("/pay-runs", make_actor(pay.town, Role.WINDOW_CLERK))).status_code == 403


async def test_refuses_pay_for_part_time_public_employee(pay: Any, places: Any) -> None:
    """O1.4g: 兼职人员属于公职人员的，按规定不得领取兼职报酬; the others of the run are paid."""
    barred, helper = await pay.hire(1), await pay.hire(2)
    await pay.hire(1, division="441625100000", staff_type="establishment", is_public_employee=True, account=None)
    await pay.rate(700)
    for number in (1, 1, 2):
        await pay.accept(await pay.case(number))
    drafted = await pay.draft()
    run = (await pay.settle(drafted.json())).json()
    for shown in (drafted.json(), run):
        lines = {line["staff_member_id"]: line for line in shown["lines"]}
        blocked = lines[str(barred.id)]
        assert (blocked["amount_fen"], blocked["earned_fen"], blocked["tasks"]) == (0, 1400, 2)
        assert (blocked["blocked_by"], blocked["blocked_reason"]) == ("O1.4g", "public_employee_post")
        assert (blocked["blocked_reason_label"], "441625100000" in blocked["blocked_detail"]) == ("在公职岗位上", True)
        assert lines[str(helper.id)]["amount_fen"] == 700 == shown["total_fen"]
    assert await pay.desk.value("SELECT count(*) FROM paid_tasks") == 1
    assert places.pseudonym(1) not in json.dumps(run), "the answer names the post, not the person"


async def test_paying_a_part_time_public_employee_anyway_is_refused_with_the_clause(pay: Any) -> None:
    """O1.4g."""
    member = await pay.hire(1, staff_type="committee_part_time", is_public_employee=True)
    await pay.rate(700)
    await pay.accept(await pay.case(1))
    before = await pay.counts()
    answer = await pay.draft(only_staff=[str(member.id)])
    body = answer.json()
    assert (answer.status_code, body["code"], body["clause"]) == (422, "registry.pay-refused", "O1.4g")
    assert body["staff_member_ids"] == [str(member.id)]
    assert "不得领取兼职报酬" in body["detail"]
    assert await pay.counts() == before


async def test_who_became_a_public_employee_after_the_draft_is_caught_at_the_settlement(pay: Any) -> None:
    """O1.4g: the guard is asked again, with what is known by then."""
    member, helper = await pay.hire(1), await pay.hire(2)
    await pay.rate(700)
    for number in (1, 2):
        await pay.accept(await pay.case(number))
    everybody, named = (await pay.draft()).json(), (await pay.draft(only_staff=[str(member.id)])).json()
    assert everybody["total_fen"] == 1400
    await pay.change(member, is_public_employee=True, effective_on=date(2026, 10, 20))
    before = await pay.counts()
    refused = await pay.settle(named)
    assert (refused.status_code, refused.json()["code"]) == (422, "registry.pay-refused")
    assert refused.json()["clause"] == "O1.4g"
    assert await pay.counts() == before
    run = (await pay.settle(everybody)).json()
    assert {line["staff_member_id"]: line["amount_fen"] for line in run["lines"]} == {
        str(member.id): 0,
        str(helper.id): 700,
    }
    assert run["total_fen"] == 700


async def test_settled_is_final_and_what_comes_later_is_a_supplement(pay: Any) -> None:
    """O1.4f."""
    member = await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    run = await pay.pay()
    for act, body in (("settlement", {}), ("cancellation", {"reason": "算错了"})):
        answer = await pay.act("pay-runs", run["id"], act, 2, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "registry.pay-run-not-draft")
    await pay.rate(900, item_code="E01", valid_from="2026-10-02")
    late = await pay.case(1)
    await pay.accept(late)
    supplement = await pay.pay(only_staff=[str(member.id)])
    assert (supplement["total_fen"], supplement["lines"][0]["case_ids"]) == (900, [str(late.id)])
    assert (await pay.desk.get(f"/pay-runs/{run['id']}", pay.head)).json() == run
    assert (await pay.draft()).json()["code"] == "registry.pay-run-empty"


async def test_a_cancelled_draft_pays_nothing_and_its_tasks_wait_for_another(pay: Any) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    drafted = (await pay.draft()).json()
    cancelled = await pay.act("pay-runs", drafted["id"], "cancellation", 1, reason="标准有误")
    assert (cancelled.json()["status_label"], cancelled.json()["cancel_reason"]) == ("已撤销", "标准有误")
    assert (await pay.settle(drafted, 2)).json()["code"] == "registry.pay-run-not-draft"
    assert await pay.desk.value("SELECT count(*) FROM paid_tasks") == 0
    assert (await pay.pay())["total_fen"] == 100


@pytest.mark.parametrize("change", ["rejected", "quality", "rate", "voided"])
async def test_a_draft_that_is_no_longer_true_is_not_settled(pay: Any, change: str) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    case = await pay.case(1)
    await pay.accept(case)
    await pay.accept(await pay.case(1))
    drafted = (await pay.draft()).json()
    match change:
        case "rejected":
            await pay.act("pay-tasks", case.id, "rejection", 2, reason="材料没有归档")
        case "quality":
            await pay.accept(case, 500, version=2)
        case "rate":
            await pay.rate(200, valid_from="2026-10-01")
        case "voided":
            await pay.take(case.model_copy(update={"version": 4, "closing_result": "voided"}))
    before = await pay.counts()
    answer = await pay.settle(drafted)
    assert (answer.status_code, answer.json()["code"]) == (409, "registry.pay-run-outdated")
    assert await pay.counts() == before
    assert (await pay.act("pay-runs", drafted["id"], "cancellation", 1, reason="重新编制")).status_code == 200
    assert (await pay.pay())["total_fen"] == {"rejected": 100, "quality": 150, "rate": 400, "voided": 100}[change]


async def test_two_settlements_of_the_same_tasks_race_and_one_wins(pay: Any) -> None:
    """O1.4f: each task is paid once; the town's run and the station's hold different offices."""
    await pay.hire(1)
    await pay.rate(100)
    for _ in range(5):
        await pay.accept(await pay.case(1))
    for _ in range(3):
        runs = [
            (await pay.draft()).json(),
            (await pay.draft(division=pay.town)).json(),
            (await pay.draft()).json(),
        ]
        answers = await asyncio.gather(*(pay.settle(run) for run in runs))
        paid = [one for one in answers if one.status_code == 200]
        assert len(paid) == 1
        assert {one.json()["code"] for one in answers if one not in paid} == {"registry.pay-run-outdated"}
        await pay.accept(await pay.case(1))
    assert await pay.desk.value("SELECT count(*) FROM paid_tasks") == 7


async def test_the_database_itself_pays_no_task_twice(pay: Any) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    await pay.pay()
    with pytest.raises(asyncpg.UniqueViolationError):
        await pay.desk.rows(
            "INSERT INTO paid_tasks SELECT case_id, $1, staff_member_id, rate_id, rate_fen, quality_permille "
            "FROM paid_tasks",
            uuid7(),
        )


async def test_a_town_pays_all_its_stations_in_one_run_and_no_other(pay: Any, places: Any) -> None:
    """O1.4f."""
    second = await pay.desk.value(
        "SELECT division FROM offices WHERE division LIKE '441624101%' AND level = 'village' AND division <> $1 "
        "ORDER BY division LIMIT 1",
        places.STATION,
    )
    await pay.hire(1)
    await pay.hire(2, division=second)
    await pay.hire(3, division="441624102201")
    await pay.rate(100)
    await pay.rate(150, station_division=second)
    for number, division in ((1, places.STATION), (2, second), (3, "441624102201")):
        case = await pay.case(number, division=division)
        head = make_actor(f"{division[:9]}000", Role.OFFICE_HEAD)
        await pay.act("pay-tasks", case.id, "acceptance", 1, actor=head, quality_permille=1000)
    run = await pay.pay(division=places.TOWN)
    assert (run["level"], run["total_fen"]) == ("town", 250)
    assert sorted(line["amount_fen"] for line in run["lines"]) == [100, 150]


async def test_a_county_office_pays_nobody_and_another_government_neither(pay: Any) -> None:
    """O1.3a, O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    county = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    before = await pay.counts()
    bureau = await pay.draft(actor=county, division="441624000000")
    assert (bureau.status_code, bureau.json()["code"]) == (422, "registry.pay-office-refused")
    guiding = await pay.draft(actor=county)
    assert (guiding.status_code, guiding.json()["code"]) == (403, "auth.out-of-scope")
    assert await pay.counts() == before


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"period_to": "2026-09-30"}, 422, "registry.pay-period-refused"),
        ({"period_from": "2025-10-01"}, 422, "registry.pay-period-refused"),
        ({"period_to": today().isoformat()}, 422, "registry.pay-period-refused"),
        ({"period_from": "2026-06-01", "period_to": "2026-06-30"}, 422, "registry.pay-run-empty"),
        ({"only_staff": [str(uuid7())]}, 422, "registry.pay-run-empty"),
        ({"only_staff": []}, 422, "request.validation-failed"),
        ({"period_from": "20261001"}, 422, "request.validation-failed"),
        ({"period_from": 0}, 422, "request.validation-failed"),
        ({"office_id": str(uuid7())}, 404, "registry.office-not-found"),
        ({"reason": "电话15400000001"}, 422, "registry.text-holds-personal-data"),
        ({"lines": []}, 422, "request.validation-failed"),
    ],
)
async def test_a_wrong_run_is_refused_and_leaves_nothing(
    pay: Any, changes: dict[str, Any], status: int, code: str
) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1))
    before = await pay.counts()
    answer = await pay.draft(**changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await pay.counts() == before


async def test_a_task_without_a_rate_stops_the_run_and_is_told(pay: Any) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100, duty="social_insurance")
    await pay.accept(await pay.case(1))
    before = await pay.counts()
    answer = await pay.draft()
    assert (answer.status_code, answer.json()["code"]) == (422, "registry.pay-rate-missing")
    assert answer.json()["without_rate"] == [
        {"duty": "employment_services", "item_code": "E01", "closed_on": "2026-10-15"}
    ]
    assert await pay.counts() == before


async def test_a_rate_is_set_by_the_town_ended_and_remembered(pay: Any) -> None:
    """O1.4f."""
    rate = await pay.rate(100, station_division=pay.station, item_code="E01")
    assert (rate["version"], rate["division"]) == (1, pay.town)
    same = await pay.desk.post(
        "/pay-rates",
        pay.head,
        office_id=rate["office_id"],
        station_division=pay.station,
        item_code="E01",
        fen_per_task=7,
        valid_from="2026-01-01",
        document="和府办〔2026〕2号",
    )
    assert (same.status_code, same.json()["code"]) == (409, "registry.pay-rate-exists")
    ended = await pay.desk.patch(f"/pay-rates/{rate['id']}", pay.head, 1, valid_to="2026-07-01")
    assert (ended.json()["valid_to"], ended.headers["ETag"]) == ("2026-07-01", '"2"')
    early = await pay.desk.patch(f"/pay-rates/{rate['id']}", pay.head, 2, valid_to="2026-01-01")
    assert (early.status_code, early.json()["code"]) == (422, "registry.pay-rate-refused")
    history = (await pay.desk.get(f"/pay-rates/{rate['id']}/versions", pay.head)).json()
    assert [one["valid_to"] for one in history] == [None, "2026-07-01"]


@pytest.mark.parametrize(
    ("division", "changes", "status", "code"),
    [
        ("441624101000", {"station_division": "441624102201"}, 422, "registry.pay-rate-refused"),
        ("441624101000", {"station_division": "441624101000"}, 422, "registry.pay-rate-refused"),
        ("441624101000", {"duty": "labour_relations", "item_code": "E01"}, 422, "registry.pay-rate-refused"),
        ("441624101000", {"valid_to": "2026-01-01"}, 422, "registry.pay-rate-refused"),
        ("441624101000", {"fen_per_task": -1}, 422, "request.validation-failed"),
        ("441624101000", {"fen_per_task": 1.5}, 422, "request.validation-failed"),
        ("441624101000", {"fen_per_task": 10_000_001}, 422, "request.validation-failed"),
        ("441624101000", {"duty": "cooking"}, 422, "request.validation-failed"),
        ("441624101000", {"document": " "}, 422, "request.validation-failed"),
        ("441624101000", {"document": "问15400000001"}, 422, "registry.text-holds-personal-data"),
        ("441624101201", {}, 422, "registry.pay-office-refused"),
        ("441624102000", {}, 403, "auth.out-of-scope"),
    ],
)
async def test_a_wrong_rate_is_refused_and_leaves_nothing(
    pay: Any, division: str, changes: dict[str, Any], status: int, code: str
) -> None:
    """O1.4f."""
    body = {
        "office_id": (await pay.office(division))["id"],
        "fen_per_task": 100,
        "valid_from": "2026-01-01",
        "document": "和府办〔2026〕1号",
        **changes,
    }
    before = await pay.counts()
    answer = await pay.desk.post("/pay-rates", pay.head, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await pay.counts() == before


steps = st.lists(
    st.tuples(
        st.sampled_from(["case", "accept", "reject", "void", "draft", "draft", "settle", "settle", "cancel"]),
        st.integers(0, 5),
        st.sampled_from([0, 333, 1000, 1499]),
    ),
    min_size=5,
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps)
async def test_whatever_is_done_each_task_is_paid_once_and_the_sums_agree(pay: Any, steps: list[Any]) -> None:
    """O1.4f, O1.4g: two are paid by tasks, the third is a public employee and never paid."""
    numbers = [uuid7().int % 10**9 for _ in range(3)]
    if not await pay.desk.rows("SELECT FROM records WHERE record = 'registry.pay-rate'"):
        await pay.rate(77)
    members = [await pay.hire(number, is_public_employee=number == numbers[2]) for number in numbers]
    cases: list[Any] = []
    runs: list[dict[str, Any]] = []
    for act, which, quality in steps:
        if act == "case" or not cases:
            cases.append(await pay.case(numbers[which % 3]))
            continue
        case = cases[which % len(cases)]
        shown = (await pay.desk.get(f"/pay-tasks/{case.id}", pay.head)).json()
        if act == "accept":
            await pay.act("pay-tasks", case.id, "acceptance", shown["version"], quality_permille=quality)
        elif act == "reject":
            await pay.act("pay-tasks", case.id, "rejection", shown["version"], reason="材料没有归档")
        elif act == "void":
            cases[which % len(cases)] = case.model_copy(
                update={"version": case.version + 1, "closing_result": "voided"}
            )
            await pay.take(cases[which % len(cases)])
        elif act == "draft":
            answer = await pay.draft()
            runs += [answer.json()] if answer.status_code == 201 else []
        elif runs:
            run = runs[which % len(runs)]
            body = {} if act == "settle" else {"reason": "重新编制"}
            await pay.act("pay-runs", run["id"], f"{act}ment" if act == "settle" else "cancellation", 1, **body)
    await _the_books_agree(pay, members)


async def _the_books_agree(pay: Any, members: list[Any]) -> None:
    stored = await pay.desk.rows("SELECT state::text FROM records WHERE record = 'registry.pay-run'")
    runs = [PayRunState.model_validate_json(row["state"]) for row in stored]
    paid_cases: list[Any] = []
    for run in runs:
        assert run.total_fen == sum(line.amount_fen for line in run.lines)
        rows = await pay.desk.rows("SELECT * FROM paid_tasks WHERE pay_run_id = $1", run.id)
        assert bool(rows) <= (run.status == "settled")
        for line in run.lines:
            of_line = [row for row in rows if row["staff_member_id"] == line.staff_member_id]
            assert not (line.staff_member_id == members[2].id and (of_line or line.amount_fen))
            if run.status == "settled" and line.blocked_by is None:
                worth = sum(row["rate_fen"] * row["quality_permille"] for row in of_line)
                assert line.amount_fen == (worth + 500) // 1000
                assert {row["case_id"] for row in of_line} == set(line.case_ids)
                paid_cases += line.case_ids
    assert len(paid_cases) == len(set(paid_cases)) == await pay.desk.value("SELECT count(*) FROM paid_tasks")


def test_the_period_of_these_tests_is_over() -> None:
    assert today() > date(2026, 10, 31) + timedelta(days=1)
