"""What is asked for together, which materials once, how far it is. Source: O4.1c."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.applications.domain import materials_once, read_progress, require_items
from casework.applications.errors import ItemsMissing, ItemsRepeat
from casework.cases.domain import Case
from casework.items.domain import Material

ON = date(2026, 9, 1)
NAMES = st.sampled_from(["身份证", "户口簿", "照片", "合同"])
NUMBERS = st.none() | st.integers(0, 3)
MATERIALS = st.lists(st.builds(Material, NAMES, st.none() | st.booleans(), NUMBERS, NUMBERS), max_size=4)


@dataclass(frozen=True)
class Child:
    """Of a case what progress asks for."""

    is_open: bool = True
    due_on: date | None = date(2026, 9, 10)
    is_due_provisional: bool = False


def progress(*children: Child, on: date = ON) -> Any:
    return read_progress([cast("Case", child) for child in children], on=on)


def test_a_bundle_or_items_and_not_both():
    """Source: O4.1c."""
    assert require_items(("E01", "B13"), None) == ("E01", "B13")
    assert require_items(None, ("B13", "E01")) == ("B13", "E01")
    for bundle, items in ((None, None), (("E01",), ("B13",)), (None, ())):
        with pytest.raises(ItemsMissing):
            require_items(bundle, items)
    with pytest.raises(ItemsRepeat):
        require_items(None, ("E01", "E01"))


@given(asked=st.lists(MATERIALS, min_size=1, max_size=4))
def test_every_material_is_asked_for_once_and_for_all_of_them(asked: list[list[Material]]):
    """Source: O4.1c."""
    items = [(f"E{number:02}", materials) for number, materials in enumerate(asked)]
    needs = materials_once(items)
    assert [need.name for need in needs] == list(dict.fromkeys(one.name for _, some in items for one in some))
    for need in needs:
        askers = [code for code, some in items if need.name in {one.name for one in some}]
        assert list(need.item_codes) == askers
        firsts = [next(one for one in some if one.name == need.name) for code, some in items if code in askers]
        for member in ("originals", "copies"):
            known = [getattr(one, member) for one in firsts if getattr(one, member) is not None]
            assert getattr(need, member) == (max(known) if known else None)
        marks = {one.is_required for one in firsts}
        assert need.is_required == (True if True in marks else None if None in marks else False)


def test_it_is_open_until_every_case_has_ended():
    """Source: O4.1c."""
    ended = Child(is_open=False, due_on=None)
    assert (progress(Child(), ended).status, progress(Child(), ended).ended) == ("open", 1)
    assert (progress(ended, ended).status, progress(ended, ended).latest_due_on) == ("ended", None)


def test_the_latest_day_is_that_of_all_open_cases_and_unknown_while_one_has_none():
    """Source: O4.1c, O4.3c."""
    later = Child(due_on=date(2026, 9, 20), is_due_provisional=True)
    shown = progress(Child(), later, Child(is_open=False, due_on=None))
    assert (shown.latest_due_on, shown.is_paused, shown.is_provisional) == (date(2026, 9, 20), False, True)
    paused = progress(Child(), Child(due_on=None))
    assert (paused.latest_due_on, paused.is_paused) == (None, True)


def test_one_late_case_makes_it_late():
    assert not progress(Child(), on=date(2026, 9, 10)).is_overdue
    assert progress(Child(due_on=None), Child(), on=date(2026, 9, 11)).is_overdue
    assert not progress(Child(is_open=False), on=date(2026, 9, 11)).is_overdue
