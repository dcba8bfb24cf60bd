"""Tasks: what stations have done, accepted or rejected by the town's office. Source: O1.4f."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from common.http import Page, answer, etag_of
from registry.deps import CurrentActor, IfMatch, Paging, ReadSession, Uow
from registry.pay import service
from registry.pay.schemas import AcceptBody, AssignBody, RejectBody, TaskAnswer, wanted_tasks
from registry.pay.service import TaskFilter

router = APIRouter(prefix="/pay-tasks", tags=["pay"])


@router.get("", summary="计酬任务列表", description="服务站办结的办件；本人管辖范围内。")
async def list_pay_tasks(
    session: ReadSession, actor: CurrentActor, paging: Paging, wanted: Annotated[TaskFilter, Depends(wanted_tasks)]
) -> Page[TaskAnswer]:
    """Lists tasks."""
    of = f"pay-tasks:{wanted}"
    after = paging.after(UUID, of=of)
    rows = await service.list_tasks(session, wanted, actor=actor, after=after[0] if after else None, limit=paging.fetch)
    return paging.page(rows, key=lambda row: (row.case_id,), show=TaskAnswer.of, of=of)


@router.get("/{case_id}", summary="一件计酬任务", description="管辖范围之外的视为不存在。")
async def get_pay_task(session: ReadSession, actor: CurrentActor, case_id: UUID, response: Response) -> TaskAnswer:
    """Shows one task."""
    task = await service.get_task(session, actor=actor, case_id=case_id)
    response.headers["ETag"] = etag_of(task.version)
    return TaskAnswer.of(task)


@router.post(
    "/{case_id}/acceptance",
    response_model=TaskAnswer,
    summary="认定任务",
    description="由乡镇（街道）服务所认定完成及质量系数；须带 If-Match。",
)
async def accept_pay_task(
    uow: Uow, actor: CurrentActor, case_id: UUID, expected_version: IfMatch, body: AcceptBody
) -> Response:
    """Accepts a task."""
    task = await service.accept_task(
        uow,
        actor=actor,
        case_id=case_id,
        expected_version=expected_version,
        quality_permille=body.quality_permille,
        reason=body.reason,
    )
    return answer(TaskAnswer.of(task), version=task.version)


@router.post(
    "/{case_id}/rejection",
    response_model=TaskAnswer,
    summary="不予认定任务",
    description="须写明理由；须带 If-Match。",
)
async def reject_pay_task(
    uow: Uow, actor: CurrentActor, case_id: UUID, expected_version: IfMatch, body: RejectBody
) -> Response:
    """Rejects a task."""
    task = await service.reject_task(
        uow, actor=actor, case_id=case_id, expected_version=expected_version, reason=body.reason
    )
    return answer(TaskAnswer.of(task), version=task.version)


@router.post(
    "/{case_id}/assignment",
    response_model=TaskAnswer,
    summary="将任务归到岗位",
    description="办结账号对应不到本站岗位时，由服务所负责人指定；须带 If-Match。",
)
async def assign_pay_task(
    uow: Uow, actor: CurrentActor, case_id: UUID, expected_version: IfMatch, body: AssignBody
) -> Response:
    """Assigns a task to a post."""
    task = await service.assign_task(
        uow,
        actor=actor,
        case_id=case_id,
        expected_version=expected_version,
        staff_member_id=body.staff_member_id,
        reason=body.reason,
    )
    return answer(TaskAnswer.of(task), version=task.version)
