"""Rules of a visit: findings → presented → signed by two → score; the office states its side before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from common.clock import beijing_day
from common.contracts.reporting.inspections import (
    CriterionState,
    DeclaredValueState,
    FindingState,
    InspectionTemplateState,
    InspectionVisitState,
    InspectorState,
    SignatureState,
    VisitStatementState,
    VisitStatus,
)
from common.contracts.reporting.orders import EvidenceState
from common.divisions import contains
from reporting.inspections.domain.scoring import compare, require_complete, score_of
from reporting.inspections.errors import (
    AlreadySigned,
    AlreadyStated,
    FindingUnfit,
    InspectorConcerned,
    NothingToReinspect,
    StatementPending,
    TeamTooSmall,
    VisitNotInState,
)

SIGNATURES = 2
OPEN: tuple[VisitStatus, ...] = ("under_way", "presented")


@dataclass(frozen=True, slots=True)
class Found:
    """What an inspector found for one criterion.

    Attributes:
        number: of a measured criterion.
        is_met: of a yes/no one.
        step: of a graded one.
        is_applicable: False needs a remark.
    """

    criterion: str
    is_applicable: bool = True
    number: Decimal | None = None
    is_met: bool | None = None
    step: str | None = None
    evidence: tuple[EvidenceState, ...] = ()
    remark: str | None = None


def require_team(team: Sequence[InspectorState], division: str) -> None:
    """Two inspectors or more, none of the inspected division or below it.

    Source: S5.

    Raises:
        TeamTooSmall: fewer than two accounts.
        InspectorConcerned: one is of the inspected division.
    """
    if len({one.account for one in team}) < SIGNATURES:
        raise TeamTooSmall
    if any(contains(division, one.division) for one in team):
        raise InspectorConcerned


def is_of_team(visit: InspectionVisitState, *, account: str, division: str) -> bool:
    """Whether an account inspects there, and still belongs to the division that it was named with.

    Source: S5.
    """
    return any((one.account, one.division) == (account, division) for one in visit.team)


def judged(
    criterion: CriterionState, found: Found, *, declared: DeclaredValueState | None, by: str, at: datetime
) -> FindingState:
    """A finding with its comparison to what was declared.

    Source: S5, O6.3a.

    Raises:
        FindingUnfit: not of the kind that the criterion measures, without its evidence, or not applicable without why.
    """
    _require_fit(criterion, found)
    number = found.number
    return FindingState(
        criterion=criterion.code,
        is_applicable=found.is_applicable,
        number=number,
        is_met=found.is_met,
        step=found.step,
        declared=declared if number is not None else None,
        difference=number - declared.value if number is not None and declared is not None else None,
        comparison=_comparison(criterion, number, declared),
        evidence=found.evidence,
        remark=found.remark,
        found_by=by,
        found_at=at,
    )


def recorded(
    visit: InspectionVisitState,
    template: InspectionTemplateState,
    found: Iterable[Found],
    *,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """Findings of some criteria; a later one of the same criterion takes the place of the earlier.

    Source: S5.

    Raises:
        VisitNotInState: the findings are presented, or the visit is over.
        FindingUnfit: one does not fit its criterion.
    """
    _require(visit, "under_way")
    criteria = {one.code: one for one in template.criteria}
    declared = {one.code: one for one in visit.declared}
    findings = {one.criterion: one for one in visit.findings}
    for one in found:
        criterion = criteria.get(one.criterion)
        if criterion is None:
            raise FindingUnfit("考核模板中没有该指标", criterion=one.criterion)
        value = declared.get(criterion.declared_code or "")
        findings[one.criterion] = judged(criterion, one, declared=value, by=by, at=at)
    return {"findings": tuple(findings[code] for code in criteria if code in findings)}


def presented(
    visit: InspectionVisitState, template: InspectionTemplateState, *, at: datetime, statement_days: int
) -> dict[str, Any]:
    """The findings are complete and are shown to the office, which may state its side for some days.

    Source: S5.

    Raises:
        VisitNotInState: they are shown already, or the visit is over.
        FindingsMissing: not complete.
    """
    _require(visit, "under_way")
    require_complete(template, visit.findings)
    return {
        "status": "presented",
        "presented_at": at,
        "statement_due_on": beijing_day(at) + timedelta(days=statement_days),
    }


def reopened(visit: InspectionVisitState) -> dict[str, Any]:
    """The inspectors look again after what the office has said; signatures given before fall away.

    Source: S5.

    Raises:
        VisitNotInState: the findings are not presented, or both have signed.
    """
    _require(visit, "presented")
    return {
        "status": "under_way",
        "presented_at": None,
        "statement_due_on": None,
        "statement": None,
        "signatures": (),
    }


def stated(visit: InspectionVisitState, *, by: str, at: datetime, text: str, accepts: bool) -> dict[str, Any]:
    """The office states its side, also after its days as long as nobody has signed off.

    Source: S5.

    Raises:
        VisitNotInState: nothing is presented, or both have signed.
        AlreadyStated: once.
    """
    _require(visit, "presented")
    if visit.statement is not None:
        raise AlreadyStated
    return {"statement": VisitStatementState(text=text, accepts=accepts, by=by, at=at)}


def signed(visit: InspectionVisitState, template: InspectionTemplateState, *, by: str, at: datetime) -> dict[str, Any]:
    """An inspector signs; with the second signature the score stands.

    Source: S5.

    Raises:
        VisitNotInState: nothing is presented, or the visit is over.
        StatementPending: the office has time left and has said nothing yet.
        AlreadySigned: the other one has to.
        NothingApplicable: no criterion applies.
    """
    _require(visit, "presented")
    assert visit.statement_due_on is not None, "what is presented has a day"  # noqa: S101
    if visit.statement is None and beijing_day(at) <= visit.statement_due_on:
        raise StatementPending(statement_due_on=visit.statement_due_on.isoformat())
    if any(one.by == by for one in visit.signatures):
        raise AlreadySigned
    signatures = (*visit.signatures, SignatureState(by=by, at=at))
    score = score_of(template, visit.findings)
    if len(signatures) < SIGNATURES:
        return {"signatures": signatures}
    return {
        "signatures": signatures,
        "status": "signed_off",
        "signed_off_at": at,
        "score": score,
        "is_vetoed": score.is_vetoed,
    }


def withdrawn(visit: InspectionVisitState, *, reason: str) -> dict[str, Any]:
    """A visit that came to nothing.

    Source: S5.

    Raises:
        VisitNotInState: both have signed, or it is withdrawn.
    """
    _require(visit, *OPEN)
    return {"status": "withdrawn", "withdrawal_reason": reason}


def failures_of(visit: InspectionVisitState) -> tuple[str, ...]:
    """The criteria that failed, and ask for rectification.

    Source: S5, S6.
    """
    return () if visit.score is None else tuple(part.criterion for part in visit.score.parts if part.is_failed)


def require_reinspectable(visit: InspectionVisitState) -> None:
    """Only a visit that is signed off and found failures is repeated.

    Source: S5, S6.

    Raises:
        VisitNotInState: not signed off.
        NothingToReinspect: nothing failed.
    """
    _require(visit, "signed_off")
    if not failures_of(visit):
        raise NothingToReinspect


def demand_of(template: InspectionTemplateState, visit: InspectionVisitState, code: str) -> tuple[str, str, str]:
    """What an order of rectification asks for: title, demand and clause.

    Source: S5, S6.
    """
    assert visit.score is not None, "orders follow from a score"  # noqa: S101
    criterion = next(one for one in template.criteria if one.code == code)
    part = next(one for one in visit.score.parts if one.criterion == code)
    visited: date = visit.visited_on
    title = f"督导考核整改：{criterion.title}"
    demand = f"{visited.isoformat()}现场检查“{criterion.title}”不合格（{part.explanation}）。请整改并附佐证材料答复。"
    return title[:200], demand, criterion.clause


def _comparison(criterion: CriterionState, number: Decimal | None, declared: DeclaredValueState | None) -> Any:
    if number is None or criterion.declared_code is None:
        return None
    return compare(
        number, None if declared is None else declared.value, tolerance_permille=criterion.tolerance_permille
    )


def _require_fit(criterion: CriterionState, found: Found) -> None:
    given: Mapping[str, bool] = {
        "number": found.number is not None,
        "is_met": found.is_met is not None,
        "step": found.step is not None,
    }
    wanted = {"yes_no": "is_met", "graded": "step"}.get(criterion.measure, "number")
    facts: dict[str, Any] = {"criterion": criterion.code}
    if not found.is_applicable:
        if any(given.values()) or not found.remark:
            raise FindingUnfit("不适用的指标须说明理由，且不填结果", **facts)
        return
    if [name for name, is_given in given.items() if is_given] != [wanted]:
        raise FindingUnfit("结果的形式与指标不符", **facts)
    if criterion.measure == "graded" and found.step not in {step.code for step in criterion.steps}:
        raise FindingUnfit("没有这一档次", **facts)
    if len(found.evidence) < criterion.evidence_required:
        raise FindingUnfit("佐证材料不足", **facts)


def _require(visit: InspectionVisitState, *statuses: VisitStatus) -> None:
    if visit.status not in statuses:
        raise VisitNotInState(status=visit.status)
