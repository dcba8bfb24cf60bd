"""Why this date, in Chinese."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from casework.clock.domain import (
    Calendar,
    Line,
    explain,
    extended,
    judge,
    paused,
    resumed,
    spell,
    started,
    stopped,
)
from common.contracts.casework.cases import Limit


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def text(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines)


def national_day():
    """A pause over National Day: 18 September 2026, promised 10, by law 20 working days."""
    ledger = started(
        (), clock="handling", at=at(date(2026, 9, 18)), from_on=date(2026, 9, 18),
        promised=Limit(value=10, unit="working_days", clause="省级统一承诺"),
        statutory=Limit(value=20, unit="working_days", clause="行政许可法第42条"),
    )  # fmt: skip
    ledger = paused(ledger, at=at(date(2026, 9, 22)), reason="supplement", clause="行政许可法第32条")
    return resumed(ledger, at=at(date(2026, 9, 24)), reason="supplement")


def test_each_day_that_moved_the_date_is_told_with_its_clause(calendar):
    """Issue 4, legal clock: "why this date" is an answer with each day and clause."""
    lines = explain(national_day(), calendar, clock="handling")
    told = text(lines)
    for expected in (
        "受理之日2026年9月18日（星期五）不计入",
        "2026年9月20日（星期日）调休上班（国庆节），计入",
        "因补正材料暂停：2026年9月22日（星期二）之后至2026年9月24日（星期四）的2天（其中工作日2天）不计入",
        "2026年9月25日至9月27日中秋节放假，不计入",
        "2026年10月1日至10月7日国庆节放假，不计入",
        "承诺期限10个工作日",
        "到期日：2026年10月12日（星期一）",
    ):
        assert expected in told, told
    clauses = {line.clause for line in lines}
    assert {"民法典第201条", "行政许可法第32条", "行政许可法第42条", "行政许可法第82条"} <= clauses
    assert "国务院办公厅关于2026年部分节假日安排的通知" in clauses


def test_the_last_line_is_the_date_that_the_clock_shows(calendar):
    ledger = national_day()
    due = judge(ledger, calendar, clock="handling", on=date(2026, 9, 24)).due_on
    assert explain(ledger, calendar, clock="handling")[-1] == Line(due, f"到期日：{spell(due)}。")


def test_facts_stand_in_the_order_of_their_days(calendar):
    lines = explain(national_day(), calendar, clock="handling")
    facts = [line.day for line in lines[3:] if "到期日" not in line.text]
    assert facts == sorted(facts)


def test_a_calendar_day_limit_tells_that_it_rolled_over_rest_days(calendar):
    """standards.md §6 (民法典 §203)."""
    ledger = started((), clock="handling", at=at(date(2026, 9, 17)), from_on=date(2026, 9, 17),
                     statutory=Limit(value=15, unit="calendar_days"))  # fmt: skip
    lines = explain(ledger, calendar, clock="handling")
    rolled = Line(
        date(2026, 10, 2),
        "期限届满日2026年10月2日（星期五）是休息日，顺延至2026年10月8日（星期四）。",
        "民法典第203条",
    )
    assert rolled in lines
    assert "放假" not in text(lines)


def test_a_date_of_2027_tells_that_it_may_move(calendar):
    """standards.md §10."""
    ledger = started((), clock="acceptance", at=at(date(2026, 12, 28)), from_on=date(2026, 12, 28),
                     statutory=Limit(value=5, unit="working_days"))  # fmt: skip
    told = text(explain(ledger, calendar, clock="acceptance"))
    assert "2027年的放假调休安排尚未载入" in told
    assert "2027年1月1日（星期五）元旦放假，不计入" in told
    assert "收到之日2026年12月28日（星期一）不计入" in told


def test_an_open_pause_says_that_there_is_no_date(calendar):
    ledger = paused(national_day(), at=at(date(2026, 9, 28)), reason="appraisal")
    told = text(explain(ledger, calendar, clock="handling"))
    assert "因鉴定自2026年9月28日（星期一）起暂停计时，恢复之前没有到期日" in told
    assert "到期日：" not in told


def test_an_extension_and_an_end_are_told(calendar):
    ledger = extended(national_day(), clock="handling", at=at(date(2026, 9, 29)),
                      extension=Limit(value=5, unit="working_days"), clause="行政许可法第42条")  # fmt: skip
    ledger = stopped(ledger, clock="handling", at=at(date(2026, 10, 23)))
    lines = explain(ledger, calendar, clock="handling")
    assert Line(date(2026, 9, 29), "2026年9月29日（星期二）批准延长5个工作日。", "行政许可法第42条") in lines
    assert lines[-1].text == "2026年10月23日（星期五）停止计时，共计19个工作日，超过到期日4个工作日。"


def test_an_earlier_law_is_told_as_the_reason_of_the_date(calendar):
    ledger = started((), clock="handling", at=at(date(2026, 3, 2)), from_on=date(2026, 3, 2),
                     promised=Limit(value=20, unit="working_days"),
                     statutory=Limit(value=15, unit="calendar_days"))  # fmt: skip
    lines = explain(ledger, calendar, clock="handling")
    assert "承诺期限到期日晚于法定期限到期日，以法定为准。" in text(lines)
    assert lines[-1].day == date(2026, 3, 17)


def test_nothing_is_told_of_a_clock_that_has_not_begun(calendar):
    assert explain((), calendar, clock="handling") == []


@given(st.integers(0, 2500), st.integers(1, 60))
def test_the_days_that_are_told_account_for_every_day_between_start_and_end(calendar: Calendar, offset, value):
    """Worked + holidays + weekends = the calendar days; a reader can add them up."""
    start = date.fromordinal(date(2020, 1, 1).toordinal() + offset)
    ledger = started((), clock="handling", at=at(start), from_on=start,
                     statutory=Limit(value=value, unit="working_days"))  # fmt: skip
    due = judge(ledger, calendar, clock="handling", on=start).due_on
    days = [date.fromordinal(number) for number in range(start.toordinal() + 1, due.toordinal() + 1)]
    named = [day for day in days if calendar.special(day) is not None and not calendar.is_working(day)]
    told = explain(ledger, calendar, clock="handling")
    weekends = sum(int(line.text.split("双休日")[1].split("天")[0]) for line in told if "双休日" in line.text)
    assert len(days) == value + len(named) + weekends
    assert sum("调休上班" in line.text for line in told) == sum(
        (special := calendar.special(day)) is not None and special.is_working for day in days
    )
