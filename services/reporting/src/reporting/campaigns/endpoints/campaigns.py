"""Campaigns over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from common.contracts.reporting.campaigns import CampaignState
from common.http import Page, answer, etag_of, run_idempotent
from reporting.campaigns import service
from reporting.campaigns.schemas import CampaignAnswer, CampaignBody, PublicityAnswer, ReasonBody
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow

campaigns = APIRouter(prefix="/campaigns")


def _answer(state: CampaignState) -> Response:
    return answer(CampaignAnswer.of(state), version=state.version)


@campaigns.post(
    "", status_code=201, response_model=CampaignAnswer, summary="开展创建活动",
    description="写明标准、申报时间、名额、公示天数和有效期；逐级下达。",
)  # fmt: skip
async def open_campaign(uow: Uow, actor: CurrentActor, once: Idempotency, body: CampaignBody) -> Response:
    """Opens a campaign."""

    async def work() -> Response:
        state = await service.open_campaign(uow, actor=actor, new=body.to_new())
        location = f"/reporting/v1/campaigns/{state.id}"
        return answer(CampaignAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@campaigns.get("", summary="创建活动", description="本级、下级开展的，以及本级在范围之内的上级活动。")
async def list_campaigns(session: ReadSession, actor: CurrentActor, paging: Paging) -> Page[CampaignAnswer]:
    """Lists campaigns."""
    after = paging.after(UUID, of="campaigns")
    rows = await service.list_campaigns(session, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=CampaignAnswer.of, of="campaigns")


@campaigns.get("/{campaign_id}", summary="一次创建活动", description="本级、下级开展的，以及本级在范围之内的。")
async def get_campaign(
    session: ReadSession, actor: CurrentActor, campaign_id: UUID, response: Response
) -> CampaignAnswer:
    """Shows a campaign."""
    state = await service.get_campaign(session, campaign_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return CampaignAnswer.of(state)


@campaigns.get("/{campaign_id}/publicity", summary="公示名单", description="公示期内的拟命名机构。无需登录。")
async def list_campaign_publicity(session: ReadSession, campaign_id: UUID) -> list[PublicityAnswer]:
    """Lists the selected while they are public."""
    return [PublicityAnswer.of(one) for one in await service.list_publicity(session, campaign_id)]


@campaigns.post(
    "/{campaign_id}/publicity", response_model=CampaignAnswer, summary="公示",
    description="须带 If-Match；申报截止、全部申报已有决定之后公示拟命名的机构。",
)  # fmt: skip
async def make_campaign_public(uow: Uow, actor: CurrentActor, campaign_id: UUID, version: IfMatch) -> Response:
    """Makes the selected public."""
    return _answer(await service.make_public(uow, actor=actor, campaign_id=campaign_id, expected_version=version))


@campaigns.post(
    "/{campaign_id}/awards", response_model=CampaignAnswer, summary="命名",
    description="须带 If-Match；公示期满、异议全部答复之后命名；异议成立或者有不得评选情形的不予命名。",
)  # fmt: skip
async def award_campaign(uow: Uow, actor: CurrentActor, campaign_id: UUID, version: IfMatch) -> Response:
    """Awards the selected."""
    return _answer(await service.award_campaign(uow, actor=actor, campaign_id=campaign_id, expected_version=version))


@campaigns.post(
    "/{campaign_id}/withdrawal", response_model=CampaignAnswer, summary="撤销创建活动",
    description="须带 If-Match；命名之前可以撤销，须说明理由。",
)  # fmt: skip
async def withdraw_campaign(
    uow: Uow, actor: CurrentActor, campaign_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Withdraws a campaign."""
    state = await service.withdraw_campaign(
        uow, actor=actor, campaign_id=campaign_id, expected_version=version, reason=body.reason
    )
    return _answer(state)
