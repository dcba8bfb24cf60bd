"""Applications of citizens over HTTP."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from casework.cases.service import SeenCase
from casework.deps import Cipher, CurrentActor, Idempotency, IfMatch, Paging, ReadSession, Uow
from casework.online import service
from casework.online.schemas import (
    ApplicationAnswer,
    ApplicationBody,
    CaseApplicationAnswer,
    NotificationAnswer,
    OwnApplicationAnswer,
    SupplementBody,
    WithdrawalBody,
    pairs,
)
from common.http import Page, answer, run_idempotent

router = APIRouter(prefix="/online", tags=["online"])


@router.post(
    "/applications",
    status_code=201,
    response_model=ApplicationAnswer,
    summary="网上申请",
    description="群众网上申请办事，可同时提交已上传的材料；由所选区划的机构收件。"
    "同一账号为同一申请人就同一事项提交的办件在办期间不重复受理。",
)
async def apply_online(body: ApplicationBody, uow: Uow, cipher: Cipher, once: Idempotency) -> Response:
    """Applies."""

    async def work() -> Response:
        view = await service.apply_online(uow, cipher=cipher, wanted=body.to_input())
        location = f"/casework/v1/online/applications/{view.case.id}"
        return answer(ApplicationAnswer.of(view), status=201, version=view.case.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/applications", summary="本人的网上申请", description="本人申请的办件，先申请的在前。")
async def list_own_applications(
    uow: Uow, actor: CurrentActor, cipher: Cipher, paging: Paging
) -> Page[ApplicationAnswer]:
    """Lists the actor's own applications."""
    of = "online/applications"
    after = paging.after(UUID, of=of)
    rows = await service.list_own_applications(
        uow.session, uow.conn, cipher=cipher, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda view: (view.case.id,), show=ApplicationAnswer.of, of=of)


@router.get(
    "/applications/{case_id}",
    response_model=OwnApplicationAnswer,
    summary="本人的一个网上申请",
    description="进度、补正要求和到期日的依据。",
)
async def get_own_application(uow: Uow, cipher: Cipher, case_id: UUID) -> Response:
    """Shows an application of the actor."""
    own = await service.get_own_application(uow, cipher=cipher, case_id=case_id)
    return answer(OwnApplicationAnswer.of_own(own), version=own.view.case.version)


@router.post(
    "/applications/{case_id}/supplement",
    response_model=ApplicationAnswer,
    summary="提交补正材料",
    description="一次提交告知的全部补正材料。",
)
async def supply_own_case(
    body: SupplementBody, uow: Uow, cipher: Cipher, version: IfMatch, once: Idempotency, case_id: UUID
) -> Response:
    """Brings what was missing."""

    async def work() -> Response:
        view = await service.supply_own_case(
            uow, cipher=cipher, seen=SeenCase(case_id, version), files=pairs(body.files)
        )
        return answer(ApplicationAnswer.of(view), version=view.case.version)

    return await run_idempotent(uow, once, work)


@router.post(
    "/applications/{case_id}/withdrawal",
    response_model=ApplicationAnswer,
    summary="撤回网上申请",
    description="撤回本人尚未终结的申请。",
)
async def withdraw_own_case(
    body: WithdrawalBody, uow: Uow, cipher: Cipher, version: IfMatch, once: Idempotency, case_id: UUID
) -> Response:
    """Withdraws."""

    async def work() -> Response:
        view = await service.withdraw_own_case(uow, cipher=cipher, seen=SeenCase(case_id, version), reason=body.reason)
        return answer(ApplicationAnswer.of(view), version=view.case.version)

    return await run_idempotent(uow, once, work)


@router.get(
    "/cases/{case_id}",
    response_model=CaseApplicationAnswer,
    summary="办件的网上申请信息",
    description="供能看到该办件的工作人员查看申请渠道，以及是否疑似重复申请。",
)
async def get_case_application(uow: Uow, case_id: UUID) -> Response:
    """Shows how a case came online."""
    found = await service.get_case_application(uow, case_id=case_id)
    return answer(CaseApplicationAnswer.of(found), version=found.version)


@router.get("/notifications", summary="本人的通知", description="关于本人网上申请的通知，先发生的在前。")
async def list_own_notifications(
    session: ReadSession, actor: CurrentActor, cipher: Cipher, paging: Paging
) -> Page[NotificationAnswer]:
    """Lists what the actor was told."""
    of = "online/notifications"
    after = paging.after(UUID, of=of)
    rows = await service.list_own_notifications(
        session, cipher=cipher, actor=actor, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=NotificationAnswer.of, of=of)
