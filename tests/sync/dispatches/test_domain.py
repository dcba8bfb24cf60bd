"""Who receives a dispatch, and how a node stands to it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.record import DispatchOrder
from common.divisions import LEVELS, Level, ancestors_of, contains, level_of, parent_of
from sync.dispatches.domain import (
    NodeState,
    dispatch_id,
    is_in_force,
    is_overdue,
    is_well_addressed,
    receivers,
    status_of,
)

PROVINCE = "440000000000"
RANK = {level: rank for rank, level in enumerate(LEVELS)}


@st.composite
def trees(draw: st.DrawFn) -> list[str]:
    """Codes of a province: some cities, with and without counties, some of whose places have an office."""
    codes = {PROVINCE} if draw(st.booleans()) else set()
    for city in draw(st.sets(st.integers(1, 3), min_size=1)):
        codes.add(f"44{city:02}00000000")
        for county in draw(st.sets(st.integers(0, 2), max_size=2)):
            if county:
                codes.add(f"44{city:02}{county:02}000000")
            for town in draw(st.sets(st.integers(1, 2), max_size=2)):
                codes.add(f"44{city:02}{county:02}{town:03}000")
                for village in draw(st.sets(st.integers(1, 2), max_size=2)):
                    codes.add(f"44{city:02}{county:02}{town:03}{village:03}")
    return draw(st.lists(st.sampled_from(sorted(codes)), unique=True, min_size=1))


@given(places=trees(), data=st.data())
def test_every_addressed_node_once_and_nobody_else(places: list[str], data: st.DataObject) -> None:
    """Whatever the tree: exactly the offices of the addressed subtrees, and those on the way to them."""
    every = sorted({code for place in places for code in (place, *ancestors_of(place))})
    sender = data.draw(st.sampled_from(every))
    inside = [code for code in every if contains(sender, code)]
    roots = data.draw(st.lists(st.sampled_from(inside), min_size=1, max_size=4))
    down_to = data.draw(st.sampled_from(LEVELS))
    found = receivers(sender=sender, roots=roots, down_to=down_to, places=places)

    assert len({one.node for one in found}) == len(found)
    addressed = {one.node for one in found if one.is_addressed}
    expected = {
        code
        for code in places
        if code != sender
        and (code in roots or any(contains(root, code) and RANK[level_of(code)] <= RANK[down_to] for root in roots))
    }
    assert addressed == expected
    for one in found:
        assert one.parent == parent_of(one.node)
        assert contains(sender, one.node)
        assert one.node != sender
        assert one.parent == sender or one.parent in {other.node for other in found}, "somebody hands it down"
        assert one.is_addressed or any(code != one.node and contains(one.node, code) for code in addressed)


@given(places=trees(), data=st.data())
def test_what_one_node_has_to_know_is_its_part_of_the_whole(places: list[str], data: st.DataObject) -> None:
    """A federated site that hears of a dispatch finds the same as the site of the sender."""
    under = data.draw(st.sampled_from(places))
    down_to = data.draw(st.sampled_from(LEVELS))
    order: dict[str, Any] = {"sender": PROVINCE, "roots": [PROVINCE], "down_to": down_to, "places": places}
    whole = receivers(**order)
    assert receivers(**order, under=under) == [one for one in whole if contains(under, one.node)]


def test_a_missing_county_is_passed_over() -> None:
    found = receivers(
        sender=PROVINCE, roots=["441900003001"], down_to=Level.VILLAGE, places=["441900000000", "441900003001"]
    )
    assert [(one.node, one.parent, one.is_addressed) for one in found] == [
        ("441900000000", PROVINCE, False),
        ("441900003000", "441900000000", False),
        ("441900003001", "441900003000", True),
    ]


def test_a_root_below_the_lowest_level_is_addressed_itself() -> None:
    places = ["440305000000", "440305001000", "440305001001"]
    found = receivers(sender=PROVINCE, roots=["440305001000"], down_to=Level.COUNTY, places=places)
    assert [one.node for one in found if one.is_addressed] == ["440305001000"]


@pytest.mark.parametrize(
    ("to", "is_well"), [(("440300000000",), True), (("440400000000",), False), (("440000000000",), False)]
)
def test_nobody_sends_to_those_beside_or_above(to: tuple[str, ...], is_well: bool) -> None:
    order = DispatchOrder(title="通知", to=to, down_to=Level.TOWN)
    assert is_well_addressed(order, "440300000000") is is_well


@pytest.mark.parametrize(
    ("payload", "expected"), [({}, True), ({"status": "published"}, True), ({"status": "withdrawn"}, False)]
)
def test_what_has_been_withdrawn_is_not_for_newcomers(payload: dict[str, str], expected: bool) -> None:
    assert is_in_force(payload) is expected


def test_a_dispatch_has_one_id_at_every_site() -> None:
    record = UUID(int=7)
    assert dispatch_id("reporting.circular", record, 1) == dispatch_id("reporting.circular", record, 1)
    others = {
        dispatch_id(name, record, version) for name in ("reporting.circular", "reporting.order") for version in (1, 2)
    }
    assert len(others) == 4


AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


def state(**changes: Any) -> NodeState:
    values: dict[str, Any] = {
        "dispatch_id": UUID(int=1), "node": PROVINCE, "is_addressed": True, "sign_by": date(2026, 3, 10), "sent_at": AT,
        "delivered_at": AT, "signed_at": None, "signed_by": None, "superseded_by": None, "retired_on": None,
    }  # fmt: skip
    return NodeState(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "unsigned"),
        ({"delivered_at": None}, "underway"),
        ({"signed_at": AT}, "signed"),
        ({"superseded_by": 2}, "superseded"),
        ({"superseded_by": 2, "signed_at": AT}, "signed"),
        ({"is_addressed": False}, "passing"),
        ({"retired_on": date(2026, 4, 1)}, "retired"),
    ],
)
def test_one_word_tells_how_a_node_stands(changes: dict[str, Any], status: str) -> None:
    assert status_of(state(**changes)) == status


@pytest.mark.parametrize(
    ("changes", "day", "expected"),
    [
        ({}, date(2026, 3, 10), False),
        ({}, date(2026, 3, 11), True),
        ({"sign_by": None}, date(2030, 1, 1), False),
        ({"superseded_by": 2}, date(2026, 3, 11), False),
        ({"retired_on": date(2026, 3, 5)}, date(2026, 3, 11), False),
        ({"is_addressed": False}, date(2026, 3, 11), False),
        ({"signed_at": datetime(2026, 3, 10, 15, 59, tzinfo=UTC)}, date(2026, 3, 12), False),
        ({"signed_at": datetime(2026, 3, 10, 16, 0, tzinfo=UTC)}, date(2026, 3, 12), True),
    ],
)
def test_the_last_day_ends_at_midnight_in_beijing(changes: dict[str, Any], day: date, expected: bool) -> None:
    assert is_overdue(state(**changes), day=day) is expected
