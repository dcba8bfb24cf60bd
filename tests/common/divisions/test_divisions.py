"""Arithmetic of division codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.divisions import (
    LEVELS,
    InvalidDivisionCode,
    Level,
    ancestors_of,
    contains,
    is_code,
    level_of,
    node_at,
    parent_of,
    path_levels,
    subtree_range,
)


def digits(width: int, *, least: int = 0) -> st.SearchStrategy[str]:
    return st.integers(least, 10**width - 1).map(lambda number: str(number).zfill(width))


CODES = st.one_of(
    st.builds(lambda p: f"{p}0000000000", digits(2, least=11)),
    st.builds(lambda p, c: f"{p}{c}00000000", digits(2, least=11), digits(2, least=1)),
    st.builds(lambda p, c, x: f"{p}{c}{x}000000", digits(2, least=11), digits(2, least=1), digits(2, least=1)),
    st.builds(lambda p, c, x, t: f"{p}{c}{x}{t}000", digits(2, least=11), digits(2, least=1), digits(2), digits(3, least=1)),
    st.builds(
        lambda p, c, x, t, v: f"{p}{c}{x}{t}{v}",
        digits(2, least=11), digits(2, least=1), digits(2), digits(3, least=1), digits(3, least=1),
    ),
)  # fmt: skip


@given(CODES)
def test_the_path_leads_up_to_the_province_and_only_up(code: str) -> None:
    levels = path_levels(code)
    assert levels[-1] is Level.PROVINCE
    assert [LEVELS.index(level) for level in levels] == sorted((LEVELS.index(level) for level in levels), reverse=True)
    assert len(set(levels)) == len(levels)
    assert ancestors_of(code) == [node_at(code, level) for level in levels[1:]]


@given(CODES, CODES)
def test_containment_is_being_an_ancestor_or_the_same(root: str, code: str) -> None:
    assert contains(root, code) == (root == code or root in ancestors_of(code))


@given(CODES)
def test_a_subtree_range_holds_every_descendant_and_nobody_else(code: str) -> None:
    low, high = subtree_range(code)
    assert low <= code <= high
    parent = parent_of(code)
    assert parent is None or not low <= parent <= high


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("440305001001", "440305001000"),
        ("440305001000", "440305000000"),
        ("440305000000", "440300000000"),
        ("440300000000", "440000000000"),
        ("440000000000", None),
        ("441900003001", "441900003000"),
        ("441900003000", "441900000000"),
    ],
)
def test_the_parent_of_a_town_without_county_is_its_city(code: str, parent: str | None) -> None:
    assert parent_of(code) == parent


@pytest.mark.parametrize(
    "text",
    ["", "44", "44030500100", "4403050010011", "44030500100x", "000000000000", "440000000001", "440305000001",
     "440005000000", "４４０３０５００１００１", "44030500100 "],
)  # fmt: skip
def test_refuses_what_is_no_code(text: str) -> None:
    assert not is_code(text)
    with pytest.raises(InvalidDivisionCode):
        level_of(text)
