"""Orders of supervision: their life, who may what, counts, reminders. Source: S6, O6.3a."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.auth import Role
from common.clock import now, today
from common.contracts.reporting.orders import EvidenceState, OrderState
from common.divisions import contains, level_of
from common.errors import DomainError
from common.testing.problems import problem
from common.testing.tokens import make_actor
from common.uow import UnitOfWorkFactory
from reporting.orders import domain, jobs
from reporting.orders.errors import NotAbove
from reporting.orders.service import issue_order, orders_about, send_reminders

CITY, COUNTY, TOWN, VILLAGE = "440300000000", "440305000000", "440305001000", "440305001001"
DONGGUAN, DONGCHENG = "441900000000", "441900003000"
SUPERVISOR = make_actor(CITY, Role.BUREAU_SUPERVISOR)
COUNTY_SUPERVISOR = make_actor(COUNTY, Role.BUREAU_SUPERVISOR)
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
AGENT = make_actor(VILLAGE, Role.STATION_AGENT)
PROOF = [{"title": "整改照片", "reference": "档案〔2026〕7号"}]


def body(**changes):
    return {
        "to_division": TOWN,
        "title": "场地面积不足",
        "demand": "请核实并整改办公和服务场地。",
        "clause": "O2.2a",
        "due_on": (today() + timedelta(days=10)).isoformat(),
        **changes,
    }


async def issued(send, actor=SUPERVISOR, **changes):
    answer = await send("POST", "/orders", actor, body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def step(send, order, name, actor, told=None):
    answer = await send("POST", f"/orders/records/{order['id']}/{name}", actor, told, version=order["version"])
    assert answer.status_code == 200, answer.text
    return answer.json()


def state(status="issued", **changes):
    day = today()
    values = {
        "id": uuid4(), "version": 1, "division": CITY, "level": level_of(CITY), "changed_at": now(),
        "to_division": TOWN, "title": "整改", "demand": "整改", "clause": "S6", "status": status,
        "due_on": day, "first_due_on": day, "issued_by": "a", "issued_at": now(),
    }  # fmt: skip
    return OrderState.model_validate(values | changes)


async def test_an_order_is_acknowledged_answered_returned_answered_again_and_closed(filled, send, get):
    """S6: 检查督办 with closure; what was still missing stays in the record."""
    order = await issued(send)
    assert (order["status_label"], order["level_label"], order["is_overdue"]) == ("已发出", "市", False)
    order = await step(send, order, "acknowledgement", HEAD)
    order = await step(send, order, "answers", HEAD, {"text": "已整改。", "evidence": PROOF})
    order = await step(send, order, "returns", SUPERVISOR, {"missing": "缺少验收材料"})
    assert (order["status"], order["returns"][0]["missing"]) == ("returned", "缺少验收材料")
    order = await step(send, order, "answers", HEAD, {"text": "补充验收材料。", "evidence": PROOF})
    order = await step(send, order, "closure", SUPERVISOR, {"remark": "符合要求"})
    assert (order["status"], order["closed_on_time"], order["due_on"], len(order["answers"])) == (
        "closed", True, None, 2,
    )  # fmt: skip
    seen = await get(f"/orders/records/{order['id']}", HEAD)
    assert (seen.json(), seen.headers["ETag"]) == (order, '"6"')
    again = await send("POST", f"/orders/records/{order['id']}/withdrawal", SUPERVISOR, {"reason": "重复"}, version=6)
    problem(again, 409, "reporting.order.not-in-state")


async def test_an_order_goes_down_the_levels_and_its_own_steps_below_do_not(filled, send):
    """S6: each version of the issuer carries the order of dispatch; the answer of the addressee is no dispatch."""
    order = await issued(send)
    await step(send, order, "acknowledgement", HEAD)
    rows = await filled.rows("SELECT division, data FROM outbox WHERE subject = $1 ORDER BY id", order["id"])
    first, second = (json.loads(row["data"]) for row in rows)
    assert (first["dispatch"]["to"], first["dispatch"]["down_to"]) == ([TOWN], "town")
    assert first["dispatch"]["sign_by"] == order["due_on"]
    assert (first["division"], second["dispatch"]) == (CITY, None)


async def test_more_time_is_asked_for_below_and_given_above(filled, send):
    """S6: extension approved by the issuer only, and only to a later day."""
    order = await issued(send)
    later = (today() + timedelta(days=20)).isoformat()
    early = {"due_on": order["due_on"], "reason": "施工"}
    refused = await send("POST", f"/orders/records/{order['id']}/extension", HEAD, early, version=1)
    problem(refused, 422, "reporting.order.extension-not-later", "S6")
    order = await step(send, order, "extension", HEAD, {"due_on": later, "reason": "施工未完"})
    assert order["due_on"] != later
    decided = {"approves": True, "reason": "同意"}
    path = f"/orders/records/{order['id']}/extension/decision"
    problem(await send("POST", path, HEAD, decided, version=2), 403, "reporting.order.not-the-issuer")
    problem(await send("POST", path, COUNTY_SUPERVISOR, decided, version=2), 403, "reporting.order.not-the-issuer")
    order = await step(send, order, "extension/decision", SUPERVISOR, decided)
    assert (order["due_on"], order["extensions"][0]["decision_label"]) == (later, "同意")
    again = await send("POST", path, SUPERVISOR, decided, version=3)
    problem(again, 409, "reporting.order.no-extension-pending")


async def test_who_lies_between_reads_and_who_lies_beside_does_not(filled, send, get):
    """S6, O6.3a: read by the division addressed and those above it."""
    order = await issued(send)
    path = f"/orders/records/{order['id']}"
    assert (await get(path, COUNTY_SUPERVISOR)).status_code == 200
    for stranger in (make_actor("440306000000", Role.BUREAU_SUPERVISOR), AGENT):
        problem(await get(path, stranger), 404, "record.not-found")
        assert (await get("/orders", stranger)).json()["items"] == []
    problem(await get(path, make_actor(CITY, Role.ADMINISTRATOR)), 403, "auth.role-required")
    assert [one["id"] for one in (await get("/orders", HEAD)).json()["items"]] == [order["id"]]
    steps = (COUNTY_SUPERVISOR, "acknowledgement", None), (SUPERVISOR, "answers", {"text": "代答", "evidence": PROOF})
    for actor, name, told in steps:
        answer = await send("POST", f"{path}/{name}", actor, told, version=1)
        problem(answer, 403, "reporting.order.not-the-addressee")


async def test_an_order_ends_where_it_began_although_the_town_went_to_another_county(
    filled, send, get, directory_events
):
    """S6, O6.3a: who issued it finds it, the heir answers, and it is closed."""
    order = await issued(send, COUNTY_SUPERVISOR)
    moved, heir = today() - timedelta(days=1), "440306009000"
    await filled.directory(
        directory_events("division", TOWN, "南头街道", version=2, valid_to=moved, successors=(heir,)),
        directory_events("division", heir, "南头街道", valid_from=moved, predecessors=(TOWN,)),
    )
    head = make_actor(heir, Role.OFFICE_HEAD)
    order = await step(send, order, "answers", head, {"text": "已整改。", "evidence": PROOF})
    seen = await get(f"/orders/records/{order['id']}", COUNTY_SUPERVISOR)
    assert (seen.status_code, seen.json()["version"]) == (200, order["version"])
    assert [one["id"] for one in (await get("/orders", COUNTY_SUPERVISOR)).json()["items"]] == [order["id"]]
    order = await step(send, order, "closure", COUNTY_SUPERVISOR, {"remark": "符合要求"})
    assert order["status"] == "closed"
    beside = make_actor("441624000000", Role.BUREAU_SUPERVISOR)
    problem(await get(f"/orders/records/{order['id']}", beside), 404, "record.not-found")


@pytest.mark.parametrize(("actor", "changes", "status", "code"), [
    (HEAD, {}, 422, "reporting.order.not-above"),
    (HEAD, {"to_division": CITY}, 403, "auth.out-of-scope"),
    (SUPERVISOR, {"to_division": "440306001000", "due_on": "2020-01-01"}, 422, "reporting.order.due-in-the-past"),
    (SUPERVISOR, {"to_division": "440309001000"}, 422, "directory.division-unknown"),
    (SUPERVISOR, {"clause": "S9"}, 422, "reporting.order.clause-unknown"),
    (SUPERVISOR, {"about": {"record": "reporting.report", "id": str(uuid4())}}, 422, "reporting.order.about-unknown"),
    (SUPERVISOR, {"demand": "电话13800138000"}, 422, "request.validation-failed"),
    (SUPERVISOR, {"due_on": "soon"}, 422, "request.validation-failed"),
    (SUPERVISOR, {"extra": 1}, 422, "request.validation-failed"),
    (make_actor(CITY, Role.STATISTICIAN), {}, 403, "auth.role-required"),
    (make_actor(CITY, Role.ADMINISTRATOR), {}, 403, "auth.role-required"),
])  # fmt: skip
async def test_an_order_that_makes_no_sense_is_refused_and_not_written(filled, send, actor, changes, status, code):
    """S6."""
    problem(await send("POST", "/orders", actor, body(**changes)), status, code)
    assert await filled.value("SELECT count(*) FROM records WHERE record = 'reporting.order'") == 0


async def test_an_answer_needs_its_proof_and_the_version_that_was_seen(filled, send):
    """S6."""
    order = await issued(send)
    path = f"/orders/records/{order['id']}/answers"
    problem(await send("POST", path, HEAD, {"text": "好的", "evidence": []}, version=1), 422,
            "reporting.order.evidence-missing", "S6")  # fmt: skip
    told = {"text": "好的", "evidence": PROOF}
    problem(await send("POST", path, HEAD, told), 428, "request.if-match-required")
    problem(await send("POST", path, HEAD, told, version=7), 412, "request.if-match-stale")


async def test_an_answer_and_a_withdrawal_at_once_have_one_outcome(filled, send):
    """S6: whoever comes second learns that the order has changed."""
    order = await issued(send)
    path = f"/orders/records/{order['id']}"
    answers = await asyncio.gather(
        send("POST", f"{path}/answers", HEAD, {"text": "已整改", "evidence": PROOF}, version=1),
        send("POST", f"{path}/withdrawal", SUPERVISOR, {"reason": "重复督办"}, version=1),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert await filled.value("SELECT version FROM records WHERE id = $1::uuid", order["id"]) == 2


async def test_counts_of_a_subtree_tell_what_is_open_overdue_and_closed_late(filled, send, get):
    """S6, O6.3a: counted for whom they are addressed to, by division directly below."""
    mine = await issued(send)
    await issued(send, to_division=COUNTY)
    await issued(send, to_division="440306001000")
    order = await step(send, mine, "answers", HEAD, {"text": "已整改", "evidence": PROOF})
    await step(send, order, "closure", SUPERVISOR, {"remark": "符合"})
    later = today() + timedelta(days=11)
    found = (await get("/orders/counts", SUPERVISOR, on=later)).json()
    assert (found["total"]["total"], found["total"]["open"], found["total"]["overdue"]) == (3, 2, 2)
    assert {one["division"]: one["total"] for one in found["children"]} == {COUNTY: 2, "440306000000": 1}
    below = (await get("/orders/counts", COUNTY_SUPERVISOR)).json()
    assert {one["division"]: one["open"] for one in below["children"]} == {COUNTY: 1, TOWN: 0}
    problem(await get("/orders/counts", HEAD, division=COUNTY), 403, "auth.out-of-scope")
    listed = (await get("/orders", SUPERVISOR, overdue="false", status="closed")).json()["items"]
    assert [one["id"] for one in listed] == [mine["id"]]


async def test_each_reminder_is_sent_once_and_again_for_a_new_day(filled, send):
    """S6: shortly before the day and after it; an answer under review is not reminded of."""
    units = UnitOfWorkFactory(filled.db)
    soon = await issued(send, due_on=(today() + timedelta(days=2)).isoformat())
    answered = await issued(send, due_on=today().isoformat())
    await step(send, answered, "answers", HEAD, {"text": "已整改", "evidence": PROOF})
    await issued(send)

    async def run(days):
        async with units() as uow:
            return await send_reminders(uow, on=today() + timedelta(days=days), limit=100)

    async def sent():
        rows = await filled.rows(
            "SELECT state -> 'reminders' AS told FROM records WHERE record = 'reporting.order' ORDER BY id"
        )
        return [[one["kind"] for one in row["told"]] for row in rows]

    await asyncio.gather(run(0), run(0))
    assert await sent() == [["due_soon"], [], []]
    await run(0)
    assert await sent() == [["due_soon"], [], []]
    await run(3)
    await run(4)
    assert await sent() == [["due_soon", "overdue"], [], []]
    order = (await filled.value("SELECT version FROM records WHERE id = $1::uuid", soon["id"]), soon["id"])
    assert order[0] == 3


async def test_the_loop_reminds_of_more_than_a_page_and_of_each_once(filled, send, monkeypatch):
    """S6: without anybody's act."""
    monkeypatch.setattr(jobs, "PAGE", 1)
    for _ in range(3):
        await issued(send, due_on=(today() + timedelta(days=1)).isoformat())
    context = SimpleNamespace(uow=UnitOfWorkFactory(filled.db))

    async def told():
        rows = await filled.rows("SELECT state -> 'reminders' AS told FROM records WHERE record = 'reporting.order'")
        return [[one["kind"] for one in row["told"]] for row in rows]

    for every_seconds in (3_600, 0.01):
        stop = asyncio.Event()
        task = asyncio.create_task(jobs.order_reminders_job(context, every_seconds=every_seconds)(stop))
        async with asyncio.timeout(20):
            while not all(await told()):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            stop.set()
            await task
    assert await told() == [["due_soon"]] * 3


async def test_another_feature_orders_for_the_division_that_it_acts_for(filled):
    """S6: an inspector from elsewhere acts for the organiser; the order is found by what it is about."""
    stranger = make_actor("440306000000", Role.BUREAU_SUPERVISOR)
    about = ("casework.warning", uuid4())
    async with UnitOfWorkFactory(filled.db)(stranger) as uow:
        order = await issue_order(
            uow, actor=stranger, to_division=TOWN, title="整改", demand="整改", clause="S5", due_on=today(),
            about=about, issuer=CITY,
        )  # fmt: skip
        assert (await orders_about(uow.session, about[1]))[0] == order
    assert (order.division, order.to_division, order.about_record) == (CITY, TOWN, "casework.warning")


def test_orders_go_down_also_over_a_level_that_does_not_exist():
    """S6: 东莞 has no counties."""
    domain.require_above(DONGGUAN, DONGCHENG)
    for issuer, addressee in ((TOWN, TOWN), (TOWN, CITY), (DONGGUAN, TOWN)):
        with pytest.raises(NotAbove):
            domain.require_above(issuer, addressee)


@given(st.lists(st.tuples(st.sampled_from(
    ("acknowledge", "answer", "return", "close", "ask", "approve", "refuse", "withdraw")
), st.integers(0, 3)), max_size=12))  # fmt: skip
def test_whatever_is_done_an_order_is_in_one_state_and_nothing_follows_its_end(acts):
    """S6: a model of the states."""
    order, model, day = state(), "issued", datetime(2026, 11, 1, tzinfo=UTC)
    order = state(due_on=day.date(), first_due_on=day.date())
    pending = False
    for act, days in acts:
        at = day + timedelta(days=days)
        later = (order.due_on or day.date()) + timedelta(days=5)
        waiting = model in ("issued", "acknowledged", "returned")
        allowed = {
            "acknowledge": model == "issued", "answer": waiting, "return": model == "answered",
            "close": model == "answered", "ask": waiting and not pending, "approve": waiting and pending,
            "refuse": waiting and pending, "withdraw": model not in ("closed", "withdrawn"),
        }[act]  # fmt: skip
        proof = (EvidenceState(title="证", reference="1"),)
        apply = {
            "acknowledge": lambda o, at=at: domain.acknowledged(o, by="b", at=at),
            "answer": lambda o, at=at, proof=proof: domain.answered(o, by="b", at=at, text="t", evidence=proof),
            "return": lambda o, at=at: domain.returned(o, by="a", at=at, missing="m"),
            "close": lambda o, at=at: domain.closed(o, by="a", at=at, remark="r"),
            "ask": lambda o, at=at, d=later: domain.extension_asked(o, by="b", at=at, due_on=d, reason="r"),
            "approve": lambda o, at=at: domain.extension_decided(o, by="a", at=at, approves=True, reason="r"),
            "refuse": lambda o, at=at: domain.extension_decided(o, by="a", at=at, approves=False, reason="r"),
            "withdraw": lambda o, at=at: domain.withdrawn(o, by="a", at=at, reason="r"),
        }[act]
        if not allowed:
            with pytest.raises(DomainError):
                apply(order)
            continue
        order = order.model_copy(update=apply(order))
        model = {
            "acknowledge": "acknowledged", "answer": "answered", "return": "returned", "close": "closed",
            "withdraw": "withdrawn",
        }.get(act, model)  # fmt: skip
        pending = {"ask": True, "approve": False, "refuse": False}.get(act, pending)
        assert order.status == model
        assert (order.due_on is None) == (model in ("closed", "withdrawn"))
        assert (domain.pending_extension(order) is not None) == pending


def test_no_notice_is_born_overdue():
    """S6: a day to sign by has only what demands something, and only a day that lies ahead."""
    at, proof = now(), (EvidenceState(title="证", reference="1"),)
    late = state(due_on=today() - timedelta(days=3), first_due_on=today() - timedelta(days=3))
    answered = late.model_copy(update=domain.answered(late, by="b", at=at, text="t", evidence=proof))
    later = today() + timedelta(days=5)
    asked = late.model_copy(update=domain.extension_asked(late, by="b", at=at, due_on=later, reason="r"))
    notices = (
        domain.returned(answered, by="a", at=at, missing="m"),
        domain.closed(answered, by="a", at=at, remark="r"),
        domain.withdrawn(late, by="a", at=at, reason="r"),
        domain.extension_decided(asked, by="a", at=at, approves=False, reason="r"),
        domain.reminded(late, kind="overdue", at=at),
        domain.reminded(state(), kind="due_soon", at=at),
    )
    assert [one["dispatch"].sign_by for one in notices] == [None] * len(notices)
    given = domain.extension_decided(asked, by="a", at=at, approves=True, reason="r")
    assert given["dispatch"].sign_by == later
    ahead = state("answered", due_on=later).model_copy(update={"answers": answered.answers})
    assert domain.returned(ahead, by="a", at=at, missing="m")["dispatch"].sign_by == later
    assert domain.closed(ahead, by="a", at=at, remark="r")["dispatch"].sign_by is None


def test_in_time_is_what_was_answered_in_time_however_long_the_review_takes():
    """S6: overdue is derived, and a late answer stays late."""
    due = today()
    answered = state().model_copy(
        update=domain.answered(
            state(), by="b", at=now(), text="t", evidence=(EvidenceState(title="证", reference="1"),)
        )
    )
    assert not domain.is_overdue(answered, on=due + timedelta(days=30))
    assert domain.is_overdue(state(), on=due + timedelta(days=1))
    assert not domain.is_overdue(state(), on=due)
    late = answered.model_copy(update={"due_on": due - timedelta(days=1)})
    assert domain.is_overdue(late, on=due)
    assert domain.closed(late, by="a", at=now(), remark="r")["closed_on_time"] is False
    assert contains(CITY, TOWN)
