"""From recorded values to scores and grades: integers and fractions only. Pure.

A component earns (value - zero) / (full - zero), between nothing and everything, in permille rounded down. The score is
the mean of the components that have a value by their weights, in hundredths of a point rounded half up. Grades are
given from the best score down while a quota lasts; equal scores that do not fit into it together all wait for the next
grade, so that chance prefers nobody.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import floor
from uuid import UUID

from common.contracts.reporting.assessments import (
    AssessmentPartState,
    AssessmentSchemeState,
    ComponentValueState,
    SchemeComponentState,
    SchemeGradeState,
)
from reporting.assessments.errors import SchemeUnfit, ValueUnfit

PERMILLE = 1000
_HUNDREDTHS_PER_PERMILLE = 10
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A score with what adds up to it; None while a required component has no value."""

    score: int | None
    parts: tuple[AssessmentPartState, ...]


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade, and the one that a quota held back."""

    grade: str
    held_back: str | None


def require_scheme(components: Sequence[SchemeComponentState], grades: Sequence[SchemeGradeState]) -> None:
    """Components and grades can be reckoned with.

    Source: O4.3g.

    Raises:
        SchemeUnfit: codes twice, a component without a span, grades out of order or without a last one.
    """
    for codes in ([one.code for one in components], [one.code for one in grades]):
        if not codes or max(Counter(codes).values()) > 1:
            raise SchemeUnfit("项目和等次不得为空，代码不得重复")
    if any(one.zero_at == one.full_at for one in components):
        raise SchemeUnfit("项目的零分值和满分值不得相同")
    bounds = [one.from_score for one in grades]
    if bounds[-1] is not None or None in bounds[:-1] or grades[-1].quota_permille is not None:
        raise SchemeUnfit("最后一等没有分数线和名额限制，其余各等有分数线")
    reached = [bound for bound in bounds if bound is not None]
    if reached != sorted(set(reached), reverse=True):
        raise SchemeUnfit("各等的分数线须由高到低")


def require_values(scheme: AssessmentSchemeState, values: Sequence[ComponentValueState]) -> None:
    """Each value belongs to a component, once, and says where it comes from.

    Source: O4.3g.

    Raises:
        ValueUnfit: one does not.
    """
    codes = {one.code for one in scheme.components}
    counted = Counter(one.component for one in values)
    if not set(counted) <= codes or any(count > 1 for count in counted.values()):
        raise ValueUnfit
    if any(not one.sources for one in values):
        raise ValueUnfit


def permille_of(component: SchemeComponentState, value: int) -> int:
    """What a value earns of its component; less may be better, then the full value is the smaller one.

    Source: O4.3g.
    """
    share = Fraction((value - component.zero_at) * PERMILLE, component.full_at - component.zero_at)
    return max(0, min(PERMILLE, floor(share)))


def reckon(scheme: AssessmentSchemeState, values: Sequence[ComponentValueState]) -> Reckoned:
    """The score of recorded values, explained.

    Source: O4.3g.

    Raises:
        ValueUnfit: a value belongs to no component.
    """
    require_values(scheme, values)
    given = {one.component: one for one in values}
    earned = {one.code: permille_of(one, given[one.code].value) for one in scheme.components if one.code in given}
    weight = sum(one.weight for one in scheme.components if one.code in earned)
    parts = tuple(_part(one, given.get(one.code), earned.get(one.code), weight) for one in scheme.components)
    is_lacking = any(one.is_required and one.code not in earned for one in scheme.components)
    if is_lacking or not earned:
        return Reckoned(None, parts)
    total = sum(one.weight * earned.get(one.code, 0) for one in scheme.components)
    return Reckoned(_rounded(Fraction(total * _HUNDREDTHS_PER_PERMILLE, weight)), parts)


def grade(scheme: AssessmentSchemeState, scores: Mapping[UUID, int]) -> dict[UUID, Graded]:
    """The grade of everybody who was assessed together, by thresholds and quotas.

    Source: O4.3g.
    """
    found: dict[UUID, Graded] = {}
    held_back: dict[UUID, str] = {}
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], str(pair[0])))
    for one in scheme.grades:
        quota = None if one.quota_permille is None else len(scores) * one.quota_permille // PERMILLE
        waiting = [
            (who, score)
            for who, score in ordered
            if who not in found and (one.from_score is None or score >= one.from_score)
        ]
        taken, is_full = 0, False
        for _, group in groupby(waiting, key=lambda pair: pair[1]):
            equals = [who for who, _ in group]
            is_full = is_full or (quota is not None and taken + len(equals) > quota)
            if is_full:
                held_back |= {who: one.code for who in equals if who not in held_back}
                continue
            taken += len(equals)
            found |= {who: Graded(one.code, held_back.get(who)) for who in equals}
    return found


def _part(
    component: SchemeComponentState, given: ComponentValueState | None, permille: int | None, weight: int
) -> AssessmentPartState:
    if given is None or permille is None:
        told = "没有数据，该项为必备项，不能得出结果" if component.is_required else "没有数据，其余项目按权重分摊"
        return AssessmentPartState(component=component.code, value=None, permille=None, points=0, explanation=told)
    points = _rounded(Fraction(component.weight * permille * _HUNDREDTHS_PER_PERMILLE, weight))
    told = (
        f"数值 {given.value}（零分值 {component.zero_at}，满分值 {component.full_at}），得本项的 {permille}‰，"
        f"权重 {component.weight}/{weight}"
    )
    return AssessmentPartState(
        component=component.code, value=given.value, permille=permille, points=points, explanation=told
    )


def _rounded(value: Fraction) -> int:
    return floor(value + _HALF)
