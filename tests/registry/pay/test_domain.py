"""The pure rules: rates, rounding, who may be paid. Source: O1.4e, O1.4f, O1.4g."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.registry.money import PayRateState
from common.divisions import Level
from common.ids import uuid7
from registry.pay.domain import (
    PayFact,
    Period,
    PersonFacts,
    Piece,
    PostFact,
    RosterFact,
    Task,
    TaskStatus,
    area_of,
    block_of,
    mean_quality,
    pay_line,
    rate_of,
    recovery_id,
    require_period,
    require_quality,
    stretches_of,
    total_of,
    worth_of,
)
from registry.pay.errors import PeriodRefused, QualityNeedsReason

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
A, B = "441624101201", "441625100201"
PERSON = "a" * 64
NAMES = UUID(int=7)
STATION_POST, OTHER_POST = uuid5(NAMES, "station"), uuid5(NAMES, "other")
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)


def post(**changes: Any) -> PostFact:
    values: dict[str, Any] = {
        "id": STATION_POST,
        "version": 1,
        "pseudonym": PERSON,
        "office_id": uuid5(NAMES, "office"),
        "division": B,
        "staff_type": "part_time",
        "is_public_employee": False,
        "effective_on": date(2026, 1, 1),
        "started_on": date(2026, 1, 1),
        "ended_on": None,
    }
    return PostFact(**{**values, **changes})


def elsewhere(**changes: Any) -> PostFact:
    values = {"id": OTHER_POST, "division": A, "staff_type": "establishment", "is_public_employee": True}
    return post(**{**values, **changes})


def judged(*facts: Any, division: str = B, period: Period = OCTOBER, settled: Any = None) -> Any:
    known = PersonFacts(
        frozenset(one for one in facts if isinstance(one, PostFact)),
        frozenset(one for one in facts if isinstance(one, RosterFact)),
        frozenset(one for one in facts if isinstance(one, PayFact)),
    )
    return block_of(known, staff_member_id=STATION_POST, division=division, period=period, settled=settled)


def listed(first: date, end: date | None, *, version: int = 1) -> RosterFact:
    return RosterFact(uuid5(NAMES, "entry"), version, PERSON, "441624000000", first, end)


def paid(division: str = A, **changes: Any) -> PayFact:
    values: dict[str, Any] = {
        "pay_run_id": uuid5(NAMES, "run"),
        "staff_member_id": OTHER_POST,
        "version": 2,
        "pseudonym": PERSON,
        "office_id": uuid5(NAMES, "far"),
        "division": division,
        "period": OCTOBER,
        "amount_fen": 100,
        "settled_at": NOON,
    }
    return PayFact(**{**values, **changes})


# --- money --------------------------------------------------------------------------------------------------------

pieces = st.lists(
    st.builds(
        Piece,
        st.uuids(),
        st.uuids(),
        st.integers(0, 1_000_000),
        st.integers(0, 2_000),
    ),
    max_size=30,
    unique_by=lambda one: one.case_id,
)


@given(pieces)
def test_a_line_is_rounded_half_up_once(some: list[Piece]) -> None:
    """O1.4f."""
    exact = sum((Fraction(one.rate_fen * one.quality_permille, 1000) for one in some), Fraction(0))
    assert worth_of(some) == (exact + Fraction(1, 2)).__floor__()
    assert worth_of(reversed(some)) == worth_of(some)


def test_the_half_goes_up_and_less_goes_down() -> None:
    """O1.4f."""
    one = [Piece(uuid7(), uuid7(), 1, quality) for quality in (499, 500, 1499, 1500)]
    assert [worth_of([piece]) for piece in one] == [0, 1, 1, 2]
    assert worth_of(one) == 4


@given(st.lists(pieces, min_size=1, max_size=6), st.sets(st.integers(0, 5)))
def test_lines_add_up_to_the_total_and_blocked_ones_pay_nothing(rows: list[list[Piece]], barred: set[int]) -> None:
    """O1.4f, O1.4g."""
    block = judged(post(is_public_employee=True))
    lines = [
        pay_line(staff_member_id=uuid7(), pseudonym=PERSON, pieces=row, block=block if at in barred else None)
        for at, row in enumerate(rows)
    ]
    assert total_of(lines) == sum(worth_of(row) for at, row in enumerate(rows) if at not in barred)
    for at, line in enumerate(lines):
        assert line.earned_fen == worth_of(rows[at])
        assert (line.amount_fen == 0 and line.blocked_by == "O1.4g") if at in barred else line.blocked_by is None


@given(pieces)
def test_the_quality_of_a_line_lies_between_those_of_its_tasks(some: list[Piece]) -> None:
    qualities = [one.quality_permille for one in some] or [0]
    assert min(qualities) <= mean_quality(some) <= max(qualities)


def task(**changes: Any) -> Task:
    values: dict[str, Any] = {
        "case_id": uuid7(),
        "version": 1,
        "office_id": uuid7(),
        "division": A,
        "item_code": "E01",
        "duty": "employment_services",
        "closed_at": NOON,
        "closed_on": date(2026, 10, 15),
        "handler": None,
        "staff_member_id": None,
        "status": TaskStatus.OPEN,
        "quality_permille": None,
        "decision_reason": None,
        "decided_at": None,
    }
    return Task(**{**values, **changes})


def rate(fen: int, **changes: Any) -> PayRateState:
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": uuid7(),
        "division": "441624101000",
        "level": Level.TOWN,
        "effective_on": date(2026, 1, 1),
        "station_division": None,
        "item_code": None,
        "duty": None,
        "fen_per_task": fen,
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "document": "和府办〔2026〕1号",
    }
    return PayRateState(**{**values, **changes})


def test_the_nearest_rate_of_the_day_prices_a_task() -> None:
    """O1.4f."""
    rates = [
        rate(1),
        rate(2, valid_from=date(2026, 10, 1)),
        rate(3, valid_from=date(2026, 11, 1)),
        rate(4, station_division=A, valid_to=date(2026, 9, 1)),
        rate(5, duty="employment_services"),
        rate(6, duty="employment_services", station_division=A),
        rate(7, duty="social_insurance", station_division=A),
        rate(8, item_code="E01"),
        rate(9, item_code="E01", station_division="441624101202"),
    ]

    def priced(**changes: Any) -> int | None:
        found = rate_of(rates, task(**changes))
        return found.fen_per_task if found else None

    assert priced() == 8
    assert priced(division="441624101202") == 9
    assert priced(item_code="X") == 6
    assert priced(item_code="X", division="441624101203") == 5
    assert priced(item_code="X", duty="labour_relations") == 2
    assert priced(item_code="X", duty="labour_relations", closed_on=date(2026, 9, 30)) == 1
    assert priced(item_code="X", duty="labour_relations", closed_on=date(2026, 8, 31)) == 4
    assert priced(closed_on=date(2025, 12, 31)) is None


def test_a_quality_outside_the_usual_bounds_needs_a_reason() -> None:
    """O1.4f: the bounds are a soft parameter."""
    day = date(2026, 10, 15)
    for quality in (0, 1000, 1500):
        require_quality(quality, reason=None, on=day)
    with pytest.raises(QualityNeedsReason):
        require_quality(1501, reason=None, on=day)
    require_quality(1501, reason="上门服务五次", on=day)
    require_quality(9999, reason=None, on=date(2010, 1, 1))


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, 0), (-400, -10)])
def test_a_period_is_over_and_not_longer_than_a_year(first: int, last: int) -> None:
    """O1.4f."""
    today = date(2026, 11, 22)
    with pytest.raises(PeriodRefused):
        require_period(Period(today + timedelta(days=first), today + timedelta(days=last)), today=today)


# --- the guard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["part_time", "committee_part_time", "seconded", "other"])
@pytest.mark.parametrize("day", [OCTOBER.first, date(2026, 10, 16), OCTOBER.last])
def test_refuses_pay_for_part_time_public_employee_on_any_day_of_the_period(kind: str, day: date) -> None:
    """O1.4g: 兼职人员属于公职人员的，按规定不得领取兼职报酬."""
    one_day = elsewhere(started_on=day, effective_on=day, ended_on=day + timedelta(days=1))
    block = judged(post(staff_type=kind), one_day)
    assert block is not None
    assert (block.clause, block.reason) == ("O1.4g", "public_employee_post")
    assert day.isoformat() in block.detail
    assert "441624101201" in block.detail


def test_who_was_a_public_employee_before_or_after_is_paid() -> None:
    """O1.4g."""
    before = elsewhere(ended_on=OCTOBER.first)
    after = elsewhere(started_on=date(2026, 11, 1), effective_on=date(2026, 11, 1))
    assert judged(post(), before) is None
    assert judged(post(), after) is None
    assert judged(post()) is None


@pytest.mark.parametrize("kind", ["public_welfare_post", "full_time", "part_time", "committee_part_time"])
def test_the_four_kinds_of_station_staff_are_paid_by_tasks(kind: str) -> None:
    """O1.4e."""
    assert judged(post(staff_type=kind)) is None


@pytest.mark.parametrize("kind", ["establishment", "purchased_service"])
def test_who_is_paid_by_others_is_not_paid_by_tasks(kind: str) -> None:
    """O1.4e."""
    block = judged(post(staff_type=kind))
    assert block is not None
    assert (block.clause, block.reason) == ("O1.4e", "no_station_post")


def test_a_declared_public_employee_is_one_without_any_other_post() -> None:
    """O1.4g."""
    block = judged(post(is_public_employee=True))
    assert block is not None
    assert block.clause == "O1.4g"


def test_calling_the_post_a_full_one_does_not_help_while_there_is_another() -> None:
    """O1.4g: a public employee through another post is at the station part-time, whatever the post is called."""
    full = post(staff_type="full_time")
    assert judged(full, elsewhere()) is not None
    assert judged(full, listed(date(2020, 1, 1), None)) is not None
    left = post(staff_type="full_time", ended_on=date(2026, 10, 16))
    joined = elsewhere(started_on=date(2026, 10, 16), effective_on=date(2026, 10, 16))
    assert judged(left, joined) is None, "first a full-time helper, then a public employee"


def test_a_roster_counts_like_a_post_and_a_mistaken_entry_does_not() -> None:
    """O1.4g."""
    block = judged(post(), listed(date(2020, 1, 1), None))
    assert block is not None
    assert (block.clause, block.reason) == ("O1.4g", "public_employee_roster")
    assert judged(post(), listed(date(2020, 1, 1), OCTOBER.first)) is None
    assert judged(post(), listed(date(2026, 10, 5), date(2026, 10, 5))) is None


def test_before_the_rule_nobody_was_barred() -> None:
    """O1.4g: the parameter holds from 2011-09-25."""
    early = Period(date(2011, 8, 1), date(2011, 8, 31))
    since = {"started_on": date(2010, 1, 1), "effective_on": date(2010, 1, 1)}
    assert judged(post(**since), elsewhere(**since), period=early) is None
    assert judged(post(**since), elsewhere(**since), period=Period(date(2011, 9, 1), date(2011, 9, 25))) is not None


def test_a_post_was_what_its_versions_say_on_each_day() -> None:
    """O1.4g: who ceased to be a public employee in spring is one in the winter before, and not in autumn."""
    public = elsewhere(staff_type="other", is_public_employee=True)
    ceased = elsewhere(staff_type="other", is_public_employee=False, version=2, effective_on=date(2026, 4, 1))
    winter = Period(date(2026, 2, 1), date(2026, 2, 28))
    assert judged(post(), public, ceased) is None
    assert judged(post(), public, ceased, period=winter) is not None
    ended = elsewhere(version=3, effective_on=date(2026, 11, 1), ended_on=date(2026, 2, 1))
    assert judged(post(), public, ceased, ended, period=winter) is None, "it turned out to have ended before"


def test_nobody_is_paid_twice_for_the_same_days_in_two_counties() -> None:
    """O1.4f, O1.4g: the first settlement stands, the second is blocked."""
    block = judged(post(), paid())
    assert block is not None
    assert (block.clause, block.reason) == ("O1.4f", "paid_elsewhere")
    assert "441624000000" in block.detail
    assert judged(post(), paid("441625100202")) is None, "another station of the same county"
    assert judged(post(), paid(period=Period(date(2026, 9, 1), date(2026, 9, 30)))) is None
    assert judged(post(), paid(), settled=(NOON - timedelta(seconds=1), uuid7())) is None
    assert judged(post(), paid(), settled=(NOON + timedelta(seconds=1), uuid7())) is not None


def test_a_city_without_counties_is_one_area() -> None:
    assert area_of("441900003001") == area_of("441900004000") == "441900000000"
    assert area_of("441624101201") == "441624000000"


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
facts = st.lists(
    st.one_of(
        st.builds(
            elsewhere,
            id=st.sampled_from([OTHER_POST, uuid5(NAMES, "third")]),
            version=st.integers(1, 4),
            staff_type=st.sampled_from(["establishment", "part_time", "other"]),
            is_public_employee=st.booleans(),
            effective_on=days,
            started_on=days,
            ended_on=st.none() | days,
        ),
        st.builds(paid, st.sampled_from([A, B]), pay_run_id=st.sampled_from([uuid5(NAMES, str(n)) for n in range(3)])),
    ),
    max_size=8,
    unique_by=lambda one: (one.id, one.version) if isinstance(one, PostFact) else (one.pay_run_id, 0),
)


@given(facts, st.randoms(use_true_random=False))
def test_redelivered_and_reordered_facts_give_the_same_answer(some: list[Any], chance: Any) -> None:
    """O1.4g."""
    again = [*some, *some]
    chance.shuffle(again)
    assert judged(post(), *again) == judged(post(), *some)


@given(facts)
def test_the_stretches_of_a_post_never_overlap(some: list[Any]) -> None:
    by_post: dict[UUID, list[Any]] = {}
    ordered = sorted((one for one in some if isinstance(one, PostFact)), key=lambda one: (one.id, one.version))
    for at, one in enumerate(ordered):  # versions of one post never hold from before the one they follow
        before = [two.effective_on for two in ordered[:at] if two.id == one.id]
        if before and one.effective_on < max(before):
            return
    for stretch in stretches_of(ordered):
        by_post.setdefault(stretch.post.id, []).append(stretch)
    for chain in by_post.values():
        for earlier, later in pairwise(chain):
            assert earlier.end is not None
            assert earlier.end <= later.first


def test_a_line_has_one_recovery_and_each_of_its_tasks_one() -> None:
    """O1.4g."""
    run, staff, case = uuid7(), uuid7(), uuid7()
    assert recovery_id(run, staff, None) == recovery_id(run, staff, None)
    assert len({recovery_id(run, staff, None), recovery_id(run, staff, case), recovery_id(run, case, None)}) == 3
