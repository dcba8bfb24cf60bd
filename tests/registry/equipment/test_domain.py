"""The kinds that an office should have, what is missing, and parts of a purchase. Source: O2.3, O5.2."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry.places import EquipmentState
from common.divisions import Level
from common.ids import uuid7
from common.policy import BOOK, Option, Parameter, PolicyBook, parameter, sources
from registry.equipment.domain import (
    kind_labels,
    missing_kinds,
    require_not_scrapped,
    require_sound,
    required_kinds,
    split_pieces,
    summarize,
)
from registry.equipment.errors import (
    AcquiredAfterEffect,
    AidGrantRequired,
    EquipmentKindNotInForce,
    EquipmentScrapped,
    SplitRefused,
)

DAY = date(2020, 6, 1)
KINDS = ("computer", "printer", "fax", "telephone", "filing_cabinet", "notice_board")
CONDITIONS = ("working", "faulty", "scrapped")


def equipment(**changes: Any) -> EquipmentState:
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": uuid7(),
        "division": "441624101000",
        "level": Level.TOWN,
        "effective_on": DAY,
        "kind": "computer",
        "model": None,
        "quantity": 5,
        "condition": "working",
        "acquired_on": DAY,
        "fund": "county_budget",
        "aid_grant_id": None,
        "cost_fen": 1_000_001,
    }
    return EquipmentState(**{**values, **changes})


def test_an_office_without_anything_lacks_all_six_kinds_in_the_order_of_the_list() -> None:
    """O2.3."""
    assert missing_kinds([], DAY) == KINDS
    assert missing_kinds([equipment(kind=kind) for kind in KINDS], DAY) == ()
    assert {kind: kind_labels()[kind] for kind in ("computer", "notice_board")} == {
        "computer": "电脑（网络设备）",
        "notice_board": "信息发布栏",
    }


@pytest.mark.parametrize(
    ("changes", "is_missing"),
    [({}, False), ({"condition": "faulty"}, True), ({"condition": "scrapped"}, True), ({"quantity": 0}, True)],
)
def test_a_kind_is_there_while_one_piece_of_it_works(changes: Any, is_missing: bool) -> None:
    """O2.3."""
    assert ("computer" in missing_kinds([equipment(**changes)], DAY)) is is_missing


PIECES = st.lists(
    st.builds(
        lambda kind, condition, quantity: equipment(kind=kind, condition=condition, quantity=quantity),
        st.sampled_from(KINDS),
        st.sampled_from(CONDITIONS),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(states=PIECES)
def test_what_is_missing_is_what_the_summary_says_and_counts_every_piece_once(states: list[EquipmentState]) -> None:
    """O2.3."""
    summary = summarize(states, DAY)
    assert [one.kind for one in summary] == list(KINDS)
    assert tuple(one.kind for one in summary if one.is_missing) == missing_kinds(states, DAY)
    for one in summary:
        of_kind = [state for state in states if state.kind == one.kind]
        assert one.working + one.faulty + one.scrapped == sum(state.quantity for state in of_kind)
        assert one.quantity == one.working + one.faulty


def test_the_list_of_the_day_decides_and_before_the_document_there_was_none(monkeypatch: Any) -> None:
    """O2.3: a list without the fax from 2026 on changes nothing before."""
    assert missing_kinds([], date(2011, 9, 24)) == ()
    assert [one.is_required for one in summarize([equipment()], date(2011, 9, 24))] == [False]
    old = parameter("equipment_kinds", on=DAY)
    values = {name: getattr(old, name) for name in Parameter.__dataclass_fields__}
    change = date(2026, 1, 1)
    newer = (*(one for one in old.options if one.code != "fax"), Option("scanner", "扫描仪"))
    entries = [one for one in BOOK if one.code != old.code]
    entries += [
        Parameter(**{**values, "valid_to": change}),
        Parameter(**{**values, "valid_from": change, "value": newer}),
    ]
    monkeypatch.setattr(sources, "BOOK", PolicyBook(entries))
    day_before = change - timedelta(days=1)
    assert missing_kinds([], day_before) == KINDS
    assert missing_kinds([], change) == (
        "computer",
        "printer",
        "telephone",
        "filing_cabinet",
        "notice_board",
        "scanner",
    )
    assert [option.code for option in required_kinds(on=day_before)] == list(KINDS)
    require_sound(equipment(kind="fax", acquired_on=day_before, effective_on=day_before))
    with pytest.raises(EquipmentKindNotInForce):
        require_sound(equipment(kind="fax", acquired_on=day_before, effective_on=change))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, None),
        ({"fund": "provincial_aid", "aid_grant_id": uuid7()}, None),
        ({"fund": "provincial_aid"}, AidGrantRequired),
        ({"fund": "provincial_aid", "aid_grant_id": uuid7(), "cost_fen": None}, AidGrantRequired),
        ({"fund": "provincial_aid", "aid_grant_id": uuid7(), "cost_fen": 0}, AidGrantRequired),
        ({"fund": "donation", "aid_grant_id": uuid7()}, AidGrantRequired),
        ({"fund": "donation", "cost_fen": None}, None),
        ({"acquired_on": DAY + timedelta(days=1)}, AcquiredAfterEffect),
    ],
)
def test_what_aid_paid_for_names_its_grant_and_its_cost_and_nothing_else_does(changes: Any, error: Any) -> None:
    """O2.3, O5.2."""
    if error is None:
        require_sound(equipment(**changes))
    else:
        with pytest.raises(error):
            require_sound(equipment(**changes))


@given(
    quantity=st.integers(2, 50),
    part=st.integers(-1, 60),
    cost=st.none() | st.integers(0, 10**9),
    condition=st.sampled_from(CONDITIONS),
)
def test_a_split_neither_makes_nor_loses_a_piece_or_a_fen(
    quantity: int, part: int, cost: int | None, condition: str
) -> None:
    """O2.3, O5.2."""
    state = equipment(quantity=quantity, cost_fen=cost)
    id_ = uuid7()
    if not 0 < part < quantity or condition == "working":
        with pytest.raises(SplitRefused):
            split_pieces(state, part_id=id_, quantity=part, condition=condition, effective_on=DAY)
        return
    rest, taken = split_pieces(state, part_id=id_, quantity=part, condition=condition, effective_on=DAY)
    assert rest.quantity + taken.quantity == quantity
    assert (taken.id, taken.version, taken.split_from, taken.condition) == (id_, 1, state.id, condition)
    assert (rest.id, rest.version, rest.condition) == (state.id, 2, "working")
    if cost is None:
        assert rest.cost_fen is taken.cost_fen is None
    else:
        assert (rest.cost_fen or 0) + (taken.cost_fen or 0) == cost


def test_scrapped_pieces_stay_as_they_were() -> None:
    """O2.3."""
    require_not_scrapped(equipment(condition="faulty"))
    with pytest.raises(EquipmentScrapped):
        require_not_scrapped(equipment(condition="scrapped"))
