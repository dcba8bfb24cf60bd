"""What a template may say, which cycles a schedule has, and who reports to whom by when. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from common.contracts.reporting.reports import Cycle, LevelDays, LevelDue, TemplateLine
from common.divisions import LEVELS, Level, ancestors_of, level_of
from common.errors import JSON
from reporting.reports.errors import NobodyReports, PeriodDatesInvalid, TemplateInvalid

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RULES: Mapping[str, tuple[str, ...]] = {
    "int": ("sum", "none"),
    "decimal": ("sum", "ratio", "none"),
    "yes_no": ("count", "none"),
    "text": ("none",),
}
_MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half_yearly": 6}


@dataclass(frozen=True, slots=True)
class Place:
    """A division that reports.

    Attributes:
        parent: who approves it; itself for the one on top of the opener's own tree.
        is_top: no division above it reports in the period.
    """

    division: str
    level: Level
    parent: str
    is_top: bool
    due_on: date


def require_template(lines: Sequence[TemplateLine], indicators: Collection[str]) -> None:
    """A template is whole: every fault of every line is told at once.

    Source: S4, O6.3a.

    Args:
        indicators: codes of those that are defined.

    Raises:
        TemplateInvalid: with `errors`, each naming its line.
    """
    found: list[tuple[str, str]] = []
    by_code = {line.code: line for line in lines}
    seen: set[str] = set()
    for line in lines:
        if line.code in seen:
            found.append((line.code, "line-twice"))
        seen.add(line.code)
        found += [(line.code, fault) for fault in _faults(line, by_code)]
        if line.indicator is not None and line.indicator not in indicators:
            found.append((line.code, "indicator-unknown"))
    if not lines:
        found.append(("", "no-lines"))
    if found:
        errors: list[JSON] = [{"line": line, "code": fault} for line, fault in found]
        raise TemplateInvalid(errors=errors)


def _faults(line: TemplateLine, by_code: Mapping[str, TemplateLine]) -> Iterable[str]:
    if not _CODE.fullmatch(line.code):
        yield "code-malformed"
    if line.rule not in _RULES[line.kind]:
        yield "rule-does-not-fit-kind"
    if line.kind != "decimal" and line.decimals:
        yield "decimals-without-decimal"
    if line.tolerance < 0 or line.tolerance_percent < 0:
        yield "tolerance-negative"
    if line.kind == "text" and line.indicator is not None:
        yield "indicator-of-text"
    parts = (line.numerator, line.denominator)
    if (line.rule == "ratio") != all(parts) or (line.rule != "ratio" and any(parts)):
        yield "ratio-parts"
    elif line.rule == "ratio":
        both = [by_code.get(part or "") for part in parts]
        if any(part is None or part.rule not in {"sum", "count"} or not part.is_required for part in both):
            yield "ratio-parts"


def require_days(first_on: date, as_of: date, due: Sequence[LevelDue], levels: Iterable[Level]) -> None:
    """Every level that reports has its day, after what is reported, and no level's day is before that below it.

    Source: O6.3a.

    Raises:
        PeriodDatesInvalid: with what is wrong.
    """
    days = {one.level: one.due_on for one in due}
    wanted = sorted(set(levels), key=LEVELS.index)
    if as_of < first_on:
        raise PeriodDatesInvalid("截止日期早于起始日期", wrong="as_of")
    if len(days) < len(due):
        raise PeriodDatesInvalid("同一层级有两个报送期限", wrong="due")
    if lacking := [level.value for level in wanted if level not in days]:
        raise PeriodDatesInvalid("有层级没有报送期限", wrong="due", levels=list(lacking))
    if any(day < as_of for day in days.values()):
        raise PeriodDatesInvalid("报送期限早于数据截止日期", wrong="due")
    if any(days[above] < days[below] for above, below in pairwise(wanted)):
        raise PeriodDatesInvalid("上级的报送期限早于下级", wrong="due")


def places_of(codes: Iterable[str], *, opener: str, due: Sequence[LevelDue]) -> list[Place]:
    """Who reports to whom: to the nearest division above that reports too, otherwise to the opener.

    A division without a county above it reports to its city. Source: O4.2a, O6.3a.

    Raises:
        NobodyReports: there is no division.
    """
    found = sorted(set(codes))
    if not found:
        raise NobodyReports
    inside, days = set(found), {one.level: one.due_on for one in due}
    places = []
    for code in found:
        above = next((one for one in ancestors_of(code) if one in inside), None)
        level = level_of(code)
        places.append(Place(code, level, above or opener, above is None, days[level]))
    return places


def cycle_containing(cycle: Cycle, on: date) -> tuple[date, date]:
    """First and last day of the month, quarter or half-year of a day.

    Source: O6.3a.
    """
    months = _MONTHS[cycle]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    return first, _last_day(first, months)


def cycles_due(cycle: Cycle, *, starts_on: date, ends_on: date | None, today: date) -> list[tuple[date, date]]:
    """The cycles of a schedule that have ended by today, the newest last.

    Source: O6.3a.
    """
    found = []
    first, last = cycle_containing(cycle, starts_on)
    if first < starts_on:
        first, last = cycle_containing(cycle, last + timedelta(days=1))
    while last < today and (ends_on is None or last <= ends_on):
        found.append((first, last))
        first, last = cycle_containing(cycle, last + timedelta(days=1))
    return found


def due_after(last: date, days: Sequence[LevelDays]) -> tuple[LevelDue, ...]:
    """The days by which levels submit, counted from the last day of a cycle.

    Source: O6.3a.
    """
    return tuple(LevelDue(level=one.level, due_on=last + timedelta(days=one.days)) for one in days)


def _last_day(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)
