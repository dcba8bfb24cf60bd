"""Applications over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from common.contracts.reporting.campaigns import ApplicationStatus, WindowApplicationState
from common.http import DivisionCode, Page, answer, etag_of, run_idempotent
from common.records.service import Wanted
from reporting.campaigns import service
from reporting.campaigns.schemas import (
    ApplicationAnswer,
    ApplicationBody,
    DecisionBody,
    ObjectionAnswerBody,
    ObjectionBody,
    ObjectionRaised,
    ReasonBody,
    ReviewBody,
)
from reporting.deps import CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow

applications = APIRouter(prefix="/campaigns")


def _answer(state: WindowApplicationState) -> Response:
    return answer(ApplicationAnswer.of(state), version=state.version)


@applications.post(
    "/{campaign_id}/applications", status_code=201, response_model=ApplicationAnswer, summary="申报",
    description="由机构自评并附佐证材料，每个机构一次。",
)  # fmt: skip
async def apply_for_campaign(
    uow: Uow, actor: CurrentActor, once: Idempotency, campaign_id: UUID, body: ApplicationBody
) -> Response:
    """Applies."""

    async def work() -> Response:
        state = await service.apply_for(uow, actor=actor, campaign_id=campaign_id, assessment=body.to_assessment())
        location = f"/reporting/v1/campaigns/applications/{state.id}"
        return answer(ApplicationAnswer.of(state), status=201, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@applications.get("/applications", summary="申报", description="本级及其以下机构的申报。")
async def list_window_applications(
    session: ReadSession,
    actor: CurrentActor,
    paging: Paging,
    campaign_id: Annotated[UUID | None, Query(description="只列该次活动的。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    status: Annotated[ApplicationStatus | None, Query(description="状态。")] = None,
) -> Page[ApplicationAnswer]:
    """Lists applications."""
    equal = () if campaign_id is None else (("campaign_id", str(campaign_id)),)
    wanted = Wanted(within=division, statuses=() if status is None else (status,), equal=equal)
    of = f"campaigns/applications:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_applications(
        session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=ApplicationAnswer.of, of=of)


@applications.get("/applications/{application_id}", summary="一个申报", description="本级及其以下机构的。")
async def get_window_application(
    session: ReadSession, actor: CurrentActor, application_id: UUID, response: Response
) -> ApplicationAnswer:
    """Shows an application."""
    state = await service.get_application(session, application_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return ApplicationAnswer.of(state)


@applications.post(
    "/applications/{application_id}/reviews", response_model=ApplicationAnswer, summary="初审",
    description="须带 If-Match；由机构的上级逐级初审，组织单位不初审。",
)  # fmt: skip
async def review_window_application(
    uow: Uow, actor: CurrentActor, application_id: UUID, version: IfMatch, body: ReviewBody
) -> Response:
    """Reviews."""
    state = await service.review_application(
        uow, actor=actor, application_id=application_id, expected_version=version, review=body.to_review()
    )
    return _answer(state)


@applications.post(
    "/applications/{application_id}/decision", response_model=ApplicationAnswer, summary="决定是否拟命名",
    description="须带 If-Match；由组织单位在申报截止后决定，下级逾期未初审的也可以决定；受名额和不得评选情形限制。",
)  # fmt: skip
async def decide_window_application(
    uow: Uow, actor: CurrentActor, application_id: UUID, version: IfMatch, body: DecisionBody
) -> Response:
    """Selects or rejects."""
    state = await service.decide_application(
        uow,
        actor=actor,
        application_id=application_id,
        expected_version=version,
        selects=body.selects,
        reason=body.reason,
    )
    return _answer(state)


@applications.post(
    "/applications/{application_id}/objections", status_code=201, response_model=ObjectionRaised,
    summary="提出异议", description="公示期内可以提出；提出人不在记录中显示。",
)  # fmt: skip
async def object_to_application(
    uow: Uow, actor: CurrentActor, once: Idempotency, application_id: UUID, body: ObjectionBody
) -> Response:
    """Objects."""

    async def work() -> Response:
        found = await service.raise_objection(uow, actor=actor, application_id=application_id, text=body.text)
        return answer(ObjectionRaised(id=found), status=201)

    return await run_idempotent(uow, once, work)


@applications.post(
    "/applications/{application_id}/objections/{objection_id}/answer", response_model=ApplicationAnswer,
    summary="答复异议", description="须带 If-Match；由组织单位在命名之前答复。",
)  # fmt: skip
async def answer_application_objection(
    uow: Uow,
    actor: CurrentActor,
    application_id: UUID,
    objection_id: UUID,
    version: IfMatch,
    body: ObjectionAnswerBody,
) -> Response:
    """Answers an objection."""
    state = await service.answer_objection(
        uow,
        actor=actor,
        application_id=application_id,
        expected_version=version,
        objection_id=objection_id,
        answer=body.answer,
        is_upheld=body.is_upheld,
    )
    return _answer(state)


@applications.post(
    "/applications/{application_id}/withdrawal", response_model=ApplicationAnswer, summary="撤回申报",
    description="须带 If-Match；由申报机构在命名之前撤回。",
)  # fmt: skip
async def withdraw_window_application(
    uow: Uow, actor: CurrentActor, application_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Withdraws an application."""
    state = await service.withdraw_application(
        uow, actor=actor, application_id=application_id, expected_version=version, reason=body.reason
    )
    return _answer(state)
