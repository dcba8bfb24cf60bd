"""Files over HTTP: here, because who may give one to a case, and look at one of a case, is known where cases are.

A file is sent as something to be kept, never to be shown by a browser.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from casework.cases.schemas import DisclosureBody
from casework.deps import Cipher, Idempotency, Paging, Uow
from casework.online import service
from casework.online.schemas import AttachedAnswer, AttachmentBody, pairs
from casework.online.service import filing
from casework.uploads.domain import EXTENSIONS, MEDIA_TYPES
from casework.uploads.schemas import UploadAnswer, UploadStore
from casework.uploads.service import Content
from common.http import Page, answer, run_idempotent

router = APIRouter(prefix="/uploads", tags=["uploads"])
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES.values()}}
}


@router.post(
    "/attachments",
    status_code=201,
    response_model=AttachedAnswer,
    summary="提交材料到办件",
    description="把已上传的文件作为材料提交到未终结的办件：群众对本人的网上申请，工作人员对管辖范围内的办件。",
)
async def attach_materials(body: AttachmentBody, uow: Uow, cipher: Cipher, once: Idempotency) -> Response:
    """Gives files to a case."""

    async def work() -> Response:
        given = await service.attach_materials(uow, cipher=cipher, case_id=body.case_id, files=pairs(body.files))
        return answer(AttachedAnswer.of(given), status=201)

    return await run_idempotent(uow, once, work)


@router.get(
    "",
    summary="材料文件列表",
    description="群众看本人上传的；工作人员按办件看本人可见办件的，不填办件则看管辖范围内尚未提交到办件的。不含已删除的。",
)
async def list_uploads(
    uow: Uow,
    cipher: Cipher,
    paging: Paging,
    case_id: Annotated[UUID | None, Query(description="只列该办件的。")] = None,
) -> Page[UploadAnswer]:
    """Lists uploads."""
    of = f"uploads:{case_id}"
    after = paging.after(UUID, of=of)
    rows = await filing.list_files(
        uow, cipher=cipher, case_id=case_id, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=UploadAnswer.of, of=of)


@router.get("/{upload_id}", response_model=UploadAnswer, summary="材料文件信息", description="不含文件内容。")
async def get_upload(uow: Uow, cipher: Cipher, upload_id: UUID) -> Response:
    """Shows an upload without its file."""
    found = await filing.see_file(uow, cipher=cipher, upload_id=upload_id)
    return answer(UploadAnswer.of(found), version=found.version)


@router.get(
    "/{upload_id}/content",
    response_class=StreamingResponse,
    responses=_FILES,
    summary="下载本人的材料文件",
    description="群众下载本人上传的文件，以附件形式；每次下载均留痕。",
)
async def get_upload_content(uow: Uow, cipher: Cipher, store: UploadStore, upload_id: UUID) -> StreamingResponse:
    """Sends a citizen's own file."""
    return _sent(await filing.open_own_file(uow, cipher=cipher, store=store, upload_id=upload_id))


@router.post(
    "/{upload_id}/content-disclosures",
    response_class=StreamingResponse,
    responses=_FILES,
    summary="查看材料文件内容",
    description="窗口经办人、机构负责人或办件责任人查看可见办件的材料，须说明理由；每次查看均单独留痕，"
    "因此不支持 Idempotency-Key。",
)
async def disclose_upload_content(
    body: DisclosureBody, uow: Uow, cipher: Cipher, store: UploadStore, upload_id: UUID
) -> StreamingResponse:
    """Sends a file to an office that needs it."""
    return _sent(await filing.disclose_file(uow, cipher=cipher, store=store, upload_id=upload_id, reason=body.reason))


def _sent(content: Content) -> StreamingResponse:
    upload = content.upload
    headers = {
        "Content-Disposition": f'attachment; filename="{upload.id}.{EXTENSIONS[upload.kind]}"',
        "Content-Length": str(upload.size_bytes),
    }
    return StreamingResponse(content.pieces, headers=headers, media_type=MEDIA_TYPES[upload.kind])
