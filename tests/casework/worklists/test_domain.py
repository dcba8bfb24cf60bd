"""Colours of last days. Source: O4.3c; standards.md §6."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.accountability.domain import Rule
from casework.clock.domain import Calendar
from casework.worklists.domain import COLOURS, colouring

CALENDAR = Calendar(1, ())
ON = date(2026, 3, 4)
RULES = (
    Rule("R1", "reminder", "提醒", 3, "reminder", "O4.3c"),
    Rule("R2", "due_today", "当日到期", 0, "yellow", "O4.3c"),
    Rule("R3", "overdue", "超期", 1, "red", "O4.3c"),
)


def test_the_nearer_the_last_day_the_harder_the_colour() -> None:
    """Source: O4.3c."""
    colours = colouring(RULES, CALENDAR, on=ON)
    days = [ON + timedelta(days=offset) for offset in range(-30, 31)]
    severities = [COLOURS.index(colours.of(day)) for day in days]
    assert severities == sorted(severities)
    assert colours.of(date(2026, 3, 3)) == "red"
    assert colours.of(ON) == "yellow"
    assert colours.of(date(2026, 3, 9)) == "reminder"
    assert colours.of(date(2026, 3, 10)) == "green"
    assert colours.of(None) == "green"


def test_without_rules_everything_is_green() -> None:
    """Source: O4.3c."""
    colours = colouring((), CALENDAR, on=ON)
    assert {colours.of(ON - timedelta(days=9)), colours.of(ON)} == {"green"}
    assert colours.span("green") == (None, None)


@given(offset=st.integers(-100, 100))
def test_each_last_day_lies_in_the_span_of_its_colour_and_in_no_other(offset: int) -> None:
    """Source: O4.3c."""
    colours, day = colouring(RULES, CALENDAR, on=ON), ON + timedelta(days=offset)
    holding = []
    for colour in COLOURS:
        first, last = colours.span(colour)
        if (first is None or first <= day) and (last is None or day <= last):
            holding.append(colour)
    assert holding == [colours.of(day)]
