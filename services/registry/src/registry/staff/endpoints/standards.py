"""Qualification standards: issued documents, public as such; issuing is the bureau's. Source: O3.1a, O4.3e."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.clock import today
from common.contracts.registry.people import QualificationStandardState
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted, get_record, list_records, list_versions
from registry.staff import service
from registry.staff.schemas.rules import StandardAnswer, StandardBody, StandardEnd

router = APIRouter(prefix="/qualification-standards", tags=["staff"])


@router.post(
    "",
    status_code=201,
    response_model=StandardAnswer,
    summary="制订聘用资格标准",
    description="由主管部门制订一个版本；同一类人员同期只有一个版本（O3.1a）。",
)
async def issue_standard(uow: Uow, actor: CurrentActor, once: Idempotency, body: StandardBody) -> Response:
    """Issues a version."""

    async def work() -> Response:
        state = await service.issue_standard(
            uow,
            actor=actor,
            office_id=body.office_id,
            effective_on=body.effective_on or min(body.in_force_from, today()),
            values=body.to_values(),
            reason=body.reason,
        )
        location = f"/registry/v1/qualification-standards/{state.id}"
        return answer(StandardAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/{standard_id}",
    response_model=StandardAnswer,
    summary="终止聘用资格标准",
    description="内容不变更，另订新版本；已按其核对的录用不受影响。须带 If-Match。",
)
async def end_standard(
    uow: Uow, actor: CurrentActor, standard_id: UUID, expected_version: IfMatch, body: StandardEnd
) -> Response:
    """Ends a version."""
    state = await service.end_standard(
        uow,
        actor=actor,
        standard_id=standard_id,
        expected_version=expected_version,
        in_force_to=body.in_force_to,
        reason=body.reason,
    )
    return answer(StandardAnswer.of(state), version=state.version)


@router.get("", summary="聘用资格标准列表", description="无需登录。")
async def list_standards(
    session: ReadSession, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[StandardAnswer]:
    """Lists versions."""
    of = f"standards:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await list_records(
        session, QualificationStandardState, wanted, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=StandardAnswer.of, of=of)


@router.get("/{standard_id}", summary="一个版本的聘用资格标准", description="无需登录。")
async def get_standard(session: ReadSession, standard_id: UUID, response: Response) -> StandardAnswer:
    """Shows one version."""
    state = await get_record(session, QualificationStandardState, standard_id)
    response.headers["ETag"] = etag_of(state.version)
    return StandardAnswer.of(state)


@router.get("/{standard_id}/versions", summary="聘用资格标准记录的历史", description="无需登录。")
async def list_standard_versions(session: ReadSession, standard_id: UUID) -> list[StandardAnswer]:
    """Shows the history of the record of one version."""
    return [StandardAnswer.of(state) for state in await list_versions(session, QualificationStandardState, standard_id)]
