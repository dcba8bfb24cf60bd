"""From findings to a score: integers and fractions only, so that anybody who counts again gets the same. Pure.

Each criterion that applies earns so many permille. A dimension earns the mean of its criteria by their weights, the
office the mean of its dimensions by theirs; what does not apply is left out, and the others weigh more. The score is
that mean in hundredths of a point, rounded half up; a failing veto criterion caps it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from common.contracts.reporting.inspections import (
    Comparison,
    CriterionState,
    Dimension,
    FindingState,
    InspectionTemplateState,
    ScorePartState,
    ScoreState,
)
from reporting.inspections.domain.labels import COMPARISON_LABELS
from reporting.inspections.errors import FindingsMissing, NothingApplicable

PERMILLE = 1000
_HUNDREDTHS_PER_PERMILLE = 10
_TEN_THOUSANDTHS_PER_PERMILLE = 1000
_HALF = Fraction(1, 2)


def compare(number: Decimal, declared: Decimal | None, *, tolerance_permille: int) -> Comparison:
    """How a number found on site stands to the declared one; the tolerance is a share of what was declared.

    Source: S5, O6.3a.
    """
    if declared is None:
        return "undeclared"
    difference = abs(number - declared)
    if difference == 0:
        return "agrees"
    return "within_tolerance" if difference * PERMILLE <= tolerance_permille * abs(declared) else "contradicts"


def permille_of(criterion: CriterionState, finding: FindingState) -> int | None:
    """What a finding earns of its criterion; None where it does not apply, or nothing was declared to compare with.

    Source: S2, S5.
    """
    if not finding.is_applicable:
        return None
    if criterion.measure == "yes_no":
        return PERMILLE if finding.is_met else 0
    if criterion.measure == "graded":
        return next(step.permille for step in criterion.steps if step.code == finding.step)
    assert finding.number is not None, "a measured criterion has a number"  # noqa: S101
    if criterion.measure == "number_vs_target":
        assert criterion.target is not None, "a template is checked when it is issued"  # noqa: S101
        return max(0, min(PERMILLE, int(finding.number * PERMILLE // criterion.target)))
    earned: Mapping[Comparison | None, int | None] = {
        "agrees": PERMILLE,
        "within_tolerance": criterion.within_permille,
        "contradicts": 0,
        "undeclared": None,
    }
    return earned[finding.comparison]


def is_failed(criterion: CriterionState, permille: int | None) -> bool:
    """Whether a finding asks for rectification.

    Source: S5, S6.
    """
    return permille is not None and permille < criterion.pass_permille


def require_complete(template: InspectionTemplateState, findings: Sequence[FindingState]) -> None:
    """Every criterion has its finding.

    Source: S5.

    Raises:
        FindingsMissing: some have none; the facts name them.
    """
    found = {finding.criterion for finding in findings}
    missing = [criterion.code for criterion in template.criteria if criterion.code not in found]
    if missing:
        raise FindingsMissing(missing=list(missing))


def score_of(template: InspectionTemplateState, findings: Sequence[FindingState]) -> ScoreState:
    """The score of a visit with what each criterion adds to it.

    Source: S2, S5.

    Raises:
        FindingsMissing: a criterion has no finding.
        NothingApplicable: none applies.
    """
    require_complete(template, findings)
    by_code = {finding.criterion: finding for finding in findings}
    earned = {one.code: permille_of(one, by_code[one.code]) for one in template.criteria}
    shares = _shares(template, earned)
    if not shares:
        raise NothingApplicable
    total = sum((share * (earned[code] or 0) for code, share in shares.items()), Fraction(0))
    uncapped = _rounded(total * _HUNDREDTHS_PER_PERMILLE)
    vetoes = tuple(one.code for one in template.criteria if one.is_veto and is_failed(one, earned[one.code]))
    return ScoreState(
        value=min(uncapped, template.veto_cap) if vetoes else uncapped,
        uncapped=uncapped,
        is_vetoed=bool(vetoes),
        vetoed_by=vetoes,
        parts=tuple(
            _part(one, by_code[one.code], earned[one.code], shares.get(one.code, Fraction(0)))
            for one in template.criteria
        ),
        template_id=template.id,
        template_number=template.number,
    )


def _shares(template: InspectionTemplateState, earned: Mapping[str, int | None]) -> dict[str, Fraction]:
    """What part of the whole each criterion that applies is worth; they add up to one."""
    applicable = [one for one in template.criteria if earned[one.code] is not None]
    within: dict[Dimension, int] = {}
    for one in applicable:
        within[one.dimension] = within.get(one.dimension, 0) + one.weight
    weights = {one.dimension: one.weight for one in template.weights if one.dimension in within}
    whole = sum(weights.values())
    return {
        one.code: Fraction(weights[one.dimension], whole) * Fraction(one.weight, within[one.dimension])
        for one in applicable
    }


def _part(criterion: CriterionState, finding: FindingState, permille: int | None, share: Fraction) -> ScorePartState:
    return ScorePartState(
        criterion=criterion.code,
        dimension=criterion.dimension,
        permille=permille,
        points=_rounded(share * (permille or 0) * _TEN_THOUSANDTHS_PER_PERMILLE),
        is_failed=is_failed(criterion, permille),
        explanation=_explain(criterion, finding, permille),
    )


def _explain(criterion: CriterionState, finding: FindingState, permille: int | None) -> str:
    if not finding.is_applicable:
        return f"不适用：{finding.remark}；其余指标按权重分摊"
    if permille is None:
        return f"实测 {finding.number}，未申报，无从比对；其余指标按权重分摊"
    told = f"得本项的 {permille}‰"
    if criterion.measure == "yes_no":
        return f"{'达到' if finding.is_met else '未达到'}，{told}"
    if criterion.measure == "graded":
        label = next(step.label for step in criterion.steps if step.code == finding.step)
        return f"评为“{label}”，{told}"
    if criterion.measure == "number_vs_target":
        return f"实测 {finding.number}，标准 {criterion.target}，{told}"
    assert finding.declared is not None, "what is compared was declared"  # noqa: S101
    assert finding.comparison is not None, "and is compared"  # noqa: S101
    return (
        f"实测 {finding.number}，申报 {finding.declared.value}，{COMPARISON_LABELS[finding.comparison]}"
        f"（相差 {finding.difference}），{told}"
    )


def _rounded(value: Fraction) -> int:
    return floor(value + _HALF)
