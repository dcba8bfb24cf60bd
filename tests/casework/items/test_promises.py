"""Promises along the chain of divisions: only ever shorter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.items.domain import LocalPromise, PromiseInForce, Terms, promise_in_force, require_shorter, with_promise
from casework.items.errors import PromiseNotShorter, PromiseOfOtherUnit, PromiseOfThisLevel
from common.contracts.casework.cases import Limit

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = "440000000000", "440300000000", "440305000000", "440305001000", "440305001001"
CHAIN = (CITY, COUNTY, TOWN)

TERMS = Terms(
    basic_code="903000000001",
    handling="promised",
    steps=("undertaking",),
    promised=None,
    statutory=None,
    starts="accepted",
    extension=None,
    acceptance=Limit(value=5, unit="working_days"),
    materials=(),
    pausing=(),
)

units = st.sampled_from(["working_days", "calendar_days"])
limits = st.builds(Limit, value=st.integers(1, 60), unit=units)
chains = st.dictionaries(st.sampled_from(CHAIN), limits).map(
    lambda made: [LocalPromise(division, limit) for division, limit in made.items()]
)


def days(value: int, unit: str = "working_days") -> Limit:
    return Limit(value=value, unit=unit)


@given(province=limits | st.none(), statutory=limits | st.none(), local=chains)
def test_the_promise_in_force_is_never_longer_than_anything_that_stands_above_it(province, statutory, local):
    """O4.1b: whatever levels have promised in whatever order, nobody below gets more time than above."""
    terms = replace(TERMS, promised=province, statutory=statutory)
    for depth in range(len(CHAIN) + 1):
        below = [one for one in local if one.division in CHAIN[:depth]]
        above = promise_in_force(terms, [one for one in below if one.division in CHAIN[: max(depth - 1, 0)]])
        held = promise_in_force(terms, below)
        if above.limit is not None:
            assert held.limit is not None
            assert (held.limit.unit, held.limit.value <= above.limit.value) == (above.limit.unit, True)
        if held.division is not None and statutory is not None:
            assert (held.limit.unit, held.limit.value <= statutory.value) == (statutory.unit, True)


@given(
    province=st.integers(1, 60),
    shortened=st.dictionaries(st.sampled_from(CHAIN), st.integers(1, 60), min_size=1),
)
def test_where_each_level_only_shortens_the_nearest_promise_holds(province, shortened):
    """O4.1b: a chain made through the rule keeps every promise of it, and the nearest one holds."""
    terms = replace(TERMS, promised=days(province), statutory=days(60))
    made: list[LocalPromise] = []
    for division in CHAIN:
        if division not in shortened:
            continue
        above = promise_in_force(terms, made)
        limit = days(shortened[division])
        if limit.value > above.limit.value:
            with pytest.raises(PromiseNotShorter) as refused:
                require_shorter(limit, division=division, above=above, statutory=terms.statutory)
            assert refused.value.facts["at_most"] == above.limit.value
            continue
        require_shorter(limit, division=division, above=above, statutory=terms.statutory)
        made.append(LocalPromise(division, limit))
    held = promise_in_force(terms, reversed(made))
    nearest = made[-1] if made else None
    assert held == (
        PromiseInForce(days(province)) if nearest is None else PromiseInForce(nearest.limit, nearest.division)
    )


def test_a_promise_that_has_become_longer_than_the_level_above_no_longer_holds():
    """O4.1b: the county shortens after the town; the town keeps no more time than the county."""
    terms = replace(TERMS, promised=days(20))
    local = [LocalPromise(TOWN, days(8)), LocalPromise(COUNTY, days(5))]
    assert promise_in_force(terms, local) == PromiseInForce(days(5), COUNTY)
    assert promise_in_force(terms, [local[0]]) == PromiseInForce(days(8), TOWN)


def test_a_promise_in_other_days_than_the_act_does_not_hold():
    """O4.1b: what cannot be compared does not shorten."""
    terms = replace(TERMS, statutory=days(15, "calendar_days"))
    assert promise_in_force(terms, [LocalPromise(TOWN, days(5))]) == PromiseInForce(None)


@pytest.mark.parametrize(
    ("division", "limit", "above", "statutory", "refusal"),
    [
        (TOWN, days(6), days(5), None, PromiseNotShorter),
        (TOWN, days(6), None, days(5), PromiseNotShorter),
        (CITY, days(5, "calendar_days"), days(10), None, PromiseOfOtherUnit),
        (CITY, days(5), None, days(15, "calendar_days"), PromiseOfOtherUnit),
        (PROVINCE, days(1), days(5), None, PromiseOfThisLevel),
        (VILLAGE, days(1), days(5), None, PromiseOfThisLevel),
    ],
)
def test_a_promise_that_is_no_shortening_is_refused_with_its_clause(division, limit, above, statutory, refusal):
    """O4.1b."""
    with pytest.raises(refusal) as refused:
        require_shorter(limit, division=division, above=PromiseInForce(above), statutory=statutory)
    assert refused.value.clause == "O4.1b"


@pytest.mark.parametrize(("above", "statutory"), [(None, None), (days(5), None), (days(9), days(5)), (None, days(5))])
def test_as_long_as_the_level_above_is_no_longer(above, statutory):
    """O4.1b: never longer; the same is not longer, and where nobody has promised there is nothing to exceed."""
    require_shorter(days(5), division=COUNTY, above=PromiseInForce(above), statutory=statutory)


def test_the_terms_carry_the_promise_that_holds():
    """O4.1b."""
    assert with_promise(TERMS, PromiseInForce(days(3), TOWN)) == replace(TERMS, promised=days(3))
