"""Applications of several items over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.applications import service
from casework.applications.schemas import ApplicationAnswer, ApplicationBody
from casework.deps import Cipher, Idempotency, Paging, Uow
from common.http import DivisionCode, Page, answer, run_idempotent

router = APIRouter(prefix="/applications", tags=["applications"])

_ETAG = {"ETag": {"description": "申请的版本。", "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "新申请的地址。", "schema": {"type": "string"}}}


@router.post(
    "",
    status_code=201,
    response_model=ApplicationAnswer,
    responses={201: {"headers": {**_ETAG, **_LOCATION}}},
    summary="一件事申请",
    description="一次申请、一份回执：每个事项各登记一个办件，全部成功或全部不登记；材料合并，只需提交一次。",
)
async def register_application(body: ApplicationBody, uow: Uow, cipher: Cipher, key: Idempotency) -> Response:
    """Registers an application."""

    async def work() -> Response:
        view = await service.register_application(uow, cipher=cipher, new=body.to_domain())
        location = f"/casework/v1/applications/{view.state.id}"
        return answer(ApplicationAnswer.of(view), status=201, version=view.state.version, location=location)

    return await run_idempotent(uow, key, work)


@router.get("", summary="一件事申请列表", description="管辖范围内的申请及其办件的进展。")
async def list_applications(
    uow: Uow,
    paging: Paging,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
) -> Page[ApplicationAnswer]:
    """Lists applications."""
    of = f"applications:{division}"
    after = paging.after(UUID, of=of)
    rows = await service.list_applications(uow, within=division, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda view: (view.state.id,), show=ApplicationAnswer.of, of=of)


@router.get(
    "/{application_id}",
    response_model=ApplicationAnswer,
    responses={200: {"headers": _ETAG}},
    summary="一件事申请",
    description="回执内容、全部办件的状态和到期日。管辖范围之外的视为不存在。",
)
async def get_application(application_id: UUID, uow: Uow, cipher: Cipher) -> Response:
    """Shows one application."""
    view = await service.get_application(uow, cipher=cipher, application_id=application_id)
    return answer(ApplicationAnswer.of(view), version=view.state.version)
