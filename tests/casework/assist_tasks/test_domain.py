"""How a task passes from asked to accepted, and who may do what. Source: O1.1d, O1.3c, O1.4f."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.assist_tasks import domain
from casework.assist_tasks.domain import Station, is_overdue, require_due_day, require_guided
from casework.assist_tasks.errors import (
    DueDayPast,
    NotAtStation,
    NotDispatcher,
    NotOurStation,
    QualityNeedsReason,
    QualityRequired,
    ReasonRequired,
    StationsRepeat,
    TaskStateForbids,
)
from common.contracts.casework.assist_tasks import AssistTaskState
from common.divisions import Level
from common.errors import DomainError
from common.ids import uuid7
from common.policy import parameter
from common.records.service import next_state

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
TOWN, VILLAGE = "440305001000", "440305001001"


def task(**changes: Any) -> AssistTaskState:
    values: dict[str, Any] = {
        "id": uuid7(), "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": uuid7(),
        "changed_at": AT, "kind": "visit", "status": "dispatched", "asked": "走访", "from_division": TOWN,
        "from_office_id": uuid7(), "dispatched_by": "clerk", "dispatched_at": AT,
        "asked_for_on": date(2026, 9, 5), "due_on": date(2026, 9, 5),
    }  # fmt: skip
    return AssistTaskState(**{**values, **changes})


def reported(*, is_done: bool = True, at: datetime = AT) -> AssistTaskState:
    taken = next_state(task(), **domain.take(task(), by="agent", at=AT))
    made = domain.report(taken, is_done=is_done, told="情况", reason="无人", evidence_file_id=None, by="agent", at=at)
    return next_state(taken, **made)


ALLOWED: dict[str, dict[str, str]] = {
    "take": {"dispatched": "taken", "taken": "taken"},
    "report": {"taken": "reported"},
    "return": {"reported": "taken"},
    "accept": {"reported": "accepted"},
    "reject": {"reported": "rejected"},
    "withdraw": {"dispatched": "withdrawn", "taken": "withdrawn"},
}


@settings(max_examples=80, stateful_step_count=15)
class Life(RuleBasedStateMachine):
    """Any acts in any order: each is refused exactly when the table says so."""

    @initialize()
    def dispatched(self) -> None:
        self.state = task()

    @rule(act=st.sampled_from(sorted(ALLOWED)), is_done=st.booleans())
    def acts(self, act: str, is_done: bool) -> None:
        was = self.state.status
        done_before = bool(self.state.reports) and self.state.reports[-1].is_done
        quality = 1000 if done_before else None
        made = {
            "take": lambda: domain.take(self.state, by="agent", at=AT),
            "report": lambda: domain.report(
                self.state, is_done=is_done, told="情况", reason="无人", evidence_file_id=None, by="agent", at=AT
            ),
            "return": lambda: domain.return_report(self.state, reason="不全", by="clerk", at=AT),
            "accept": lambda: domain.accept(self.state, quality_permille=quality, reason=None, by="clerk", at=AT),
            "reject": lambda: domain.reject(self.state, reason="不实", by="clerk", at=AT),
            "withdraw": lambda: domain.withdraw(self.state, reason="不再需要", at=AT),
        }[act]
        try:
            changes = made()
        except DomainError:
            assert was not in ALLOWED[act]
            return
        self.state = next_state(self.state, **changes)
        assert self.state.status == ALLOWED[act][was]

    @invariant()
    def pay_goes_by_what_was_done_and_accepted(self) -> None:
        """Source: O1.4f."""
        state = self.state
        is_done = bool(state.reports) and state.reports[-1].is_done
        assert state.is_payable == (state.status == "accepted" and is_done)
        assert (state.quality_permille is not None) == state.is_payable
        has_report = state.status in {"reported", "accepted", "rejected"}
        assert (state.handled_by is not None) == (state.done_on is not None) == has_report

    @invariant()
    def somebody_is_waited_for_while_a_day_is_due(self) -> None:
        assert (self.state.due_on is not None) == (self.state.status in {"dispatched", "taken"})
        assert (self.state.holder is not None) >= bool(self.state.reports)
        assert len(self.state.returns) <= len(self.state.reports)


TestLife = Life.TestCase


def test_tasks_go_to_stations_that_the_office_guides_and_to_no_others():
    """Source: O1.1d, O1.3c."""
    ours = Station(VILLAGE, Level.VILLAGE, TOWN)
    require_guided([ours], by=TOWN)
    others = (
        Station("440305001002", Level.VILLAGE, "440305000000"),
        Station("440305001002", Level.VILLAGE, None),
        Station(TOWN, Level.TOWN, TOWN),
    )
    for other in others:
        with pytest.raises(NotOurStation) as refused:
            require_guided([ours, other], by=TOWN)
        assert refused.value.facts["divisions"] == [other.division]
        assert refused.value.clause == "O1.3c"
    with pytest.raises(StationsRepeat):
        require_guided([ours, ours], by=TOWN)


def test_station_and_office_have_each_their_part():
    """Source: O1.1d."""
    domain.require_station(task(), division=VILLAGE, heirs={})
    domain.require_dispatcher(task(), division=TOWN, heirs={})
    with pytest.raises(NotAtStation):
        domain.require_station(task(), division=TOWN, heirs={})
    with pytest.raises(NotDispatcher):
        domain.require_dispatcher(task(), division=VILLAGE, heirs={})


def test_who_reports_has_handled_it():
    """Source: O1.4f."""
    state = reported()
    assert (state.handled_by, state.done_on, state.due_on) == ("agent", date(2026, 9, 1), None)
    back = next_state(state, **domain.return_report(state, reason="不全", by="clerk", at=AT))
    assert (back.handled_by, back.done_on, back.due_on) == (None, None, date(2026, 9, 5))
    assert back.returns[0].reason == "不全"
    with pytest.raises(TaskStateForbids):
        domain.accept(back, quality_permille=1000, reason=None, by="clerk", at=AT)


def test_what_was_not_done_has_a_reason_and_is_accepted_without_quality():
    """Source: O1.1d, O1.4f."""
    taken = next_state(task(), **domain.take(task(), by="agent", at=AT))
    with pytest.raises(ReasonRequired):
        domain.report(taken, is_done=False, told="情况", reason=None, evidence_file_id=None, by="agent", at=AT)
    state = reported(is_done=False)
    with pytest.raises(QualityRequired):
        domain.accept(state, quality_permille=1000, reason=None, by="clerk", at=AT)
    ended = next_state(state, **domain.accept(state, quality_permille=None, reason=None, by="clerk", at=AT))
    assert (ended.status, ended.is_payable) == ("accepted", False)
    with pytest.raises(QualityRequired):
        domain.accept(reported(), quality_permille=None, reason=None, by="clerk", at=AT)
    assert reported().reports[0].reason is None


def test_unusual_quality_needs_a_reason():
    """Source: O1.4f."""
    high = parameter("pay_quality_max", on=date(2026, 9, 1)).number
    with pytest.raises(QualityNeedsReason) as refused:
        domain.accept(reported(), quality_permille=high + 1, reason=None, by="clerk", at=AT)
    assert refused.value.facts["high"] == high
    made = domain.accept(reported(), quality_permille=high + 1, reason="雨中走访", by="clerk", at=AT)
    assert made["quality_permille"] == high + 1
    domain.require_quality(10**6, reason=None, on=date(1999, 1, 1))


def test_a_task_may_be_due_today_and_never_before():
    require_due_day(date(2026, 9, 1), today=date(2026, 9, 1))
    with pytest.raises(DueDayPast):
        require_due_day(date(2026, 8, 31), today=date(2026, 9, 1))


def test_lateness_is_seen_while_it_is_open_and_stays():
    """Source: O1.1d."""
    assert [is_overdue(task(), on=date(2026, 9, day)) for day in (5, 6)] == [False, True]
    in_time, late = reported(at=AT + timedelta(days=4)), reported(at=AT + timedelta(days=5))
    assert [is_overdue(one, on=date(2027, 1, 1)) for one in (in_time, late)] == [False, True]
    back = next_state(late, **domain.return_report(late, reason="不全", by="clerk", at=AT))
    assert is_overdue(back, on=date(2026, 9, 6))
