"""Visits over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.inspections import InspectionVisitState
from common.http import Page, answer, etag_of, run_idempotent
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from reporting.inspections import service
from reporting.inspections.schemas.bodies import FindingsBody, ReasonBody, StatementBody, VisitBody
from reporting.inspections.schemas.visits import RecountAnswer, VisitAnswer
from reporting.inspections.service import Seen, SeenVisit

visits = APIRouter(prefix="/inspections")


def _answer(state: InspectionVisitState, *, has_findings: bool = True) -> Response:
    return answer(VisitAnswer.of(SeenVisit(state, has_findings)), version=state.version)


@visits.post(
    "/{inspection_id}/visits", status_code=201, response_model=VisitAnswer, summary="开始现场检查",
    description="由两名以上检查人员对抽中的机构进行，检查人员不得来自被检查的机构及其下级；申报数在开始时冻结。",
)  # fmt: skip
async def begin_inspection_visit(
    uow: Uow, actor: CurrentActor, once: Idempotency, inspection_id: UUID, body: VisitBody
) -> Response:
    """Begins a visit."""

    async def work() -> Response:
        state = await service.begin_visit(
            uow,
            actor=actor,
            inspection_id=inspection_id,
            division=body.division,
            team=body.team,
            reinspects=body.reinspects,
        )
        location = f"/reporting/v1/inspections/visits/{state.id}"
        shown = VisitAnswer.of(SeenVisit(state, has_findings=True))
        return answer(shown, status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@visits.get("/visits", summary="现场检查", description="本级及其以下的；mine 为 true 时为本人参加的。")
async def list_inspection_visits(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    inspection_id: Annotated[UUID | None, Query(description="只列该次督导考核的。")] = None,
    mine: Annotated[bool, Query(description="只列本人参加的，不限区划。")] = False,  # noqa: FBT002
) -> Page[VisitAnswer]:
    """Lists visits."""
    of = f"inspections/visits:{inspection_id}:{mine}"
    after = paging.after(UUID, of=of)
    rows = await service.list_visits(
        session,
        actor=actor,
        inspection_id=inspection_id,
        is_mine=mine,
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.state.id,), show=VisitAnswer.of, of=of)


@visits.get("/visits/{visit_id}", summary="一次现场检查", description="反馈之前，被检查机构看不到检查结果。")
async def get_inspection_visit(
    session: ReadSession, actor: CurrentActor, visit_id: UUID, response: Response
) -> VisitAnswer:
    """Shows a visit."""
    seen = await service.get_visit(session, visit_id, actor=actor)
    response.headers["ETag"] = etag_of(seen.state.version)
    return VisitAnswer.of(seen)


@visits.get(
    "/visits/{visit_id}/score", summary="重新计算得分", description="由检查结果和模板重新计算，与记录的得分核对。"
)
async def recount_inspection_score(session: ReadSession, actor: CurrentActor, visit_id: UUID) -> RecountAnswer:
    """Counts a score again."""
    return RecountAnswer.of(await service.recount(session, visit_id, actor=actor))


@visits.put(
    "/visits/{visit_id}/findings", response_model=VisitAnswer, summary="记录检查结果",
    description="须带 If-Match；实测数与申报数的差异由系统判定。同一指标以后记录的为准。",
)  # fmt: skip
async def record_findings(
    uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch, body: FindingsBody
) -> Response:
    """Writes findings down."""
    found = [one.to_found() for one in body.findings]
    return _answer(await service.record_findings(uow, actor=actor, seen=Seen(visit_id, version), found=found))


@visits.post(
    "/visits/{visit_id}/presentation", response_model=VisitAnswer, summary="反馈检查结果",
    description="须带 If-Match；全部指标都有结果后反馈被检查机构。",
)  # fmt: skip
async def present_findings(uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch) -> Response:
    """Shows the findings to the office."""
    return _answer(await service.present_findings(uow, actor=actor, seen=Seen(visit_id, version)))


@visits.post(
    "/visits/{visit_id}/reopening", response_model=VisitAnswer, summary="重新核查",
    description="须带 If-Match；签字确认之前可以重新核查，已有的签名作废。",
)  # fmt: skip
async def reopen_findings(
    uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Looks again."""
    state = await service.reopen_findings(uow, actor=actor, seen=Seen(visit_id, version), reason=body.reason)
    return _answer(state)


@visits.post(
    "/visits/{visit_id}/statement", response_model=VisitAnswer, summary="陈述意见",
    description="须带 If-Match；由被检查机构陈述，只一次。",
)  # fmt: skip
async def state_on_findings(
    uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch, body: StatementBody
) -> Response:
    """The office states its side."""
    state = await service.state_side(
        uow, actor=actor, seen=Seen(visit_id, version), text=body.text, accepts=body.accepts
    )
    return _answer(state)


@visits.post(
    "/visits/{visit_id}/signatures", response_model=VisitAnswer, summary="签字",
    description="须带 If-Match；两名检查人员签字后得分生效，不合格项发出整改督办。",
)  # fmt: skip
async def sign_inspection_visit(uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch) -> Response:
    """Signs a visit."""
    return _answer(await service.sign_visit(uow, actor=actor, seen=Seen(visit_id, version)))


@visits.post(
    "/visits/{visit_id}/withdrawal", response_model=VisitAnswer, summary="中止现场检查",
    description="须带 If-Match；签字确认之前可以中止，该机构可以另行检查。",
)  # fmt: skip
async def withdraw_inspection_visit(
    uow: Uow, actor: CurrentActor, visit_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Breaks a visit off."""
    return _answer(await service.withdraw_visit(uow, actor=actor, seen=Seen(visit_id, version), reason=body.reason))
