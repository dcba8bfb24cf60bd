"""The mapping between cases and the standards' tables."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from casework.cases.domain import Applicant, ApplicantKind
from casework.exchange.commands import schema_text
from casework.exchange.domain import About, Party, document_schema, export_case, import_case, validate_document
from casework.exchange.domain.codes import CODE_SETS
from casework.exchange.domain.forms import FORMS
from casework.exchange.domain.places import join_lines, split_lines
from casework.exchange.errors import DocumentInvalid
from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseFile, CaseTerms, ClockEntry, Limit, SpecialState, StepState
from common.contracts.casework.ratings import RatingState
from common.divisions import Level
from common.testing.persons import synthetic_organisation, synthetic_person

ABOUT = About(item_name="城乡居保参保登记", office_name="粤海街道人社服务所", office_code="12440305MB2D00001X")
NUMBER = "12441500196720244T3442199806003202611220068"
AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
FORM_NAMES = tuple(FORMS)
LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")


def a_case(**changes):
    values = {
        "id": UUID(int=1), "version": 7, "division": "440305001001", "level": Level.VILLAGE, "office_id": UUID(int=2),
        "item_code": "B01", "duty": "social_insurance", "applicant_kind": "natural_person", "status": "closed",
        "registered_at": AT, "accepted_at": AT, "closed_at": AT, "closing_result": "granted", "case_number": NUMBER,
        "handling": "promised", "channel": "window", "handled_by": "clerk-7",
    }  # fmt: skip
    return CaseState(**(values | changes))


def a_rating(**changes):
    values = {
        "id": UUID(int=3), "version": 1, "division": "440305001001", "level": Level.VILLAGE, "changed_at": AT,
        "case_id": UUID(int=1), "item_code": "B01", "duty": "social_insurance", "occasion": "matter", "number": 1,
        "rating": "very_satisfied", "channel": "qr_code", "rated_at": AT, "rated_on": AT.date(), "status": "counted",
    }  # fmt: skip
    return RatingState(**(values | changes))


def through_json(document):
    return json.loads(json.dumps(document, ensure_ascii=False))


@pytest.mark.parametrize("form", FORM_NAMES)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_exported_fits_the_schema_and_comes_back_as_the_same_state(any_case, form, data):
    """O4.2a: GB/T 39046 and EX_GDBS exports validate against the tables' schemas and import to the same state."""
    state = data.draw(any_case["cases"])
    rated = data.draw(st.lists(any_case["ratings"], max_size=2))
    about = data.draw(st.sampled_from([About(), ABOUT, About(item_name="长" * 300, office_name="名" * 200)]))
    document = through_json(export_case(state, form=form, about=about, ratings=rated))
    assert validate_document(document) == []
    read = import_case(document)
    assert read.state == state
    assert read.ratings == tuple(rated)
    assert read.applicant is None


@pytest.mark.parametrize("form", FORM_NAMES)
@pytest.mark.parametrize("number", [1, 2])
def test_the_applicant_comes_back_from_a_document_in_clear_and_only_from_it(form, number):
    person, organisation = synthetic_person(number), synthetic_organisation(number)
    for kind, name, identifier in [
        ("natural_person", person.name, person.id_number), ("organisation", organisation.name, organisation.uscc),
    ]:  # fmt: skip
        state = a_case(applicant_kind=kind)
        clear = export_case(state, form=form, about=ABOUT, party=Party(name, identifier, person.phone, "clear"))
        read = import_case(through_json(clear))
        assert read.applicant == Applicant(ApplicantKind(kind), name, identifier, person.phone)
        assert read.state == state
        masked = export_case(state, form=form, about=ABOUT, party=Party("测**", "*" * 8, None, "masked"))
        assert import_case(through_json(masked)).applicant is None


@pytest.mark.parametrize(("best_first", "rating"), list(enumerate(LEVELS, 1)))
def test_satisfaction_runs_the_other_way_in_the_interface(best_first, rating):
    """O4.3f: A.8 has 1 for the best, the evaluation interface 5; both come back as the same named value."""
    rated = a_rating(rating=rating)
    gb = export_case(a_case(), form="gbt39046", about=ABOUT, ratings=[rated])
    interface = export_case(a_case(), form="ex_gdbs", about=ABOUT, ratings=[rated])
    row = gb["tables"]["evaluations"][0]
    assert row["satisfaction_code"] == str(best_first)
    assert row["satisfaction_name"] == CODE_SETS["A.8"][row["satisfaction_code"]]
    sent = interface["tables"]["HCP"][0]["satisfaction"]
    assert sent == str(6 - best_first)
    assert CODE_SETS["pj5"][sent] == row["satisfaction_name"]
    assert import_case(gb).ratings == import_case(interface).ratings == (rated,)
    for one in (gb["tables"]["evaluations"][0], interface["tables"]["HCP"][0]):
        assert not {"x_rating", "X_RATING"} & one.keys()


@pytest.mark.parametrize(
    ("result", "code", "label"),
    [("granted", "0", "出证办结"), ("returned", "1", "退回办结"), ("voided", "2", "作废办结"), ("deleted", "3", "删除办结"),
     ("referred", "4", "转报办结"), ("supplement_lapsed", "5", "补正不来办结"), ("other", "6", "办结")],
)  # fmt: skip
def test_closing_results_have_the_codes_in_use(result, code, label):
    """O4.1b: 办结结果代码 BJJGDM 0 to 6; GB/T 39046 has words only."""
    state = a_case(closing_result=result)
    row = export_case(state, form="ex_gdbs", about=ABOUT)["tables"]["BJ"][0]
    assert (row["BJJGDM"], row["BJJGMS"]) == (code, label)
    assert export_case(state, form="gbt39046", about=ABOUT)["tables"]["closing"][0]["result_desc"] == label


@pytest.mark.parametrize(
    ("channel", "gb", "form", "online", "delivery"),
    [("window", "1", "0", None, "0"), ("computer", "2", "1", "0", None), ("mobile", "3", "1", "1", None),
     ("courier", "4", "0", None, "1"), ("other", "9", "1", "9", None)],
)  # fmt: skip
def test_channels_have_the_codes_of_both_forms(channel, gb, form, online, delivery):
    state = a_case(channel=channel)
    assert export_case(state, form="gbt39046", about=ABOUT)["tables"]["application"][0]["source_code"] == gb
    row = export_case(state, form="ex_gdbs", about=ABOUT)["tables"]["SB"][0]
    assert (row["TJFS"], row.get("WSSBQD"), row.get("OBTAIN_DELIVER_WAY")) == (form, online, delivery)
    assert "X_CHANNEL" not in row


@pytest.mark.parametrize("code", ["2", "3", "4"])
def test_several_codes_of_a_mobile_channel_are_read_as_one(code):
    document = export_case(a_case(channel="mobile"), form="ex_gdbs", about=ABOUT)
    document["tables"]["SB"][0]["WSSBQD"] = code
    assert import_case(document).state.channel == "mobile"


def test_the_two_codes_of_a_refusal_are_read_as_one_and_an_end_has_its_reason():
    state = a_case(
        status="refused", accepted_at=None, closed_at=None, closing_result=None, refused_at=AT, reason="不属本所"
    )
    document = export_case(state, form="ex_gdbs", about=ABOUT)
    row = document["tables"]["SL"][0]
    assert (row["SLZTDM"], row["BSLYY"], row["SLSJ"]) == ("2", "不属本所", "2026-11-22 09:02:03")
    row["SLZTDM"] = "4"
    assert import_case(document).state == state


def test_a_withdrawn_case_ends_for_the_receiver_and_comes_back_as_withdrawn():
    state = a_case(
        status="withdrawn", accepted_at=None, closed_at=None, closing_result=None, withdrawn_at=AT, reason="改期"
    )
    document = export_case(state, form="ex_gdbs", about=ABOUT)
    assert document["tables"]["BJ"][0]["BJJGDM"] == "2"
    assert import_case(document).state == state


def test_times_stand_in_the_forms_that_the_tables_print():
    """Beijing time: YYYYMMDDThhmmss, and YYYYMMDDhh:mm:ss in table 8."""
    tables = export_case(a_case(), form="gbt39046", about=ABOUT)["tables"]
    assert tables["application"][0]["applied_at"] == "20261122T090203"
    assert tables["closing"][0]["closed_at"] == "2026112209:02:03"
    assert export_case(a_case(), form="ex_gdbs", about=ABOUT)["tables"]["BJ"][0]["BJSJ"] == "2026-11-22 09:02:03"


def test_a_second_has_no_place_for_its_parts_so_they_go_into_an_extension_field():
    state = a_case(closed_at=AT.replace(microsecond=5))
    row = export_case(state, form="gbt39046", about=ABOUT)["tables"]["application"][0]
    assert row["x_closed_at"] == "2026-11-22T09:02:03.000005+08:00"
    assert "x_closed_at" not in export_case(a_case(), form="gbt39046", about=ABOUT)["tables"]["application"][0]


def test_the_villages_code_does_not_fit_the_standard_and_stands_beside_it():
    """standards.md §1: district fields hold nine digits; ours has twelve. EX_GDBS holds them."""
    tables = export_case(a_case(), form="gbt39046", about=ABOUT)["tables"]
    assert tables["acceptance"][0]["region_code"] == "440305001"
    assert tables["application"][0]["x_division"] == "440305001001"
    town = export_case(a_case(division="440305001000", level=Level.TOWN), form="gbt39046", about=ABOUT)["tables"]
    assert "x_division" not in town["application"][0]
    row = export_case(a_case(), form="ex_gdbs", about=ABOUT)["tables"]["SB"][0]
    assert row["XZQHDM"] == "440305001001"
    assert "X_DIVISION" not in row


def test_a_case_number_holds_the_implementation_code_which_is_longer_than_the_standards_field():
    tables = export_case(a_case(), form="gbt39046", about=ABOUT)["tables"]
    assert tables["application"][0]["x_impl_code"] == NUMBER[:31]
    assert "impl_code" not in tables["application"][0]


def test_an_approved_extension_stands_among_the_special_procedures_and_is_read_from_the_ledger():
    entry = ClockEntry(at=AT, fact="extended", clock="handling", extension=Limit(value=10, unit="working_days"), by="h")
    special = SpecialState(kind="hearing", started_at=AT, by="h", reason="依法听证", is_pausing=True,
                           expected=Limit(value=5, unit="calendar_days"))  # fmt: skip
    state = a_case(file=CaseFile(ledger=(entry,), specials=(special,)))
    gb = export_case(state, form="gbt39046", about=ABOUT)
    assert [row["special_code"] for row in gb["tables"]["special_procedures"]] == ["2", "1"]
    gd = export_case(state, form="ex_gdbs", about=ABOUT)
    rows = gd["tables"]["TBCXSQ"]
    assert [(row["TBCXZL"], row["TBCXSX"], row["TBCXSXDW"]) for row in rows] == [("B", 5, "Z"), ("A", 10, "G")]
    assert import_case(gb).state == import_case(gd).state == state


def test_steps_without_a_code_of_their_own_keep_their_place_among_the_others():
    steps = tuple(
        StepState(step=name, action="pass", by="h", division="440305001001", started_at=AT, ended_at=AT, opinion="同意")
        for name in ("receipt", "acceptance", "undertaking", "reviewing", "approving", "closing")
    )
    document = export_case(a_case(file=CaseFile(steps=steps)), form="ex_gdbs", about=ABOUT)
    assert [row["SPHJDM"] for row in document["tables"]["SPCL"]] == ["1", "2", "3"]
    assert [row["SPBZH"] for row in document["tables"]["SPCL"]] == [3, 4, 5]
    assert import_case(document).state.file.steps == steps


def test_what_is_awaited_is_not_told_as_collected():
    terms = CaseTerms(handling="promised", steps=(), starts="accepted", acceptance=Limit(value=5, unit="working_days"),
                      required_materials=("身份证", "户口簿"))  # fmt: skip
    file = CaseFile(terms=terms, tolerances=({"material": "户口簿", "due_on": AT.date()},))
    rows = export_case(a_case(file=file), form="gbt39046", about=ABOUT)["tables"]["application_materials"]
    assert [(row["material_name"], row["is_collected"]) for row in rows] == [("身份证", "1"), ("户口簿", "0")]
    waiting = a_case(status="registered", accepted_at=None, closed_at=None, closing_result=None, file=file)
    rows = export_case(waiting, form="gbt39046", about=ABOUT)["tables"]["application_materials"]
    assert [row.get("is_collected") for row in rows] == [None, "0"]


@pytest.mark.parametrize("form", FORM_NAMES)
def test_a_later_scan_takes_nothing_from_what_an_accepted_case_was_accepted_with(form):
    """O4.3c: of materials that nobody noted, acceptance says that they were there; of noted ones, the notes do."""
    demands = ({"material": "身份证", "is_required": True}, {"material": "户口簿", "is_required": True})
    terms = CaseTerms(handling="promised", steps=(), starts="accepted", acceptance=Limit(value=5, unit="working_days"),
                      required_materials=("身份证", "户口簿"), demands=demands)  # fmt: skip
    scan = {"material": "户口簿", "form": "copy", "count": 1, "medium": "upload", "received_at": AT, "by": "a"}
    file = CaseFile(terms=terms, received=(scan,))
    table, name = ("application_materials", "material_name") if form == "gbt39046" else ("SBCL", "CLMC")
    for is_itemised, listed in ((False, {"身份证": "1", "户口簿": "1"}), (True, {"身份证": "0", "户口簿": "1"})):
        state = a_case(file=file.model_copy(update={"is_itemised": is_itemised}))
        document = export_case(state, form=form, about=ABOUT)
        assert import_case(through_json(document)).state == state
        rows = {row[name]: row.get("is_collected") for row in document["tables"][table]}
        if form == "gbt39046":
            assert rows == listed
        else:
            assert set(rows) == ({"户口簿"} if is_itemised else {"身份证", "户口簿"})


@given(st.lists(st.text(alphabet="a\\n\n甲", max_size=6), min_size=1, max_size=4))
def test_a_list_in_one_field_comes_apart_as_it_was(texts):
    joined = join_lines(texts)
    assert split_lines(joined) == texts
    assert joined.count("\n") == len(texts) - 1


def test_the_item_stands_on_the_terms_of_the_case():
    """O4.1b: table 4 tells the limits by which this case is handled, with their units, and the level as A.2 has it."""
    days = Limit(value=20, unit="working_days")
    terms = CaseTerms(handling="promised", steps=(), starts="accepted", acceptance=days, statutory=days,
                      promised=Limit(value=5, unit="calendar_days"))  # fmt: skip
    state = a_case(file=CaseFile(terms=terms))
    document = export_case(state, form="gbt39046", about=ABOUT)
    (row,) = document["tables"]["item"]
    assert (row["legal_limit"], row["legal_limit_unit"]) == ("20", "工作日")
    assert (row["promised_limit"], row["promised_limit_unit"]) == ("5", "自然日")
    assert (row["level_code"], row["level_name"]) == ("6", "村（社区）级")
    assert row["impl_org_name"] == ABOUT.office_name
    assert import_case(document).state == state


def test_resending_is_counted_by_the_sender_and_reception_is_the_receivers_to_mark():
    row = export_case(a_case(), form="ex_gdbs", about=About(sending=3))["tables"]["SB"][0]
    assert row["VERSION"] == 3
    assert "REC_FLAG" not in row
    assert row["X_VERSION"] == 7


def test_a_case_on_its_way_down_names_where_it_goes():
    offer = {"purpose": "referral", "division": "440305001002", "account": None, "offered_at": AT, "by": "h"}
    row = export_case(a_case(file=CaseFile(offer=offer)), form="ex_gdbs", about=ABOUT)["tables"]["SB"][0]
    assert row["F_XZQHDM"] == "440305001002"


def test_characters_beyond_gb2312_are_kept_and_told():
    party = Party("测试䶮", "99000019500101000X", None, "clear")
    document = export_case(a_case(), form="gbt39046", about=ABOUT, party=party)
    told = {"table": "application", "row": 1, "field": "applicant_name", "characters": ["U+4DAE"]}
    assert told in document["beyond_gb2312"]
    assert import_case(through_json(document)).applicant.name == "测试䶮"


def test_a_document_of_another_system_is_read_with_what_is_known_beside_it():
    """A predecessor's rows without any extension field."""
    tables = {
        "application": [{"case_no": "A-1", "case_type_code": "2", "source_code": "1", "applied_at": "20200102T030405"}],
        "acceptance": [{"case_no": "A-1", "accepted_at": "20200103030405", "region_code": "440305001"}],
        "closing": [{"case_no": "A-1", "closed_at": "2020011009:00:00", "result_desc": "退回办结"}],
    }
    document = {"form": "gbt39046", "profile": "jiceng-1", "applicant": "none", "tables": tables}
    assert validate_document(document) == []
    with pytest.raises(DocumentInvalid) as refused:
        import_case(document)
    assert {one["field"] for one in refused.value.facts["findings"]} >= {"id", "version", "office_id", "duty"}
    known = {"id": str(UUID(int=9)), "version": 1, "office_id": str(UUID(int=2)), "item_code": "B01",
             "duty": "social_insurance", "applicant_kind": "natural_person"}  # fmt: skip
    state = import_case(document, known=known).state
    assert (state.status, state.closing_result, state.division) == ("closed", "returned", "440305001000")
    assert state.level is Level.TOWN
    assert state.accepted_at == datetime(2020, 1, 2, 19, 4, 5, tzinfo=UTC)


def wrong(table, **fields):
    document = export_case(a_case(), form="gbt39046", about=ABOUT, ratings=[a_rating()])
    document["tables"][table][0].update(fields)
    return document


@pytest.mark.parametrize(
    ("document", "place", "code"),
    [
        (None, (None, None, None), "type"),
        ([], (None, None, None), "type"),
        ({"form": "gbt39047"}, (None, None, "form"), "enum"),
        ({"form": {}}, (None, None, "form"), "enum"),
        (wrong("application", source_code="7"), ("application", 1, "source_code"), "enum"),
        (wrong("application", source_code=1), ("application", 1, "source_code"), "enum"),
        (wrong("application", case_no="1" * 51), ("application", 1, "case_no"), "maxLength"),
        (wrong("application", applied_at="20261322T090203"), ("application", 1, "applied_at"), "format"),
        (wrong("application", applied_at="22.11.2026"), ("application", 1, "applied_at"), "pattern"),
        (wrong("application", postcode="51800"), ("application", 1, "postcode"), "minLength"),
        (wrong("application", geheim="x"), ("application", 1, None), "additionalProperties"),
        (wrong("application", x_version="7"), ("application", 1, "x_version"), "anyOf"),
        (wrong("acceptance", region_code="4403O5001"), ("acceptance", 1, "region_code"), "pattern"),
        (wrong("evaluations", satisfaction_code="6"), ("evaluations", 1, "satisfaction_code"), "enum"),
        (wrong("evaluations", eval_count=100), ("evaluations", 1, "eval_count"), "maximum"),
        (wrong("evaluations", eval_count=True), ("evaluations", 1, "eval_count"), "type"),
    ],
)
def test_what_does_not_fit_is_told_by_table_row_and_field_in_chinese(document, place, code):
    findings = validate_document(document)
    assert (place, code) in [((one.table, one.row, one.field), one.code) for one in findings]
    for one in findings:
        assert any("\u4e00" <= character <= "\u9fff" for character in one.reason)
    with pytest.raises(DocumentInvalid):
        import_case(document)


def test_findings_name_no_value_and_no_name_of_the_documents_own_making():
    document = wrong("application", **{"440301199001011234": "x"}, applicant_id_no="4403011990010112345")
    document["tables"]["周某某"] = [{}]
    document["王某"] = 1
    told = "".join(map(str, validate_document(document)))
    assert "44030119900101" not in told
    assert "周某某" not in told
    assert "王某" not in told


def test_endless_errors_are_told_up_to_a_limit():
    document = wrong("application", source_code="7")
    document["tables"]["steps"] = [{"step_status": "9"}] * 5000
    assert len(validate_document(document)) == 200


def test_an_empty_document_holds_no_case():
    document = {"form": "ex_gdbs", "profile": "jiceng-1", "applicant": "none", "tables": {"SB": []}}
    with pytest.raises(DocumentInvalid):
        import_case(document)


def test_the_tables_have_every_row_that_the_standard_prints():
    """GB/T 39046-2020 tables 4 to 11: rows 1 to n without a gap, and no length or code set lost."""
    rows: dict[str, list[int]] = {}
    for table in FORMS["gbt39046"].tables.values():
        rows.setdefault(table.label.split(" ")[0], []).extend(field.row for field in table.fields)
    expected = {"表4": 64, "表5": 26, "表6": 13, "表7": 21, "表8": 11, "表9": 9, "表10": 30, "表11": 11}
    assert {table: list(range(1, last + 1)) for table, last in expected.items()} == rows


def test_the_annexes_code_sets_stand_in_the_schema():
    rows = document_schema("gbt39046")["$defs"]
    assert rows["evaluations"]["properties"]["satisfaction_code"]["enum"] == ["1", "2", "3", "4", "5"]
    assert rows["application"]["properties"]["case_type_code"]["enum"] == ["1", "2", "9"]
    assert rows["item"]["properties"]["level_code"]["enum"] == list("1234567")
    assert rows["application"]["properties"]["applicant_name"]["maxLength"] == 100
    assert rows["application"]["properties"]["x_division"]["x-extension"] is True


@pytest.mark.parametrize("form", FORM_NAMES)
def test_the_committed_schemas_are_those_of_the_code(form):
    """`python -m casework.exchange.commands schemas/exchange` writes them."""
    committed = Path(__file__).parents[3] / "schemas/exchange" / f"{form}.json"
    assert committed.read_text(encoding="utf-8") == schema_text(form)


@pytest.mark.parametrize("form", FORM_NAMES)
def test_the_schemas_are_schemas_and_refer_to_nothing_outside(form):
    schema = document_schema(form)
    Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))
    assert {reference.removeprefix("#/$defs/") for reference in references} <= schema["$defs"].keys()
