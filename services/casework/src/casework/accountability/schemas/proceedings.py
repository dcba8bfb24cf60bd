"""Requests and answers about proceedings."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from casework.accountability.domain import (
    APPEAL_RESULT_LABELS,
    PROCEEDING_SOURCE_LABELS,
    PROCEEDING_STATUS_LABELS,
)
from casework.accountability.schemas.fields import AccountName, Text
from casework.accountability.service import NewProceeding
from common.contracts.casework.accountability import (
    AppealResult,
    ProceedingSource,
    ProceedingState,
    ProceedingStatus,
)
from common.http import AnswerModel, BeijingTime, DivisionCode, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown


class ProceedingBody(StrictModel):
    """启动责任追究；来源为检查发现的不填 source_id，其余必填。"""

    source: ProceedingSource
    source_id: UUID | None = None
    person: AccountName
    division: DivisionCode = Field(description="被追究人所在机构的区划。")
    grounds: Reason

    def to_domain(self) -> NewProceeding:
        """For the use case."""
        return NewProceeding(**dict(self))


class StatementBody(StrictModel):
    """陈述申辩。"""

    statement: Text


class AppealBody(StrictModel):
    """申诉理由。"""

    grounds: Text


class DecisionBody(StrictModel):
    """处理决定。"""

    kind: Annotated[str, Field(min_length=1, max_length=40, description="处理方式，见处理方式列表。")]
    reason: Reason


class OutcomeBody(StrictModel):
    """申诉处理结果；变更的须填写 kind，且须轻于原决定。"""

    result: AppealResult
    kind: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    reason: Reason


class DisclosureBody(StrictModel):
    """查看陈述和申诉原文的理由。"""

    reason: Reason


class DisclosedTexts(AnswerModel):
    """陈述和申诉原文。"""

    statement: str | None
    appeal: str | None


class DecisionAnswer(AnswerModel):
    """处理决定。"""

    kind: str
    kind_label: str
    reason: str
    by: str
    division: str
    decided_at: BeijingTime


class OutcomeAnswer(AnswerModel):
    """申诉处理结果。"""

    result: AppealResult
    result_label: str
    kind: str | None
    kind_label: str | None
    reason: str
    by: str
    division: str
    heard_at: BeijingTime


class ProceedingAnswer(RecordAnswer):
    """一件责任追究；当事人只以账号表示。"""

    source: ProceedingSource
    source_label: str
    source_id: UUID | None
    case_id: UUID | None
    person: str
    grounds: str
    opened_by: str
    opened_at: BeijingTime
    status: ProceedingStatus
    status_label: str
    statement_due_on: date
    stated_at: BeijingTime | None
    decision: DecisionAnswer | None
    appeal_due_on: date | None
    appeal_division: str | None
    appealed_at: BeijingTime | None
    outcome: OutcomeAnswer | None
    due_on: date | None = Field(description="下一步的期限。")
    finalised_at: BeijingTime | None
    standing_kind: str | None
    standing_kind_label: str | None
    ledger_entry_id: UUID | None

    @classmethod
    def of(cls, state: ProceedingState, labels: dict[str, str]) -> Self:
        """From the record; `labels` of kinds of decisions."""
        decision, outcome = state.decision, state.outcome
        standing = state.standing_kind
        return shown(
            cls,
            state,
            source_label=PROCEEDING_SOURCE_LABELS[state.source],
            status_label=PROCEEDING_STATUS_LABELS[state.status],
            decision=None if decision is None else {**dict(decision), "kind_label": labels[decision.kind]},
            outcome=None
            if outcome is None
            else {
                **dict(outcome),
                "result_label": APPEAL_RESULT_LABELS[outcome.result],
                "kind_label": None if outcome.kind is None else labels[outcome.kind],
            },
            standing_kind_label=None if standing is None else labels[standing],
        )
