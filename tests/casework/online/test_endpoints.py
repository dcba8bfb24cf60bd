"""What the public does itself: applies, looks, brings what is missing, asks without a token."""

import asyncio
import json
from typing import Any

import pytest

from common.auth import Actor, Role
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

ONLINE = "/casework/v1/online"
PDF = b"%PDF-1.7\n%%EOF"


async def post(window, path: str, body: Any, *, actor: Actor, version: int | None = None, key: str = ""):
    headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
    if version is not None:
        headers["If-Match"] = f'"{version}"'
    return await window.client.post(f"/casework/v1{path}", json=body, headers=headers)


async def upload(window, world, actor: Actor) -> str:
    answer = await window.client.post(
        "/casework/v1/uploads",
        params={"division": world.VILLAGE},
        content=PDF,
        headers={**bearer(actor), "Content-Type": "application/pdf", "Idempotency-Key": str(uuid7())},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def application(world, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {**world.case_body(number), "channel": "mobile", **changes}


async def applied(window, world, actor: Actor, number: int = 1, **changes: Any) -> dict[str, Any]:
    answer = await post(window, "/online/applications", application(world, number, **changes), actor=actor)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ask(window, case_number: str, identifier: str, **headers: str):
    body = {"case_number": case_number, "identifier": identifier}
    return await window.client.post(f"{ONLINE}/progress", json=body, headers=headers)


async def seen(window, world, case_id: str) -> dict[str, Any]:
    answer = await window.client.get(f"/casework/v1/cases/{case_id}", headers=bearer(world.AGENT))
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- applying ----------------------------------------------------------------------------------------------------


async def test_a_citizen_applies_with_files_and_the_office_has_the_case(window, world, citizen):
    """O4.2b: online application; the office of the chosen division receives it."""
    anna = citizen("anna")
    file = await upload(window, world, anna)
    case = await applied(window, world, anna, files=[{"upload_id": file, "material": "居民身份证"}])
    assert (case["status_label"], case["channel_label"]) == ("已收件", "移动端网上申请")
    assert case["guide"] == f"/casework/v1/items/{world.ITEM}"
    assert (await window.client.get(case["guide"])).status_code == 200
    office = await seen(window, world, case["id"])
    assert (office["case_number"], office["channel"]) == (case["case_number"], "mobile")
    listed = await window.client.get(
        "/casework/v1/uploads", params={"case_id": case["id"]}, headers=bearer(world.AGENT)
    )
    assert [(one["id"], one["material"], one["status"]) for one in listed.json()["items"]] == [
        (file, "居民身份证", "attached")
    ]
    own = await window.client.get(f"/casework/v1/uploads/{file}/content", headers=bearer(anna))
    assert own.content == PDF


async def test_the_files_of_a_case_are_seen_where_the_case_is_seen(window, world, citizen):
    """ADR 0005: the holder, who was offered the case, the subtree; in clear by clerk, head or holder for a reason."""
    anna = citizen("anna")
    file = await upload(window, world, anna)
    case = await applied(window, world, anna, files=[{"upload_id": file, "material": "居民身份证"}])
    address, body = f"/casework/v1/uploads/{file}", {"reason": "核对身份"}

    async def told(actor: Actor) -> tuple[int, int, int]:
        listed = await window.client.get("/casework/v1/uploads", params={"case_id": case["id"]}, headers=bearer(actor))
        one = await window.client.get(address, headers=bearer(actor))
        content = await window.client.post(f"{address}/content-disclosures", json=body, headers=bearer(actor))
        assert content.status_code != 200 or content.content == PDF
        return listed.status_code, one.status_code, content.status_code

    neighbour = make_actor(world.NEIGHBOUR, Role.STATION_AGENT, subject="neighbour")
    assert await told(world.AGENT) == (200, 200, 403), "it sees the case and does not hold it"
    assert await told(world.CLERK) == (200, 200, 200)
    assert await told(world.SUPERVISOR) == (200, 200, 403)
    assert await told(world.STRANGER) == await told(neighbour) == (404, 404, 404)
    await window.act(case["id"], "offer/acceptance", version=1)
    assert await told(world.AGENT) == (200, 200, 200), "it holds the case"
    await window.rows(
        "UPDATE cases SET offered_division = $1 WHERE id = $2::text::uuid", world.OTHER_COUNTY, case["id"]
    )
    assert await told(world.STRANGER) == (200, 200, 200), "the case is offered to it"
    acts = await window.rows("SELECT DISTINCT reason FROM audit_entries WHERE action = 'casework.upload.disclose'")
    assert [row["reason"] for row in acts] == ["核对身份"]
    assert (await window.client.get(f"{address}/content", headers=bearer(world.CLERK))).status_code == 403


async def test_an_application_sent_twice_is_one_case(window, world, citizen):
    body = application(world)
    answers = await asyncio.gather(
        *(post(window, "/online/applications", body, actor=citizen("anna"), key="one") for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await window.value("SELECT count(*) FROM cases") == 1


async def test_a_second_application_of_the_same_account_is_recognised(window, world, citizen):
    """O4.2b: the own number is told; once the first has ended, one may apply again."""
    anna = citizen("anna")
    case = await applied(window, world, anna)
    again = problem(await post(window, "/online/applications", application(world), actor=anna), 409,
                    "casework.online.duplicate-application")  # fmt: skip
    assert again["case_number"] == case["case_number"]
    assert await window.value("SELECT count(*) FROM cases") == 1
    await applied(window, world, anna, 2)
    withdrawn = await post(window, f"/online/applications/{case['id']}/withdrawal", {"reason": "改到窗口办理"},
                           actor=anna, version=case["version"])  # fmt: skip
    assert withdrawn.json()["status_label"] == "已撤回"
    await applied(window, world, anna)


@pytest.mark.parametrize("files", [[], [{"upload_id": str(uuid7()), "material": "身份证"}]])
async def test_an_account_learns_nothing_of_cases_that_came_from_elsewhere(window, world, citizen, files):
    """ADR 0005: what is answered about a person with an open case is what is answered about one without."""
    bert = citizen("bert")
    await applied(window, world, citizen("anna"), 1)
    assert (await window.register(applicant_id_number=synthetic_person(2).id_number)).status_code == 201
    told = []
    for number in (1, 2, 3):
        answer = await post(window, "/online/applications", application(world, number, files=files), actor=bert)
        body = answer.json()
        told.append((answer.status_code, sorted(answer.headers), sorted(body), body.get("status"), body.get("code")))
    assert told[0] == told[1] == told[2]
    assert told[0][0] == (404 if files else 201)


async def test_an_application_beside_an_open_case_is_shown_to_the_office_as_such(window, world, citizen):
    """O4.2b: nobody keeps a person from applying by having applied in their name; the office judges."""
    await applied(window, world, citizen("bert"))
    second, other = await applied(window, world, citizen("anna")), await applied(window, world, citizen("anna"), 2)
    for case, is_duplicate in ((second, True), (other, False)):
        seen_ = await window.client.get(f"{ONLINE}/cases/{case['id']}", headers=bearer(world.AGENT))
        assert (seen_.status_code, seen_.json()["is_duplicate"]) == (200, is_duplicate), seen_.text
        marks = await window.value("SELECT count(*) FROM audit_entries WHERE object_id = $1 "
                                   "AND action = 'casework.online-application.mark-duplicate'", case["id"])  # fmt: skip
        assert marks == is_duplicate
    address = f"{ONLINE}/cases/{second['id']}"
    problem(await window.client.get(address, headers=bearer(citizen("anna"))), 403, "auth.role-required")
    problem(await window.client.get(address, headers=bearer(world.STRANGER)), 404, "casework.case-not-found")
    own = await window.client.get(f"{ONLINE}/applications/{second['id']}", headers=bearer(citizen("anna")))
    assert "duplicate" not in own.text


async def test_an_own_case_is_recognised_below_however_many_of_others(window, world, citizen):
    """Only open cases are looked at, and all of them."""
    anna = citizen("anna")
    first = await applied(window, world, anna)
    await window.rows("UPDATE cases SET registered_at = registered_at - interval '1 hour'")
    for number in range(3):
        await applied(window, world, citizen(f"c{number}"))
    again = await post(window, "/online/applications", application(world), actor=anna)
    assert problem(again, 409, "casework.online.duplicate-application")["case_number"] == first["case_number"]


async def test_of_many_applications_at_once_about_the_same_one_is_taken(window, world, citizen):
    answers = await asyncio.gather(
        *(post(window, "/online/applications", application(world), actor=citizen("anna")) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert await window.value("SELECT count(*) FROM cases") == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"item_code": "X99"}, 422, "casework.item-unknown"),
        ({"division": "440305001005"}, 422, "directory.division-retired"),
        ({"applicant_id_number": "123"}, 422, "casework.id-number-invalid"),
        ({"channel": "window"}, 422, "request.validation-failed"),
        ({"files": [{"upload_id": str(uuid7()), "material": "身份证"}]}, 404, "casework.upload.not-found"),
    ],
)
async def test_an_application_that_cannot_be_leaves_nothing(window, world, citizen, changes, status, code):
    body = {**world.case_body(1, **{k: v for k, v in changes.items() if k.startswith("applicant_")}),
            "channel": "mobile", **{k: v for k, v in changes.items() if not k.startswith("applicant_")}}  # fmt: skip
    problem(await post(window, "/online/applications", body, actor=citizen("anna")), status, code)
    for table in ("cases", "records", "outbox"):
        assert await window.value(f"SELECT count(*) FROM {table}") == 0


async def test_only_citizens_apply_online(window, world):
    for actor in (world.AGENT, world.HEAD, world.SUPERVISOR):
        problem(await post(window, "/online/applications", application(world), actor=actor), 403, "auth.role-required")


async def test_nobody_sees_or_touches_what_somebody_else_has_applied_for(window, world, citizen):
    """Must show 6: other people's cases."""
    anna, bert = citizen("anna"), citizen("bert")
    case = await applied(window, world, anna)
    file = await upload(window, world, bert)
    for other in (bert, citizen("Anna")):
        address = f"/online/applications/{case['id']}"
        problem(await window.client.get(f"/casework/v1{address}", headers=bearer(other)), 404,
                "casework.online.application-not-found")  # fmt: skip
        problem(await post(window, f"{address}/withdrawal", {"reason": "不办了"}, actor=other, version=1), 404,
                "casework.online.application-not-found")  # fmt: skip
        body = {"case_id": case["id"], "files": [{"upload_id": file, "material": "身份证"}]}
        problem(await post(window, "/uploads/attachments", body, actor=other), 404,
                "casework.online.application-not-found")  # fmt: skip
        assert (await window.client.get(f"{ONLINE}/applications", headers=bearer(other))).json()["items"] == []
    (own,) = (await window.client.get(f"{ONLINE}/applications", headers=bearer(anna))).json()["items"]
    assert own["case_number"] == case["case_number"]
    detail = (await window.client.get(f"{ONLINE}/applications/{case['id']}", headers=bearer(anna))).json()
    assert detail["reasons"]
    assert detail["applicant"]["id_number"][3:14] == "*" * 11


async def test_what_was_missing_is_brought_at_once_and_only_then_the_office_goes_on(window, world, citizen):
    """O4.3c: everything that was asked for at once."""
    anna = citizen("anna")
    case = await applied(window, world, anna)
    await window.act(case["id"], "offer/acceptance", version=1)
    asked = await window.act(case["id"], "supplement-notice", {"materials": ["户口簿", "照片"]}, version=2)
    assert asked.status_code == 200, asked.text
    version = asked.json()["version"]
    first, second = await upload(window, world, anna), await upload(window, world, anna)
    path = f"/online/applications/{case['id']}/supplement"
    part = {"files": [{"upload_id": first, "material": "户口簿"}]}
    lacking = await post(window, path, part, actor=anna, version=version)
    assert problem(lacking, 422, "casework.online.supplement-incomplete", "O4.3c")["missing"] == ["照片"]
    assert (await seen(window, world, case["id"]))["version"] == version
    whole = {"files": [*part["files"], {"upload_id": second, "material": "照片"}]}
    brought = await post(window, path, whole, actor=anna, version=version)
    assert (brought.status_code, brought.json()["status_label"]) == (200, "已收件"), brought.text
    assert brought.json()["supplements"][0]["supplied_at"] is not None
    events = [row["data"] for row in await window.rows("SELECT data::text AS data FROM outbox")]
    assert not [data for data in events if "anna" in data], "a citizen's account leaves casework in no event"
    assert await window.value("SELECT count(*) FROM audit_entries WHERE actor = 'anna'") > 0


async def test_an_office_gives_files_to_its_own_open_cases_only(window, world):
    case = (await window.register()).json()
    file = await upload(window, world, world.AGENT)
    body = {"case_id": case["id"], "files": [{"upload_id": file, "material": "身份证"}]}
    problem(await post(window, "/uploads/attachments", body, actor=world.STRANGER), 404, "casework.case-not-found")
    problem(await post(window, "/uploads/attachments", body, actor=world.AUDITOR), 403, "auth.role-required")
    given = await post(window, "/uploads/attachments", body, actor=world.AGENT)
    assert [one["case_id"] for one in given.json()["items"]] == [case["id"]]
    other = await upload(window, world, world.AGENT)
    told = (await window.client.get(f"/casework/v1/cases/{case['id']}/file", headers=bearer(world.AGENT))).json()
    (noted,) = told["received"]
    assert (told["version"], noted["material"], noted["medium"], noted["count"]) == (2, "身份证", "upload", 1)
    await window.act(case["id"], "withdrawal", {"reason": "申请人改期办理"}, version=2)
    body["files"][0]["upload_id"] = other
    problem(await post(window, "/uploads/attachments", body, actor=world.AGENT), 409, "casework.online.case-ended")


async def test_giving_files_to_a_case_that_ends_meanwhile_is_one_outcome(window, world):
    """Must show 6, O4.1b: either the case ended first and nothing is attached, or the file was there and it goes on."""
    outcomes = set()
    for _ in range(4):
        case = (await window.register()).json()
        file = await upload(window, world, world.AGENT)
        body = {"case_id": case["id"], "files": [{"upload_id": file, "material": "身份证"}]}
        given, ended = await asyncio.gather(
            post(window, "/uploads/attachments", body, actor=world.AGENT),
            window.act(case["id"], "withdrawal", {"reason": "申请人改期办理"}, version=1),
        )
        state = await window.value("SELECT state ->> 'status' FROM records WHERE id = $1::uuid", file)
        outcomes.add((given.status_code, ended.status_code in {409, 412}, state))
    assert outcomes <= {(201, True, "attached"), (200, True, "attached"), (409, False, "uploaded")}, outcomes


# --- asking ------------------------------------------------------------------------------------------------------


async def test_who_knows_number_and_identity_sees_how_the_case_stands(window, world):
    """O4.2b: progress by case number and identity, without a token, nothing of the person in the answer."""
    case = (await window.register()).json()
    person = synthetic_person(1)
    answer = await ask(window, case["case_number"], f" {person.id_number.lower()} ")
    told = answer.json()
    assert (answer.status_code, told["status_label"], told["item_name"]) == (200, "已收件", case["item_name"])
    assert told["guide"] == f"/casework/v1/items/{case['item_code']}"
    for secret in (person.name, person.id_number, person.phone):
        assert secret not in answer.text


async def test_a_wrong_number_and_a_wrong_identity_are_answered_alike(window, world):
    """Must show 6: no oracle; answers differ in nothing but the trace."""
    case = (await window.register()).json()
    right, other = synthetic_person(1).id_number, synthetic_person(2).id_number
    pairs = [("1" * 43, right), (case["case_number"], other), ("1" * 43, other), (case["case_number"], "不是证件")]
    answers = [await ask(window, *pair) for pair in pairs]
    told = {json.dumps({**answer.json(), "trace_id": ""}, sort_keys=True) for answer in answers}
    assert len(told) == 1
    assert {frozenset(answer.headers) for answer in answers} == {frozenset(answers[0].headers)}
    for answer in answers:
        problem(answer, 404, "casework.online.no-such-case")


async def test_a_wrong_number_and_a_wrong_identity_cost_the_same(window, world, monkeypatch):
    """The same statements are sent, and nothing of anybody is opened."""
    from common.crypto import FieldCipher

    case = (await window.register()).json()
    opened: list[str] = []
    decrypt = FieldCipher.decrypt
    monkeypatch.setattr(
        FieldCipher, "decrypt", lambda self, *a, **k: (opened.append(k["context"]), decrypt(self, *a, **k))[1]
    )
    await ask(window, "1" * 43, synthetic_person(1).id_number)
    await ask(window, case["case_number"], synthetic_person(2).id_number)
    assert opened == []
    await ask(window, case["case_number"], synthetic_person(1).id_number)
    assert len(opened) > 0


@pytest.mark.parametrize("online_settings", [{"progress_per_address": 5, "progress_per_case": 100}])
async def test_one_address_asks_so_often_and_hears_when_to_come_again(window, world):
    """O4.2b; also of who asks rightly, and whatever is written into X-Forwarded-For."""
    case = (await window.register()).json()
    answers = await asyncio.gather(
        *(ask(window, f"{n:043d}", "1", **{"X-Forwarded-For": f"6.6.6.{n}"}) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [404] * 5 + [429] * 3
    refused = await ask(window, case["case_number"], synthetic_person(1).id_number)
    body = problem(refused, 429, "casework.online.asked-too-often")
    assert 1 <= int(refused.headers["Retry-After"]) <= 601
    assert body["retry_after_seconds"] == int(refused.headers["Retry-After"])


@pytest.mark.parametrize("online_settings", [{"progress_per_case": 3, "http_trusted_proxies": 1}])
async def test_about_one_number_is_asked_so_often_wherever_from(window, world):
    """Whether there is such a case or not."""
    case = (await window.register()).json()
    for number in (case["case_number"], "7" * 43):
        asked = [
            (await ask(window, number, "1", **{"X-Forwarded-For": f"203.0.113.{n}"})).status_code for n in range(5)
        ]
        assert asked == [404, 404, 404, 429, 429]


async def test_what_is_counted_names_nobody_and_is_forgotten(window, world):
    from casework.limits.service import forget_questions

    await ask(window, "1" * 43, "1")
    rows = await window.rows("SELECT encode(bucket, 'hex') AS bucket, asked FROM progress_questions")
    assert [(len(row["bucket"]), row["asked"]) for row in rows] == [(64, 1), (64, 1)]
    async with window.context.db.autocommit() as conn:
        assert await forget_questions(conn, window_seconds=600, limit=10) == 0
    await window.rows("UPDATE progress_questions SET window_start = window_start - interval '1 hour'")
    async with window.context.db.autocommit() as conn:
        assert await forget_questions(conn, window_seconds=600, limit=10) == 2


async def test_number_and_identity_stand_in_no_address(window):
    answer = await window.client.get(f"{ONLINE}/progress", params={"case_number": "1", "identifier": "1"})
    problem(answer, 405, "request.method-not-allowed")
