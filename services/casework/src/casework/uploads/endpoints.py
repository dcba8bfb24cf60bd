"""Uploads over HTTP: a body is one file; a file is sent as something to be kept, never to be shown by a browser."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.responses import StreamingResponse

from casework.deps import Cipher, CurrentActor, IfMatch, Paging, ReadSession, Uow
from casework.uploads import service
from casework.uploads.domain import EXTENSIONS, MEDIA_TYPES
from casework.uploads.schemas import BINARY, ReceivedFile, Settings, UploadAnswer, UploadStore
from common.http import DivisionCode, Page, UnderKey, answer, run_idempotent

router = APIRouter(prefix="/uploads", tags=["uploads"])
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES.values()}}
}


@router.post(
    "",
    status_code=201,
    response_model=UploadAnswer,
    summary="上传材料文件",
    description="请求体即文件。按内容识别 PDF、JPEG、PNG、OFD、Word、Excel，须与 Content-Type 一致；"
    "加密后存放于数据库之外。提交到办件之前只有本人可见，逾期未提交的自动删除。",
    openapi_extra=BINARY,
)
async def create_upload(
    file: ReceivedFile,
    uow: Uow,
    cipher: Cipher,
    store: UploadStore,
    key: UnderKey,
    settings: Settings,
    division: Annotated[DivisionCode, Query(description="拟提交给哪个区划的机构。")],
) -> Response:
    """Takes a file in."""

    async def work() -> Response:
        made = await service.add_upload(
            uow,
            cipher=cipher,
            store=store,
            received=file,
            division=division,
            max_pending=settings.uploads_max_pending,
        )
        location = f"/casework/v1/uploads/{made.id}"
        return answer(UploadAnswer.of(made), status=201, version=made.version, location=location)

    return await run_idempotent(uow, key.over(bytes.fromhex(file.sha256) + file.kind.encode()), work)


@router.get("", summary="材料文件列表", description="群众看本人上传的；工作人员看管辖范围内已提交的。不含已删除的。")
async def list_uploads(
    session: ReadSession,
    actor: CurrentActor,
    cipher: Cipher,
    paging: Paging,
    case_id: Annotated[UUID | None, Query(description="只列该办件的。")] = None,
) -> Page[UploadAnswer]:
    """Lists uploads."""
    of = f"uploads:{case_id}"
    after = paging.after(UUID, of=of)
    rows = await service.list_uploads(
        session, cipher=cipher, actor=actor, case_id=case_id, after=after[0] if after else None, limit=paging.fetch
    )
    return paging.page(rows, key=lambda row: (row.id,), show=UploadAnswer.of, of=of)


@router.get("/{upload_id}", response_model=UploadAnswer, summary="材料文件信息", description="不含文件内容。")
async def get_upload(session: ReadSession, actor: CurrentActor, cipher: Cipher, upload_id: UUID) -> Response:
    """Shows an upload without its file."""
    found = await service.get_upload(session, cipher=cipher, actor=actor, upload_id=upload_id)
    return answer(UploadAnswer.of(found), version=found.version)


@router.get(
    "/{upload_id}/content",
    response_class=StreamingResponse,
    responses=_FILES,
    summary="下载材料文件",
    description="以附件形式下载；每次下载均留痕。",
)
async def get_upload_content(uow: Uow, cipher: Cipher, store: UploadStore, upload_id: UUID) -> StreamingResponse:
    """Sends the file."""
    content = await service.open_content(uow, cipher=cipher, store=store, upload_id=upload_id)
    kind, name = content.upload.kind, f"{upload_id}.{EXTENSIONS[content.upload.kind]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(content.upload.size_bytes),
    }
    return StreamingResponse(content.pieces, headers=headers, media_type=MEDIA_TYPES[kind])


@router.post(
    "/{upload_id}/removal",
    response_model=UploadAnswer,
    summary="删除材料文件",
    description="只能删除尚未提交到办件的；文件内容在一日内清除。",
)
async def remove_upload(uow: Uow, cipher: Cipher, version: IfMatch, upload_id: UUID) -> Response:
    """Removes an upload."""
    removed = await service.remove_upload(uow, cipher=cipher, upload_id=upload_id, version=version)
    return answer(UploadAnswer.of(removed), version=removed.version)
