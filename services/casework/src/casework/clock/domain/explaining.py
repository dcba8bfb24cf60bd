"""Why this date: the reading of a clock in Chinese, line by line, each with its day and its clause."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.clock.domain.calendar import LAW, Calendar, SpecialDay
from casework.clock.domain.ledger import Ledger
from casework.clock.domain.reading import Ends, Run, Span, due_days, earlier, judge, plain_end, run_of
from common.clock import beijing_day
from common.contracts.casework.cases import ClockName, Limit, LimitUnit, PauseReason

START_NOT_COUNTED = "民法典第201条"
ROLLS_OVER = "民法典第203条"
WORKING_DAYS_ONLY = "行政许可法第82条"
DEEMED = "行政许可法第32条"

WEEKDAYS = "一二三四五六日"
UNIT_LABELS: Mapping[LimitUnit, str] = {"working_days": "个工作日", "calendar_days": "日（自然日）"}
CLOCK_LABELS: Mapping[ClockName, str] = {"acceptance": "受理时限", "handling": "办理时限"}
START_LABELS: Mapping[ClockName, str] = {"acceptance": "收到之日", "handling": "受理之日"}
PAUSE_LABELS: Mapping[PauseReason, str] = {
    "supplement": "补正材料",
    "public_notice": "公示",
    "hearing": "听证",
    "inspection": "检验检测",
    "appraisal": "鉴定",
    "expert_review": "专家评审",
    "other": "其他特别程序",
}
_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of a due date.

    Attributes:
        day: that it is about, the first one of several.
        text: one Chinese sentence.
        clause: what it rests on; None for plain arithmetic.
    """

    day: date
    text: str
    clause: str | None = None


def explain(ledger: Ledger, calendar: Calendar, *, clock: ClockName) -> list[Line]:
    """Every day that made the due date what it is, in order; the due date comes last.

    While the clock stands still, days until the pause; after it has stopped, the date that held then.

    Source: O4.3c; standards.md §6.
    """
    run = run_of(ledger, clock)
    if run is None:
        return []
    ends = due_days(run, calendar)
    last = earlier(ends.promised, ends.statutory)
    until = last or (run.spans[-1][0] if run.is_paused else run.from_on)
    facts = [*_entries(run, calendar), *_days(run, calendar, until)]
    facts.sort(key=lambda line: line.day)
    return [*_start(run, clock), *facts, *_ends(run, calendar, ends), *_verdict(ledger, run, calendar, clock)]


def spell(day: date) -> str:
    """2026年9月20日（星期日）. Source: O4.3c."""
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def spell_limit(limit: Limit) -> str:
    """20个工作日. Source: O4.3c."""
    return f"{limit.value}{UNIT_LABELS[limit.unit]}"


def explain_days(calendar: Calendar, after: date, until: date, *, unit: LimitUnit) -> list[Line]:
    """What notices and weekends did to the days in (after, until]. Source: O4.3c; standards.md §6, §10."""
    if unit == "calendar_days" or until <= after:
        return []
    lines = [_special_line(calendar, run) for run in _special_runs(calendar, after, until)]
    weekends = sum(
        1
        for day in _days_of(after + _DAY, until)
        if day.weekday() >= _SATURDAY and calendar.special(day) is None and not calendar.is_working(day)
    )
    if weekends:
        text = f"{_short(after + _DAY)}至{_short(until)}期间另有双休日{weekends}天，不计入。"
        lines.append(Line(after + _DAY, text, WORKING_DAYS_ONLY))
    return sorted(lines, key=lambda line: line.day)


def rolled_line(calendar: Calendar, plain: date, due: date) -> list[Line]:
    """That a last day on a rest day moved on. Source: standards.md §6 (民法典 §203)."""
    if calendar.is_working(plain) or plain == due:
        return []
    return [Line(plain, f"期限届满日{spell(plain)}是休息日，顺延至{spell(due)}。", ROLLS_OVER)]


def provisional_line(calendar: Calendar, after: date, until: date) -> list[Line]:
    """That a year's notice is not there yet. Source: standards.md §10."""
    years = [year for year in range(after.year, until.year + 1) if calendar.is_provisional(date(year, 1, 1))]
    return [
        Line(
            max(after, date(year, 1, 1)),
            f"{year}年的放假调休安排尚未载入，暂按周一至周五并扣除法定节假日推算，载入后重新计算。",
            LAW,
        )
        for year in years
    ]


def _start(run: Run, clock: ClockName) -> Iterator[Line]:
    text = f"{CLOCK_LABELS[clock]}：{START_LABELS[clock]}{spell(run.from_on)}不计入，从次日起算。"
    yield Line(run.from_on, text, run.start.clause or START_NOT_COUNTED)
    for name, limit in (("承诺", run.start.promised), ("法定", run.start.statutory)):
        if limit is not None:
            yield Line(run.from_on, f"{name}期限{spell_limit(limit)}。", limit.clause)


def _entries(run: Run, calendar: Calendar) -> Iterator[Line]:
    for reason, begun, ended in run.pauses:
        first = beijing_day(begun.at)
        last = None if ended is None else beijing_day(ended.at)
        if (run.stopped_on is not None and first >= run.stopped_on) or (last is not None and last <= run.from_on):
            continue
        label = "特别程序" if reason is None else PAUSE_LABELS[reason]
        yield Line(first, _pause_text(calendar, label, max(first, run.from_on), last), begun.clause)
    if run.extension is not None and run.extension.extension is not None:
        day, extension = beijing_day(run.extension.at), run.extension.extension
        yield Line(day, f"{spell(day)}批准延长{spell_limit(extension)}。", run.extension.clause or extension.clause)


def _pause_text(calendar: Calendar, label: str, first: date, last: date | None) -> str:
    if last is None:
        return f"因{label}自{spell(first)}起暂停计时，恢复之前没有到期日。"
    days = calendar.working_days_between(first, last)
    return (
        f"因{label}暂停：{spell(first)}之后至{spell(last)}的{(last - first).days}天（其中工作日{days}天）不计入；"
        "与其他暂停重叠的日子只扣除一次。"
    )


def _days(run: Run, calendar: Calendar, until: date) -> Iterator[Line]:
    """Notices and weekends between the pauses; only where working days are counted."""
    limits = (run.start.promised, run.start.statutory, run.extension.extension if run.extension else None)
    if not any(limit is not None and limit.unit == "working_days" for limit in limits):
        return
    for after, to in _running(run.from_on, until, run.spans):
        yield from explain_days(calendar, after, to, unit="working_days")


def _running(after: date, until: date, spans: tuple[Span, ...]) -> Iterator[tuple[date, date]]:
    for first, last in spans:
        if first > after:
            yield after, min(first, until)
        after = max(after, last or date.max)
    if after < until:
        yield after, until


def _ends(run: Run, calendar: Calendar, ends: Ends) -> Iterator[Line]:
    named = (("承诺", run.start.promised, ends.promised), ("法定", run.start.statutory, ends.statutory))
    for name, limit, due in named:
        if limit is None or due is None:
            continue
        plain = plain_end(run, limit, calendar, run.spans)
        if plain is not None:
            yield from rolled_line(calendar, plain, due)
        yield Line(due, f"{name}期限到期日：{spell(due)}。", limit.clause)
    if ends.promised is not None and ends.statutory is not None and ends.promised > ends.statutory:
        yield Line(ends.statutory, "承诺期限到期日晚于法定期限到期日，以法定为准。")


def _verdict(ledger: Ledger, run: Run, calendar: Calendar, clock: ClockName) -> Iterator[Line]:
    reading = judge(ledger, calendar, clock=clock, on=run.stopped_on or run.from_on)
    last = reading.last_due_on
    if last is not None:
        yield from provisional_line(calendar, run.from_on, last)
    if run.stopped_on is not None:
        late = f"，超过到期日{reading.overdue}个工作日" if reading.overdue else ""
        yield Line(run.stopped_on, f"{spell(run.stopped_on)}停止计时，共计{reading.elapsed}个工作日{late}。")
    elif last is not None:
        yield Line(last, f"到期日：{spell(last)}。")


def _special_runs(calendar: Calendar, after: date, until: date) -> Iterator[list[SpecialDay]]:
    """Days that notices name, holidays of one name joined."""
    run: list[SpecialDay] = []
    for day in _days_of(after + _DAY, until):
        special = calendar.special(day)
        if run and not (special is not None and _joins(run[-1], special)):
            yield run
            run = []
        if special is not None:
            run.append(special)
    if run:
        yield run


def _joins(last: SpecialDay, special: SpecialDay) -> bool:
    return (last.day + _DAY, last.kind, last.name) == (special.day, special.kind, special.name) and not last.is_working


def _special_line(calendar: Calendar, run: list[SpecialDay]) -> Line:
    first, last = run[0], run[-1]
    document = calendar.plan_of(first.day.year).document
    if first.kind == "make_up":
        return Line(first.day, f"{spell(first.day)}调休上班（{first.name}），计入。", document)
    days = spell(first.day) if first is last else f"{first.day.year}年{_short(first.day)}至{_short(last.day)}"
    rest = "补假" if first.kind == "in_lieu" else "放假"
    return Line(first.day, f"{days}{first.name}{rest}，不计入。", document)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _days_of(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
