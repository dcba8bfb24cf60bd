"""Baseline surveys over HTTP: staff and money are in them, so readers sign in and see their subtree. Source: S3."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.clock import today
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from registry.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from registry.history.schemas import wanted_records
from registry.history.service import Wanted
from registry.surveys import service
from registry.surveys.schemas import (
    QuestionAnswer,
    SurveyAnswer,
    SurveyBody,
    SurveyPatch,
    SurveySummary,
    questions,
)

router = APIRouter(prefix="/baseline-surveys", tags=["baseline-surveys"])

Asked = Annotated[Wanted, Depends(wanted_records)]


@router.post(
    "", status_code=201, response_model=SurveyAnswer, summary="登记现状调查",
    description="每个机构一份；之后只能更正，原内容保留在历史中。",
)  # fmt: skip
async def create_baseline_survey(uow: Uow, actor: CurrentActor, once: Idempotency, body: SurveyBody) -> Response:
    """Tells how an office was found."""

    async def work() -> Response:
        state = await service.create_survey(
            uow,
            actor=actor,
            office_id=body.office_id,
            facts=body.to_facts(),
            effective_on=body.effective_on or today(),
            reason=body.reason,
        )
        location = f"/registry/v1/baseline-surveys/{state.id}"
        return answer(SurveyAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="现状调查列表", description="限本人管辖范围。")
async def list_baseline_surveys(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Asked
) -> Page[SurveyAnswer]:
    """Lists surveys."""
    of = f"baseline-surveys:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_surveys(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=SurveyAnswer.of, of=of)


@router.get("/questions", summary="现状调查内容", description="各项内容的代码、名称、维度和单位。无需登录。")
async def list_survey_questions() -> list[QuestionAnswer]:
    """Lists what is asked."""
    return questions()


@router.get("/summary", summary="现状调查汇总", description="已调查机构数和共享信息资源清单，限本人管辖范围。")
async def sum_baseline_surveys(session: ReadSession, actor: CurrentActor, division: DivisionCode) -> SurveySummary:
    """Sums up the surveys of a division."""
    return SurveySummary.of(division, await service.sum_surveys(session, actor=actor, within=division))


@router.get("/{survey_id}", summary="一份现状调查", description="限本人管辖范围。")
async def get_baseline_survey(
    session: ReadSession, actor: CurrentActor, survey_id: UUID, response: Response
) -> SurveyAnswer:
    """Shows one survey."""
    state = await service.get_survey(session, actor=actor, survey_id=survey_id)
    response.headers["ETag"] = etag_of(state.version)
    return SurveyAnswer.of(state)


@router.get("/{survey_id}/versions", summary="现状调查的历次状态", description="第一份为原始情况。限本人管辖范围。")
async def list_baseline_survey_versions(
    session: ReadSession, actor: CurrentActor, survey_id: UUID
) -> list[SurveyAnswer]:
    """Shows every state of a survey."""
    states = await service.list_survey_versions(session, actor=actor, survey_id=survey_id)
    return [SurveyAnswer.of(state) for state in states]


@router.patch(
    "/{survey_id}", response_model=SurveyAnswer, summary="更正现状调查",
    description="须带 If-Match 并说明理由；原内容保留在历史中。",
)  # fmt: skip
async def correct_baseline_survey(
    uow: Uow, actor: CurrentActor, survey_id: UUID, expected_version: IfMatch, body: SurveyPatch
) -> Response:
    """Corrects a survey."""
    state = await service.correct_survey(
        uow,
        actor=actor,
        survey_id=survey_id,
        expected_version=expected_version,
        facts=body.to_facts(),
        effective_on=body.effective_on or today(),
        reason=body.reason,
    )
    return answer(SurveyAnswer.of(state), version=state.version)
