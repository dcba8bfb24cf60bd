"""Use cases of a campaign: opened, decided, made public, awarded. Source: O4.3a."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import beijing_day, now, today
from common.contracts.reporting.campaigns import (
    CampaignCriterionState,
    CampaignState,
    DisqualifierKind,
    DisqualifierState,
    ObjectionState,
    WindowApplicationState,
    WindowAwardState,
)
from common.contracts.reporting.inspections import OfficeKind
from common.directory import (
    DivisionRetired,
    DivisionUnknown,
    OfficeNotOperating,
    OfficeUnknown,
    require_operating_office,
)
from common.divisions import level_of
from common.ids import uuid7
from common.policy import CLAUSES
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.campaigns import domain
from reporting.campaigns.errors import CampaignPlanUnfit, Disqualified
from reporting.campaigns.repository import Campaigns
from reporting.campaigns.service.access import (
    OBJECTORS,
    ORGANISERS,
    READERS,
    applications_of,
    barred_by,
    hold_campaign,
)

_APPLICATION = "reporting.window-application"


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as it is opened."""

    title: str
    document: str
    clause: str
    scope: tuple[str, ...]
    kinds: tuple[OfficeKind, ...]
    criteria: tuple[CampaignCriterionState, ...]
    disqualifiers: tuple[DisqualifierState, ...]
    quota: int
    apply_from: date
    apply_until: date
    publicity_days: int
    validity_months: int


async def open_campaign(uow: UnitOfWork, *, actor: Actor, new: NewCampaign) -> CampaignState:
    """Opens a campaign; it goes down to those who may apply.

    Source: O4.3a.

    Raises:
        RoleRequired, CampaignPlanUnfit.

    Events: reporting.campaign.changed.v1.
    """
    require_role(actor, *ORGANISERS)
    if new.clause not in CLAUSES:
        raise CampaignPlanUnfit("没有这一条款")
    members: dict[str, Any] = {name: getattr(new, name) for name in NewCampaign.__dataclass_fields__}
    state = CampaignState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        changed_at=now(),
        status="open",
        opened_by=actor.subject,
        **members,
    )
    domain.require_plan(state)
    state = state.model_copy(update={"dispatch": domain.dispatch_of(state, "申报通知")})
    return await store_record(uow, state, previous=None, action="reporting.campaign.open")


async def decide_application(
    uow: UnitOfWork, *, actor: Actor, application_id: UUID, expected_version: int, selects: bool, reason: str
) -> WindowApplicationState:
    """The organiser selects or rejects, before the publicity period; also what a level has left unreviewed.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, CampaignNotInState, ApplicationNotInState.
        Disqualified: the platform's records bar the office; the facts say by what.
        QuotaExhausted: no place is left.

    Locks: the campaign: of two who take the last place one gets it.
    """
    found = await get_record(uow.session, WindowApplicationState, application_id, actor=actor)
    campaign = await hold_campaign(uow, actor, found.campaign_id, None)
    held = await hold_record(
        uow.session, WindowApplicationState, application_id, expected_version=expected_version, actor=actor
    )
    at = now()
    domain.require_decidable(held, campaign, on=beijing_day(at))
    barred = await barred_by(uow.session, campaign, held.division, on=beijing_day(at))
    if selects:
        if barred:
            raise Disqualified(
                "；".join(domain.DISQUALIFIER_LABELS[kind] for kind in barred), disqualifiers=list(barred)
            )
        others = [one for one in await applications_of(uow.session, campaign.id) if one.id != held.id]
        domain.require_quota(campaign, sum(one.status == "selected" for one in others))
    state = next_state(
        held,
        status="selected" if selects else "rejected",
        review_due_from=None,
        decided_by=actor.subject,
        decided_at=at,
        decision_reason=reason,
        barred_by=barred,
    )
    return await store_record(uow, state, previous=held, action=f"{_APPLICATION}.decide", reason=reason)


async def make_public(uow: UnitOfWork, *, actor: Actor, campaign_id: UUID, expected_version: int) -> CampaignState:
    """Makes the selected public.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, CampaignNotInState, StillUndecided.
    """
    held = await hold_campaign(uow, actor, campaign_id, expected_version)
    changes = domain.made_public(held, await applications_of(uow.session, held.id), on=today())
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.campaign.make-public")


async def raise_objection(uow: UnitOfWork, *, actor: Actor, application_id: UUID, text: str) -> UUID:
    """Somebody objects; who it is stands in the audit only.

    Source: O4.3a, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, NotInPublicity.
    """
    require_role(actor, *OBJECTORS)
    found = await get_record(uow.session, WindowApplicationState, application_id)
    campaign = await hold_record(uow.session, CampaignState, found.campaign_id, expected_version=None)
    held = await hold_record(uow.session, WindowApplicationState, application_id, expected_version=None)
    if not domain.is_public(campaign, on=today()):
        raise RecordNotFound
    objection = ObjectionState(id=uuid7(), text=text, raised_at=now())
    state = next_state(held, **domain.objected(held, campaign, objection=objection))
    await store_record(uow, state, previous=held, action=f"{_APPLICATION}.object")
    return objection.id


async def answer_objection(
    uow: UnitOfWork,
    *,
    actor: Actor,
    application_id: UUID,
    expected_version: int,
    objection_id: UUID,
    answer: str,
    is_upheld: bool,
) -> WindowApplicationState:
    """The organiser answers an objection.

    Source: O4.3a, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, CampaignNotInState, ObjectionUnknown.
    """
    found = await get_record(uow.session, WindowApplicationState, application_id, actor=actor)
    campaign = await hold_campaign(uow, actor, found.campaign_id, None)
    held = await hold_record(
        uow.session, WindowApplicationState, application_id, expected_version=expected_version, actor=actor
    )
    changes = domain.answered(
        held, campaign, objection_id=objection_id, answer=answer, is_upheld=is_upheld, by=actor.subject, at=now()
    )
    return await store_record(
        uow, next_state(held, **changes), previous=held, action=f"{_APPLICATION}.answer-objection"
    )


async def award_campaign(uow: UnitOfWork, *, actor: Actor, campaign_id: UUID, expected_version: int) -> CampaignState:
    """Awards the selected, without those whose objection was upheld, who are barred or do not operate by now.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, CampaignNotInState, PublicityRunning,
        ObjectionsUnanswered.

    Events: reporting.campaign.changed.v1, reporting.window-award.changed.v1, reporting.window-application.changed.v1.
    Locks: the campaign.
    """
    held = await hold_campaign(uow, actor, campaign_id, expected_version)
    applications = await applications_of(uow.session, held.id)
    at = now()
    on = beijing_day(at)
    domain.require_awardable(held, applications, on=on)
    for one in applications:
        if one.status == "selected":
            await _award_or_reject(uow, held, one, at)
    dispatch = domain.dispatch_of(held, "命名决定")
    state = next_state(held, status="decided", decided_on=on, dispatch=dispatch)
    return await store_record(uow, state, previous=held, action="reporting.campaign.award")


async def withdraw_campaign(
    uow: UnitOfWork, *, actor: Actor, campaign_id: UUID, expected_version: int, reason: str
) -> CampaignState:
    """Withdraws a campaign before its awards.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, CampaignNotInState.
    """
    held = await hold_campaign(uow, actor, campaign_id, expected_version)
    domain.require_withdrawable(held)
    dispatch = domain.dispatch_of(held, "撤销")
    state = next_state(held, status="withdrawn", withdrawal_reason=reason, dispatch=dispatch)
    return await store_record(uow, state, previous=held, action="reporting.campaign.withdraw", reason=reason)


async def get_campaign(session: AsyncSession, campaign_id: UUID, *, actor: Actor) -> CampaignState:
    """A campaign of the actor's subtree, or one meant for it.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS)
    found = await Campaigns(session).find(campaign_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return found


async def list_campaigns(session: AsyncSession, *, actor: Actor, after: UUID | None, limit: int) -> list[CampaignState]:
    """Campaigns of the actor's subtree and those meant for it, the oldest first.

    Source: O4.3a.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await Campaigns(session).page(actor=actor, after=after, limit=limit)


async def list_publicity(session: AsyncSession, campaign_id: UUID) -> list[WindowApplicationState]:
    """The selected while they are public; everybody may read it.

    Source: O4.3a, O4.3f.

    Raises:
        RecordNotFound: nothing is public now.
    """
    campaign = await get_record(session, CampaignState, campaign_id)
    if not domain.is_public(campaign, on=today()):
        raise RecordNotFound
    wanted = Wanted(statuses=("selected",), equal=(("campaign_id", str(campaign_id)),))
    return await list_records(session, WindowApplicationState, wanted)


async def _award_or_reject(
    uow: UnitOfWork, campaign: CampaignState, application: WindowApplicationState, at: datetime
) -> None:
    on = beijing_day(at)
    barred = await barred_by(uow.session, campaign, application.division, on=on)
    if barred or domain.is_upheld(application):
        await _reject(uow, application, "公示异议成立或者有不得评选的情形", barred)
        return
    try:
        office = await require_operating_office(uow.conn, application.division)
    except (DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating) as gone:
        await _reject(uow, application, f"命名时{gone.title}")
        return
    award = WindowAwardState(
        id=uuid5(application.id, "award"),
        version=1,
        division=application.division,
        level=application.level,
        office_id=application.office_id,
        changed_at=at,
        campaign_id=campaign.id,
        application_id=application.id,
        organiser=campaign.division,
        title=campaign.title,
        office_name=office.name,
        status="held",
        awarded_on=on,
        valid_until=domain.last_day(on, campaign.validity_months),
    )
    await store_record(uow, award, previous=None, action="reporting.window-award.award")
    awarded = next_state(application, status="awarded", award_id=award.id)
    await store_record(uow, awarded, previous=application, action=f"{_APPLICATION}.award")


async def _reject(
    uow: UnitOfWork, application: WindowApplicationState, reason: str, barred: tuple[DisqualifierKind, ...] = ()
) -> None:
    rejected = next_state(application, status="rejected", barred_by=barred, decision_reason=reason)
    await store_record(uow, rejected, previous=application, action=f"{_APPLICATION}.reject", reason=reason)
