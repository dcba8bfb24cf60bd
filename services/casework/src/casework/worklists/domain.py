"""Red, yellow, green: what the rules of e-supervision make of a last day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from casework.accountability.domain import Rule, warnings_of_due
from casework.clock.domain import Calendar

WorkColour = Literal["red", "yellow", "reminder", "green"]
COLOURS: tuple[WorkColour, ...] = ("red", "yellow", "reminder", "green")
COLOUR_LABELS: Mapping[WorkColour, str] = {"red": "红", "yellow": "黄", "reminder": "提醒", "green": "绿"}
_SEVERITY = {colour: number for number, colour in enumerate(COLOURS)}
_SPAN_DAYS = 120


@dataclass(frozen=True, slots=True)
class Colouring:
    """The colours of a day: cases whose last day is on or before `until[colour]` are at least so urgent.

    Attributes:
        until: None for a colour that no rule gives.
    """

    on: date
    until: Mapping[WorkColour, date | None]

    def of(self, due_on: date | None) -> WorkColour:
        """The colour of a last day; what stands still is green. Source: O4.3c."""
        for colour in COLOURS[:-1]:
            last = self.until[colour]
            if due_on is not None and last is not None and due_on <= last:
                return colour
        return "green"

    def span(self, colour: WorkColour) -> tuple[date | None, date | None]:
        """First and last due day of a colour; None leaves that side open. Source: O4.3c."""
        harder = [self.until[one] for one in COLOURS[: _SEVERITY[colour]]]
        reached = max((day for day in harder if day is not None), default=None)
        first = None if reached is None else reached + timedelta(days=1)
        return first, None if colour == "green" else self.until[colour]

    @property
    def days(self) -> tuple[date, ...]:
        """The last due day of red, of yellow, of reminders; where no rule gives one, that of the harder colour."""
        found: list[date] = []
        for colour in COLOURS[:-1]:
            before = found[-1] if found else date.min
            found.append(max(self.until[colour] or before, before))
        return tuple(found)


def colouring(rules: Iterable[Rule], calendar: Calendar, *, on: date) -> Colouring:
    """What the rules in force make of every last day, seen from a day.

    A rule warns earlier or later, never again less: so the latest last day that a colour is given to tells all.

    Source: O4.3c; standards.md §6.
    """
    return _colouring(tuple(rules), calendar, on)


@lru_cache(maxsize=2)
def _colouring(held: tuple[Rule, ...], calendar: Calendar, on: date) -> Colouring:
    until: dict[WorkColour, date | None] = dict.fromkeys(COLOURS[:-1])
    for offset in range(-_SPAN_DAYS, _SPAN_DAYS + 1):
        day = on + timedelta(days=offset)
        given = [warned.rule.colour for warned in warnings_of_due(day, calendar, held, on)]
        if given:
            hardest = min(given, key=lambda colour: _SEVERITY[colour])
            until[hardest] = day
    return Colouring(on, until)
