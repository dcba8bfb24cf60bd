"""Consultations, complaints and warnings as rows of tables 10 and 11 of GB/T 39046-2020. Source: O4.3c, O4.3f."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from casework.exchange.domain import WRITERS, Handling, document_schema
from common.auth import Role
from common.clock import now, today
from common.contracts.casework.accountability import WarningState
from common.contracts.casework.complaints import ComplaintState, ExtensionState, PublicationState
from common.divisions import level_of
from common.ids import first_uuid7, uuid7
from common.records.service import store_record
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

REGISTERS = "/casework/v1/exchange/registers"
CITY, COUNTY, TOWN, OTHER = "440300000000", "440305000000", "440305001000", "440306000000"
SYSTEM = make_actor(CITY, Role.SYSTEM_CLIENT)


def complaint(kind="complaint", division=COUNTY, **changes) -> ComplaintState:
    return ComplaintState(**{
        "id": uuid7(), "version": 1, "division": division, "level": level_of(division), "office_id": uuid7(),
        "changed_at": now(), "number": f"TS{uuid7().int % 10**12}", "kind": kind, "subject": "delay", "round": 1,
        "status": "received", "is_anonymous": False, "filed_at": now(), **changes,
    })  # fmt: skip


def warning(division=TOWN, **changes) -> WarningState:
    return WarningState(**{
        "id": uuid7(), "version": 1, "division": division, "level": level_of(division), "office_id": uuid7(),
        "changed_at": now(), "number": f"J{uuid7().int % 10**12}", "subject": "casework.case", "subject_id": uuid7(),
        "rule_number": "R1", "kind": "overdue", "colour": "red", "occurrence": "2026-09-07", "status": "raised",
        "content": "办件已超期", "finding": "超期1个工作日", "raised_on": today(), "raised_at": now(), **changes,
    })  # fmt: skip


def fits(register, row) -> list[str]:
    schema = document_schema("gbt39046")
    checked = {"$ref": f"#/$defs/{register}", "$defs": schema["$defs"]}
    return [error.message for error in Draft202012Validator(checked).iter_errors(row)]


async def store(window, *states):
    async with window.context.uow() as uow:
        for state in states:
            await store_record(uow, state, previous=None, action="test.store")


async def ask(window, register, *, actor=SYSTEM, query=None, **changes):
    day = today()
    body = {
        "register": register,
        "reason": "向省级平台报送",
        "from_on": str(day),
        "until_on": str(day + timedelta(days=1)),
    }
    return await window.client.post(REGISTERS, json=body | changes, params=query or {}, headers=bearer(actor))


def rows(answer):
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


_COMPLAINT = {
    "round": st.integers(1, 2),
    "accused_division": st.sampled_from([None, TOWN]),
    "overdue_days": st.integers(0, 5000),
}
_WARNING = {
    "number": st.text(st.characters(codec="ascii"), min_size=1, max_size=20),
    "holder": st.sampled_from([None, "clerk-7"]),
}


@pytest.mark.parametrize(("register", "model", "members"), [
    ("consultations", ComplaintState, _COMPLAINT), ("complaints", ComplaintState, _COMPLAINT),
    ("supervision", WarningState, _WARNING),
])  # fmt: skip
def test_whatever_a_record_says_its_row_fits_the_standards_table(register, model, members, any_model):
    @given(
        any_model(model, **members), st.sampled_from([None, "4" * 47, "旧" * 60]), st.sampled_from([None, "长" * 300])
    )
    def check(state, case_number, name):
        row = WRITERS[register](state, Handling(office_name=name, office_code=None, case_number=case_number))
        assert fits(register, row) == []
        assert row.get("case_no") in {None, "4" * 47}

    check()


async def test_a_consultation_tells_what_was_made_public_and_a_complaint_nothing_of_what_was_written(window):
    public = PublicationState(question="某甲问如何参保", answer="到村服务站办理。", at=now(), by="head")
    asked = complaint("consultation", number="ZX1", publication=public, replied_at=now(), holder="clerk-7")
    extension = ExtensionState(working_days=5, reason="需要核查", at=now(), by="head")
    late = complaint(
        number="TS1", promised_days=15, extension=extension, finding="substantiated", replied_at=now(), overdue_days=2,
        accused_division=TOWN, accused_account="clerk-9", taken_up_at=now(), holder="clerk-7",
    )  # fmt: skip
    report = complaint("report", number="JB1")
    await store(window, asked, late, report)
    (told,) = rows(await ask(window, "consultations"))
    assert (told["consult_no"], told["consult_content"], told["reply"]) == ("ZX1", "某甲问如何参保", "到村服务站办理。")
    assert fits("consultations", told) == []
    answer = await ask(window, "complaints")
    first, second = rows(answer)
    assert (first["x_number"], second["x_number"]) == ("TS1", "JB1")
    told = {
        name: first[name] for name in ("complaint_title", "feedback", "promised_limit", "extend_limit", "overdue_days")
    }
    assert told == {
        "complaint_title": "投诉：超时、拖延", "feedback": "属实", "promised_limit": "15个工作日",
        "extend_limit": "5个工作日", "overdue_days": 2,
    }  # fmt: skip
    assert (first["handle_org_name"], first["region_code"]) == ("测试机构3", "440305000")
    assert "clerk-9" not in answer.text
    assert [fits("complaints", row) for row in (first, second)] == [[], []]


async def test_a_warning_names_its_case_rule_and_colour(window):
    case = (await window.register()).json()
    await store(window, warning(case_id=UUID(case["id"])), warning(colour="yellow", kind="due_today"))
    first, second = rows(await ask(window, "supervision"))
    assert (first["case_no"], first["item_type_code"]) == (case["case_number"], "20")
    assert not {"case_no", "item_type_code"} & second.keys()
    assert [row["warning_type"] for row in (first, second)] == ["3", "2"]
    assert [row["x_warning_type"] for row in (first, second)] == ["overdue", "due_today"]
    assert [fits("supervision", row) for row in (first, second)] == [[], []]


async def test_pages_hold_every_record_of_the_period_and_the_subtree_once(window):
    yesterday = now() - timedelta(days=1)
    old = complaint(id=first_uuid7(yesterday), number="OLD", filed_at=yesterday)
    states = [complaint(number=f"N{number}") for number in range(5)]
    await store(window, old, *states, complaint(division=OTHER, number="OTHER"))
    seen, query = [], {"limit": "2"}
    while True:
        answer = await ask(window, "complaints", query=query, division=COUNTY)
        seen += [row["x_number"] for row in rows(answer)]
        if "Next-Cursor" not in answer.headers:
            break
        query = {"limit": "2", "cursor": answer.headers["Next-Cursor"]}
    assert seen == [f"N{number}" for number in range(5)]
    problem(await ask(window, "supervision", query=query), 400, "request.cursor-invalid")
    whole = await ask(window, "complaints", from_on=str(today() - timedelta(days=2)))
    assert [row["x_number"] for row in rows(whole)] == ["OLD", *seen, "OTHER"]


async def test_whom_a_complaint_is_about_does_not_get_it_and_every_export_leaves_its_trace(window):
    supervisor = make_actor(CITY, Role.BUREAU_SUPERVISOR, subject="named")
    await store(window, complaint(number="MINE", accused_account="named"), complaint(number="OTHERS"))
    assert [row["x_number"] for row in rows(await ask(window, "complaints", actor=supervisor))] == ["OTHERS"]
    assert len(rows(await ask(window, "complaints"))) == 2
    told = await window.rows("SELECT object_id, reason FROM audit_entries WHERE action = $1 ORDER BY id", ACTION)
    assert [tuple(row) for row in told] == [("complaints:1", "向省级平台报送"), ("complaints:2", "向省级平台报送")]


ACTION = "casework.exchange.export-register"


@pytest.mark.parametrize(("role", "division"), [
    (Role.WINDOW_CLERK, TOWN), (Role.OFFICE_HEAD, TOWN), (Role.AUDITOR, CITY), (Role.ADMINISTRATOR, CITY),
])  # fmt: skip
async def test_who_exports_nothing_gets_nothing(window, role, division):
    await store(window, complaint(division=division))
    problem(await ask(window, "complaints", actor=make_actor(division, role)), 403, "auth.role-required")
    assert await window.value("SELECT count(*) FROM audit_entries WHERE action = $1", ACTION) == 0


async def test_an_empty_or_upside_down_period_says_so(window):
    problem(await ask(window, "consultations"), 404, "casework.exchange.nothing-to-export")
    problem(await ask(window, "complaints", until_on=str(today())), 422, "request.validation-failed")
    problem(await ask(window, "everything"), 422, "request.validation-failed")
    elsewhere = make_actor(OTHER, Role.SYSTEM_CLIENT)
    await store(window, complaint())
    problem(await ask(window, "complaints", actor=elsewhere), 404, "casework.exchange.nothing-to-export")
