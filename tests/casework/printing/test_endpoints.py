"""Printing over HTTP, with real tokens and a real database."""

import io
import json
from typing import Any

import pytest
from docx import Document

from common.auth import Role
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

DOCUMENTS = "/casework/v1/documents"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


async def registered(window, **changes: Any) -> dict[str, Any]:
    answer = await window.register(**changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def printed(window, actor, case_id, kind="receipt", **body):
    return await window.client.post(f"{DOCUMENTS}/{case_id}/{kind}", json=body, headers=bearer(actor))


def text_of(answer):
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs)


async def test_a_receipt_is_printed_for_the_applicant_and_told_to_the_audit(window, world):
    """O4.3b: receipt with name, phone, promise, complaint phone; the name stands on the paper only."""
    case = await registered(window)
    person = synthetic_person(1)
    answer = await printed(window, world.AGENT, case["id"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == DOCX
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="receipt.docx"'
    text = text_of(answer)
    for said in (f"{person.name}：", "收件回执", case["case_number"], case["item_name"], f"经办人：{world.AGENT.name}"):
        assert said in text
    assert "期限说明" in text
    assert person.id_number not in text
    assert person.phone not in text
    entry = (await window.rows("SELECT * FROM audit_entries WHERE action = 'casework.document.print'"))[0]
    assert (entry["actor"], entry["object_id"]) == (world.AGENT.subject, case["id"])
    assert entry["reason"].startswith("receipt SJ")
    assert person.name not in json.dumps([str(value) for value in entry.values()], ensure_ascii=False)


async def test_the_same_document_has_the_same_bytes_and_every_print_is_on_record(window, world):
    case = await registered(window)
    first, again = await printed(window, world.AGENT, case["id"]), await printed(window, world.AGENT, case["id"])
    assert first.content == again.content
    count = "SELECT count(*) FROM audit_entries WHERE action = 'casework.document.print'"
    assert await window.value(count) == 2


async def test_an_acceptance_notice_tells_the_due_date_as_it_was_when_it_was_issued(window, world):
    """O4.3c: the day and its reasons are of the day of issue, whatever happens to the case afterwards."""
    case = await registered(window)
    accepted = (await window.act(case["id"], "acceptance", version=1)).json()
    before = await printed(window, world.AGENT, case["id"], "acceptance_notice")
    assert before.status_code == 200, before.text
    text = text_of(before)
    year, month, day = (int(part) for part in accepted["due_on"].split("-"))
    assert f"办理期限届满日：{year}年{month}月{day}日" in text
    assert "期限说明" in text
    left = await window.act(case["id"], "withdrawal", {"reason": "申请人改期"}, version=accepted["version"])
    assert left.status_code == 200, left.text
    assert text_of(await printed(window, world.AGENT, case["id"], "acceptance_notice")) == text


async def test_the_documents_of_a_case_are_listed_without_anything_of_a_person(window, world):
    case = await registered(window)
    answer = await window.client.get(f"{DOCUMENTS}/{case['id']}", headers=bearer(world.SUPERVISOR))
    (document,) = answer.json()["items"]
    assert (document["kind"], document["kind_label"]) == ("receipt", "收件回执")
    assert document["issued_at"].endswith("+08:00")
    assert synthetic_person(1).name not in answer.text
    by_number = await printed(window, world.AGENT, case["id"], number=document["number"])
    assert document["number"] in text_of(by_number)


async def test_what_was_not_issued_is_not_printed(window, world):
    case = await registered(window)
    for kind in ("acceptance_notice", "refusal_notice", "decision", "closing_notice", "supplement_notice",
                 "special_procedure_notice", "extension_notice", "referral_notice"):  # fmt: skip
        problem(await printed(window, world.AGENT, case["id"], kind), 409, "casework.printing.notice-not-issued")
    problem(await printed(window, world.AGENT, case["id"], number="SJ0"), 409, "casework.printing.notice-not-issued")
    assert await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.document.print'") == 0


async def test_only_who_handles_cases_of_the_place_prints(window, world):
    case = await registered(window)
    for actor in (world.SUPERVISOR, world.AUDITOR, world.ADMINISTRATOR):
        problem(await printed(window, actor, case["id"]), 403, "auth.role-required")
    problem(await printed(window, world.STRANGER, case["id"]), 404, "casework.case-not-found")
    problem(await printed(window, world.AGENT, str(uuid7())), 404, "casework.case-not-found")
    problem(await window.client.post(f"{DOCUMENTS}/{case['id']}/receipt", json={}), 401, "auth.token-missing")
    listed = await window.client.get(f"{DOCUMENTS}/{case['id']}", headers=bearer(world.STRANGER))
    problem(listed, 404, "casework.case-not-found")
    assert await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.document.print'") == 0


async def test_a_colleague_who_prints_is_not_named_as_responsible(window, world):
    case = await registered(window)
    text = text_of(await printed(window, world.CLERK, case["id"]))
    assert "经办人：见办事窗口公示" in text


@pytest.mark.parametrize(
    ("kind", "body"),
    [("passport", {}), ("receipt", {"number": 1}), ("receipt", {"name": "x"}), ("receipt", {"number": ""})],
)
async def test_requests_of_another_form_are_refused(window, world, kind, body):
    case = await registered(window)
    problem(await printed(window, world.AGENT, case["id"], kind, **body), 422, "request.validation-failed")


async def test_a_name_that_looks_like_markup_is_printed_as_text(window, world):
    case = await registered(window, applicant_name="甲</w:t>{{ office }}&amp;")
    assert "甲</w:t>{{ office }}&amp;：" in text_of(await printed(window, world.AGENT, case["id"]))


async def test_a_long_name_is_printed_whole(window, world):
    case = await registered(window, applicant_name="名" * 100)
    assert "名" * 100 + "：" in text_of(await printed(window, world.AGENT, case["id"]))


async def test_the_receipt_of_a_first_contact_names_who_was_asked_first(window, world):
    """O4.3b: also of what is not ours."""
    somebody = synthetic_person(7)
    asker = {"name": somebody.name, "phone": somebody.phone, "id_number": somebody.id_number}
    body = {"channel": "window", "matter": "公积金如何提取", "is_ours": False, "asker": asker, "is_signed": True}
    headers = {**bearer(world.AGENT), "Idempotency-Key": str(uuid7())}
    contact = (await window.client.post("/casework/v1/contacts", json=body, headers=headers)).json()
    address = f"{DOCUMENTS}/first-contacts/{contact['id']}"
    text = text_of(await window.client.post(address, headers=bearer(world.AGENT)))
    for said in (
        f"{somebody.name}：",
        "公积金如何提取",
        contact["number"],
        f"经办人：{world.AGENT.name}",
        "承诺答复日期",
    ):
        assert said in text
    assert somebody.id_number not in text
    assert await window.value("SELECT count(*) FROM audit_entries WHERE action = 'casework.contact.disclose'") == 1
    colleague = make_actor(world.VILLAGE, Role.STATION_AGENT, subject="colleague")
    assert (await window.client.post(address, headers=bearer(colleague))).status_code in {403, 409, 422}
    problem(await window.client.post(address, headers=bearer(world.STRANGER)), 404, "record.not-found")
