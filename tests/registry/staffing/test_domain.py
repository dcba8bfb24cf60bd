"""The range of people over those served. Source: O1.4a, O1.4b, O1.4c."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry.people import StaffingRequirementState, StaffMemberState
from common.divisions import Level
from common.ids import uuid7
from common.policy import parameter
from registry.offices.domain import OfficeKind
from registry.staffing.domain import (
    FACTOR_LABELS,
    StaffingStatus,
    require_kind,
    require_override,
    required_range,
    staffing_status,
    suggest,
)
from registry.staffing.errors import OverrideExpired, OverrideNoIncrease, ServedUnknown, StaffingNotForKind

ON = date(2026, 6, 30)
SHARED: dict[str, Any] = {"version": 1, "office_id": uuid7(), "division": "441624101000", "level": Level.TOWN}
served = st.integers(0, 10**9)


def requirement(**changes: Any) -> StaffingRequirementState:
    values: dict[str, Any] = {
        **SHARED, "id": uuid7(), "effective_on": date(2024, 1, 1), "served_persons": 20_000, "economic_level": None,
        "area_hectares": 9_000, "resident_population": 99_999, "employer_count": None, "workload_cases": None, "required_min": 3,
        "required_max": 4, "override_posts": None, "override_reason": None, "override_approver": None, "override_expires_on": None,
    }  # fmt: skip
    return StaffingRequirementState(**{**values, **changes})


def posts(count: int) -> list[StaffMemberState]:
    shared: dict[str, Any] = {
        **SHARED, "effective_on": date(2020, 1, 1), "staff_type": "purchased_service", "post_title": None, "is_public_employee": False,
        "duties": (), "qualification_standard_id": None, "recruitment_id": None, "priority_group": None,
        "started_on": date(2020, 1, 1), "ended_on": None,
    }  # fmt: skip
    return [StaffMemberState(**shared, id=uuid7(), pseudonym=f"{number:064x}") for number in range(count)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, (0, 0)),
        (1, (1, 1)),
        (6000, (1, 1)),
        (6001, (1, 2)),
        (8000, (1, 2)),
        (8001, (2, 2)),
        (12_001, (2, 3)),
        (48_000, (6, 8)),
    ],
)
def test_the_range_is_n_by_8000_to_n_by_6000_rounded_up(number: int, expected: tuple[int, int]) -> None:
    """Source: O1.4b."""
    assert required_range(number, on=ON) == expected


@given(number=served)
def test_the_range_is_ordered_and_exact(number: int) -> None:
    """Source: O1.4b."""
    found = required_range(number, on=ON)
    assert found == (ceil(Fraction(number, 8000)), ceil(Fraction(number, 6000)))
    assert found[0] <= found[1]


@given(number=served, more=st.integers(0, 10**6))
def test_more_served_people_never_need_fewer_workers(number: int, more: int) -> None:
    """Source: O1.4b."""
    less, greater = required_range(number, on=ON), required_range(number + more, on=ON)
    assert less is not None
    assert greater is not None
    assert less[0] <= greater[0]
    assert less[1] <= greater[1]


def test_unknown_stays_unknown_and_is_never_zero() -> None:
    """Source: O1.4b."""
    assert required_range(None, on=ON) is None
    assert required_range(20_000, on=date(2011, 9, 24)) is None
    for told in (None, requirement(served_persons=None)):
        found = suggest(told, posts(3), on=ON)
        assert (found.status, found.required_min, found.required_max, found.held) == (
            StaffingStatus.UNKNOWN,
            None,
            None,
            3,
        )
        assert "未登记" in found.explanation
    assert "尚无配备标准" in suggest(requirement(), posts(3), on=date(2011, 9, 24)).explanation


def test_residents_and_the_other_factors_do_not_change_the_range() -> None:
    """N is 服务对象, not residents; the five factors are stored and the missing ones told. Source: O1.4a, O1.4b."""
    found = suggest(requirement(resident_population=10), posts(3), on=ON)
    assert (found.required_min, found.required_max) == (3, 4)
    assert found.missing_factors == ("economic_level", "employer_count", "workload_cases")
    assert tuple(FACTOR_LABELS.values()) == tuple(
        option.label for option in parameter("staffing_factors", on=ON).options
    )
    assert suggest(None, [], on=ON).missing_factors == tuple(FACTOR_LABELS)


@pytest.mark.parametrize(
    ("held", "status", "words"),
    [(2, "short", "不足，缺1人"), (3, "met", "达标"), (4, "met", "达标"), (5, "over", "超配，超1人")],
)
def test_the_suggestion_explains_itself_with_its_numbers(held: int, status: str, words: str) -> None:
    """Source: O1.4b."""
    found = suggest(requirement(), posts(held), on=ON)
    assert found.status == status
    assert found.explanation == (
        "服务对象20000人，一般按每6000—8000名配备1名（O1.4b）：20000÷8000向上取整为3，20000÷6000向上取整为4，应配3—4名；"
        f"现有{held}人，{words}。"
        "在区间内的取值按已登记的因素综合考虑（O1.4a）：辖区面积9000公顷，常住人口99999人。"
    )


def test_a_decision_adds_people_until_its_last_day() -> None:
    """Source: O1.4c."""
    decided = requirement(
        override_posts=6, override_reason="务工人员集中", override_approver="x", override_expires_on=ON
    )
    found = suggest(decided, posts(4), on=ON)
    assert (found.status, found.override_posts) == (StaffingStatus.SHORT, 6)
    assert "核定增加至6名（O1.4c）；现有4人，不足，缺2人" in found.explanation
    after = suggest(decided, posts(4), on=ON + timedelta(days=1))
    assert (after.status, after.override_posts) == (StaffingStatus.MET, None)
    grown = suggest(decided.model_copy(update={"served_persons": 60_000}), posts(9), on=ON)
    assert (grown.status, grown.override_posts) == (StaffingStatus.MET, None), "it never takes anybody away"


def test_a_decision_is_an_increase_over_a_known_range_for_some_time() -> None:
    """Source: O1.4c, O1.4b."""
    later = ON + timedelta(days=1)
    require_override(requirement(), 5, later, on=ON)
    with pytest.raises(OverrideNoIncrease) as caught:
        require_override(requirement(), 4, later, on=ON)
    assert (caught.value.clause, caught.value.facts["required_max"]) == ("O1.4c", 4)
    with pytest.raises(OverrideExpired):
        require_override(requirement(), 5, ON, on=ON)
    with pytest.raises(ServedUnknown):
        require_override(requirement(served_persons=None), 5, later, on=ON)


def test_the_rule_is_one_for_the_offices_of_towns_and_streets() -> None:
    """Source: O1.4b."""
    require_kind(OfficeKind.SERVICE_OFFICE)
    for kind in (OfficeKind.BUREAU, OfficeKind.SERVICE_STATION):
        with pytest.raises(StaffingNotForKind):
            require_kind(kind)


@given(needed=st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), held=st.integers(0, 60))
def test_every_number_of_people_has_one_status(needed: list[int], held: int) -> None:
    """Source: O1.4b."""
    status = staffing_status((needed[0], needed[1]), held)
    assert (status is StaffingStatus.SHORT) == (held < needed[0])
    assert (status is StaffingStatus.OVER) == (held > needed[1])
    assert staffing_status(None, held) is StaffingStatus.UNKNOWN
