"""What reporting publishes of indicators: their definitions, so that every reader reckons alike."""

from datetime import date
from typing import Literal

from pydantic import Field

from common.contracts.model import EventData
from common.contracts.record import Record, StoredState

Dimension = Literal[
    "institution", "staff", "premises", "equipment", "funds", "services", "systems", "equalisation"
]  # fmt: skip
"""The seven of S2, and the comparison across areas of S1."""
TermSource = Literal["standings", "figures", "directory", "programme"]
Direction = Literal["higher", "lower", "range", "none"]


class IndicatorTerm(EventData):
    """One addend of an indicator: a measure of one source. Source: S1, S2.

    Attributes:
        source: standings (sums over the offices that a level knows), figures (cases of the last `window_months`),
            directory (places expected to operate), programme (towns of the definition's cohort).
        measure: as its source names it.
        sign: 1 adds, -1 takes away.
    """

    source: TermSource = "standings"
    measure: str = Field(pattern=r"^[a-z][a-z0-9_.@]*$", max_length=120)
    sign: Literal[1, -1] = 1


class IndicatorSpec(EventData):
    """What an indicator is: numerator × factor ÷ (denominator × divisor), or the numerator alone. Source: S1, S2, S3.

    Attributes:
        denominator: empty for a number that is no ratio.
        expected, known: how many offices it is about, and of how many of them the figure is known; the rest is
            unknown, never zero. Empty: the figure rests on no single office's records.
        baseline_numerator, baseline_denominator: the same as the survey found it before the work began (S3).
        factor: 100 for a percentage, 10 000 for "per 10 000 served".
        cohort: only towns of this cohort, `programme code:cohort code`.
        divisor: turns small units into those of the figure: 100 square decimetres are a square metre.
        window_months: months over which cases are counted, the month of the day asked the last where it is over or
            still runs, otherwise the one before.
        range_low, range_high: bounds of what is good, where the direction is a range.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)
    name: str = Field(min_length=2, max_length=60)
    dimension: Dimension
    numerator: tuple[IndicatorTerm, ...] = Field(min_length=1, max_length=12)
    denominator: tuple[IndicatorTerm, ...] = Field(default=(), max_length=12)
    expected: tuple[IndicatorTerm, ...] = Field(default=(), max_length=12)
    known: tuple[IndicatorTerm, ...] = Field(default=(), max_length=12)
    baseline_numerator: tuple[IndicatorTerm, ...] = Field(default=(), max_length=12)
    baseline_denominator: tuple[IndicatorTerm, ...] = Field(default=(), max_length=12)
    factor: int = Field(default=1, ge=1, le=1_000_000)
    divisor: int = Field(default=1, ge=1, le=1_000_000)
    unit: str = Field(min_length=1, max_length=20)
    decimals: int = Field(default=0, ge=0, le=6)
    direction: Direction = "none"
    range_low: int | None = None
    range_high: int | None = None
    cohort: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,40}:[A-Za-z0-9-]{1,20}$")
    window_months: int = Field(default=12, ge=1, le=60)
    clause: str = Field(min_length=2, max_length=20)
    document: str = Field(min_length=2, max_length=100)
    note: str = Field(default="", max_length=500)


class IndicatorDefinitionState(StoredState):
    """One version of an indicator that the province has added; it holds from `effective_on`. Source: S2.

    Attributes:
        code: of the indicator, as in the spec.
        number: of the version of the indicator, from 1; shipped versions have smaller numbers.
        status: a withdrawn version ends the indicator from `effective_on` on.
    """

    code: str
    number: int = Field(ge=1)
    status: Literal["in_force", "withdrawn"]
    effective_on: date
    spec: IndicatorSpec
    reason: str = Field(max_length=500)


RECORDS: tuple[Record, ...] = (Record("reporting.indicator-definition", IndicatorDefinitionState, "指标定义变动"),)
