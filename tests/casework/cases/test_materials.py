"""What was received, what is missing of it, and that everything missing is told at once.

Source: O4.2b, O4.3b, O4.3c; standards.md §4, §6.
"""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases import domain
from casework.cases.domain import ApplicantKind, Brought
from casework.cases.domain.materials import receive
from casework.cases.errors import NothingMissing, StillMissing, SupplementNotAtOnce
from casework.clock.domain import Calendar
from common.contracts.casework.cases import CaseTerms, DemandState, Limit
from common.ids import uuid7
from common.testing.problems import problem
from common.testing.tokens import bearer

CALENDAR = Calendar(1, ())
AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
TOWN = "440305001000"
TERMS = CaseTerms(
    handling="promised", steps=("undertaking",), starts="accepted", acceptance=Limit(value=5, unit="working_days"),
    required_materials=("身份证", "户口簿"),
    demands=(
        DemandState(material="身份证", originals=1, copies=2, is_required=True),
        DemandState(material="户口簿", is_required=True),
        DemandState(material="委托书", originals=1, copies=0, is_required=False),
    ),
)  # fmt: skip
ALL = (Brought("身份证", "original", 1), Brought("身份证", "copy", 2), Brought("户口簿", "copy", 1))


def case(*brought, terms=TERMS, is_itemised=False):
    return domain.register(
        case_id=uuid7(), counter=domain.Counter(TOWN, uuid7(), None, "900000000001", 1), item_code="B01",
        duty="social_insurance", terms=terms, applicant_kind=ApplicantKind.NATURAL_PERSON, by="a", at=AT,
        calendar=CALENDAR, brought=brought, is_itemised=is_itemised,
    )  # fmt: skip


def ask(one, *materials):
    return domain.ask_supplement(one, materials=materials, due_on=date(2026, 3, 20), by="a", at=AT, calendar=CALENDAR)


def supply(one, *brought):
    return domain.supply(one, by="a", at=AT, calendar=CALENDAR, brought=brought)


@pytest.mark.parametrize(
    ("brought", "missing"),
    [
        ((), ("身份证", "户口簿")),
        (ALL, ()),
        (ALL[:2], ("户口簿",)),
        ((ALL[0], ALL[2]), ("身份证",)),
        ((ALL[1], ALL[2]), ("身份证",)),
        ((Brought("身份证", "original", 3), ALL[2]), ()),
        ((Brought("身份证", "copy", 3), ALL[2]), ("身份证",)),
        ((Brought("身份证", "copy", 1, "upload"), Brought("户口簿", "copy", 4, "upload")), ()),
        ((*ALL[:2], Brought("结婚证", "original", 1)), ("户口簿",)),
    ],
)
def test_what_is_missing_is_counted_from_what_was_received(brought, missing):
    """O4.3c: too few pieces are missing; a surplus original is a copy; an upload stands for its material."""
    assert domain.missing_materials(TERMS, receive(brought, by="a", at=AT)) == missing


def test_a_notice_names_everything_that_the_office_has_not_received():
    """O4.3c: everything missing is told at once, whatever the clerk thought of."""
    asked = ask(case(ALL[0]), "房产证明")
    assert asked.file.supplements[0].materials == ("身份证", "户口簿", "房产证明")
    assert ask(case(*ALL[:2])).file.supplements[0].materials == ("户口簿",)


def test_where_nothing_was_noted_the_clerk_names_what_is_missing():
    """O4.3c: cases of before tell nothing of what was received."""
    assert ask(case(), "户口簿").file.supplements[0].materials == ("户口簿",)
    with pytest.raises(NothingMissing):
        ask(case())


@pytest.mark.parametrize("terms", [TERMS, TERMS.model_copy(update={"demands": ()})])
def test_one_scan_says_nothing_of_the_paper_that_nobody_noted(terms):
    """O4.3c: the office may hold it; the applicant must not bring it again."""
    scanned = domain.add_received(case(terms=terms), brought=[Brought("身份证", "copy", 1, "upload")], by="a", at=AT)
    assert domain.counted_missing(scanned.file) == ()
    assert ask(scanned, "房产证明").file.supplements[0].materials == ("房产证明",)
    with pytest.raises(NothingMissing):
        ask(scanned)


def test_cases_whose_terms_tell_no_demands_are_never_counted():
    """O4.3c: their terms are of before."""
    before = case(ALL[0], terms=TERMS.model_copy(update={"demands": ()}))
    assert domain.counted_missing(before.file) == ()
    assert domain.counted_missing(case(ALL[0]).file) == ("身份证", "户口簿")


def test_a_case_of_an_application_that_told_its_materials_is_counted_though_none_is_its_own():
    """O4.1c: what was received was told once, for all its cases."""
    begun = case(is_itemised=True)
    assert ask(begun).file.supplements[0].materials == ("身份证", "户口簿")


def test_a_second_notice_names_of_the_counted_only_what_the_first_one_named():
    """O4.3c: the first notice was the office's chance to tell everything."""
    supplied = supply(ask(case(), "户口簿"))
    assert ask(supplied, "户口簿").file.supplements[1].materials == ("户口簿",)
    with pytest.raises(SupplementNotAtOnce):
        ask(supplied, "身份证")


def test_a_supplement_that_tells_its_pieces_tells_all_of_them():
    """O4.3c: the clock goes on when everything is there, and not before."""
    asked = ask(case(ALL[0]))
    for brought in ([ALL[2]], [Brought("身份证", "copy", 1), ALL[2]], [Brought("结婚证", "original", 1)]):
        with pytest.raises(StillMissing):
            supply(asked, *brought)
    done = supply(asked, ALL[1], ALL[2])
    assert [(one.material, one.form, one.count) for one in done.file.received] == [
        ("身份证", "original", 1), ("身份证", "copy", 2), ("户口簿", "copy", 1),
    ]  # fmt: skip


def test_a_supplement_that_tells_no_pieces_says_that_those_came_that_were_missing():
    """O4.3b: what is noted is what the notice asked for."""
    done = supply(ask(case(ALL[0]), "房产证明"))
    assert [(one.material, one.form, one.count) for one in done.file.received[1:]] == [
        ("身份证", "copy", 2), ("户口簿", None, 1), ("房产证明", None, 1),
    ]  # fmt: skip
    assert domain.missing_materials(TERMS, done.file.received) == ()


def test_a_material_that_was_allowed_to_come_later_is_noted_when_it_comes():
    """O4.1b; standards.md §5 (容缺)."""
    taken = domain.accept(case(*ALL[:2]), by="a", at=AT, calendar=CALENDAR, tolerated=[("户口簿", date(2026, 3, 9))])
    done = domain.supply_tolerated(taken, material="户口簿", by="a", at=AT)
    assert domain.missing_materials(TERMS, done.file.received) == ()


PIECES = st.builds(
    Brought, st.sampled_from(["身份证", "户口簿", "结婚证"]), st.sampled_from(["original", "copy"]), st.integers(1, 3),
    st.sampled_from(["paper", "upload"]),
)  # fmt: skip


@given(st.lists(PIECES, max_size=4), st.lists(PIECES, max_size=3))
def test_more_materials_never_make_more_missing_and_a_supplement_leaves_nothing_missing(first, more):
    """O4.3c."""
    missing = domain.missing_materials(TERMS, receive(first, by="a", at=AT))
    assert set(domain.missing_materials(TERMS, receive([*first, *more], by="a", at=AT))) <= set(missing)
    begun = case(*first)
    if first and missing:
        asked = ask(begun)
        assert asked.file.supplements[0].materials == missing
        assert domain.missing_materials(TERMS, supply(asked).file.received) == ()


# --- over HTTP ---------------------------------------------------------------------------------------------------


def piece(material: str, form: str = "original", count: int = 1) -> dict[str, object]:
    return {"material": material, "form": form, "count": count}


async def test_what_is_brought_to_the_window_is_noted_and_the_rest_is_told_at_once(window, world):
    """O4.3b, O4.3c: registration, notice and supplement by what was received; the file shows it."""
    demanded = (await window.register()).json()["id"]
    told = await file_of(window, world, demanded)
    assert (told["received"], told["missing"]) == ([], [])
    required = told["terms"]["required_materials"]
    assert required, "the item demands something"
    assert [one["material"] for one in told["terms"]["demands"] if one["is_required"]] == required
    case = (await window.register(number=2, received=[piece("其他说明", "copy", 2)])).json()["id"]
    told = await file_of(window, world, case)
    (noted,) = told["received"]
    assert (noted["material"], noted["form_label"], noted["count"], noted["medium_label"]) == (
        "其他说明", "复印件", 2, "纸质",
    )  # fmt: skip
    assert (noted["by"], told["missing"]) == (world.AGENT.subject, required)
    asked = await window.act(case, "supplement-notice", {"materials": ["房产证明"]}, version=1)
    assert asked.status_code == 200, asked.text
    told = await file_of(window, world, case)
    assert told["supplements"][0]["materials"] == [*required, "房产证明"]
    refused = await window.act(case, "supplement", {"received": [piece("房产证明")]}, version=2)
    problem(refused, 422, "casework.case.supplement-incomplete", "O4.3c")
    assert (await window.act(case, "supplement", version=2)).status_code == 200
    assert (await file_of(window, world, case))["missing"] == []


@pytest.mark.parametrize(
    "received",
    [[piece("")], [piece("身份证", "scan")], [piece("身份证", count=0)], [piece("身份证") | {"medium": "upload"}]],
)
async def test_a_malformed_piece_is_refused_and_nothing_is_written(window, received):
    """O4.3b: an upload is noted by uploading it, and by nobody's word."""
    assert (await window.register(received=received)).status_code == 422
    assert await window.value("SELECT count(*) FROM cases") == 0


async def test_a_material_named_with_somebodys_number_is_refused(window):
    """Standards.md §9: no personal data in a state."""
    refused = await window.register(received=[piece("110105194912310021 的身份证")])
    assert refused.json()["code"] == "casework.reason-holds-personal-data", refused.text
    assert await window.value("SELECT count(*) FROM cases") == 0


async def file_of(window, world, case: str) -> dict:
    return (await window.client.get(f"/casework/v1/cases/{case}/file", headers=bearer(world.AGENT))).json()
