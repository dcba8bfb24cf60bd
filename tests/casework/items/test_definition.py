"""Definitions: how they change, when they fit, and how their facts are confirmed."""

import copy
from datetime import date, timedelta

import pytest

from casework.items.catalogue import load_catalogue, load_themes
from casework.items.domain import (
    MARK_LABELS,
    STARTS_LABELS,
    UNIT_LABELS,
    Definition,
    confirm_fact,
    redefine,
    require_change_day,
    require_consistent,
    require_end,
    terms_from,
    terms_of,
    unconfirmed_facts,
)
from casework.items.errors import ChangeTooEarly, DefinitionInconsistent, FactConfirmed, FactUnknown
from casework.items.repository import _documents
from common.contracts.casework.cases import Limit

DAY = date(2026, 11, 23)
DOCUMENT = "粤人社规〔2026〕9号"
VERSIONS = {one.definition.code: one.definition for one in load_catalogue().versions}


def changed(code: str = "B01", **changes: object) -> Definition:
    return redefine(VERSIONS[code], changes, document=DOCUMENT, on=DAY)  # type: ignore[arg-type]


def terms(definition: Definition):
    return terms_of(_documents(definition)[1])


def test_the_terms_of_the_packaged_catalogue_say_what_the_acts_say():
    """O4.1b, O4.3c: limits with their clauses, the day that they begin after, and what may extend them."""
    supervision, mediation, injury = (terms(VERSIONS[code]) for code in ("L04", "L01", "B18"))
    assert supervision.statutory == Limit(value=60, unit="working_days", clause="《劳动保障监察条例》第十七条")
    assert supervision.extension == Limit(value=30, unit="working_days", clause="《劳动保障监察条例》第十七条")
    assert (supervision.starts, mediation.starts, injury.starts) == ("case_filed", "application_received", "accepted")
    assert mediation.acceptance == Limit(value=3, unit="working_days", clause="《企业劳动争议协商调解规定》第二十二条")
    assert injury.pausing == ("appraisal", "other")
    assert terms(VERSIONS["E01"]).steps == ("undertaking",)
    assert mediation.steps == ("undertaking", "reviewing", "approving")
    assert all(terms(one).acceptance.clause for one in VERSIONS.values())


def test_basic_codes_are_twelve_digits_unique_and_provisional_unless_known():
    """O4.1b: the two national codes that are known, and own ones that begin with 9."""
    codes = {code: terms(one).basic_code for code, one in VERSIONS.items()}
    assert len(set(codes.values())) == len(codes)
    assert {code: number for code, number in codes.items() if not number.startswith("9")} == {
        "B04": "002014006009",
        "B11": "002014006008",
    }
    assert codes["E01"] == "901000000001"
    assert codes["P03"] == "908000000003"
    assert all(one.guide["provenance"]["marks"]["basic_code"] in "PK" for one in VERSIONS.values())


def test_the_labels_are_those_of_the_catalogue():
    words = dict.fromkeys(("units", "starts", "marks"))
    for name, value, _, label in load_catalogue().dictionaries:
        if name in words:
            words[name] = {**(words[name] or {}), value: label}
    assert words == {"units": UNIT_LABELS, "starts": STARTS_LABELS, "marks": MARK_LABELS}


def test_a_change_leaves_the_version_before_as_it_was():
    """O4.1b: versions follow one another; none is rewritten."""
    before = copy.deepcopy(VERSIONS["B01"])
    after = changed(promised_limit={"value": 5, "unit": "working_days"}, materials=[], steps=["undertaking"])
    assert VERSIONS["B01"] == before
    assert terms(after).promised == Limit(value=5, unit="working_days")
    assert (terms(after).materials, terms(after).steps) == ((), ("undertaking",))


def test_what_the_province_lays_down_in_a_document_is_marked_as_read_there():
    """O4.1b: each fact keeps its mark; what is changed carries the document."""
    after = changed(handling="immediate", particulars={"conditions": "具有本省户籍", "is_charged": False})
    provenance = after.guide["provenance"]
    assert (provenance["marks"]["handling"], provenance["marks"]["conditions"]) == ("V", "V")
    assert provenance["marks"]["town"] == VERSIONS["B01"].guide["provenance"]["marks"]["town"] == "P"
    told = {one["field"]: one for one in provenance["confirmations"]}
    assert told["conditions"] == {"field": "conditions", "mark": "V", "document": DOCUMENT, "on": "2026-11-23"}
    assert terms(after).handling == "immediate"


def test_a_limit_and_a_particular_can_be_taken_away():
    after = changed("E01", promised_limit=None, particulars={"channels": None})
    assert terms(after).promised is None
    assert "channels" not in after.guide["particulars"]


def test_a_statutory_limit_brings_its_extension_and_begins_as_the_item_does():
    limit = {
        "value": 45, "unit": "working_days", "clause": "《某条例》第三条",
        "extension": {"value": 15, "unit": "working_days", "condition": "经批准"},
    }  # fmt: skip
    after = changed("E14", statutory_limit=limit, starts="case_filed")
    assert terms(after).extension == Limit(value=15, unit="working_days", clause="《某条例》第三条")
    assert after.guide["statutory_limit"]["starts_label"] == "立案之日"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"promised_limit": {"value": 11, "unit": "working_days"}}, "promised_limit"),
        ({"promised_limit": {"value": 5, "unit": "calendar_days"}}, "promised_limit"),
        ({"steps": []}, "steps"),
        ({"steps": ["approving"]}, "steps"),
        ({"steps": ["undertaking", "approving", "reviewing"]}, "steps"),
        ({"steps": ["undertaking", "undertaking"]}, "steps"),
        ({"pausing": ["appraisal", "appraisal"]}, "pausing"),
        ({"pausing": ["seance"]}, "pausing"),
        ({"applicants": ["natural_person", "natural_person"]}, "applicants"),
        (
            {"materials": [{"name": "表", "originals": 1, "copies": 0, "required": True, "note": None}] * 2},
            "materials",
        ),
    ],
)
def test_a_definition_whose_parts_do_not_fit_is_refused(changes, part):
    """O4.1b."""
    with pytest.raises(DefinitionInconsistent) as refused:
        require_consistent(changed(**changes))
    assert (refused.value.facts["part"], refused.value.clause) == (part, "O4.1b")


def test_every_packaged_definition_fits():
    for definition in VERSIONS.values():
        require_consistent(definition)


@pytest.mark.parametrize("follows", [DAY - timedelta(days=400), DAY, DAY + timedelta(days=30)])
def test_a_change_holds_from_today_or_later_and_follows_what_it_changes(follows):
    """O4.1b."""
    earliest = max(DAY, follows)
    require_change_day(earliest, today=DAY, follows=follows)
    with pytest.raises(ChangeTooEarly):
        require_change_day(earliest - timedelta(days=1), today=DAY, follows=follows)


def test_an_item_ends_after_the_version_that_ends_it_begins():
    """O4.1b."""
    require_end(DAY, None)
    require_end(DAY, DAY + timedelta(days=1))
    with pytest.raises(DefinitionInconsistent):
        require_end(DAY, DAY)


def test_a_confirmation_raises_a_mark_settles_its_note_and_leaves_everything_else():
    """O4.1b: an administrator sees what still needs confirming, and confirms it."""
    before = VERSIONS["L01"]
    note = "“15日”按自然日计为常识，待核"
    assert ("statutory_limit.unit", "K") in {(one.field, one.mark) for one in unconfirmed_facts(before.guide)}
    after = confirm_fact(
        before, field="statutory_limit.unit", mark="V", document="《劳动人事争议仲裁办案规则》", settles=[note], on=DAY
    )
    assert {one.field for one in unconfirmed_facts(before.guide)} - {
        one.field for one in unconfirmed_facts(after.guide)
    } == {"statutory_limit.unit"}
    assert note not in after.guide["provenance"]["to_confirm"]
    assert len(after.guide["provenance"]["to_confirm"]) == len(before.guide["provenance"]["to_confirm"]) - 1
    assert terms_from(after.guide, handling="promised") == terms_from(before.guide, handling="promised")
    with pytest.raises(FactConfirmed):
        confirm_fact(after, field="statutory_limit.unit", mark="P", document=DOCUMENT, settles=[], on=DAY)


@pytest.mark.parametrize(
    ("field", "mark", "settles", "refusal"),
    [
        ("weather", "V", [], FactUnknown),
        ("handling", "V", ["没有这一条"], FactUnknown),
        ("materials", "P", [], FactConfirmed),
        ("effective_from", "P", [], FactConfirmed),
    ],
)
def test_what_is_not_there_or_known_as_well_cannot_be_confirmed(field, mark, settles, refusal):
    """O4.1b."""
    with pytest.raises(refusal):
        confirm_fact(VERSIONS["B11"], field=field, mark=mark, document=DOCUMENT, settles=settles, on=DAY)


def test_every_mark_of_every_item_can_be_confirmed_until_nothing_is_left():
    """O4.1b: V, P and K are kept per fact, and each of them can be raised."""
    for definition in VERSIONS.values():
        after = definition
        for fact in unconfirmed_facts(definition.guide):
            after = confirm_fact(after, field=fact.field, mark="V", document=DOCUMENT, settles=[], on=DAY)
        assert unconfirmed_facts(after.guide) == []


def test_the_eight_duties_and_the_six_families_are_two_lists_with_gaps():
    """O1.1a, O4.1a: the mapping is data; ⑦ and ⑧ have no family of their own."""
    themes = load_themes()
    assert (len(themes.duties), len(themes.families)) == (8, 6)
    assert [row.duty for row in themes.duty_families] == [duty for duty, _ in themes.duties]
    assert [row.duty for row in themes.duty_families if not row.families] == ["demobilised_officers", "legal_publicity"]
    assert {family for row in themes.duty_families for family in row.families} == {code for code, _ in themes.families}
    for code, definition in VERSIONS.items():
        row = next(row for row in themes.duty_families if row.duty == definition.duty)
        family = definition.guide["procedure_family"]
        assert family is None or family in {*row.families, *row.assigned}, code


def test_bundles_are_made_of_items_that_one_kind_of_applicant_can_ask_for():
    """O4.1c: one application, several items; a composition of ours is marked as such."""
    for bundle in load_themes().bundles:
        kinds = [set(VERSIONS[code].applicants) for code in bundle.items]
        assert set.intersection(*kinds), bundle.code
        assert len(set(bundle.items)) == len(bundle.items) >= 2
        assert (bundle.document is None) == (bundle.mark == "K") == (bundle.to_confirm is not None)
        assert all(VERSIONS[code].town != "none" for code in bundle.items)
