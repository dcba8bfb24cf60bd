"""Use cases of applications: an office applies, the levels above review one after another. Source: O4.3a."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import now, today
from common.contracts.reporting.campaigns import (
    CampaignState,
    ReviewVerdict,
    SelfScoreState,
    WindowApplicationState,
)
from common.directory import require_operating_office
from common.divisions import level_of
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.campaigns import domain
from reporting.campaigns.errors import AlreadyApplied, NotTheOffice, NotTheReviewer
from reporting.campaigns.repository import Campaigns
from reporting.campaigns.service.access import OFFICES, READERS, REVIEWERS

_KINDS = {"town": "service_office", "village": "service_station"}


@dataclass(frozen=True, slots=True)
class Review:
    """What a level says of an application; points only where it differs from what was given before."""

    verdict: ReviewVerdict
    points: Mapping[str, int]
    reason: str


async def apply_for(
    uow: UnitOfWork, *, actor: Actor, campaign_id: UUID, assessment: tuple[SelfScoreState, ...]
) -> WindowApplicationState:
    """An office applies with its self-assessment.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound: no campaign of this office.
        OfficeUnknown, OfficeNotOperating: there is no office.
        CampaignNotInState, ApplicationsClosed, SelfAssessmentUnfit, AlreadyApplied: it cannot apply (so).

    Events: reporting.window-application.changed.v1.
    Locks: the campaign.
    """
    require_role(actor, *OFFICES)
    if await Campaigns(uow.session).find(campaign_id, actor=actor) is None:
        raise RecordNotFound
    campaign = await hold_record(uow.session, CampaignState, campaign_id, expected_version=None)
    office = await require_operating_office(uow.conn, actor.division)
    kind = _KINDS.get(office.level.value, "bureau")
    domain.require_applicable(campaign, division=office.division, kind=kind, on=today())
    points = domain.require_self_assessment(campaign.criteria, assessment)
    chain = domain.reviewers_of(campaign.division, office.division)
    at = now()
    state = WindowApplicationState(
        id=uuid5(campaign.id, str(office.id)),
        version=1,
        division=office.division,
        level=level_of(office.division),
        office_id=office.id,
        changed_at=at,
        campaign_id=campaign.id,
        status="in_review" if chain else "recommended",
        self_assessment=assessment,
        score=domain.score_of(campaign.criteria, points),
        review_due_from=chain[0] if chain else None,
        applied_by=actor.subject,
        applied_at=at,
    )
    try:
        return await store_record(uow, state, previous=None, action="reporting.window-application.apply")
    except RecordExists:
        raise AlreadyApplied from None


async def review_application(
    uow: UnitOfWork, *, actor: Actor, application_id: UUID, expected_version: int, review: Review
) -> WindowApplicationState:
    """The level whose turn it is reviews.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheReviewer, PreconditionFailed, CampaignNotInState, ApplicationNotInState,
        SelfAssessmentUnfit.
    """
    require_role(actor, *REVIEWERS)
    held, campaign = await _hold(uow, actor, application_id, expected_version)
    if held.review_due_from is not None and held.review_due_from != actor.division:
        raise NotTheReviewer
    changes = domain.reviewed(
        held,
        campaign,
        verdict=review.verdict,
        points=review.points,
        reason=review.reason,
        by=actor.subject,
        at=now(),
    )
    action = "reporting.window-application.review"
    return await store_record(uow, next_state(held, **changes), previous=held, action=action, reason=review.reason)


async def withdraw_application(
    uow: UnitOfWork, *, actor: Actor, application_id: UUID, expected_version: int, reason: str
) -> WindowApplicationState:
    """The office withdraws its application.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOffice, PreconditionFailed, ApplicationNotInState.
    """
    require_role(actor, *OFFICES)
    held, campaign = await _hold(uow, actor, application_id, expected_version)
    if held.division != actor.division:
        raise NotTheOffice
    domain.require_withdrawable(campaign)
    domain.require_pending(held)
    state = next_state(held, status="withdrawn", withdrawal_reason=reason, review_due_from=None)
    action = "reporting.window-application.withdraw"
    return await store_record(uow, state, previous=held, action=action, reason=reason)


async def get_application(session: AsyncSession, application_id: UUID, *, actor: Actor) -> WindowApplicationState:
    """An application of the actor's subtree.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS)
    return await get_record(session, WindowApplicationState, application_id, actor=actor)


async def list_applications(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[WindowApplicationState]:
    """Applications of the actor's subtree, the oldest first.

    Source: O4.3a.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await list_records(session, WindowApplicationState, wanted, actor=actor, after=after, limit=limit)


async def _hold(
    uow: UnitOfWork, actor: Actor, application_id: UUID, expected_version: int
) -> tuple[WindowApplicationState, CampaignState]:
    """The campaign is locked first, then the application: the order that everybody keeps."""
    found = await get_record(uow.session, WindowApplicationState, application_id, actor=actor)
    campaign = await hold_record(uow.session, CampaignState, found.campaign_id, expected_version=None)
    held = await hold_record(
        uow.session, WindowApplicationState, application_id, expected_version=expected_version, actor=actor
    )
    return held, campaign
