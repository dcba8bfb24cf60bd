"""Who may do what in a campaign, and what bars an office. Source: O4.3a; architecture.md §6."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import beijing_day
from common.contracts.reporting.campaigns import (
    CampaignState,
    DisqualifierKind,
    DisqualifierState,
    WindowApplicationState,
)
from common.contracts.reporting.inspections import InspectionVisitState
from common.records.service import Wanted, hold_record, list_records
from common.uow import UnitOfWork
from reporting.campaigns.errors import NotTheOrganiser
from reporting.orders.domain import OPEN, is_overdue
from reporting.orders.service import orders_to

ORGANISERS = (Role.BUREAU_SUPERVISOR,)
OFFICES = (Role.OFFICE_HEAD, Role.STATION_AGENT)
REVIEWERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD)
READERS = (*REVIEWERS, Role.STATION_AGENT, Role.STATISTICIAN, Role.AUDITOR, Role.WINDOW_CLERK)
OBJECTORS = (*READERS, Role.CITIZEN)
_DEFAULT_DAYS = 365


async def hold_campaign(
    uow: UnitOfWork, actor: Actor, campaign_id: UUID, expected_version: int | None
) -> CampaignState:
    """The campaign for somebody of the division that organises it.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed.
    """
    require_role(actor, *ORGANISERS)
    held = await hold_record(uow.session, CampaignState, campaign_id, expected_version=expected_version, actor=actor)
    if held.division != actor.division:
        raise NotTheOrganiser
    return held


async def applications_of(session: AsyncSession, campaign_id: UUID) -> list[WindowApplicationState]:
    """All applications, the first one first."""
    wanted = Wanted(equal=(("campaign_id", str(campaign_id)),))
    return await list_records(session, WindowApplicationState, wanted)


async def barred_by(
    session: AsyncSession, campaign: CampaignState, division: str, *, on: date
) -> tuple[DisqualifierKind, ...]:
    """Which of the campaign's disqualifiers an office has by the platform's own records.

    Source: O4.3a.
    """
    return tuple([one.kind for one in campaign.disqualifiers if await _has(session, one, division, on)])


async def _has(session: AsyncSession, one: DisqualifierState, division: str, on: date) -> bool:
    if one.kind == "vetoed_inspection":
        wanted = Wanted(statuses=("signed_off",), equal=(("division", division), ("is_vetoed", True)))
        since = on - timedelta(days=one.within_days or _DEFAULT_DAYS)
        visits = await list_records(session, InspectionVisitState, wanted)
        return any(visit.signed_off_at is not None and beijing_day(visit.signed_off_at) >= since for visit in visits)
    orders = await orders_to(session, division)
    if one.kind == "overdue_orders":
        return any(is_overdue(order, on=on) for order in orders)
    return any(order.status in OPEN for order in orders)
