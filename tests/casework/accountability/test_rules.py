"""What the rules warn of: a table per kind, and what holds for every case."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.accountability.catalogue import load_catalogue
from casework.accountability.domain import Rule, period_on, rules_on, warnings_of, warnings_of_due, with_period
from casework.accountability.errors import RulePeriodTooEarly, RuleThresholdUnfit
from casework.clock.domain import Calendar
from common.contracts.casework import CaseState
from common.contracts.casework.accountability import RulePeriod, WarningRuleState
from common.contracts.casework.cases import (
    CaseFile,
    ClockEntry,
    HolderState,
    Limit,
    OfferState,
    SpecialState,
    StepState,
    SupplementState,
)
from common.divisions import Level

CALENDAR = Calendar(1, [])
MONDAY = date(2026, 3, 2)
VILLAGE = "440305001001"


def on(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def at(offset: int) -> datetime:
    day = on(offset)
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def starting_states() -> list[WarningRuleState]:
    return [
        WarningRuleState(
            id=rule.id, version=1, division="440000000000", level=Level.PROVINCE, changed_at=at(0),
            number=rule.number, kind=rule.kind, title=rule.title, periods=(rule.period,),
        )
        for rule in load_catalogue().rules
    ]  # fmt: skip


RULES = rules_on(starting_states(), MONDAY)


def started(days: int = 5, clock: str = "handling") -> ClockEntry:
    limit = Limit(value=days, unit="working_days")
    return ClockEntry(at=at(0), fact="started", clock=clock, from_on=MONDAY, promised=limit)


def entry(offset: int, fact: str, **more: Any) -> ClockEntry:
    return ClockEntry(at=at(offset), fact=fact, **more)


def holder(account: str = "a") -> HolderState:
    return HolderState(account=account, division=VILLAGE, since=at(0))


def case(*ledger: ClockEntry, **changes: Any) -> CaseState:
    members = {"ledger": ledger, "holders": (holder(),)}
    file = {**members, **{name: changes.pop(name) for name in list(changes) if name in CaseFile.model_fields}}
    values = {
        "id": UUID(int=1), "version": 1, "division": VILLAGE, "level": Level.VILLAGE, "office_id": UUID(int=2),
        "item_code": "B01", "duty": "social_insurance", "applicant_kind": "natural_person", "status": "accepted",
        "stage": "undertaking", "registered_at": at(0), "due_on": on(7), **changes,
    }  # fmt: skip
    return CaseState(**values, file=CaseFile(**file))


def numbers(state: CaseState, offset: int, rules: tuple[Rule, ...] = RULES) -> list[str]:
    return [one.rule.number for one in warnings_of(state, CALENDAR, rules, on(offset))]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (0, []),
        (3, []),
        (4, ["JC-101"]),
        (5, ["JC-101"]),
        (6, ["JC-101"]),
        (7, ["JC-102"]),
        (8, ["JC-201"]),
        (11, ["JC-201"]),
        (13, ["JC-201"]),
        (14, ["JC-202"]),
        (40, ["JC-202"]),
    ],
)
def test_a_case_of_five_days_is_reminded_due_yellow_and_red(offset, expected):
    """standards.md §6: reminded one working day before; O4.3c: one warning of a kind, the one that lies furthest."""
    assert numbers(case(started()), offset) == expected


def test_a_case_that_stands_still_is_not_reminded_but_stays_overdue():
    """O4.3c: a pause takes no blame away that was there before."""
    paused = entry(3, "paused", reason="supplement")
    assert numbers(case(started(), paused), 20) == []
    late = entry(9, "paused", reason="supplement")
    assert numbers(case(started(), late, status="accepted"), 20) == ["JC-201"]


def test_a_step_is_overdue_while_the_whole_is_in_time():
    """standards.md §6: step overdue even if the total is not."""
    state = case(started(20), due_on=on(28), step_due_on=on(2))
    assert numbers(state, 2) == []
    assert numbers(state, 3) == ["JC-203"]
    endless = case(ClockEntry(at=at(0), fact="started", clock="handling", from_on=MONDAY), step_due_on=on(2))
    assert numbers(endless, 3) == ["JC-203"]
    asked = entry(1, "paused", reason="supplement")
    assert numbers(case(started(20), asked, due_on=None, step_due_on=on(2)), 9) == []


def test_silence_until_the_law_accepts_is_red_and_no_overdue_case():
    """O4.3c; standards.md §6: not told in time means accepted."""
    registered = case(started(5, "acceptance"), status="registered", stage=None)
    assert numbers(registered, 7) == ["JC-102"]
    assert numbers(registered, 8) == ["JC-301"]
    deemed = case(
        started(5, "acceptance"), entry(8, "stopped", clock="acceptance"), started(20), is_deemed_accepted=True
    )
    assert numbers(deemed, 9) == ["JC-301"]


def test_asked_twice_to_supplement_is_yellow():
    """standards.md §6: everything missing is told at once."""
    asked = SupplementState(asked_at=at(1), by="a", materials=("身份证",), due_on=on(9))
    assert numbers(case(started(20), supplements=(asked,)), 2) == []
    assert numbers(case(started(20), supplements=(asked, asked)), 2) == ["JC-302"]


@pytest.mark.parametrize(
    ("expected", "offset", "found"),
    [
        (Limit(value=3, unit="working_days"), 3, []),
        (Limit(value=3, unit="working_days"), 4, ["JC-204"]),
        (Limit(value=5, unit="calendar_days"), 7, []),
        (Limit(value=5, unit="calendar_days"), 8, ["JC-204"]),
        (None, 80, []),
    ],
)
def test_a_special_procedure_beyond_what_the_applicant_was_told(expected, offset, found):
    special = SpecialState(
        kind="appraisal", started_at=at(0), by="a", reason="鉴定", is_pausing=True, expected=expected
    )
    paused = entry(0, "paused", reason="appraisal")
    assert numbers(case(started(20), paused, specials=(special,)), offset) == found
    done = special.model_copy(update={"ended_at": at(1)})
    assert numbers(case(started(99), specials=(done,)), 60) == []


def test_a_refusal_without_a_reason_is_red():
    """standards.md §6: refused without reason."""
    assert numbers(case(status="refused", reason=None), 1) == ["JC-303"]
    assert numbers(case(status="refused", reason="  "), 1) == ["JC-303"]
    assert numbers(case(status="refused", reason="不属于受理范围"), 1) == []


def test_what_is_reviewed_and_not_handed_on_is_forwarded_late():
    """standards.md §6: initial review forwarded late."""
    done = StepState(step="undertaking", action="pass", by="a", division=VILLAGE, started_at=at(0), ended_at=at(1))
    state = case(started(20), steps=(done,), stage="reviewing")
    assert numbers(state, 1) == []
    assert numbers(state, 2) == ["JC-304"]
    assert numbers(case(started(20), steps=(done,), stage="reviewing", holders=(holder("b"),)), 2) == []
    offer = OfferState(purpose="step", division=VILLAGE, account="b", offered_at=at(1), by="a")
    assert numbers(case(started(20), steps=(done,), stage="reviewing", offer=offer), 2) == []
    returned = done.model_copy(update={"action": "return"})
    assert numbers(case(started(20), steps=(returned,), stage="reviewing"), 2) == []


@pytest.mark.parametrize("status", ["closed", "withdrawn"])
def test_nobody_is_warned_of_what_has_ended(status):
    assert numbers(case(started(), status=status), 60) == []


@pytest.mark.parametrize(
    ("offset", "expected"), [(0, []), (6, ["JC-101"]), (7, ["JC-102"]), (8, ["JC-201"]), (14, ["JC-202"])]
)
def test_a_contact_a_complaint_or_a_rectification_is_reminded_due_yellow_and_red(offset, expected):
    """O4.3b, O4.3f."""
    assert [one.rule.number for one in warnings_of_due(on(7), CALENDAR, RULES, on(offset))] == expected


def test_every_warning_says_what_to_do_and_what_was_found_in_chinese():
    (warned,) = warnings_of(case(started()), CALENDAR, RULES, on(9))
    assert (warned.content, warned.finding) == (
        "办理时限2026-03-09已过，请立即办理并说明原因。", "已超期2个工作日",
    )  # fmt: skip
    assert (warned.occurrence, warned.due_on, warned.amount) == ("2026-03-09", on(7), 2)


@given(st.integers(0, 30), st.integers(0, 120), st.lists(st.integers(0, 60), max_size=4))
def test_of_one_kind_there_is_one_warning_and_overdue_stays_overdue(days, offset, pauses):
    ledger = [started(days)]
    for number, day in enumerate(sorted(pauses)):
        ledger.append(entry(day, "resumed" if number % 2 else "paused", reason="supplement"))
    warned = warnings_of(case(*ledger), CALENDAR, RULES, on(offset))
    kinds = [one.rule.kind for one in warned]
    assert len(kinds) == len(set(kinds))
    assert not {"reminder", "overdue"} <= set(kinds)
    later = {one.rule.kind for one in warnings_of(case(*ledger), CALENDAR, RULES, on(offset + 1))}
    if "overdue" in kinds:
        assert "overdue" in later


# --- rules as data -----------------------------------------------------------------------------------------------


def test_the_starting_rules_name_their_clause_and_how_sure_they_are():
    """O4.3c: a guess is never taken for a rule."""
    rules = load_catalogue().rules
    assert {rule.kind for rule in rules} == {
        "reminder", "due_today", "overdue", "step_overdue", "unanswered", "supplement_repeated", "special_overrun",
        "refused_without_reason", "forwarded_late",
    }  # fmt: skip
    assert all(rule.period.mark in {"P", "K"} and rule.period.to_confirm for rule in rules)
    assert len({rule.number for rule in rules}) == len(rules)


def period(effective_from: date, **changes: Any) -> RulePeriod:
    values = {
        "threshold": 2, "unit": "working_days", "colour": "red", "is_active": True, "clause": "O4.3c",
        "document": "粤府办〔2011〕65号", "mark": "K", **changes,
    }  # fmt: skip
    return RulePeriod(effective_from=effective_from, **values)


def test_a_rule_changes_from_tomorrow_at_the_earliest_and_yesterday_stays_as_it_was():
    first = period(date(2011, 9, 25))
    for day in (on(-1), on(0)):
        with pytest.raises(RulePeriodTooEarly):
            with_period("overdue", (first,), period(day), on=on(0))
    both = with_period("overdue", (first,), period(on(1), threshold=3), on=on(0))
    assert [period_on(both, day).threshold for day in (on(0), on(1), on(9))] == [2, 3, 3]
    replaced = with_period("overdue", both, period(on(1), threshold=9), on=on(0))
    assert [one.threshold for one in replaced] == [2, 9]
    assert period_on(both, date(2011, 9, 24)) is None


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("overdue", {"unit": "times"}),
        ("supplement_repeated", {"unit": "working_days"}),
        ("overdue", {"threshold": 0}),
        ("reminder", {"threshold": 0}),
    ],
)
def test_a_threshold_that_does_not_fit_its_kind_is_refused(kind, changes):
    with pytest.raises(RuleThresholdUnfit):
        with_period(kind, (period(date(2011, 9, 25)),), period(on(1), **changes), on=on(0))


def test_a_rule_that_is_off_warns_of_nothing():
    states = [
        state.model_copy(update={"periods": (*state.periods, period(on(5), is_active=False))})
        for state in starting_states()
    ]
    assert numbers(case(started()), 9, rules_on(states, on(4))) == ["JC-201"]
    assert rules_on(states, on(5)) == ()
