"""Rules of a campaign for model windows (优质文明窗口): application, review, decision, publicity. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any
from uuid import UUID

from common.clock import beijing_day
from common.contracts.record import DispatchOrder
from common.contracts.reporting.campaigns import (
    ApplicationReviewState,
    ApplicationStatus,
    CampaignCriterionState,
    CampaignState,
    CampaignStatus,
    ObjectionState,
    ReviewVerdict,
    SelfScoreState,
    WindowApplicationState,
)
from common.divisions import Level, ancestors_of, contains
from reporting.campaigns.errors import (
    ApplicationNotInState,
    ApplicationsClosed,
    CampaignNotInState,
    CampaignPlanUnfit,
    NotInPublicity,
    ObjectionsUnanswered,
    ObjectionUnknown,
    PublicityRunning,
    QuotaExhausted,
    SelfAssessmentUnfit,
    StillUndecided,
)

_HALF = Fraction(1, 2)


def require_plan(state: CampaignState) -> None:
    """Days follow one another, criteria are told apart, and the scope lies below the organiser.

    Source: O4.3a.

    Raises:
        CampaignPlanUnfit: the detail says what does not fit.
    """
    if state.apply_until < state.apply_from:
        raise CampaignPlanUnfit("申报截止日早于开始日")
    if len({one.code for one in state.criteria}) != len(state.criteria):
        raise CampaignPlanUnfit("评选标准代码重复")
    if not all(contains(state.division, root) for root in state.scope):
        raise CampaignPlanUnfit("范围须为组织单位及其以下")


def score_of(criteria: Sequence[CampaignCriterionState], points: Mapping[str, int]) -> int:
    """Hundredths of a point: the mean of points of 100 by weights, rounded half up.

    Source: O4.3a.
    """
    total = sum(one.weight * points[one.code] for one in criteria)
    return floor(Fraction(total * 100, sum(one.weight for one in criteria)) + _HALF)


def require_self_assessment(
    criteria: Sequence[CampaignCriterionState], given: Sequence[SelfScoreState]
) -> dict[str, int]:
    """Every criterion is assessed once, with its evidence; gives the points.

    Source: O4.3a.

    Raises:
        SelfAssessmentUnfit: a criterion is missing, twice, unknown or without evidence.
    """
    if sorted(one.criterion for one in given) != sorted(one.code for one in criteria):
        raise SelfAssessmentUnfit
    evidence = {one.code: one.evidence_required for one in criteria}
    lacking = [one.criterion for one in given if len(one.evidence) < evidence[one.criterion]]
    if lacking:
        raise SelfAssessmentUnfit(criteria=list(lacking))
    return {one.criterion: one.points for one in given}


def require_applicable(state: CampaignState, *, division: str, kind: str, on: date) -> None:
    """Applications come within their days, from offices that are meant.

    Source: O4.3a.

    Raises:
        CampaignNotInState, ApplicationsClosed: not now, or not this office.
    """
    _require_campaign(state, "open")
    if not state.apply_from <= on <= state.apply_until:
        raise ApplicationsClosed
    if kind not in state.kinds or not any(contains(root, division) for root in state.scope):
        raise ApplicationsClosed


def reviewers_of(organiser: str, division: str) -> list[str]:
    """The divisions that review an application before the organiser decides, the nearest first.

    Source: O4.3a; architecture.md §5.
    """
    return [code for code in ancestors_of(division) if code != organiser and contains(organiser, code)]


def reviewed(
    application: WindowApplicationState,
    campaign: CampaignState,
    *,
    verdict: ReviewVerdict,
    points: Mapping[str, int],
    reason: str,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """A level has reviewed; the next one follows, or the organiser decides. Not recommended ends it.

    Source: O4.3a.

    Raises:
        CampaignNotInState, ApplicationNotInState: nothing is to be reviewed.
        SelfAssessmentUnfit: points of other criteria than the campaign's.
    """
    _require_campaign(campaign, "open")
    _require_application(application, "in_review")
    due = application.review_due_from
    assert due is not None, "what is in review waits for somebody"  # noqa: S101
    told = {one.criterion: one.points for one in application.self_assessment}
    for earlier in application.reviews:
        told |= dict(earlier.points)
    if not set(points) <= set(told):
        raise SelfAssessmentUnfit
    told |= points
    score = score_of(campaign.criteria, told)
    review = ApplicationReviewState(
        division=due, verdict=verdict, points=tuple(sorted(told.items())), score=score, reason=reason, by=by, at=at
    )
    chain = reviewers_of(campaign.division, application.division)
    later = chain[chain.index(due) + 1 :]
    status: ApplicationStatus = "in_review" if later else "recommended"
    is_ended = verdict == "not_recommended"
    return {
        "reviews": (*application.reviews, review),
        "score": score,
        "status": "not_recommended" if is_ended else status,
        "review_due_from": None if is_ended or not later else later[0],
    }


def require_decidable(application: WindowApplicationState, campaign: CampaignState, *, on: date) -> None:
    """The organiser decides after the days of application, also where a level has not reviewed by then.

    A level that stays silent holds nobody up; its missing review stays visible beside the organiser's reason.

    Source: O4.3a.

    Raises:
        CampaignNotInState, ApplicationNotInState: not now.
    """
    _require_campaign(campaign, "open")
    if on <= campaign.apply_until:
        raise CampaignNotInState(apply_until=campaign.apply_until.isoformat())
    _require_application(application, "in_review", "recommended", "selected", "rejected")


def require_quota(campaign: CampaignState, selected: int) -> None:
    """No more than the quota is selected.

    Source: O4.3a.

    Raises:
        QuotaExhausted: it is full.
    """
    if selected >= campaign.quota:
        raise QuotaExhausted(quota=campaign.quota)


def made_public(campaign: CampaignState, applications: Iterable[WindowApplicationState], *, on: date) -> dict[str, Any]:
    """The selected are made public for some days.

    Source: O4.3a.

    Raises:
        CampaignNotInState: not open, or applications may still come.
        StillUndecided: some wait, or nobody is selected.
    """
    _require_campaign(campaign, "open")
    if on <= campaign.apply_until:
        raise CampaignNotInState(apply_until=campaign.apply_until.isoformat())
    statuses = {one.status for one in applications}
    if statuses & {"in_review", "recommended"} or "selected" not in statuses:
        raise StillUndecided
    return {
        "status": "publicity",
        "publicity_from": on,
        "publicity_until": on + timedelta(days=campaign.publicity_days),
        "dispatch": dispatch_of(campaign, "拟命名名单公示"),
    }


def dispatch_of(campaign: CampaignState, what: str) -> DispatchOrder:
    """How a version goes down to those who take part.

    Source: O4.3a; architecture.md §5.
    """
    lowest = Level.VILLAGE if "service_station" in campaign.kinds else Level.TOWN
    return DispatchOrder(title=f"{campaign.title}{what}"[:200], to=campaign.scope, down_to=lowest)


def is_public(campaign: CampaignState, *, on: date) -> bool:
    """Whether objections may be raised.

    Source: O4.3a.
    """
    first, last = campaign.publicity_from, campaign.publicity_until
    return campaign.status == "publicity" and first is not None and last is not None and first <= on <= last


def objected(
    application: WindowApplicationState, campaign: CampaignState, *, objection: ObjectionState
) -> dict[str, Any]:
    """Somebody objects to a selected office.

    Source: O4.3a, O4.3f.

    Raises:
        NotInPublicity: too early, too late, or to an office that is not selected.
    """
    if not is_public(campaign, on=beijing_day(objection.raised_at)) or application.status != "selected":
        raise NotInPublicity
    return {"objections": (*application.objections, objection)}


def answered(
    application: WindowApplicationState,
    campaign: CampaignState,
    *,
    objection_id: UUID,
    answer: str,
    is_upheld: bool,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """The organiser answers an objection.

    Source: O4.3a, O4.3f.

    Raises:
        CampaignNotInState: decided meanwhile.
        ObjectionUnknown: none, or answered.
    """
    _require_campaign(campaign, "publicity")
    if not any(one.id == objection_id and one.answer is None for one in application.objections):
        raise ObjectionUnknown
    told = {"answer": answer, "is_upheld": is_upheld, "answered_by": by, "answered_at": at}
    return {
        "objections": tuple(
            one.model_copy(update=told) if one.id == objection_id else one for one in application.objections
        )
    }


def require_awardable(campaign: CampaignState, applications: Iterable[WindowApplicationState], *, on: date) -> None:
    """The publicity period is over and every objection is answered.

    Source: O4.3a.

    Raises:
        CampaignNotInState, PublicityRunning, ObjectionsUnanswered: not yet.
    """
    _require_campaign(campaign, "publicity")
    assert campaign.publicity_until is not None, "what is public has an end"  # noqa: S101
    if on <= campaign.publicity_until:
        raise PublicityRunning(publicity_until=campaign.publicity_until.isoformat())
    if any(one.answer is None for application in applications for one in application.objections):
        raise ObjectionsUnanswered


def is_upheld(application: WindowApplicationState) -> bool:
    """Whether an objection to it was found right.

    Source: O4.3a.
    """
    return any(one.is_upheld for one in application.objections)


def require_withdrawable(campaign: CampaignState) -> None:
    """A campaign is withdrawn before its awards.

    Source: O4.3a.

    Raises:
        CampaignNotInState: decided or withdrawn.
    """
    _require_campaign(campaign, "open", "publicity")


def require_pending(application: WindowApplicationState) -> None:
    """An office withdraws its application before it is decided.

    Source: O4.3a.

    Raises:
        ApplicationNotInState: it is.
    """
    _require_application(application, "in_review", "recommended", "selected")


def _require_campaign(state: CampaignState, *statuses: CampaignStatus) -> None:
    if state.status not in statuses:
        raise CampaignNotInState(status=state.status)


def _require_application(state: WindowApplicationState, *statuses: ApplicationStatus) -> None:
    if state.status not in statuses:
        raise ApplicationNotInState(status=state.status)
