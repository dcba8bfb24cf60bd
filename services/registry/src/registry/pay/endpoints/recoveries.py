"""Recoveries: pay that must come back. Source: O1.4f, O1.4g."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.contracts.registry.money import PayRecoveryState
from common.http import Page, answer, etag_of
from registry.deps import CurrentActor, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.pay import service
from registry.pay.schemas import ClosingBody, RecoveryAnswer
from registry.staff.service import get_readable, list_readable, list_readable_versions

router = APIRouter(prefix="/pay-recoveries", tags=["pay"])


@router.post(
    "/{recovery_id}/closing",
    response_model=RecoveryAnswer,
    summary="办结追回事项",
    description="已追回，或免予追回（须有理由和文件）；须带 If-Match。",
)
async def close_pay_recovery(
    uow: Uow, actor: CurrentActor, recovery_id: UUID, expected_version: IfMatch, body: ClosingBody
) -> Response:
    """Closes a recovery."""
    state = await service.close_recovery(
        uow, actor=actor, recovery_id=recovery_id, expected_version=expected_version, closing=body.to_domain()
    )
    return answer(RecoveryAnswer.of(state), version=state.version)


@router.get("", summary="报酬追回列表", description="本人管辖范围内。")
async def list_pay_recoveries(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[RecoveryAnswer]:
    """Lists recoveries."""
    of = f"pay-recoveries:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await list_readable(
        session, PayRecoveryState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RecoveryAnswer.of, of=of)


@router.get("/{recovery_id}", summary="一条报酬追回", description="管辖范围之外的视为不存在。")
async def get_pay_recovery(
    session: ReadSession, actor: CurrentActor, recovery_id: UUID, response: Response
) -> RecoveryAnswer:
    """Shows one recovery."""
    state = await get_readable(session, PayRecoveryState, recovery_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return RecoveryAnswer.of(state)


@router.get("/{recovery_id}/versions", summary="报酬追回的历史", description="每一状态及其生效日期。")
async def list_pay_recovery_versions(
    session: ReadSession, actor: CurrentActor, recovery_id: UUID
) -> list[RecoveryAnswer]:
    """Shows the history of a recovery."""
    found = await list_readable_versions(session, PayRecoveryState, recovery_id, actor=actor)
    return [RecoveryAnswer.of(state) for state in found]
