"""Requests about inspections (督导考核)."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.reporting.inspections import (
    CriterionState,
    Dimension,
    DimensionWeight,
    GradeStepState,
    InspectorState,
    MeasureKind,
    OfficeKind,
    StratumKind,
)
from common.divisions import valid_code
from common.http import IMPERSONAL, DivisionCode, StrictModel
from common.records.schemas import Reason
from reporting.inspections.domain import Found
from reporting.inspections.service import Plan, TemplateWords
from reporting.orders.schemas import EvidenceBody, Title, Words

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="小写字母、数字、连字符。")]
ClauseCode = Annotated[str, Field(pattern=r"^[SGO][0-9](\.[0-9][a-h]?)?$", description="所依据的条款。")]
Label = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=100), IMPERSONAL]
AccountName = Annotated[str, Field(min_length=1, max_length=255, description="账号，不是姓名。")]
Weight = Annotated[int, Field(ge=1, le=1000)]
Permille = Annotated[int, Field(ge=0, le=1000)]
Measured = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


class StepBody(StrictModel):
    """分档评定的一档。"""

    code: Code
    label: Label
    permille: Permille


class CriterionBody(StrictModel):
    """一项考核指标。"""

    code: Code
    dimension: Dimension
    title: Label
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    weight: Weight
    measure: MeasureKind
    declared_code: Code | None = Field(default=None, description="与进度报表哪一项申报数比对。")
    target: Annotated[int, Field(ge=1, le=10**9)] | None = None
    tolerance_permille: Permille = 0
    within_permille: Permille = 1000
    steps: Annotated[list[StepBody], Field(default_factory=list, max_length=10)]
    pass_permille: Permille = 600
    is_veto: bool = False
    evidence_required: Annotated[int, Field(ge=0, le=20)] = 0
    clause: ClauseCode

    def to_state(self) -> CriterionState:
        """For the use case."""
        steps = tuple(GradeStepState(code=one.code, label=one.label, permille=one.permille) for one in self.steps)
        return CriterionState(**{**dict(self), "steps": steps})


class DimensionBody(StrictModel):
    """一节的权重。"""

    dimension: Dimension
    weight: Weight


class TemplateBody(StrictModel):
    """考核模板的一个版本。"""

    title: Title
    document: Label
    veto_cap: Annotated[int, Field(ge=0, le=10_000, description="一票否决后的最高得分，百分之一分。")]
    weights: Annotated[list[DimensionBody], Field(min_length=1, max_length=7)]
    criteria: Annotated[list[CriterionBody], Field(min_length=1, max_length=200)]

    def to_words(self) -> TemplateWords:
        """For the use case."""
        return TemplateWords(
            self.title,
            self.document,
            self.veto_cap,
            tuple(DimensionWeight(dimension=one.dimension, weight=one.weight) for one in self.weights),
            tuple(one.to_state() for one in self.criteria),
        )


class InspectorBody(StrictModel):
    """一名检查人员。"""

    account: AccountName
    division: DivisionCode


class InspectionBody(StrictModel):
    """制定督导考核；不设固定周期。"""

    title: Title
    purpose: Words
    clause: ClauseCode = "S5"
    is_announced: bool = Field(description="是否事先告知被检查单位。")
    scope: Annotated[list[DivisionCode], Field(min_length=1, max_length=200)]
    template_id: UUID
    programme_id: UUID | None = None
    strata: StratumKind = "none"
    size: Annotated[int, Field(ge=1, le=500, description="抽取数；分层时为每层抽取数。")]
    kinds: Annotated[list[OfficeKind], Field(default_factory=lambda: ["service_office"], min_length=1, max_length=3)]
    inspectors: Annotated[list[InspectorBody], Field(min_length=2, max_length=100)]
    seed: (
        Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$", description="随机种子，制定时即记录；缺省由系统生成。")]
        | None
    ) = None

    def to_plan(self) -> Plan:
        """For the use case.

        Raises:
            InvalidDivisionCode: an inspector comes from what is no code.
        """
        inspectors = ((one.account, valid_code(one.division)) for one in self.inspectors)
        return Plan(
            title=self.title,
            purpose=self.purpose,
            clause=self.clause,
            is_announced=self.is_announced,
            scope=tuple(dict.fromkeys(self.scope)),
            template_id=self.template_id,
            programme_id=self.programme_id,
            strata=self.strata,
            size=self.size,
            kinds=tuple(dict.fromkeys(self.kinds)),
            inspectors=tuple(InspectorState(account=account, division=division) for account, division in inspectors),
            seed=self.seed,
        )


class ReplacementBody(StrictModel):
    """替换抽中的机构。"""

    office_id: UUID
    reason: Reason


class PublicationBody(StrictModel):
    """通报的范围。"""

    scope: Annotated[list[DivisionCode], Field(min_length=1, max_length=200)]


class ReasonBody(StrictModel):
    """理由。"""

    reason: Reason


class VisitBody(StrictModel):
    """开始现场检查。"""

    division: DivisionCode
    team: Annotated[list[AccountName], Field(min_length=2, max_length=20)]
    reinspects: UUID | None = Field(default=None, description="复查哪一次检查的不合格项。")


class FindingBody(StrictModel):
    """一项指标的检查结果。"""

    criterion: Code
    is_applicable: bool = True
    number: Measured | None = None
    is_met: bool | None = None
    step: Code | None = None
    evidence: Annotated[list[EvidenceBody], Field(default_factory=list, max_length=20)]
    remark: Annotated[str, Field(min_length=2, max_length=500), IMPERSONAL] | None = None

    def to_found(self) -> Found:
        """For the use case."""
        return Found(**{**dict(self), "evidence": tuple(one.to_state() for one in self.evidence)})


class FindingsBody(StrictModel):
    """若干检查结果。"""

    findings: Annotated[list[FindingBody], Field(min_length=1, max_length=200)]


class StatementBody(StrictModel):
    """被检查机构的意见。"""

    accepts: bool
    text: Words


StatusAsked = Literal["planned", "drawn", "under_way", "concluded", "published", "withdrawn"]
