"""Tasks in requests and answers."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query

from common.http import AnswerModel, BeijingTime, DivisionCode, StrictModel
from registry.deps import IsoDay
from registry.pay.domain import TASK_STATUS_LABELS, Task, TaskStatus
from registry.pay.schemas.fields import Quality, Reason
from registry.pay.service import TaskFilter


class AcceptBody(StrictModel):
    """认定任务完成及其质量。"""

    quality_permille: Quality = 1000
    reason: Reason | None = None


class RejectBody(StrictModel):
    """不予认定及其理由。"""

    reason: Reason


class AssignBody(StrictModel):
    """任务归哪个岗位。"""

    staff_member_id: UUID
    reason: Reason | None = None


class TaskAnswer(AnswerModel):
    """一件办结的办件，作为计酬任务。"""

    case_id: UUID
    version: int
    office_id: UUID
    division: str
    item_code: str
    duty: str
    closed_at: BeijingTime
    closed_on: date
    is_account_known: bool
    staff_member_id: UUID | None
    status: TaskStatus
    status_label: str
    quality_permille: int | None
    decision_reason: str | None
    decided_at: BeijingTime | None
    pay_run_id: UUID | None
    rate_fen: int | None

    @classmethod
    def of(cls, task: Task) -> Self:
        """From the task; whose account closed the case is not told, only whether it is known."""
        made = ("status_label", "is_account_known")
        values = {name: getattr(task, name) for name in cls.model_fields if name not in made}
        return cls(**values, status_label=TASK_STATUS_LABELS[task.status], is_account_known=task.handler is not None)


def wanted_tasks(
    *,
    office_id: Annotated[UUID | None, Query(description="只列该服务站的。")] = None,
    division: Annotated[DivisionCode | None, Query(description="只列该区划及其以下的。")] = None,
    status: Annotated[TaskStatus | None, Query()] = None,
    staff_member_id: Annotated[UUID | None, Query(description="只列归该岗位的。")] = None,
    pay_run_id: Annotated[UUID | None, Query(description="只列该次核发已支付的，即每一分钱对应的办件。")] = None,
    is_paid: Annotated[bool | None, Query(description="是否已核发。")] = None,
    is_assigned: Annotated[bool | None, Query(description="是否已归到岗位。")] = None,
    closed_from: Annotated[IsoDay | None, Query(description="办结日期不早于。")] = None,
    closed_to: Annotated[IsoDay | None, Query(description="办结日期不晚于。")] = None,
) -> TaskFilter:
    """Which tasks a list shows."""
    return TaskFilter(
        office_id=office_id,
        within=division,
        status=status,
        staff_member_id=staff_member_id,
        pay_run_id=pay_run_id,
        is_paid=is_paid,
        is_assigned=is_assigned,
        closed_from=closed_from,
        closed_to=closed_to,
    )
