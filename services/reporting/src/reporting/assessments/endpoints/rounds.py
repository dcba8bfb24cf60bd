"""Schemes and rounds over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from common.contracts.reporting.assessments import AssessmentSchemeState, AssessmentState
from common.http import Page, answer, etag_of, run_idempotent
from reporting.assessments import service
from reporting.assessments.schemas import (
    AssessedListBody,
    ReasonBody,
    ResultAnswer,
    ResultsAnswer,
    RoundAnswer,
    RoundBody,
    SchemeAnswer,
    SchemeBody,
)
from reporting.assessments.service import Seen
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow

rounds = APIRouter(prefix="/assessments")


def _answer(state: AssessmentState) -> Response:
    return answer(RoundAnswer.of(state), version=state.version)


def _scheme(state: AssessmentSchemeState) -> Response:
    location = f"/reporting/v1/assessments/schemes/{state.id}"
    return answer(SchemeAnswer.of(state), status=201, version=state.version, location=location)


@rounds.get("/schemes", summary="考核办法", description="对本级有效的：上级和本级制定的。")
async def list_assessment_schemes(session: ReadSession, actor: CurrentActor) -> list[SchemeAnswer]:
    """Lists schemes."""
    return [SchemeAnswer.of(one) for one in await service.list_schemes(session, actor=actor)]


@rounds.post(
    "/schemes", status_code=201, response_model=SchemeAnswer, summary="制定考核办法",
    description="项目、权重、等次和名额。",
)  # fmt: skip
async def issue_assessment_scheme(uow: Uow, actor: CurrentActor, once: Idempotency, body: SchemeBody) -> Response:
    """Issues a scheme."""

    async def work() -> Response:
        return _scheme(await service.issue_scheme(uow, actor=actor, words=body.to_words()))

    return await run_idempotent(uow, once, work)


@rounds.get("/schemes/{scheme_id}", summary="一个考核办法", description="本级、下级的，以及上级制定的。")
async def get_assessment_scheme(
    session: ReadSession, actor: CurrentActor, scheme_id: UUID, response: Response
) -> SchemeAnswer:
    """Shows a scheme."""
    state = await service.find_scheme(session, scheme_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return SchemeAnswer.of(state)


@rounds.post(
    "/schemes/{scheme_id}/versions", status_code=201, response_model=SchemeAnswer, summary="考核办法新版本",
    description="须带 If-Match；已开展的考核仍按原版本。",
)  # fmt: skip
async def issue_assessment_scheme_version(
    uow: Uow, actor: CurrentActor, once: Idempotency, scheme_id: UUID, version: IfMatch, body: SchemeBody
) -> Response:
    """Issues the next version."""

    async def work() -> Response:
        state = await service.issue_scheme_version(
            uow, actor=actor, scheme_id=scheme_id, expected_version=version, words=body.to_words()
        )
        return _scheme(state)

    return await run_idempotent(uow, once, work)


@rounds.post(
    "", status_code=201, response_model=RoundAnswer, summary="开展考核",
    description="按一个考核办法，对范围内的机构或者个人在一个期间内考核。",
)  # fmt: skip
async def open_assessment(uow: Uow, actor: CurrentActor, once: Idempotency, body: RoundBody) -> Response:
    """Opens a round."""

    async def work() -> Response:
        state = await service.open_round(uow, actor=actor, new=body.to_new())
        location = f"/reporting/v1/assessments/rounds/{state.id}"
        return answer(RoundAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@rounds.get("", summary="考核", description="本级和下级开展的。")
async def list_assessments(session: ReadSession, actor: CurrentActor, paging: Paging) -> Page[RoundAnswer]:
    """Lists rounds."""
    after = paging.after(UUID, of="assessments")
    rows = await service.list_rounds(session, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=RoundAnswer.of, of="assessments")


@rounds.get("/rounds/{assessment_id}", summary="一次考核", description="考核单位及其上级，以及考核范围内的。")
async def get_assessment(
    session: ReadSession, actor: CurrentActor, assessment_id: UUID, response: Response
) -> RoundAnswer:
    """Shows a round."""
    state = await service.get_round(session, assessment_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return RoundAnswer.of(state)


@rounds.post(
    "/rounds/{assessment_id}/results", status_code=201, response_model=ResultsAnswer, summary="列入被考核对象",
    description="机构的督导考核、报送、督办数据由系统取得并记录来源；已列入的不变。",
)  # fmt: skip
async def add_assessed(
    uow: Uow, actor: CurrentActor, once: Idempotency, assessment_id: UUID, body: AssessedListBody
) -> Response:
    """Names who is assessed."""

    async def work() -> Response:
        found = await service.add_assessed(
            uow,
            actor=actor,
            assessment_id=assessment_id,
            assessed=[one.to_assessed() for one in body.assessed],
        )
        return answer(ResultsAnswer(results=[ResultAnswer.of(one) for one in found]), status=201)

    return await run_idempotent(uow, once, work)


@rounds.post(
    "/rounds/{assessment_id}/computation", response_model=RoundAnswer, summary="计算结果",
    description="须带 If-Match；由记录的数据计算得分，按分数线和名额评定等次，异议期重新起算。",
)  # fmt: skip
async def compute_assessment(uow: Uow, actor: CurrentActor, assessment_id: UUID, version: IfMatch) -> Response:
    """Computes the results."""
    return _answer(await service.compute_round(uow, actor=actor, seen=Seen(assessment_id, version)))


@rounds.post(
    "/rounds/{assessment_id}/confirmation", response_model=RoundAnswer, summary="确认结果",
    description="须带 If-Match；异议期满、异议全部复核之后，由未录入数据的人员确认，计入奖惩台账。",
)  # fmt: skip
async def confirm_assessment(uow: Uow, actor: CurrentActor, assessment_id: UUID, version: IfMatch) -> Response:
    """Confirms the results."""
    return _answer(await service.confirm_round(uow, actor=actor, seen=Seen(assessment_id, version)))


@rounds.post(
    "/rounds/{assessment_id}/withdrawal", response_model=RoundAnswer, summary="撤销考核",
    description="须带 If-Match；确认之前可以撤销。",
)  # fmt: skip
async def withdraw_assessment(
    uow: Uow, actor: CurrentActor, assessment_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Gives a round up."""
    state = await service.withdraw_round(uow, actor=actor, seen=Seen(assessment_id, version), reason=body.reason)
    return _answer(state)
