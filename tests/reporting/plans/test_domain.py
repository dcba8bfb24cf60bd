"""Filings, versions and stages of plans, as they are: pure. Source: O6.2b, O6.2c, S4."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from common.contracts.reporting.plans import (
    Approval,
    Evidence,
    ExecutionState,
    FilingState,
    PlanLine,
    PlanStage,
    PlanState,
    ReturnReason,
)
from common.divisions import Level
from reporting.plans import domain
from reporting.plans.domain import PlanContent
from reporting.plans.errors import (
    DayOutOfOrder,
    EvidenceMissing,
    NotApproved,
    NothingChanged,
    PlanInvalid,
    PlanNotFound,
    PlanNotInState,
    StageNotOpen,
    StageNotReady,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
CITY = "440300000000"
DUE = date(2011, 10, 31)
START, END = date(2011, 1, 1), date(2012, 12, 31)
REASONS = (ReturnReason(text="缺少经费来源"), ReturnReason(text="阶段不清"))


def stage(code, first, last):
    return PlanStage(code=code, title=f"阶段{code}", starts_on=first, ends_on=last)


STAGES = (stage("one", START, date(2011, 12, 31)), stage("two", date(2012, 1, 1), END))


def line(number, code="one", **changes):
    days = {"one": date(2011, 6, 30), "two": date(2012, 6, 30)}
    values = {
        "id": UUID(int=number), "item": f"事项{number}", "measure": "措施", "owner": "市人力资源保障局", "stage": code,
        "due_on": days.get(code, START),
    }  # fmt: skip
    return PlanLine(**{**values, **changes})


LINES = (line(1), line(2), line(3, "two"))
SOUND = PlanContent("方案", STAGES, LINES)


def filing(**changes):
    values = {
        "id": UUID(int=100), "version": 1, "division": CITY, "level": Level.CITY, "changed_at": AT,
        "programme_id": UUID(int=101), "due_on": DUE, "draft": 1, "versions": 1,
    }  # fmt: skip
    return FilingState(**{**values, **changes})


def plan(number=1, status="draft", lines=LINES, stages=STAGES):
    return PlanState(
        id=UUID(int=200 + number), version=1, division=CITY, level=Level.CITY, changed_at=AT, filing_id=UUID(int=100),
        programme_id=UUID(int=101), number=number, title="方案", stages=stages, lines=lines, reason="首次", status=status,
    )  # fmt: skip


def execution(of=None):
    of = of or plan()
    return ExecutionState(
        id=UUID(int=300), version=1, division=CITY, level=Level.CITY, changed_at=AT, filing_id=UUID(int=100),
        programme_id=UUID(int=101), plan=of.number, stages=domain.first_stages(of),
    )  # fmt: skip


# --- the life of a filing ---------------------------------------------------------------------------------------------------


class FilingLife(RuleBasedStateMachine):
    """Any order of steps on any day, against a model of the life. Source: O6.2b, O6.2c."""

    def __init__(self):
        super().__init__()
        self.state = filing()
        self.plans = {1: "draft"}
        self.day = date(2011, 9, 1)
        self.first = self.in_force = None
        self.filed = False
        self.last = None

    def attempt(self, allowed, change):
        try:
            changes = change()
        except (PlanNotInState, NotApproved, DayOutOfOrder):
            assert not allowed
            return False
        assert allowed
        self.state = self.state.model_copy(update=changes)
        return True

    @property
    def draft(self):
        return next((number for number, status in self.plans.items() if status in ("draft", "approved")), None)

    @rule(days=st.integers(0, 40))
    def wait(self, days):
        self.day += timedelta(days=days)

    @rule()
    def begin(self):
        number = max(self.plans) + 1
        if self.attempt(self.draft is None and not self.filed, lambda: domain.begun(self.state)):
            self.plans[number] = "draft"

    @rule()
    def approve(self):
        number = self.draft or max(self.plans)
        approval = Approval(body="市政府", on=self.day, at=AT, by="a")
        try:
            domain.approved(plan(number, self.plans[number]), approval)
        except PlanNotInState:
            assert self.plans[number] != "draft"
        else:
            assert self.plans[number] == "draft"
            self.plans[number] = "approved"

    @rule()
    def hand_in(self):
        number = self.draft or max(self.plans)
        allowed = self.draft is not None and self.plans[number] == "approved"
        made = plan(number, self.plans[number])
        if self.attempt(allowed, lambda: domain.filed(self.state, made, by="a", at=AT, on=self.day, due_on=DUE)):
            self.plans[number], self.filed, self.last = "filed", True, "filed"
            self.first = self.first or self.day

    @rule()
    def send_back(self):
        if self.attempt(
            self.filed,
            lambda: domain.returned(self.state, by="p", at=AT, on=self.day, reasons=REASONS, correct_by=None),
        ):
            self.filed, self.last = False, "returned"
            self.plans[self._pending()] = "returned"

    @rule()
    def put_on_file(self):
        number = self._pending()
        if self.attempt(
            self.filed, lambda: domain.accepted(self.state, by="p", at=AT, on=self.day, number=f"备{number}")
        ):
            self.filed, self.last = False, "accepted"
            self.plans[number], self.in_force = "accepted", number

    def _pending(self):
        return next((number for number, status in self.plans.items() if status == "filed"), 0)

    @invariant()
    def is_as_the_model_says(self):
        found = domain.standing_on(self.state, due_on=DUE, on=self.day)
        late = self.day > DUE if self.first is None else self.first > DUE
        if self.last is None:
            assert found.state == ("overdue" if late else "to_file")
        else:
            assert found.state == self.last
        assert found.in_force == self.state.in_force == self.in_force
        assert (found.days_late > 0) == late
        assert found.days_late == max(0, ((self.first or self.day) - DUE).days)
        assert self.state.pending is None or self.state.draft is None


TestFilingLife = FilingLife.TestCase


def test_late_is_recorded_with_its_days_and_never_refused():
    """O6.2b: Shenzhen forwarded the notice on 2012-02-06 only; 98 days after the day its plan was due."""
    made = plan(status="approved")
    in_time = domain.filed(filing(), made, by="a", at=AT, on=DUE, due_on=DUE)
    assert (in_time["days_late"], in_time["acts"][0].days_late) == (0, 0)
    late = filing().model_copy(update=domain.filed(filing(), made, by="a", at=AT, on=date(2012, 2, 6), due_on=DUE))
    assert (late.status, late.days_late, late.first_filed_on) == ("filed", 98, date(2012, 2, 6))
    before = domain.standing_on(late, due_on=DUE, on=date(2012, 2, 5))
    assert (before.state, before.days_late) == ("overdue", 97)
    after = domain.standing_on(late, due_on=DUE, on=date(2012, 12, 31))
    assert (after.state, after.days_late) == ("filed", 98)
    assert domain.standing_on(None, due_on=DUE, on=DUE).state == "to_file"
    assert domain.standing_on(None, due_on=None, on=END).state == "to_file"


def test_only_the_first_filing_says_how_late_a_city_was():
    """O6.2b: what is filed again later makes nobody late who was in time; another version is not the one prepared."""
    made = plan(status="approved")
    state = filing().model_copy(update=domain.filed(filing(), made, by="a", at=AT, on=DUE, due_on=DUE))
    back = domain.returned(state, by="p", at=AT, on=DUE, reasons=REASONS, correct_by=None)
    state = state.model_copy(update=back)
    state = state.model_copy(update=domain.begun(state))
    with pytest.raises(PlanNotInState):
        domain.filed(state, made, by="a", at=AT, on=END, due_on=DUE)
    state = state.model_copy(
        update=domain.filed(state, plan(2, "approved"), by="a", at=AT, on=END, due_on=date(2011, 9, 30))
    )
    assert (state.days_late, state.first_filed_on, state.due_on, state.acts[-1].days_late) == (0, DUE, DUE, 0)
    assert domain.standing_on(state, due_on=date(2011, 9, 30), on=END).days_late == 0


def test_a_later_deadline_of_the_programme_holds_for_who_has_not_filed():
    """O6.2b: only the first filing fixes the day."""
    found = domain.standing_on(filing(), due_on=date(2011, 11, 30), on=date(2011, 11, 15))
    assert (found.state, found.due_on) == ("to_file", date(2011, 11, 30))


def test_a_returned_plan_is_overdue_when_it_does_not_come_back_in_time():
    """O6.2b: 退回补正 with a day of its own."""
    made = plan(status="approved")
    state = filing().model_copy(update=domain.filed(filing(), made, by="a", at=AT, on=DUE, due_on=DUE))
    back = domain.returned(state, by="p", at=AT, on=date(2011, 11, 5), reasons=REASONS, correct_by=date(2011, 11, 20))
    state = state.model_copy(update=back)
    assert state.acts[-1].reasons == REASONS
    found = [domain.standing_on(state, due_on=DUE, on=day) for day in (date(2011, 11, 20), date(2011, 11, 23))]
    assert [(one.state, one.days_late) for one in found] == [("returned", 0), ("overdue", 3)]
    with pytest.raises(PlanNotInState):
        domain.accepted(state, by="p", at=AT, on=date(2011, 11, 6), number="备1")


@given(st.dates(date(2011, 1, 1), date(2013, 1, 1)), st.dates(date(2011, 1, 1), date(2013, 1, 1)))
def test_steps_follow_one_another_and_none_is_of_tomorrow(first, second):
    """O6.2b: entered afterwards, yes; out of order, no."""
    state = filing().model_copy(
        update=domain.filed(filing(), plan(status="approved"), by="a", at=AT, on=first, due_on=DUE)
    )
    today = date(2012, 6, 1)
    if first <= second <= today:
        domain.require_day(state, second, today=today)
    else:
        with pytest.raises(DayOutOfOrder):
            domain.require_day(state, second, today=today)


# --- versions ---------------------------------------------------------------------------------------------------------------


def test_what_became_of_each_line_is_told():
    """O6.2c, S4: line ids are stable over versions."""
    after = (line(2, measure="新措施", towns=3), line(4), line(3, "two"))
    assert [(one.line_id.int, one.kind, one.members) for one in domain.changes_between(LINES, after)] == [
        (2, "changed", ("measure", "towns")), (4, "added", ()), (1, "removed", ()),
    ]  # fmt: skip
    assert domain.changes_between(LINES, LINES) == ()
    with pytest.raises(NothingChanged):
        domain.require_change(SOUND, SOUND)
    with pytest.raises(PlanInvalid):
        domain.require_known_lines(LINES, [UUID(int=9)], [UUID(int=1)])


BROKEN = {
    "stage twice": (replace(SOUND, stages=(*STAGES, STAGES[0])), "阶段编号重复"),
    "line twice": (replace(SOUND, lines=(*LINES, LINES[0])), "事项标识重复"),
    "stage ends first": (replace(SOUND, stages=(stage("one", END, START), STAGES[1])), "结束日期早于"),
    "outside the programme": (replace(SOUND, stages=(STAGES[0], stage("two", START, date(2013, 1, 1)))), "任务期间"),
    "stages out of order": (replace(SOUND, stages=(STAGES[1], STAGES[0])), "早于上一阶段"),
    "no such stage": (replace(SOUND, lines=(*LINES, line(4, "three"))), "不存在"),
    "line outside its stage": (replace(SOUND, lines=(*LINES, line(4, due_on=END))), "不在所属阶段"),
    "another city's body": (replace(SOUND, lines=(*LINES, line(4, owner_division="441600000000"))), "不在本市"),
    "an empty stage": (replace(SOUND, lines=LINES[:2]), "没有事项"),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_fit_together_is_named(content, words):
    """S4: item × measure × owner × stage × date."""
    found = domain.problems_of(content, division=CITY, starts_on=START, ends_on=END)
    assert any(words in one for one in found), found
    assert domain.problems_of(SOUND, division=CITY, starts_on=START, ends_on=END) == []


# --- carrying it out --------------------------------------------------------------------------------------------------------

SHOWN = (Evidence(title="验收单"),)


def note(state, number, status="done", evidence=SHOWN, of=None):
    changes, _ = domain.noted(
        state, of or plan(), line_id=UUID(int=number), status=status, on=START, at=AT, by="a", note=None,
        evidence=evidence,
    )  # fmt: skip
    return state.model_copy(update=changes)


def statuses(state):
    return [one.status for one in state.stages]


def test_a_stage_opens_when_the_one_before_is_passed():
    """S4: 分步骤、分阶段: no line of the second stage before the first is through, no passing with lines left."""
    state = execution()
    assert statuses(state) == ["open", "closed"]
    with pytest.raises(StageNotOpen):
        note(state, 3)
    with pytest.raises(EvidenceMissing):
        note(state, 1, evidence=())
    with pytest.raises(PlanNotFound):
        note(state, 9)
    state = note(state, 1)
    step = {"stage": "one", "by": "a", "at": AT, "on": START}
    with pytest.raises(StageNotReady):
        domain.passed(state, plan(), **step)
    state = note(state, 2, "cancelled", ())
    with pytest.raises(StageNotOpen):
        domain.passed(state, plan(), **{**step, "stage": "two"})
    state = state.model_copy(update=domain.passed(state, plan(), **step))
    assert statuses(state) == ["passed", "open"]
    with pytest.raises(PlanNotInState):
        domain.passed(state, plan(), **step)
    with pytest.raises(PlanNotFound):
        domain.passed(state, plan(), **{**step, "stage": "three"})


def test_a_waived_stage_opens_the_next_one_and_leaves_its_lines_to_be_seen():
    """S4: explicitly waived, with a reason."""
    state = execution()
    step = {"stage": "one", "by": "p", "at": AT, "on": START, "reason": "场地待移交", "document": None}
    state = state.model_copy(update=domain.waived(state, **step))
    assert (statuses(state), state.stages[0].reason) == (["waived", "open"], "场地待移交")
    assert [one.id.int for one in domain.late_lines(plan(), state, on=date(2011, 12, 31))] == [1, 2]
    assert note(state, 3).lines[-1].status == "done"


def test_what_was_reached_goes_on_under_the_next_version():
    """O6.2c, S4: progress stays with its line, a stage with its code."""
    state = note(note(execution(), 1), 2)
    step = {"stage": "one", "by": "a", "at": AT, "on": START}
    state = state.model_copy(update=domain.passed(state, plan(), **step))
    next_one = plan(2, lines=(line(2), line(4), line(3, "two")))
    state = state.model_copy(update=domain.carried_over(state, next_one))
    assert (state.plan, [one.line_id.int for one in state.lines], statuses(state)) == (2, [2], ["passed", "open"])
    assert domain.status_of(state, UUID(int=4)) == "not_started"
    more = plan(3, stages=(stage("zero", START, START), *STAGES), lines=(line(9, "zero", due_on=START), *LINES))
    assert statuses(state.model_copy(update=domain.carried_over(state, more))) == ["open", "passed", "closed"]
