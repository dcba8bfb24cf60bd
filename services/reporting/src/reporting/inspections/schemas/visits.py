"""Answers about visits (督导考核现场检查)."""

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.inspections import (
    Comparison,
    Dimension,
    FindingState,
    ScoreState,
    VisitStatus,
)
from common.http import AnswerModel, BeijingTime
from common.records.schemas import RecordAnswer, shown
from reporting.inspections.domain import (
    COMPARISON_LABELS,
    DIMENSION_LABELS,
    VISIT_STATUS_LABELS,
)
from reporting.inspections.service import Recount, SeenVisit
from reporting.orders.schemas import EvidenceAnswer


class DeclaredAnswer(AnswerModel):
    """一个申报数。"""

    code: str
    value: Decimal
    source: str
    as_of: date | None


class FindingAnswer(AnswerModel):
    """一项指标的检查结果。"""

    criterion: str
    is_applicable: bool
    number: Decimal | None
    is_met: bool | None
    step: str | None
    declared: DeclaredAnswer | None
    difference: Decimal | None = Field(description="实测减申报。")
    comparison: Comparison | None
    comparison_label: str | None
    evidence: list[EvidenceAnswer]
    remark: str | None
    found_by: str
    found_at: BeijingTime

    @classmethod
    def of(cls, state: FindingState) -> Self:
        """From the state."""
        label = None if state.comparison is None else COMPARISON_LABELS[state.comparison]
        return cls(**state.model_dump(), comparison_label=label)


class PartAnswer(AnswerModel):
    """一项指标的得分。"""

    criterion: str
    dimension: Dimension
    dimension_label: str
    permille: int | None
    points: int = Field(description="按权重分摊后的得分，万分之一分。")
    is_failed: bool
    explanation: str


class ScoreAnswer(AnswerModel):
    """得分及其由来。"""

    value: int = Field(description="得分，百分之一分。")
    uncapped: int = Field(description="一票否决之前的得分。")
    is_vetoed: bool
    vetoed_by: list[str]
    parts: list[PartAnswer]
    template_number: int

    @classmethod
    def of(cls, state: ScoreState) -> Self:
        """From the state."""
        return cls(
            value=state.value,
            uncapped=state.uncapped,
            is_vetoed=state.is_vetoed,
            vetoed_by=list(state.vetoed_by),
            parts=[
                PartAnswer(**part.model_dump(), dimension_label=DIMENSION_LABELS[part.dimension])
                for part in state.parts
            ],
            template_number=state.template_number,
        )


class RecountAnswer(AnswerModel):
    """由检查结果和模板重新计算的得分。"""

    is_same: bool
    recorded: ScoreAnswer | None
    counted: ScoreAnswer

    @classmethod
    def of(cls, one: Recount) -> Self:
        """From the use case."""
        return cls(
            is_same=one.is_same,
            recorded=None if one.recorded is None else ScoreAnswer.of(one.recorded),
            counted=ScoreAnswer.of(one.counted),
        )


class StatementAnswer(AnswerModel):
    """被检查机构的意见。"""

    text: str
    accepts: bool
    by: str
    at: BeijingTime


class SignatureAnswer(AnswerModel):
    """检查人员的签名。"""

    by: str
    at: BeijingTime


class InspectorAnswer(AnswerModel):
    """一名检查人员。"""

    account: str
    division: str


class VisitAnswer(RecordAnswer):
    """一次现场检查；反馈之前被检查机构看不到检查结果。"""

    inspection_id: UUID
    template_id: UUID
    organiser: str
    status: VisitStatus
    status_label: str
    team: list[InspectorAnswer]
    begun_at: BeijingTime
    visited_on: date
    declared: list[DeclaredAnswer] | None
    findings: list[FindingAnswer] | None
    presented_at: BeijingTime | None
    statement_due_on: date | None
    statement: StatementAnswer | None
    signatures: list[SignatureAnswer]
    signed_off_at: BeijingTime | None
    score: ScoreAnswer | None
    orders: list[UUID] = Field(description="由此发出的整改督办。")
    reinspects: UUID | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, seen: SeenVisit) -> Self:
        """As somebody may see it."""
        state, is_told = seen.state, seen.has_findings
        return shown(
            cls,
            state,
            status_label=VISIT_STATUS_LABELS[state.status],
            team=[one.model_dump() for one in state.team],
            declared=[one.model_dump() for one in state.declared] if is_told else None,
            findings=[FindingAnswer.of(one) for one in state.findings] if is_told else None,
            statement=state.statement.model_dump() if state.statement else None,
            signatures=[one.model_dump() for one in state.signatures],
            score=ScoreAnswer.of(state.score) if state.score else None,
            orders=list(state.orders),
        )
