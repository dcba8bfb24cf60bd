"""Uploads over HTTP: a body is one file. Who may look at one is asked where cases are known, above."""

from uuid import UUID

from fastapi import APIRouter, Response

from casework.deps import Cipher, IfMatch, Uow
from casework.uploads import service
from casework.uploads.schemas import BINARY, MeantFor, Settings, StoredFile, UploadAnswer, with_sha256
from common.http import answer, run_idempotent

router = APIRouter(prefix="/uploads", tags=["uploads"])


@router.post(
    "",
    status_code=201,
    response_model=UploadAnswer,
    summary="上传材料文件",
    description="请求体即文件。按内容识别 PDF、JPEG、PNG、OFD、Word、Excel，须与 Content-Type 一致；"
    "加密后存放于数据库之外。提交到办件之前只有本人可见，逾期未提交的自动删除。",
    openapi_extra=BINARY,
)
async def create_upload(file: StoredFile, uow: Uow, cipher: Cipher, settings: Settings, division: MeantFor) -> Response:
    """Takes a file in."""

    async def work() -> Response:
        made = await service.add_upload(
            uow,
            cipher=cipher,
            received=file.received,
            division=division,
            max_pending=settings.uploads_max_pending,
        )
        file.is_written = True
        location = f"/casework/v1/uploads/{made.id}"
        return answer(UploadAnswer.of(made), status=201, version=made.version, location=location)

    return with_sha256(await run_idempotent(uow, file.request, work), file.received.sha256)


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
