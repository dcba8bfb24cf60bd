"""What an indicator comes to, which definition holds, who is ranked where."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.reporting.indicators import IndicatorDefinitionState, IndicatorSpec, IndicatorTerm
from common.divisions import Level, ancestors_of, contains
from common.ids import uuid7
from reporting.indicators.catalogue import DIMENSION_LABELS, shipped
from reporting.indicators.domain import (
    SHIPPED_FROM,
    Parts,
    Transfer,
    Value,
    definitions_on,
    formula_of,
    months_of,
    parts_of,
    ranked,
    require_definition,
    require_following,
    require_province,
    territories_of,
    territory_of,
    value_of,
)
from reporting.indicators.errors import (
    ClauseUnknown,
    DefinitionIncomplete,
    DefinitionTooEarly,
    IndicatorWithdrawn,
    NotTheProvince,
    TermUnknown,
)

DAY = date(2012, 6, 30)


def term(measure: str = "office.offices", **changes: Any) -> IndicatorTerm:
    return IndicatorTerm(measure=measure, **changes)


def spec(**changes: Any) -> IndicatorSpec:
    values = {
        "code": "test", "name": "试验指标", "dimension": "staff", "numerator": (term("office.staff_total"),),
        "unit": "人", "clause": "S2", "document": "粤府办〔2011〕65号",
    }  # fmt: skip
    return IndicatorSpec(**{**values, **changes})


def value(number: int | None) -> Value:
    return Value(number or 0, None, None if number is None else Decimal(number), None, None, 1, 1)


def stored(number: int, on: date, **changes: Any) -> IndicatorDefinitionState:
    values = {
        "id": uuid7(), "version": 1, "division": "440000000000", "level": Level.PROVINCE,
        "changed_at": datetime(2012, 1, 1, tzinfo=UTC), "code": "staff-total", "number": number,
        "status": "in_force", "effective_on": on, "spec": spec(code="staff-total", name=f"第{number}版"), "reason": "修订",
    }  # fmt: skip
    return IndicatorDefinitionState(**{**values, **changes})


def test_the_shipped_definitions_cover_the_seven_dimensions_and_equalisation() -> None:
    """Source: S1, S2."""
    assert {one.dimension for one in shipped().values()} == set(DIMENSION_LABELS)
    for one in shipped().values():
        require_definition(one)


@pytest.mark.parametrize(
    ("code", "clause"),
    [
        ("staff-per-10k-served", "S1"), ("served-per-staff", "O1.4b"), ("sign-coverage", "O2.1c"),
        ("floor-area-met", "O2.2a"), ("windows-set", "O2.2b"), ("equipment-complete", "O2.3"),
        ("multi-duty-posts", "O3.2a"), ("staff-trained-share", "O3.2b"), ("budget-listed", "O5.1a"),
        ("towns-ready-cohort-a", "O6.1b"), ("towns-ready-cohort-b", "O6.1c"),
    ],
)  # fmt: skip
def test_each_rule_of_the_policy_has_its_indicator(code: str, clause: str) -> None:
    """Source: S1, O1.4b, O2.1c, O2.2a, O2.2b, O2.3, O3.2a, O3.2b, O5.1a, O6.1b, O6.1c."""
    assert shipped()[code].clause == clause


@pytest.mark.parametrize(
    ("changes", "parts", "expected"),
    [
        ({}, Parts(7, None, 0, 0), "7"),
        ({"factor": 100, "decimals": 1}, Parts(1, 3, 0, 0), "33.3"),
        ({"factor": 100, "decimals": 1}, Parts(2, 3, 0, 0), "66.7"),
        ({"factor": 10_000, "decimals": 2}, Parts(3, 20_000, 0, 0), "1.50"),
        ({"divisor": 100, "decimals": 1}, Parts(61_250, 2, 0, 0), "306.3"),
        ({"decimals": 0}, Parts(5, 2, 0, 0), "3"),
        ({}, Parts(0, 0, 0, 0), None),
        ({}, Parts(5, 0, 0, 0), None),
        ({}, Parts(0, None, 4, 0), None),
        ({}, Parts(0, None, 4, 1), "0"),
    ],
)
def test_what_an_indicator_comes_to(changes: dict[str, Any], parts: Parts, expected: str | None) -> None:
    """Nothing known, or nothing to divide by, is no value and not zero. Source: S1, S2."""
    found = value_of(spec(**changes), parts)
    assert found == (None if expected is None else Decimal(expected))
    assert str(found) == str(expected)


def test_terms_are_added_and_taken_away() -> None:
    known = {("standings", "office.offices"): 5, ("standings", "office.status.closed"): 2, ("figures", "closed"): 9}
    made = spec(
        numerator=(term(), term("office.status.closed", sign=-1)), denominator=(term("closed", source="figures"),)
    )
    assert parts_of(made, known)[:2] == (3, 9)


def test_the_formula_shows_its_numbers() -> None:
    made = spec(factor=10_000, decimals=2, denominator=(term(),))
    assert formula_of(made, Parts(3, 20_000, 1, 1)) == "3 × 10000 ÷ 20000 = 1.50人"
    assert formula_of(made, Parts(3, 0, 1, 1)).endswith("无法计算")


def test_a_version_holds_from_its_day_and_a_withdrawal_ends_it() -> None:
    """Source: S2."""
    added = [stored(3, date(2014, 1, 1), status="withdrawn"), stored(2, date(2012, 1, 1))]

    def name(on: date) -> str | None:
        found = definitions_on(shipped(), added, on).get("staff-total")
        return found.spec.name if found else None

    assert name(date(2011, 12, 31)) == shipped()["staff-total"].name
    assert name(date(2012, 1, 1)) == "第2版"
    assert name(date(2014, 1, 1)) is None
    assert definitions_on(shipped(), [], date(2010, 12, 31)) == {}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"numerator": (term("house.offices"),)}, TermUnknown),
        ({"numerator": (term("bureau", source="directory"),)}, TermUnknown),
        ({"numerator": (term("place_days", source="directory"),)}, DefinitionIncomplete),
        ({"numerator": (term("nothing", source="figures"),)}, TermUnknown),
        ({"clause": "O9.9"}, ClauseUnknown),
        ({"direction": "range"}, DefinitionIncomplete),
        ({"direction": "range", "range_low": 3, "range_high": 2}, DefinitionIncomplete),
        ({"range_low": 3}, DefinitionIncomplete),
        ({"denominator": (term("members", source="programme"),)}, DefinitionIncomplete),
        ({"cohort": "2011-2012:A", "numerator": (term("closed", source="figures"),)}, DefinitionIncomplete),
        ({"expected": (term(),)}, DefinitionIncomplete),
        ({"baseline_denominator": (term(),)}, DefinitionIncomplete),
        ({"baseline_numerator": (term(),), "denominator": (term(),)}, DefinitionIncomplete),
    ],
)
def test_a_definition_that_does_not_fit_is_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    """Source: S1, S2."""
    with pytest.raises(error):
        require_definition(spec(**changes))


def test_a_version_follows_the_one_before() -> None:
    with pytest.raises(DefinitionTooEarly):
        require_following(stored(2, DAY), effective_on=date(2012, 6, 29), is_withdrawal=False)
    with pytest.raises(DefinitionTooEarly):
        require_following(None, effective_on=date(2010, 1, 1), is_withdrawal=False)
    with pytest.raises(IndicatorWithdrawn):
        require_following(stored(2, DAY, status="withdrawn"), effective_on=DAY, is_withdrawal=True)
    require_following(stored(2, DAY, status="withdrawn"), effective_on=DAY, is_withdrawal=False)
    with pytest.raises(NotTheProvince):
        require_province(Level.CITY)
    assert SHIPPED_FROM.year == 2011


@pytest.mark.parametrize(
    ("on", "today", "window", "months"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 12, ("2025-12-01", "2026-11-01")),
        (date(2026, 6, 30), date(2026, 11, 23), 3, ("2026-04-01", "2026-06-01")),
        (date(2026, 6, 29), date(2026, 11, 23), 3, ("2026-03-01", "2026-05-01")),
        (date(2026, 1, 15), date(2026, 11, 23), 1, ("2025-12-01", "2025-12-01")),
    ],
)
def test_cases_are_counted_over_whole_months(on: date, today: date, window: int, months: tuple[str, str]) -> None:
    found = months_of(spec(window_months=window), on=on, today=today)
    assert (found.first.isoformat(), found.last.isoformat()) == months


def test_a_division_is_measured_as_it_is_bounded_today() -> None:
    """What it took over counts for its past, what it gave away does not. Source: S1, standards.md §1."""
    town, far = "440305001000", "440306001000"
    moved = [
        Transfer(town, far),
        Transfer("440305001001", "440306001005"),
        Transfer("440305002000", "440305003000"),
    ]
    assert territory_of("440306000000", moved) == {"440306000000": 1, town: 1}
    assert territory_of("440305000000", moved) == {"440305000000": 1, town: -1}
    assert territory_of("440300000000", moved) == {"440300000000": 1}
    assert territory_of(far, moved) == {far: 1, town: 1}
    assert territory_of("440306001005", moved) == {"440306001005": 1, "440305001001": 1}


def test_a_retired_division_has_nothing_left_on_any_day() -> None:
    """All of it counts with its heir: nothing, and never less than nothing. Source: S1, standards.md §1."""
    moved = [Transfer("440116000000", "440112000000")]
    assert territory_of("440116000000", moved) == {}
    assert territory_of("440112000000", moved) == {"440112000000": 1, "440116000000": 1}
    assert territory_of("440100000000", moved) == {"440100000000": 1}


def test_what_lies_below_a_code_that_moved_may_have_gone_elsewhere() -> None:
    """A county went to one, its town to another: nobody has both, and nobody neither. Source: S1, standards.md §1."""
    county, town, village = "440305000000", "440305002000", "440305002001"
    first, other = "440306000000", "440307000000"
    moved = [Transfer(county, first), Transfer(town, "440307001000"), Transfer(village, "440306001002")]
    assert territory_of(first, moved) == {first: 1, county: 1, town: -1, village: 1}
    assert territory_of(other, moved) == {other: 1, town: 1, village: -1}
    assert territory_of("440306001000", moved) == {"440306001000": 1, village: 1}


OFFICES = [
    "440000000000", *(code.ljust(12, "0") for city in ("4403", "4404") for code in (city, *(
        county + rest for county in (f"{city}01", f"{city}02")
        for rest in ("", "001", "001001", "001002", "002", "002001")
    ))),
]  # fmt: skip


def is_inside(division: str, office: str, heirs: dict[str, str]) -> bool:
    """Asked of one office alone: the first code on its way up that has an heir, or is asked for, decides."""
    if division in heirs:
        return False
    for code in (office, *ancestors_of(office)):
        if code in heirs:
            return contains(division, heirs[code])
        if code == division:
            return True
    return False


@given(st.dictionaries(st.sampled_from(OFFICES[1:]), st.sampled_from(OFFICES[1:]), max_size=8))
def test_every_office_counts_where_it_belongs_today_and_once(drawn: dict[str, str]) -> None:
    """Whatever has moved, and however what moved is nested. Source: S1, standards.md §1."""
    heirs = {code: heir for code, heir in drawn.items() if heir not in drawn}
    found = territories_of(OFFICES, [Transfer(*pair) for pair in heirs.items()])
    for division, land in found.items():
        for office in OFFICES:
            counted = sum(sign for code, sign in land.items() if contains(code, office))
            assert counted == is_inside(division, office, heirs)


def test_the_best_are_first_equals_share_a_rank_and_the_unknown_have_none() -> None:
    """Source: S1, O6.3b."""
    values = {code: value(number) for code, number in {"a": 2, "b": 5, "c": 5, "d": None, "e": 1}.items()}

    def ranks(**changes: Any) -> list[tuple[str, int | None]]:
        return [(row.division, row.rank) for row in ranked(spec(**changes), values)]

    assert ranks(direction="higher") == [("b", 1), ("c", 1), ("a", 3), ("e", 4), ("d", None)]
    assert ranks(direction="lower") == [("e", 1), ("a", 2), ("b", 3), ("c", 3), ("d", None)]
    assert ranks(direction="range", range_low=2, range_high=3)[0] == ("a", 1)
    assert ranks(direction="range", range_low=2, range_high=3)[1] == ("e", 2)
    assert {rank for _, rank in ranks(direction="none")} == {None}


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6))
def test_parts_of_areas_add_up_to_the_parts_of_the_whole(areas: list[tuple[int, int]]) -> None:
    """Numerators and denominators are additive; rates are not, and are never averaged. Source: S1."""
    made = spec(denominator=(term("office.offices"),))
    known = [{("standings", "office.staff_total"): a, ("standings", "office.offices"): b} for a, b in areas]
    whole = {key: sum(one[key] for one in known) for key in known[0]}
    found = [parts_of(made, one) for one in known]
    assert parts_of(made, whole)[:2] == (
        sum(one.numerator for one in found),
        sum(one.denominator or 0 for one in found),
    )
