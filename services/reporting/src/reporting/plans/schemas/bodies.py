"""What is asked about plans."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.reporting.plans import Evidence, LineStatus, PlanStage, ReturnReason
from common.http import IMPERSONAL, DivisionCode, StrictModel
from common.records.schemas import Reason
from reporting.plans.service import GivenInclusion, GivenLine, GivenPlan, GivenProgress
from reporting.programmes.schemas import Clause, Code, DocumentNumber, Title

MAX_LINES = 1_000
Words = Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=1_000), IMPERSONAL]
FilingNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=60, description="备案号，同一建设任务内不重复。"),
    IMPERSONAL,
]


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="附件的摘要（SHA-256 或者 SM3）。")]


class PlanStageBody(StrictModel):
    """一个阶段；上一阶段通过或者豁免后开始。"""

    code: Code
    title: Title
    starts_on: date
    ends_on: date


class PlanLineBody(StrictModel):
    """一个事项：事项、措施、责任单位、阶段、期限。"""

    id: UUID | None = Field(default=None, description="以往版本中该事项的标识；新事项不填。")
    item: Words
    measure: Words
    owner: Title
    owner_division: DivisionCode | None = None
    stage: Code
    due_on: date
    towns: Annotated[int, Field(ge=0, le=100_000)] | None = None


class PlanBody(StrictModel):
    """方案的全部内容。"""

    title: Title
    stages: Annotated[list[PlanStageBody], Field(min_length=1, max_length=20)]
    lines: Annotated[list[PlanLineBody], Field(min_length=1, max_length=MAX_LINES)]
    reason: Reason

    def to_given(self) -> GivenPlan:
        """For the use case."""
        return GivenPlan(
            title=self.title,
            stages=tuple(PlanStage(**one.model_dump()) for one in self.stages),
            lines=tuple(GivenLine(**one.model_dump()) for one in self.lines),
            reason=self.reason,
        )


class PlanApprovalBody(StrictModel):
    """本级批准。"""

    body: Title = Field(description="批准的机关。")
    document: DocumentNumber | None = None
    on: date | None = Field(default=None, description="批准之日；默认今天。")


class StepDayBody(StrictModel):
    """何日；可早于录入之日。"""

    on: date | None = Field(default=None, description="日期（北京时间）；默认今天。")


class ReturnReasonBody(StrictModel):
    """退回的一条理由。"""

    text: Words
    line_id: UUID | None = None
    clause: Clause | None = None


class PlanReturnBody(StepDayBody):
    """退回补正，一次写明全部理由。"""

    reasons: Annotated[list[ReturnReasonBody], Field(min_length=1, max_length=100)]
    correct_by: date | None = Field(default=None, description="应于何日前补正报回。")

    def to_reasons(self) -> tuple[ReturnReason, ...]:
        """As the state holds them."""
        return tuple(ReturnReason(**one.model_dump()) for one in self.reasons)


class PlanAcceptanceBody(StepDayBody):
    """备案。"""

    number: FilingNumber


class PlanEvidenceBody(StrictModel):
    """佐证。"""

    title: Title
    number: DocumentNumber | None = None
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="附件的摘要（SHA-256 或者 SM3）。")] | None = (
        None
    )


class LineProgressBody(StepDayBody):
    """一个事项的进展。"""

    status: LineStatus
    note: Words | None = None
    evidence: Annotated[list[PlanEvidenceBody], Field(max_length=20)] = Field(default=[])

    def to_given(self) -> GivenProgress:
        """For the use case."""
        return GivenProgress(
            self.status, self.on, self.note, tuple(Evidence(**one.model_dump()) for one in self.evidence)
        )


class StageWaiverBody(StepDayBody):
    """豁免一个阶段。"""

    reason: Reason
    document: DocumentNumber | None = None


class InclusionBody(StrictModel):
    """纳入五年规划。"""

    five_year_plan: Annotated[str, Field(pattern=r"^[一二三四五六七八九十]{1,4}五$", examples=["十二五"])]
    title: Title
    number: DocumentNumber | None = None
    clause: Clause
    included_on: date

    def to_given(self) -> GivenInclusion:
        """For the use case."""
        return GivenInclusion(**self.model_dump())
