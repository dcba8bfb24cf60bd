"""What calendars look like over HTTP."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from casework.calendar.domain import KIND_LABELS, STATUS_LABELS, Reckoned, YearOverview
from casework.clock.domain import UNIT_LABELS, Calendar, DayKind, SpecialDay
from common.contracts.casework.cases import Limit, LimitUnit
from common.http import AnswerModel

_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class SpecialDayAnswer(AnswerModel):
    """不同于平常星期的一日。"""

    day: date
    weekday_label: str
    kind: DayKind
    kind_label: str
    name: str = Field(description="所属节日")
    is_working: bool

    @classmethod
    def of(cls, special: SpecialDay) -> "SpecialDayAnswer":
        """From the domain."""
        return cls(
            day=special.day,
            weekday_label=_WEEKDAYS[special.day.weekday()],
            kind=special.kind,
            kind_label=KIND_LABELS[special.kind],
            name=special.name,
            is_working=special.is_working,
        )


class CalendarYearAnswer(AnswerModel):
    """一年的工作日安排。"""

    year: int
    status: Literal["official", "provisional"]
    status_label: str
    document: str = Field(description="依据")
    working_days: int = Field(description="全年工作日数")
    days: list[SpecialDayAnswer] = Field(description="放假、补假、调休上班的每一日；其余各日按星期。")
    calendar_version: UUID

    @classmethod
    def of(cls, calendar: Calendar, year: YearOverview) -> "CalendarYearAnswer":
        """From the domain."""
        return cls(
            year=year.plan.year,
            status=year.status,
            status_label=STATUS_LABELS[year.status],
            document=year.plan.document,
            working_days=year.working_days,
            days=[SpecialDayAnswer.of(special) for special in year.days],
            calendar_version=calendar.version,
        )


class ReasonLine(AnswerModel):
    """到期日的一条理由。"""

    day: date
    text: str
    clause: str | None = Field(description="依据的条款；单纯计算为 null")


class DueDateAnswer(AnswerModel):
    """期限的到期日及其理由。"""

    from_on: date
    value: int
    unit: LimitUnit
    unit_label: str
    due_on: date
    is_provisional: bool = Field(description="所依据的年份尚无国务院办公厅通知，载入后可能变动")
    lines: list[ReasonLine]
    calendar_version: UUID

    @classmethod
    def of(cls, calendar: Calendar, reckoned: Reckoned, *, from_on: date, limit: Limit) -> "DueDateAnswer":
        """From the domain."""
        return cls(
            from_on=from_on,
            value=limit.value,
            unit=limit.unit,
            unit_label=UNIT_LABELS[limit.unit],
            due_on=reckoned.due_on,
            is_provisional=reckoned.is_provisional,
            lines=[ReasonLine(day=line.day, text=line.text, clause=line.clause) for line in reckoned.lines],
            calendar_version=calendar.version,
        )
