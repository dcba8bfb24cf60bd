"""Rules of problems told straight to the province. Source: G2."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import beijing_day
from common.contracts.reporting.problems import ProblemState
from common.divisions import Level, level_of
from common.errors import DomainError
from common.ids import uuid7
from common.policy import parameter
from common.records.service import next_state
from reporting.problems import domain
from reporting.problems.errors import (
    AlreadyReopened,
    CannotMerge,
    NotBetween,
    NotTheProvince,
    NotTheReporter,
    ProvinceItself,
    SatisfiedReporter,
)

PROVINCE, CITY, COUNTY, TOWN, VILLAGE = (
    "440000000000", "441600000000", "441624000000", "441624100000", "441624100201",
)  # fmt: skip
START = datetime(2011, 11, 1, 1, tzinfo=UTC)


def reported(division=VILLAGE, **changes):
    on = beijing_day(START)
    told = {
        "id": uuid7(), "version": 1, "division": division, "level": level_of(division), "changed_at": START,
        "number": "WT", "title": "场地不足", "text": "无法达到三百平方米", "urgency": "normal", "status": "reported",
        "reported_by": "agent", "reported_at": START, "addressed_to": PROVINCE, "due_on": domain.take_up_due(on=on),
    }  # fmt: skip
    return ProblemState(**{**told, **changes})


def after(state, days, change, **told):
    return next_state(state, **change(state, at=START + timedelta(days=days), **told))


def test_every_level_below_the_province_tells_the_province_itself():
    """G2: 径向省人力资源社会保障厅反映, past the hierarchy."""
    for division in (CITY, COUNTY, TOWN, VILLAGE, "441900003001"):
        assert domain.addressee_of(division) == PROVINCE
    with pytest.raises(ProvinceItself) as caught:
        domain.addressee_of(PROVINCE)
    assert caught.value.clause == "G2"


@pytest.mark.parametrize("division", [CITY, COUNTY, TOWN])
def test_the_levels_between_note_and_do_nothing_else(division):
    """G2: they can neither stop nor answer it."""
    state = reported()
    with pytest.raises(NotTheProvince):
        domain.require_province(state, division)
    with pytest.raises(NotTheReporter):
        domain.require_reporter(state, division)
    noted = after(state, 0, domain.noted, division=division, by="head", text="情况属实")
    assert (noted.notes[0].division, noted.status, noted.due_on) == (division, "reported", state.due_on)


@pytest.mark.parametrize("division", [PROVINCE, VILLAGE, "440300000000", "441624100202"])
def test_notes_are_of_those_between_only(division):
    with pytest.raises(NotBetween):
        after(reported(), 0, domain.noted, division=division, by="head", text="意见")


def test_the_clock_runs_from_taking_up_and_stands_still_while_the_reporter_is_asked():
    """G2: parameters, mark K."""
    on = beijing_day(START)
    state = reported()
    assert state.due_on == on + timedelta(days=parameter("problem_take_up_days", on=on).number)
    state = after(state, 2, domain.taken_up, by="head")
    days = parameter("problem_answer_days", on=on).number
    assert state.due_on == date(2011, 11, 3) + timedelta(days=days)
    asked = after(state, 5, domain.asked_back, by="head", text="面积多少")
    pause = parameter("problem_pause_days", on=on).number
    last = date(2011, 11, 6) + timedelta(days=pause + days - 3)
    assert (asked.due_on, asked.days_left) == (last, days - 3)
    assert not domain.is_overdue(asked, on=last)
    assert domain.is_overdue(asked, on=last + timedelta(days=1))
    soon = after(asked, 8, domain.supplemented, by="agent", text="八十平方米")
    assert soon.due_on == date(2011, 11, 9) + timedelta(days=days - 3)
    told = after(asked, 45, domain.supplemented, by="agent", text="八十平方米")
    assert told.due_on == last
    late = after(soon, 8 + days, domain.answered, by="head", text="可设专窗")
    assert late.answers[0].overdue_days == 3
    silent = after(asked, 5 + pause + days, domain.answered, by="head", text="可设专窗")
    assert (silent.answers[0].overdue_days, silent.days_left) == (3, None)
    assert late.due_on is None


def test_what_is_late_when_the_reporter_is_asked_is_still_late_afterwards():
    state = after(reported(), 0, domain.taken_up, by="head")
    days = parameter("problem_answer_days", on=date(2011, 11, 1)).number
    asked = after(state, days + 4, domain.asked_back, by="head", text="面积多少")
    told = after(asked, days + 9, domain.supplemented, by="agent", text="八十平方米")
    assert domain.is_overdue(told, on=date(2011, 11, 1) + timedelta(days=days + 9))
    answered = after(told, days + 9, domain.answered, by="head", text="可设专窗")
    assert answered.answers[0].overdue_days == 4


def test_urgent_ones_are_answered_sooner():
    on = date(2011, 11, 1)
    assert domain.answer_due("urgent", on=on) < domain.answer_due("normal", on=on)


def test_a_duplicate_keeps_its_own_day_and_cannot_lead_or_follow_itself():
    leading = after(reported(), 0, domain.taken_up, by="head")
    merged = after(reported(urgency="urgent"), 1, domain.merged, into=leading.id, by="head")
    assert merged.due_on == domain.answer_due("urgent", on=date(2011, 11, 2))
    domain.require_leading(leading, is_leading=False, of=merged.id)
    for state, is_leading, of in (
        (leading, False, leading.id),
        (leading, True, merged.id),
        (merged, False, uuid7()),
        (reported(status="answered"), False, uuid7()),
        (reported(status="closed"), False, uuid7()),
    ):
        with pytest.raises(CannotMerge):
            domain.require_leading(state, is_leading=is_leading, of=of)


def test_whoever_is_not_satisfied_reopens_once():
    """G2."""
    state = reported(status="answered")
    content = after(state, 0, domain.closed, by="agent", is_satisfied=True, remark=None)
    with pytest.raises(SatisfiedReporter):
        after(content, 0, domain.reopened, by="agent", reason="没有解决")
    unhappy = after(state, 0, domain.closed, by="agent", is_satisfied=False, remark="没有解决")
    again = after(unhappy, 3, domain.reopened, by="agent", reason="没有解决")
    assert (again.status, again.closing, again.holder) == ("reported", None, None)
    assert again.due_on == domain.take_up_due(on=date(2011, 11, 4))
    taken = after(again, 4, domain.taken_up, by="head")
    answered = after(taken, 5, domain.answered, by="head", text="另拨场地")
    assert answered.answers[-1].round == 2
    with pytest.raises(AlreadyReopened):
        after(answered, 6, domain.reopened, by="agent", reason="仍未解决")


OTHER = uuid7()
STEPS = {
    "take_up": lambda state, at: domain.taken_up(state, by="p", at=at),
    "ask": lambda state, at: domain.asked_back(state, by="p", at=at, text="问"),
    "supplement": lambda state, at: domain.supplemented(state, by="r", at=at, text="答"),
    "answer": lambda state, at: domain.answered(state, by="p", at=at, text="答"),
    "answer_with": lambda state, at: domain.answered_with(state, by="p", at=at, text="答"),
    "merge": lambda state, at: domain.merged(state, into=OTHER, by="p", at=at),
    "separate": lambda state, _: domain.separated(state, by="p"),
    "close": lambda state, at: domain.closed(state, by="r", at=at, is_satisfied=False, remark=None),
    "reopen": lambda state, at: domain.reopened(state, by="r", at=at, reason="未"),
    "order": lambda state, _: domain.ordered(state, order_id=OTHER),
    "publish": lambda state, at: domain.published(state, by="p", at=at, question="问", answer="答"),
}
MODEL = {
    ("reported", "take_up"): "taken_up",
    ("reported", "merge"): "merged",
    ("taken_up", "ask"): "asked_back",
    ("taken_up", "answer"): "answered",
    ("taken_up", "merge"): "merged",
    ("asked_back", "supplement"): "supplemented",
    ("asked_back", "merge"): "merged",
    ("asked_back", "answer"): "answered",
    ("supplemented", "ask"): "asked_back",
    ("supplemented", "answer"): "answered",
    ("supplemented", "merge"): "merged",
    ("merged", "separate"): "taken_up",
    ("merged", "answer_with"): "answered",
    ("answered", "close"): "closed",
    ("answered", "reopen"): "reported",
    ("closed", "reopen"): "reported",
}


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9)), max_size=20))
def test_whatever_is_tried_a_problem_follows_its_states_and_somebody_is_always_due(tries):
    """G2: reported → taken up → asked back ⇄ supplemented → answered → closed, reopened once."""
    state, at = reported(), START
    for step, days in tries:
        at += timedelta(days=days)
        expected = MODEL.get((state.status, step))
        if step == "reopen" and state.reopening is not None:
            expected = None
        if step == "publish" and state.status in ("answered", "closed"):
            expected = state.status
        if step == "order" and state.status != "reported":
            expected = state.status
        try:
            changes = STEPS[step](state, at)
        except DomainError:
            assert expected is None, (state.status, step)
            continue
        before, state = state, next_state(state, **changes)
        assert expected == state.status, (before.status, step)
        is_running = state.status in ("reported", "taken_up", "asked_back", "supplemented", "merged")
        assert (state.due_on is not None) == is_running
        assert (state.days_left is not None) == (state.status == "asked_back")
        assert (state.merged_into is not None) == (state.status == "merged") or state.status in ("answered", "closed")
        assert state.answers[: len(before.answers)] == before.answers
        assert len(state.answers) <= 2
        assert state.level is Level.VILLAGE
