"""Requests and answers about uploads."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from casework.deps import Cipher, CurrentActor
from casework.settings import CaseworkSettings
from casework.uploads.domain import KIND_LABELS, MEDIA_TYPES, STATUS_LABELS, Limits
from casework.uploads.errors import FileIncomplete
from casework.uploads.service import (
    UPLOADERS,
    Received,
    Receiving,
    Store,
    counted_reception,
    kept,
    receive_file,
    require_welcome,
)
from common.auth import require_role
from common.contracts.casework.online import FileKind, UploadState, UploadStatus
from common.http import BeijingTime, DivisionCode, IdempotentRequest, UnderKey, parts_of
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
    sha256: str | None = Field(default=None, description="文件内容的 SHA-256，只在上传成功的答复中给出，供上传人核对。")
    lost_at: BeijingTime | None = Field(description="发现文件缺失的时间；缺失的须重新提交。")

    @classmethod
    def of(cls, upload: UploadState) -> Self:
        """From the state, whose fingerprint of the content tells nobody anything."""
        return shown(
            cls,
            upload,
            sha256=None,
            status_label=STATUS_LABELS[upload.status],
            kind_label=KIND_LABELS[upload.kind],
            media_type=MEDIA_TYPES[upload.kind],
        )


def with_sha256(kept: Response, sha256: str) -> Response:
    """The answer to a reception as it is sent: with the bare hash of what came, which is stored nowhere.

    Source: ADR 0005: whoever has a document could tell by it that the document was handed in here, and by whom.

    Args:
        kept: as it is stored under the request's key, or was when the same file came before.
    """
    body = json.dumps({**json.loads(bytes(kept.body)), "sha256": sha256}, ensure_ascii=False, separators=(",", ":"))
    headers = {name: value for name, value in kept.headers.items() if name not in {"content-length", "content-type"}}
    return Response(body.encode(), kept.status_code, headers=headers, media_type=kept.media_type)


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
    return Receiving(spool, limits, settings.uploads_receive_seconds, settings.uploads_max_at_once)


async def received_file(
    request: Request, actor: CurrentActor, _key: UnderKey, cipher: Cipher
) -> AsyncIterator[Received]:
    """Dependency: the file in the request's body, taken in before anything of the database is held.

    It stands before the unit of work among an endpoint's parameters: they are resolved in their order.
    """
    require_role(actor, *UPLOADERS)
    declared = request.headers.get("content-type")
    rules = receiving_of(settings_of(request))
    with counted_reception(actor.subject, rules):
        async with receive_file(_pieces(request), declared=declared, cipher=cipher, rules=rules) as received:
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
MeantFor = Annotated[DivisionCode, Query(description="拟提交给哪个区划的机构。")]


@dataclass(slots=True)
class KeptFile:
    """A file that the store has, and the request that brought it.

    Attributes:
        is_written: its row was written; what another request of the same key has brought meanwhile is not.
    """

    received: Received
    request: IdempotentRequest
    is_written: bool = False


async def kept_file(
    request: Request,
    actor: CurrentActor,
    file: ReceivedFile,
    key: UnderKey,
    cipher: Cipher,
    store: UploadStore,
    settings: Settings,
    division: MeantFor,
) -> AsyncIterator[KeptFile]:
    """Dependency: the file in the store, while nothing of the database is held; a repeated request brings none."""
    asked = key.over(bytes.fromhex(file.sha256) + file.kind.encode())
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    async with units(actor) as uow:
        is_repeated = await asked.replay(uow.conn) is not None
        if not is_repeated:
            await require_welcome(uow, cipher=cipher, division=division, max_pending=settings.uploads_max_pending)
    if is_repeated:
        yield KeptFile(file, asked)
        return
    async with kept(store, file):
        brought = KeptFile(file, asked)
        yield brought
    if not brought.is_written:
        await store.remove(file.key)


StoredFile = Annotated[KeptFile, Depends(kept_file, scope="function")]
