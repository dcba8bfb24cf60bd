"""Spreadsheets over HTTP: export of every list, templates, imports with their error sheets. Source: S3, O4.3e."""

import asyncio
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import StreamingResponse

from common.auth import Actor
from common.http import PROBLEM_JSON, Page, answer, parts_of, run_idempotent
from common.uow import UnitOfWorkFactory
from registry.deps import CurrentActor, Idempotency, Paging, ReadSession, Uow
from registry.sheets import service
from registry.sheets.schemas import (
    SHOWN_ERRORS,
    UPLOAD,
    XLSX,
    ImportableName,
    ListName,
    SheetAnswer,
    SheetImportAnswer,
    SheetsAnswer,
    asked_rows,
    optional_actor,
    read_upload,
)
from registry.sheets.service import Asked

router = APIRouter(prefix="/sheets", tags=["sheets"])
_PROBLEM: dict[str, Any] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}
_NO_ERRORS: dict[int | str, dict[str, Any]] = {409: {"description": "没有错误清单，或文件已清除", "content": _PROBLEM}}
_NOT_PUBLIC: dict[int | str, dict[str, Any]] = {
    401: {"description": "清单不公开，须登录", "content": _PROBLEM},
    403: {"description": "无权读取该清单", "content": _PROBLEM},
}
AnyActor = Annotated[Actor | None, Depends(optional_actor)]


@router.get("", summary="清单目录", description="可导出、可导入的全部清单及其筛选条件和列名。无需登录。")
async def list_sheets() -> SheetsAnswer:
    """Tells what can be exported and imported."""
    return SheetsAnswer(items=[SheetAnswer.of(listing) for listing in service.LISTINGS.values()])


@router.get("/imports", summary="本人的导入任务", description="最近的在前。")
async def list_sheet_imports(session: ReadSession, actor: CurrentActor, paging: Paging) -> Page[SheetImportAnswer]:
    """Lists the actor's imports."""
    of = f"sheet-imports:{actor.subject}"
    after = paging.after(UUID, of=of)
    jobs = await service.list_imports(session, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(jobs, key=lambda job: (job.id,), show=SheetImportAnswer.of, of=of)


@router.post(
    "/imports",
    status_code=202,
    response_model=SheetImportAnswer,
    summary="导入清单",
    description="上传一个 .xlsx 文件；由后台检查并写入，有一处错误即全部不写入。进度和错误见导入任务。",
    openapi_extra=UPLOAD,
)
async def start_sheet_import(request: Request, uow: Uow, actor: CurrentActor, once: Idempotency) -> Response:
    """Takes in a file."""

    async def work() -> Response:
        upload = await read_upload(request)
        job = await service.start_import(
            uow, actor=actor, name=upload.name, content=upload.content, reason=upload.reason
        )
        location = f"/registry/v1/sheets/imports/{job.id}"
        return answer(SheetImportAnswer.of(job), status=202, location=location)

    return await run_idempotent(uow, once, work)


@router.get("/imports/{import_id}", summary="一个导入任务", description="限本人上传的；含前50处错误。")
async def get_sheet_import(session: ReadSession, actor: CurrentActor, import_id: UUID) -> SheetImportAnswer:
    """Shows the progress and the outcome of an import."""
    job = await service.get_import(session, actor=actor, import_id=import_id)
    return SheetImportAnswer.of(job, await service.list_errors(session, job=job, limit=SHOWN_ERRORS))


@router.get(
    "/imports/{import_id}/errors.xlsx",
    summary="错误清单",
    description="每处错误的行号、列和原因，以及有错误的行，错误的单元格已标出。",
    response_class=StreamingResponse,
    responses=_FILE | _NO_ERRORS,
)
async def get_sheet_import_errors(request: Request, actor: CurrentActor, import_id: UUID) -> StreamingResponse:
    """Sends the error sheet of an import."""
    file = await service.export_errors(_units(request), actor=actor, import_id=import_id)
    return _send(file, f"errors-{import_id}")


@router.get(
    "/{list_name}/template.xlsx",
    summary="导入模板",
    description="列名、填表说明和代码表。无需登录。",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def get_sheet_template(list_name: ImportableName) -> StreamingResponse:
    """Sends an empty sheet to be filled in."""
    list_ = service.get_importable(list_name)
    return _send(await asyncio.to_thread(service.write_template, list_), f"{list_name}-template")


@router.get(
    "/{list_name}.xlsx",
    summary="导出清单",
    description="筛选条件与相应列表一致，见清单目录；公开清单无需登录，其余限本人管辖范围。金额以元、面积以平方米表示。",
    response_class=StreamingResponse,
    responses=_FILE | _NOT_PUBLIC,
)
async def export_sheet(
    request: Request, list_name: ListName, actor: AnyActor, asked: Annotated[Asked, Depends(asked_rows)]
) -> StreamingResponse:
    """Sends a list as a workbook."""
    listing = service.LISTINGS[list_name]
    return _send(await service.export_list(_units(request), listing=listing, asked=asked, actor=actor), list_name)


def _units(request: Request) -> UnitOfWorkFactory:
    """For workbooks: their transaction ends before they are written to the end, and sent."""
    units = parts_of(request.app).units
    assert units is not None, "the lifespan has attached no unit of work factory"  # noqa: S101
    return units


def _send(file: IO[bytes], name: str) -> StreamingResponse:
    size = file.seek(0, 2)
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Content-Length": str(size)}
    return StreamingResponse(service.send_file(file), media_type=XLSX, headers=headers)
