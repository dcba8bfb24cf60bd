"""Results over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.assessments import AssessmentResultState, ResultStatus
from common.http import DivisionCode, Page, answer, etag_of
from common.records.service import Wanted
from reporting.assessments import service
from reporting.assessments.schemas import ObjectionBody, ResultAnswer, ReviewBody, ValuesBody
from reporting.assessments.service import Seen
from reporting.deps import CurrentActor, IfMatch, Paging, ReadSession, Uow

results = APIRouter(prefix="/assessments/results")


def _answer(state: AssessmentResultState) -> Response:
    return answer(ResultAnswer.of(state), version=state.version)


@results.get("", summary="考核结果", description="本级及其以下的；mine=true 为本人的。")
async def list_assessment_results(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    assessment_id: Annotated[UUID | None, Query(description="只列该次考核的。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    status: Annotated[ResultStatus | None, Query(description="状态。")] = None,
    mine: Annotated[bool, Query(description="只列本人的，工作人员均可查询。")] = False,  # noqa: FBT002 - a query parameter
) -> Page[ResultAnswer]:
    """Lists results."""
    equal = () if assessment_id is None else (("assessment_id", str(assessment_id)),)
    wanted = Wanted(within=division, statuses=() if status is None else (status,), equal=equal)
    of = f"assessments/results:{wanted}:{actor.subject if mine else ''}"
    after = paging.after(UUID, of=of)
    listed = service.list_own_results if mine else service.list_results
    rows = await listed(session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=ResultAnswer.of, of=of)


@results.get("/{result_id}", summary="一个考核结果", description="本级及其以下的；个人可以看自己的。")
async def get_assessment_result(
    session: ReadSession, actor: CurrentActor, result_id: UUID, response: Response
) -> ResultAnswer:
    """Shows a result."""
    state = await service.get_result(session, result_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return ResultAnswer.of(state)


@results.put(
    "/{result_id}/values", response_model=ResultAnswer, summary="录入考核数据",
    description="须带 If-Match；每项须有来源记录。计算之后只在异议成立时可以更正。",
)  # fmt: skip
async def enter_assessment_values(
    uow: Uow, actor: CurrentActor, result_id: UUID, version: IfMatch, body: ValuesBody
) -> Response:
    """Enters values."""
    values = [(one.component, one.value, tuple(one.sources)) for one in body.values]
    return _answer(await service.enter_values(uow, actor=actor, seen=Seen(result_id, version), values=values))


@results.post(
    "/{result_id}/objections", response_model=ResultAnswer, summary="提出异议",
    description="须带 If-Match；由被考核的个人或者机构负责人在异议期内提出。",
)  # fmt: skip
async def object_to_assessment(
    uow: Uow, actor: CurrentActor, result_id: UUID, version: IfMatch, body: ObjectionBody
) -> Response:
    """Objects."""
    return _answer(await service.object_to_result(uow, actor=actor, seen=Seen(result_id, version), text=body.text))


@results.post(
    "/{result_id}/objections/review", response_model=ResultAnswer, summary="复核异议",
    description="须带 If-Match；由考核单位中未录入该数据的人员复核。",
)  # fmt: skip
async def review_assessment_objection(
    uow: Uow, actor: CurrentActor, result_id: UUID, version: IfMatch, body: ReviewBody
) -> Response:
    """Reviews an objection."""
    state = await service.review_objection(
        uow, actor=actor, seen=Seen(result_id, version), is_upheld=body.is_upheld, answer=body.answer
    )
    return _answer(state)
