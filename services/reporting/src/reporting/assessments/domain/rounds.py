"""Rules of a round of assessment and of the ledger: open → computed → confirmed; entries are only added. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from common.contracts.reporting.assessments import (
    AssessedSubject,
    AssessmentObjectionState,
    AssessmentResultState,
    AssessmentState,
    ComponentSource,
    ComponentValueState,
    LedgerDirection,
    ReportingLedgerEntryState,
    ReportingLedgerSource,
    ResultStatus,
    RoundStatus,
    SchemeStatus,
)
from common.divisions import ancestors_of, contains
from reporting.assessments.errors import (
    AssessmentNotInState,
    AssessmentPlanUnfit,
    AssessorConcerned,
    EnteredByConfirmer,
    NobodyAssessed,
    NoObjectionPending,
    NotAboveLedger,
    NotConcerned,
    ObjectionPending,
    ObjectionsRunning,
    ObjectionTooLate,
    PointsUnfit,
    RecomputeFirst,
    ReversalOfReversal,
    ReviewerConcerned,
    SubjectUnfit,
    ValuesSettled,
)

SUBJECT_LABELS: Mapping[AssessedSubject, str] = {"office": "机构", "person": "个人"}
COMPONENT_SOURCE_LABELS: Mapping[ComponentSource, str] = {
    "inspection_score": "督导考核得分",
    "on_time_rate": "按时办结率",
    "rating": "服务评价",
    "report_timeliness": "进度报送及时率",
    "order_timeliness": "督办事项按期办结率",
    "training": "培训",
    "entered": "录入",
}
SCHEME_STATUS_LABELS: Mapping[SchemeStatus, str] = {
    "in_force": "有效",
    "superseded": "已被取代",
    "withdrawn": "已撤回",
}
ROUND_STATUS_LABELS: Mapping[RoundStatus, str] = {
    "open": "进行中",
    "computed": "已计算，异议期",
    "confirmed": "已确认",
    "withdrawn": "已撤销",
}
RESULT_STATUS_LABELS: Mapping[ResultStatus, str] = {"open": "进行中", "computed": "已计算", "confirmed": "已确认"}
LEDGER_SOURCE_LABELS: Mapping[ReportingLedgerSource, str] = {
    "assessment": "考核",
    "award": "命名表彰",
    "award_withdrawal": "撤销称号",
    "inspection": "督导考核",
    "entered": "登记",
    "reversal": "冲销",
}
DIRECTION_LABELS: Mapping[LedgerDirection, str] = {"reward": "奖励", "penalty": "惩戒"}


def require_round(*, assessor: str, scope: str, first: date, last: date) -> None:
    """A round is about a period, and about what lies below the assessor or is its own.

    Source: O4.3g.

    Raises:
        AssessmentPlanUnfit: it is not.
    """
    if last < first or not contains(assessor, scope):
        raise AssessmentPlanUnfit


def require_status(state: AssessmentState, *statuses: RoundStatus) -> None:
    """The round is where an act needs it.

    Source: O4.3g.

    Raises:
        AssessmentNotInState: it is not.
    """
    if state.status not in statuses:
        raise AssessmentNotInState(status=state.status)


def require_subject(state: AssessmentState, *, division: str, is_person: bool) -> None:
    """Who is assessed lies in the scope, and is what the scheme is about; nobody assesses the own office.

    Source: O4.3g.

    Raises:
        SubjectUnfit: not so.
    """
    if (state.subject == "person") != is_person or not contains(state.scope, division):
        raise SubjectUnfit
    if not is_person and division == state.division:
        raise SubjectUnfit


def require_impartial(results: Iterable[AssessmentResultState], *, by: str) -> None:
    """Nobody enters or confirms a result of the own person.

    Source: O4.3g.

    Raises:
        AssessorConcerned: one of the results is the own.
    """
    if any(one.account == by for one in results):
        raise AssessorConcerned


def require_other_hand(results: Iterable[AssessmentResultState], *, by: str) -> None:
    """Who entered values does not confirm what follows from them.

    Source: O4.3g.

    Raises:
        EnteredByConfirmer: a value is by the same account.
    """
    if any(value.entered_by == by for one in results for value in one.values):
        raise EnteredByConfirmer


def with_values(
    result: AssessmentResultState, values: Sequence[ComponentValueState]
) -> tuple[ComponentValueState, ...]:
    """The values with new ones in the place of earlier ones of the same component.

    Source: O4.3g.

    Raises:
        ValuesSettled: computed, and no objection was found right since.
    """
    if result.status != "open":
        raise ValuesSettled
    merged = {one.component: one for one in (*result.values, *values)}
    return tuple(merged.values())


def refreshed(
    values: Sequence[ComponentValueState], collected: Sequence[ComponentValueState]
) -> tuple[ComponentValueState, ...]:
    """What was entered stays; what the platform had is replaced by what it has now.

    Source: O4.3g.
    """
    entered = tuple(one for one in values if one.entered_by is not None)
    settled = {one.component for one in entered}
    return (*entered, *(one for one in collected if one.component not in settled))


def require_somebody(results: Sequence[AssessmentResultState]) -> None:
    """There is somebody to reckon with.

    Source: O4.3g.

    Raises:
        NobodyAssessed: there is not.
    """
    if not results:
        raise NobodyAssessed


def objection_end(on: date, *, days: int) -> date:
    """The last day of objections to results of a day.

    Source: O4.3g.
    """
    return on + timedelta(days=days)


def require_concerned(result: AssessmentResultState, *, account: str, division: str, is_head: bool) -> None:
    """The person objects to their own result, the head of the office to the office's.

    Source: O4.3g.

    Raises:
        NotConcerned: somebody else.
    """
    is_theirs = result.account == account if result.subject == "person" else is_head and division == result.division
    if not is_theirs:
        raise NotConcerned


def objected(
    result: AssessmentResultState, assessment: AssessmentState, *, text: str, by: str, at: datetime, on: date
) -> dict[str, Any]:
    """Who is assessed objects to a computed result, within its days.

    Source: O4.3g.

    Raises:
        AssessmentNotInState, ObjectionTooLate, ObjectionPending: not now.
    """
    require_status(assessment, "computed")
    if assessment.objection_until is None or on > assessment.objection_until:
        raise ObjectionTooLate
    if _pending(result) is not None:
        raise ObjectionPending
    return {"objections": (*result.objections, AssessmentObjectionState(text=text, raised_by=by, raised_at=at))}


def objection_reviewed(
    result: AssessmentResultState,
    assessment: AssessmentState,
    *,
    is_upheld: bool,
    answer: str,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """Somebody who neither entered the values nor is concerned reviews the objection.

    One that is upheld opens the result again: it is not confirmed before it was computed anew.

    Source: O4.3g.

    Raises:
        AssessmentNotInState, NoObjectionPending: nothing to review.
        ReviewerConcerned: by somebody who may not.
    """
    require_status(assessment, "computed")
    pending = _pending(result)
    if pending is None:
        raise NoObjectionPending
    entered = {one.entered_by for one in result.values}
    if by in entered or by in (pending.raised_by, result.account):
        raise ReviewerConcerned
    reviewed = pending.model_copy(
        update={"is_upheld": is_upheld, "answer": answer, "reviewed_by": by, "reviewed_at": at}
    )
    changes: dict[str, Any] = {"objections": (*result.objections[:-1], reviewed)}
    return {**changes, "status": "open"} if is_upheld else changes


def require_confirmable(assessment: AssessmentState, results: Iterable[AssessmentResultState], *, on: date) -> None:
    """The days of objections are over, all are reviewed, and what was corrected is computed again.

    Source: O4.3g.

    Raises:
        AssessmentNotInState, ObjectionsRunning, RecomputeFirst: not yet.
    """
    require_status(assessment, "computed")
    assert assessment.objection_until is not None, "what is computed has its days"  # noqa: S101
    found = list(results)
    if on <= assessment.objection_until or any(_pending(one) is not None for one in found):
        raise ObjectionsRunning(objection_until=assessment.objection_until.isoformat())
    if any(one.status != "computed" for one in found):
        raise RecomputeFirst


def require_overseer(actor_division: str, division: str) -> None:
    """Rewards and penalties are entered and taken back by a level above.

    Source: O4.3g.

    Raises:
        NotAboveLedger: it is the same division, or one elsewhere.
    """
    if not actor_division or actor_division == division or not contains(actor_division, division):
        raise NotAboveLedger


def require_reverser(actor_division: str, entry: ReportingLedgerEntryState) -> None:
    """What a level has entered is taken back by that level or one above it, never by one below.

    Source: O4.3g.

    Raises:
        NotAboveLedger: a lower level, the division itself, or one elsewhere.
    """
    require_overseer(actor_division, entry.division)
    entered_for = entry.entered_for or ancestors_of(entry.division)[-1]
    if not contains(actor_division, entered_for):
        raise NotAboveLedger


def require_points(direction: LedgerDirection, points: int) -> None:
    """Rewards are above zero, penalties below.

    Source: O4.3g.

    Raises:
        PointsUnfit: not so.
    """
    if points == 0 or (points > 0) != (direction == "reward"):
        raise PointsUnfit


def require_reversible(entry: ReportingLedgerEntryState) -> None:
    """An entry may be taken back; what takes back may not.

    Source: O4.3g.

    Raises:
        ReversalOfReversal: it takes back itself.
    """
    if entry.reverses is not None:
        raise ReversalOfReversal


def _pending(result: AssessmentResultState) -> AssessmentObjectionState | None:
    last = result.objections[-1] if result.objections else None
    return last if last is not None and last.is_upheld is None else None
