"""Exchange over HTTP: documents of standards out and in; nothing of a person stands in an address."""

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from casework.deps import Cipher, CurrentActor, Idempotency, Paging, ReadConnection, Uow
from casework.exchange import service
from casework.exchange.domain import FORMS, FormName, document_schema
from casework.exchange.schemas import NDJSON, ExportBody, ImportAnswer, ImportBody, RegisterExportBody, ValidationAnswer
from common.http import PROBLEM_JSON, answer, encode_cursor, run_idempotent

router = APIRouter(prefix="/exchange", tags=["exchange"])
NEXT = "Next-Cursor"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "每行一个办件的交换文件",
        "content": {NDJSON: {"schema": {"type": "string"}}},
        "headers": {NEXT: {"description": "还有更多办件时，传入下一次请求的 cursor。", "schema": {"type": "string"}}},
    },
    404: {
        "description": "不存在或不可见",
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}
_ROWS: dict[int | str, dict[str, Any]] = {**_LINES, 200: {**_LINES[200], "description": "每行一条记录"}}
_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"description": "一个交换文件；内容不限，不符之处在结果中说明。"}}},
    }
}
_FormQuery = Annotated[FormName, Query(description="交换格式。")]


@router.get("/forms", summary="交换格式", description="可用的交换格式；各格式的 JSON Schema 另行读取。")
async def list_forms(_actor: CurrentActor) -> dict[str, str]:
    """Tells the forms."""
    return {form.name: form.label for form in FORMS.values()}


@router.get("/forms/{form}", summary="交换格式的结构", description="按标准各表编写的 JSON Schema，扩展字段另有标记。")
async def get_form(form: FormName, _actor: CurrentActor) -> dict[str, Any]:
    """Shows the schema of a form."""
    return document_schema(form)


@router.get(
    "/cases/{case_id}",
    summary="办件的交换文件",
    description="一个办件按标准各表的内容，申请人信息已脱敏，不含好差评；查看不计为报送。限对接系统和主管部门监督员。",
)
async def show_case(
    case_id: UUID, conn: ReadConnection, actor: CurrentActor, cipher: Cipher, form: _FormQuery = "gbt39046"
) -> dict[str, Any]:
    """Shows one case as it would go out."""
    return await service.show_case(conn, cipher, actor, case_id=case_id, form=form)


@router.post(
    "/exports",
    response_class=Response,
    responses=_LINES,
    summary="导出办件",
    description="导出指定的办件或一段收件日期内的办件，每行一个；指定的办件有一个不可见即全部不导出。"
    "每次导出均单独留痕，因此不支持 Idempotency-Key。限对接系统和主管部门监督员。",
)
async def export_cases(body: ExportBody, uow: Uow, cipher: Cipher, paging: Paging) -> Response:
    """Sends cases out."""
    of = f"exchange:{body.form}:{body.from_on}:{body.until_on}:{body.division}:{body.with_applicant}"
    after = paging.after(datetime, UUID, of=of)
    exported = await service.export_cases(uow, cipher=cipher, asked=body.to_asked(after=after, limit=paging.limit))
    headers = {} if exported.last is None else {NEXT: encode_cursor(exported.last, of=of)}
    return Response(_lines(exported.documents), media_type=NDJSON, headers=headers)


@router.post(
    "/registers",
    response_class=Response,
    responses=_ROWS,
    summary="导出咨询投诉和电子监察",
    description="GB/T 39046 表10、表11的行，每行一条：所属区划之内、一段日期提出或产生的。"
    "不含咨询人、投诉人及其所写内容；已公开的咨询含脱敏后的问答。"
    "每次导出均留痕，因此不支持 Idempotency-Key。限对接系统和主管部门监督员。",
)
async def export_register(body: RegisterExportBody, uow: Uow, paging: Paging) -> Response:
    """Sends rows of a register out."""
    of = f"register:{body.register_name}:{body.from_on}:{body.until_on}:{body.division}"
    after = paging.after(UUID, of=of)
    asked = body.to_asked(after=None if after is None else after[0], limit=paging.limit)
    exported = await service.export_register(uow, asked=asked)
    headers = {} if exported.last is None else {NEXT: encode_cursor((exported.last,), of=of)}
    return Response(_lines(exported.rows), media_type=NDJSON, headers=headers)


@router.post(
    "/validations",
    summary="校验交换文件",
    description="按格式的 JSON Schema 校验一个交换文件，逐表逐行说明不符之处；不保存，也不回显文件中的值。",
    openapi_extra=_DOCUMENT,
)
async def validate_document(request: Request, actor: CurrentActor) -> ValidationAnswer:
    """Checks a document."""
    found = await asyncio.to_thread(service.check_document, actor, await request.body())
    return ValidationAnswer.of(found)


@router.post(
    "/imports",
    status_code=201,
    response_model=ImportAnswer,
    summary="导入办件",
    description="把原有系统或其他站点已结束的办件连同办理过程导入；有一个不能导入即全部不导入，逐件说明原因。"
    "好差评不导入。限对接系统。",
)
async def import_cases(body: ImportBody, uow: Uow, cipher: Cipher, once: Idempotency) -> Response:
    """Takes cases in."""

    async def work() -> Response:
        imported = await service.import_cases(
            uow, cipher=cipher, documents=body.documents, given=body.to_given(), reason=body.reason
        )
        return answer(ImportAnswer.of(imported), status=201)

    return await run_idempotent(uow, once, work)


def _lines(documents: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in documents)
