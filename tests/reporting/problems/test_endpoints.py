"""Problems over HTTP, from a station straight to the province. Source: G2."""

import asyncio
from datetime import timedelta

import pytest

from common.auth import Role
from common.clock import today
from common.testing.problems import problem
from common.testing.tokens import make_actor

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "441600000000", "441624000000", "441624100000", "441624100201",
)  # fmt: skip
AGENT = make_actor(VILLAGE, Role.STATION_AGENT)
HANDLER = make_actor(PROVINCE, Role.BUREAU_SUPERVISOR)
OTHER_HANDLER = make_actor(PROVINCE, Role.OFFICE_HEAD)
BETWEEN = [make_actor(code, Role.OFFICE_HEAD) for code in (TOWN, COUNTY, CITY)]


def body(**changes):
    return {"title": "场地不足", "text": "服务站与社区中心合用，面积不足。", "clause": "O2.2a", **changes}


@pytest.fixture
async def desk_of(filled, send, get):
    class Office:
        async def report(self, actor=AGENT, **changes):
            answer = await send("POST", "/problems", actor, body(**changes))
            assert answer.status_code == 201, answer.text
            return answer.json()

        async def try_step(self, state, name, actor, told=None):
            return await send("POST", f"/problems/{state['id']}/{name}", actor, told, version=state["version"])

        async def step(self, state, name, actor, told=None):
            answer = await self.try_step(state, name, actor, told)
            assert answer.status_code == 200, answer.text
            return answer.json()

        async def read(self, path, actor=HANDLER, **query):
            answer = await get(f"/problems{path}", actor, **query)
            assert answer.status_code == 200, answer.text
            return answer.json()

    return Office()


async def test_a_station_tells_the_province_and_the_province_answers(desk_of, filled):
    """G2: 请径向省人力资源社会保障厅反映."""
    state = await desk_of.report()
    assert (state["status_label"], state["addressed_to"], state["division"]) == ("已反映", PROVINCE, VILLAGE)
    assert [one["id"] for one in (await desk_of.read(""))["items"]] == [state["id"]]
    state = await desk_of.step(state, "take-up", HANDLER)
    state = await desk_of.step(state, "questions", HANDLER, {"text": "现有多少平方米？"})
    assert (state["due_on"] is not None, state["status_label"]) == (True, "待补充")
    state = await desk_of.step(state, "supplements", AGENT, {"text": "八十平方米。"})
    state = await desk_of.step(state, "answers", HANDLER, {"text": "可以在综合服务平台设立专窗。"})
    state = await desk_of.step(state, "closing", AGENT, {"is_satisfied": True})
    assert (state["status_label"], state["is_satisfied"]) == ("已办结", True)
    assert [one["kind_label"] for one in state["exchanges"]] == ["省厅询问", "补充说明"]
    events = await filled.rows("SELECT topic FROM outbox WHERE topic = 'jiceng.reporting.problem.v1'")
    assert len(events) == 6


async def test_the_levels_between_see_it_and_note_and_cannot_stop_or_answer_it(desk_of):
    """G2: skips levels."""
    state = await desk_of.report()
    for actor in BETWEEN:
        assert (await desk_of.read(f"/{state['id']}", actor))["title"] == "场地不足"
        for name, told in (
            ("take-up", None),
            ("questions", {"text": "为何不先报县里？"}),
            ("answers", {"text": "不予办理。"}),
            ("separation", {"reason": "不予办理"}),
        ):
            answer = await desk_of.try_step(state, name, actor, told)
            problem(answer, 403, "reporting.problem.not-the-province", "G2")
        for name, told in (("closing", {"is_satisfied": True}), ("reopening", {"reason": "代为处理"})):
            problem(await desk_of.try_step(state, name, actor, told), 403, "reporting.problem.not-the-reporter", "G2")
        state = await desk_of.step(state, "notes", actor, {"text": "情况属实，请省厅研究。"})
    assert [one["level_label"] for one in state["notes"]] == ["镇", "县", "市"]
    assert state["status"] == "reported"


async def test_neighbours_do_not_see_it(desk_of, get):
    state = await desk_of.report()
    for code in ("440300000000", "441900000000"):
        stranger = make_actor(code, Role.OFFICE_HEAD)
        problem(await get(f"/problems/{state['id']}", stranger), 404, "record.not-found")
        assert (await desk_of.read("", stranger))["items"] == []
    problem(await get("/problems", make_actor(PROVINCE, Role.ADMINISTRATOR)), 403, "auth.role-required")


async def test_duplicates_are_answered_together_and_every_reporter_gets_the_answer(desk_of):
    """G2: merge duplicates under one answer."""
    leading = await desk_of.step(await desk_of.report(), "take-up", HANDLER)
    same = await desk_of.report(make_actor("441900003001", Role.STATION_AGENT))
    other = await desk_of.report(make_actor(TOWN, Role.WINDOW_CLERK))
    same = await desk_of.step(same, "merger", HANDLER, {"into": leading["id"]})
    other = await desk_of.step(other, "merger", HANDLER, {"into": leading["id"]})
    answer = await desk_of.try_step(leading, "merger", HANDLER, {"into": other["id"]})
    problem(answer, 422, "reporting.problem.cannot-merge", "G2")
    problem(
        await desk_of.try_step(same, "answers", HANDLER, {"text": "单独答复。"}), 409, "reporting.problem.wrong-state"
    )
    other = await desk_of.step(other, "separation", HANDLER, {"reason": "情况不同"})
    await desk_of.step(leading, "answers", HANDLER, {"text": "按专窗办理。"})
    same = await desk_of.read(f"/{same['id']}", make_actor("441900003001", Role.STATION_AGENT))
    assert (same["status"], same["answers"][0]["text"]) == ("answered", "按专窗办理。")
    assert (await desk_of.read(f"/{other['id']}"))["status"] == "taken_up"


async def test_two_merges_into_each_other_make_no_circle(desk_of):
    first, second = await desk_of.report(), await desk_of.report()
    answers = await asyncio.gather(
        desk_of.try_step(first, "merger", HANDLER, {"into": second["id"]}),
        desk_of.try_step(second, "merger", OTHER_HANDLER, {"into": first["id"]}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_merge_at_the_moment_of_the_answer_is_answered_or_refused(desk_of):
    leading = await desk_of.step(await desk_of.report(), "take-up", HANDLER)
    same = await desk_of.report()
    answered, merged = await asyncio.gather(
        desk_of.try_step(leading, "answers", HANDLER, {"text": "按专窗办理。"}),
        desk_of.try_step(same, "merger", OTHER_HANDLER, {"into": leading["id"]}),
    )
    assert answered.status_code == 200
    state = await desk_of.read(f"/{same['id']}")
    assert state["status"] == ("answered" if merged.status_code == 200 else "reported")


async def test_of_two_who_take_it_up_one_does(desk_of):
    state = await desk_of.report()
    answers = await asyncio.gather(*(desk_of.try_step(state, "take-up", actor) for actor in (HANDLER, OTHER_HANDLER)))
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_the_province_orders_somebody_about_it(desk_of, filled):
    """G2, S6: 督办."""
    state = await desk_of.step(await desk_of.report(), "take-up", HANDLER)
    told = {
        "to_division": COUNTY, "title": "落实服务站场地", "demand": "请于期限内落实。", "clause": "O2.2a",
        "due_on": (today() + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    state = await desk_of.step(state, "orders", HANDLER, told)
    rows = await filled.rows("SELECT id, state FROM records WHERE record = 'reporting.order'")
    assert state["order_ids"] == [str(rows[0]["id"])]
    assert rows[0]["state"]["about_id"] == state["id"]
    early = await desk_of.report()
    problem(await desk_of.try_step(early, "orders", HANDLER, told), 409, "reporting.problem.wrong-state", "G2")
    assert await filled.value("SELECT count(*) FROM records WHERE record = 'reporting.order'") == 1


async def test_an_answer_becomes_a_public_question_and_is_taken_back(desk_of, get, send):
    """G2, O4.3e: FAQ."""
    state = await desk_of.step(await desk_of.report(), "take-up", HANDLER)
    told = {"question": "服务站没有独立场地怎么办？", "answer": "可以设立专窗。"}
    answer = await send("PUT", f"/problems/{state['id']}/faq", HANDLER, told, version=state["version"])
    problem(answer, 409, "reporting.problem.wrong-state")
    state = await desk_of.step(state, "answers", HANDLER, {"text": "可以设立专窗。"})
    answer = await send("PUT", f"/problems/{state['id']}/faq", BETWEEN[0], told, version=state["version"])
    problem(answer, 403, "reporting.problem.not-the-province")
    answer = await send("PUT", f"/problems/{state['id']}/faq", HANDLER, told, version=state["version"])
    listed = (await get("/problems/faq")).json()["items"]
    assert [(one["question"], one["clause"]) for one in listed] == [("服务站没有独立场地怎么办？", "O2.2a")]
    assert VILLAGE not in str(listed)
    await desk_of.step(answer.json(), "faq-withdrawal", HANDLER, {"reason": "政策已调整"})
    assert (await get("/problems/faq")).json()["items"] == []


async def test_overdue_ones_are_listed(desk_of, filled):
    late, _ = await desk_of.report(), await desk_of.report(urgency="urgent")
    await filled.rows(
        "UPDATE records SET due_on = $1, state = jsonb_set(state, '{due_on}', to_jsonb($2::text)) WHERE id = $3",
        today() - timedelta(days=1), (today() - timedelta(days=1)).isoformat(), late["id"],
    )  # fmt: skip
    listed = (await desk_of.read("", is_overdue="true"))["items"]
    assert [(one["id"], one["is_overdue"]) for one in listed] == [(late["id"], True)]
    assert len((await desk_of.read("", urgency="urgent"))["items"]) == 1
    assert (await desk_of.read("", clause="O1.1a"))["items"] == []


BAD = [
    (HANDLER, {}, 422, "reporting.problem.province-itself"),
    (make_actor(VILLAGE, Role.AUDITOR), {}, 403, "auth.role-required"),
    (AGENT, {"clause": "O9.9z"}, 422, "reporting.problem.clause-unknown"),
    (AGENT, {"programme": "2099"}, 422, "reporting.problem.programme-unknown"),
    (AGENT, {"clause": "nothing"}, 422, "request.validation-failed"),
    (AGENT, {"text": "联系人电话13800138000"}, 422, "request.validation-failed"),
    (AGENT, {"title": " "}, 422, "request.validation-failed"),
    (AGENT, {"urgency": "very"}, 422, "request.validation-failed"),
    (AGENT, {"addressed_to": COUNTY}, 422, "request.validation-failed"),
]


async def test_what_makes_no_sense_is_refused_and_nothing_is_written(desk_of, send, filled):
    for actor, changes, status, code in BAD:
        answer = await send("POST", "/problems", actor, body(**changes))
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await filled.value("SELECT count(*) FROM records WHERE record = 'reporting.problem'") == 0


async def test_changes_ask_for_the_version_and_a_key_makes_one(desk_of, send):
    state = await desk_of.report()
    problem(await send("POST", f"/problems/{state['id']}/take-up", HANDLER), 428, "request.if-match-required")
    problem(await desk_of.try_step({**state, "version": 5}, "take-up", HANDLER), 412, "request.if-match-stale")
    first = await send("POST", "/problems", AGENT, body(), key="one")
    again = await send("POST", "/problems", AGENT, body(), key="one")
    assert first.json()["id"] == again.json()["id"]


async def test_notes_of_those_between_stop_nobody(desk_of):
    """G2: they are counted, and the province acts on the version that it saw before them."""
    seen = await desk_of.report()
    noted = seen
    for _ in range(5):
        noted = await desk_of.step(noted, "notes", BETWEEN[0], {"text": "已了解。"})
    answer = await desk_of.try_step(noted, "notes", BETWEEN[0], {"text": "再说一次。"})
    problem(answer, 422, "reporting.problem.notes-exhausted", "G2")
    noted = await desk_of.step(noted, "notes", BETWEEN[1], {"text": "县里知悉。"})
    taken = await desk_of.step(seen, "take-up", HANDLER)
    assert (taken["status"], len(taken["notes"])) == ("taken_up", 6)
    problem(await desk_of.try_step(noted, "answers", HANDLER, {"text": "答复。"}), 412, "request.if-match-stale")
    taken = await desk_of.step(taken, "notes", BETWEEN[2], {"text": "市里知悉。"}) and taken
    assert (await desk_of.step(taken, "answers", HANDLER, {"text": "答复。"}))["status"] == "answered"


async def test_what_no_event_could_carry_is_refused_in_words_and_not_with_a_fault(filled, send, monkeypatch):
    """G2: the one error model."""
    monkeypatch.setattr("common.outbox.store.MAX_DATA_BYTES", 100)
    problem(await send("POST", "/problems", AGENT, body()), 422, "request.event-too-large")


async def test_the_heir_of_a_dissolved_office_acts_for_it(desk_of, filled):
    """G2: a problem asked back does not hang when its office is merged into another one."""
    state = await desk_of.step(await desk_of.report(), "take-up", HANDLER)
    state = await desk_of.step(state, "questions", HANDLER, {"text": "现有多少平方米？"})
    told = {"text": "八十平方米。"}
    problem(await desk_of.try_step(state, "supplements", BETWEEN[0], told), 403, "reporting.problem.not-the-reporter")
    await filled.rows("INSERT INTO directory_heirs (code, heir) VALUES ($1, $2)", VILLAGE, TOWN)
    state = await desk_of.step(state, "supplements", BETWEEN[0], told)
    assert state["status"] == "supplemented"
