"""Rules of reports: templates, cycles, who reports to whom, composing, entries, tolerance. Source: S4, S6, O6.3a."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.contracts.reporting.reports import ComputedValue, LevelDue, LineValue, TemplateLine
from common.divisions import LEVELS, Level
from reporting.reports.domain.composing import Below, Part, compose, quotient, total_lines, with_computed
from reporting.reports.domain.entries import Entry, enter, is_beyond, require_complete, warnings_of
from reporting.reports.domain.progress import Progress, reminders_due
from reporting.reports.domain.templates import cycle_containing, cycles_due, places_of, require_days, require_template
from reporting.reports.errors import EntryRefused, NobodyReports, PeriodDatesInvalid, ReportIncomplete, TemplateInvalid

OFFICES = TemplateLine(code="offices", title="服务所", unit="个", kind="int", rule="sum")
STAFF = TemplateLine(code="staff", title="人员", unit="人", kind="int", rule="sum")
RATIO = TemplateLine(
    code="ratio", title="所均人员", unit="人/个", kind="decimal", rule="ratio", decimals=2,
    numerator="staff", denominator="offices",
)  # fmt: skip
PLAN = TemplateLine(code="plan", title="列入规划", unit="是否", kind="yes_no", rule="count")
WORDS = TemplateLine(code="words", title="说明", unit="文字", kind="text", rule="none", is_required=False)
TEMPLATE = (OFFICES, STAFF, RATIO, PLAN, WORDS)
EMPTY = tuple(LineValue(code=line.code) for line in TEMPLATE)


def template_line(**changes: Any) -> TemplateLine:
    return TemplateLine(**{"code": "x", "title": "项目", "unit": "个", "kind": "int", "rule": "sum", **changes})


def of(lines: Any, code: str) -> LineValue:
    return next(line for line in lines if line.code == code)


def declared(*values: tuple[str, int | bool]) -> tuple[LineValue, ...]:
    entries = [
        Entry(code, flag=value) if isinstance(value, bool) else Entry(code, own=Decimal(value))
        for code, value in values
    ]
    return enter(TEMPLATE, EMPTY, entries)


WRONG_LINES: list[tuple[tuple[TemplateLine, ...], list[tuple[str, str]]]] = [
    ((), [("", "no-lines")]),
    ((template_line(code="Up"),), [("Up", "code-malformed")]),
    ((template_line(), template_line()), [("x", "line-twice")]),
    ((template_line(kind="text"),), [("x", "rule-does-not-fit-kind")]),
    ((template_line(rule="count"),), [("x", "rule-does-not-fit-kind")]),
    ((template_line(decimals=2),), [("x", "decimals-without-decimal")]),
    ((template_line(tolerance=Decimal(-1)),), [("x", "tolerance-negative")]),
    ((template_line(kind="text", rule="none", indicator="known"),), [("x", "indicator-of-text")]),
    ((template_line(indicator="unknown"),), [("x", "indicator-unknown")]),
    ((template_line(numerator="x"),), [("x", "ratio-parts")]),
    ((template_line(kind="decimal", rule="ratio"),), [("x", "ratio-parts")]),
    ((RATIO, STAFF), [("ratio", "ratio-parts")]),
    ((RATIO, STAFF, OFFICES.model_copy(update={"is_required": False})), [("ratio", "ratio-parts")]),
    ((template_line(code="Up", decimals=1),), [("Up", "code-malformed"), ("Up", "decimals-without-decimal")]),
]


@pytest.mark.parametrize(("lines", "faults"), WRONG_LINES)
def test_a_template_tells_every_fault_of_every_line(lines: Any, faults: Any) -> None:
    """S4: items × measure; what contradicts itself is told with its line."""
    with pytest.raises(TemplateInvalid) as found:
        require_template(lines, {"known"})
    assert [(one["line"], one["code"]) for one in found.value.facts["errors"]] == faults  # type: ignore[index,union-attr]


def test_a_whole_template_passes() -> None:
    require_template(TEMPLATE, ())


def test_who_reports_to_whom() -> None:
    """O4.2a, O6.3a: town → county → city → province; over a county that does not exist; the top to the opener."""
    due = [LevelDue(level=level, due_on=date(2026, 4, 5)) for level in LEVELS]
    codes = ["440305001000", "440305000000", "440300000000", "441900003000", "441900000000"]
    places = {place.division: place for place in places_of(codes, opener="440000000000", due=due)}
    assert {code: place.parent for code, place in places.items()} == {
        "440305001000": "440305000000",
        "440305000000": "440300000000",
        "440300000000": "440000000000",
        "441900003000": "441900000000",
        "441900000000": "440000000000",
    }
    assert [code for code, place in places.items() if place.is_top] == ["440300000000", "441900000000"]
    without = {
        place.division: place for place in places_of(["440305001000", "440300000000"], opener="44" + "0" * 10, due=due)
    }
    assert without["440305001000"].parent == "440300000000"
    with pytest.raises(NobodyReports):
        places_of([], opener="440000000000", due=due)


def test_the_one_on_top_of_the_openers_own_tree_is_its_own_parent() -> None:
    due = [LevelDue(level=Level.CITY, due_on=date(2026, 4, 5))]
    (place,) = places_of(["440300000000"], opener="440300000000", due=due)
    assert (place.parent, place.is_top) == ("440300000000", True)


DAYS = {Level.TOWN: date(2026, 4, 5), Level.COUNTY: date(2026, 4, 8)}


@pytest.mark.parametrize(
    "changes",
    [
        {"due": {Level.TOWN: DAYS[Level.TOWN]}},
        {"due": {**DAYS, Level.COUNTY: date(2026, 4, 4)}},
        {"due": {**DAYS, Level.TOWN: date(2026, 3, 30)}},
        {"first": date(2026, 4, 1)},
    ],
)
def test_days_follow_one_another(changes: dict[str, Any]) -> None:
    """O6.3a: every level has its day, none before the level below or before what is reported."""
    due = [LevelDue(level=level, due_on=day) for level, day in DAYS.items()]
    require_days(date(2026, 1, 1), date(2026, 3, 31), due, DAYS)
    due = [LevelDue(level=level, due_on=day) for level, day in changes.get("due", DAYS).items()]
    with pytest.raises(PeriodDatesInvalid):
        require_days(changes.get("first", date(2026, 1, 1)), date(2026, 3, 31), due, DAYS)


@given(cycle=st.sampled_from(["monthly", "quarterly", "half_yearly"]), on=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_cycles_cover_every_day_once(cycle: Any, on: date) -> None:
    """O6.3a: month, quarter and half-year follow one another without gap or overlap."""
    first, last = cycle_containing(cycle, on)
    assert first <= on <= last
    assert first.day == 1
    assert cycle_containing(cycle, last + timedelta(days=1))[0] == last + timedelta(days=1)
    assert (last + timedelta(days=1)).day == 1
    assert (first.month - 1) % {"monthly": 1, "quarterly": 3, "half_yearly": 6}[cycle] == 0


def test_a_cycle_is_reported_when_it_is_over() -> None:
    """O6.3a."""
    how: dict[str, Any] = {"starts_on": date(2026, 1, 15), "ends_on": date(2026, 12, 31)}
    assert cycles_due("quarterly", today=date(2026, 6, 30), **how) == []
    assert cycles_due("quarterly", today=date(2026, 7, 1), **how) == [(date(2026, 4, 1), date(2026, 6, 30))]
    assert len(cycles_due("quarterly", today=date(2028, 1, 1), **how)) == 3


reports = st.lists(
    st.tuples(
        st.none() | st.integers(0, 10**6), st.none() | st.integers(0, 10**6), st.integers(0, 50), st.integers(0, 99)
    ),
    max_size=12,
)


@given(below=reports, own=st.none() | st.integers(0, 10**6))
def test_a_report_comes_to_its_own_part_and_what_lies_below(below: Any, own: int | None) -> None:
    """O6.3a, S6: sums of what is known; nothing where nobody has given a value, which is not zero."""
    found = [
        Below(
            f"440305{number + 1:03d}000",
            1,
            4,
            {
                "offices": Part(None if offices is None else Decimal(offices), int(offices is not None)),
                "staff": Part(None if staff is None else Decimal(staff), int(staff is not None)),
                "plan": Part(Decimal(yes), yes + no),
            },
        )
        for number, (offices, staff, yes, no) in enumerate(below)
    ]
    lines = EMPTY if own is None else declared(("offices", own), ("plan", True))
    composed = compose(TEMPLATE, lines, found, ["440305999000"])
    known = [offices for offices, *_ in below if offices is not None]
    offices = of(composed.lines, "offices")
    assert offices.below == (sum(known) if known else None)
    assert offices.total == (None if not known and own is None else sum(known) + (own or 0))
    assert offices.answered == len(known) + (own is not None)
    plan = of(composed.lines, "plan")
    assert plan.answered == sum(yes + no for *_, yes, no in below) + (own is not None)
    assert (plan.total or 0) == sum(yes for *_, yes, _ in below) + (own is not None)
    assert [base.division for base in composed.bases] == [one.division for one in found]
    assert composed.missing == ("440305999000",)
    assert total_lines(TEMPLATE, composed.lines) == composed.lines
    assert compose(TEMPLATE, composed.lines, found, ["440305999000"]) == composed
    ratio, staff = of(composed.lines, "ratio").total, of(composed.lines, "staff").total
    assert ratio == (None if staff is None or not offices.total else quotient(staff, offices.total, 2))


def test_a_ratio_is_rounded_half_up_and_has_no_value_over_nothing() -> None:
    assert quotient(Decimal(1), Decimal(8), 2) == Decimal("0.13")
    assert quotient(Decimal(1), Decimal(0), 2) is None
    assert quotient(None, Decimal(1), 2) is None


@given(
    value=st.integers(0, 1000), declared_=st.integers(0, 1000), tolerance=st.integers(0, 50), percent=st.integers(0, 20)
)
def test_a_difference_is_judged_by_the_larger_tolerance(
    value: int, declared_: int, tolerance: int, percent: int
) -> None:
    """O6.3a: declared beside computed."""
    line = OFFICES.model_copy(update={"tolerance": Decimal(tolerance), "tolerance_percent": Decimal(percent)})
    computed = ComputedValue(value=Decimal(value), on=date(2026, 3, 31), expected=1, known=1)
    given_ = LineValue(code="offices", own=Decimal(declared_), total=Decimal(declared_), computed=computed)
    assert is_beyond(line, given_) == (abs(declared_ - value) > max(tolerance, value * percent / 100))
    assert not is_beyond(line, given_.model_copy(update={"computed": None}))


def test_a_soft_line_warns_and_stops_nobody() -> None:
    """O6.3a: soft words are warnings."""
    computed = {"offices": ComputedValue(value=Decimal(9), on=date(2026, 3, 31), expected=1, known=1)}
    lines = with_computed(TEMPLATE, declared(("offices", 1), ("staff", 2), ("plan", False)), computed, prefill=False)
    with pytest.raises(ReportIncomplete):
        require_complete(TEMPLATE, lines, is_leaf=True)
    soft = (OFFICES.model_copy(update={"is_soft": True}), *TEMPLATE[1:])
    require_complete(soft, lines, is_leaf=True)
    assert [(one.line, one.code) for one in warnings_of(soft, lines, ("440305001000",))] == [
        ("offices", "difference"), ("", "missing-below"),
    ]  # fmt: skip


def test_what_is_not_named_is_emptied_and_nothing_is_taken_by_halves() -> None:
    """O6.3a: one PUT, whole or nothing."""
    lines = declared(("offices", 1), ("staff", 2), ("plan", True))
    emptied = enter(TEMPLATE, lines, [Entry("staff", own=Decimal(5))])
    assert (of(emptied, "offices").own, of(emptied, "plan").answered, of(emptied, "staff").total) == (None, 0, 5)
    with pytest.raises(EntryRefused):
        enter(TEMPLATE, lines, [Entry("staff", own=Decimal(5)), Entry("offices", text="五")])


def test_half_a_ratio_goes_nowhere() -> None:
    lines = declared(("staff", 2), ("plan", True))
    with pytest.raises(ReportIncomplete) as found:
        require_complete(TEMPLATE, lines, is_leaf=False)
    codes = [(one["line"], one["code"]) for one in found.value.facts["errors"]]  # type: ignore[index,union-attr]
    assert codes == [("offices", "required"), ("ratio", "half-a-ratio")]


def test_a_computed_value_that_does_not_fit_is_shown_and_not_declared() -> None:
    computed = {
        "offices": ComputedValue(value=Decimal("1.5"), on=date(2026, 3, 31), expected=2, known=1),
        "staff": ComputedValue(value=None, on=date(2026, 3, 31), expected=2, known=0),
        "plan": ComputedValue(value=Decimal(1), on=date(2026, 3, 31), expected=1, known=1),
    }
    lines = with_computed(TEMPLATE, EMPTY, computed, prefill=True)
    assert (of(lines, "offices").own, of(lines, "staff").own, of(lines, "plan").flag) == (None, None, True)
    assert of(lines, "offices").computed == computed["offices"]


def test_rates_of_nobody_are_no_rates() -> None:
    assert (Progress().completeness, Progress().timeliness, Progress().approval) == (None, None, None)
    assert Progress(expected=3, reported=2, on_time=1).timeliness == 0.3333
    assert Progress(expected=3, reported=2, on_time=1).late == 1


def test_reminders_come_one_after_another() -> None:
    """O6.3a."""
    due = date(2026, 4, 5)
    kinds = [reminders_due(due, today=due + timedelta(days=ahead), days_before=3) for ahead in (-4, -3, 0, 1)]
    assert kinds == [(), ("before",), ("before", "due"), ("before", "due", "overdue")]
