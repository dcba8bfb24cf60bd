"""Requests and answers about orders of supervision (督办)."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from common.clock import today
from common.contracts.reporting.orders import (
    EvidenceState,
    ExtensionDecision,
    OrderReminderKind,
    OrderState,
    OrderStatus,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.orders.domain import DECISION_LABELS, REMINDER_LABELS, STATUS_LABELS, OrderCounts, is_overdue

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=4000, description="不得填写个人信息。"),
    IMPERSONAL,
]
Title = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=200), IMPERSONAL]


class EvidenceBody(StrictModel):
    """佐证材料：名称和文号、档案号或者平台记录号，不是材料本身。"""

    title: Title
    reference: Annotated[str, Field(min_length=1, max_length=200), IMPERSONAL]

    def to_state(self) -> EvidenceState:
        """For the use case."""
        return EvidenceState(title=self.title, reference=self.reference)


class AboutBody(StrictModel):
    """督办所涉的记录。"""

    record: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=60, examples=["reporting.report"])]
    id: UUID


class OrderBody(StrictModel):
    """发出督办。"""

    to_division: DivisionCode
    title: Title
    demand: Words
    clause: Annotated[str, Field(pattern=r"^[SGO][0-9](\.[0-9][a-h]?)?$", description="所依据的条款。")]
    due_on: date = Field(description="办理期限（北京时间，含当日），不得早于今天。")
    about: AboutBody | None = None


class AnswerBody(StrictModel):
    """答复。"""

    text: Words
    evidence: Annotated[list[EvidenceBody], Field(max_length=20)]


class ReturnBody(StrictModel):
    """退回补充。"""

    missing: Words = Field(description="还缺什么。")


class ClosingBody(StrictModel):
    """审核通过。"""

    remark: Reason


class ExtensionBody(StrictModel):
    """申请延期。"""

    due_on: date
    reason: Reason


class ExtensionDecisionBody(StrictModel):
    """决定延期申请。"""

    approves: bool
    reason: Reason


class WithdrawalBody(StrictModel):
    """撤销。"""

    reason: Reason


class EvidenceAnswer(AnswerModel):
    """佐证材料。"""

    title: str
    reference: str


class OrderAnswerAnswer(AnswerModel):
    """一次答复。"""

    text: str
    evidence: list[EvidenceAnswer]
    by: str
    at: BeijingTime


class OrderReturnAnswer(AnswerModel):
    """一次退回。"""

    missing: str
    by: str
    at: BeijingTime


class ExtensionAnswer(AnswerModel):
    """一次延期申请。"""

    due_on: date
    previous_due_on: date
    reason: str
    asked_by: str
    asked_at: BeijingTime
    decision: ExtensionDecision
    decision_label: str
    decision_reason: str | None
    decided_by: str | None
    decided_at: BeijingTime | None


class ReminderAnswer(AnswerModel):
    """一次提醒。"""

    kind: OrderReminderKind
    kind_label: str
    due_on: date
    at: BeijingTime


class OrderAnswer(RecordAnswer):
    """一件督办事项；division 为督办机关，to_division 为被督办单位。"""

    to_division: str
    title: str
    demand: str
    clause: str
    status: OrderStatus
    status_label: str
    is_overdue: bool
    due_on: date | None
    first_due_on: date
    about_record: str | None
    about_id: UUID | None
    issued_by: str
    issued_at: BeijingTime
    acknowledged_at: BeijingTime | None
    answers: list[OrderAnswerAnswer]
    returns: list[OrderReturnAnswer]
    extensions: list[ExtensionAnswer]
    reminders: list[ReminderAnswer]
    closed_at: BeijingTime | None
    closed_on_time: bool | None = Field(description="最后一次答复是否在期限之内；未办结的为 null。")
    closing_remark: str | None
    withdrawn_at: BeijingTime | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: OrderState) -> Self:
        """From the record, as of today."""
        return shown(
            cls,
            state,
            status_label=STATUS_LABELS[state.status],
            is_overdue=is_overdue(state, on=today()),
            answers=[
                {**one.model_dump(), "evidence": [proof.model_dump() for proof in one.evidence]}
                for one in state.answers
            ],
            returns=[one.model_dump() for one in state.returns],
            extensions=[
                {**one.model_dump(), "decision_label": DECISION_LABELS[one.decision]} for one in state.extensions
            ],
            reminders=[{**one.model_dump(), "kind_label": REMINDER_LABELS[one.kind]} for one in state.reminders],
        )


class StatusCount(AnswerModel):
    """一种状态的件数。"""

    status: OrderStatus
    status_label: str
    count: int


class OrderCountsAnswer(AnswerModel):
    """发往一个区划及其以下的督办事项。"""

    division: str
    total: int
    open: int
    overdue: int = Field(description="未办结且已逾期的。")
    closed_late: int = Field(description="已办结但答复晚于期限的。")
    by_status: list[StatusCount]

    @classmethod
    def of(cls, division: str, counts: OrderCounts) -> Self:
        """From the use case."""
        return cls(
            division=division,
            total=counts.total,
            open=counts.open,
            overdue=counts.overdue,
            closed_late=counts.closed_late,
            by_status=[
                StatusCount(status=status, status_label=STATUS_LABELS[status], count=count)
                for status, count in counts.by_status.items()
            ],
        )


class SubtreeCountsAnswer(AnswerModel):
    """某日一个区划及其各下级的督办事项件数。"""

    on: date
    total: OrderCountsAnswer
    children: list[OrderCountsAnswer] = Field(description="有督办事项的直接下级；本级自身的列在本级代码之下。")
