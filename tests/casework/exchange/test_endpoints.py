"""Exchange over HTTP, with real tokens and a real database."""

import copy
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.cases.domain import state_of
from casework.cases.service import get_case_state
from casework.exchange.domain import document_schema, import_case, validate_document
from common.auth import Role
from common.clock import now, today
from common.contracts.casework.ratings import RatingState
from common.divisions import Level
from common.ids import uuid7
from common.records.service import store_record
from common.testing.persons import synthetic_organisation, synthetic_person
from common.testing.problems import problem
from common.testing.tokens import bearer, make_actor

EXCHANGE = "/casework/v1/exchange"
REASON = "向省政务服务数据平台报送"
FORM_NAMES = ("gbt39046", "ex_gdbs")


@pytest.fixture
def system(world):
    """The programme of the city's bureau."""
    return make_actor(world.CITY, Role.SYSTEM_CLIENT)


async def closed(window, **changes: Any) -> dict[str, Any]:
    """A case that was registered and withdrawn: it has ended."""
    case = (await window.register(**changes)).json()
    answer = await window.act(case["id"], "withdrawal", {"reason": "申请人改期办理"}, version=case["version"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def export(window, actor, *, query: dict[str, Any] | None = None, **body: Any):
    asked = {"form": "gbt39046", "reason": REASON, **body}
    return await window.client.post(f"{EXCHANGE}/exports", json=asked, params=query or {}, headers=bearer(actor))


async def take_in(window, actor, documents, key=None, **body: Any):
    headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
    asked = {"reason": "原系统停用，历史办件迁入", "documents": documents, **body}
    return await window.client.post(f"{EXCHANGE}/imports", json=asked, headers=headers)


def lines(answer):
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def state(window, case_id):
    async with window.context.uow() as uow:
        return state_of(await get_case_state(uow.conn, case_id))


async def audits(window, action):
    return await window.rows("SELECT * FROM audit_entries WHERE action = $1 ORDER BY id", action)


def period(**changes):
    return {"from_on": str(today() - timedelta(days=1)), "until_on": str(today() + timedelta(days=1)), **changes}


# --- looking -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORM_NAMES)
async def test_a_real_case_fits_the_schema_and_gives_the_same_state_back(window, world, system, form):
    """O4.2a: what the window has made goes through both forms without loss."""
    case = (await window.register()).json()
    accepted = (await window.act(case["id"], "acceptance", version=1)).json()
    assert accepted["status"] == "accepted"
    answer = await window.client.get(f"{EXCHANGE}/cases/{case['id']}", params={"form": form}, headers=bearer(system))
    document = answer.json()
    assert validate_document(document) == []
    read = import_case(document)
    assert read.state == await state(window, case["id"])
    assert (document["applicant"], read.applicant) == ("masked", None)
    person = synthetic_person(1)
    for secret in (person.name, person.id_number, person.phone):
        assert secret not in answer.text


async def test_looking_is_no_sending(window, world, system):
    case = (await window.register()).json()
    for _ in range(2):
        shown = await window.client.get(
            f"{EXCHANGE}/cases/{case['id']}", params={"form": "ex_gdbs"}, headers=bearer(system)
        )
        assert shown.json()["tables"]["SB"][0]["VERSION"] == 1
    assert await window.value("SELECT count(*) FROM exchange_sendings") == 0


async def test_who_exchanges_nothing_sees_nothing(window, world, system):
    case = (await window.register()).json()
    address = f"{EXCHANGE}/cases/{case['id']}"
    for actor in (world.AGENT, world.CLERK, world.HEAD, world.ADMINISTRATOR, world.AUDITOR):
        problem(await window.client.get(address, headers=bearer(actor)), 403, "auth.role-required")
        problem(await export(window, actor, case_ids=[case["id"]]), 403, "auth.role-required")
        problem(await take_in(window, actor, [{}]), 403, "auth.role-required")
        validated = await window.client.post(f"{EXCHANGE}/validations", json={}, headers=bearer(actor))
        problem(validated, 403, "auth.role-required")
    far = make_actor(world.OTHER_COUNTY, Role.SYSTEM_CLIENT)
    problem(await window.client.get(address, headers=bearer(far)), 404, "casework.case-not-found")
    problem(await window.client.get(address), 401, "auth.token-missing")
    wrong = await window.client.get(address, params={"form": "xml"}, headers=bearer(system))
    problem(wrong, 422, "request.validation-failed")


async def test_the_forms_tell_their_schemas(window, system):
    forms = await window.client.get(f"{EXCHANGE}/forms", headers=bearer(system))
    assert set(forms.json()) == set(FORM_NAMES)
    for form in FORM_NAMES:
        shown = await window.client.get(f"{EXCHANGE}/forms/{form}", headers=bearer(system))
        assert shown.json() == json.loads(json.dumps(document_schema(form)))


# --- sending -----------------------------------------------------------------------------------------------------


async def test_an_export_is_masked_unless_a_bureaus_system_asks_for_applicants(window, world, system):
    """standards.md §9: in clear only as an audited act, case by case, never to a person."""
    case = (await window.register()).json()
    person = synthetic_person(1)
    masked = await export(window, world.SUPERVISOR, case_ids=[case["id"]])
    assert person.id_number not in masked.text
    assert masked.headers["cache-control"] == "no-store"
    problem(
        await export(window, world.SUPERVISOR, case_ids=[case["id"]], with_applicant=True), 403, "auth.role-required"
    )
    assert await audits(window, "casework.applicant.disclose") == []
    (document,) = lines(await export(window, system, case_ids=[case["id"]], with_applicant=True))
    row = document["tables"]["application"][0]
    assert (row["applicant_name"], row["applicant_id_no"]) == (person.name, person.id_number)
    (entry,) = await audits(window, "casework.applicant.disclose")
    assert (entry["object_id"], entry["reason"], entry["actor"]) == (case["id"], REASON, system.subject)
    exports = await audits(window, "casework.exchange.export")
    assert [one["object_id"] for one in exports] == ["gbt39046:1", "gbt39046:1"]


async def test_a_period_goes_out_page_by_page(window, world, system):
    made = [(await window.register(number=number)).json()["id"] for number in range(1, 6)]
    found, query = [], {"limit": 2}
    while True:
        answer = await export(window, system, query=query, **period())
        found += [document["tables"]["application"][0]["x_id"] for document in lines(answer)]
        if "Next-Cursor" not in answer.headers:
            break
        query["cursor"] = answer.headers["Next-Cursor"]
    assert found == made
    other = await export(window, system, query=query, **period(division=world.OTHER_VILLAGE))
    problem(other, 400, "request.cursor-invalid")
    problem(
        await export(window, system, **period(division=world.OTHER_VILLAGE)), 404, "casework.exchange.nothing-to-export"
    )
    empty = period(from_on="2020-01-01", until_on="2020-02-01")
    problem(await export(window, system, **empty), 404, "casework.exchange.nothing-to-export")


async def test_one_case_that_may_not_be_seen_keeps_all_back(window, world, system):
    mine = (await window.register()).json()["id"]
    far = await window.register(actor=world.STRANGER, division=world.OTHER_VILLAGE, number=2)
    lower = make_actor(world.COUNTY, Role.SYSTEM_CLIENT)
    for other in (far.json()["id"], str(uuid4())):
        answer = await export(window, lower, case_ids=[mine, other], with_applicant=True)
        problem(answer, 404, "casework.case-not-found")
    assert await audits(window, "casework.exchange.export") == []
    assert await window.value("SELECT count(*) FROM exchange_sendings") == 0


async def test_a_sending_is_counted_anew_when_the_case_has_changed(window, system):
    """standards.md §5: VERSION starts at 1, one more for each corrected resend."""
    case = (await window.register()).json()

    async def version():
        (document,) = lines(await export(window, system, form="ex_gdbs", case_ids=[case["id"]]))
        return document["tables"]["SB"][0]["VERSION"]

    assert [await version(), await version()] == [1, 1]
    await window.act(case["id"], "acceptance", version=1)
    assert [await version(), await version()] == [2, 2]


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"case_ids": []}, {"case_ids": ["x"]}, {"from_on": "2026-01-01"}, {"until_on": "2026-01-01"},
        period(case_ids=[str(uuid4())]), {"from_on": "2026-01-02", "until_on": "2026-01-02"},
        {"case_ids": [str(uuid4())] * 101}, period(form="xml"), period(reason="找 44030119900101123X"), period(reason="x"),
        period(with_applicant="yes"), period(division="44"), period(name="x"),
    ],
)  # fmt: skip
async def test_requests_of_another_form_are_refused_and_nothing_is_noted(window, system, changes):
    problem(await export(window, system, **changes), 422, "request.validation-failed")
    assert await window.value("SELECT count(*) FROM audit_entries") == 0


async def rated(window, case, **changes):
    """A rating of the case, as its own feature stores it."""
    state = RatingState(
        id=uuid7(), version=1, division=case["division"], level=Level(case["level"]), changed_at=now(),
        case_id=UUID(case["id"]), item_code=case["item_code"], duty=case["duty"], occasion="matter", number=1,
        rating="very_satisfied", channel="qr_code", rated_at=now(), rated_on=today(), status="counted",
    ).model_copy(update=changes)  # fmt: skip
    async with window.context.uow() as uow:
        await store_record(uow, state, previous=None, action="casework.rating.give")
    return state


async def test_ratings_go_out_in_both_directions_of_their_codes_and_never_to_whom_they_are_about(window, world, system):
    """O4.3f: A.8 has 1 for the best, the interface 5; the rated do not see who rated."""
    case = await closed(window)
    states = [await rated(window, case), await rated(window, case, number=2, rating="dissatisfied")]
    asked = {"case_ids": [case["id"]], "with_ratings": True}
    (gb,) = lines(await export(window, system, **asked))
    (gd,) = lines(await export(window, system, form="ex_gdbs", **asked))
    assert [row["satisfaction_code"] for row in gb["tables"]["evaluations"]] == ["1", "4"]
    assert [row["satisfaction"] for row in gd["tables"]["HCP"]] == ["5", "2"]
    assert import_case(gb).ratings == import_case(gd).ratings == tuple(states)
    assert validate_document(gb) == validate_document(gd) == []
    await rated(window, case, rated_accounts=(world.SUPERVISOR.subject,))
    (own,) = lines(await export(window, world.SUPERVISOR, **asked))
    assert len(own["tables"]["evaluations"]) == 2
    (without,) = lines(await export(window, world.SUPERVISOR, case_ids=[case["id"]]))
    assert "evaluations" not in without["tables"]


# --- checking ----------------------------------------------------------------------------------------------------


async def test_a_document_is_checked_in_chinese_and_nothing_of_it_is_kept_or_told(window, world, system):
    case = await closed(window)
    (document,) = lines(await export(window, system, case_ids=[case["id"]], with_applicant=True))

    async def checked(content):
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        headers = {**bearer(world.SUPERVISOR), "Content-Type": "application/json"}
        answer = await window.client.post(f"{EXCHANGE}/validations", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    good = (await checked(document)).json()
    assert (good["is_valid"], good["is_complete"], good["status"], good["findings"]) == (True, True, "withdrawn", [])
    wrong = copy.deepcopy(document)
    wrong["tables"]["application"][0] |= {"source_code": "44030119900101123X", "秘密": "1"}
    answer = await checked(wrong)
    told = {(one["field"], one["code"]) for one in answer.json()["findings"]}
    assert told == {("source_code", "enum"), (None, "additionalProperties")}
    (field,) = [one for one in answer.json()["findings"] if one["field"]]
    assert (field["table_label"], field["row"], field["field_label"]) == ("表5 办事申请", 1, "申报来源代码")
    assert field["reason"] == "代码不在代码集之内"
    assert "44030119900101123X" not in answer.text
    assert "秘密" not in answer.text
    for content in (b"", b"{", b"\xff", b'{"form": NaN}', b'"\\ud800"', b"[" * 5000):
        assert (await checked(content)).json()["findings"][0]["code"] in {"json", "type"}
    bare = {
        "form": "gbt39046",
        "profile": "jiceng-1",
        "applicant": "none",
        "tables": {"application": [{"case_no": "1"}]},
    }
    assert (await checked(bare)).json() == {
        "is_valid": True, "is_complete": False, "status": None, "ratings": 0, "findings": [],
    }  # fmt: skip


# --- taking in ---------------------------------------------------------------------------------------------------


async def removed(window):
    """The cases are gone, as on another site."""
    await window.rows("DELETE FROM cases")


@pytest.mark.parametrize("form", FORM_NAMES)
async def test_what_one_site_sends_another_one_has_afterwards(window, system, form):
    """O4.2a: the same state, the same applicant; told and audited."""
    made = [await closed(window), await closed(window, body_kind="organisation", number=5, item_code="B17")]
    ids = [one["id"] for one in made]
    before = [await state(window, one) for one in ids]
    documents = lines(await export(window, system, form=form, case_ids=ids, with_applicant=True))
    await removed(window)
    answer = await take_in(window, system, documents)
    assert answer.status_code == 201, answer.text
    assert [one["id"] for one in answer.json()["items"]] == ids
    assert [await state(window, one) for one in ids] == before
    again = lines(await export(window, system, form=form, case_ids=ids, with_applicant=True))
    assert [one["tables"] for one in again] == [one["tables"] for one in documents]
    assert len(await audits(window, "casework.case.import")) == len(ids)
    types = await window.rows("SELECT type FROM outbox ORDER BY id DESC LIMIT $1", len(ids))
    assert {row["type"] for row in types} == {"casework.case.withdrawn.v1"}


def legacy(number=1, **changes):
    """A row of a predecessor: no extension field at all."""
    person = synthetic_person(number)
    application = {
        "case_no": f"OLD-{number}", "applied_at": "20190102T030405", "applicant_name": person.name,
        "applicant_id_type": "111", "applicant_id_no": person.id_number, **changes,
    }  # fmt: skip
    closing = {"case_no": f"OLD-{number}", "closed_at": "2019011009:00:00", "result_desc": "出证办结"}
    tables = {"application": [application], "acceptance": [{"accepted_at": "20190103T030405"}], "closing": [closing]}
    return {"form": "gbt39046", "profile": "jiceng-1", "applicant": "clear", "tables": tables}


async def test_a_predecessors_cases_come_in_with_what_the_importer_tells(window, world, system):
    answer = await take_in(window, system, [legacy(1), legacy(2)], division=world.VILLAGE, item_code=world.ITEM)
    assert answer.status_code == 201, answer.text
    first, _second = answer.json()["items"]
    shown = (await window.client.get(f"/casework/v1/cases/{first['id']}", headers=bearer(world.AGENT))).json()
    assert (shown["case_number"], shown["status"], shown["closing_result"]) == ("OLD-1", "closed", "granted")
    assert shown["registered_at"] == "2019-01-02T03:04:05+08:00"
    held = (await state(window, first["id"])).file.holders
    assert [(one.account, one.division) for one in held] == [(f"office:{world.VILLAGE}", world.VILLAGE)]


async def test_a_file_comes_in_whole_or_not_at_all_and_tells_what_is_wrong_where(window, world, system):
    await take_in(window, system, [legacy(1)], division=world.VILLAGE, item_code=world.ITEM)
    before = await window.value("SELECT count(*) FROM outbox")
    open_case = legacy(4)
    del open_case["tables"]["closing"]
    reversed_case = legacy(6)
    reversed_case["tables"]["closing"][0]["closed_at"] = "2018011009:00:00"
    named = legacy(7)
    named["tables"]["x_specials"] = []
    files = [
        legacy(2),
        legacy(1),
        legacy(3),
        legacy(3),
        open_case,
        legacy(5, applicant_id_no="123"),
        reversed_case,
        named,
    ]
    answer = await take_in(window, system, files, division=world.VILLAGE, item_code=world.ITEM)
    findings = problem(answer, 422, "casework.exchange.import-refused")["findings"]
    assert [(one["document"], one["code"]) for one in findings] == [
        (2, "duplicate"), (4, "duplicate"), (5, "not-ended"), (6, "applicant-invalid"), (7, "times-reversed"),
        (8, "additionalProperties"),
    ]  # fmt: skip
    assert await window.value("SELECT count(*) FROM cases") == 1
    assert await window.value("SELECT count(*) FROM outbox") == before
    assert synthetic_person(5).name not in answer.text


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"item_code": "X99"}, "item-unknown"),
        ({"division": "440305001004"}, "office-unknown"),
        ({"division": "440305001999"}, "office-unknown"),
        ({"division": "441900003001"}, "out-of-scope"),
    ],
)
async def test_a_case_needs_an_item_and_an_office_of_the_systems_place(window, world, system, given, code):
    told = {"division": world.VILLAGE, "item_code": world.ITEM} | given
    answer = await take_in(window, system, [legacy(1)], **told)
    assert problem(answer, 422, "casework.exchange.import-refused")["findings"] == [
        {"document": 1, "code": code, "reason": answer.json()["findings"][0]["reason"]}
    ]
    assert await window.value("SELECT count(*) FROM cases") == 0


async def test_a_masked_document_makes_no_case(window, system):
    case = await closed(window)
    documents = lines(await export(window, system, case_ids=[case["id"]]))
    await removed(window)
    findings = problem(await take_in(window, system, documents), 422, "casework.exchange.import-refused")["findings"]
    assert [one["code"] for one in findings] == ["applicant-missing"]


async def test_texts_that_name_somebody_do_not_come_in(window, system):
    case = await closed(window)
    (document,) = lines(await export(window, system, case_ids=[case["id"]], with_applicant=True))
    document["tables"]["application"][0]["x_reason"] = f"与{synthetic_person(3).id_number}重复"
    await removed(window)
    answer = await take_in(window, system, [document])
    findings = problem(answer, 422, "casework.exchange.import-refused")["findings"]
    assert [one["code"] for one in findings] == ["personal-data"]
    assert synthetic_person(3).id_number not in answer.text


async def test_a_repeated_import_is_one(window, world, system):
    told = {"division": world.VILLAGE, "item_code": world.ITEM}
    first = await take_in(window, system, [legacy(1)], key="same", **told)
    again = await take_in(window, system, [legacy(1)], key="same", **told)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert await window.value("SELECT count(*) FROM cases") == 1


@pytest.mark.parametrize("documents", [[], [1], [{}], [{"form": "gbt39046"}], "x"])
async def test_files_of_another_form_are_refused(window, world, system, documents):
    answer = await take_in(window, system, documents)
    assert answer.status_code == 422
    assert await window.value("SELECT count(*) FROM cases") == 0


async def test_an_organisations_case_goes_through(window, system):
    organisation = synthetic_organisation(5)
    made = await window.register(body_kind="organisation", item_code="B17", number=5)
    if made.status_code != 201:
        pytest.fail(made.text)
    (document,) = lines(await export(window, system, form="ex_gdbs", case_ids=[made.json()["id"]], with_applicant=True))
    row = document["tables"]["SB"][0]
    assert (row["SQRLX"], row["SQRMC"], row["SQRZJHM"]) == ("2", organisation.name, organisation.uscc)
