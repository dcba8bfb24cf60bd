"""Requests and answers about assist tasks."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from casework.assist_tasks.domain import KIND_LABELS, STATUS_LABELS, is_overdue
from casework.assist_tasks.service import NewTask
from common.clock import today
from common.contracts.casework import Duty
from common.contracts.casework.assist_tasks import AssistTaskKind, AssistTaskState, AssistTaskStatus
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown

MAX_STATIONS = 200
MAX_QUALITY = 10_000
Asked = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="任务要求，不得填写个人信息。"),
    IMPERSONAL,
]
Told = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="完成情况，不得填写个人信息。"),
    IMPERSONAL,
]


class AssistTaskBody(StrictModel):
    """派发协助任务；每个服务站各有一项任务。"""

    kind: AssistTaskKind
    asked: Asked
    stations: list[DivisionCode] = Field(min_length=1, max_length=MAX_STATIONS, description="服务站的区划代码。")
    due_on: date = Field(description="报告完成情况的最后一日（北京时间）。")
    item_code: str | None = Field(default=None, min_length=1, max_length=31, description="所涉事项编号。")
    duty: Duty | None = Field(default=None, description="所属职责；填写了事项的，以事项的为准。")
    case_id: UUID | None = Field(default=None, description="所涉办件；须在本机构管辖范围内。")

    def to_domain(self) -> NewTask:
        """For the use case."""
        return NewTask(
            kind=self.kind,
            asked=self.asked,
            stations=tuple(self.stations),
            due_on=self.due_on,
            item_code=self.item_code,
            duty=self.duty,
            case_id=self.case_id,
        )


class TaskReportBody(StrictModel):
    """报告完成情况。"""

    is_done: bool
    told: Told
    reason: Reason | None = Field(default=None, description="未完成的原因。")
    evidence_file_id: UUID | None = Field(default=None, description="证明材料，先行上传。")


class TaskAcceptanceBody(StrictModel):
    """认定报告；已完成的须评定质量。"""

    quality_permille: int | None = Field(
        default=None, ge=0, le=MAX_QUALITY, description="质量系数（‰），1000 为符合要求。"
    )
    reason: Reason | None = None


class TaskReasonBody(StrictModel):
    """理由。"""

    reason: Reason


class TaskReportAnswer(AnswerModel):
    """一次报告。"""

    is_done: bool
    told: str
    reason: str | None
    evidence_file_id: UUID | None
    by: str
    at: BeijingTime


class TaskReturnAnswer(AnswerModel):
    """一次退回。"""

    reason: str
    by: str
    at: BeijingTime


class TaskDecisionAnswer(AnswerModel):
    """认定。"""

    quality_permille: int | None
    reason: str | None
    by: str
    at: BeijingTime


class AssistTaskAnswer(RecordAnswer):
    """一个服务站的一项协助任务。"""

    kind: AssistTaskKind
    kind_label: str
    status: AssistTaskStatus
    status_label: str
    asked: str
    item_code: str | None
    duty: Duty | None
    case_id: UUID | None
    from_division: str = Field(description="派发任务的机构。")
    from_office_id: UUID
    dispatched_by: str
    dispatched_at: BeijingTime
    asked_for_on: date
    due_on: date | None
    is_overdue: bool = Field(description="逾期未报告，或逾期后才报告。")
    holder: str | None = Field(description="接受任务的账号。")
    taken_at: BeijingTime | None
    reports: list[TaskReportAnswer]
    returns: list[TaskReturnAnswer]
    decision: TaskDecisionAnswer | None
    handled_by: str | None
    done_on: date | None
    quality_permille: int | None
    is_payable: bool = Field(description="已完成并经认定，可计酬。")
    withdrawn_at: BeijingTime | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: AssistTaskState) -> Self:
        """From the state, as it looks today."""
        return shown(
            cls,
            state,
            kind_label=KIND_LABELS[state.kind],
            status_label=STATUS_LABELS[state.status],
            is_overdue=is_overdue(state, on=today()),
            reports=[TaskReportAnswer(**dict(one)) for one in state.reports],
            returns=[TaskReturnAnswer(**dict(one)) for one in state.returns],
            decision=None if state.decision is None else TaskDecisionAnswer(**dict(state.decision)),
        )


class DispatchedTasksAnswer(AnswerModel):
    """派发的全部任务。"""

    items: list[AssistTaskAnswer]
