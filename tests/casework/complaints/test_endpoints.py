"""Complaints over HTTP. Source: O4.3f; standards.md §4 (表10), §6."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from casework.uploads.service import remove_forgotten
from common.auth import Actor, Role
from common.clock import today
from common.divisions import Level
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
CITIZEN = Actor("citizen-1", "测试甲", None, Level.VILLAGE, "", frozenset({Role.CITIZEN}))


# --- filing ---------------------------------------------------------------------------------------------------------------


async def test_a_complaint_goes_to_the_level_above_and_its_number_and_secret_are_told_once(desk, world):
    """O1.3a, O4.3f; standards.md §6."""
    answer = await desk.file()
    told = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (told["kind_label"], told["handled_by_division"]) == ("投诉", world.COUNTY)
    assert told["number"].startswith(f"TS{today():%Y%m%d}")
    assert len(told["secret"]) == 10
    assert told["due_on"] > today().isoformat()
    row = (await desk.window.rows("SELECT * FROM records"))[0]
    assert (row["division"], row["status"]) == (world.COUNTY, "received")
    assert told["secret"] not in str(dict(row))


@pytest.mark.parametrize(
    ("kind", "place", "handled"),
    [("consultation", {"division": "TOWN"}, "TOWN"), ("report", {"division": "COUNTY"}, "COUNTY"),
     ("report", {"accused_division": "VILLAGE"}, "TOWN"), ("complaint", {"accused_division": "COUNTY"}, "CITY")],
)  # fmt: skip
async def test_each_kind_goes_where_it_belongs(desk, world, kind, place, handled):
    places = {"accused_division": None, **{name: getattr(world, code) for name, code in place.items()}}
    told, _ = await desk.filed(kind=kind, **places)
    assert told["handled_by_division"] == getattr(world, handled)


async def test_whoever_guides_the_office_is_asked_before_the_next_level(desk, world):
    """O1.3a: 业务指导."""
    await desk.window.rows(
        "UPDATE directory_offices SET guidance_division = $1 WHERE division = $2", world.COUNTY, world.VILLAGE
    )
    told, _ = await desk.filed(accused_division=world.VILLAGE)
    assert told["handled_by_division"] == world.COUNTY


async def test_an_office_that_serves_no_longer_can_be_complained_of_and_the_province_cannot_here(desk, world):
    for division in (world.SUSPENDED, world.OFFICELESS):
        told, _ = await desk.filed(accused_division=division)
        assert told["handled_by_division"] == world.TOWN
    refused = await desk.file(accused_division=world.PROVINCE)
    problem(refused, 422, "casework.complaint.nobody-above", "O4.3f")
    problem(await desk.file(accused_division="440399000000"), 422, "directory.division-unknown")
    problem(await desk.file(kind="consultation", accused_division=None, division=world.SUSPENDED), 422,
            "directory.office-not-operating")  # fmt: skip


async def test_the_same_filing_sent_again_gives_the_same_number_and_secret_and_is_stored_once(desk):
    """O4.3f: the secret is stored nowhere and can still be told to whoever sends the same again."""
    key = str(uuid7())
    first = await desk.file(key=key)
    again = await desk.file(key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert await desk.totals() == (1, 1, 1, 1)
    problem(await desk.file(key=key, content="另一件事情"), 409, "casework.complaint.key-reused")
    answers = await asyncio.gather(*(desk.file(key="same-key-same-time-0001") for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert (await desk.totals())[0] == 2


async def test_a_filing_needs_a_key_that_is_nobody_elses(desk):
    body = {
        "kind": "consultation",
        "subject": "policy",
        "title": "参保",
        "content": "如何参保",
        "division": desk.world.TOWN,
    }
    answer = await desk.window.client.post("/casework/v1/complaints", json=body)
    problem(answer, 428, "request.idempotency-key-required")
    for key in ("short", "with a blank in it 1234", "x" * 129):
        problem(await desk.file(key=key), 400, "request.idempotency-key-invalid")


BAD_BODIES = [
    {"kind": "praise"}, {"subject": "x"}, {"title": ""}, {"content": "x" * 4001}, {"content": "\x00\x00"},
    {"accused_division": "4403"}, {"kind": "consultation"}, {"division": "440305001000"},
    {"complainant": {}}, {"complainant": {"name": ""}}, {"complainant": {"name": "测试甲", "mail": "x"}},
    {"attachments": ["x"]}, {"is_anonymous": True}, {"case_number": ""},
]  # fmt: skip


async def test_malformed_filings_are_told_where_and_write_nothing(desk):
    for changes in BAD_BODIES:
        body = problem(await desk.file(**changes), 422, "request.validation-failed")
        assert body["errors"], changes
        assert desk.who["id_number"] not in str(body)
    assert await desk.totals() == (0, 0, 0, 0)


async def test_a_complaint_about_a_case_is_linked_for_who_knows_it_and_nobody_else_learns_anything(desk, world):
    """O4.3f: no oracle."""
    case = (await desk.window.register(number=1)).json()
    own = synthetic_person(1).id_number
    right = {"accused_division": world.VILLAGE, "case_number": case["case_number"], "identifier": own}
    linked, found = await desk.filed(**right)
    shapes = {tuple(sorted(linked))}
    for wrong in (
        {"identifier": desk.who["id_number"]},
        {"case_number": "0"},
        {"accused_division": world.OTHER_VILLAGE},
    ):
        told, other = await desk.filed(**{**right, **wrong})
        shapes.add(tuple(sorted(told)))
        assert await told_case(desk, other) is None
    assert len(shapes) == 1
    assert await told_case(desk, found) == case["id"]


async def told_case(desk, found):
    """The case of a complaint, as its handler reads it."""
    handler = desk.world.SUPERVISOR
    await desk.step(found, "acceptance", handler, 1, handler=handler.subject)
    answer = await desk.post(f"/records/{found}/complainant-disclosures", handler, reason="联系核实")
    return answer.json()["case_id"]


async def test_the_case_of_a_complaint_tells_who_complains_and_is_sealed_with_them(desk, world):
    """O4.3f: protected identity; neither staff nor events, warnings or accountability get it, only the handler."""
    case = (await desk.window.register(number=1)).json()
    _, found = await desk.filed(
        accused_division=world.VILLAGE, case_number=case["case_number"], identifier=synthetic_person(1).id_number,
        complainant=None,
    )  # fmt: skip
    shown = [await desk.get(f"/records/{found}", world.HEAD), await desk.get("", world.SUPERVISOR)]
    told = await desk.window.rows(
        "SELECT row_to_json(r)::text FROM records r WHERE record = 'casework.complaint' UNION ALL "
        "SELECT data::text FROM outbox WHERE type ~ 'complaint' UNION ALL "
        "SELECT row_to_json(a)::text FROM audit_entries a WHERE action ~ 'complaint'"
    )
    assert case["id"] not in "".join([*(one.text for one in shown), *(row[0] for row in told)])
    narrowed = (await desk.get("", world.HEAD, case_id=str(uuid7()))).json()["items"]
    assert [one["id"] for one in narrowed] == [found], "complaints are not found by their case"
    assert await told_case(desk, found) == case["id"]


# --- protected identity ---------------------------------------------------------------------------------------------------


async def test_the_accused_office_finds_it_by_no_list_no_count_and_no_address(desk, world):
    """O4.3f: never visible to the body complained of; whoever stands above it sees it."""
    _, found = await desk.filed()
    _, against_station = await desk.filed(accused_division=world.VILLAGE)
    assert await desk.window.value("SELECT division FROM records WHERE id = $1", UUID(against_station)) == world.TOWN
    assert [one["id"] for one in (await desk.get("", world.HEAD)).json()["items"]] == [against_station]
    town_supervisor = make_actor(world.TOWN, Role.BUREAU_SUPERVISOR)
    steps = {
        "acceptance": {"handler": "x"}, "referral": {"referred_to": "别处", "reply": "请向别处反映"},
        "undertaking": {}, "extension": {"working_days": 1, "reason": "案情复杂"}, "closure": {},
        "reassignment": {"handler": "x", "reason": "改派他人"}, "reply": {"reply": "已处理", "finding": "unsubstantiated"},
    }  # fmt: skip
    for actor in (world.HEAD, world.AGENT, world.CLERK, town_supervisor):
        listed = (await desk.get("", actor)).json()["items"]
        assert found not in {one["id"] for one in listed}
        problem(await desk.get(f"/records/{found}", actor), 404, "record.not-found")
        for name in ("content-disclosures", "complainant-disclosures"):
            answer = await desk.post(f"/records/{found}/{name}", actor, reason="核对内容")
            problem(answer, 404, "record.not-found")
        for name, body in steps.items():
            for version in (1, 2):
                answer = await desk.post(f"/records/{found}/{name}", actor, version, **body)
                assert answer.status_code in {403, 404}, (name, answer.text)
                assert answer.json()["code"] in {"auth.role-required", "record.not-found"}
    for division in (world.TOWN, world.COUNTY, None):
        params = {} if division is None else {"division": division}
        counts = (await desk.get("/counts", world.HEAD, **params)).json()
        assert sum(one["count"] for one in counts) == 1
    for above in (desk.county, world.SUPERVISOR, world.AUDITOR):
        assert found in {one["id"] for one in (await desk.get("", above)).json()["items"]}
    problem(await desk.get("", world.ADMINISTRATOR), 403, "auth.role-required")
    problem(await desk.get("", CITIZEN), 403, "auth.role-required")
    problem(await desk.get(""), 401, "auth.token-missing")


async def test_somebody_of_the_accused_office_does_not_see_it_even_from_above(desk, world):
    """O4.3f: neither by their division nor by their office or account."""
    _, found = await desk.filed()
    office = await desk.window.value("SELECT id FROM directory_offices WHERE division = $1", world.TOWN)
    inside = make_actor(world.COUNTY, Role.BUREAU_SUPERVISOR, office_id=office, subject="inside")
    assert (await desk.get("", inside)).json()["items"] == []
    assert (await desk.get("/counts", inside)).json() == []
    problem(await desk.get(f"/records/{found}", inside), 404, "record.not-found")
    named = make_actor(world.CITY, Role.BUREAU_SUPERVISOR, subject="named")
    await desk.replied(found, accused_account="named")
    assert (await desk.get("", named)).json()["items"] == []
    problem(await desk.get(f"/records/{found}", named), 404, "record.not-found")
    assert len((await desk.get("", world.SUPERVISOR)).json()["items"]) == 1


async def test_who_complained_is_for_the_handler_alone_with_a_reason_and_an_audit(desk, world):
    """O4.3f: protected identity; standards.md §9."""
    _, found = await desk.filed()
    path = f"/records/{found}"
    before = await desk.post(f"{path}/complainant-disclosures", desk.county, reason="核对身份")
    problem(before, 403, "casework.complaint.not-the-handler", "O4.3b")
    await desk.step(found, "acceptance", desk.county, 1, handler=desk.handler.subject)
    for actor in (desk.county, world.SUPERVISOR):
        answer = await desk.post(f"{path}/complainant-disclosures", actor, reason="核对身份")
        problem(answer, 403, "casework.complaint.not-the-handler")
    colleague = make_actor(world.COUNTY, Role.WINDOW_CLERK, subject="colleague")
    problem(await desk.get(path, colleague), 404, "record.not-found")
    assert (await desk.get("", colleague)).json()["items"] == []
    problem(await desk.post(f"{path}/complainant-disclosures", desk.handler), 422, "request.validation-failed")
    told = await desk.post(f"{path}/complainant-disclosures", desk.handler, reason="联系核实")
    assert (told.json(), told.headers["cache-control"]) == ({**desk.who, "case_id": None}, "no-store")
    content = await desk.post(f"{path}/content-disclosures", desk.county, reason="决定受理")
    assert content.json()["accused"] == "测试丙"
    assert desk.who["name"] not in content.text
    acts = await desk.window.rows(
        "SELECT actor, action, reason FROM audit_entries WHERE action LIKE '%disclose%' ORDER BY id"
    )
    assert [tuple(act) for act in acts] == [
        (desk.handler.subject, "casework.complaint.disclose-complainant", "联系核实"),
        (desk.county.subject, "casework.complaint.disclose-content", "决定受理"),
    ]
    await desk.step(found, "reassignment", desk.county, 2, handler="colleague", reason="原承办人休假")
    gone = await desk.post(f"{path}/complainant-disclosures", desk.handler, reason="联系核实")
    problem(gone, 404, "record.not-found")


async def test_an_anonymous_complaint_names_nobody_and_is_tracked_all_the_same(desk):
    told, found = await desk.filed(complainant=None)
    await desk.step(found, "acceptance", desk.county, 1, handler=desk.handler.subject)
    shown = await desk.get(f"/records/{found}", desk.handler)
    assert shown.json()["is_anonymous"]
    answer = await desk.post(f"/records/{found}/complainant-disclosures", desk.handler, reason="联系核实")
    assert answer.json() == {"name": None, "phone": None, "id_number": None, "case_id": None}
    tracked = await desk.post("/progress", number=told["number"], secret=told["secret"])
    assert tracked.status_code == 200


async def test_nothing_personal_stands_in_states_events_audits_keys_or_logs(desk, capfd, caplog):
    """O4.3f: privacy greps."""
    told, found = await desk.filed(actor=CITIZEN, key="key-of-this-filing-0001")
    answers = [
        await desk.file(key="key-of-this-filing-0001", content="测试丙另一件事"),
        await desk.file(kind="consultation"),
        await desk.post("/progress", number=told["number"], secret="AAAAAAAAAA"),
        await desk.get("", desk.county),
    ]
    await desk.replied(found)
    appeal = await desk.post("/appeals", number=told["number"], secret=told["secret"], grounds="测试丙仍未道歉")
    assert appeal.status_code == 201, appeal.text
    rows = await desk.window.rows(
        "SELECT state::text FROM records UNION ALL SELECT data::text FROM outbox "
        "UNION ALL SELECT row_to_json(a)::text FROM audit_entries a "
        "UNION ALL SELECT row_to_json(k)::text FROM idempotency_keys k "
        "UNION ALL SELECT encode(filing_key || content_index, 'escape') FROM complaint_filings "
        "UNION ALL SELECT encode(sealed || subject_index, 'escape') FROM records WHERE sealed IS NOT NULL"
    )
    logs = capfd.readouterr()
    everything = "\n".join(
        [*(str(row[0]) for row in rows), *(answer.text for answer in answers), logs.out, logs.err, caplog.text]
    )
    secrets = [
        *desk.who.values(),
        "测试丙",
        "多次前往",
        "测试乙",
        CITIZEN.subject,
        told["secret"],
        "key-of-this-filing-0001",
    ]
    assert {secret for secret in secrets if secret in everything} == set()


async def test_what_is_sealed_of_one_complaint_does_not_open_beside_another(desk):
    _, first = await desk.filed()
    _, second = await desk.filed()
    await desk.window.rows(
        "UPDATE records SET sealed = (SELECT sealed FROM records WHERE id = $1) WHERE id = $2",
        UUID(first),
        UUID(second),
    )
    answer = await desk.post(f"/records/{second}/content-disclosures", desk.county, reason="决定受理")
    problem(answer, 503, "crypto.ciphertext-refused")


# --- the life -------------------------------------------------------------------------------------------------------------


async def test_a_complaint_goes_its_way_and_the_complainant_follows_it(desk):
    """O4.3c, O4.3f; standards.md §4 (表10)."""
    told, found = await desk.filed()
    proof = {"number": told["number"], "secret": told["secret"]}
    accepted = await desk.step(found, "acceptance", desk.county, 1, handler=desk.handler.subject)
    assert (accepted["status_label"], accepted["holder"], accepted["promised_days"]) == (
        "已受理",
        desk.handler.subject,
        5,
    )
    handling = await desk.step(found, "undertaking", desk.handler, 2)
    assert (handling["status_label"], handling["taken_up_at"] is not None) == ("办理中", True)
    extended = await desk.step(found, "extension", desk.county, 3, working_days=2, reason="需向多方核实")
    assert extended["due_on"] > handling["due_on"]
    assert (extended["extended"]["working_days"], extended["extended"]["reason"]) == (2, "需向多方核实")
    again = await desk.post(f"/records/{found}/extension", desk.county, 4, working_days=1, reason="再次延期")
    problem(again, 409, "casework.complaint.already-extended")
    replied = await desk.step(
        found,
        "reply",
        desk.handler,
        4,
        reply="测试乙您好，经查属实",
        finding="substantiated",
        accused_account="clerk-7",
    )
    assert (replied["finding_label"], replied["accused_account"], replied["overdue_days"]) == ("属实", "clerk-7", 0)
    (progress,) = (await desk.post("/progress", **proof)).json()
    assert (progress["status_label"], progress["reply"], progress["finding_label"]) == (
        "已答复", "测试乙您好，经查属实", "属实",
    )  # fmt: skip
    assert "holder" not in progress
    assert "accused_account" not in progress
    closed = await desk.step(found, "closure", desk.county, 5)
    assert closed["status_label"] == "已办结"
    problem(await desk.post(f"/records/{found}/closure", desk.county, 5), 412, "request.if-match-stale")
    problem(await desk.post(f"/records/{found}/closure", desk.county, 6), 409, "casework.complaint.wrong-state")


async def test_only_whoever_leads_decides_and_only_the_handler_answers(desk, world):
    """O4.3b."""
    _, found = await desk.filed()
    answer = await desk.post(f"/records/{found}/acceptance", desk.handler, 1, handler=desk.handler.subject)
    problem(answer, 403, "auth.role-required")
    await desk.step(found, "acceptance", desk.county, 1, handler=desk.handler.subject)
    problem(await desk.post(f"/records/{found}/undertaking", desk.county, 2), 403, "casework.complaint.not-the-handler")
    await desk.step(found, "undertaking", desk.handler, 2)
    body = {"reply": "已处理", "finding": "substantiated"}
    problem(
        await desk.post(f"/records/{found}/reply", desk.county, 3, **body), 403, "casework.complaint.not-the-handler"
    )
    problem(await desk.post(f"/records/{found}/reply", desk.handler, 3, reply="已处理"), 422,
            "casework.complaint.finding-does-not-fit", "O4.3f")  # fmt: skip
    mine = {**body, "accused_account": desk.handler.subject}
    answer = await desk.post(f"/records/{found}/reply", desk.handler, 3, **mine)
    problem(answer, 422, "casework.complaint.accused-cannot-handle")
    problem(await desk.post(f"/records/{found}/closure", desk.county), 428, "request.if-match-required")


async def test_of_two_decisions_at_once_one_wins(desk):
    for _ in range(3):
        _, found = await desk.filed()
        answers = await asyncio.gather(
            desk.post(f"/records/{found}/acceptance", desk.county, 1, handler="a"),
            desk.post(f"/records/{found}/referral", desk.county, 1, referred_to="市医保局", reply="请向医保部门反映"),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_what_is_not_ours_is_told_whose_it_is(desk):
    told, found = await desk.filed()
    referred = await desk.step(found, "referral", desk.county, 1, referred_to="市医疗保障局", reply="请向医保部门反映")
    assert (referred["status_label"], referred["due_on"], referred["overdue_days"]) == ("不属受理范围，已转告", None, 0)
    (progress,) = (await desk.post("/progress", number=told["number"], secret=told["secret"])).json()
    assert (progress["referred_to"], progress["reply"]) == ("市医疗保障局", "请向医保部门反映")


async def test_overdue_is_seen_counted_in_working_days_and_stays(desk):
    """O4.3c; standards.md §4 (超期天数)."""
    _, found = await desk.filed()
    await desk.window.rows(
        "UPDATE records SET due_on = '2026-09-30', state = jsonb_set(state, '{due_on}', '\"2026-09-30\"') WHERE id = $1",
        UUID(found),
    )
    assert (await desk.get(f"/records/{found}", desk.county)).json()["is_overdue"]
    referred = await desk.step(found, "referral", desk.county, 1, referred_to="市医疗保障局", reply="请向医保部门反映")
    assert 1 <= referred["overdue_days"] < (today() - (today().replace(month=9, day=30, year=2026))).days
    assert referred["is_overdue"]


# --- number and secret ----------------------------------------------------------------------------------------------------


async def test_a_wrong_number_and_a_wrong_secret_are_answered_alike(desk):
    """O4.3f: no oracle."""
    told, _ = await desk.filed()
    seen = set()
    for number, secret in (
        (told["number"], "AAAAAAAAAA"), ("TS2026112200000000", told["secret"]), ("x", "y"), (told["secret"], told["number"]),
    ):  # fmt: skip
        for path, more in (("/progress", {}), ("/appeals", {"grounds": "不服答复"})):
            body = problem(
                await desk.post(path, number=number, secret=secret, **more), 404, "casework.complaint.not-found"
            )
            seen.add((body["title"], body["detail"]))
    assert len(seen) == 1
    spelled = await desk.post("/progress", number=told["number"].lower(), secret=f" {told['secret'].lower()} ")
    assert spelled.status_code == 200


# --- appeal ---------------------------------------------------------------------------------------------------------------


async def test_the_next_level_examines_again_once_with_the_same_number_and_secret(desk, world):
    """O4.3f."""
    told, found = await desk.filed()
    proof = {"number": told["number"], "secret": told["secret"], "grounds": "未核实关键证据"}
    problem(await desk.post("/appeals", **proof), 422, "casework.complaint.appeal-not-possible", "O4.3f")
    await desk.replied(found, finding="unsubstantiated")
    answers = await asyncio.gather(*(desk.post("/appeals", **proof) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    rounds = (await desk.post("/progress", number=told["number"], secret=told["secret"])).json()
    assert [(one["round_label"], one["handled_by_division"], one["status"]) for one in rounds] == [
        ("初次办理", world.COUNTY, "replied"), ("复查", world.CITY, "received"),
    ]  # fmt: skip
    again = str(await desk.window.value("SELECT id FROM records WHERE division = $1", world.CITY))
    problem(await desk.get(f"/records/{again}", desk.county), 404, "record.not-found")
    clerk = make_actor(world.CITY, Role.WINDOW_CLERK)
    await desk.step(again, "acceptance", world.SUPERVISOR, 1, handler=clerk.subject)
    who = await desk.post(f"/records/{again}/complainant-disclosures", clerk, reason="联系核实")
    assert who.json() == {**desk.who, "case_id": None}
    content = await desk.post(f"/records/{again}/content-disclosures", clerk, reason="复查核实")
    assert (content.json()["grounds"], content.json()["reply"]) == ("未核实关键证据", None)
    await desk.step(again, "undertaking", clerk, 2)
    await desk.step(again, "reply", clerk, 3, reply="复查属实", finding="substantiated")
    problem(await desk.post("/appeals", **proof), 409, "casework.complaint.already-appealed")


async def test_an_appeal_comes_within_its_days_and_not_for_consultations(desk, world):
    told, found = await desk.filed()
    await desk.replied(found)
    late = (today() - timedelta(days=31)).isoformat() + "T10:00:00+08:00"
    await desk.window.rows(
        "UPDATE records SET state = jsonb_set(state, '{replied_at}', to_jsonb($2::text)) WHERE id = $1",
        UUID(found),
        late,
    )
    proof = {"number": told["number"], "secret": told["secret"], "grounds": "不服答复"}
    problem(await desk.post("/appeals", **proof), 422, "casework.complaint.appeal-not-possible")


# --- consultations ----------------------------------------------------------------------------------------------------------


async def test_a_consultation_becomes_public_only_in_the_words_of_staff(desk, world):
    """O4.3e."""
    _, found = await desk.filed(kind="consultation", subject="policy", accused_division=None, division=world.TOWN)
    assert (await desk.get("/publications")).json()["items"] == []
    words = {"question": "外地户籍能否在镇街参保", "answer": "可以，凭居住证办理"}
    early = await desk.post(f"/records/{found}/publication", world.HEAD, 1, "PUT", **words)
    problem(early, 422, "casework.complaint.not-publishable", "O4.3e")
    await desk.replied(found, head=world.HEAD, handler=world.CLERK, finding=None)
    person = synthetic_person(3)
    leaking = {**words, "question": f"{person.phone}来电咨询"}
    answer = await desk.post(f"/records/{found}/publication", world.HEAD, 4, "PUT", **leaking)
    problem(answer, 422, "request.validation-failed")
    done = await desk.step(found, "publication", world.HEAD, 4, "PUT", **words)
    assert done["is_published"]
    (public,) = (await desk.get("/publications")).json()["items"]
    assert (public["question"], public["answer"], public["subject_label"]) == (*words.values(), "政策咨询")
    assert person.name not in str(public)


async def test_lists_page_are_narrowed_and_counted(desk, world):
    for _ in range(3):
        await desk.filed()
    await desk.filed(kind="report", subject="fund_fraud")
    first = await desk.get("", desk.county, limit=3)
    rest = await desk.get("", desk.county, limit=3, cursor=first.json()["next_cursor"])
    assert (len(first.json()["items"]), len(rest.json()["items"])) == (3, 1)
    assert len((await desk.get("", desk.county, kind="report")).json()["items"]) == 1
    assert (await desk.get("", desk.county, status="closed")).json()["items"] == []
    counts = (await desk.get("/counts", world.SUPERVISOR)).json()
    assert {(one["kind_label"], one["status_label"], one["count"]) for one in counts} == {
        ("投诉", "已收到", 3), ("举报", "已收到", 1),
    }  # fmt: skip
    problem(await desk.get("/counts", desk.handler), 403, "auth.role-required")


# --- attachments --------------------------------------------------------------------------------------------------------------


async def handed_in(desk, citizen=CITIZEN):
    sent = await desk.window.client.post(
        "/casework/v1/uploads",
        params={"division": desk.world.TOWN},
        content=PDF,
        headers={**bearer(citizen), "Content-Type": "application/pdf", "Idempotency-Key": str(uuid7())},
    )
    assert sent.status_code == 201, sent.text
    return sent.json()["id"]


async def test_files_are_given_by_their_owner_once_and_stay(desk):
    """O4.3f."""
    upload = await handed_in(desk)
    problem(await desk.file(attachments=[upload]), 422, "casework.complaint.attachments-need-owner", "O4.3f")
    stranger = replace(CITIZEN, subject="citizen-2")
    assert (await desk.file(attachments=[upload], actor=stranger)).status_code == 404
    assert (await desk.file(attachments=[upload], actor=CITIZEN)).status_code == 201
    problem(await desk.file(attachments=[upload], actor=CITIZEN), 409, "casework.upload.attached")
    removal = await desk.window.client.post(
        f"/casework/v1/uploads/{upload}/removal", headers={**bearer(CITIZEN), "If-Match": '"1"'}
    )
    problem(removal, 409, "casework.upload.attached")
    await desk.window.rows('UPDATE records SET state = state || \'{"changed_at": "2020-01-01T00:00:00Z"}\'')
    async with desk.window.context.uow() as uow:
        assert await remove_forgotten(uow, older_than_days=7) == 0


@pytest.mark.parametrize("limits", [{"uploads_max_pending": 1, "progress_per_address": 100}])
async def test_files_of_complaints_do_not_use_up_what_may_be_pending(desk):
    upload = await handed_in(desk)
    await desk.filed(attachments=[upload], actor=CITIZEN)
    days_ago = "0190" + upload[4:]
    await desk.window.rows("UPDATE upload_files SET upload_id = $2 WHERE upload_id = $1", UUID(upload), UUID(days_ago))
    await desk.window.rows(
        "UPDATE records SET id = $2::text::uuid, state = state || jsonb_build_object('id', $2::text) WHERE id = $1::text::uuid",
        upload,
        days_ago,
    )
    await handed_in(desk)


async def test_nothing_links_a_complaint_with_the_account_or_the_files_of_who_gave_them(desk):
    """O4.3f: protected identity; no audit entry, state or event tells who complained."""
    upload = await handed_in(desk)
    before = await desk.window.value("SELECT count(*) FROM audit_entries")
    told, found = await desk.filed(attachments=[upload], actor=CITIZEN)
    acts = await desk.window.rows("SELECT actor, action FROM audit_entries ORDER BY id OFFSET $1", before)
    assert [tuple(act) for act in acts] == [("system", "casework.complaint.file")]
    rows = await desk.window.rows(
        "SELECT row_to_json(r)::text FROM records r UNION ALL SELECT data::text FROM outbox "
        "UNION ALL SELECT row_to_json(a)::text FROM audit_entries a UNION ALL SELECT row_to_json(f)::text FROM upload_files f"
    )
    of_it = [row[0] for row in rows if found in row[0] or told["number"] in row[0]]
    assert of_it
    for text in of_it:
        assert upload not in text
        assert CITIZEN.subject not in text
    assert not [row[0] for row in rows if upload in row[0] and (found in row[0] or "投诉" in row[0])]


async def test_files_of_a_complaint_are_read_by_its_handler_alone_with_a_reason_and_an_audit(desk, world):
    """O4.3f: neither through uploads, nor by whoever leads; ADR 0005."""
    upload = await handed_in(desk)
    told, found = await desk.filed(attachments=[upload, upload], actor=CITIZEN)
    await desk.step(found, "acceptance", desk.county, 1, handler=desk.handler.subject)
    staff = (desk.handler, desk.county, world.HEAD, world.CLERK, world.SUPERVISOR)
    for actor in staff:
        answer = await desk.window.client.get(f"/casework/v1/uploads/{upload}", headers=bearer(actor))
        assert answer.status_code == 404, answer.text
        listed = await desk.window.client.get("/casework/v1/uploads", headers=bearer(actor))
        assert listed.json()["items"] == []
    path = f"/records/{found}/attachments/1/disclosures"
    for actor in (desk.county, world.SUPERVISOR):
        problem(await desk.post(path, actor, reason="核对附件"), 403, "casework.complaint.not-the-handler")
    problem(await desk.post(path, world.HEAD, reason="核对附件"), 404, "record.not-found")
    problem(await desk.post(path, desk.handler), 422, "request.validation-failed")
    answer = await desk.post(path, desk.handler, reason="核对附件")
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (200, PDF, "no-store")
    assert answer.headers["content-disposition"] == f'attachment; filename="{told["number"]}-1.pdf"'
    second = await desk.post(f"/records/{found}/attachments/2/disclosures", desk.handler, reason="核对附件")
    problem(second, 404, "casework.complaint.attachment-not-found")
    (act,) = await desk.window.rows("SELECT * FROM audit_entries WHERE action ~ 'attachment'")
    assert (act["actor"], act["object_id"], act["reason"]) == (desk.handler.subject, found, "核对附件")
    assert (await desk.get(f"/records/{found}", desk.county)).json()["attachment_count"] == 1


# --- not too often ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [{"progress_per_address": 2, "progress_per_case": 100}])
async def test_from_one_address_so_much_is_filed_and_no_more(desk):
    """O4.3f: also anonymously; what is refused writes nothing."""
    answers = [await desk.file(complainant=None) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 429]
    problem(answers[-1], 429, "casework.online.asked-too-often")
    assert await desk.totals() == (2, 2, 2, 2)


@pytest.mark.parametrize("limits", [{"progress_per_address": 100, "progress_per_case": 2}])
async def test_a_case_is_named_so_often_in_complaints_and_no_more(desk, world):
    case = (await desk.window.register(number=1)).json()
    wrong = {"accused_division": world.VILLAGE, "case_number": case["case_number"], "identifier": "x"}
    assert [(await desk.file(**wrong)).status_code for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize("limits", [{"progress_per_address": 100, "progress_per_case": 2}])
@pytest.mark.parametrize(("path", "more"), [("/progress", {}), ("/appeals", {"grounds": "不服答复"})])
async def test_a_secret_is_guessed_so_often_and_no_more(desk, path, more):
    """O4.3f: whether there is such a number or not."""
    told, _ = await desk.filed()
    for number, secret in ((told["number"], told["secret"]), ("TS2026112200000000", "AAAAAAAAAA")):
        asked = [(await desk.post(path, number=number, secret="A" * 10, **more)).status_code for _ in range(2)]
        assert asked == [404, 404]
        problem(await desk.post(path, number=number, secret=secret, **more), 429, "casework.online.asked-too-often")
