"""The life of a case against a model: who may do what when, who is responsible, what the clock shows.

Source: O1.4f, O4.1b, O4.3b, O4.3c; standards.md §5, §6.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from casework.cases import domain
from casework.cases.domain import ApplicantKind, Case, CaseStatus, ClosingResult, Stage
from casework.cases.errors import (
    AcceptanceLapsed,
    ClosingRefused,
    ExtensionRefused,
    LevelDoesNotDecide,
    NothingMissing,
    NotHolder,
    NotOfferedToYou,
    NotSilent,
    OfferPending,
    SamePerson,
    SupplementNotAtOnce,
    SupplementNotLapsed,
    TolerancePending,
)
from casework.clock.domain import Calendar
from casework.clock.errors import ClockAlreadyExtended
from common.clock import beijing_day
from common.contracts.casework import CaseState
from common.contracts.casework.cases import CaseTerms, Limit
from common.divisions import Level
from common.errors import DomainError
from common.ids import uuid7

CALENDAR = Calendar(1, ())
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
TOWN, COUNTY = "440305001000", "440305000000"
STAGES = ("undertaking", "reviewing", "approving")
TERMS = CaseTerms(
    handling="promised",
    steps=STAGES,
    starts="accepted",
    acceptance=Limit(value=5, unit="working_days", clause="《行政许可法》第三十二条"),
    promised=Limit(value=10, unit="working_days"),
    statutory=Limit(value=20, unit="working_days"),
    extension=Limit(value=10, unit="working_days"),
    step_limits={"undertaking": Limit(value=3, unit="working_days")},
    pausing=("public_notice",),
    is_silence_acceptance=True,
    deciding_levels=(Level.TOWN, Level.COUNTY),
)
AT_ONCE = CaseTerms(
    handling="immediate", steps=("undertaking",), starts="accepted", acceptance=Limit(value=5, unit="working_days")
)


def fresh(*, terms: CaseTerms = TERMS, at: datetime = MONDAY, by: str | None = "a", division: str = TOWN) -> Case:
    """A case that has just been received."""
    return domain.register(
        case_id=uuid7(),
        counter=domain.Counter(division, uuid7(), None, "900000000007", 42),
        item_code="B01",
        duty="social_insurance",
        terms=terms,
        applicant_kind=ApplicantKind.NATURAL_PERSON,
        by=by,
        at=at,
        calendar=CALENDAR,
    )


def accepted(case: Case | None = None, *, days: int = 0, **options: Any) -> Case:
    """The same, accepted by its holder."""
    case = case or fresh()
    return domain.accept(case, by="a", at=MONDAY + timedelta(days=days), calendar=CALENDAR, **options)


def passed(case: Case, by: str, **told: Any) -> Case:
    """The stage is passed by somebody who has taken it before, where it was offered."""
    if case.file.offer is not None:
        case = domain.take(case, by=by, division=case.file.offer.division, at=case.changed_at)
    return domain.complete_step(case, by=by, at=case.changed_at, calendar=CALENDAR, opinion=None, **told)


def decided(is_favourable: bool = True) -> Case:
    """Through all stages, each by somebody else."""
    case = passed(passed(accepted(), "a"), "b")
    return passed(case, "c", is_favourable=is_favourable)


class LifeOfACase(RuleBasedStateMachine):
    """Any acts by three people in any order; the model knows which of them the rules allow."""

    @initialize(is_online=st.booleans())
    def begin(self, is_online: bool) -> None:
        self.case = fresh(by=None if is_online else "a")
        self.now = MONDAY
        self.versions = 1
        self.passers: dict[str, str] = {}

    def attempt(self, allowed: bool, act: Callable[[], Case]) -> bool:
        """Does the act; the rules must agree with the model, and a refusal changes nothing."""
        before = self.case
        try:
            self.case = act()
        except DomainError as refusal:
            if allowed:
                raise AssertionError(f"{refusal} in {before.status} {before.stage}") from refusal
            return False
        assert allowed, f"allowed in {before.status} {before.stage}"
        self.versions += 1
        assert self.case.version == before.version + 1
        return True

    @property
    def is_lapsed(self) -> bool:
        day = domain.lapsed_on(self.case, CALENDAR)
        return day is not None and beijing_day(self.now) >= day

    @property
    def is_handed_over(self) -> bool:
        return self.case.file.offer is not None and self.case.file.offer.purpose != "step"

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(names=st.sets(st.sampled_from(["表", "照片", "合同"])))
    def ask(self, names: set[str]) -> None:
        told = self.case.file.supplements[0].materials if self.case.file.supplements else names
        can = self.case.status is CaseStatus.REGISTERED and bool(names) and not self.is_lapsed and names <= set(told)
        due = self.now.date() + timedelta(days=20)
        act = {"materials": sorted(names), "due_on": due, "by": "a", "at": self.now, "calendar": CALENDAR}
        self.attempt(can, lambda: domain.ask_supplement(self.case, **act))

    @rule()
    def supply(self) -> None:
        can = self.case.status is CaseStatus.SUPPLEMENTING
        self.attempt(can, lambda: domain.supply(self.case, by="a", at=self.now, calendar=CALENDAR))

    @rule(later=st.booleans())
    def accept(self, later: bool) -> None:
        can = self.case.status is CaseStatus.REGISTERED
        tolerated = [("照片", self.now.date() + timedelta(days=9))] if later else []
        act = {"by": "a", "at": self.now, "calendar": CALENDAR, "tolerated": tolerated}
        is_late, registered = self.is_lapsed, self.case.registered_at
        if self.attempt(can, lambda: domain.accept(self.case, **act)):
            assert self.case.is_deemed_accepted == is_late
            assert not is_late or registered <= self.case.accepted_at < self.now

    @rule()
    def deem(self) -> None:
        can = self.case.status is CaseStatus.REGISTERED and self.is_lapsed
        if self.attempt(can, lambda: domain.deem_accepted(self.case, at=self.now, calendar=CALENDAR)):
            assert self.case.is_deemed_accepted
            since = self.case.file.supplements[-1].supplied_at if self.case.file.supplements else None
            assert self.case.accepted_at == (since or self.case.registered_at)

    @rule()
    def refuse(self) -> None:
        can = self.case.status is CaseStatus.REGISTERED and not self.is_lapsed
        can = can or self.case.status is CaseStatus.SUPPLEMENTING
        act = {"reason": "不属于受理范围", "by": "a", "at": self.now, "calendar": CALENDAR}
        self.attempt(can, lambda: domain.refuse(self.case, **act))

    @rule(by=st.sampled_from("abc"), is_favourable=st.sampled_from([None, True, False]))
    def complete(self, by: str, is_favourable: bool | None) -> None:
        stage, is_last = self.case.stage, self.case.stage is Stage.APPROVING
        running = [one for one in self.case.file.specials if one.ended_at is None]
        can = self.case.status is CaseStatus.ACCEPTED and stage in {Stage(one) for one in STAGES} and not running
        can = can and (is_favourable is not None) == is_last and not self.is_handed_over
        awaited = any(one.supplied_at is None for one in self.case.file.tolerances)
        can = can and not (is_favourable and awaited)
        if can and stage is not None:
            earlier = STAGES[: STAGES.index(stage.value)]
            can = stage is Stage.UNDERTAKING or by not in {
                one.by for one in self.case.file.steps if one.step in earlier and one.action == "pass"
            }
        act = {"by": by, "at": self.now, "calendar": CALENDAR, "opinion": None, "is_favourable": is_favourable}
        self.attempt(can, lambda: domain.complete_step(self.case, **act))

    @rule()
    def send_back(self) -> None:
        running = [one for one in self.case.file.specials if one.ended_at is None]
        can = self.case.stage in {Stage.REVIEWING, Stage.APPROVING} and self.case.is_open and not running
        can = can and not self.is_handed_over
        act = {"by": "b", "at": self.now, "calendar": CALENDAR, "opinion": "请补充核实"}
        self.attempt(can, lambda: domain.return_step(self.case, **act))

    @rule(kind=st.sampled_from(["public_notice", "appraisal"]))
    def begin_special(self, kind: Any) -> None:
        running = [one.kind for one in self.case.file.specials if one.ended_at is None]
        can = self.case.status is CaseStatus.ACCEPTED and self.case.stage is not Stage.DECIDED and kind not in running
        act = {"kind": kind, "reason": "依法公示", "expected": None, "by": "a", "at": self.now, "calendar": CALENDAR}
        self.attempt(can, lambda: domain.begin_special(self.case, **act))

    @rule(kind=st.sampled_from(["public_notice", "appraisal"]))
    def end_special(self, kind: Any) -> None:
        can = self.case.is_open and any(one.kind == kind and one.ended_at is None for one in self.case.file.specials)
        act = {"kind": kind, "result": "无异议", "by": "a", "at": self.now, "calendar": CALENDAR}
        self.attempt(can, lambda: domain.end_special(self.case, **act))

    @rule(to=st.sampled_from([TOWN, COUNTY]), account=st.sampled_from([None, "b"]))
    def offer(self, to: str, account: str | None) -> None:
        pending = self.case.file.offer
        can = self.case.is_open and (pending is None or pending.purpose == "step")
        act = {"purpose": "handover", "to_division": to, "to_account": account, "reason": None, "by": "a"}
        self.attempt(can, lambda: domain.offer(self.case, **act, at=self.now))

    @rule(by=st.sampled_from("abc"), division=st.sampled_from([TOWN, COUNTY]), is_taken=st.booleans())
    def answer_offer(self, by: str, division: str, is_taken: bool) -> None:
        offer, holders = self.case.file.offer, len(self.case.file.holders)
        can = self.case.is_open and offer is not None
        can = can and offer.division == division and offer.account in {None, by}
        act = domain.take if is_taken else domain.decline
        if self.attempt(can, lambda: act(self.case, by=by, division=division, at=self.now)):
            assert len(self.case.file.holders) == holders + is_taken
            assert not is_taken or self.case.holder.account == by

    @rule(result=st.sampled_from(list(ClosingResult)))
    def close(self, result: ClosingResult) -> None:
        case = self.case
        running = any(one.ended_at is None for one in case.file.specials)
        awaited = any(one.supplied_at is None for one in case.file.tolerances)
        good = result is not ClosingResult.RETURNED
        can = {
            ClosingResult.VOIDED: case.is_open,
            ClosingResult.DELETED: case.is_open,
            ClosingResult.REFERRED: case.status is CaseStatus.ACCEPTED,
            ClosingResult.SUPPLEMENT_LAPSED: case.status is CaseStatus.SUPPLEMENTING
            and max(self.now, case.changed_at).date() > CALENDAR.roll_forward(case.file.supplements[-1].due_on),
        }.get(
            result,
            case.stage is Stage.DECIDED
            and case.is_open
            and case.is_favourable is good
            and not running
            and not (good and awaited),
        )
        act = {"result": result, "at": self.now, "by": "a", "calendar": CALENDAR, "reason": "如决定书所述"}
        self.attempt(can, lambda: domain.close(case, **act))

    @rule()
    def bring_tolerated(self) -> None:
        can = self.case.is_open and any(one.supplied_at is None for one in self.case.file.tolerances)
        self.attempt(can, lambda: domain.supply_tolerated(self.case, material="照片", by="a", at=self.now))

    @precondition(lambda self: self.versions > 6)
    @rule()
    def withdraw(self) -> None:
        act = {"reason": "改日办理", "by": "a", "at": self.now, "calendar": CALENDAR}
        self.attempt(self.case.is_open, lambda: domain.withdraw(self.case, **act))

    @rule()
    def collect(self) -> None:
        case = self.case
        can = case.closing_result is ClosingResult.GRANTED and case.collected_at is None
        self.attempt(can, lambda: domain.collect(case, at=self.now))

    @invariant()
    def is_held_by_exactly_one_from_its_first_moment(self) -> None:
        holders = self.case.file.holders
        assert holders[0].since == self.case.registered_at
        assert [one.since for one in holders] == sorted(one.since for one in holders)
        assert self.case.holder.account

    @invariant()
    def says_the_same_of_itself_everywhere(self) -> None:
        case = self.case
        assert case.version == self.versions
        assert (case.status is CaseStatus.CLOSED) == (case.closing_result is not None) == (case.closed_at is not None)
        assert (case.status is CaseStatus.ACCEPTED) <= (case.stage is not None)
        assert case.file.offer is None or case.is_open
        answered = case.file.offers
        assert all(one.offered_at <= one.answered_at <= case.changed_at for one in answered)
        assert [one.answered_at for one in answered] == sorted(one.answered_at for one in answered)
        taken = [(one.answered_by, one.answered_at) for one in answered if one.outcome == "accepted"]
        assert [(one.account, one.since) for one in case.file.holders[1:]] == taken, "this model has no taking over"
        event = domain.event_of(case, before=None, traceparent=None)
        state = CaseState.model_validate_json(event.data)
        assert state == domain.state_of(case)
        assert state.version == event.recordversion == case.version
        numbers = [one.number for one in case.file.documents]
        assert len(set(numbers)) == len(numbers)
        assert all(len(number) <= 30 for number in numbers)

    @invariant()
    def shows_the_days_that_its_ledger_gives_when_read_again(self) -> None:
        case = self.case
        assert domain.timed(case, calendar=CALENDAR) == case
        if not case.is_open or case.status is CaseStatus.SUPPLEMENTING:
            assert case.due_on is None
        pausing = any(one.ended_at is None and one.is_pausing for one in case.file.specials)
        if case.status is CaseStatus.ACCEPTED and not pausing:
            assert case.due_on is not None
            assert case.due_on <= case.statutory_due_on


TestLifeOfACase = LifeOfACase.TestCase
TestLifeOfACase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


CLOSINGS: dict[ClosingResult, Callable[[], Case]] = {
    ClosingResult.GRANTED: decided,
    ClosingResult.RETURNED: lambda: decided(is_favourable=False),
    ClosingResult.OTHER: lambda: accepted(fresh(terms=AT_ONCE)),
    ClosingResult.REFERRED: accepted,
    ClosingResult.VOIDED: accepted,
    ClosingResult.DELETED: fresh,
    ClosingResult.SUPPLEMENT_LAPSED: lambda: domain.ask_supplement(
        fresh(), materials=["表"], due_on=date(2026, 3, 3), by="a", at=MONDAY, calendar=CALENDAR
    ),
}


@pytest.mark.parametrize("result", list(ClosingResult))
def test_every_closing_result_is_reached(result: ClosingResult) -> None:
    """Source: O4.1b; standards.md §5 (BJJGDM)."""
    at = MONDAY + timedelta(days=3)
    closed = domain.close(CLOSINGS[result](), result=result, at=at, by="a", calendar=CALENDAR, reason="见文书")
    assert (closed.status, closed.closing_result, closed.handled_by) == (CaseStatus.CLOSED, result, "a")


def test_a_number_is_the_code_of_the_item_at_its_office_the_day_and_a_serial() -> None:
    """Source: O4.1b; standards.md §3."""
    counter = domain.Counter(TOWN, uuid7(), "12441500196720244T", "442199806003", 68)
    assert (
        domain.number_of(counter, on=date(2022, 6, 23)) == "12441500196720244T5442199806003" + "20220623" + "00000068"
    )
    without = domain.number_of(replace(counter, uscc=None), on=date(2022, 6, 23))
    assert without[:18] == "000000440305001000"
    assert len(without) == 47


def test_everything_missing_is_told_at_once() -> None:
    """Source: O4.3c; standards.md §6 (行政许可法32条)."""
    asked = domain.ask_supplement(
        fresh(), materials=["表", "照片", "表"], due_on=date(2026, 3, 20), by="a", at=MONDAY, calendar=CALENDAR
    )
    assert asked.file.supplements[0].materials == ("表", "照片")
    assert asked.due_on is None
    again = domain.supply(asked, by="a", at=MONDAY + timedelta(days=1), calendar=CALENDAR)
    told = {"due_on": date(2026, 3, 20), "by": "a", "at": MONDAY + timedelta(days=1), "calendar": CALENDAR}
    with pytest.raises(SupplementNotAtOnce) as refusal:
        domain.ask_supplement(again, materials=["合同"], **told)
    assert refusal.value.clause == "O4.3c"
    assert domain.ask_supplement(again, materials=["照片"], **told).status is CaseStatus.SUPPLEMENTING
    with pytest.raises(NothingMissing):
        domain.ask_supplement(again, materials=[], **told)


def test_silence_accepts_from_the_day_received_and_nothing_can_be_asked_any_more() -> None:
    """Source: O4.3c; standards.md §6 (行政许可法32条)."""
    case, friday, next_tuesday = fresh(), MONDAY + timedelta(days=4), MONDAY + timedelta(days=8)
    assert case.due_on == date(2026, 3, 9)
    with pytest.raises(NotSilent):
        domain.deem_accepted(case, at=friday, calendar=CALENDAR)
    with pytest.raises(AcceptanceLapsed):
        domain.refuse(case, reason="不受理", by="a", at=next_tuesday, calendar=CALENDAR)
    deemed = domain.deem_accepted(case, at=next_tuesday, calendar=CALENDAR)
    assert (deemed.accepted_at, deemed.is_deemed_accepted) == (MONDAY, True)
    assert deemed.due_on == date(2026, 3, 16)


@given(length=st.integers(1, 40))
def test_a_pause_moves_the_due_date_by_its_working_days(length: int) -> None:
    """Source: O4.3c; standards.md §6 (行政许可法45条)."""
    case = accepted()
    begun = domain.begin_special(
        case, kind="public_notice", reason="依法公示", expected=None, by="a", at=MONDAY, calendar=CALENDAR
    )
    until = MONDAY + timedelta(days=length)
    ended = domain.end_special(begun, kind="public_notice", result="无异议", by="a", at=until, calendar=CALENDAR)
    away = CALENDAR.working_days_between(MONDAY.date(), until.date())
    assert begun.due_on is None
    assert ended.due_on == CALENDAR.add_working_days(case.due_on, away)
    assert ended.step_due_on == CALENDAR.add_working_days(case.step_due_on, away)


def test_a_procedure_that_the_item_does_not_name_stops_no_clock() -> None:
    """Source: O4.3c."""
    case = accepted()
    begun = domain.begin_special(
        case, kind="appraisal", reason="鉴定", expected=None, by="a", at=MONDAY, calendar=CALENDAR
    )
    assert (begun.due_on, begun.file.specials[0].is_pausing) == (case.due_on, False)


def test_a_limit_is_extended_once_by_no_more_than_the_law_and_before_it_is_over() -> None:
    """Source: O4.3c; standards.md §6 (行政许可法42条)."""
    case = accepted()
    told = {"reason": "情况复杂", "by": "h", "calendar": CALENDAR}
    for value in (0, 11):
        with pytest.raises(ExtensionRefused):
            domain.extend(case, limit=Limit(value=value, unit="working_days"), at=MONDAY, **told)
    with pytest.raises(ExtensionRefused):
        domain.extend(case, limit=Limit(value=5, unit="working_days"), at=MONDAY + timedelta(days=30), **told)
    more = domain.extend(case, limit=Limit(value=5, unit="working_days"), at=MONDAY, **told)
    assert more.due_on == CALENDAR.add_working_days(case.due_on, 5)
    with pytest.raises(ClockAlreadyExtended):
        domain.extend(more, limit=Limit(value=5, unit="working_days"), at=MONDAY, **told)


def test_nobody_checks_what_they_did_themselves() -> None:
    """Source: O4.1b; standards.md §5 (承办, 审核, 批准)."""
    with pytest.raises(SamePerson):
        passed(passed(accepted(), "a"), "a")


def test_an_office_that_only_receives_an_item_does_not_decide_it() -> None:
    """Source: O1.1d, O4.1c."""
    terms = AT_ONCE.model_copy(update={"deciding_levels": (Level.COUNTY,)})
    case = accepted(fresh(terms=terms))
    told = {"result": ClosingResult.GRANTED, "by": "a", "at": MONDAY, "calendar": CALENDAR}
    with pytest.raises(LevelDoesNotDecide):
        domain.close(case, **told)
    offered = domain.offer(
        case, purpose="referral", to_division=COUNTY, to_account=None, reason=None, by="a", at=MONDAY
    )
    assert offered.holder.division == TOWN
    taken = domain.take(offered, by="k", division=COUNTY, at=MONDAY)
    assert domain.close(taken, **told).closing_result is ClosingResult.GRANTED


def test_an_offer_stays_in_the_file_with_its_answer() -> None:
    """Source: O4.3b, O4.3d: who offered, to whom, asked at, answered at, outcome."""
    told = {"purpose": "referral", "to_division": COUNTY, "to_account": None, "reason": "超出权限", "by": "a"}
    later = MONDAY + timedelta(days=2)
    for act, outcome, by in (
        (lambda case: domain.take(case, by="k", division=COUNTY, at=later), "accepted", "k"),
        (lambda case: domain.decline(case, by="k", division=COUNTY, at=later), "declined", "k"),
        (lambda case: domain.recall(case, by="a", at=later), "withdrawn", "a"),
        (lambda case: domain.take_over(case, by="h", division=TOWN, at=later), "lapsed", "h"),
        (lambda case: domain.withdraw(case, reason="改期", by="a", at=later, calendar=CALENDAR), "lapsed", "a"),
    ):
        case = act(domain.offer(accepted(), **told, at=MONDAY))
        (one,) = case.file.offers
        assert case.file.offer is None
        assert (one.division, one.reason, one.by, one.offered_at) == (COUNTY, "超出权限", "a", MONDAY)
        assert (one.answered_at, one.answered_by, one.outcome) == (later, by, outcome)


def test_what_is_offered_is_taken_by_whom_it_was_offered_to() -> None:
    """Source: O4.3b."""
    case = domain.offer(
        accepted(), purpose="handover", to_division=COUNTY, to_account="k", reason=None, by="a", at=MONDAY
    )
    for by, division in (("k", TOWN), ("x", COUNTY)):
        with pytest.raises(NotOfferedToYou):
            domain.take(case, by=by, division=division, at=MONDAY)
    domain.require_holder(case, account="a", is_head_there=False)
    with pytest.raises(NotHolder):
        domain.require_holder(case, account="k", is_head_there=False)


def test_what_may_come_later_is_there_before_the_case_is_granted() -> None:
    """Source: O4.1b; standards.md §5 (容缺)."""
    case = accepted(fresh(terms=AT_ONCE), tolerated=[("照片", date(2026, 3, 9))])
    told = {"by": "a", "at": MONDAY, "calendar": CALENDAR}
    with pytest.raises(TolerancePending):
        domain.close(case, result=ClosingResult.GRANTED, **told)
    complete = domain.supply_tolerated(case, material="照片", by="a", at=MONDAY)
    assert domain.close(complete, result=ClosingResult.GRANTED, **told).is_on_time is True


def test_a_decision_is_carried_out_as_it_was_made() -> None:
    """Source: O4.1b; standards.md §5."""
    told = {"by": "a", "at": MONDAY, "calendar": CALENDAR, "reason": "见决定书"}
    for case, wrong in ((decided(), ClosingResult.RETURNED), (decided(is_favourable=False), ClosingResult.GRANTED)):
        with pytest.raises(ClosingRefused):
            domain.close(case, result=wrong, **told)
    with pytest.raises(ClosingRefused):
        domain.close(accepted(), result=ClosingResult.GRANTED, **told)


def test_a_supplement_that_never_came_ends_the_case_after_its_last_day_only() -> None:
    """Source: O4.1b; standards.md §5 (补正不来办结)."""
    case = CLOSINGS[ClosingResult.SUPPLEMENT_LAPSED]()
    with pytest.raises(SupplementNotLapsed):
        domain.close(
            case, result=ClosingResult.SUPPLEMENT_LAPSED, by="a", at=MONDAY + timedelta(days=1), calendar=CALENDAR
        )


def test_who_closes_late_closes_late() -> None:
    """Source: O4.3c."""
    case = accepted(fresh(terms=AT_ONCE))
    told = {"result": ClosingResult.OTHER, "by": "a", "calendar": CALENDAR}
    assert domain.close(case, at=MONDAY, **told).is_on_time is True
    assert domain.close(case, at=MONDAY + timedelta(days=1), **told).is_on_time is False


def test_a_case_without_limits_is_never_due_and_never_late() -> None:
    """Source: O4.3c."""
    case = accepted(fresh(terms=TERMS.model_copy(update={"promised": None, "statutory": None})))
    assert (case.due_on, case.statutory_due_on) == (None, None)
    closed = domain.close(
        case, result=ClosingResult.REFERRED, reason="转送仲裁委", by="a", at=MONDAY, calendar=CALENDAR
    )
    assert closed.is_on_time is None


def test_who_accepts_after_the_silence_changes_nothing_of_the_day_from_which_it_counts() -> None:
    """Source: O4.3c; standards.md §6 (行政许可法32条)."""
    late = MONDAY + timedelta(days=9)
    deemed = domain.deem_accepted(fresh(), at=late, calendar=CALENDAR)
    by_clerk = domain.accept(fresh(), by="a", at=late, calendar=CALENDAR)
    assert (by_clerk.accepted_at, by_clerk.due_on) == (deemed.accepted_at, deemed.due_on) == (MONDAY, date(2026, 3, 16))
    assert by_clerk.is_deemed_accepted
    assert {one.by for one in deemed.file.steps if one.step == "acceptance"} == {"system"}


def test_where_no_act_says_so_silence_accepts_nothing_and_refusing_stays_possible() -> None:
    """Source: O4.3c; standards.md §6."""
    case = fresh(terms=TERMS.model_copy(update={"is_silence_acceptance": False}))
    late = MONDAY + timedelta(days=30)
    with pytest.raises(NotSilent):
        domain.deem_accepted(case, at=late, calendar=CALENDAR)
    refused = domain.refuse(case, reason="对方不同意调解", by="a", at=late, calendar=CALENDAR)
    assert refused.status is CaseStatus.REFUSED


def test_what_is_closed_on_a_rest_day_after_its_last_day_is_late() -> None:
    """Source: O4.3c."""
    saturday = MONDAY + timedelta(days=12)
    case = accepted(fresh(terms=AT_ONCE.model_copy(update={"promised": Limit(value=9, unit="working_days")})))
    assert case.due_on == date(2026, 3, 13)
    told = {"result": ClosingResult.OTHER, "by": "a", "calendar": CALENDAR}
    assert domain.close(case, at=saturday, **told).is_on_time is False
    assert domain.close(case, at=saturday - timedelta(days=1), **told).is_on_time is True


def test_an_extension_leaves_the_stage_its_own_limit() -> None:
    """Source: O4.3c."""
    case = accepted()
    more = domain.extend(
        case, limit=Limit(value=5, unit="working_days"), reason="情况复杂", by="h", at=MONDAY + timedelta(days=3),
        calendar=CALENDAR,
    )  # fmt: skip
    assert more.step_due_on == case.step_due_on


def test_a_hand_over_under_way_is_not_dropped_by_finishing_the_step() -> None:
    """Source: O4.3b."""
    case = domain.offer(
        accepted(), purpose="referral", to_division=COUNTY, to_account=None, reason=None, by="a", at=MONDAY
    )
    with pytest.raises(OfferPending):
        domain.complete_step(case, by="a", at=MONDAY, calendar=CALENDAR, opinion=None)


def test_the_applicants_last_day_is_no_rest_day() -> None:
    """Source: standards.md §6 (民法典203条)."""
    saturday = date(2026, 3, 7)
    case = domain.ask_supplement(fresh(), materials=["表"], due_on=saturday, by="a", at=MONDAY, calendar=CALENDAR)
    told = {"result": ClosingResult.SUPPLEMENT_LAPSED, "by": "a", "calendar": CALENDAR}
    with pytest.raises(SupplementNotLapsed):
        domain.close(case, at=MONDAY + timedelta(days=7), **told)
    assert domain.close(case, at=MONDAY + timedelta(days=8), **told).status is CaseStatus.CLOSED


def test_the_heir_of_a_merged_office_takes_what_was_offered_to_it() -> None:
    """Source: O4.3b; standards.md §1 (Order 79)."""
    case = domain.offer(
        accepted(), purpose="handover", to_division=COUNTY, to_account=None, reason=None, by="a", at=MONDAY
    )
    assert domain.take(case, by="k", division=TOWN, at=MONDAY, place=TOWN).holder.account == "k"
