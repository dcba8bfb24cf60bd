"""Whose time it was: the parts are the whole, every day has one owner, overdue days lie with who held the case."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.accountability.domain import attribute, explain, overdue_by_step, settled
from casework.accountability.domain.attribution import Attribution
from casework.clock.domain import Calendar, SpecialDay, YearPlan, judge
from common.contracts.casework import CaseState
from common.contracts.casework.cases import (
    AnsweredOfferState,
    CaseFile,
    ClockEntry,
    HolderState,
    Limit,
    OfferState,
    StepState,
)
from common.divisions import Level

VILLAGE, TOWN, COUNTY = "440305001001", "440305001000", "440305000000"
MONDAY = date(2026, 9, 7)
CALENDAR = Calendar(
    1,
    [
        YearPlan(
            2026,
            is_official=True,
            document="测试",
            days=(
                *(SpecialDay(date(2026, 10, day), "holiday", "国庆节") for day in range(1, 8)),
                SpecialDay(date(2026, 9, 20), "make_up", "国庆节"),
                SpecialDay(date(2026, 10, 10), "make_up", "国庆节"),
            ),
        )
    ],
)


def at(day: date, hour: int = 2) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def on(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def entry(day: date, fact: str, hour: int = 2, **more: Any) -> ClockEntry:
    return ClockEntry(at=at(day, hour), fact=fact, **more)


def started(day: date = MONDAY, days: int = 5, unit: str = "working_days", clock: str = "handling") -> ClockEntry:
    return entry(day, "started", clock=clock, from_on=day, promised=Limit(value=days, unit=unit))


def holder(account: str, day: date, division: str = VILLAGE) -> HolderState:
    return HolderState(account=account, division=division, since=at(day))


def step(name: str, first: date, last: date, by: str = "a") -> StepState:
    return StepState(step=name, action="pass", by=by, division=VILLAGE, started_at=at(first), ended_at=at(last))


def answered(
    first: date, last: date, outcome: str = "accepted", division: str = COUNTY, purpose: str = "referral"
) -> AnsweredOfferState:
    return AnsweredOfferState(
        purpose=purpose, division=division, account=None, offered_at=at(first), by="a", answered_at=at(last),
        answered_by="b", outcome=outcome,
    )  # fmt: skip


def case(*ledger: ClockEntry, **changes: Any) -> CaseState:
    members = {"ledger": ledger, "holders": (holder("a", MONDAY),)}
    file = {**members, **{name: changes.pop(name) for name in list(changes) if name in CaseFile.model_fields}}
    values = {
        "id": UUID(int=1), "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": UUID(int=2),
        "item_code": "B01", "duty": "social_insurance", "applicant_kind": "natural_person", "status": "accepted",
        "stage": "undertaking", "registered_at": at(MONDAY), **changes,
    }  # fmt: skip
    return CaseState(**values, file=CaseFile(**file))


def handling(state: CaseState, until: date) -> Attribution:
    (found,) = (one for one in attribute(state, CALENDAR, until) if one.clock == "handling")
    return found


def told(found: Attribution) -> list[tuple[str, str | None, int, int]]:
    return [(one.owner.kind, one.owner.account, one.days, one.overdue) for one in found.parts]


# --- golden ------------------------------------------------------------------------------------------------------


def test_the_start_day_is_not_counted_and_rest_days_belong_to_nobody():
    """O4.3c: Monday to the Monday after are five working days."""
    found = handling(case(started()), on(7))
    assert (found.elapsed, found.running, found.overdue) == (5, 5, 0)
    assert told(found) == [("holder", "a", 5, 0)]


def test_waiting_for_the_applicant_is_the_applicants_time_and_the_day_of_the_notice_is_not():
    """O4.3c: asked on Tuesday, brought on Friday: Wednesday to Friday are the applicant's."""
    state = case(started(), entry(on(1), "paused", reason="supplement"), entry(on(4), "resumed", reason="supplement"))
    assert told(handling(state, on(8))) == [("holder", "a", 3, 0), ("applicant", None, 3, 0)]


def test_a_special_procedure_is_another_departments_time_and_the_first_of_two_pauses_counts():
    state = case(
        started(),
        entry(on(1), "paused", reason="appraisal"),
        entry(on(2), "paused", reason="supplement"),
        entry(on(3), "resumed", reason="appraisal"),
        entry(on(4), "resumed", reason="supplement"),
    )
    assert told(handling(state, on(7))) == [
        ("holder", "a", 2, 0),
        ("other_department", None, 2, 0),
        ("applicant", None, 1, 0),
    ]


def test_who_hands_over_answers_for_that_day_and_who_takes_over_for_the_days_after_it():
    """O4.3b: the holder stays responsible until somebody has accepted."""
    state = case(started(), holders=(holder("a", MONDAY), holder("b", on(2), TOWN)))
    found = handling(state, on(7))
    assert told(found) == [("holder", "a", 2, 0), ("holder", "b", 3, 0)]
    assert [one.owner.division for one in found.parts] == [VILLAGE, TOWN]


def test_an_offer_to_a_colleague_stays_with_who_offers_and_a_referral_waits_for_the_other_department():
    offer = OfferState(purpose="handover", division=VILLAGE, account="b", offered_at=at(on(1)), by="a")
    assert told(handling(case(started(), offer=offer), on(4))) == [("holder", "a", 4, 0)]
    referral = offer.model_copy(update={"purpose": "referral", "division": COUNTY})
    assert told(handling(case(started(), offer=referral), on(4))) == [
        ("holder", "a", 1, 0),
        ("other_department", None, 3, 0),
    ]


@pytest.mark.parametrize("purpose", ["referral", "handover"])
def test_the_days_until_an_office_accepted_stay_the_offices_that_was_asked(purpose):
    """O4.3b, O4.3d: offered on Tuesday, taken on Friday; Wednesday to Friday waited for the answer of the county."""
    state = case(
        started(),
        holders=(holder("a", MONDAY), holder("b", on(4), COUNTY)),
        offers=(answered(on(1), on(4), purpose=purpose),),
    )
    found = handling(state, on(7))
    assert told(found) == [("holder", "a", 1, 0), ("other_department", None, 3, 0), ("holder", "b", 1, 0)]
    assert [one.owner.division for one in found.parts] == [VILLAGE, COUNTY, COUNTY]
    unanswered = state.file.offers[0].model_dump(exclude={"answered_at", "answered_by", "outcome"})
    pending = case(started(), offer=OfferState.model_validate(unanswered))
    assert told(handling(pending, on(4))) == told(found)[:2], "what was said while it waited is said afterwards"


@pytest.mark.parametrize(
    ("since", "others"), [(None, 0), (on(0), 0), (on(3), 1), (on(30), 3)], ids=["unknown", "before", "during", "after"]
)
@pytest.mark.parametrize("is_asked_the_heir", [True, False])
def test_since_two_offices_are_one_neither_waits_for_the_other(since, others, is_asked_the_heir):
    """O4.3b, ADR 0014: what was another office until a merger is one's own from that day on."""
    asked, mine = (TOWN, VILLAGE) if is_asked_the_heir else (VILLAGE, TOWN)
    offer = OfferState(purpose="handover", division=asked, account=None, offered_at=at(on(1)), by="a")
    state = case(started(), holders=(holder("a", MONDAY, mine),), offer=offer)
    found = attribute(state, CALENDAR, on(4), {VILLAGE: (TOWN, since)})[0]
    days = {one.owner.kind: one.days for one in found.parts}
    assert days == {"holder": 4 - others, **({"other_department": others} if others else {})}


@pytest.mark.parametrize("outcome", ["declined", "withdrawn", "lapsed"])
def test_the_days_of_an_answer_that_is_no_acceptance_are_the_asked_offices_too(outcome):
    """O4.3b: the holder went on being responsible, and from the answer on the days are the holder's again."""
    state = case(started(), offers=(answered(on(1), on(2), outcome),))
    assert told(handling(state, on(4))) == [("holder", "a", 3, 0), ("other_department", None, 1, 0)]


def test_an_answered_offer_inside_the_office_waits_for_nobody_else():
    """O4.3b: who offers to a colleague stays responsible until the colleague takes it."""
    state = case(
        started(),
        holders=(holder("a", MONDAY), holder("b", on(3))),
        offers=(answered(on(1), on(3), division=VILLAGE, purpose="step"),),
    )
    assert told(handling(state, on(4))) == [("holder", "a", 3, 0), ("holder", "b", 1, 0)]


def test_an_answer_after_the_last_day_leaves_the_overdue_days_with_who_was_responsible():
    """O4.3d: due on Thursday; the county took on the Wednesday after, when the holder had been late for four days."""
    state = case(
        started(days=3),
        holders=(holder("a", MONDAY), holder("b", on(9), COUNTY)),
        offers=(answered(on(2), on(9)),),
    )
    assert told(handling(state, on(10))) == [
        ("holder", "a", 6, 4),
        ("other_department", None, 1, 0),
        ("holder", "b", 1, 1),
    ]


def test_a_case_of_before_tells_no_answered_offers_and_reads_as_ever():
    """O4.3b: additive; a file without the members is a file with none of them."""
    file = CaseFile.model_validate_json('{"holders": [], "ledger": []}')
    assert (file.offers, file.received, file.offer) == ((), (), None)


def test_after_the_last_day_a_waiting_referral_no_longer_excuses_its_holder():
    """O4.3d: overdue days lie with who held the case after the last day."""
    referral = OfferState(purpose="referral", division=COUNTY, account=None, offered_at=at(on(4)), by="a")
    found = handling(case(started(days=5), offer=referral), on(9))
    assert told(found) == [("holder", "a", 6, 2), ("other_department", None, 1, 0)]


def test_overdue_days_are_those_of_who_held_the_case_after_the_last_day():
    """O4.3d: b took the case over when it was two days late."""
    state = case(started(days=3), holders=(holder("a", MONDAY), holder("b", on(7))))
    assert told(handling(state, on(9))) == [("holder", "a", 5, 2), ("holder", "b", 2, 2)]


def test_calendar_days_are_all_counted_and_the_last_day_rolls_over_the_holidays():
    """standards.md §6: 25 calendar days from 7 September end within the holidays, on 8 October."""
    found = handling(case(started(days=25, unit="calendar_days")), date(2026, 10, 9))
    assert (found.unit, found.elapsed, found.due_on, found.overdue) == ("calendar_days", 32, date(2026, 10, 8), 1)


def test_a_make_up_sunday_counts_and_the_holidays_do_not():
    found = handling(case(started(date(2026, 9, 18))), date(2026, 10, 12))
    assert found.elapsed == 1 + 5 + 3 + 2 + 1 + 1


def test_a_case_that_nobody_held_is_its_offices_time():
    assert told(handling(case(started(), holders=()), on(2))) == [("office", None, 2, 0)]


def test_a_stopped_clock_counts_no_further():
    state = case(started(), entry(on(3), "stopped", clock="handling"), status="closed")
    assert handling(state, on(300)).elapsed == 3


def test_a_case_without_any_ledger_has_no_time():
    assert attribute(case(), CALENDAR, on(5)) == ()


def test_steps_own_their_days_and_the_present_stage_owns_the_rest():
    state = case(
        started(days=3),
        steps=(step("undertaking", MONDAY, on(2)), step("reviewing", on(2), on(4))),
        stage="approving",
    )
    found = handling(state, on(9))
    assert [(one.owner.step, one.days, one.overdue) for one in found.parts] == [
        ("undertaking", 2, 0),
        ("reviewing", 2, 1),
        ("approving", 3, 3),
    ]


def test_overdue_days_are_shared_out_to_steps_by_how_far_each_went_beyond_its_limit():
    """O4.3c: undertaking took 2 of 1, approving 3 of 1; four overdue days are shared 1 to 2, in whole days."""
    state = case(
        started(days=3),
        steps=(step("undertaking", MONDAY, on(2)), step("reviewing", on(2), on(4))),
        stage="approving",
    )
    limits = {"undertaking": Limit(value=1, unit="working_days"), "approving": Limit(value=1, unit="working_days")}
    assert overdue_by_step(handling(state, on(9)), limits) == {"undertaking": 1, "approving": 3}
    assert overdue_by_step(handling(state, on(9)), {}) == {"reviewing": 1, "approving": 3}


def test_the_explanation_names_every_stretch_and_the_sum_in_chinese():
    """O4.3c: why a day is whose is an answer, not a figure."""
    state = case(
        started(days=2), entry(on(1), "paused", reason="supplement"), entry(on(2), "resumed", reason="supplement")
    )
    lines = explain(handling(state, on(4)), {"undertaking": 1})
    assert lines == [
        "办理时限自2026年9月7日起算，当日不计。",
        "2026年9月8日：由账号a持有（承办环节），1个工作日。",
        "2026年9月9日：补正材料，归申请人，1个工作日。",
        "2026年9月10日至2026年9月11日：由账号a持有（承办环节），2个工作日，其中超期1个工作日。",
        "合计4个工作日（3＋1），其中计入时限3个工作日。",
        "到期日2026年9月10日，其后超期1个工作日，由其后持有人承担。",
        "按环节分摊：承办1个工作日。",
    ]


# --- properties --------------------------------------------------------------------------------------------------

DAYS = st.integers(0, 90)
REASONS = st.sampled_from(["supplement", "appraisal", "hearing"])


@st.composite
def histories(draw: st.DrawFn) -> CaseState:
    """A case with pauses that may overlap, hand-overs, steps, perhaps an end; all in order of time."""
    unit = draw(st.sampled_from(["working_days", "calendar_days"]))
    ledger = [started(days=draw(st.integers(0, 30)), unit=unit)]
    open_reasons: list[str] = []
    for offset in sorted(draw(st.lists(DAYS, max_size=12))):
        reason = draw(REASONS)
        fact = "resumed" if reason in open_reasons else "paused"
        ledger.append(entry(on(offset), fact, reason=reason))
        (open_reasons.remove if fact == "resumed" else open_reasons.append)(reason)
    last = max((one.at for one in ledger), default=at(MONDAY)).date()
    is_closed = draw(st.booleans())
    if is_closed:
        ledger.append(entry(max(last, on(draw(DAYS))), "stopped", hour=3, clock="handling"))
    turns = sorted(draw(st.lists(DAYS, max_size=5)))
    accounts = draw(st.lists(st.sampled_from("abc"), min_size=len(turns), max_size=len(turns)))
    holders = [holder("a", MONDAY), *(holder(who, on(day)) for who, day in zip(accounts, turns, strict=True))]
    cuts = sorted(draw(st.lists(DAYS, max_size=4)))
    names = ("undertaking", "reviewing", "approving", "closing")
    steps = [step(name, on(first), on(last)) for name, first, last in zip(names, [0, *cuts], cuts, strict=False)]
    offered = draw(st.none() | DAYS)
    offer = None
    if offered is not None:
        purpose = draw(st.sampled_from(["handover", "referral", "step"]))
        offer = OfferState(purpose=purpose, division=COUNTY, account=None, offered_at=at(on(offered)), by="a")
    waits = sorted(draw(st.lists(DAYS, max_size=6).filter(lambda days: len(days) % 2 == 0)))
    offers = tuple(
        answered(on(first), on(last), draw(st.sampled_from(["accepted", "declined", "withdrawn", "lapsed"])),
                 draw(st.sampled_from([VILLAGE, COUNTY])), draw(st.sampled_from(["handover", "referral", "step"])))
        for first, last in zip(waits[::2], waits[1::2], strict=True)
    )  # fmt: skip
    status = "closed" if is_closed else "accepted"
    return case(*ledger, holders=tuple(holders), steps=tuple(steps), offer=offer, offers=offers, status=status)


@settings(max_examples=300)
@given(histories(), DAYS)
def test_the_parts_add_up_to_the_whole_and_to_what_the_clock_shows(state, until):
    """Issue 4: attribution sums to elapsed; O4.3c, O4.3d."""
    found = handling(state, on(until))
    assert sum(one.days for one in found.parts) == found.elapsed == sum(one.days for one in found.stretches)
    assert sum(one.overdue for one in found.parts) == found.overdue == sum(one.overdue for one in found.stretches)
    assert all(one.days > 0 and 0 <= one.overdue <= one.days for one in found.parts)
    assert all(one.owner.kind in {"holder", "office"} for one in found.parts if one.overdue)
    shown = judge(state.file.ledger, CALENDAR, clock="handling", on=on(until))
    assert found.overdue == shown.overdue
    if found.unit == "working_days":
        assert found.running == shown.elapsed
        assert found.elapsed == CALENDAR.working_days_between(found.from_on, found.until)
    else:
        assert found.elapsed == (found.until - found.from_on).days


@given(histories(), DAYS, st.dictionaries(st.sampled_from(["undertaking", "reviewing"]), st.integers(0, 5)))
def test_what_steps_are_given_of_the_overdue_days_adds_up_too(state, until, limits):
    found = handling(state, on(until))
    shares = overdue_by_step(found, {name: Limit(value=value, unit=found.unit) for name, value in limits.items()})
    known = sum(one.overdue for one in found.parts if one.owner.step is not None)
    assert sum(shares.values()) == known
    assert all(days > 0 for days in shares.values())


@given(histories(), DAYS, st.randoms(use_true_random=False))
def test_the_order_of_entries_of_one_instant_changes_nothing(state, until, random):
    shuffled = list(state.file.ledger)
    random.shuffle(shuffled)
    mixed = sorted(shuffled, key=lambda one: one.at)
    moved = state.model_copy(update={"file": state.file.model_copy(update={"ledger": tuple(mixed)})})
    assert attribute(moved, CALENDAR, on(until)) == attribute(
        state.model_copy(update={"file": state.file.model_copy(update={"ledger": settled(state.file.ledger)})}),
        CALENDAR,
        on(until),
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_pause_that_ends_at_once_is_none_in_whatever_order_it_was_written(order):
    entries = [started(), entry(MONDAY, "paused", reason="supplement"), entry(MONDAY, "resumed", reason="supplement")]
    state = case(*(entries[place] for place in order))
    assert told(handling(state, on(2))) == [("holder", "a", 2, 0)]


@given(histories(), DAYS, DAYS)
def test_a_day_that_is_over_keeps_its_owner(state, first, second):
    """What was said of a day is said of it later too, unless the limit has moved meanwhile."""
    early, late = sorted((first, second))
    before, after = handling(state, on(early)), handling(state, on(late))
    assert after.elapsed >= before.elapsed
    assert after.overdue >= before.overdue
