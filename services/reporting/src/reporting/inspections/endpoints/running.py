"""Inspections, their samples and results over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.inspections import InspectionState
from common.http import Page, answer, etag_of, run_idempotent
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadConnection, ReadSession, Uow
from reporting.inspections import service
from reporting.inspections.schemas.answers import FrameOfficeAnswer, InspectionAnswer, RedrawAnswer
from reporting.inspections.schemas.bodies import (
    InspectionBody,
    PublicationBody,
    ReasonBody,
    ReplacementBody,
    StatusAsked,
)
from reporting.inspections.service import Seen, SeenInspection

running = APIRouter(prefix="/inspections")


def _shown(state: InspectionState) -> InspectionAnswer:
    return InspectionAnswer.of(SeenInspection(state, is_whole=True))


def _answer(state: InspectionState) -> Response:
    return answer(_shown(state), version=state.version)


@running.post(
    "", status_code=201, response_model=InspectionAnswer, summary="制定督导考核",
    description="不设固定周期；制定时记录随机种子。不事先告知的，被检查单位在开始检查之前看不到。",
)  # fmt: skip
async def plan_inspection(uow: Uow, actor: CurrentActor, once: Idempotency, body: InspectionBody) -> Response:
    """Plans an inspection."""

    async def work() -> Response:
        state = await service.plan_inspection(uow, actor=actor, plan=body.to_plan())
        location = f"/reporting/v1/inspections/{state.id}"
        return answer(_shown(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@running.get(
    "", summary="督导考核",
    description="本级和下级组织的，以及已告知、已开始检查或者已通报到本级的上级督导考核。",
)  # fmt: skip
async def list_inspections(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    status: Annotated[StatusAsked | None, Query(description="状态。")] = None,
) -> Page[InspectionAnswer]:
    """Lists inspections."""
    of = f"inspections:{status}"
    after = paging.after(UUID, of=of)
    rows = await service.list_inspections(
        session, actor=actor, status=status, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.state.id,), show=InspectionAnswer.of, of=of)


@running.get("/{inspection_id}", summary="一次督导考核", description="通报之后，范围内各级可以看到名单、种子和结果。")
async def get_inspection(
    session: ReadSession, actor: CurrentActor, inspection_id: UUID, response: Response
) -> InspectionAnswer:
    """Shows an inspection."""
    seen = await service.get_inspection(session, inspection_id, actor=actor)
    response.headers["ETag"] = etag_of(seen.state.version)
    return InspectionAnswer.of(seen)


@running.post(
    "/{inspection_id}/sample", response_model=InspectionAnswer, summary="冻结名单并抽取",
    description="须带 If-Match；冻结当日运行的机构名单，按记录的种子抽取，只抽一次。",
)  # fmt: skip
async def draw_inspection_sample(uow: Uow, actor: CurrentActor, inspection_id: UUID, version: IfMatch) -> Response:
    """Draws the sample."""
    return _answer(await service.draw_sample(uow, actor=actor, seen=Seen(inspection_id, version)))


@running.get(
    "/{inspection_id}/sample/redraw", summary="重新抽取核对",
    description="按冻结的名单和记录的种子重新抽取，核对名单和抽取结果。",
)  # fmt: skip
async def redraw_inspection_sample(
    session: ReadSession, conn: ReadConnection, actor: CurrentActor, inspection_id: UUID
) -> RedrawAnswer:
    """Draws the sample again."""
    found = await service.redraw(session, conn, inspection_id, actor=actor)
    return RedrawAnswer(digest=found.digest, is_same_frame=found.is_same_frame, is_same_sample=found.is_same_sample)


@running.get(
    "/{inspection_id}/frame", summary="抽样名单", description="冻结的全部机构，任何看得到的人都可据此重新抽取。"
)
async def list_inspection_frame(
    session: ReadSession, conn: ReadConnection, actor: CurrentActor, inspection_id: UUID, paging: Paging
) -> Page[FrameOfficeAnswer]:
    """Lists the frame."""
    of = f"inspections/frame:{inspection_id}"
    after = paging.after(UUID, of=of)
    rows = await service.list_frame(
        session, conn, inspection_id, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.office_id,), show=FrameOfficeAnswer.of, of=of)


@running.post(
    "/{inspection_id}/sample/replacements", response_model=InspectionAnswer, summary="替换抽中的机构",
    description="须带 If-Match；由本层次序中的下一个机构替换，须说明理由。",
)  # fmt: skip
async def replace_sampled_office(
    uow: Uow, actor: CurrentActor, inspection_id: UUID, version: IfMatch, body: ReplacementBody
) -> Response:
    """Replaces an office of the sample."""
    state = await service.replace_office(
        uow, actor=actor, seen=Seen(inspection_id, version), office_id=body.office_id, reason=body.reason
    )
    return _answer(state)


@running.post(
    "/{inspection_id}/conclusion", response_model=InspectionAnswer, summary="检查完毕",
    description="须带 If-Match；没有未完成的现场检查。",
)  # fmt: skip
async def conclude_inspection(uow: Uow, actor: CurrentActor, inspection_id: UUID, version: IfMatch) -> Response:
    """Ends the visits."""
    return _answer(await service.conclude_inspection(uow, actor=actor, seen=Seen(inspection_id, version)))


@running.post(
    "/{inspection_id}/publication", response_model=InspectionAnswer, summary="通报结果",
    description="须带 If-Match；在所定范围内通报得分和名次，逐级下达。",
)  # fmt: skip
async def publish_inspection_result(
    uow: Uow, actor: CurrentActor, inspection_id: UUID, version: IfMatch, body: PublicationBody
) -> Response:
    """Publishes the result."""
    state = await service.publish_result(
        uow, actor=actor, seen=Seen(inspection_id, version), scope=list(dict.fromkeys(body.scope))
    )
    return _answer(state)


@running.post(
    "/{inspection_id}/withdrawal", response_model=InspectionAnswer, summary="撤销督导考核",
    description="须带 If-Match；通报之前可以撤销，未签字确认的现场检查一并撤销。",
)  # fmt: skip
async def withdraw_inspection(
    uow: Uow, actor: CurrentActor, inspection_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Withdraws an inspection."""
    state = await service.withdraw_inspection(uow, actor=actor, seen=Seen(inspection_id, version), reason=body.reason)
    return _answer(state)
