"""Pure rules of calendars: what a year looks like, and a due date with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from casework.clock.domain import (
    Calendar,
    DayKind,
    Line,
    SpecialDay,
    YearPlan,
    explain_days,
    judge,
    provisional_line,
    rolled_line,
    spell,
    spell_limit,
    started,
)
from common.clock import BEIJING
from common.contracts.casework.cases import Limit

YearStatus = Literal["official", "provisional"]
STATUS_LABELS: Mapping[YearStatus, str] = {
    "official": "已按国务院办公厅通知确定",
    "provisional": "暂定：通知尚未载入，仅扣除法定节假日",
}
KIND_LABELS: Mapping[DayKind, str] = {"holiday": "放假", "in_lieu": "补假", "make_up": "调休上班"}
START_NOT_COUNTED = "民法典第201条"


@dataclass(frozen=True, slots=True)
class YearOverview:
    """One year of a calendar.

    Attributes:
        days: every day that is not just what its weekday says.
        working_days: how many days of it are worked.
    """

    plan: YearPlan
    days: list[SpecialDay]
    working_days: int

    @property
    def status(self) -> YearStatus:
        """Whether the year's notice is there."""
        return "official" if self.plan.is_official else "provisional"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A due date with its reasons."""

    due_on: date
    is_provisional: bool
    lines: list[Line]


def overview(calendar: Calendar, year: int) -> YearOverview:
    """What is known of a year.

    Source: O4.3c; standards.md §10.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    worked = calendar.working_days_between(first, last) + calendar.is_working(first)
    return YearOverview(calendar.plan_of(year), calendar.specials_of(year), worked)


def reckon(calendar: Calendar, *, from_on: date, limit: Limit) -> Reckoned:
    """When a limit that starts on a day ends, and why.

    Source: O4.3c; standards.md §6 (民法典 §201, §203).

    Raises:
        DayOutsideCalendar: a day is not between 1990 and 2100.
    """
    at = datetime.combine(from_on, time(), tzinfo=BEIJING)
    ledger = started((), clock="handling", at=at, from_on=from_on, statutory=limit)
    reading = judge(ledger, calendar, clock="handling", on=from_on)
    due = reading.due_on
    assert due is not None, "a running clock with a limit has a last day"  # noqa: S101
    is_worked = limit.unit == "working_days"
    plain = calendar.add_working_days(from_on, limit.value) if is_worked else calendar.add_days(from_on, limit.value)
    lines = [
        Line(from_on, f"起算日{spell(from_on)}不计入，从次日起算{spell_limit(limit)}。", START_NOT_COUNTED),
        *explain_days(calendar, from_on, due, unit=limit.unit),
        *rolled_line(calendar, plain, due),
        *provisional_line(calendar, from_on, due),
        Line(due, f"到期日：{spell(due)}。"),
    ]
    return Reckoned(due, reading.is_provisional, lines)
