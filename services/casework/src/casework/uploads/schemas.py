"""Requests and answers about uploads."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field
from starlette.requests import ClientDisconnect

from casework.deps import Cipher, CurrentActor
from casework.settings import CaseworkSettings
from casework.uploads.domain import KIND_LABELS, MEDIA_TYPES, STATUS_LABELS, Limits
from casework.uploads.errors import FileIncomplete
from casework.uploads.service import UPLOADERS, Received, Receiving, receive_file
from casework.uploads.stores import Store
from common.auth import require_role
from common.contracts.casework.online import FileKind, UploadState, UploadStatus
from common.http import BeijingTime, UnderKey, parts_of
from common.records.schemas import RecordAnswer, shown

BINARY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "文件本身，不是表单；类型按内容核对，文件名不起作用。",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()
        },
    }
}


class UploadAnswer(RecordAnswer):
    """一个材料文件，不含文件内容。"""

    status: UploadStatus
    status_label: str
    case_id: UUID | None
    material: str | None = Field(description="材料名称；提交到办件后才有。")
    kind: FileKind
    kind_label: str
    media_type: str
    size_bytes: int
    sha256: str
    lost_at: BeijingTime | None = Field(description="发现文件缺失的时间；缺失的须重新提交。")

    @classmethod
    def of(cls, upload: UploadState) -> Self:
        """From the state."""
        return shown(
            cls,
            upload,
            status_label=STATUS_LABELS[upload.status],
            kind_label=KIND_LABELS[upload.kind],
            media_type=MEDIA_TYPES[upload.kind],
        )


def settings_of(request: Request) -> CaseworkSettings:
    """What this process was told."""
    settings = parts_of(request.app).settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service
    return settings


def receiving_of(settings: CaseworkSettings) -> Receiving:
    """How this process receives files."""
    limits = Limits(
        bytes_=settings.uploads_max_bytes,
        pixels=settings.uploads_max_pixels,
        entries=settings.uploads_max_entries,
        unfolded_bytes=settings.uploads_max_unfolded_bytes,
        ratio=settings.uploads_max_ratio,
    )
    spool = settings.uploads_spool_dir or Path(gettempdir()) / "jiceng-casework-uploads"
    return Receiving(spool, limits, settings.uploads_receive_seconds)


async def received_file(
    request: Request, actor: CurrentActor, _key: UnderKey, cipher: Cipher
) -> AsyncIterator[Received]:
    """Dependency: the file in the request's body, taken in before anything of the database is held.

    It stands before the unit of work among an endpoint's parameters: they are resolved in their order.
    """
    require_role(actor, *UPLOADERS)
    declared = request.headers.get("content-type")
    async with receive_file(
        _pieces(request), declared=declared, cipher=cipher, rules=receiving_of(settings_of(request))
    ) as received:
        yield received


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:
        raise FileIncomplete from None


async def upload_store(request: Request) -> Store:
    """The store that the application opened at its start."""
    store: Store = request.app.state.uploads
    return store


ReceivedFile = Annotated[Received, Depends(received_file, scope="function")]
UploadStore = Annotated[Store, Depends(upload_store)]
Settings = Annotated[CaseworkSettings, Depends(settings_of)]
