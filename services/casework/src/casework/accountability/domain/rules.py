"""Rules of e-supervision: what they warn of on a day. Rules are data; which hold is a matter of the day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.accountability.errors import RulePeriodTooEarly, RuleThresholdUnfit
from casework.clock.domain import Calendar, judge
from common.clock import beijing_day
from common.contracts.casework import CaseState
from common.contracts.casework.accountability import Colour, RulePeriod, ThresholdUnit, WarningKind, WarningRuleState
from common.contracts.casework.cases import SpecialState

OPEN_STATUSES = ("registered", "supplementing", "accepted")
_ANSWERED = "accepted"
COUNTED_IN_TIMES: frozenset[WarningKind] = frozenset({"supplement_repeated", "refused_without_reason"})
_SMALLEST_FIRST: frozenset[WarningKind] = frozenset({"reminder"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it stands on a day.

    Attributes:
        number: 监察规则编号.
        threshold: working days or times from which it warns.
    """

    number: str
    kind: WarningKind
    title: str
    threshold: int
    colour: Colour
    clause: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What a rule warns of.

    Attributes:
        occurrence: the same thing is warned of once.
        amount: working days or times measured.
        content: 督办内容.
        finding: 监察结果描述.
    """

    rule: Rule
    occurrence: str
    amount: int
    due_on: date | None
    content: str
    finding: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """That something is so, before any rule is asked whether it is enough."""

    kind: WarningKind
    occurrence: str
    amount: int
    due_on: date | None
    content: str
    finding: str


def rules_on(states: Iterable[WarningRuleState], on: date) -> tuple[Rule, ...]:
    """The rules that hold on a day.

    Source: O4.3c; standards.md §6.
    """
    found = []
    for state in states:
        period = period_on(state.periods, on)
        if period is not None and period.is_active:
            found.append(Rule(state.number, state.kind, state.title, period.threshold, period.colour, period.clause))
    return tuple(sorted(found, key=lambda rule: rule.number))


def period_on(periods: Sequence[RulePeriod], on: date) -> RulePeriod | None:
    """What a rule says on a day; None before its first period. Source: O4.3c."""
    return next((one for one in reversed(periods) if one.effective_from <= on), None)


def with_period(
    kind: WarningKind, periods: tuple[RulePeriod, ...], new: RulePeriod, *, on: date
) -> tuple[RulePeriod, ...]:
    """The periods with one more, from tomorrow at the earliest: what was warned of stays explainable.

    A period that has not begun yet and that the new one precedes is replaced by it.

    Source: O4.3c.

    Raises:
        RulePeriodTooEarly: it would change a day that is over or running.
        RuleThresholdUnfit: days for what is counted in times, or the other way round, or never.
    """
    unit: ThresholdUnit = "times" if kind in COUNTED_IN_TIMES else "working_days"
    least = 0 if kind == "due_today" else 1
    if new.unit != unit or new.threshold < least:
        raise RuleThresholdUnfit(unit=unit, least=least)
    if new.effective_from <= on:
        raise RulePeriodTooEarly(effective_from=new.effective_from.isoformat())
    return (*(one for one in periods if one.effective_from < new.effective_from), new)


def warnings_of(case: CaseState, calendar: Calendar, rules: Iterable[Rule], on: date) -> tuple[Warned, ...]:
    """What the rules warn of in a case on a day; of several rules of one kind, the one that lies furthest.

    Source: O4.3c; standards.md §5, §6.
    """
    return _chosen(_case_signs(case, calendar, on), rules)


def warnings_of_due(due_on: date, calendar: Calendar, rules: Iterable[Rule], on: date) -> tuple[Warned, ...]:
    """What the rules warn of in another thing that is due on a day: a contact, a complaint, a rectification.

    Source: O4.3b, O4.3c, O4.3f.
    """
    between = calendar.working_days_between
    remaining, overdue = max(between(on, due_on), 0), max(between(due_on, on), 0)
    return _chosen(_due_signs(due_on, on=on, remaining=remaining, overdue=overdue), rules)


def _chosen(signs: Iterable[_Sign], rules: Iterable[Rule]) -> tuple[Warned, ...]:
    by_kind: dict[WarningKind, list[Rule]] = {}
    for rule in rules:
        by_kind.setdefault(rule.kind, []).append(rule)
    found = []
    for sign in signs:
        fitting = _rule_for(sign, by_kind.get(sign.kind, []))
        if fitting is not None:
            found.append(Warned(fitting, sign.occurrence, sign.amount, sign.due_on, sign.content, sign.finding))
    return tuple(found)


def _rule_for(sign: _Sign, rules: Sequence[Rule]) -> Rule | None:
    """Of the rules that the sign is enough for, the nearest reminder, otherwise the highest threshold."""
    if sign.kind in _SMALLEST_FIRST:
        fitting = [rule for rule in rules if sign.amount <= rule.threshold]
        return min(fitting, key=lambda rule: (rule.threshold, rule.number), default=None)
    fitting = [rule for rule in rules if sign.amount >= rule.threshold]
    return max(fitting, key=lambda rule: (rule.threshold, rule.number), default=None)


def _case_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    if case.status == "refused":
        return _refusal_signs(case)
    if case.status not in OPEN_STATUSES:
        return []
    looks: Sequence[Callable[[CaseState, Calendar, date], list[_Sign]]] = (
        _limit_signs,
        _step_signs,
        _answer_signs,
        _supplement_signs,
        _special_signs,
        _forwarding_signs,
    )
    return [sign for look in looks for sign in look(case, calendar, on)]


def _limit_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    """The running limit; that of acceptance is no overdue case, but one that nobody has answered."""
    if case.status == _ANSWERED:
        shown = judge(case.file.ledger, calendar, clock="handling", on=on)
    else:
        shown = judge(case.file.ledger, calendar, clock="acceptance", on=on)
    due_on = shown.due_on or shown.last_due_on
    if due_on is None or not shown.is_running:
        return []
    overdue = shown.overdue if case.status == _ANSWERED else 0
    remaining = 0 if shown.due_on is None else shown.remaining
    return _due_signs(due_on, on=on, remaining=remaining, overdue=overdue)


def _due_signs(due_on: date, *, on: date, remaining: int, overdue: int) -> list[_Sign]:
    day = due_on.isoformat()
    if overdue > 0:
        told = (f"办理时限{day}已过，请立即办理并说明原因。", f"已超期{overdue}个工作日")
        return [_Sign("overdue", day, overdue, due_on, *told)]
    if due_on == on:
        return [_Sign("due_today", day, 0, due_on, "今日到期，请在今日内办理。", "今日到期")]
    if remaining > 0:
        told = (f"将于{day}到期，请及时办理。", f"距到期还有{remaining}个工作日")
        return [_Sign("reminder", day, remaining, due_on, *told)]
    return []


def _step_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    """The stage's own limit, also while the whole is in time. Source: standards.md §6."""
    shown = judge(case.file.ledger, calendar, clock="handling", on=on)
    if case.step_due_on is None or case.status != _ANSWERED or shown.is_paused:
        return []
    overdue = calendar.working_days_between(case.step_due_on, on)
    if overdue <= 0:
        return []
    day = case.step_due_on.isoformat()
    told = (f"本环节时限{day}已过，请立即办理并转入下一环节。", f"本环节已超期{overdue}个工作日")
    return [_Sign("step_overdue", f"{case.stage}:{day}", overdue, case.step_due_on, *told)]


def _answer_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    shown = judge(case.file.ledger, calendar, clock="acceptance", on=on)
    is_silent = case.status != _ANSWERED and shown.is_running and shown.overdue > 0
    if shown.last_due_on is None or not (is_silent or case.is_deemed_accepted):
        return []
    day = shown.last_due_on.isoformat()
    told = ("收件后未在期限内告知补正或作出受理决定，依法视为受理，请说明原因。", f"受理时限{day}内未答复")
    return [_Sign("unanswered", day, max(shown.overdue, 1), shown.last_due_on, *told)]


def _supplement_signs(case: CaseState, _: Calendar, __: date) -> list[_Sign]:
    """Everything that is missing is told at once. Source: standards.md §6."""
    times = len(case.file.supplements)
    told = ("同一办件多次要求补正，违反一次性告知，请核查。", f"已要求补正{times}次")
    return [_Sign("supplement_repeated", str(times), times, None, *told)] if times > 1 else []


def _special_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    found = []
    for special in case.file.specials:
        ends_on = _expected_end(special, calendar)
        if special.ended_at is not None or ends_on is None:
            continue
        over = calendar.working_days_between(ends_on, on)
        if over > 0:
            told = ("特别程序已超出告知申请人的所需时间，请催办。", f"特别程序超出{over}个工作日")
            occurrence = f"{special.kind}:{beijing_day(special.started_at).isoformat()}"
            found.append(_Sign("special_overrun", occurrence, over, ends_on, *told))
    return found


def _expected_end(special: SpecialState, calendar: Calendar) -> date | None:
    if special.expected is None:
        return None
    begun = beijing_day(special.started_at)
    if special.expected.unit == "working_days":
        return calendar.add_working_days(begun, special.expected.value)
    return calendar.roll_forward(date.fromordinal(begun.toordinal() + special.expected.value))


def _forwarding_signs(case: CaseState, calendar: Calendar, on: date) -> list[_Sign]:
    """The initial review is done, and the case still lies with who did it. Source: standards.md §6."""
    steps, holders = case.file.steps, case.file.holders
    if case.stage != "reviewing" or case.file.offer is not None or not steps or not holders:
        return []
    last = steps[-1]
    if (last.step, last.action) != ("undertaking", "pass") or holders[-1].account != last.by:
        return []
    done_on = beijing_day(last.ended_at)
    late = calendar.working_days_between(done_on, on)
    told = ("初审已完成，尚未转送审核，请及时转送。", f"初审完成后{late}个工作日未转送")
    return [_Sign("forwarded_late", done_on.isoformat(), late, None, *told)] if late > 0 else []


def _refusal_signs(case: CaseState) -> list[_Sign]:
    if case.reason is not None and case.reason.strip():
        return []
    told = ("不予受理未说明理由，请补充说明并告知申请人。", "不予受理无理由")
    return [_Sign("refused_without_reason", "refused", 1, None, *told)]


SUBJECT_LABELS: Mapping[str, str] = {
    "casework.case": "办件",
    "casework.first-contact": "首问登记",
    "casework.complaint": "投诉举报",
    "casework.rectification": "差评整改",
}
