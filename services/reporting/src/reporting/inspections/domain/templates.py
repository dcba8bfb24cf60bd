"""What a template of inspections must have before anybody is judged by it. Pure."""

from collections import Counter
from collections.abc import Sequence

from common.contracts.reporting.inspections import CriterionState, DimensionWeight, InspectionTemplateState
from common.policy import CLAUSES
from reporting.inspections.domain.labels import DIMENSION_LABELS
from reporting.inspections.errors import TemplateIncomplete, TemplateSuperseded

_FEWEST_STEPS = 2


def require_template(weights: Sequence[DimensionWeight], criteria: Sequence[CriterionState]) -> None:
    """The seven dimensions, each weighed once and with criteria; codes are unique; each criterion can be measured.

    Source: S2, S5.

    Raises:
        TemplateIncomplete: something is missing or twice; the detail says what.
    """
    weighed = Counter(one.dimension for one in weights)
    measured = {one.dimension for one in criteria}
    for dimension, label in DIMENSION_LABELS.items():
        if weighed[dimension] != 1:
            raise TemplateIncomplete(f"“{label}”一节须有且只有一个权重", dimension=dimension)
        if dimension not in measured:
            raise TemplateIncomplete(f"“{label}”一节没有考核指标", dimension=dimension)
    for code, count in Counter(one.code for one in criteria).items():
        if count > 1:
            raise TemplateIncomplete("考核指标代码重复", criterion=code)
    for one in criteria:
        _require_measurable(one)


def require_current(template: InspectionTemplateState) -> None:
    """Only a version in force is used, followed or withdrawn.

    Source: S5.

    Raises:
        TemplateSuperseded: a newer one follows it, or it was withdrawn.
    """
    if template.status != "in_force":
        raise TemplateSuperseded(status=template.status)


def _require_measurable(one: CriterionState) -> None:
    lacks = None
    if one.measure == "number_vs_declared" and one.declared_code is None:
        lacks = "须指明与哪一申报数比对"
    elif one.measure == "number_vs_target" and one.target is None:
        lacks = "须有标准值"
    elif one.measure == "graded" and len({step.code for step in one.steps}) != max(len(one.steps), _FEWEST_STEPS):
        lacks = "须有两个以上不重复的档次"
    elif one.clause not in CLAUSES:
        lacks = "没有这一条款"
    if lacks is not None:
        raise TemplateIncomplete(f"“{one.title}”{lacks}", criterion=one.code)
