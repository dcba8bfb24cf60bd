"""Rates: what one accepted task is worth. Source: O1.4f."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.contracts.registry.money import PayRateState
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.pay import service
from registry.pay.schemas import RateAnswer, RateBody, RatePatch
from registry.staff.service import get_readable, list_readable, list_readable_versions

router = APIRouter(prefix="/pay-rates", tags=["pay"])


@router.post(
    "",
    status_code=201,
    response_model=RateAnswer,
    summary="规定报酬标准",
    description="由领导乡镇（街道）服务所的政府规定，按任务计，单位为分。",
)
async def set_pay_rate(uow: Uow, actor: CurrentActor, once: Idempotency, body: RateBody) -> Response:
    """Sets a rate."""

    async def work() -> Response:
        state = await service.set_rate(uow, actor=actor, new=body.to_domain(), reason=body.reason)
        location = f"/registry/v1/pay-rates/{state.id}"
        return answer(RateAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/{rate_id}",
    response_model=RateAnswer,
    summary="规定报酬标准的失效日期",
    description="已核发的不受影响；须带 If-Match。",
)
async def end_pay_rate(
    uow: Uow, actor: CurrentActor, rate_id: UUID, expected_version: IfMatch, body: RatePatch
) -> Response:
    """Ends a rate."""
    state = await service.end_rate(
        uow,
        actor=actor,
        rate_id=rate_id,
        expected_version=expected_version,
        valid_to=body.valid_to,
        reason=body.reason,
    )
    return answer(RateAnswer.of(state), version=state.version)


@router.get("", summary="报酬标准列表", description="本人管辖范围内。")
async def list_pay_rates(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[RateAnswer]:
    """Lists rates."""
    of = f"pay-rates:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await list_readable(
        session, PayRateState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RateAnswer.of, of=of)


@router.get("/{rate_id}", summary="一条报酬标准", description="管辖范围之外的视为不存在。")
async def get_pay_rate(session: ReadSession, actor: CurrentActor, rate_id: UUID, response: Response) -> RateAnswer:
    """Shows one rate."""
    state = await get_readable(session, PayRateState, rate_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return RateAnswer.of(state)


@router.get("/{rate_id}/versions", summary="报酬标准的历史", description="每一状态及其生效日期。")
async def list_pay_rate_versions(session: ReadSession, actor: CurrentActor, rate_id: UUID) -> list[RateAnswer]:
    """Shows the history of a rate."""
    found = await list_readable_versions(session, PayRateState, rate_id, actor=actor)
    return [RateAnswer.of(state) for state in found]
