"""Templates over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from common.contracts.reporting.inspections import InspectionTemplateState
from common.http import answer, etag_of, run_idempotent
from reporting.deps import CurrentActor, Idempotency, IfMatch, ReadSession, Uow
from reporting.inspections import service
from reporting.inspections.schemas.answers import TemplateAnswer
from reporting.inspections.schemas.bodies import ReasonBody, TemplateBody

templates = APIRouter(prefix="/inspections/templates")


def _created(state: InspectionTemplateState) -> Response:
    location = f"/reporting/v1/inspections/templates/{state.id}"
    return answer(TemplateAnswer.of(state), status=201, version=state.version, location=location)


@templates.get("", summary="考核模板", description="对本级有效的：本级和上级制定的。")
async def list_inspection_templates(session: ReadSession, actor: CurrentActor) -> list[TemplateAnswer]:
    """Lists templates."""
    return [TemplateAnswer.of(one) for one in await service.list_templates(session, actor=actor)]


@templates.post(
    "", status_code=201, response_model=TemplateAnswer, summary="制定考核模板",
    description="按机构、人员、场地、设备、资金、服务、信息化七节，每节有权重和指标。",
)  # fmt: skip
async def issue_inspection_template(uow: Uow, actor: CurrentActor, once: Idempotency, body: TemplateBody) -> Response:
    """Issues a template."""

    async def work() -> Response:
        return _created(await service.issue_template(uow, actor=actor, words=body.to_words()))

    return await run_idempotent(uow, once, work)


@templates.post(
    "/starting", status_code=201, response_model=TemplateAnswer, summary="采用系统自带的考核模板",
    description="指标取自原文条款；权重和合格线待组织单位确定，在 to_confirm 中注明。",
)  # fmt: skip
async def adopt_inspection_template(uow: Uow, actor: CurrentActor, once: Idempotency) -> Response:
    """Issues the packaged template."""

    async def work() -> Response:
        return _created(await service.adopt_starting_template(uow, actor=actor))

    return await run_idempotent(uow, once, work)


@templates.get("/{template_id}", summary="一个考核模板", description="本级、下级的，以及上级制定的。")
async def get_inspection_template(
    session: ReadSession, actor: CurrentActor, template_id: UUID, response: Response
) -> TemplateAnswer:
    """Shows a template."""
    state = await service.get_template(session, template_id, actor=actor)
    response.headers["ETag"] = etag_of(state.version)
    return TemplateAnswer.of(state)


@templates.post(
    "/{template_id}/versions", status_code=201, response_model=TemplateAnswer, summary="考核模板新版本",
    description="须带 If-Match；已制定的督导考核仍按原版本。",
)  # fmt: skip
async def issue_template_version(
    uow: Uow, actor: CurrentActor, once: Idempotency, template_id: UUID, version: IfMatch, body: TemplateBody
) -> Response:
    """Issues the next version."""

    async def work() -> Response:
        state = await service.issue_version(
            uow, actor=actor, template_id=template_id, expected_version=version, words=body.to_words()
        )
        return _created(state)

    return await run_idempotent(uow, once, work)


@templates.post(
    "/{template_id}/withdrawal", response_model=TemplateAnswer, summary="撤回考核模板", description="须带 If-Match。"
)
async def withdraw_inspection_template(
    uow: Uow, actor: CurrentActor, template_id: UUID, version: IfMatch, body: ReasonBody
) -> Response:
    """Withdraws a template."""
    state = await service.withdraw_template(
        uow, actor=actor, template_id=template_id, expected_version=version, reason=body.reason
    )
    return answer(TemplateAnswer.of(state), version=state.version)
