"""What is told about plans."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.plans import (
    Evidence,
    ExecutionState,
    FilingAct,
    FilingActKind,
    InclusionState,
    LineChangeKind,
    LineEntryState,
    LineStatus,
    PlanLine,
    PlanStage,
    PlanState,
    PlanStatus,
    ReturnReason,
    StageStatus,
)
from common.http import AnswerModel, BeijingTime
from common.records.schemas import RecordAnswer, shown
from reporting.plans.domain import (
    ACT_LABELS,
    CHANGE_LABELS,
    LINE_LABELS,
    PLAN_LABELS,
    STAGE_LABELS,
    STANDING_LABELS,
    FilingStanding,
    count_standings,
    late_lines,
    status_of,
)
from reporting.plans.service import CityStanding, Coverage


class LineChangeAnswer(AnswerModel):
    """一个事项与上一版本的差别。"""

    line_id: UUID
    kind: LineChangeKind
    kind_label: str
    members: list[str]


class PlanApprovalAnswer(AnswerModel):
    """本级批准。"""

    body: str
    document: str | None
    on: date
    at: BeijingTime
    by: str


class PlanAnswer(RecordAnswer):
    """方案的一个版本。"""

    programme_id: UUID
    filing_id: UUID
    number: int
    based_on: int | None
    title: str
    stages: list[PlanStage]
    lines: list[PlanLine]
    changes: list[LineChangeAnswer]
    reason: str
    approval: PlanApprovalAnswer | None
    status: PlanStatus
    status_label: str

    @classmethod
    def of(cls, state: PlanState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            stages=list(state.stages),
            lines=list(state.lines),
            changes=[
                LineChangeAnswer(
                    line_id=one.line_id, kind=one.kind, kind_label=CHANGE_LABELS[one.kind], members=list(one.members)
                )
                for one in state.changes
            ],
            approval=PlanApprovalAnswer(**state.approval.model_dump()) if state.approval else None,
            status_label=PLAN_LABELS[state.status],
        )


class PlansAnswer(AnswerModel):
    """全部版本。"""

    plans: list[PlanAnswer]


class FilingActAnswer(AnswerModel):
    """备案的一个步骤。"""

    kind: FilingActKind
    kind_label: str
    on: date
    at: BeijingTime
    by: str
    plan: int
    days_late: int | None
    number: str | None
    reasons: list[ReturnReason]
    correct_by: date | None

    @classmethod
    def of(cls, act: FilingAct) -> Self:
        """From the state."""
        members = {name: getattr(act, name) for name in FilingAct.model_fields if name != "reasons"}
        return cls.model_validate({**members, "kind_label": ACT_LABELS[act.kind], "reasons": list(act.reasons)})


class FilingAnswer(AnswerModel):
    """一市的方案备案在某日的状态；version 供 If-Match，尚未开始的为 null。"""

    city: str
    city_name: str
    state: FilingStanding
    state_label: str
    due_on: date | None
    first_filed_on: date | None
    days_late: int
    in_force: int | None
    number: str | None
    version: int | None
    draft: int | None
    pending: int | None
    correct_by: date | None
    acts: list[FilingActAnswer]

    @classmethod
    def of(cls, found: CityStanding) -> Self:
        """From the use case."""
        standing, filing = found.standing, found.filing
        return cls(
            city=found.city,
            city_name=found.name,
            state=standing.state,
            state_label=STANDING_LABELS[standing.state],
            due_on=standing.due_on,
            first_filed_on=standing.first_filed_on,
            days_late=standing.days_late,
            in_force=standing.in_force,
            number=standing.number,
            version=filing.version if filing else None,
            draft=filing.draft if filing else None,
            pending=filing.pending if filing else None,
            correct_by=filing.correct_by if filing else None,
            acts=[FilingActAnswer.of(one) for one in filing.acts] if filing else [],
        )


class FilingStandingCount(AnswerModel):
    """某状态的市数。"""

    state: FilingStanding
    state_label: str
    count: int


class FilingOverviewAnswer(AnswerModel):
    """各市方案备案情况。"""

    programme_id: UUID
    on: date
    expected: int
    late: int = Field(description="逾期报备和逾期未报的市数。")
    counts: list[FilingStandingCount]
    cities: list[FilingAnswer]

    @classmethod
    def of(cls, programme_id: UUID, on: date, found: Sequence[CityStanding]) -> Self:
        """From the use case."""
        counts = count_standings(one.standing for one in found)
        return cls(
            programme_id=programme_id,
            on=on,
            expected=len(found),
            late=sum(one.standing.days_late > 0 for one in found),
            counts=[
                FilingStandingCount(state=state, state_label=STANDING_LABELS[state], count=count)
                for state, count in counts.items()
            ],
            cities=[FilingAnswer.of(one) for one in found],
        )


class LineStandingAnswer(AnswerModel):
    """一个事项的进展。"""

    line_id: UUID
    item: str
    owner: str
    stage: str
    due_on: date
    status: LineStatus
    status_label: str
    is_late: bool
    on: date | None
    note: str | None
    evidence: list[Evidence]


class StageProgressAnswer(AnswerModel):
    """一个阶段。"""

    stage: str
    title: str
    status: StageStatus
    status_label: str
    on: date | None
    by: str | None
    reason: str | None
    document: str | None


class ExecutionAnswer(AnswerModel):
    """方案执行情况；version 供 If-Match。"""

    id: UUID
    version: int
    plan: int
    done: int
    total: int
    stages: list[StageProgressAnswer]
    lines: list[LineStandingAnswer]

    @classmethod
    def of(cls, state: ExecutionState, plan: PlanState, on: date) -> Self:
        """From the states."""
        titles = {one.code: one.title for one in plan.stages}
        return cls(
            id=state.id,
            version=state.version,
            plan=state.plan,
            done=sum(status_of(state, one.id) == "done" for one in plan.lines),
            total=len(plan.lines),
            stages=[
                StageProgressAnswer(
                    **one.model_dump(exclude={"at"}), title=titles[one.stage], status_label=STAGE_LABELS[one.status]
                )
                for one in state.stages
            ],
            lines=_lines(state, plan, on),
        )


class LineEntryAnswer(AnswerModel):
    """一次进展登记。"""

    id: UUID
    plan: int
    line_id: UUID
    status: LineStatus
    status_label: str
    on: date
    at: BeijingTime
    by: str
    note: str | None
    evidence: list[Evidence]

    @classmethod
    def of(cls, state: LineEntryState) -> Self:
        """From the state."""
        entry = state.entry
        members = {name: getattr(entry, name) for name in type(entry).model_fields}
        more = {"id": state.id, "plan": state.plan, "status_label": LINE_LABELS[entry.status]}
        return cls.model_validate({**members, **more, "evidence": list(entry.evidence)})


class InclusionAnswer(RecordAnswer):
    """纳入五年规划的登记。"""

    programme_id: UUID
    five_year_plan: str
    title: str
    number: str | None
    clause: str
    included_on: date
    entered_by: str

    @classmethod
    def of(cls, state: InclusionState) -> Self:
        """From the state."""
        return shown(cls, state)


class InclusionCoverageRow(AnswerModel):
    """一级政府是否已纳入。"""

    division: str
    name: str
    is_included: bool


class InclusionCoverageAnswer(AnswerModel):
    """市、县（市、区）是否已将建设任务纳入五年规划。"""

    expected: int
    included: int
    governments: list[InclusionCoverageRow]

    @classmethod
    def of(cls, found: Sequence[Coverage]) -> Self:
        """From the use case."""
        return cls(
            expected=len(found),
            included=sum(one.is_included for one in found),
            governments=[
                InclusionCoverageRow(division=one.division, name=one.name, is_included=one.is_included) for one in found
            ],
        )


def _lines(state: ExecutionState, plan: PlanState, on: date) -> list[LineStandingAnswer]:
    late = {one.id for one in late_lines(plan, state, on=on)}
    known = {one.line_id: one for one in state.lines}
    found = []
    for line in plan.lines:
        entry, status = known.get(line.id), status_of(state, line.id)
        found.append(
            LineStandingAnswer(
                line_id=line.id,
                item=line.item,
                owner=line.owner,
                stage=line.stage,
                due_on=line.due_on,
                status=status,
                status_label=LINE_LABELS[status],
                is_late=line.id in late,
                on=entry.on if entry else None,
                note=entry.note if entry else None,
                evidence=list(entry.evidence) if entry else [],
            )
        )
    return found
