"""Recruitments: notice, places, whom they brought. Source: O3.1b."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.clock import today
from common.contracts.registry.people import RecruitmentState
from common.http import Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.staff import service
from registry.staff.schemas.rules import RecruitmentAnswer, RecruitmentBody, RecruitmentPatch

router = APIRouter(prefix="/recruitments", tags=["staff"])


@router.post(
    "",
    status_code=201,
    response_model=RecruitmentAnswer,
    summary="登记招聘",
    description="公告、方式、名额和优先对象（O3.1b）。",
)
async def announce_recruitment(uow: Uow, actor: CurrentActor, once: Idempotency, body: RecruitmentBody) -> Response:
    """Records a recruitment."""

    async def work() -> Response:
        state = await service.announce_recruitment(
            uow,
            actor=actor,
            office_id=body.office_id,
            effective_on=body.effective_on or min(body.notice_published_on or today(), today()),
            values=body.to_values(),
            reason=body.reason,
        )
        location = f"/registry/v1/recruitments/{state.id}"
        return answer(RecruitmentAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.patch(
    "/{recruitment_id}",
    response_model=RecruitmentAnswer,
    summary="变更招聘",
    description="名额不得少于已录用人数；已有录用的不能取消。须带 If-Match。",
)
async def change_recruitment(
    uow: Uow, actor: CurrentActor, recruitment_id: UUID, expected_version: IfMatch, body: RecruitmentPatch
) -> Response:
    """Changes a recruitment."""
    state = await service.change_recruitment(
        uow,
        actor=actor,
        recruitment_id=recruitment_id,
        expected_version=expected_version,
        effective_on=body.effective_on or today(),
        changes=body.to_changes(),
        reason=body.reason,
    )
    return answer(RecruitmentAnswer.of(state), version=state.version)


@router.get("", summary="招聘列表", description="本人管辖范围内，含录用人数和优先吸纳人员所占比例。")
async def list_recruitments(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[Wanted, Depends(wanted_records)]
) -> Page[RecruitmentAnswer]:
    """Lists recruitments."""
    of = f"recruitments:{wanted.office_id}:{wanted.within}:{wanted.on}"
    after = paging.after(UUID, of=of)
    rows = await service.list_readable(
        session, RecruitmentState, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=RecruitmentAnswer.of, of=of)


@router.get("/{recruitment_id}", summary="一次招聘", description="管辖范围之外的视为不存在。")
async def get_recruitment(
    session: ReadSession, actor: CurrentActor, recruitment_id: UUID, response: Response
) -> RecruitmentAnswer:
    """Shows one recruitment."""
    state = await service.get_readable(session, RecruitmentState, recruitment_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return RecruitmentAnswer.of(state)


@router.get("/{recruitment_id}/versions", summary="招聘的历史", description="每一状态及其生效日期。")
async def list_recruitment_versions(
    session: ReadSession, actor: CurrentActor, recruitment_id: UUID
) -> list[RecruitmentAnswer]:
    """Shows the history of a recruitment."""
    found = await service.list_readable_versions(session, RecruitmentState, recruitment_id, actor=actor)
    return [RecruitmentAnswer.of(state) for state in found]
