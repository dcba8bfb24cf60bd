"""Requests and answers about rules, warnings and whose time it was."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from casework.accountability.domain import (
    COLOUR_LABELS,
    PART_KIND_LABELS,
    SUBJECT_LABELS,
    WARNING_KIND_LABELS,
    WARNING_STATUS_LABELS,
    Attribution,
    Part,
    explain,
    period_on,
)
from casework.cases.domain import STEP_LABELS
from casework.clock.domain import CLOCK_LABELS, UNIT_LABELS
from casework.items.domain import MARK_LABELS
from common.contracts.casework.accountability import (
    Colour,
    RuleMark,
    RulePeriod,
    ThresholdUnit,
    WarningKind,
    WarningRuleState,
    WarningState,
    WarningStatus,
)
from common.contracts.casework.cases import ClockName, LimitUnit, StepName
from common.http import IMPERSONAL, AnswerModel, BeijingTime, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown


class RulePeriodBody(StrictModel):
    """监察规则自某日起的内容；最早自次日起。"""

    effective_from: date
    threshold: int = Field(ge=0, le=1000, description="达到多少个工作日（或次）发出预警。")
    unit: ThresholdUnit
    colour: Colour
    is_active: bool = True
    clause: Annotated[str, Field(min_length=2, max_length=40)] = "O4.3c"
    document: Annotated[str, Field(min_length=2, max_length=100, description="依据的文号。"), IMPERSONAL]
    mark: RuleMark
    to_confirm: Annotated[str, Field(min_length=2, max_length=300), IMPERSONAL] | None = None
    reason: Reason

    def to_state(self) -> RulePeriod:
        """For the record."""
        return RulePeriod(**{name: getattr(self, name) for name in RulePeriod.model_fields})


class RulePeriodAnswer(AnswerModel):
    """监察规则的一段有效期。"""

    effective_from: date
    threshold: int
    unit: ThresholdUnit
    colour: Colour
    colour_label: str
    is_active: bool
    clause: str
    document: str
    mark: RuleMark
    mark_label: str
    to_confirm: str | None

    @classmethod
    def of(cls, period: RulePeriod) -> Self:
        """From the record."""
        labels = {"colour_label": COLOUR_LABELS[period.colour], "mark_label": MARK_LABELS[period.mark]}
        return cls.model_validate({**dict(period), **labels})


class RuleAnswer(RecordAnswer):
    """一条监察规则及其各段有效期。"""

    number: str = Field(description="监察规则编号。")
    kind: WarningKind
    kind_label: str
    title: str
    current: RulePeriodAnswer | None = Field(description="今天有效的内容。")
    periods: list[RulePeriodAnswer]

    @classmethod
    def of(cls, state: WarningRuleState, on: date) -> Self:
        """From the record, as of a day."""
        now = period_on(state.periods, on)
        return shown(
            cls,
            state,
            kind_label=WARNING_KIND_LABELS[state.kind],
            current=None if now is None else RulePeriodAnswer.of(now),
            periods=[RulePeriodAnswer.of(one) for one in state.periods],
        )


class WarningAnswer(RecordAnswer):
    """一条预警（电子监察，GB/T 39046 表11）。"""

    number: str = Field(description="监察编号。")
    subject: str
    subject_label: str
    subject_id: UUID
    case_id: UUID | None
    item_code: str | None
    rule_number: str = Field(description="监察规则编号。")
    kind: WarningKind
    kind_label: str
    colour: Colour
    colour_label: str
    status: WarningStatus
    status_label: str
    holder: str | None = Field(description="发出时的持有账号。")
    content: str = Field(description="督办内容。")
    finding: str = Field(description="监察结果描述。")
    subject_due_on: date | None
    raised_on: date
    raised_at: BeijingTime
    lifted_at: BeijingTime | None

    @classmethod
    def of(cls, state: WarningState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            subject_label=SUBJECT_LABELS.get(state.subject, state.subject),
            kind_label=WARNING_KIND_LABELS[state.kind],
            colour_label=COLOUR_LABELS[state.colour],
            status_label=WARNING_STATUS_LABELS[state.status],
        )


class PartAnswer(AnswerModel):
    """一部分时间及其归属。"""

    kind: str
    kind_label: str
    account: str | None
    division: str | None
    step: StepName | None
    step_label: str | None
    days: int
    overdue_days: int = Field(description="其中到期后的工作日。")

    @classmethod
    def of(cls, part: Part) -> Self:
        """From the rule."""
        owner = part.owner
        return cls(
            kind=owner.kind,
            kind_label=PART_KIND_LABELS[owner.kind],
            account=owner.account,
            division=owner.division,
            step=owner.step,
            step_label=None if owner.step is None else STEP_LABELS[owner.step],
            days=part.days,
            overdue_days=part.overdue,
        )


class StepShareAnswer(AnswerModel):
    """一个环节分摊的超期工作日。"""

    step: StepName
    step_label: str
    overdue_days: int


class AttributionAnswer(AnswerModel):
    """一种时限的用时归属；各部分之和等于全部用时。"""

    clock: ClockName
    clock_label: str
    unit: LimitUnit
    unit_label: str
    from_on: date
    until: date
    elapsed: int = Field(description="全部用时。")
    running: int = Field(description="其中计入时限的。")
    overdue: int = Field(description="到期后的工作日。")
    due_on: date | None
    parts: list[PartAnswer]
    overdue_by_step: list[StepShareAnswer]
    explanation: list[str]

    @classmethod
    def of(cls, found: Attribution, by_step: dict[StepName, int]) -> Self:
        """From the rule."""
        shares = [
            StepShareAnswer(step=step, step_label=STEP_LABELS[step], overdue_days=days)
            for step, days in by_step.items()
        ]
        return cls(
            clock=found.clock,
            clock_label=CLOCK_LABELS[found.clock],
            unit=found.unit,
            unit_label=UNIT_LABELS[found.unit],
            from_on=found.from_on,
            until=found.until,
            elapsed=found.elapsed,
            running=found.running,
            overdue=found.overdue,
            due_on=found.due_on,
            parts=[PartAnswer.of(part) for part in found.parts],
            overdue_by_step=shares,
            explanation=explain(found, by_step),
        )
