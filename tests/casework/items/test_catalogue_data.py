"""The starting catalogue of items: form, duties of clause O1.1a, marks, limits."""

import json
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from itertools import pairwise
from typing import Any

import jsonschema
import pytest

DUTIES = {
    "employment_services": "就业服务",
    "vocational_training": "职业培训",
    "social_insurance": "社会保险",
    "retiree_management": "退休人员管理",
    "labour_relations": "劳动关系协调及劳动人事争议处理",
    "personnel_talent": "人事人才管理",
    "demobilised_officers": "自主择业军队转业干部管理服务",
    "legal_publicity": "相关普法宣传",
}
FAMILIES = [
    "就业培训服务",
    "社会保险经办",
    "劳动保障投诉处理",
    "劳动人事争议调解",
    "退休人员社会化管理",
    "人事人才服务",
]

MARK = {"enum": ["V", "P", "K"]}
DAY = {"type": "string", "format": "date"}
TEXT = {"type": "string", "minLength": 1}
DAYS = {"type": "integer", "minimum": 1, "maximum": 365}
UNIT = {"enum": ["working_days", "calendar_days"]}
WHERE = {"enum": ["handle", "accept", "none"]}
SOURCES = {"type": "array", "items": {"type": "integer"}}


def optional(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"type": "null"}, schema]}


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


EXTENSION = closed({"value": DAYS, "unit": UNIT, "condition": TEXT, "mark": MARK})
STATUTORY = closed(
    {
        "value": DAYS,
        "unit": UNIT,
        "starts": {"enum": ["application_received", "case_filed"]},
        "clause": TEXT,
        "mark": MARK,
        "unit_mark": MARK,
        "extension": optional(EXTENSION),
    }
)
PROMISED = closed({"value": DAYS, "unit": UNIT, "seen_at": optional(TEXT), "mark": MARK, "sources": SOURCES})
FILING = closed({"value": DAYS, "unit": UNIT, "event": TEXT, "clause": TEXT, "mark": MARK, "unit_mark": MARK})
MATERIAL = closed(
    {
        "name": TEXT,
        "originals": optional({"type": "integer", "minimum": 0}),
        "copies": optional({"type": "integer", "minimum": 0}),
        "required": optional({"type": "boolean"}),
        "note": optional(TEXT),
    }
)
ACCEPTANCE = closed({"value": DAYS, "unit": UNIT, "clause": TEXT, "mark": MARK, "silence_accepts": {"type": "boolean"}})
STAGES = {"enum": [["undertaking"], ["undertaking", "reviewing", "approving"]]}
PARTICULARS = {
    "type": "object",
    "properties": {
        "is_charged": {"type": "boolean"},
        "charge_basis": TEXT,
        "channels": {"const": ["window"]},
        "service_objects": {"const": ["natural_person"]},
        "result_name": TEXT,
    },
    "additionalProperties": False,
}
MARKED_FACTS = (
    "procedure_family",
    "type_code",
    "handling",
    "applicants",
    "town",
    "village",
    "special_procedures",
    "materials",
    "copies",
    "effective_from",
    "basic_code",
    "steps",
    "starts",
    "pausing",
)
ITEM = closed(
    {
        "code": {"type": "string", "pattern": "^[ETBRLCMP][0-9]{2}$"},
        "name": TEXT,
        "duty": {"enum": list(DUTIES)},
        "procedure_family": optional(TEXT),
        "type_code": optional({"enum": ["05", "07", "10", "20"]}),
        "type_candidates": {"type": "array", "minItems": 1, "items": {"enum": ["05", "07", "10", "20"]}},
        "handling": {"enum": ["immediate", "promised", "both"]},
        "applicants": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": ["natural_person", "organisation"]},
        },
        "statutory_limit": optional(STATUTORY),
        "statutory_text": optional(TEXT),
        "promised_limit": optional(PROMISED),
        "promise_text": optional(TEXT),
        "filing_period": optional(FILING),
        "town": WHERE,
        "village": WHERE,
        "special_procedures": {"type": "array", "uniqueItems": True, "items": TEXT},
        "basic_code": {"type": "string", "pattern": "^[0-9]{12}$"},
        "steps": STAGES,
        "starts": {"enum": ["accepted", "application_received", "case_filed"]},
        "acceptance": ACCEPTANCE,
        "pausing": {"type": "array", "uniqueItems": True, "items": {"enum": ["public_notice", "appraisal", "other"]}},
        "particulars": PARTICULARS,
        "materials": {"type": "array", "items": MATERIAL},
        "legal_basis": optional({"type": "array", "minItems": 1, "items": closed({"text": TEXT, "mark": MARK})}),
        "remarks": optional(TEXT),
        "marks": {
            "type": "object",
            "properties": dict.fromkeys((*MARKED_FACTS, *PARTICULARS["properties"]), MARK),
            "required": list(MARKED_FACTS),
            "additionalProperties": False,
        },
        "sources": {"type": "object", "additionalProperties": SOURCES},
        "effective_from": DAY,
        "effective_to": optional(DAY),
        "to_confirm": {"type": "array", "items": {"type": "string", "pattern": "[\u4e00-\u9fff]"}},
    }
)


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    text = files("casework").joinpath("items/catalogue.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.fixture(scope="module")
def items(catalogue: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = catalogue["items"]
    return found


def test_every_item_has_the_agreed_form(items: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft202012Validator(ITEM, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    faults = [f"{item.get('code')}: {fault.message}" for item in items for fault in validator.iter_errors(item)]
    assert faults == []


def test_the_duties_are_the_eight_of_the_clause_in_its_words_and_order(catalogue: dict[str, Any]) -> None:
    duties = catalogue["duties"]
    assert {duty["value"]: duty["label"] for duty in duties} == DUTIES
    assert [duty["ordinal"] for duty in duties] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(version["clause"] == "O1.1a" for duty in duties for version in duty["versions"])


def test_versions_of_a_duty_follow_one_another_without_a_gap(catalogue: dict[str, Any]) -> None:
    for duty in catalogue["duties"]:
        versions = duty["versions"]
        assert versions[0]["effective_from"] == "2011-09-25"
        assert versions[-1]["effective_to"] is None
        for earlier, later in pairwise(versions):
            assert earlier["effective_to"] == later["effective_from"]


def test_only_the_duty_for_demobilised_officers_changed_hands_in_2018(catalogue: dict[str, Any]) -> None:
    changed = {duty["value"]: duty["versions"] for duty in catalogue["duties"] if len(duty["versions"]) > 1}
    assert list(changed) == ["demobilised_officers"]
    before, since = changed["demobilised_officers"]
    assert (before["office_role"], since["office_role"]) == ("handle", "assist")
    assert since["effective_from"].startswith("2018-")
    assert since["mark"] == "K"


def test_every_duty_has_its_items_and_a_town_can_take_at_least_two(items: list[dict[str, Any]]) -> None:
    assert Counter(item["duty"] for item in items) == {
        "employment_services": 16,
        "vocational_training": 5,
        "social_insurance": 18,
        "retiree_management": 5,
        "labour_relations": 8,
        "personnel_talent": 5,
        "demobilised_officers": 4,
        "legal_publicity": 3,
    }
    in_town = Counter(item["duty"] for item in items if item["town"] != "none")
    assert all(in_town[duty] >= 2 for duty in DUTIES)


def test_a_village_can_take_an_item_of_every_duty(items: list[dict[str, Any]]) -> None:
    assert {item["duty"] for item in items if item["village"] != "none"} == set(DUTIES)


def test_codes_and_names_are_unique(items: list[dict[str, Any]]) -> None:
    assert len({item["code"] for item in items}) == len(items) == 64
    assert len({item["name"] for item in items}) == len(items)


def test_every_word_an_item_uses_is_in_a_dictionary(catalogue: dict[str, Any], items: list[dict[str, Any]]) -> None:
    words = {name: {entry["value"] for entry in entries} for name, entries in catalogue["dictionaries"].items()}
    for item in items:
        limits = [item[name] for name in ("statutory_limit", "promised_limit", "filing_period") if item[name]]
        assert item["procedure_family"] in words["procedure_families"] | {None}
        assert item["handling"] in words["handling"]
        assert set(item["applicants"]) <= words["applicants"]
        assert {item["town"], item["village"]} <= words["where"]
        assert set(item["special_procedures"]) <= words["special_procedures"]
        assert set(item["type_candidates"]) <= words["type_codes"]
        assert {limit["unit"] for limit in limits} <= words["units"]
        assert {limit["starts"] for limit in limits if "starts" in limit} <= words["starts"]
        assert set(item["marks"].values()) <= words["marks"]


def test_the_procedure_families_are_the_six_of_the_clause(catalogue: dict[str, Any]) -> None:
    families = catalogue["dictionaries"]["procedure_families"]
    assert [family["label"] for family in families] == FAMILIES
    assert {family["clause"] for family in families} == {"O4.1a"}


def test_every_fact_that_is_missing_says_what_is_to_be_confirmed(items: list[dict[str, Any]]) -> None:
    for item in items:
        if item["type_code"] is None or item["procedure_family"] is None or item["legal_basis"] is None:
            assert item["to_confirm"], item["code"]
        if item["type_code"] is None:
            assert len(item["type_candidates"]) > 1, item["code"]
        else:
            assert item["type_candidates"] == [item["type_code"]]


def test_statutory_limits_are_exactly_those_an_act_gives(items: list[dict[str, Any]]) -> None:
    limits = {item["code"]: item["statutory_limit"] for item in items if item["statutory_limit"]}
    assert {code: (limit["value"], limit["unit"]) for code, limit in limits.items()} == {
        "B01": (10, "working_days"),
        "B02": (10, "working_days"),
        "B04": (10, "working_days"),
        "B08": (10, "working_days"),
        "B10": (20, "working_days"),
        "B13": (10, "working_days"),
        "B14": (10, "working_days"),
        "L01": (15, "calendar_days"),
        "L04": (60, "working_days"),
        "L05": (60, "working_days"),
    }
    assert {limit["mark"] for limit in limits.values()} == {"V"}
    assert all(re.fullmatch(r"《.+》第.+条", limit["clause"]) for limit in limits.values())
    assert {code for code, limit in limits.items() if limit["extension"]} == {"L04", "L05"}


def test_a_promise_is_never_longer_than_the_act_allows(items: list[dict[str, Any]]) -> None:
    promised = [item for item in items if item["promised_limit"]]
    assert [item["code"] for item in promised] == ["E01", "E09", "T01", "B03", "L03", "C03"]
    for item in promised:
        limit, promise = item["statutory_limit"], item["promised_limit"]
        assert limit is None or (promise["unit"] == limit["unit"] and promise["value"] <= limit["value"])


def test_every_source_number_is_named_and_no_source_is_idle(
    catalogue: dict[str, Any], items: list[dict[str, Any]]
) -> None:
    told = set(re.findall(r"\[(\d+)\]", json.dumps(items, ensure_ascii=False)))
    told |= {str(number) for item in items for numbers in item["sources"].values() for number in numbers}
    told |= {str(number) for item in items if item["promised_limit"] for number in item["promised_limit"]["sources"]}
    assert told == set(catalogue["sources"])


def test_days_are_in_order_and_none_lies_after_the_catalogue(
    catalogue: dict[str, Any], items: list[dict[str, Any]]
) -> None:
    as_of = date.fromisoformat(catalogue["as_of"])
    for item in items:
        assert date(2023, 12, 1) <= date.fromisoformat(item["effective_from"]) <= as_of, item["code"]
        assert item["effective_to"] is None


def test_no_address_of_a_site_is_carried(catalogue: dict[str, Any]) -> None:
    assert re.findall(r"[a-z0-9]+\.(?:cn|com|net)\b|https?:", json.dumps(catalogue, ensure_ascii=False)) == []


def test_the_notes_count_what_the_file_holds(items: list[dict[str, Any]]) -> None:
    notes = files("casework").joinpath("items/CATALOGUE.md").read_text(encoding="utf-8")
    for duty in DUTIES:
        own = [item for item in items if item["duty"] == duty]
        limits = sum(item["statutory_limit"] is not None for item in own)
        promises = sum(item["promised_limit"] is not None for item in own)
        assert f"| {duty} | {len(own)} | {limits} | {promises} |" in notes


def test_silence_accepts_where_the_rule_of_licences_is_followed_and_never_in_a_dispute(
    items: list[dict[str, Any]],
) -> None:
    """Source: O4.3c; standards.md §6 (行政许可法32条)."""
    for item in items:
        assert item["acceptance"]["silence_accepts"] == (item["duty"] != "labour_relations"), item["code"]
