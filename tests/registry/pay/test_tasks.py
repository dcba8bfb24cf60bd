"""Closed cases of stations become tasks, and the town's office decides about them. Source: O1.4f."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from common.auth import Role
from common.consumer import PoisonMessage
from common.contracts.casework import CASE_CLOSED, CASE_REGISTERED
from common.ids import uuid7
from common.testing.events import case_event, case_state
from common.testing.tokens import make_actor
from registry.history.events import state_changed
from registry.offices.repository import state_of
from registry.offices.service import get_office
from registry.pay.consumers import keep_cases
from registry.pay.domain import Piece
from registry.pay.repository import Tasks
from registry.pay.service.tasks import follow_office


async def tasks(pay: Any) -> list[Any]:
    return list(await pay.desk.rows("SELECT * FROM pay_tasks ORDER BY case_id"))


async def test_a_closed_case_of_a_station_is_one_task_however_often_it_is_delivered(pay: Any, places: Any) -> None:
    """O1.4f."""
    case = await pay.case(1)
    first = await tasks(pay)
    await pay.take(case)
    await pay.take(case, case)
    await pay.take(case.model_copy(update={"version": 2, "item_code": "older"}))
    assert await tasks(pay) == first
    (row,) = first
    assert (row["case_id"], row["status"], row["handler"], row["version"]) == (case.id, "open", "agent-1", 1)
    assert (row["closed_on"], row["division"]) == (date(2026, 10, 15), places.STATION)
    late = await pay.case(1, closed_at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))
    shown = await pay.desk.get(f"/pay-tasks/{late.id}", pay.head)
    assert shown.json()["closed_on"] == "2026-11-01", "Beijing days"
    assert "agent-1" not in shown.text
    assert shown.json()["is_account_known"] is True


@pytest.mark.parametrize(
    "correction", [{"closing_result": "voided"}, {"closing_result": "deleted"}, {"status": "accepted"}]
)
async def test_a_correction_takes_the_task_back_and_stays(pay: Any, correction: dict[str, Any]) -> None:
    """O1.4f: voided and deleted cases are nothing that was done."""
    case = await pay.case(1)
    await pay.accept(case)
    await pay.take(case.model_copy(update={"version": 4, **correction}))
    await pay.take(case)
    (row,) = await tasks(pay)
    assert (row["status"], row["case_version"]) == ("withdrawn", 4)
    answer = await pay.act("pay-tasks", case.id, "acceptance", row["version"], quality_permille=1000)
    assert (answer.status_code, answer.json()["code"]) == (409, "registry.pay-task-decided")
    await pay.take(case.model_copy(update={"version": 5}))
    assert (await tasks(pay))[0]["status"] == "open", "closed again, it is decided anew"


async def test_a_voided_case_that_was_never_a_task_does_not_become_one_by_an_older_event(pay: Any) -> None:
    case = await pay.case(1, closing_result="voided", version=4)
    await pay.take(case.model_copy(update={"version": 3, "closing_result": "granted"}))
    assert [row["status"] for row in await tasks(pay)] == ["withdrawn"]


async def test_a_correction_of_the_item_leaves_the_decision_and_changes_what_it_is_worth(pay: Any) -> None:
    case = await pay.case(1)
    await pay.accept(case, 800)
    await pay.take(case.model_copy(update={"version": 4, "item_code": "E02"}))
    (row,) = await tasks(pay)
    assert (row["status"], row["quality_permille"], row["item_code"]) == ("accepted", 800, "E02")


async def test_what_no_station_has_closed_is_no_task(pay: Any, places: Any) -> None:
    """O1.4f, O1.1d."""
    await pay.case(1, division=places.TOWN)
    registered = case_state(division=places.STATION)
    batch = [places.delivered(case_event(registered, type_=CASE_REGISTERED))]
    async with pay.desk.context.db.transaction() as conn:
        await keep_cases(conn, batch)
    assert await tasks(pay) == []


@pytest.mark.parametrize(
    ("closed_at", "code"),
    [(None, "registry.case-not-closed"), ("9999-12-31T23:00:00-08:00", "registry.time-out-of-range")],
)
async def test_an_event_that_cannot_be_a_task_is_poison(pay: Any, places: Any, closed_at: Any, code: str) -> None:
    state = case_state(division=places.STATION, status="closed", closing_result="granted")
    data = json.dumps(json.loads(state.to_bytes()) | {"closed_at": closed_at}).encode()
    event = case_event(state, type_=CASE_CLOSED, data=data)
    with pytest.raises(PoisonMessage) as caught:
        async with pay.desk.context.db.transaction() as conn:
            await keep_cases(conn, [places.delivered(event)])
    assert caught.value.code == code
    assert await tasks(pay) == []


async def test_a_task_belongs_to_the_post_of_the_account_that_closed_the_case(pay: Any) -> None:
    """O1.4f."""
    member = await pay.hire(1)
    await pay.hire(2, started_on=date(2026, 10, 16))
    for number, expected in ((1, str(member.id)), (2, None), (3, None), (None, None)):
        case = await pay.case(number)
        await pay.accept(case)
        shown = (await pay.desk.get(f"/pay-tasks/{case.id}", pay.head)).json()
        assert shown["staff_member_id"] == expected, number


async def test_a_task_of_nobody_is_paid_only_after_the_head_has_assigned_it(pay: Any) -> None:
    """O1.4f."""
    member = await pay.hire(1)
    await pay.rate(500)
    case = await pay.case(None)
    await pay.accept(case)
    empty = await pay.draft()
    assert (empty.status_code, empty.json()["code"]) == (422, "registry.pay-run-empty")
    waiting = (await pay.desk.get("/pay-tasks", pay.head, is_assigned="false")).json()["items"]
    assert [one["case_id"] for one in waiting] == [str(case.id)]
    done = await pay.act("pay-tasks", case.id, "assignment", 2, staff_member_id=str(member.id))
    assert done.json()["staff_member_id"] == str(member.id)
    assert (await pay.pay())["total_fen"] == 500


async def test_only_a_post_of_the_station_on_the_day_can_be_assigned(pay: Any, places: Any) -> None:
    """O1.4f."""
    case = await pay.case(None)
    strangers = [
        await pay.hire(1, ended_on=date(2026, 10, 15)),
        await pay.hire(2, started_on=date(2026, 10, 16)),
        await pay.hire(3, division=places.TOWN),
    ]
    before = await pay.counts()
    for one in (*(member.id for member in strangers), uuid7(), case.id):
        answer = await pay.act("pay-tasks", case.id, "assignment", 1, staff_member_id=str(one))
        assert (answer.status_code, answer.json()["code"]) == (422, "registry.pay-assignee-refused")
        assert answer.json()["clause"] == "O1.4f"
    assert await pay.counts() == before


async def test_a_station_decides_nothing_about_its_own_tasks(pay: Any, places: Any) -> None:
    """O1.4f, O1.3c: the town's office accepts, assigns and pays."""
    case = await pay.case(1)
    station = make_actor(places.STATION, Role.OFFICE_HEAD)
    before = await pay.counts()
    for act, body in (
        ("acceptance", {"quality_permille": 1000}),
        ("rejection", {"reason": "没有做完"}),
        ("assignment", {"staff_member_id": str(uuid7())}),
    ):
        answer = await pay.act("pay-tasks", case.id, act, 1, actor=station, **body)
        assert (answer.status_code, answer.json()["code"]) == (403, "registry.pay-not-own"), act
    drafted = await pay.draft(actor=station)
    assert (drafted.status_code, drafted.json()["code"]) == (403, "registry.pay-not-own")
    assert await pay.counts() == before


@pytest.mark.parametrize(
    ("division", "role", "status", "code"),
    [
        ("441624000000", Role.BUREAU_SUPERVISOR, 403, "auth.out-of-scope"),
        ("441624102000", Role.OFFICE_HEAD, 404, "registry.pay-task-not-found"),
        ("441625000000", Role.BUREAU_SUPERVISOR, 404, "registry.pay-task-not-found"),
        ("441624101000", Role.WINDOW_CLERK, 403, "auth.role-required"),
        ("441624101000", Role.STATISTICIAN, 403, "auth.role-required"),
    ],
)
async def test_tasks_are_accepted_on_the_leading_edge_alone(
    pay: Any, division: str, role: Role, status: int, code: str
) -> None:
    """O1.3a, O1.4f."""
    case = await pay.case(1)
    actor = make_actor(division, role)
    answer = await pay.act("pay-tasks", case.id, "acceptance", 1, actor=actor, quality_permille=1000)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await tasks(pay))[0]["status"] == "open"


async def test_lists_show_the_subtree_of_the_reader_and_only_readers(pay: Any, places: Any) -> None:
    case = await pay.case(1)
    await pay.case(2, division="441625100201")
    for division, expected in (
        (places.TOWN, [str(case.id)]),
        ("441624000000", [str(case.id)]),
        ("441624102000", []),
    ):
        actor = make_actor(division, Role.OFFICE_HEAD)
        listed = (await pay.desk.get("/pay-tasks", actor)).json()["items"]
        assert [one["case_id"] for one in listed] == expected
    province = make_actor("440000000000", Role.STATISTICIAN)
    assert len((await pay.desk.get("/pay-tasks", province)).json()["items"]) == 2
    page = (await pay.desk.get("/pay-tasks", province, limit=1)).json()
    rest = (await pay.desk.get("/pay-tasks", province, limit=1, cursor=page["next_cursor"])).json()
    assert page["items"][0]["case_id"] < rest["items"][0]["case_id"]
    narrowed = await pay.desk.get(
        "/pay-tasks", province, division=places.STATION, status="open", closed_from="2026-10-15", closed_to="2026-10-15"
    )
    assert [one["case_id"] for one in narrowed.json()["items"]] == [str(case.id)]
    for query in ({"status": "accepted"}, {"is_paid": "true"}, {"closed_from": "2026-10-16"}):
        assert (await pay.desk.get("/pay-tasks", province, **query)).json()["items"] == []
    clerk = make_actor(places.TOWN, Role.WINDOW_CLERK)
    for path in ("/pay-tasks", f"/pay-tasks/{case.id}"):
        assert (await pay.desk.get(path, clerk)).status_code == 403
    stranger = make_actor("441625000000", Role.BUREAU_SUPERVISOR)
    assert (await pay.desk.get(f"/pay-tasks/{case.id}", stranger)).status_code == 404


@pytest.mark.parametrize(
    ("act", "version", "body", "status", "code"),
    [
        ("acceptance", 1, {"quality_permille": 1501}, 422, "registry.pay-quality-needs-reason"),
        ("acceptance", 1, {"quality_permille": -1}, 422, "request.validation-failed"),
        ("acceptance", 1, {"quality_permille": 10_001, "reason": "很多"}, 422, "request.validation-failed"),
        ("acceptance", 1, {"quality_permille": 1000.0}, 422, "request.validation-failed"),
        ("acceptance", 1, {"quality_permille": True}, 422, "request.validation-failed"),
        ("acceptance", 1, {"quality": 1000}, 422, "request.validation-failed"),
        ("acceptance", 2, {"quality_permille": 1000}, 412, "request.if-match-stale"),
        (
            "acceptance",
            1,
            {"quality_permille": 1000, "reason": "电话15400000001"},
            422,
            "registry.text-holds-personal-data",
        ),
        ("rejection", 1, {}, 422, "request.validation-failed"),
        ("rejection", 1, {"reason": "　 "}, 422, "request.validation-failed"),
        ("rejection", 1, {"reason": "身份证990000195001010018"}, 422, "registry.text-holds-personal-data"),
        ("assignment", 1, {"staff_member_id": "1"}, 422, "request.validation-failed"),
    ],
)
async def test_a_wrong_decision_is_refused_and_leaves_nothing(
    pay: Any, act: str, version: int, body: dict[str, Any], status: int, code: str
) -> None:
    """O1.4f."""
    case = await pay.case(1)
    before, rows = await pay.counts(), await tasks(pay)
    answer = await pay.act("pay-tasks", case.id, act, version, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await pay.counts() == before
    assert await tasks(pay) == rows


async def test_decisions_are_audited_and_can_be_changed_until_the_task_is_paid(pay: Any) -> None:
    """O1.4f."""
    await pay.hire(1)
    await pay.rate(100)
    case = await pay.case(1)
    rejected = await pay.act("pay-tasks", case.id, "rejection", 1, reason="材料没有归档")
    assert (rejected.json()["status_label"], rejected.json()["decision_reason"]) == ("不予认定", "材料没有归档")
    await pay.accept(case, 2000, version=2, reason="上门服务五次")
    actions = await pay.desk.rows(
        "SELECT action, reason FROM audit_entries WHERE object_id = $1 ORDER BY id", str(case.id)
    )
    assert [(row["action"], row["reason"]) for row in actions] == [
        ("registry.pay_task.reject", "材料没有归档"),
        ("registry.pay_task.accept", "上门服务五次"),
    ]
    assert (await pay.pay())["total_fen"] == 200
    for act, body in (("acceptance", {"quality_permille": 1}), ("rejection", {"reason": "反悔了"})):
        answer = await pay.act("pay-tasks", case.id, act, 3, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "registry.pay-task-paid")


@pytest.mark.parametrize("told_by", ["office", "case"])
async def test_unpaid_tasks_go_where_their_office_goes_and_paid_ones_stay(pay: Any, places: Any, told_by: str) -> None:
    """O1.4f: a station that is merged into one of another town takes its unpaid tasks along."""
    heir, old = await pay.office("441624102201"), await pay.office()
    await pay.hire(1)
    await pay.rate(100)
    paid = await pay.case(1)
    await pay.accept(paid)
    await pay.pay()
    waiting = await pay.case(1)
    await pay.check()
    await pay.desk.rows(
        "UPDATE offices SET merged_into = $1, status = 'closed', valid_to = current_date + 1, version = 2 "
        "WHERE id = $2::uuid",
        UUID(heir["id"]),
        UUID(old["id"]),
    )
    if told_by == "office":
        async with pay.desk.units()() as uow:
            office = await get_office(uow.session, office_id=UUID(old["id"]))
        await pay.tell([state_changed(state_of(office))[1]])
    else:
        await pay.take(waiting.model_copy(update={"version": 4}))
    await pay.check()
    rows = {row["case_id"]: row for row in await tasks(pay)}
    assert (rows[waiting.id]["office_id"], rows[waiting.id]["division"]) == (UUID(heir["id"]), "441624102201")
    assert (rows[paid.id]["office_id"], rows[paid.id]["division"]) == (UUID(old["id"]), places.STATION)
    new_head = make_actor("441624102000", Role.OFFICE_HEAD)
    accepted = await pay.act(
        "pay-tasks", waiting.id, "acceptance", rows[waiting.id]["version"], actor=new_head, quality_permille=1000
    )
    assert accepted.status_code == 200, accepted.text


async def test_two_decisions_at_once_are_one(pay: Any) -> None:
    case = await pay.case(1)
    answers = await asyncio.gather(
        pay.act("pay-tasks", case.id, "acceptance", 1, quality_permille=1000),
        pay.act("pay-tasks", case.id, "rejection", 1, reason="材料没有归档"),
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


@pytest.mark.parametrize("act", ["acceptance", "rejection", "assignment"])
async def test_a_decision_that_waited_for_the_settlement_sees_the_payment(pay: Any, act: str) -> None:
    """O1.4f: the settlement holds the task without changing it; what was decided is what was paid."""
    member, other = await pay.hire(1), await pay.hire(2)
    await pay.rate(100)
    case = await pay.case(1)
    await pay.accept(case)
    drafted = (await pay.draft()).json()
    before = await tasks(pay)
    bodies: dict[str, dict[str, Any]] = {
        "acceptance": {"quality_permille": 900},
        "rejection": {"reason": "材料没有归档"},
        "assignment": {"staff_member_id": str(other.id)},
    }
    conn = await asyncpg.connect(pay.desk.url)
    blocking = conn.transaction()
    await blocking.start()
    await conn.execute("INSERT INTO paid_tasks VALUES ($1, $1, $1, $1, 1, 1)", case.id)
    settling = asyncio.create_task(pay.settle(drafted))
    await asyncio.sleep(0.5)
    deciding = asyncio.create_task(pay.act("pay-tasks", case.id, act, 2, **bodies[act]))
    await asyncio.sleep(0.5)
    assert not settling.done()
    assert not deciding.done()
    await blocking.rollback()
    await conn.close()
    settled, answer = await asyncio.gather(settling, deciding)
    (line,) = settled.json()["lines"]
    assert (line["staff_member_id"], line["amount_fen"]) == (str(member.id), 100)
    assert (answer.status_code, answer.json().get("code")) == (409, "registry.pay-task-paid"), answer.text
    assert await tasks(pay) == before


async def test_a_task_that_is_being_paid_while_its_station_is_merged_stays_where_it_was_paid(pay: Any) -> None:
    """O1.4f: who takes the unpaid tasks along waits for the payment, and then sees it."""
    heir, old = await pay.office("441624102201"), await pay.office()
    paid, waiting = await pay.case(1), await pay.case(1)
    await pay.desk.rows(
        "UPDATE offices SET merged_into = $1, status = 'closed', valid_to = current_date + 1, version = 2 "
        "WHERE id = $2::uuid",
        UUID(heir["id"]),
        UUID(old["id"]),
    )

    async def follow() -> int:
        async with pay.desk.units()() as uow:
            return await follow_office(uow.session, UUID(old["id"]))

    async with pay.desk.units()() as uow:
        await Tasks(uow.session).hold([paid.id])
        following = asyncio.create_task(follow())
        await asyncio.sleep(0.5)
        assert not following.done(), "it must wait for the payment"
        assert await Tasks(uow.session).pay(pay_run_id=uuid7(), pieces=[(uuid7(), Piece(paid.id, uuid7(), 1, 1))]) == 1
    assert await following == 1
    rows = {row["case_id"]: row["office_id"] for row in await tasks(pay)}
    assert rows == {paid.id: UUID(old["id"]), waiting.id: UUID(heir["id"])}


async def test_an_old_day_is_found_by_the_period(pay: Any) -> None:
    await pay.hire(1)
    await pay.rate(100)
    await pay.accept(await pay.case(1, closed_at=datetime(2026, 9, 30, 15, 59, tzinfo=UTC)))
    assert (await pay.draft()).json()["code"] == "registry.pay-run-empty"
    run = await pay.pay(period_from="2026-09-30", period_to=(date(2026, 9, 30) + timedelta(days=1)).isoformat())
    assert run["total_fen"] == 100
