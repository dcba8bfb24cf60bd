"""Pure rules of notices of holidays: what cannot be one, and the plan of a year that it makes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework.clock.domain import SpecialDay, YearPlan
from casework.notices.errors import (
    DayOutsideYear,
    DaysOverlap,
    IssuedInFuture,
    MakeUpOnWeekday,
    RestDaysWrong,
    SpanReversed,
    StatutoryHolidayMissing,
)
from common.contracts.casework.calendars import HolidaySpan, MakeUpDay, NoticeStatus

STATUS_LABELS: Mapping[NoticeStatus, str] = {"recalculating": "正在重新计算到期日", "done": "已完成"}

DAYS_BEFORE_YEAR = 7
"""How far into the old year a notice may reach for New Year's Day; none has named a day before 29 December yet."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it was told.

    Attributes:
        note: why its rest days are not the law's number.
    """

    year: int
    document: str
    title: str
    issued_on: date
    holidays: tuple[HolidaySpan, ...]
    make_up_days: tuple[MakeUpDay, ...]
    note: str | None = None

    def rests(self) -> Iterator[tuple[date, str]]:
        """Every day of rest, with its holiday."""
        for span in self.holidays:
            for offset in range((span.to_on - span.from_on).days + 1):
                yield span.from_on + timedelta(days=offset), span.name


def check_notice(notice: Notice, *, statutory: Mapping[date, str], statutory_days: int, today: date) -> None:
    """Finds typing errors before they move due dates all over the province.

    Source: O4.3c; standards.md §10 (全国年节及纪念日放假办法).

    Args:
        statutory: holidays of the year by law.
        statutory_days: how many days of holiday the law gives to everybody.

    Raises:
        IssuedInFuture, SpanReversed, DayOutsideYear, DaysOverlap, MakeUpOnWeekday: a day cannot be.
        StatutoryHolidayMissing: a holiday of the law is none.
        RestDaysWrong: the working days that became rest, less the weekend days that are worked, are not the law's.
    """
    if notice.issued_on > today:
        raise IssuedInFuture(issued_on=notice.issued_on.isoformat())
    reversed_spans = [span.name for span in notice.holidays if span.to_on < span.from_on]
    if reversed_spans:
        raise SpanReversed(names=[*reversed_spans])
    _check_days(notice)
    rest = {day for day, _ in notice.rests()}
    missing = sorted(day for day in statutory if day not in rest)
    if missing:
        raise StatutoryHolidayMissing(days=[f"{day.isoformat()} {statutory[day]}" for day in missing])
    given = rest_days_given(notice)
    if given != statutory_days and (given < statutory_days or not notice.note):
        raise RestDaysWrong(given=given, statutory=statutory_days)


def rest_days_given(notice: Notice) -> int:
    """Working days that became rest, less the weekend days that are worked.

    Source: O4.3c; standards.md §10.
    """
    return sum(day.weekday() < _SATURDAY for day, _ in notice.rests()) - len(notice.make_up_days)


def plan_of(notice: Notice) -> YearPlan:
    """The year as the notice has it, official.

    Source: O4.3c.
    """
    rests = (SpecialDay(day, "holiday", name) for day, name in notice.rests())
    worked = (SpecialDay(one.day, "make_up", one.name) for one in notice.make_up_days)
    days = tuple(sorted((*rests, *worked), key=lambda special: special.day))
    return YearPlan(notice.year, is_official=True, document=f"{notice.title}（{notice.document}）", days=days)


def _check_days(notice: Notice) -> None:
    named = [day for day, _ in notice.rests()] + [one.day for one in notice.make_up_days]
    first = date(notice.year, 1, 1) - timedelta(days=DAYS_BEFORE_YEAR)
    outside = sorted({day for day in named if not first <= day <= date(notice.year, 12, 31)})
    if outside:
        raise DayOutsideYear(days=[day.isoformat() for day in outside])
    twice = sorted({day for day in named if named.count(day) > 1})
    if twice:
        raise DaysOverlap(days=[day.isoformat() for day in twice])
    weekdays = [one.day for one in notice.make_up_days if one.day.weekday() < _SATURDAY]
    if weekdays:
        raise MakeUpOnWeekday(days=[day.isoformat() for day in sorted(weekdays)])
