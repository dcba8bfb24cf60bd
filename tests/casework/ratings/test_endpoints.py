"""Ratings over HTTP. Source: O4.3f; standards.md §7."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from casework.ratings.service import issue_rating_token
from common.auth import Actor, Role
from common.clock import now, today
from common.contracts.casework.online import OnlineApplicationState
from common.divisions import Level
from common.ids import uuid7
from common.records.service import citizen_index, store_record
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

CITIZEN = Actor("citizen-1", "测试甲", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))
TEXT = "测试经办人态度生硬，电话15400000001"


async def bad(desk, case=None, **changes):
    """A bad rating, and its rectification as a supervisor sees it."""
    made = await desk.rate(case or await desk.case(), rating="very_dissatisfied", aspects=["115"], text=TEXT, **changes)
    assert made.status_code == 201, made.text
    (rectification,) = await desk.items("/rectifications", desk.world.SUPERVISOR)
    (rating,) = await desk.items("", desk.world.SUPERVISOR)
    return rating, rectification


# --- rating -------------------------------------------------------------------------------------------------------------


async def test_a_matter_is_rated_once_and_supplemented_once(desk):
    """O4.3f: 网上一事一评, 追评 once (评价次数 2)."""
    case = await desk.case()
    first = await desk.rate(case)
    assert first.status_code == 201, first.text
    body = first.json()
    assert (body["rating_label"], body["occasion_label"], body["number"]) == ("满意", "网上一事一评", 1)
    assert body["rectification_due_on"] is None
    problem(await desk.rate(case, rating="very_satisfied"), 409, "casework.rating.already-rated", "O4.3f")
    second = await desk.rate(case, path="/supplements", rating="basically_satisfied", channel="mobile")
    assert (second.status_code, second.json()["number"]) == (201, 2)
    again = await desk.rate(case, path="/supplements")
    problem(again, 409, "casework.rating.already-supplemented", "O4.3f")
    assert await desk.totals() == (2, 2, 2, 2)
    found = await desk.items("", desk.world.SUPERVISOR)
    assert [(one["number"], one["rating"], one["channel_label"]) for one in found] == [
        (1, "satisfied", "电脑端"), (2, "basically_satisfied", "移动端"),
    ]  # fmt: skip


async def test_a_supplement_needs_a_first_rating(desk):
    problem(
        await desk.rate(await desk.case(), path="/supplements"), 409, "casework.rating.nothing-to-supplement", "O4.3f"
    )
    assert await desk.totals() == (0, 0, 0, 0)


async def test_of_many_first_ratings_at_once_one_wins(desk):
    """O4.3f: races."""
    for number in range(3):
        case = await desk.case(number)
        answers = await asyncio.gather(*(desk.rate(case, rating="dissatisfied") for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
        records = await desk.window.rows("SELECT record FROM records WHERE case_id = $1 ORDER BY record", case.id)
        assert [row["record"] for row in records] == ["casework.rating", "casework.rectification"]


async def test_a_visit_is_rated_with_the_code_of_the_window_and_apart_from_the_matter(desk):
    """O4.3f: 现场一次一评; the same day gives the same code, so printing again rates nothing twice."""
    case = await desk.case()
    token = await desk.token(case)
    assert await desk.token(case, desk.world.HEAD) == token
    assert len(token) == 48
    visit = await desk.rate(token=token, channel="hall_tablet", terminal="T-01")
    assert visit.status_code == 201, visit.text
    assert (visit.json()["occasion"], visit.json()["occasion_label"]) == ("visit", "现场一次一评")
    again = await desk.rate(token=token, channel="qr_code")
    problem(again, 409, "casework.rating.already-rated")
    other_day = issue_rating_token(desk.window.cipher, case.id, today() - timedelta(days=1))
    problem(await desk.rate(token=other_day, channel="qr_code"), 404, "casework.rating.matter-not-found")
    await desk.window.rows("UPDATE cases SET registered_at = registered_at - interval '1 day'")
    assert (await desk.rate(token=other_day, channel="qr_code")).status_code == 201
    assert (await desk.rate(case)).status_code == 201
    problem(await desk.rate(token=token, channel="pc"), 409, "casework.rating.already-rated")
    audits = await desk.window.rows("SELECT actor FROM audit_entries WHERE action = 'casework.rating.give-token'")
    assert {row["actor"] for row in audits} == {desk.world.CLERK.subject, desk.world.HEAD.subject}


async def test_a_code_never_takes_the_place_of_the_matter(desk):
    """O4.3f: whoever holds a code was there, and need not be the applicant."""
    case = await desk.case()
    for channel in ("pc", "mobile", "phone", "sms"):
        await desk.rate(token=await desk.token(case), channel=channel)
    assert (await desk.rate(case)).status_code == 201
    kept = await desk.window.rows("SELECT occasion FROM ratings ORDER BY occasion")
    assert [row["occasion"] for row in kept] == ["matter", f"visit:{today()}"]


async def test_who_has_served_in_a_case_gets_no_code_of_it(desk):
    """O4.3f: nobody rates themselves."""
    case = await desk.case()
    answer = await desk.post("/tokens", desk.world.AGENT, case_id=str(case.id))
    problem(answer, 403, "casework.rating.served-in-the-case", "O4.3f")
    assert await desk.window.value("SELECT count(*) FROM audit_entries WHERE action ~ 'give-token'") == 0


async def test_a_code_is_of_a_day_on_which_the_case_was_at_the_window(desk):
    """O4.3f: one code per case and day, where the file tells of a visit: registration, acceptance, collection."""
    case = await desk.case()
    earlier = "UPDATE cases SET registered_at = registered_at - interval '3 days', file = $1"
    file = json.loads(await desk.window.value("SELECT file FROM cases"))
    await desk.window.rows(earlier, json.dumps({**file, "steps": []}))
    answer = await desk.post("/tokens", desk.world.CLERK, case_id=str(case.id))
    problem(answer, 422, "casework.rating.no-visit", "O4.3f")
    await desk.window.rows("UPDATE cases SET collected_at = now()")
    token = await desk.token(case)
    await desk.window.rows("UPDATE cases SET collected_at = NULL")
    problem(await desk.rate(token=token, channel="qr_code"), 404, "casework.rating.matter-not-found")


async def test_a_code_tells_that_a_rating_was_received_and_nothing_of_it_and_staff_ask_for_none(desk):
    """O4.3f: paper changes hands, and staff give codes out."""
    case = await desk.case()
    token = await desk.token(case)
    await desk.rate(case, rating="dissatisfied", text=TEXT)
    path = "/casework/v1/ratings/outcomes"
    assert (await desk.window.client.post(path, json={"token": token})).json() == []
    await desk.rate(token=token, channel="qr_code", rating="very_dissatisfied")
    (outcome,) = (await desk.window.client.post(path, json={"token": token})).json()
    assert {name for name, value in outcome.items() if value is not None} == {
        "occasion", "occasion_label", "number", "rated_at",
    }  # fmt: skip
    for proof in ({"token": token}, {"case_number": case.number, "identifier": case.identifier}):
        refused = await desk.window.client.post(path, json=proof, headers=bearer(desk.world.CLERK))
        problem(refused, 403, "casework.rating.staff-cannot-rate", "O4.3f")


async def test_a_channel_of_the_hall_without_a_code_is_refused(desk):
    for channel in ("qr_code", "hall_tablet", "hall_terminal"):
        problem(await desk.rate(await desk.case(), channel=channel), 422, "casework.rating.visit-not-proven", "O4.3f")


async def test_whatever_is_wrong_with_the_proof_the_answer_is_the_same(desk):
    """O4.3f: nobody else's case can be rated, and nobody learns which numbers exist."""
    case, other = await desk.case(1), await desk.case(2)
    token = await desk.token(case)
    unknown = issue_rating_token(desk.window.cipher, uuid7(), today())
    flipped = ("A" if token[0] != "A" else "B") + token[1:]
    cut = token[:-1] + ("A" if token[-1] != "A" else "B")
    attempts = [
        {"case_number": case.number, "identifier": other.identifier},
        {"case_number": "0", "identifier": case.identifier},
        {"case_number": other.number, "identifier": "x"},
        *({"token": one} for one in (flipped, cut, unknown, "A", "é", token[:20])),
    ]
    seen = set()
    for proof in attempts:
        for path in ("", "/supplements", "/outcomes"):
            body = proof if path == "/outcomes" else {"rating": "satisfied", "channel": "pc", **proof}
            answer = await desk.window.client.post(f"/casework/v1/ratings{path}", json=body)
            told = problem(answer, 404, "casework.rating.matter-not-found")
            seen.add((told["title"], told["detail"]))
    assert len(seen) == 1
    assert await desk.window.value("SELECT count(*) FROM ratings") == 0


async def test_staff_never_rate_and_citizens_may_with_their_own_token(desk):
    """O4.3f."""
    case = await desk.case()
    both = make_actor(desk.world.VILLAGE, Role.CITIZEN, Role.STATION_AGENT)
    for actor in (desk.world.AGENT, desk.world.HEAD, desk.world.SUPERVISOR, desk.world.ADMINISTRATOR, both):
        problem(await desk.rate(case, actor=actor), 403, "casework.rating.staff-cannot-rate", "O4.3f")
    assert (await desk.rate(case, actor=CITIZEN)).status_code == 201
    wrong = await desk.window.client.post("/casework/v1/ratings", json={}, headers={"Authorization": "Bearer x"})
    problem(wrong, 401, "auth.token-invalid")


async def test_ratings_are_taken_from_acceptance_until_some_days_after_the_end(desk):
    """O4.3f: closing asks for none, and none is made up."""
    problem(await desk.rate(await desk.case(1, accepted=False)), 422, "casework.rating.not-open-yet", "O4.3f")
    problem(await desk.rate(await desk.case(2, ended_days_ago=31)), 422, "casework.rating.no-longer-open", "O4.3f")
    assert (await desk.rate(await desk.case(3, ended_days_ago=30))).status_code == 201
    assert (await desk.rate(await desk.case(4))).status_code == 201
    early = await desk.case(5, accepted=False)
    answer = await desk.post("/tokens", desk.world.AGENT, case_id=str(early.id))
    problem(answer, 422, "casework.rating.not-open-yet")


async def test_a_code_is_given_only_for_cases_of_the_own_scope(desk):
    case = await desk.case()
    problem(await desk.post("/tokens", desk.world.STRANGER, case_id=str(case.id)), 404, "casework.case-not-found")
    problem(await desk.post("/tokens", desk.world.SUPERVISOR, case_id=str(case.id)), 403, "auth.role-required")
    problem(await desk.post("/tokens", CITIZEN, case_id=str(case.id)), 403, "auth.role-required")


BAD_BODIES = [
    {"rating": None}, {"rating": "unrated"}, {"rating": 5}, {"rating": "5"}, {"channel": "fax"}, {"channel": None},
    {"aspects": "115"}, {"text": ""}, {"text": "x" * 1001}, {"text": "\x00"}, {"terminal": "厅一"}, {"terminal": ""},
    {"identifier": None}, {"case_number": None}, {"name": "测试甲"}, {"terminal": "15400000001"},
]  # fmt: skip


async def test_malformed_ratings_are_told_where_and_write_nothing(desk):
    case = await desk.case()
    for changes in BAD_BODIES:
        body = problem(await desk.rate(case, **changes), 422, "request.validation-failed")
        assert body["errors"], changes
        assert case.identifier not in str(body)
    for aspects in (["115"], ["999"], ["413", "413"]):
        problem(await desk.rate(case, aspects=aspects), 422, "casework.rating.aspects-do-not-fit")
    assert await desk.totals() == (0, 0, 0, 0)


# --- rectification --------------------------------------------------------------------------------------------------------


async def test_a_bad_rating_opens_a_rectification_with_its_own_clock_in_the_same_transaction(desk):
    """O4.3c, O4.3f."""
    rating, rectification = await bad(desk)
    assert rating["rectification_id"] == rectification["id"]
    assert (rectification["status_label"], rectification["is_overdue"]) == ("待接办", False)
    assert rectification["due_on"] > today().isoformat()
    transactions = await desk.window.rows("SELECT DISTINCT xmin::text FROM records")
    assert len(transactions) == 1


async def test_when_the_rectification_cannot_be_opened_there_is_no_rating_either(desk, monkeypatch):
    """O4.3f: atomically."""

    async def broken(conn):
        raise RuntimeError

    case = await desk.case()
    monkeypatch.setattr("casework.ratings.service.rating.current_calendar", broken)
    assert (await desk.rate(case, rating="dissatisfied")).status_code == 500
    assert await desk.totals() == (0, 0, 0, 0)
    assert (await desk.rate(case, rating="satisfied")).status_code == 201


async def test_a_rectification_goes_its_way_to_the_call_back_and_the_rater_sees_what_came_of_it(desk):
    """O4.3f; standards.md §7 (核实, 整改, 回访)."""
    case = await desk.case()
    _, made = await bad(desk, case)
    path, head = f"/rectifications/{made['id']}", desk.world.HEAD
    steps = [
        ("acceptance", {}, "accepted"),
        ("verification", {"contact": "reached", "note": "核实属实"}, "verified"),
        ("measures", {"measures": "窗口增派人员"}, "verified"),
        ("closure", {"finding": "substantiated", "reply": "已整改，谢谢监督"}, "closed"),
        ("follow-ups", {"result": "satisfied"}, "closed"),
    ]
    for version, (step, body, status) in enumerate(steps, 1):
        answer = await desk.post(f"{path}/{step}", head, version, **body)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["status"], answer.headers["ETag"]) == (status, f'"{version + 1}"')
    last = answer.json()
    assert (last["finding_label"], last["contact_label"], last["overdue_days"]) == ("属实", "已联系", 0)
    assert [one["result_label"] for one in last["called_back"]] == ["对整改满意"]
    proof = {"case_number": case.number, "identifier": case.identifier}
    (outcome,) = (await desk.window.client.post("/casework/v1/ratings/outcomes", json=proof)).json()
    assert (outcome["rectification_status_label"], outcome["reply"]) == ("已办结", "已整改，谢谢监督")
    stale = await desk.post(f"{path}/follow-ups", head, 1, result="satisfied")
    problem(stale, 412, "request.if-match-stale")


async def test_the_rated_neither_see_nor_handle_what_is_about_them(desk):
    """O4.3f: rater protected; the rated person may not be the one who handles it."""
    rating, rectification = await bad(desk)
    rated = make_actor(desk.world.VILLAGE, Role.OFFICE_HEAD, subject=desk.world.AGENT.subject)
    assert await desk.items("/rectifications", desk.world.AGENT) == []
    assert await desk.items("", rated) == []
    for path in (f"/records/{rating['id']}", f"/rectifications/{rectification['id']}"):
        problem(await desk.get(path, rated), 404, "record.not-found")
    for version in (1, 9):
        answer = await desk.post(f"/rectifications/{rectification['id']}/acceptance", desk.world.AGENT, version)
        problem(answer, 404, "record.not-found")
        answer = await desk.post(
            f"/records/{rating['id']}/masked-text", rated, version, method="PUT", masked_text="已脱敏"
        )
        problem(answer, 404, "record.not-found")
    answer = await desk.post(f"/records/{rating['id']}/text-disclosures", rated, reason="核对内容")
    problem(answer, 404, "record.not-found")
    problem(await desk.get("", desk.world.AGENT), 403, "auth.role-required")
    problem(await desk.get(f"/records/{rating['id']}", desk.world.CLERK), 403, "auth.role-required")
    assert await desk.items("", desk.world.STRANGER.__class__(**_head_of(desk.world.OTHER_COUNTY))) == []


def _head_of(division):
    actor = make_actor(division, Role.OFFICE_HEAD)
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


async def test_of_two_who_accept_one_wins_and_only_the_holder_works(desk):
    """O4.3b, O4.3f."""
    _, made = await bad(desk)
    path = f"/rectifications/{made['id']}"
    answers = await asyncio.gather(
        desk.post(f"{path}/acceptance", desk.world.CLERK, 1), desk.post(f"{path}/acceptance", desk.world.HEAD, 1)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    holder = next(answer for answer in answers if answer.status_code == 200).json()["holder"]
    other = desk.world.HEAD if holder == desk.world.CLERK.subject else desk.world.CLERK
    refused = await desk.post(f"{path}/verification", other, 2, contact="refused")
    problem(refused, 403, "casework.rectification.not-the-handler", "O4.3f")
    problem(await desk.post(f"{path}/acceptance", other, 2), 409, "casework.rectification.wrong-state", "O4.3f")
    clerk = make_actor(desk.world.TOWN, Role.WINDOW_CLERK, subject="someone")
    problem(await desk.post(f"{path}/release", clerk, 2, reason="更换承办人"), 403, "auth.role-required")
    released = await desk.post(f"{path}/release", desk.world.SUPERVISOR, 2, reason="更换承办人")
    assert (released.json()["status"], released.json()["holder"]) == ("open", None)


async def test_overdue_rectifications_are_visible_and_how_late_stays(desk):
    """O4.3c."""
    _, made = await bad(desk)
    await desk.window.rows(
        "UPDATE records SET due_on = '2026-09-30', state = jsonb_set(state, '{due_on}', '\"2026-09-30\"') "
        "WHERE id = $1", UUID(made["id"]),
    )  # fmt: skip
    (seen,) = await desk.items("/rectifications", desk.world.SUPERVISOR, status="open")
    assert seen["is_overdue"]
    path = f"/rectifications/{made['id']}"
    await desk.post(f"{path}/acceptance", desk.world.HEAD, 1)
    await desk.post(f"{path}/verification", desk.world.HEAD, 2, contact="not_reachable")
    refused = await desk.post(f"{path}/closure", desk.world.HEAD, 3, finding="substantiated", reply="情况属实")
    problem(refused, 422, "casework.rectification.measures-missing", "O4.3f")
    closed = await desk.post(f"{path}/closure", desk.world.HEAD, 3, finding="unsubstantiated", reply="经核实不属实")
    assert closed.json()["overdue_days"] >= 1
    assert closed.json()["is_overdue"]


async def test_a_malicious_rating_is_excluded_by_a_supervisor_after_the_finding_and_stays_visible(desk):
    """O4.3f."""
    rating, made = await bad(desk)
    path, reason = f"/records/{rating['id']}/exclusion", {"reason": "核实为恶意评价"}
    problem(await desk.post(path, desk.world.HEAD, 1, **reason), 403, "auth.role-required")
    own = make_actor(desk.world.VILLAGE, Role.BUREAU_SUPERVISOR)
    problem(await desk.post(path, own, 1, **reason), 403, "auth.out-of-scope")
    early = await desk.post(path, desk.world.SUPERVISOR, 1, **reason)
    problem(early, 422, "casework.rating.malice-not-proven", "O4.3f")
    steps = [("acceptance", {}), ("verification", {"contact": "reached"}),
             ("closure", {"finding": "unsubstantiated", "reply": "经核实不属实"})]  # fmt: skip
    for version, (step, body) in enumerate(steps, 1):
        answer = await desk.post(f"/rectifications/{made['id']}/{step}", desk.world.HEAD, version, **body)
        assert answer.status_code == 200, answer.text
    done = await desk.post(path, desk.world.SUPERVISOR, 1, **reason)
    assert (done.json()["status_label"], done.json()["exclusion_reason"]) == ("不计入统计", "核实为恶意评价")
    assert done.json()["excluded_by"] == desk.world.SUPERVISOR.subject
    problem(await desk.post(path, desk.world.SUPERVISOR, 2, **reason), 409, "casework.rating.already-excluded")
    (cell,) = (await desk.get("/counts", desk.world.SUPERVISOR, since=_ago(90), until=_ago(0))).json()["items"]
    assert (cell["ratings"], cell["excluded"], cell["rated_matters"], cell["good_rate_permille"]) == (0, 1, 0, None)


# --- the text -------------------------------------------------------------------------------------------------------------


async def test_the_text_is_sealed_disclosed_with_a_reason_and_shown_to_handlers_only_masked(desk):
    """O4.3f; standards.md §9."""
    rating, _ = await bad(desk)
    assert (rating["has_text"], rating["masked_text"]) == (True, None)
    path = f"/records/{rating['id']}"
    told = await desk.post(f"{path}/text-disclosures", desk.world.HEAD, reason="核对评价内容")
    assert (told.json()["text"], told.headers["cache-control"]) == (TEXT, "no-store")
    (act,) = await desk.window.rows("SELECT * FROM audit_entries WHERE action = 'casework.rating.disclose-text'")
    assert (act["actor"], act["reason"]) == (desk.world.HEAD.subject, "核对评价内容")
    refused = await desk.post(f"{path}/masked-text", desk.world.HEAD, 1, method="PUT", masked_text=TEXT)
    problem(refused, 422, "request.validation-failed")
    masked = await desk.post(f"{path}/masked-text", desk.world.HEAD, 1, method="PUT", masked_text="窗口人员态度生硬")
    assert masked.json()["masked_text"] == "窗口人员态度生硬"
    silent = await desk.rate(await desk.case(2))
    assert silent.status_code == 201
    found = next(one for one in await desk.items("", desk.world.HEAD) if not one["has_text"])
    answer = await desk.post(f"/records/{found['id']}/text-disclosures", desk.world.HEAD, reason="核对评价内容")
    problem(answer, 409, "casework.rating.no-text")


async def test_nothing_personal_stands_in_states_events_audits_or_logs(desk, capfd, caplog):
    """O4.3f: rater data protected."""
    case = await desk.case()
    answers = [
        await desk.rate(case, rating="dissatisfied", text=TEXT, actor=CITIZEN),
        await desk.rate(case, rating="dissatisfied", text=TEXT, case_number="0"),
        await desk.rate(case, path="/supplements", text=TEXT, terminal=synthetic_person(1).phone),
        await desk.get("", desk.world.SUPERVISOR),
        await desk.get("/rectifications", desk.world.SUPERVISOR),
    ]
    rows = await desk.window.rows(
        "SELECT state::text FROM records UNION ALL SELECT data::text FROM outbox "
        "UNION ALL SELECT row_to_json(a)::text FROM audit_entries a UNION ALL SELECT row_to_json(r)::text FROM ratings r"
        " UNION ALL SELECT encode(sealed, 'escape') FROM records WHERE sealed IS NOT NULL"
    )
    logs = capfd.readouterr()
    everything = "\n".join(
        [*(str(row[0]) for row in rows), *(answer.text for answer in answers), logs.out, logs.err, caplog.text]
    )
    for secret in (
        TEXT,
        "态度生硬",
        "15400000001",
        synthetic_person(1).id_number,
        synthetic_person(1).phone,
        CITIZEN.subject,
        CITIZEN.name,
    ):
        assert secret not in everything, secret


# --- figures --------------------------------------------------------------------------------------------------------------


def _ago(days):
    return (today() - timedelta(days=days)).isoformat()


async def last_month(desk):
    """Everything was registered and rated last month; its first and last day."""
    until = today().replace(day=1) - timedelta(days=1)
    await desk.window.rows("UPDATE ratings SET rated_on = $1, registered_on = $1", until)
    await desk.window.rows("UPDATE cases SET registered_at = $1", datetime.combine(until, time(12), UTC))
    return {"since": until.replace(day=1).isoformat(), "until": until.isoformat()}


async def test_figures_count_every_level_and_silence_apart(desk):
    """O4.3f: 好评率 = good / rated, never / all."""
    levels = ["very_satisfied"] * 3 + ["satisfied", "basically_satisfied", "dissatisfied"]
    for number, level in enumerate(levels):
        assert (await desk.rate(await desk.case(number), rating=level)).status_code == 201
    for number in range(10, 14):
        await desk.case(number)
    period = {"since": _ago(90), "until": _ago(0)}
    (cell,) = (await desk.get("/counts", desk.world.SUPERVISOR, **period)).json()["items"]
    assert (cell["matters"], cell["rated_matters"], cell["unrated_matters"]) == (10, 6, 4)
    assert (cell["ratings"], cell["good_rate_permille"], cell["rated_share_permille"]) == (6, 833, 600)
    assert {one["rating"]: one["count"] for one in cell["counts"]} == {
        "very_satisfied": 3, "satisfied": 1, "basically_satisfied": 1, "dissatisfied": 1, "very_dissatisfied": 0,
    }  # fmt: skip
    problem(await desk.get("/figures", **period), 400, "casework.rating.period-refused")
    period = await last_month(desk)
    (public,) = (await desk.get("/figures", **period)).json()["items"]
    assert (public["is_hidden"], public["good_rate_permille"], public["counts"]) == (False, 833, None)
    for by, key in (("item", desk.world.ITEM), ("day", period["until"])):
        cells = (await desk.get("/figures", by=by, **period)).json()["items"]
        assert key in {cell["key"] for cell in cells}, by
    offices = (await desk.get("/figures", by="office", **period)).json()["items"]
    assert len(offices) == 1
    assert UUID(offices[0]["key"])


async def test_small_numbers_are_hidden_from_the_public_and_not_from_supervisors(desk):
    """O4.3f; standards.md §7."""
    for number in range(4):
        await desk.rate(await desk.case(number))
    period = await last_month(desk)
    (cell,) = (await desk.get("/figures", **period)).json()["items"]
    assert cell["is_hidden"]
    assert {value for name, value in cell.items() if name not in {"key", "is_hidden"}} == {None}
    (seen,) = (await desk.get("/counts", desk.world.SUPERVISOR, **period)).json()["items"]
    assert (seen["is_hidden"], seen["ratings"]) == (False, 4)


async def test_a_head_who_was_rated_does_not_read_it_from_the_counts(desk):
    """O4.3f: rater protected; what is small is hidden, and so is what the days between two periods would tell."""
    await desk.rate(await desk.case(), rating="very_dissatisfied")
    head = make_actor(desk.world.VILLAGE, Role.OFFICE_HEAD, subject=desk.world.AGENT.subject)
    refused = await desk.get("/counts", head, since=_ago(30), until=_ago(0))
    problem(refused, 400, "casework.rating.period-refused")
    period = await last_month(desk)
    for by in ("all", "office", "day"):
        for cell in (await desk.get("/counts", head, by=by, **period)).json()["items"]:
            assert {value for name, value in cell.items() if name not in {"key", "is_hidden"}} <= {None}, by
            assert cell["is_hidden"]


async def test_inner_figures_stay_within_the_scope(desk):
    await desk.rate(await desk.case(1))
    await desk.rate(await desk.case(2, division=desk.world.OTHER_VILLAGE))
    period = {"since": _ago(90), "until": _ago(0), "by": "office"}
    head = make_actor(desk.world.OTHER_COUNTY, Role.OFFICE_HEAD)
    for actor, count in ((desk.world.SUPERVISOR, 2), (desk.world.AUDITOR, 2)):
        assert len((await desk.get("/counts", actor, **period)).json()["items"]) == count, actor
    months = {"by": "office", **await last_month(desk)}
    for actor in (desk.world.HEAD, head):
        assert len((await desk.get("/counts", actor, **months)).json()["items"]) == 1, actor
    outside = await desk.get("/counts", head, **months, division=desk.world.TOWN)
    assert outside.json()["items"] == []
    problem(await desk.get("/counts", desk.world.AGENT, **period), 403, "auth.role-required")
    problem(await desk.get("/counts", **period), 401, "auth.token-missing")


@pytest.mark.parametrize("path", ["/figures", "/counts", "/signs"])
async def test_a_period_that_makes_no_sense_is_refused(desk, path):
    for since, until in ((_ago(0), _ago(1)), (_ago(92), _ago(0))):
        answer = await desk.get(path, desk.world.SUPERVISOR, since=since, until=until)
        problem(answer, 400, "casework.rating.period-refused")
    for params in ({}, {"since": "x", "until": _ago(0)}, {"since": _ago(1), "until": _ago(0), "by": "person"}):
        problem(await desk.get(path, desk.world.SUPERVISOR, **params), 422, "request.validation-failed")


# --- signs ----------------------------------------------------------------------------------------------------------------


async def test_signs_are_for_supervisors_with_their_numbers_and_change_nothing(desk):
    """O4.3f: never an automatic penalty."""
    for number in range(30):
        case = await desk.case(number)
        token = issue_rating_token(desk.window.cipher, case.id, today())
        made = await desk.rate(token=token, rating="very_satisfied", channel="hall_tablet", terminal="T-01")
        assert made.status_code == 201, made.text
    await desk.rate(await desk.case(50, division=desk.world.OTHER_VILLAGE))
    before = await desk.totals()
    period = {"since": _ago(30), "until": _ago(0)}
    found = await desk.items("/signs", desk.world.SUPERVISOR, **period)
    assert sorted((office["ratings"], len(office["signs"])) for office in found) == [(1, 0), (30, 3)]
    signs = next(office["signs"] for office in found if office["ratings"] == 30)
    assert [sign["code"] for sign in signs] == ["uniform_praise", "burst", "rated_while_waiting"]
    assert signs[0]["explanation"] == "30个评价中有30个为“非常满意”，达到1000‰的提示比例"
    assert signs[1]["numbers"] == {"ratings": 30, "minutes": 10}
    first = await desk.get("/signs", desk.world.SUPERVISOR, limit=1, **period)
    rest = await desk.get("/signs", desk.world.SUPERVISOR, limit=1, cursor=first.json()["next_cursor"], **period)
    assert [*first.json()["items"], *rest.json()["items"]] == found
    assert await desk.totals() == before
    for actor in (desk.world.HEAD, desk.world.AGENT, desk.world.CLERK):
        problem(await desk.get("/signs", actor, **period), 403, "auth.role-required")


async def test_lists_page_and_are_narrowed(desk):
    for number in range(5):
        await desk.rate(await desk.case(number), rating="dissatisfied" if number % 2 else "satisfied")
    first = await desk.get("", desk.world.SUPERVISOR, limit=3)
    rest = await desk.get("", desk.world.SUPERVISOR, limit=3, cursor=first.json()["next_cursor"])
    assert (len(first.json()["items"]), len(rest.json()["items"])) == (3, 2)
    assert len(await desk.items("", desk.world.SUPERVISOR, rating="dissatisfied")) == 2
    assert len(await desk.items("/rectifications", desk.world.SUPERVISOR, status="open")) == 2
    assert await desk.items("/rectifications", desk.world.SUPERVISOR, status="closed") == []
    told = await desk.window.rows("SELECT data FROM outbox WHERE type = 'casework.rating.changed.v1'")
    assert {json.loads(row["data"])["status"] for row in told} == {"counted"}
    assert bearer(desk.world.AUDITOR)


# --- the own account --------------------------------------------------------------------------------------------------------


async def test_a_citizen_rates_what_the_own_account_has_applied_for_and_nothing_else(desk):
    """O4.3f: by the own token, without number or identity; a stranger gets the answer of a wrong number."""
    case = await desk.case()
    index = citizen_index(desk.window.cipher, CITIZEN)
    link = OnlineApplicationState(
        id=case.id, version=1, division=desk.world.VILLAGE, level=Level.VILLAGE, office_id=UUID(case.office_id),
        changed_at=now(), case_id=case.id, item_code=desk.world.ITEM, channel="computer",
    )  # fmt: skip
    async with desk.window.context.uow() as uow:
        await store_record(uow, link, previous=None, action="casework.online-application.apply", subject_index=index)
    body = {"rating": "satisfied", "channel": "pc", "case_id": str(case.id)}
    stranger = replace(CITIZEN, subject="citizen-2")
    for headers in ({}, bearer(stranger)):
        for path in ("", "/outcomes"):
            sent = {"case_id": str(case.id)} if path else body
            answer = await desk.window.client.post(f"/casework/v1/ratings{path}", json=sent, headers=headers)
            problem(answer, 404, "casework.rating.matter-not-found")
    made = await desk.window.client.post("/casework/v1/ratings", json=body, headers=bearer(CITIZEN))
    assert made.status_code == 201, made.text
    two = {**body, "token": "A" * 48}
    problem(await desk.window.client.post("/casework/v1/ratings", json=two), 422, "request.validation-failed")


# --- not too often ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [{"progress_per_address": 100, "progress_per_case": 2}])
@pytest.mark.parametrize("path", ["", "/supplements", "/outcomes"])
async def test_a_number_is_tried_so_often_and_no_more_even_with_the_right_identity(desk, path):
    """O4.3f: no oracle of numbers and identities; the count outlives the refused transaction."""
    case = await desk.case()
    other = synthetic_person(2).id_number
    for identifier, status in ((other, 404), (other, 404), (case.identifier, 429)):
        proof = {"case_number": case.number, "identifier": identifier}
        body = proof if path == "/outcomes" else {"rating": "satisfied", "channel": "pc", **proof}
        answer = await desk.window.client.post(f"/casework/v1/ratings{path}", json=body)
        assert answer.status_code == status, answer.text
    problem(answer, 429, "casework.online.asked-too-often")
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("limits", [{"progress_per_address": 2, "progress_per_case": 3, "http_trusted_proxies": 1}])
async def test_whoever_is_over_the_own_limit_shuts_nobody_elses_number(desk):
    """O4.3f: the address is counted first, and counting stops there."""
    case = await desk.case()

    async def ask(address, identifier):
        body = {"case_number": case.number, "identifier": identifier}
        sent = await desk.window.client.post(
            "/casework/v1/ratings/outcomes", json=body, headers={"X-Forwarded-For": address}
        )
        return sent.status_code

    assert [await ask("203.0.113.1", "x") for _ in range(6)] == [404, 404, 429, 429, 429, 429]
    assert await ask("203.0.113.2", case.identifier) == 200
