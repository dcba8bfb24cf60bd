"""Where, for whom and when an item may be taken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.items.domain import CATALOGUED_LEVELS, Extent, Item, Terms, require_takeable
from casework.items.errors import ApplicantKindNotServed, DutyNotInForce, ItemNotEffective, ItemNotTakenAtLevel
from common.contracts.casework.cases import Limit
from common.divisions import LEVELS, Level
from common.errors import Rejected

DAY = date(2026, 11, 20)


TERMS = Terms(
    basic_code="903000000001",
    handling="promised",
    steps=("undertaking", "reviewing", "approving"),
    promised=None,
    statutory=Limit(value=10, unit="working_days", clause="《社会保险经办条例》第六条"),
    starts="application_received",
    extension=None,
    acceptance=Limit(value=5, unit="working_days"),
    materials=(),
    pausing=(),
)


def item(**changes: object) -> Item:
    values: dict[str, object] = {
        "code": "B01",
        "name": "城乡居保参保登记",
        "duty": "social_insurance",
        "duty_label": "社会保险",
        "applicants": frozenset({"natural_person"}),
        "extents": {Level.TOWN: Extent.HANDLE, Level.VILLAGE: Extent.ACCEPT},
        "effective_from": date(2012, 1, 1),
        "effective_to": None,
        "is_duty_in_force": True,
        "version": 1,
        "terms": TERMS,
    }
    return Item(**(values | changes))


def taken(thing: Item, level: Level = Level.VILLAGE, kind: str = "natural_person", on: date = DAY) -> None:
    require_takeable(thing, level=level, applicant_kind=kind, on=on)


def test_an_item_is_taken_wherever_it_is_handled_or_accepted():
    for level in LEVELS:
        taken(item(), level)


@pytest.mark.parametrize(("level", "clause"), [(Level.VILLAGE, "O1.1d"), (Level.TOWN, "O4.1c")])
def test_a_level_that_does_not_take_it_names_the_clause(level: Level, clause: str):
    with pytest.raises(ItemNotTakenAtLevel) as refusal:
        taken(item(extents={level: Extent.NONE}), level)
    assert refusal.value.clause == clause
    assert refusal.value.facts == {"item_code": "B01", "level": level.value}


def test_the_catalogue_says_nothing_of_the_bureaus():
    nowhere = item(extents=dict.fromkeys(CATALOGUED_LEVELS, Extent.NONE))
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        taken(nowhere, level)


def test_only_applicants_of_its_kinds_are_served():
    with pytest.raises(ApplicantKindNotServed):
        taken(item(), kind="organisation")


def test_a_duty_must_be_borne_on_the_day():
    with pytest.raises(DutyNotInForce) as refusal:
        taken(item(is_duty_in_force=False))
    assert refusal.value.clause == "O1.1a"


@given(first=st.integers(-400, 400), length=st.integers(1, 400) | st.none())
def test_an_item_is_offered_from_its_first_day_to_the_day_before_its_end(first: int, length: int | None):
    begin = DAY + timedelta(days=first)
    end = None if length is None else begin + timedelta(days=length)
    thing = item(effective_from=begin, effective_to=end)
    is_offered = begin <= DAY and (end is None or end > DAY)
    if is_offered:
        taken(thing)
    else:
        with pytest.raises(ItemNotEffective):
            taken(thing)


def test_every_refusal_of_the_catalogue_cites_a_clause():
    for kind in (ItemNotEffective, DutyNotInForce, ItemNotTakenAtLevel, ApplicantKindNotServed):
        assert issubclass(kind, Rejected)
        assert kind().clause
