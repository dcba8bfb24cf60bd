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
    (f"{ITEMS}?words=养", 422, "request.validation-failed"),
    (f"{ITEMS}?words=养 老", 422, "request.validation-failed"),
    (f"{ITEMS}?words=养老 ", 422, "request.validation-failed"),
    (f"{ITEMS}?words=" + " ".join(["养老"] * 6), 422, "request.validation-failed"),
    (f"{ITEMS}?on=0", 422, "request.validation-failed"),
    (f"{ITEMS}/B01?division=440305", 422, "request.validation-failed"),
    (f"{ITEMS}/B01?division=440000001000", 400, "division.code-invalid"),
    (f"{ITEMS}/Z99/versions", 404, "casework.item-not-found"),
    (f"{ITEMS}/Z99/promises", 404, "casework.item-not-found"),
    (f"{ITEMS}/to-confirm?mark=V", 422, "request.validation-failed"),
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
        assert guide["starts"] in codes["period_starts"]


async def test_a_duty_is_told_as_it_is_borne_today(window):
    duties = (await window.client.get("/casework/v1/dictionaries")).json()["duties"]
    officers = next(duty for duty in duties if duty["code"] == "demobilised_officers")
    assert (officers["office_role"], officers["competent_authority"]) == ("assist", "退役军人事务部门")
    assert [duty["clause"] for duty in duties] == ["O1.1a"] * 8


async def test_items_are_found_by_words_of_their_names(window):
    """O4.2b: two characters anywhere in the name; several words must all be there; no sign means anything else."""
    found = {item["code"]: item["name"] for item in await everything(window, words="养老")}
    assert found
    assert all("养老" in name for name in found.values())
    both = await everything(window, words="转移 养老")
    assert {item["code"] for item in both} == {code for code, name in found.items() if "转移" in name}
    assert await everything(window, words="没有这样") == []
    assert await everything(window, words="%%") == []
    assert [item["code"] for item in await everything(window, words="工伤", duty="legal_publicity")] == []


async def test_a_guide_has_the_particulars_of_the_standard_and_invents_none(window):
    """O4.2b, O4.3e; standards.md §4 (表4): named values, null where no clean fact is known."""
    guide = (await window.client.get(f"{ITEMS}/E05")).json()
    particulars = guide["particulars"]
    assert (particulars["result_name"], particulars["is_charged"]) == ("就业创业证", False)
    assert particulars["channels"] == [{"code": "window", "label": "窗口办理"}]
    assert particulars["service_objects"] == [{"code": "natural_person", "label": "自然人"}]
    unknown = {
        "conditions", "cross_region_scope", "consult_phone", "supervise_phone", "is_online", "supports_booking",
        "supports_delivery", "service_place", "quantity_limit",
    }  # fmt: skip
    assert {particulars[name] for name in unknown} == {None}
    assert (await window.client.get(f"{ITEMS}/B16")).json()["particulars"]["is_charged"] is None
    mediation = (await window.client.get(f"{ITEMS}/L01")).json()
    assert [step["label"] for step in mediation["steps"]] == ["承办", "审核", "批准"]
    assert (mediation["basic_code"], mediation["starts_label"]) == ("905000000001", "收到申请之日")
    assert (mediation["acceptance_limit"]["value"], mediation["acceptance_limit"]["mark"]) == (3, "K")
    assert mediation["promise_in_force"]["value"] is None
    assert [one["code"] for one in (await window.client.get(f"{ITEMS}/E12")).json()["pausing"]] == ["public_notice"]


async def test_the_public_catalogue_can_be_kept_by_caches_and_asked_for_anew(window):
    """O4.3e."""
    for path in ("", "/B01", "/B01/versions", "/B01/promises", "/bundles", "/families"):
        first = await window.client.get(f"{ITEMS}{path}")
        assert first.headers["Cache-Control"] == "public, max-age=60"
        tag = first.headers["ETag"]
        for seen in (tag, f'"other", W/{tag}', "*"):
            again = await window.client.get(f"{ITEMS}{path}", headers={"If-None-Match": seen})
            assert (again.status_code, again.content) == (304, b""), path
        assert (await window.client.get(f"{ITEMS}{path}", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_the_eight_duties_and_the_six_families_are_told_with_their_gaps(window):
    """O1.1a, O4.1a: eight duties are not six families."""
    told = (await window.client.get(f"{ITEMS}/families")).json()
    assert (len(told["duties"]), len(told["families"]), len(told["mapping"])) == (8, 6, 8)
    assert told["duties_without_family"] == ["demobilised_officers", "legal_publicity"]
    assert told["families_without_duty"] == []
    relations = next(row for row in told["mapping"] if row["duty"] == "labour_relations")
    assert [family["label"] for family in relations["families"]] == ["劳动保障投诉处理", "劳动人事争议调解"]


async def test_bundles_name_their_items_and_say_whose_composition_they_are(window):
    """O4.1c."""
    bundles = {one["code"]: one for one in (await window.client.get(f"{ITEMS}/bundles")).json()["bundles"]}
    assert {"EMPLOYER_HIRING", "RETIREMENT", "DEATH_PENSIONER"} <= set(bundles)
    hiring = bundles["EMPLOYER_HIRING"]
    assert [item["code"] for item in hiring["items"]] == ["E02", "B09"]
    assert (hiring["mark"], hiring["document"]) == ("K", None)
    assert hiring["to_confirm"]
