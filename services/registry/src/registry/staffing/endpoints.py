"""Staffing requirements over HTTP. Source: O1.4a, O1.4b, O1.4c."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from common.clock import today
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import AsOf, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.staffing import service
from registry.staffing.schemas import (
    OverrideBody,
    RequirementAnswer,
    RequirementBody,
    RequirementPatch,
    SuggestionAnswer,
)

router = APIRouter(tags=["staffing"])
_PATH = "/staffing-requirements"


@router.post(
    _PATH,
    status_code=201,
    response_model=RequirementAnswer,
    summary="登记配备因素",
    description="服务对象人数和五项因素（O1.4a），每个服务所一次。",
)
async def tell_staffing_factors(uow: Uow, actor: CurrentActor, once: Idempotency, body: RequirementBody) -> Response:
    """Stores the factors."""

    async def work() -> Response:
        state = await service.tell_factors(
            uow,
            actor=actor,
            office_id=body.office_id,
            effective_on=body.effective_on or today(),
            factors=body.to_factors(),
            reason=body.reason,
        )
        location = f"/registry/v1{_PATH}/{state.id}"
        return answer(RequirementAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    _PATH + "/{requirement_id}",
    response_model=RequirementAnswer,
    summary="变更配备因素",
    description="须带 If-Match。",
)
async def change_staffing_factors(
    uow: Uow, actor: CurrentActor, requirement_id: UUID, expected_version: IfMatch, body: RequirementPatch
) -> Response:
    """Changes the factors."""
    state = await service.change_factors(
        uow,
        actor=actor,
        requirement_id=requirement_id,
        expected_version=expected_version,
        effective_on=body.effective_on or today(),
        factors=body.to_factors(),
        reason=body.reason,
    )
    return answer(RequirementAnswer.of(state), version=state.version)


@router.post(
    _PATH + "/{requirement_id}/override",
    response_model=RequirementAnswer,
    summary="核定增加人员",
    description="工作任务重的地区适当增加（O1.4c），由上级主管部门监督员核定，附理由和有效期；须带 If-Match。",
)
async def decide_staffing_override(
    uow: Uow, actor: CurrentActor, requirement_id: UUID, expected_version: IfMatch, body: OverrideBody
) -> Response:
    """Decides on more people."""
    state = await service.decide_override(
        uow, actor=actor, requirement_id=requirement_id, expected_version=expected_version, override=body.to_domain()
    )
    return answer(RequirementAnswer.of(state), version=state.version)


@router.get(_PATH, summary="配备因素列表", description="本人管辖范围内。")
async def list_staffing_requirements(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[RequirementAnswer]:
    """Lists the factors."""
    of = f"staffing:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await service.list_requirements(
        session, actor=actor, wanted=wanted, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RequirementAnswer.of, of=of)


@router.get(_PATH + "/{requirement_id}", summary="一个服务所的配备因素", description="管辖范围之外的视为不存在。")
async def get_staffing_requirement(
    session: ReadSession, actor: CurrentActor, requirement_id: UUID, response: Response
) -> RequirementAnswer:
    """Shows the factors of one office."""
    state = await service.get_requirement(session, actor=actor, requirement_id=requirement_id)
    response.headers["ETag"] = etag_of(state.version)
    return RequirementAnswer.of(state)


@router.get(_PATH + "/{requirement_id}/versions", summary="配备因素的历史", description="每一状态及其生效日期。")
async def list_staffing_requirement_versions(
    session: ReadSession, actor: CurrentActor, requirement_id: UUID
) -> list[RequirementAnswer]:
    """Shows the history of the factors of one office."""
    found = await service.list_requirement_versions(session, actor=actor, requirement_id=requirement_id)
    return [RequirementAnswer.of(state) for state in found]


@router.get(
    "/staffing/suggestion",
    summary="配备建议",
    description="按该日标准测算的应配人数（一个范围）、现有人数、状态（不足、达标、超配、未知）和算式（O1.4b）。",
)
async def get_staffing_suggestion(
    session: ReadSession, actor: CurrentActor, office_id: Annotated[UUID, Query(description="机构。")], on: AsOf
) -> SuggestionAnswer:
    """Shows what an office needs."""
    found = await service.get_suggestion(session, actor=actor, office_id=office_id, on=on)
    return SuggestionAnswer.of(office_id, found)
