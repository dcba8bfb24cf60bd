"""Pay runs: drafted, settled, cancelled. Source: O1.4e, O1.4f, O1.4g."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.contracts.registry.money import PayRunState
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.pay import service
from registry.pay.schemas import CancelBody, RunAnswer, RunBody
from registry.staff.service import get_readable, list_readable, list_readable_versions

router = APIRouter(prefix="/pay-runs", tags=["pay"])


@router.post(
    "",
    status_code=201,
    response_model=RunAnswer,
    summary="编制报酬核发",
    description="按已认定、未核发的任务逐人计算，尚不支付；公职人员兼职的一行金额为零并写明依据（O1.4g）。",
)
async def draft_pay_run(uow: Uow, actor: CurrentActor, once: Idempotency, body: RunBody) -> Response:
    """Drafts a run."""

    async def work() -> Response:
        state = await service.draft_run(uow, actor=actor, new=body.to_domain(), reason=body.reason)
        location = f"/registry/v1/pay-runs/{state.id}"
        return answer(RunAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.post(
    "/{run_id}/settlement",
    response_model=RunAnswer,
    summary="核定报酬",
    description="再次核查全省公职人员情况后核定，不可更改；每件任务只核发一次；须带 If-Match。",
)
async def settle_pay_run(uow: Uow, actor: CurrentActor, run_id: UUID, expected_version: IfMatch) -> Response:
    """Settles a run."""
    state = await service.settle_run(uow, actor=actor, run_id=run_id, expected_version=expected_version)
    return answer(RunAnswer.of(state), version=state.version)


@router.post(
    "/{run_id}/cancellation",
    response_model=RunAnswer,
    summary="撤销编制",
    description="只能撤销尚未核定的；须带 If-Match。",
)
async def cancel_pay_run(
    uow: Uow, actor: CurrentActor, run_id: UUID, expected_version: IfMatch, body: CancelBody
) -> Response:
    """Cancels a draft."""
    state = await service.cancel_run(
        uow, actor=actor, run_id=run_id, expected_version=expected_version, reason=body.reason
    )
    return answer(RunAnswer.of(state), version=state.version)


@router.get("", summary="报酬核发列表", description="本人管辖范围内。")
async def list_pay_runs(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[RunAnswer]:
    """Lists runs."""
    of = f"pay-runs:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await list_readable(
        session, PayRunState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RunAnswer.of, of=of)


@router.get("/{run_id}", summary="一条报酬核发", description="管辖范围之外的视为不存在。")
async def get_pay_run(session: ReadSession, actor: CurrentActor, run_id: UUID, response: Response) -> RunAnswer:
    """Shows one run."""
    state = await get_readable(session, PayRunState, run_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return RunAnswer.of(state)


@router.get("/{run_id}/versions", summary="报酬核发的历史", description="每一状态及其生效日期。")
async def list_pay_run_versions(session: ReadSession, actor: CurrentActor, run_id: UUID) -> list[RunAnswer]:
    """Shows the history of a run."""
    found = await list_readable_versions(session, PayRunState, run_id, actor=actor)
    return [RunAnswer.of(state) for state in found]
