"""What the public does: filing, tracking, asking for re-examination, reading published consultations."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response

from casework.complaints import service
from casework.complaints.schemas import (
    AppealBody,
    ComplaintBody,
    FiledAnswer,
    ProgressAnswer,
    PublicationAnswer,
    TrackBody,
)
from casework.complaints.service import Progress
from casework.deps import Cipher, OpenUow, Paging, ReadSession
from casework.limits.schemas import TOO_MANY, Counting
from common.http import PROBLEM_JSON, Page, answer
from common.http.errors import IdempotencyKeyInvalid, IdempotencyKeyRequired

public = APIRouter(prefix="/complaints", tags=["complaints"])

_KEY = re.compile(r"[\x21-\x7e]{16,128}")
_PROBLEM = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_NEEDS_KEY: dict[int | str, dict[str, Any]] = {
    **TOO_MANY,
    428: {"description": "缺少 Idempotency-Key", "content": _PROBLEM},
}


async def filing_key(
    key: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="为每次提交生成的唯一键（建议 UUID），至少 16 个字符。"),
    ] = None,
) -> str:
    """Dependency: the caller's own key of a filing."""
    if key is None or not key.strip():
        raise IdempotencyKeyRequired
    if _KEY.fullmatch(key) is None:
        raise IdempotencyKeyInvalid
    return key


async def _filing(count: Counting, body: ComplaintBody) -> ComplaintBody:
    await count(body.case_number)
    return body


async def _track(count: Counting, body: TrackBody) -> TrackBody:
    await count(body.number)
    return body


async def _appeal(count: Counting, body: AppealBody) -> AppealBody:
    await count(body.number)
    return body


@public.post(
    "", status_code=201, response_model=FiledAnswer, responses=_NEEDS_KEY, summary="提出咨询、投诉、举报",
    description="无需登录，可以匿名。相同键、相同内容重复提交返回相同的编号和查询码。",
)  # fmt: skip
async def file_complaint(
    key: Annotated[str, Depends(filing_key)],
    body: Annotated[ComplaintBody, Depends(_filing)],
    uow: OpenUow,
    cipher: Cipher,
) -> Response:
    """Files a consultation, a complaint or a report."""
    filed = await service.file_complaint(uow, cipher=cipher, filing=body.to_filing(), key=key)
    return _secret(answer(FiledAnswer.of(filed), status=201))


@public.post(
    "/progress", responses=TOO_MANY, summary="查询进展",
    description="无需登录。凭编号和查询码；编号不存在与查询码不符的回答相同。",
)  # fmt: skip
async def list_progress(
    body: Annotated[TrackBody, Depends(_track)], uow: OpenUow, cipher: Cipher, response: Response
) -> list[ProgressAnswer]:
    """Tells the complainant what became of it."""
    response.headers["Cache-Control"] = "no-store"
    found = await service.list_progress(uow, cipher=cipher, number=body.number, secret=body.secret)
    return [ProgressAnswer.of(one) for one in found]


@public.post(
    "/appeals", status_code=201, response_model=ProgressAnswer, responses=TOO_MANY, summary="申请复查",
    description="无需登录。凭编号和查询码，向上一级申请复查一次；编号和查询码不变。",
)  # fmt: skip
async def appeal_complaint(body: Annotated[AppealBody, Depends(_appeal)], uow: OpenUow, cipher: Cipher) -> Response:
    """Asks the next level to examine it again."""
    state = await service.appeal_complaint(
        uow, cipher=cipher, number=body.number, secret=body.secret, grounds=body.grounds
    )
    return _secret(answer(ProgressAnswer.of(Progress(state, None)), status=201))


@public.get("/publications", summary="公开的咨询", description="无需登录。去除个人信息后公开的咨询和答复。")
async def list_public_consultations(session: ReadSession, paging: Paging) -> Page[PublicationAnswer]:
    """Lists consultations that are public."""
    of = "complaints/publications"
    after = paging.after(UUID, of=of)
    rows = await service.list_publications(session, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.id,), show=PublicationAnswer.of, of=of)


def _secret(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
