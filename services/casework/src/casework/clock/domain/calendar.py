"""Which days are working days: Monday to Friday, without the holidays and with the make-up days of the notices."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Literal
from uuid import UUID

from casework.clock.errors import DayOutsideCalendar

Fixed = tuple[int, int, str]
DayKind = Literal["holiday", "in_lieu", "make_up"]
FIRST = date(1990, 1, 1)
LAST = date(2100, 12, 31)
"""The span that is counted; a limit that leaves it is a typing error."""

LAW = "全国年节及纪念日放假办法"
"""What years without a notice rest on."""

_WEEK = 7
_WORKING_WEEK = 5
_FROM = FIRST.toordinal()
_UNTIL = LAST.toordinal()


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice names.

    Attributes:
        kind: `holiday` is rest, a weekend day within a holiday as well; `in_lieu` is the rest that the law gives for a
            holiday on a weekend; `make_up` is a weekend day that is worked.
        name: of the holiday, 国庆节.
    """

    day: date
    kind: DayKind
    name: str

    @property
    def is_working(self) -> bool:
        """A make-up day."""
        return self.kind == "make_up"


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What is known of one year.

    Attributes:
        is_official: its notice is there; otherwise the statutory holidays only.
        document: what it rests on, in Chinese.
        days: that its notice names; a few of them may lie in an adjoining year.
    """

    year: int
    is_official: bool
    document: str
    days: tuple[SpecialDay, ...] = ()


class Calendar:
    """Working days at one version of what is known; it never changes.

    Adding and counting take the same time for every span: working days are counted once, when it is made.
    Years without a plan follow Monday to Friday without the holidays of fixed day, and are provisional.

    Source: O4.3c; standards.md §10.

    Attributes:
        version: of the calendar.
        plans: the years that are known, in order.
        fixed: statutory holidays of the same day every year: month, day, name.
    """

    __slots__ = ("_before", "_official", "_special", "_working", "fixed", "plans", "version")

    def __init__(self, version: UUID, plans: Iterable[YearPlan], *, fixed: tuple[Fixed, ...] = ()) -> None:
        self.version = version
        self.fixed = fixed
        self.plans: tuple[YearPlan, ...] = tuple(sorted(plans, key=lambda plan: plan.year))
        self._official = frozenset(plan.year for plan in self.plans if plan.is_official)
        self._special: Mapping[date, SpecialDay] = _special_days(self.plans, fixed)
        week = bytes(int((ordinal - 1) % _WEEK < _WORKING_WEEK) for ordinal in range(_FROM, _FROM + _WEEK))
        flags = bytearray(week * ((_UNTIL - _FROM) // _WEEK + 1))[: _UNTIL - _FROM + 1]
        for day, special in self._special.items():
            if FIRST <= day <= LAST:
                flags[day.toordinal() - _FROM] = special.is_working
        self._before = array("i", accumulate(flags, initial=0))
        self._working = array("i", (index for index, flag in enumerate(flags) if flag))

    def is_working(self, day: date) -> bool:
        """Whether offices work on the day."""
        index = _index(day)
        return self._before[index + 1] != self._before[index]

    def is_provisional(self, day: date) -> bool:
        """Whether the notice of the day's year is not there yet."""
        return day.year not in self._official

    def special(self, day: date) -> SpecialDay | None:
        """What a notice, or the law, says of the day."""
        return self._special.get(day)

    def plan_of(self, year: int) -> YearPlan:
        """What is known of a year; of one that nobody has planned, the fixed statutory holidays."""
        return next((plan for plan in self.plans if plan.year == year), None) or _unplanned(year, self.fixed)

    def specials_of(self, year: int) -> list[SpecialDay]:
        """Every day of a year that a notice or the law names, in order, also those that another year's notice names."""
        return sorted((one for one in self._special.values() if one.day.year == year), key=lambda one: one.day)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day, which itself is not counted; 0 is the day; below 0 goes back.

        Raises:
            DayOutsideCalendar: it is not between 1990 and 2100.
        """
        if count == 0:
            return day
        index = _index(day)
        place = self._before[index + 1] + count - 1 if count > 0 else self._before[index] + count
        if not 0 <= place < len(self._working):
            raise DayOutsideCalendar
        return date.fromordinal(self._working[place] + _FROM)

    def add_days(self, day: date, count: int) -> date:
        """The count-th calendar day after the day; below 0 goes back.

        Raises:
            DayOutsideCalendar: it is not between 1990 and 2100.
        """
        ordinal = day.toordinal() + count
        if not _FROM <= ordinal <= _UNTIL:
            raise DayOutsideCalendar
        return date.fromordinal(ordinal)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie in (after, until]; below 0 when `until` is the earlier one."""
        return self._before[_index(until) + 1] - self._before[_index(after) + 1]

    def roll_forward(self, day: date) -> date:
        """The day itself if it is worked, otherwise the first working day after it. Source: standards.md §6."""
        return day if self.is_working(day) else self.add_working_days(day, 1)


def _index(day: date) -> int:
    ordinal = day.toordinal()
    if not _FROM <= ordinal <= _UNTIL:
        raise DayOutsideCalendar
    return ordinal - _FROM


def _special_days(plans: tuple[YearPlan, ...], fixed: tuple[Fixed, ...]) -> dict[date, SpecialDay]:
    """Fixed holidays of years without a plan; then every plan, the later year last: it was published last."""
    planned = {plan.year for plan in plans}
    unplanned = (_unplanned(year, fixed) for year in range(FIRST.year, LAST.year + 1) if year not in planned)
    return {special.day: special for plan in (*unplanned, *plans) for special in plan.days}


def _unplanned(year: int, fixed: tuple[Fixed, ...]) -> YearPlan:
    days = tuple(SpecialDay(date(year, month, day), "holiday", name) for month, day, name in fixed)
    return YearPlan(year, is_official=False, document=LAW, days=days)
