"""The public catalogue: no token, every duty, honest about what is not confirmed."""

import pytest

from common.divisions import LEVELS

ITEMS = "/casework/v1/items"


async def everything(window, **query):
    found, cursor = [], None
    while True:
        params = {**query, **({"cursor": cursor} if cursor else {})}
        answer = await window.client.get(ITEMS, params=params)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


async def test_the_catalogue_is_public_and_holds_two_items_of_every_duty_at_least(window):
    items = await everything(window, limit=7)
    codes = [item["code"] for item in items]
    assert codes == sorted(set(codes))
    duties = [item["duty"] for item in items]
    dictionary = (await window.client.get("/casework/v1/dictionaries")).json()
    assert len(dictionary["duties"]) == 8
    for duty in dictionary["duties"]:
        assert duties.count(duty["code"]) >= 2
        assert duty["label"] == next(item["duty_label"] for item in items if item["duty"] == duty["code"])


async def test_items_are_chosen_by_duty_and_by_the_level_that_takes_them(window):
    at_village = await everything(window, handled_at="village")
    at_town = await everything(window, handled_at="town")
    assert 0 < len(at_village) < len(at_town)
    for level, items in (("village", at_village), ("town", at_town)):
        for item in items:
            assert next(at for at in item["handled_at"] if at["level"] == level)["extent"] != "none"
    mediation = await everything(window, duty="labour_relations")
    assert {item["duty"] for item in mediation} == {"labour_relations"}


async def test_every_item_has_a_guide_that_says_what_is_not_confirmed(window):
    for item in await everything(window):
        answer = await window.client.get(f"{ITEMS}/{item['code']}")
        assert answer.status_code == 200, (item["code"], answer.text)
        guide = answer.json()
        assert {name: guide[name] for name in item} == item
        assert guide["statutory_text"]
        assert set(guide["provenance"]["marks"].values()) <= {"V", "P", "K"}
        for period in (guide["statutory_limit"], guide["promised_limit"], guide["filing_period"]):
            assert period is None or period["unit_label"] in {"个工作日", "个自然日"}
        assert "due_on" not in guide


async def test_a_guide_outlives_its_item(window):
    await window.rows(
        "UPDATE item_versions SET effective_to = '2020-01-01', effective_from = '2012-01-01' WHERE code = 'E01'"
    )
    assert "E01" not in [item["code"] for item in await everything(window)]
    assert (await window.client.get(f"{ITEMS}/E01")).json()["effective_to"] == "2020-01-01"


@pytest.mark.parametrize(("address", "status", "code"), [
    (f"{ITEMS}/Z99", 404, "casework.item-not-found"),
    (f"{ITEMS}/{'9' * 40}", 422, "request.validation-failed"),
    (f"{ITEMS}?duty=astrology", 422, "request.validation-failed"),
    (f"{ITEMS}?handled_at=province", 422, "request.validation-failed"),
    (f"{ITEMS}?cursor=x", 400, "request.cursor-invalid"),
])  # fmt: skip
async def test_wrong_questions_get_stable_codes(window, address, status, code):
    answer = await window.client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_every_dictionary_has_codes_and_labels_and_every_code_of_an_answer_is_in_one(window):
    dictionary = (await window.client.get("/casework/v1/dictionaries")).json()
    assert all(entry["code"] and entry["label"] for entries in dictionary.values() for entry in entries)
    assert [level["code"] for level in dictionary["levels"]] == [level.value for level in LEVELS]
    codes = {name: {entry["code"] for entry in entries} for name, entries in dictionary.items()}
    for item in await everything(window):
        guide = (await window.client.get(f"{ITEMS}/{item['code']}")).json()
        assert guide["duty"] in codes["duties"]
        assert guide["handling"] in codes["handling_kinds"]
        assert {kind["code"] for kind in guide["applicants"]} <= codes["applicant_kinds"]
        assert {at["extent"] for at in guide["handled_at"]} <= codes["extents"]
        assert {step["code"] for step in guide["special_procedures"]} <= codes["special_procedures"]
        assert guide["procedure_family"] in codes["procedure_families"] | {None}
        assert guide["type_code"] in codes["item_types"] | {None}


async def test_a_duty_is_told_as_it_is_borne_today(window):
    duties = (await window.client.get("/casework/v1/dictionaries")).json()["duties"]
    officers = next(duty for duty in duties if duty["code"] == "demobilised_officers")
    assert (officers["office_role"], officers["competent_authority"]) == ("assist", "退役军人事务部门")
    assert [duty["clause"] for duty in duties] == ["O1.1a"] * 8
