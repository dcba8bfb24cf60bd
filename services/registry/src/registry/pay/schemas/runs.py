"""Pay runs in requests and answers. Pseudonyms stay inside: a line names the post."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from common.contracts.registry.money import PayBlock, PayLine, PayRunState
from common.http import AnswerModel, BeijingTime, StrictModel
from registry.history.schemas import RecordAnswer, common_fields
from registry.pay.domain import BLOCK_LABELS, RUN_STATUS_LABELS, Period
from registry.pay.schemas.fields import Reason
from registry.pay.service import NewRun


class RunBody(StrictModel):
    """编制一个期间的报酬核发：一个服务站，或一个乡镇（街道）的全部服务站。"""

    office_id: UUID
    period_from: date
    period_to: date = Field(description="最后一天（含）。")
    only_staff: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="只为这些岗位补发；其中有人不得领取报酬的，不予编制。"
    )
    reason: Reason | None = None

    def to_domain(self) -> NewRun:
        """For the use case."""
        named = None if self.only_staff is None else tuple(sorted(set(self.only_staff)))
        return NewRun(self.office_id, Period(self.period_from, self.period_to), named)


class CancelBody(StrictModel):
    """撤销编制的理由。"""

    reason: Reason


class LineAnswer(AnswerModel):
    """一个岗位的报酬：认定任务数 × 标准 × 质量系数之和，按行四舍五入到分。"""

    staff_member_id: UUID
    tasks: int
    quality_permille: int
    earned_fen: int | None
    amount_fen: int
    blocked_by: str | None = Field(description="不予核发所依据的条款；为 null 表示核发。")
    blocked_reason: PayBlock | None
    blocked_reason_label: str | None
    blocked_detail: str | None
    case_ids: list[UUID]

    @classmethod
    def of(cls, line: PayLine) -> Self:
        """From the line."""
        names = [name for name in cls.model_fields if name not in ("blocked_reason_label", "case_ids")]
        return cls(
            **{name: getattr(line, name) for name in names},
            blocked_reason_label=BLOCK_LABELS[line.blocked_reason] if line.blocked_reason else None,
            case_ids=list(line.case_ids),
        )


class RunAnswer(RecordAnswer):
    """一次报酬核发。"""

    period_from: date
    period_to: date
    status: Literal["draft", "settled", "cancelled"]
    status_label: str
    lines: list[LineAnswer]
    total_fen: int
    settled_at: BeijingTime | None
    only_staff: list[UUID] | None
    cancel_reason: str | None

    @classmethod
    def of(cls, state: PayRunState) -> Self:
        """From the state."""
        return cls(
            **common_fields(state),
            period_from=state.period_from,
            period_to=state.period_to,
            status=state.status,
            status_label=RUN_STATUS_LABELS[state.status],
            lines=[LineAnswer.of(line) for line in state.lines],
            total_fen=state.total_fen,
            settled_at=state.settled_at,
            only_staff=None if state.only_staff is None else list(state.only_staff),
            cancel_reason=state.cancel_reason,
        )
