"""Requests and answers about assessments and the ledger of rewards and penalties (考核奖惩)."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from common.contracts.casework.accountability import LedgerEntryState
from common.contracts.reporting.assessments import (
    AssessedSubject,
    AssessmentResultState,
    AssessmentSchemeState,
    AssessmentState,
    ComponentSource,
    LedgerDirection,
    ReportingLedgerEntryState,
    ReportingLedgerSource,
    ResultStatus,
    RoundStatus,
    SchemeComponentState,
    SchemeGradeState,
    SchemeStatus,
)
from common.http import IMPERSONAL, AnswerModel, BeijingTime, DivisionCode, Page, StrictModel
from common.records.schemas import Reason, RecordAnswer, shown
from reporting.assessments.domain.rounds import (
    COMPONENT_SOURCE_LABELS,
    DIRECTION_LABELS,
    LEDGER_SOURCE_LABELS,
    RESULT_STATUS_LABELS,
    ROUND_STATUS_LABELS,
    SCHEME_STATUS_LABELS,
    SUBJECT_LABELS,
)
from reporting.assessments.service import Assessed, NewEntry, NewRound, OfficeLedger, SchemeWords
from reporting.orders.schemas import Title, Words

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Small = Annotated[int, Field(ge=-(10**9), le=10**9)]
Points = Annotated[int, Field(ge=-100, le=100)]
SourceRecord = Annotated[
    str, Field(min_length=3, max_length=200, description="来源记录，如 casework.case/编号。"), IMPERSONAL
]


class ComponentBody(StrictModel):
    """考核的一项。"""

    code: Code
    title: Title
    source: ComponentSource
    weight: Annotated[int, Field(ge=1, le=1000)]
    zero_at: Small = Field(description="得零分的数值。")
    full_at: Small = Field(description="得满分的数值；越小越好的，小于零分值。")
    is_required: bool = False


class GradeBody(StrictModel):
    """一个等次；最后一等没有分数线。"""

    code: Code
    label: Title
    from_score: Annotated[int, Field(ge=0, le=10_000)] | None = Field(default=None, description="百分之一分。")
    quota_permille: Annotated[int, Field(ge=0, le=1000)] | None = None
    points: Points = Field(default=0, description="计入奖惩台账的分值；0 不计入。")


class SchemeBody(StrictModel):
    """考核办法的一个版本。"""

    title: Title
    document: Annotated[str, Field(min_length=2, max_length=100), IMPERSONAL]
    subject: AssessedSubject
    components: Annotated[list[ComponentBody], Field(min_length=1, max_length=50)]
    grades: Annotated[list[GradeBody], Field(min_length=1, max_length=10)]

    def to_words(self) -> SchemeWords:
        """For the use case."""
        return SchemeWords(
            self.title,
            self.document,
            self.subject,
            tuple(SchemeComponentState(**dict(one)) for one in self.components),
            tuple(SchemeGradeState(**dict(one)) for one in self.grades),
        )


class RoundBody(StrictModel):
    """开展考核。"""

    scheme_id: UUID
    title: Title
    scope: DivisionCode
    period_from: date
    period_until: date

    def to_new(self) -> NewRound:
        """For the use case."""
        return NewRound(**dict(self))


class AssessedBody(StrictModel):
    """一个被考核对象；个人以人员编号表示，不填姓名。"""

    division: DivisionCode
    staff_member_id: UUID | None = None
    account: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    def to_assessed(self) -> Assessed:
        """For the use case."""
        return Assessed(**dict(self))


class AssessedListBody(StrictModel):
    """若干被考核对象。"""

    assessed: Annotated[list[AssessedBody], Field(min_length=1, max_length=200)]


class ValueBody(StrictModel):
    """一项数据及其来源。"""

    component: Code
    value: Small
    sources: Annotated[list[SourceRecord], Field(min_length=1, max_length=200)]


class ValuesBody(StrictModel):
    """若干数据。"""

    values: Annotated[list[ValueBody], Field(min_length=1, max_length=50)]


class ObjectionBody(StrictModel):
    """异议。"""

    text: Words


class ReviewBody(StrictModel):
    """复核异议。"""

    is_upheld: bool
    answer: Words


class ReasonBody(StrictModel):
    """理由。"""

    reason: Reason


class LedgerEntryBody(StrictModel):
    """登记奖惩。"""

    division: DivisionCode
    staff_member_id: UUID | None = None
    source: Literal["award", "award_withdrawal", "inspection", "entered"]
    source_id: UUID | None = None
    direction: LedgerDirection
    title: Title
    points: Points
    reason: Reason

    def to_new(self) -> NewEntry:
        """For the use case."""
        return NewEntry(**dict(self))


class ComponentAnswer(AnswerModel):
    """考核的一项。"""

    code: str
    title: str
    source: ComponentSource
    source_label: str
    weight: int
    zero_at: int
    full_at: int
    is_required: bool


class GradeAnswer(AnswerModel):
    """一个等次。"""

    code: str
    label: str
    from_score: int | None
    quota_permille: int | None
    points: int


class SchemeAnswer(RecordAnswer):
    """考核办法的一个版本。"""

    series: UUID
    number: int
    title: str
    document: str
    subject: AssessedSubject
    subject_label: str
    status: SchemeStatus
    status_label: str
    components: list[ComponentAnswer]
    grades: list[GradeAnswer]

    @classmethod
    def of(cls, state: AssessmentSchemeState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            subject_label=SUBJECT_LABELS[state.subject],
            status_label=SCHEME_STATUS_LABELS[state.status],
            components=[
                {**one.model_dump(), "source_label": COMPONENT_SOURCE_LABELS[one.source]} for one in state.components
            ],
            grades=[one.model_dump() for one in state.grades],
        )


class RoundAnswer(RecordAnswer):
    """一次考核。"""

    scheme_id: UUID
    title: str
    subject: AssessedSubject
    subject_label: str
    scope: str
    period_from: date
    period_until: date
    status: RoundStatus
    status_label: str
    objection_until: date | None
    computed_at: BeijingTime | None
    confirmed_at: BeijingTime | None
    withdrawal_reason: str | None

    @classmethod
    def of(cls, state: AssessmentState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            subject_label=SUBJECT_LABELS[state.subject],
            status_label=ROUND_STATUS_LABELS[state.status],
        )


class ValueAnswer(AnswerModel):
    """一项数据及其来源。"""

    component: str
    value: int
    sources: list[str]
    as_of: BeijingTime


class PartAnswer(AnswerModel):
    """一项的得分。"""

    component: str
    value: int | None
    permille: int | None
    points: int = Field(description="百分之一分。")
    explanation: str


class ObjectionAnswer(AnswerModel):
    """一次异议。"""

    text: str
    raised_at: BeijingTime
    is_upheld: bool | None
    answer: str | None
    reviewed_at: BeijingTime | None


class ResultAnswer(RecordAnswer):
    """一个被考核对象的结果。"""

    assessment_id: UUID
    subject: AssessedSubject
    staff_member_id: UUID | None
    status: ResultStatus
    status_label: str
    values: list[ValueAnswer]
    parts: list[PartAnswer]
    score: int | None = Field(description="得分，百分之一分；缺少必备数据的为 null。")
    grade: str | None
    held_back_by_quota: str | None = Field(description="达到分数线而因名额未评定的等次。")
    objections: list[ObjectionAnswer]
    ledger_entry_id: UUID | None

    @classmethod
    def of(cls, state: AssessmentResultState) -> Self:
        """From the record; accounts stay inside."""
        return shown(
            cls,
            state,
            status_label=RESULT_STATUS_LABELS[state.status],
            values=[one.model_dump(exclude={"entered_by"}) for one in state.values],
            parts=[one.model_dump() for one in state.parts],
            objections=[one.model_dump(exclude={"raised_by", "reviewed_by"}) for one in state.objections],
        )


class ResultsAnswer(AnswerModel):
    """若干结果。"""

    results: list[ResultAnswer]


class EntryAnswer(RecordAnswer):
    """一条奖惩台账记录；只增加、只冲销，不修改。"""

    subject: AssessedSubject
    subject_label: str
    staff_member_id: UUID | None
    source: ReportingLedgerSource
    source_label: str
    source_record: str | None
    source_id: UUID | None
    direction: LedgerDirection
    direction_label: str
    title: str
    points: int
    year: int
    entered_on: date
    entered_for: str | None = Field(description="登记的单位；由该单位或者其上级冲销。")
    reason: str
    reverses: UUID | None

    @classmethod
    def of(cls, state: ReportingLedgerEntryState) -> Self:
        """From the record."""
        return shown(
            cls,
            state,
            subject_label=SUBJECT_LABELS[state.subject],
            source_label=LEDGER_SOURCE_LABELS[state.source],
            direction_label=DIRECTION_LABELS[state.direction],
        )


class CaseworkEntryAnswer(AnswerModel):
    """窗口业务的一条奖惩台账记录，只读。"""

    id: UUID
    subject: AssessedSubject
    subject_label: str
    source: str
    direction: LedgerDirection
    direction_label: str
    title: str
    points: int
    year: int
    quarter: int
    entered_on: date
    reverses: UUID | None

    @classmethod
    def of(cls, state: LedgerEntryState) -> Self:
        """From what casework has told."""
        told = {name: getattr(state, name) for name in cls.model_fields if hasattr(state, name)}
        return cls(
            **told,
            subject_label=SUBJECT_LABELS[state.subject],
            direction_label=DIRECTION_LABELS[state.direction],
        )


class OfficeLedgerAnswer(AnswerModel):
    """一个机构一年的奖惩台账：进度报送的和窗口业务的并列，分值各按各的办法，不相加。"""

    division: str
    year: int
    points: int
    entries: list[EntryAnswer]
    casework_points: int = Field(description="窗口业务全部记录的分值，不限于本页。")
    casework_entries: list[CaseworkEntryAnswer]
    casework_next_cursor: str | None = Field(description="窗口业务记录下一页的 cursor；没有下一页的为 null。")

    @classmethod
    def of(cls, division: str, year: int, found: OfficeLedger, casework: Page[CaseworkEntryAnswer]) -> Self:
        """From the use case, with the page of the window service's entries."""
        return cls(
            division=division,
            year=year,
            points=found.points,
            entries=[EntryAnswer.of(one) for one in found.entries],
            casework_points=found.casework_points,
            casework_entries=casework.items,
            casework_next_cursor=casework.next_cursor,
        )
