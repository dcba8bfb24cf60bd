"""Answers about inspections (督导考核)."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from common.contracts.reporting.inspections import (
    CriterionState,
    Dimension,
    InspectionStatus,
    InspectionTemplateState,
    MeasureKind,
    OfficeKind,
    ResultPublicationState,
    SampledOfficeState,
    StratumKind,
    TemplateStatus,
)
from common.http import AnswerModel, BeijingTime
from common.records.schemas import RecordAnswer, shown
from reporting.inspections.domain import (
    DIMENSION_LABELS,
    INSPECTION_STATUS_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    STRATUM_LABELS,
    TEMPLATE_STATUS_LABELS,
    FrameOffice,
)
from reporting.inspections.service import SeenInspection


class StepAnswer(AnswerModel):
    """一档。"""

    code: str
    label: str
    permille: int


class CriterionAnswer(AnswerModel):
    """一项考核指标。"""

    code: str
    dimension: Dimension
    dimension_label: str
    title: str
    unit: str | None
    weight: int
    measure: MeasureKind
    measure_label: str
    declared_code: str | None
    target: int | None
    tolerance_permille: int
    within_permille: int
    steps: list[StepAnswer]
    pass_permille: int
    is_veto: bool
    evidence_required: int
    clause: str

    @classmethod
    def of(cls, state: CriterionState) -> Self:
        """From the state."""
        return cls(
            **{
                **state.model_dump(),
                "dimension_label": DIMENSION_LABELS[state.dimension],
                "measure_label": MEASURE_LABELS[state.measure],
            }
        )


class WeightAnswer(AnswerModel):
    """一节的权重。"""

    dimension: Dimension
    dimension_label: str
    weight: int


class TemplateAnswer(RecordAnswer):
    """考核模板的一个版本。"""

    series: UUID
    number: int
    title: str
    document: str
    mark: str
    to_confirm: str | None
    status: TemplateStatus
    status_label: str
    weights: list[WeightAnswer]
    criteria: list[CriterionAnswer]
    veto_cap: int = Field(description="一票否决后的最高得分，百分之一分。")

    @classmethod
    def of(cls, state: InspectionTemplateState) -> Self:
        """From the state."""
        return shown(
            cls,
            state,
            status_label=TEMPLATE_STATUS_LABELS[state.status],
            weights=[
                WeightAnswer(
                    dimension=one.dimension, dimension_label=DIMENSION_LABELS[one.dimension], weight=one.weight
                )
                for one in state.weights
            ],
            criteria=[CriterionAnswer.of(one) for one in state.criteria],
        )


class SampledAnswer(AnswerModel):
    """抽中的一个机构。"""

    office_id: UUID
    division: str
    kind: OfficeKind
    kind_label: str
    name: str
    stratum: str
    position: int = Field(description="在本层中的次序。")
    replaces: UUID | None
    reason: str | None
    is_out: bool

    @classmethod
    def of(cls, state: SampledOfficeState) -> Self:
        """From the state."""
        return cls(**state.model_dump(), kind_label=KIND_LABELS[state.kind])


class RankedAnswer(AnswerModel):
    """通报中的一个机构。"""

    rank: int = Field(description="得分相同的名次相同。")
    division: str
    office_id: UUID
    name: str
    visit_id: UUID
    score: int = Field(description="得分，百分之一分。")
    is_vetoed: bool


class ResultAnswer(AnswerModel):
    """通报的结果。"""

    scope: list[str]
    as_of: BeijingTime
    published_at: BeijingTime
    ranking: list[RankedAnswer]
    missing: list[UUID] = Field(description="抽中而没有结果的机构。")

    @classmethod
    def of(cls, state: ResultPublicationState) -> Self:
        """From the state."""
        told = state.model_dump()
        return cls(**{name: told[name] for name in cls.model_fields})


class InspectionAnswer(RecordAnswer):
    """一次督导考核；被检查单位在通报之前看不到抽取名单和种子。"""

    title: str
    purpose: str
    clause: str
    status: InspectionStatus
    status_label: str
    is_announced: bool
    scope: list[str]
    template_id: UUID
    programme_id: UUID | None
    strata: StratumKind
    strata_label: str
    size: int
    kinds: list[OfficeKind]
    seed: str | None
    frame_on: date | None = Field(description="名单冻结之日。")
    frame_size: int | None
    frame_digest: str | None
    sample: list[SampledAnswer] | None
    planned_at: BeijingTime
    begun_at: BeijingTime | None
    concluded_at: BeijingTime | None
    result: ResultAnswer | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, seen: SeenInspection) -> Self:
        """As somebody may see it."""
        state, is_whole = seen.state, seen.is_whole
        frame = state.frame if is_whole else None
        return shown(
            cls,
            state,
            status_label=INSPECTION_STATUS_LABELS[state.status],
            strata=state.sampling.strata,
            strata_label=STRATUM_LABELS[state.sampling.strata],
            size=state.sampling.size,
            kinds=list(state.sampling.kinds),
            scope=list(state.scope),
            seed=state.sampling.seed if is_whole else None,
            frame_on=frame.frozen_on if frame else None,
            frame_size=frame.size if frame else None,
            frame_digest=frame.digest if frame else None,
            sample=[SampledAnswer.of(one) for one in state.sample] if is_whole else None,
            result=ResultAnswer.of(state.publication) if state.publication and is_whole else None,
        )


class FrameOfficeAnswer(AnswerModel):
    """抽样名单中的一个机构。"""

    office_id: UUID
    division: str
    kind: OfficeKind
    kind_label: str
    name: str
    stratum: str

    @classmethod
    def of(cls, one: FrameOffice) -> Self:
        """From the frame."""
        return cls(
            office_id=one.office_id,
            division=one.division,
            kind=one.kind,
            kind_label=KIND_LABELS[one.kind],
            name=one.name,
            stratum=one.stratum,
        )


class RedrawAnswer(AnswerModel):
    """按冻结的名单和记录的种子重新抽取的结果。"""

    algorithm: str = "SHA-256(种子, 换行, 机构标识) 升序，每层取前若干个"
    digest: str
    is_same_frame: bool
    is_same_sample: bool
