"""Establishment: entered as found, then only lowered. Source: O1.4d."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.clock import today
from common.contracts.registry.people import EstablishmentState
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.staff import service
from registry.staff.schemas.rules import EstablishmentAnswer, EstablishmentBody, EstablishmentPatch

router = APIRouter(prefix="/establishments", tags=["staff"])


@router.post(
    "",
    status_code=201,
    response_model=EstablishmentAnswer,
    summary="登记现有编制",
    description="每个机构一次，附核定文号；此后只能核减（O1.4d）。",
)
async def enter_establishment(uow: Uow, actor: CurrentActor, once: Idempotency, body: EstablishmentBody) -> Response:
    """Enters a quota as found."""

    async def work() -> Response:
        state = await service.enter_establishment(
            uow,
            actor=actor,
            office_id=body.office_id,
            effective_on=body.effective_on or today(),
            quota=body.quota,
            document=body.document,
            reason=body.reason,
        )
        location = f"/registry/v1/establishments/{state.id}"
        return answer(EstablishmentAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/{establishment_id}",
    response_model=EstablishmentAnswer,
    summary="核减编制",
    description="不得新增，不得少于在编人数（O1.4d）；须带 If-Match。",
)
async def lower_establishment(
    uow: Uow, actor: CurrentActor, establishment_id: UUID, expected_version: IfMatch, body: EstablishmentPatch
) -> Response:
    """Lowers a quota."""
    state = await service.lower_establishment(
        uow,
        actor=actor,
        establishment_id=establishment_id,
        expected_version=expected_version,
        effective_on=body.effective_on or today(),
        quota=body.quota,
        document=body.document,
        reason=body.reason,
    )
    return answer(EstablishmentAnswer.of(state), version=state.version)


@router.get("", summary="编制列表", description="本人管辖范围内。")
async def list_establishments(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[EstablishmentAnswer]:
    """Lists quotas."""
    of = f"establishments:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await service.list_readable(
        session, EstablishmentState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=EstablishmentAnswer.of, of=of)


@router.get("/{establishment_id}", summary="一个机构的编制", description="管辖范围之外的视为不存在。")
async def get_establishment(
    session: ReadSession, actor: CurrentActor, establishment_id: UUID, response: Response
) -> EstablishmentAnswer:
    """Shows one quota."""
    state = await service.get_readable(session, EstablishmentState, establishment_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return EstablishmentAnswer.of(state)


@router.get("/{establishment_id}/versions", summary="编制的历史", description="每一状态及其生效日期。")
async def list_establishment_versions(
    session: ReadSession, actor: CurrentActor, establishment_id: UUID
) -> list[EstablishmentAnswer]:
    """Shows the history of a quota."""
    found = await service.list_readable_versions(session, EstablishmentState, establishment_id, actor=actor)
    return [EstablishmentAnswer.of(state) for state in found]
