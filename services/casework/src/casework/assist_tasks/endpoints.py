"""Assist tasks over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from casework.assist_tasks import service
from casework.assist_tasks.schemas import (
    AssistTaskAnswer,
    AssistTaskBody,
    DispatchedTasksAnswer,
    TaskAcceptanceBody,
    TaskReasonBody,
    TaskReportBody,
)
from casework.assist_tasks.service import SeenTask, View
from casework.deps import Cipher, Idempotency, IfMatch, Paging, Uow
from common.contracts.casework.assist_tasks import AssistTaskState, AssistTaskStatus
from common.http import DivisionCode, Page, answer, run_idempotent

router = APIRouter(prefix="/assist-tasks", tags=["assist-tasks"])

_ETAG = {"ETag": {"description": "任务的版本，用于 If-Match。", "schema": {"type": "string"}}}


def _shown(state: AssistTaskState) -> Response:
    return answer(AssistTaskAnswer.of(state), version=state.version)


@router.post(
    "",
    status_code=201,
    response_model=DispatchedTasksAnswer,
    summary="派发协助任务",
    description="只能向接受本机构业务指导的服务站派发；每个服务站各生成一项任务，全部成功或全部不派发。",
)
async def dispatch_tasks(body: AssistTaskBody, uow: Uow, key: Idempotency) -> Response:
    """Dispatches a task to stations."""

    async def work() -> Response:
        made = await service.dispatch_tasks(uow, new=body.to_domain())
        return answer(DispatchedTasksAnswer(items=[AssistTaskAnswer.of(one) for one in made]), status=201)

    return await run_idempotent(uow, key, work)


@router.get(
    "",
    summary="协助任务列表",
    description="station 本站的任务，dispatched 本机构派发的，subtree 管辖范围内各站的。",
)
async def list_tasks(
    uow: Uow,
    paging: Paging,
    view: Annotated[View, Query(description="范围。")] = "station",
    status: Annotated[AssistTaskStatus | None, Query(description="状态。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下服务站的。")] = None,
    case_id: Annotated[UUID | None, Query(description="只列该办件的。")] = None,
    is_overdue: Annotated[bool | None, Query(description="true 只列逾期未报告的。")] = None,
) -> Page[AssistTaskAnswer]:
    """Lists tasks."""
    of = f"assist-tasks:{view}:{status}:{division}:{case_id}:{is_overdue}"
    after = paging.after(UUID, of=of)
    rows = await service.list_tasks(
        uow,
        view=view,
        status=status,
        within=division,
        case_id=case_id,
        is_overdue=bool(is_overdue),
        after=after[0] if after else None,
        limit=paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row.id,), show=AssistTaskAnswer.of, of=of)


@router.get(
    "/{task_id}",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="一项协助任务",
    description="管辖范围之外的任务视为不存在。",
)
async def get_task(task_id: UUID, uow: Uow) -> Response:
    """Shows one task."""
    return _shown(await service.get_task(uow, task_id=task_id))


@router.post(
    "/{task_id}/taking",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="接受任务",
    description="由服务站接受；同站同事可再接手。",
)
async def take_task(task_id: UUID, uow: Uow, version: IfMatch) -> Response:
    """The station takes a task on."""
    return _shown(await service.take_task(uow, seen=SeenTask(task_id, version)))


@router.post(
    "/{task_id}/report",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="报告完成情况",
    description="未完成的须说明原因；报告人即为完成任务的人。",
)
async def report_task(task_id: UUID, body: TaskReportBody, uow: Uow, cipher: Cipher, version: IfMatch) -> Response:
    """The station reports."""
    state = await service.report_task(
        uow,
        cipher=cipher,
        seen=SeenTask(task_id, version),
        is_done=body.is_done,
        told=body.told,
        reason=body.reason,
        evidence_file_id=body.evidence_file_id,
    )
    return _shown(state)


@router.post(
    "/{task_id}/report/return",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="退回报告",
    description="由派发机构退回，服务站须重新报告；期限不变。",
)
async def return_report(task_id: UUID, body: TaskReasonBody, uow: Uow, version: IfMatch) -> Response:
    """The office sends the report back."""
    return _shown(await service.return_report(uow, seen=SeenTask(task_id, version), reason=body.reason))


@router.post(
    "/{task_id}/report/acceptance",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="认定报告",
    description="由派发机构认定；已完成的评定质量，作为计酬依据。",
)
async def accept_report(task_id: UUID, body: TaskAcceptanceBody, uow: Uow, version: IfMatch) -> Response:
    """The office accepts the report."""
    state = await service.accept_report(
        uow, seen=SeenTask(task_id, version), quality_permille=body.quality_permille, reason=body.reason
    )
    return _shown(state)


@router.post(
    "/{task_id}/report/rejection",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="不予认定",
    description="由派发机构决定，须说明理由；不计酬。",
)
async def reject_report(task_id: UUID, body: TaskReasonBody, uow: Uow, version: IfMatch) -> Response:
    """The office rejects the report."""
    return _shown(await service.reject_report(uow, seen=SeenTask(task_id, version), reason=body.reason))


@router.post(
    "/{task_id}/withdrawal",
    response_model=AssistTaskAnswer,
    responses={200: {"headers": _ETAG}},
    summary="撤回任务",
    description="由派发机构撤回尚未报告的任务。",
)
async def withdraw_task(task_id: UUID, body: TaskReasonBody, uow: Uow, version: IfMatch) -> Response:
    """The office withdraws a task."""
    return _shown(await service.withdraw_task(uow, seen=SeenTask(task_id, version), reason=body.reason))
