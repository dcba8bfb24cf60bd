"""What an indicator comes to: its terms added up, its value, its formula in words, its ranking. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from common.contracts.reporting.indicators import IndicatorSpec, IndicatorTerm
from reporting.standings.domain import OfficeStanding
from reporting.statistics.domain import Months

Known = Mapping[tuple[str, str], int]
"""(source, measure) → sum, of one division."""
MAX_POINTS = 60
"""Points of a series: five years by month."""
DEFAULT_EXPECTED = (IndicatorTerm(source="directory", measure="expected"),)
DEFAULT_KNOWN = (IndicatorTerm(measure="office.status.operating"), IndicatorTerm(measure="station.status.operating"))
"""Where a definition does not say: how many offices the directory has, and how many of them the level knows."""
CASES_EXPECTED = (IndicatorTerm(source="directory", measure="place_days"),)
CASES_KNOWN = (IndicatorTerm(source="directory", measure="reported_days"),)
"""Likewise of cases: days on which places with an office should have reported, and those on which they have."""


class Parts(NamedTuple):
    """The terms of an indicator added up, of one division; no denominator where it is no ratio."""

    numerator: int
    denominator: int | None
    expected: int
    known: int


@dataclass(frozen=True, slots=True)
class Value:
    """One indicator of one division, with everything that is needed to trust it. Source: S1, S2.

    Attributes:
        numerator, denominator: whole numbers; no denominator where the indicator is no ratio.
        value: None where nothing is known, or there is nothing to divide by; that is not zero.
        as_of: newest moment at which something happened that the level's data hold; None before the first.
        accepted_at: newest moment at which the level took something in.
        expected: how many offices it is about; of cases, their days.
        known: of how many of them the data are known.
    """

    numerator: int
    denominator: int | None
    value: Decimal | None
    as_of: datetime | None
    accepted_at: datetime | None
    expected: int
    known: int

    @property
    def unknown(self) -> int:
        """Offices whose data nobody has told; they are in no figure."""
        return max(0, self.expected - self.known)

    @property
    def completeness(self) -> float | None:
        """From 0 to 1; None where no office is expected."""
        return round(min(1.0, self.known / self.expected), 4) if self.expected > 0 else None


def told_of(spec: IndicatorSpec) -> tuple[Sequence[IndicatorTerm], Sequence[IndicatorTerm]]:
    """How much an indicator is about, and how much of it is known; cases are known by the days that were reported.

    Source: S2, O6.3a.
    """
    if spec.expected:
        return spec.expected, spec.known
    if all(term.source == "figures" for term in spec.numerator):
        return CASES_EXPECTED, CASES_KNOWN
    return DEFAULT_EXPECTED, DEFAULT_KNOWN


def sources_of(spec: IndicatorSpec) -> set[str]:
    """Where numerator and denominator come from.

    Source: S2.
    """
    return {term.source for part in (spec.numerator, spec.denominator) for term in part}


def measures_of(spec: IndicatorSpec, source: str) -> set[str]:
    """What a definition asks of a source.

    Source: S2.
    """
    parts = (
        spec.numerator, spec.denominator, *told_of(spec),
        spec.baseline_numerator, spec.baseline_denominator,
    )  # fmt: skip
    return {term.measure for part in parts for term in part if term.source == source}


def _sum(terms: Iterable[IndicatorTerm], known: Known) -> int:
    return sum(term.sign * known.get((term.source, term.measure), 0) for term in terms)


def parts_of(spec: IndicatorSpec, known: Known) -> Parts:
    """Numerator, denominator, expected and known offices of one division.

    Source: S1, S2.
    """
    expected, told = told_of(spec)
    return Parts(
        _sum(spec.numerator, known),
        _sum(spec.denominator, known) if spec.denominator else None,
        _sum(expected, known),
        _sum(told, known),
    )


def baseline_of(spec: IndicatorSpec, known: Known) -> Parts | None:
    """The same as the survey found it before the work began; None where the survey does not ask.

    Source: S3.
    """
    if not spec.baseline_numerator:
        return None
    told = _sum(spec.baseline_denominator, known) if spec.baseline_denominator else None
    return Parts(_sum(spec.baseline_numerator, known), told, 0, 0)


def value_of(spec: IndicatorSpec, parts: Parts) -> Decimal | None:
    """Numerator × factor ÷ (denominator × divisor), rounded half up once.

    Nothing to divide by, or a figure of offices none of which is known: no value, and not zero.

    Source: S1, S2.
    """
    is_of_offices = any(term.source == "standings" for term in spec.numerator)
    if is_of_offices and parts.expected > 0 and parts.known <= 0:
        return None
    below = spec.divisor * (1 if parts.denominator is None else parts.denominator)
    if below <= 0:
        return None
    step = Decimal(1).scaleb(-spec.decimals)
    return (Decimal(parts.numerator * spec.factor) / below).quantize(step, rounding=ROUND_HALF_UP)


def formula_of(spec: IndicatorSpec, parts: Parts) -> str:
    """The formula with its numbers, for people.

    Source: S2.
    """
    value = value_of(spec, parts)
    told = f"{value}{spec.unit}" if value is not None else "无法计算"
    above = f"{parts.numerator} × {spec.factor}" if spec.factor != 1 else str(parts.numerator)
    if parts.denominator is None:
        return f"{above}{f' ÷ {spec.divisor}' if spec.divisor != 1 else ''} = {told}"
    below = f"({parts.denominator} × {spec.divisor})" if spec.divisor != 1 else str(parts.denominator)
    return f"{above} ÷ {below} = {told}"


def months_of(spec: IndicatorSpec, *, on: date, today: date) -> Months:
    """The whole months over which cases are counted; a month that runs counts only while it does.

    Cases are summed by month: a day in the middle of a past month has no sum of its own.

    Source: O6.3a.
    """
    is_whole = (on + timedelta(days=1)).day == 1 or on >= today
    last = on.replace(day=1) if is_whole else (on.replace(day=1) - timedelta(days=1)).replace(day=1)
    number = last.year * 12 + last.month - spec.window_months
    return Months(date(number // 12, number % 12 + 1, 1), last)


def added(sums: Iterable[tuple[int, Mapping[str, int]]]) -> dict[str, int]:
    """Measure → sum over (sign, sums).

    Source: S1.
    """
    found: dict[str, int] = {}
    for sign, counts in sums:
        for code, value in counts.items():
            found[code] = found.get(code, 0) + sign * value
    return found


class Ranked(NamedTuple):
    """A division with its value and its rank; no rank where there is no value, or nothing is better or worse."""

    division: str
    value: Value
    rank: int | None


def ranked(spec: IndicatorSpec, values: Mapping[str, Value]) -> list[Ranked]:
    """The best first; equals share a rank, and the next one counts them all. Without a value: last, without a rank.

    Source: S1, O6.3b.
    """
    told = [(code, found) for code, found in values.items() if found.value is not None]
    told.sort(key=lambda one: (_worth(spec, one[1]), one[0]))
    rows: list[Ranked] = []
    for place, (code, found) in enumerate(told, start=1):
        is_tied = bool(rows) and _worth(spec, rows[-1].value) == _worth(spec, found)
        rank = rows[-1].rank if is_tied else place
        rows.append(Ranked(code, found, None if spec.direction == "none" else rank))
    return rows + [Ranked(code, values[code], None) for code in sorted(values) if values[code].value is None]


def _worth(spec: IndicatorSpec, found: Value) -> Decimal:
    value = found.value if found.value is not None else Decimal(0)
    if spec.direction == "lower":
        return value
    if spec.direction == "range":
        return max(Decimal(spec.range_low or 0) - value, value - Decimal(spec.range_high or 0), Decimal(0))
    return -value


def contribution_of(spec: IndicatorSpec, office: OfficeStanding) -> tuple[int, int]:
    """What one office adds to numerator and denominator, as far as they come from standings.

    Source: S2.
    """
    known = {("standings", code): value for code, value in office.counts.items()}
    return _sum(spec.numerator, known), _sum(spec.denominator, known)


def codes_behind(spec: IndicatorSpec) -> Sequence[str]:
    """The measures of offices that numerator and denominator are made of.

    Source: S2.
    """
    terms = (*spec.numerator, *spec.denominator)
    return sorted({term.measure for term in terms if term.source == "standings"})
