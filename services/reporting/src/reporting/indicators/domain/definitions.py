"""Which definition of an indicator holds on a day, and what a new one has to be. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.contracts.reporting.indicators import IndicatorDefinitionState, IndicatorSpec, IndicatorTerm
from common.divisions import Level
from common.policy import CLAUSES
from reporting.indicators.errors import (
    ClauseUnknown,
    DefinitionIncomplete,
    DefinitionTooEarly,
    IndicatorWithdrawn,
    NotTheProvince,
    TermUnknown,
)
from reporting.standings.domain import KIND_LABELS
from reporting.statistics.domain import MEASURES

SHIPPED_FROM = date(2011, 1, 1)
"""The day from which the shipped definitions hold: the first of the policy's own programme."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of an indicator.

    Attributes:
        number: of the version; shipped ones are the first.
        record_id: of the record that the province has added; None for a shipped one.
        record_version: of that record.
    """

    spec: IndicatorSpec
    number: int = 1
    effective_on: date = SHIPPED_FROM
    is_withdrawn: bool = False
    record_id: UUID | None = None
    record_version: int | None = None


def definitions_on(
    shipped: Mapping[str, IndicatorSpec], added: Iterable[IndicatorDefinitionState], on: date
) -> dict[str, Definition]:
    """Code → the newest version that holds on a day; shipped ones first, in their order. Withdrawn ones are absent.

    Source: S2; architecture.md §7.
    """
    found = {code: Definition(spec) for code, spec in shipped.items() if on >= SHIPPED_FROM}
    for state in sorted(added, key=lambda one: one.number):
        if state.effective_on <= on:
            found[state.code] = Definition(
                state.spec, state.number, state.effective_on, state.status == "withdrawn", state.id, state.version
            )
    return {code: one for code, one in found.items() if not one.is_withdrawn}


def require_province(level: Level) -> None:
    """Areas can be compared because all of them are measured alike.

    Source: S1.

    Raises:
        NotTheProvince: another level asks.
    """
    if level is not Level.PROVINCE:
        raise NotTheProvince


def require_definition(spec: IndicatorSpec) -> None:
    """The definition refers to what is measured and to a clause, and its parts fit together.

    Source: S1, S2.

    Raises:
        TermUnknown: the source has no such measure.
        ClauseUnknown: the policy has no such clause.
        DefinitionIncomplete: a range without bounds, a cohort's towns without a cohort, half a baseline.
    """
    if spec.clause not in CLAUSES:
        raise ClauseUnknown(clause=spec.clause)
    parts = (
        spec.numerator, spec.denominator, spec.expected, spec.known, spec.baseline_numerator,
        spec.baseline_denominator,
    )  # fmt: skip
    terms = [term for part in parts for term in part]
    unknown = [term.measure for term in terms if not _is_measured(term)]
    if unknown:
        raise TermUnknown(unknown=[*sorted(set(unknown))])
    problem = _problem(spec, terms)
    if problem is not None:
        raise DefinitionIncomplete(problem)


def _is_measured(term: IndicatorTerm) -> bool:
    if term.source == "standings":
        return term.measure.partition(".")[0] in KIND_LABELS
    if term.source == "figures":
        return term.measure in MEASURES
    return term.measure in (_LISTED | _DAYS if term.source == "directory" else {"members"})


_LISTED = frozenset({"expected", "office", "station"})
"""Places with an operating office: all, towns', villages'."""
_DAYS = frozenset({"place_days", "reported_days"})
"""Days on which places should have reported cases, and on which they have; not told of a place alone."""


def _problem(spec: IndicatorSpec, terms: Iterable[IndicatorTerm]) -> str | None:
    low, high = spec.range_low, spec.range_high
    is_range = spec.direction == "range"
    sources = {term.source for term in terms}
    checks = (
        (is_range and (low is None or high is None or low > high), "在范围内为好的指标须有范围的上下限"),
        (not is_range and (low is not None or high is not None), "只有在范围内为好的指标才有范围"),
        (spec.cohort is None and "programme" in sources, "引用建设任务名单的指标须指明批次"),
        (
            spec.cohort is not None and bool(sources & {"figures", "directory"}),
            "按批次的指标只能引用机构现状和建设任务名单",
        ),
        (
            any(term.measure in _DAYS for part in (spec.numerator, spec.denominator) for term in part),
            "机构日只用于应有数和已知数",
        ),
        (bool(spec.expected) != bool(spec.known), "应有数和已知数须一并给出"),
        (bool(spec.baseline_denominator) and not spec.baseline_numerator, "基线须有分子"),
        (
            bool(spec.baseline_numerator) and bool(spec.denominator) != bool(spec.baseline_denominator),
            "基线的分母须与指标一致",
        ),
    )
    return next((message for is_wrong, message in checks if is_wrong), None)


def require_following(newest: IndicatorDefinitionState | None, *, effective_on: date, is_withdrawal: bool) -> None:
    """A version holds from no earlier than the one before; what has been withdrawn is not withdrawn again.

    Source: S2, S3.

    Raises:
        DefinitionTooEarly: the version before holds from a later day.
        IndicatorWithdrawn: there is nothing left to withdraw.
    """
    earliest = newest.effective_on if newest is not None else SHIPPED_FROM
    if effective_on < earliest:
        raise DefinitionTooEarly(earliest=earliest.isoformat())
    if is_withdrawal and newest is not None and newest.status == "withdrawn":
        raise IndicatorWithdrawn
