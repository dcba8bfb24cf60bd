"""Answers about spreadsheets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from common.auth import Actor
from common.contracts.registry.offices import ManagementMode, OfficeForm
from common.contracts.registry.places import EquipmentKind
from common.contracts.registry.readiness import ReadinessStatus
from common.divisions import Level
from common.http import AnswerModel, BeijingTime, DivisionCode
from common.http.identity import bearer_actor
from registry.deps import IsoDay
from registry.offices.domain import OfficeKind, OfficeStatus
from registry.sheets.domain.columns import RowWrong
from registry.sheets.domain.safety import MAX_FILE_BYTES
from registry.sheets.errors import ListNotImportable, UploadMalformed
from registry.sheets.models import SheetImport
from registry.sheets.service.catalogue import IMPORTABLE, LISTINGS
from registry.sheets.service.listing import Asked, Listing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FORM_BYTES = MAX_FILE_BYTES + 64 * 1024
MAX_REASON, MIN_REASON = 500, 2
ListName = StrEnum("ListName", sorted(LISTINGS))  # type: ignore[misc]
ImportableName = StrEnum("ImportableName", sorted(IMPORTABLE))  # type: ignore[misc]
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["list", "file"],
                    "additionalProperties": False,
                    "properties": {
                        "list": {"type": "string", "enum": sorted(IMPORTABLE), "description": "清单名称。"},
                        "file": {"type": "string", "format": "binary", "description": ".xlsx 文件。"},
                        "reason": {
                            "type": "string",
                            "minLength": MIN_REASON,
                            "maxLength": MAX_REASON,
                            "description": "理由，用于未填写变更理由的行；不得填写个人信息。",
                        },
                    },
                }
            }
        },
    }
}

STATE_LABELS = {
    "queued": "等待处理",
    "running": "正在处理",
    "applied": "已写入",
    "refused": "有错误，未写入",
    "failed": "未能完成，未写入",
}
SHOWN_ERRORS = 50


class SheetAnswer(AnswerModel):
    """一个清单。"""

    name: str
    title: str
    is_public: bool = Field(description="导出时是否无需登录。")
    is_importable: bool
    filters: list[str]
    headers: list[str] = Field(description="列名；名称列除外。")

    @classmethod
    def of(cls, listing: Listing) -> Self:
        """From the list."""
        return cls(
            name=listing.name,
            title=listing.title,
            is_public=listing.is_public,
            is_importable=listing.name in IMPORTABLE,
            filters=sorted(listing.filters),
            headers=[column.header for column in listing.columns],
        )


class SheetsAnswer(AnswerModel):
    """全部清单。"""

    items: list[SheetAnswer]


class RowErrorAnswer(AnswerModel):
    """文件中的一处错误；不含个人信息。"""

    row: int = Field(description="行号，与表格软件一致；第1行为列名。")
    column: str = Field(description="列名；整行的错误为空。")
    code: str
    reason: str

    @classmethod
    def of(cls, one: RowWrong) -> Self:
        """From the row."""
        return cls(row=one.row, column=one.header, code=one.code, reason=one.reason)


class SheetImportAnswer(AnswerModel):
    """一次导入：进度和结果。有一处错误即全部不写入。"""

    id: UUID
    list_name: str
    list_title: str
    state: str
    state_label: str
    size_bytes: int
    rows_total: int | None
    rows_read: int
    rows_checked: int
    rows_written: int = Field(description="有变动并写入的行数；未变动的行不计。")
    error_count: int
    problem_code: str | None = Field(description="文件整体的错误，例如已损坏。")
    problem: str | None
    created_at: BeijingTime
    finished_at: BeijingTime | None
    is_purged: bool = Field(description="上传的文件已过保存期。")
    errors: list[RowErrorAnswer] = Field(description=f"前{SHOWN_ERRORS}处错误；全部错误见错误清单。")

    @classmethod
    def of(cls, job: SheetImport, errors: list[RowWrong] | None = None) -> Self:
        """From the row."""
        title = IMPORTABLE[job.list].title if job.list in IMPORTABLE else LISTINGS[job.list].title
        return cls(
            id=job.id,
            list_name=job.list,
            list_title=title,
            state=job.state,
            state_label=STATE_LABELS[job.state],
            size_bytes=job.size_bytes,
            rows_total=job.rows_total,
            rows_read=job.rows_read,
            rows_checked=job.rows_checked,
            rows_written=job.rows_written,
            error_count=job.error_count,
            problem_code=job.problem_code,
            problem=job.problem,
            created_at=job.created_at,
            finished_at=job.finished_at,
            is_purged=job.purged_at is not None,
            errors=[RowErrorAnswer.of(one) for one in errors or []],
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """What came with the form."""

    name: str
    content: bytes
    reason: str | None


async def read_upload(request: Request) -> Upload:
    """The form of an upload: one file, the name of the list, perhaps a reason; the body has been read already.

    Raises:
        UploadMalformed: something else.
        ListNotImportable: the name is that of no list, or of one that can be exported only.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise UploadMalformed
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=2, max_part_size=8192)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError, ValueError):
        raise UploadMalformed from None
    try:
        return await _upload_of(form)
    finally:
        await form.close()


async def _upload_of(form: FormData) -> Upload:
    file, name, reason = form.get("file"), form.get("list"), form.get("reason")
    is_known = set(form) <= {"file", "list", "reason"} and len(form.multi_items()) == len(form)
    if not is_known or not isinstance(file, UploadFile) or not isinstance(name, str):
        raise UploadMalformed
    if reason is not None and (not isinstance(reason, str) or not _is_reason(reason)):
        raise UploadMalformed("reason（理由）应为2至500个字")
    if name not in IMPORTABLE:
        raise ListNotImportable(importable=[*sorted(IMPORTABLE)])
    return Upload(name, await file.read(), reason.strip() if isinstance(reason, str) else None)


def _is_reason(text: str) -> bool:
    return MIN_REASON <= len(text.strip()) <= MAX_REASON and "\x00" not in text


async def optional_actor(request: Request, list_name: ListName) -> Actor | None:
    """Who reads a list that is not public, or signs in without need.

    Raises:
        TokenMissing, TokenInvalid, TokenExpired, KeysUnavailable: as for every other list.
    """
    if LISTINGS[list_name].is_public and "authorization" not in request.headers:
        return None
    return await bearer_actor(request)


def asked_rows(  # noqa: PLR0917 - FastAPI names them
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    office_id: Annotated[UUID | None, Query(description="只列该机构的。")] = None,
    on: Annotated[IsoDay | None, Query(description="按该日（北京时间）的情况；默认现在。")] = None,
    parent_code: Annotated[DivisionCode | None, Query(description="区划：只列直接下级。")] = None,
    q: Annotated[str | None, Query(min_length=1, max_length=50, pattern=r"^[^\x00]+$")] = None,
    level: Annotated[Level | None, Query()] = None,
    kind: Annotated[OfficeKind | None, Query()] = None,
    status: Annotated[OfficeStatus | None, Query()] = None,
    form: Annotated[OfficeForm | None, Query()] = None,
    management_mode: Annotated[ManagementMode | None, Query()] = None,
    readiness: Annotated[ReadinessStatus | None, Query()] = None,
    missing_equipment: Annotated[EquipmentKind | None, Query()] = None,
) -> Asked:
    """Which rows are wanted; a list that does not know a filter refuses it."""
    return Asked(
        division=division,
        office_id=office_id,
        on=on,
        parent_code=parent_code,
        q=q,
        level=level,
        kind=kind,
        status=status,
        form=form,
        management_mode=management_mode,
        readiness=readiness,
        missing_equipment=missing_equipment,
    )
