"""Notices of holidays over HTTP: reading is public; importing one moves due dates all over the province."""

from uuid import UUID

from fastapi import APIRouter, Response

from casework.deps import Idempotency, Paging, ReadSession, Uow
from casework.notices import service
from casework.notices.schemas import (
    DueDateChangeAnswer,
    NoticeAnswer,
    NoticeBody,
    ToldNoticeAnswer,
    UncountedCaseAnswer,
)
from common.http import Page, answer, etag_of, run_idempotent

router = APIRouter(prefix="/holiday-notices", tags=["holiday-notices"])


@router.post(
    "", status_code=201, response_model=ToldNoticeAnswer, summary="载入节假日安排通知",
    description="仅省级系统管理员。该年转为正式，在办件的到期日随后在后台重新计算；同一文号重复载入不产生新版本（200）。",
)  # fmt: skip
async def import_notice(uow: Uow, once: Idempotency, body: NoticeBody) -> Response:
    """Imports a notice."""

    async def work() -> Response:
        state, is_new = await service.import_notice(uow, body.to_domain(), is_correction=body.is_correction)
        told = ToldNoticeAnswer(is_new=is_new, notice=NoticeAnswer.of(state))
        location = f"/casework/v1/holiday-notices/{state.id}"
        return answer(told, status=201 if is_new else 200, version=state.version, location=location)

    return await run_idempotent(uow, once, work)


@router.get("", summary="节假日安排通知", description="已载入的通知，按载入先后。无需登录。")
async def list_notices(session: ReadSession, paging: Paging) -> Page[NoticeAnswer]:
    """Lists notices."""
    after = paging.after(UUID, of="holiday-notices")
    rows = await service.list_notices(session, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=NoticeAnswer.of, of="holiday-notices")


@router.get("/{notice_id}", summary="一份节假日安排通知", description="含重新计算的进展。无需登录。")
async def get_notice(session: ReadSession, notice_id: UUID, response: Response) -> NoticeAnswer:
    """Shows a notice."""
    state = await service.get_notice(session, notice_id)
    response.headers["ETag"] = etag_of(state.version)
    return NoticeAnswer.of(state)


@router.get(
    "/{notice_id}/changes",
    summary="到期日变动的办件",
    description="该通知使到期日变动的全部办件。限省级管理员、监督员、审计员；不含申请人信息。",
)
async def list_changes(uow: Uow, notice_id: UUID, paging: Paging) -> Page[DueDateChangeAnswer]:
    """Lists changed due dates."""
    of = f"holiday-notice:{notice_id}"
    after = paging.after(UUID, of=of)
    rows = await service.list_changes(uow, notice_id, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.case_id,), show=DueDateChangeAnswer.of, of=of)


@router.get(
    "/{notice_id}/uncounted",
    summary="未能重新计算的办件",
    description="该通知未能重新计算、到期日仍按原日历的办件，系统定时重试。限省级管理员、监督员、审计员；不含申请人信息。",
)
async def list_uncounted(uow: Uow, notice_id: UUID, paging: Paging) -> Page[UncountedCaseAnswer]:
    """Lists cases that could not be counted."""
    of = f"holiday-notice-uncounted:{notice_id}"
    after = paging.after(UUID, of=of)
    rows = await service.list_uncounted(uow, notice_id, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.case_id,), show=UncountedCaseAnswer.of, of=of)
