"""Pay that turns out to be wrong after it was settled comes back, once. Source: O1.4f, O1.4g."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import pytest

from common.auth import Role
from common.clock import today
from common.contracts.registry.money import PayRecoveryState
from common.contracts.topics import POSTS_GROUP, TASKS_GROUP
from common.ids import uuid7
from common.testing.tokens import make_actor
from registry.division_changes.domain import Change, ChangeKind, Target
from registry.division_changes.service import perform_change
from registry.history.events import state_changed
from registry.pay.service import look_through
from registry.worker import consumers, jobs


async def recoveries(pay: Any, **query: Any) -> list[dict[str, Any]]:
    return list((await pay.desk.get("/pay-recoveries", pay.head, **query)).json()["items"])


@pytest.fixture
async def run(pay: Any) -> dict[str, Any]:
    """Two tasks of one person and one of another, settled."""
    await pay.hire(1)
    await pay.hire(2)
    await pay.rate(333)
    for number, quality in ((1, 500), (1, 1000), (2, 1000)):
        await pay.accept(await pay.case(number), quality)
    return dict(await pay.pay())


async def test_a_post_learned_of_later_opens_one_recovery_of_the_line(pay: Any, places: Any, run: Any) -> None:
    """O1.4g: later discovery."""
    await pay.tell(await pay.facts())
    await pay.check()
    assert await recoveries(pay) == []
    far = places.staff_state(
        {"id": str(uuid7()), "division": "440305001000", "level": "town"},
        1,
        staff_type="establishment",
        is_public_employee=True,
        started_on=date(2020, 1, 1),
        effective_on=date(2020, 1, 1),
    )
    _, event = state_changed(far)
    for _ in range(2):
        await pay.tell([event])
        await pay.check()
    (found,) = await recoveries(pay)
    line = max(run["lines"], key=lambda one: one["tasks"])
    assert (found["pay_run_id"], found["staff_member_id"]) == (run["id"], line["staff_member_id"])
    assert (found["amount_fen"], found["clause"], found["status"]) == (500, "O1.4g", "open")
    assert (found["found_reason_label"], "440305001000" in found["found_detail"]) == ("在公职岗位上", True)
    events = await pay.desk.rows("SELECT * FROM outbox WHERE type = 'registry.pay-recovery.changed.v1'")
    assert [PayRecoveryState.model_validate_json(one["data"]).amount_fen for one in events] == [500]
    assert (await pay.desk.get(f"/pay-runs/{run['id']}", pay.head)).json() == run, "settled stays settled"


async def test_an_own_post_that_is_corrected_opens_it_as_well(pay: Any, run: Any) -> None:
    """O1.4g."""
    member = await pay.desk.rows("SELECT state::text FROM records WHERE record = 'registry.staff-member' ORDER BY id")
    state = type(await pay.hire(9)).model_validate_json(member[0]["state"])
    await pay.change(state, is_public_employee=True, effective_on=date(2026, 10, 31))
    await pay.tell(await pay.facts())
    await pay.check()
    (found,) = await recoveries(pay)
    assert (found["staff_member_id"], found["clause"]) == (str(state.id), "O1.4g")


async def test_a_public_post_outside_the_period_opens_nothing(pay: Any, places: Any, run: Any) -> None:
    """O1.4g."""
    far = places.staff_state(
        {"id": str(uuid7()), "division": "440305001000", "level": "town"},
        1,
        staff_type="establishment",
        is_public_employee=True,
        started_on=date(2026, 11, 1),
        effective_on=date(2026, 11, 1),
    )
    await pay.tell([state_changed(far)[1]])
    await pay.check()
    assert await recoveries(pay) == []


async def test_a_settlement_under_way_is_not_overlooked(pay: Any, places: Any) -> None:
    """O1.4g: it has asked the guard and not committed yet; the check of the person waits for it."""
    await pay.hire(1)
    await pay.rate(333)
    case = await pay.case(1)
    await pay.accept(case)
    drafted = (await pay.draft()).json()
    far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, 1)
    far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
    conn = await asyncpg.connect(pay.desk.url)
    blocking = conn.transaction()
    await blocking.start()
    await conn.execute("INSERT INTO paid_tasks VALUES ($1, $1, $1, $1, 1, 1)", case.id)
    settling = asyncio.create_task(pay.settle(drafted))
    await asyncio.sleep(0.5)
    await pay.tell([state_changed(far)[1]])
    checking = asyncio.create_task(pay.check())
    await asyncio.sleep(0.5)
    assert not settling.done()
    await blocking.rollback()
    await conn.close()
    settled, _ = await asyncio.gather(settling, checking)
    assert settled.json()["total_fen"] == 333
    assert [one["amount_fen"] for one in await recoveries(pay)] == [333]


async def test_whoever_is_faster_the_public_employee_keeps_nothing(pay: Any, places: Any) -> None:
    """O1.4g: settlement and news race; either the line is blocked, or its pay is recovered."""
    await pay.rate(333)
    for number in range(20, 26):
        await pay.hire(number)
        await pay.accept(await pay.case(number))
        drafted = (await pay.draft()).json()
        far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, number)
        far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
        settled, *_ = await asyncio.gather(
            pay.settle(drafted), pay.tell([state_changed(far)[1]]), pay.check(), pay.check()
        )
        await pay.check()
        run = settled.json()
        back = [one["amount_fen"] for one in await recoveries(pay) if one["pay_run_id"] == run["id"]]
        assert run["total_fen"] == sum(back)


async def test_a_task_taken_back_after_it_was_paid_is_recovered_alone(pay: Any, run: Any) -> None:
    """O1.4f: the sum of what comes back is what the line would be less without the tasks."""
    line = max(run["lines"], key=lambda one: one["tasks"])
    shown = (await pay.desk.get("/pay-tasks", pay.head, pay_run_id=run["id"])).json()["items"]
    amounts = []
    for one in [one for one in shown if one["staff_member_id"] == line["staff_member_id"]]:
        office = await pay.office()
        case = await pay.case(
            1, id=_uuid(one["case_id"]), version=4, closing_result="voided", office_id=_uuid(office["id"])
        )
        await pay.take(case)
        await pay.check()
        await pay.check()
        (found,) = [two for two in await recoveries(pay) if two["case_id"] == one["case_id"]]
        assert (found["clause"], found["found_reason_label"]) == ("O1.4f", "已核发任务的办件被更正")
        amounts.append(found["amount_fen"])
    assert sum(amounts) == line["amount_fen"] == 500
    assert sorted(amounts) in ([167, 333], [166, 334])


async def test_what_came_back_for_a_task_does_not_come_back_again_with_the_line(
    pay: Any, places: Any, run: Any
) -> None:
    """O1.4f, O1.4g."""
    line = max(run["lines"], key=lambda one: one["tasks"])
    office = await pay.office()
    await pay.case(1, id=_uuid(line["case_ids"][0]), version=4, closing_result="voided", office_id=_uuid(office["id"]))
    await pay.check()
    far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, 1)
    far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
    await pay.tell([state_changed(far)[1]])
    await pay.check()
    await pay.case(1, id=_uuid(line["case_ids"][1]), version=4, closing_result="voided", office_id=_uuid(office["id"]))
    await pay.check()
    found = await recoveries(pay)
    assert sorted(one["clause"] for one in found) == ["O1.4f", "O1.4g"]
    assert sum(one["amount_fen"] for one in found) == line["amount_fen"]


HEIR = "441624101202"


def merger(station: str) -> Change:
    """The village of a station goes into the one beside it."""
    sources, targets = (station, HEIR), (Target(HEIR),)
    return Change(ChangeKind.MERGE, today(), "和府〔2026〕8号", sources=sources, targets=targets, heir=HEIR)


async def find_fault(pay: Any, places: Any, run: Any, found_by: str) -> None:
    """Something that makes settled pay of the run wrong."""
    if found_by == "person":
        far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, 1)
        far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
        await pay.tell([state_changed(far)[1]])
    else:
        office = await pay.office()
        case_id = _uuid(run["lines"][0]["case_ids"][0])
        await pay.case(1, id=case_id, version=4, closing_result="voided", office_id=_uuid(office["id"]))


async def require_at_heir(pay: Any) -> None:
    heir = await pay.office(HEIR)
    (found,) = await recoveries(pay)
    assert (found["office_id"], found["division"]) == (heir["id"], HEIR)
    closed = await pay.act("pay-recoveries", found["id"], "closing", found["version"], status="recovered")
    assert closed.status_code == 200, closed.text
    assert await pay.desk.value("SELECT count(*) FROM pay_checks") == 0


@pytest.mark.parametrize("found_by", ["person", "case"])
async def test_a_recovery_found_while_its_office_is_merged_is_the_heirs(
    pay: Any, places: Any, run: Any, found_by: str
) -> None:
    """O1.4f, O1.4g: at a closed office nobody could ever end it."""
    await find_fault(pay, places, run, found_by)
    async with pay.desk.units()() as uow:
        await perform_change(uow, merger(places.STATION))
        checking = asyncio.create_task(pay.check())
        await asyncio.sleep(0.5)
        assert await recoveries(pay) == []
    await checking
    await require_at_heir(pay)


@pytest.mark.parametrize("found_by", ["person", "case"])
async def test_a_merger_waits_for_recoveries_that_are_being_opened_and_takes_them_along(
    pay: Any, places: Any, run: Any, found_by: str
) -> None:
    """O1.4f, O1.4g."""

    async def merge() -> None:
        async with pay.desk.units()() as uow:
            await perform_change(uow, merger(places.STATION))

    await find_fault(pay, places, run, found_by)
    async with pay.desk.units()() as uow:
        assert await look_through(uow, limit=50) > 0
        merging = asyncio.create_task(merge())
        await asyncio.sleep(0.5)
    await merging
    await require_at_heir(pay)


@pytest.fixture
async def recovery(pay: Any, places: Any, run: Any) -> dict[str, Any]:
    """An open recovery."""
    far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, 1)
    far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
    await pay.tell([state_changed(far)[1]])
    await pay.check()
    (found,) = await recoveries(pay)
    return found


async def test_a_recovery_is_closed_once(pay: Any, recovery: Any) -> None:
    """O1.4g."""
    closed = await pay.act("pay-recoveries", recovery["id"], "closing", 1, status="recovered")
    assert (closed.status_code, closed.json()["status_label"], closed.json()["version"]) == (200, "已追回", 2)
    again = await pay.act("pay-recoveries", recovery["id"], "closing", 2, status="recovered")
    assert (again.status_code, again.json()["code"]) == (409, "registry.pay-recovery-closed")
    history = (await pay.desk.get(f"/pay-recoveries/{recovery['id']}/versions", pay.head)).json()
    assert [one["status"] for one in history] == ["open", "recovered"]
    shown = await pay.desk.get(f"/pay-recoveries/{recovery['id']}", pay.head)
    assert (shown.json(), shown.headers["ETag"]) == (closed.json(), '"2"')


async def test_a_waived_recovery_has_reason_and_document(pay: Any, recovery: Any) -> None:
    """O1.4g."""
    grounds = {"reason": "本人已去世", "document": "和府会纪〔2026〕9号"}
    waived = await pay.act("pay-recoveries", recovery["id"], "closing", 1, status="waived", **grounds)
    assert (waived.json()["status"], waived.json()["close_document"]) == ("waived", grounds["document"])


@pytest.mark.parametrize(
    ("body", "version", "division", "status", "code"),
    [
        ({"status": "waived"}, 1, None, 422, "registry.pay-waiver-needs-grounds"),
        ({"status": "waived", "reason": "本人已去世"}, 1, None, 422, "registry.pay-waiver-needs-grounds"),
        ({"status": "waived", "document": "和府〔2026〕9号"}, 1, None, 422, "registry.pay-waiver-needs-grounds"),
        ({"status": "open"}, 1, None, 422, "request.validation-failed"),
        ({"status": "recovered", "reason": "电话15400000001"}, 1, None, 422, "registry.text-holds-personal-data"),
        ({"status": "recovered"}, 2, None, 412, "request.if-match-stale"),
        ({"status": "recovered"}, 1, "441624000000", 403, "auth.out-of-scope"),
    ],
)
async def test_a_wrong_closing_is_refused_and_leaves_nothing(
    pay: Any, recovery: Any, body: dict[str, Any], version: int, division: str | None, status: int, code: str
) -> None:
    """O1.4g."""
    actor = make_actor(division, Role.BUREAU_SUPERVISOR) if division else None
    before = await pay.counts()
    answer = await pay.act("pay-recoveries", recovery["id"], "closing", version, actor=actor, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await pay.counts() == before


async def test_checks_that_fail_are_not_lost(pay: Any, places: Any, run: Any) -> None:
    """O1.4g."""
    far = places.staff_state({"id": str(uuid7()), "division": "440305001000", "level": "town"}, 1)
    far = far.model_copy(update={"staff_type": "establishment", "is_public_employee": True})
    await pay.tell([state_changed(far)[1]])
    waiting = await pay.desk.value("SELECT count(*) FROM pay_checks")
    with pytest.raises(RuntimeError, match="in between"):
        async with pay.desk.units()() as uow:
            assert await look_through(uow, limit=50) > 0
            raise RuntimeError("in between")
    assert await pay.desk.value("SELECT count(*) FROM pay_checks") == waiting
    await pay.check()
    assert len(await recoveries(pay)) == 1


async def test_the_worker_reads_both_groups_and_opens_recoveries_by_itself(pay: Any) -> None:
    runners = consumers(pay.desk.context)
    assert {runner.group for runner in runners} == {POSTS_GROUP, TASKS_GROUP}
    await pay.hire(1)
    await pay.rate(333)
    await pay.accept(await pay.case(1))
    await pay.pay()
    office = await pay.office("441625100000")
    await pay.hire(1, division=office["division"], staff_type="establishment", is_public_employee=True, account=None)
    await pay.tell(await pay.facts())
    stop = asyncio.Event()
    running = [asyncio.ensure_future(job(stop)) for job in jobs(pay.desk.context)]
    async with asyncio.timeout(20):
        while not await recoveries(pay):
            await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*running), 10)


def _uuid(text: str) -> Any:
    return type(uuid7())(text)
