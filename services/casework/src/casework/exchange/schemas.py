"""Requests and answers of exchanges."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, JsonValue, model_validator

from casework.exchange.domain import FormName, RegisterName
from casework.exchange.service import Asked, AskedRegister, Given, Imported, Validated
from common.contracts.casework import ApplicantKind
from common.http import AnswerModel, DivisionCode, FieldRule, StrictModel
from common.records.schemas import Reason

NDJSON = "application/x-ndjson"
MOST_CASES = 100
Form = Annotated[FormName, Field(description="gbt39046：GB/T 39046-2020；ex_gdbs：广东省网上办事数据交换表。")]
_WHICH = FieldRule("exchange-which-cases", "办件编号列表与收件日期段须且只须给出一种，日期段的起止都要给出")
_ORDER = FieldRule("exchange-period-order", "截止日期应晚于起始日期")


class ExportBody(StrictModel):
    """Which cases go out, and how."""

    form: Form
    reason: Reason
    case_ids: list[UUID] | None = Field(default=None, min_length=1, max_length=MOST_CASES, description="指定的办件。")
    from_on: date | None = Field(default=None, description="收件日期起（含）。")
    until_on: date | None = Field(default=None, description="收件日期止（不含）。")
    division: DivisionCode | None = Field(default=None, description="只导出该区划及其以下的；用于日期段。")
    with_applicant: bool = Field(default=False, description="申请人完整信息；只限对接系统，逐件留痕。默认脱敏。")
    with_ratings: bool = Field(default=False, description="连同好差评。")

    @model_validator(mode="after")
    def _names_cases(self) -> Self:
        has_period = self.from_on is not None and self.until_on is not None
        is_partial = (self.from_on is None) != (self.until_on is None)
        if is_partial or has_period == (self.case_ids is not None):
            raise _WHICH.error()
        if self.from_on is not None and self.until_on is not None and self.until_on <= self.from_on:
            raise _ORDER.error()
        return self

    def to_asked(self, *, after: Any, limit: int) -> Asked:
        """For the use case."""
        return Asked(
            form=self.form,
            reason=self.reason,
            case_ids=tuple(self.case_ids or ()),
            from_on=self.from_on,
            until_on=self.until_on,
            division=self.division,
            after=after,
            limit=MOST_CASES if self.case_ids else limit,
            with_applicant=self.with_applicant,
            with_ratings=self.with_ratings,
        )


class RegisterExportBody(StrictModel):
    """Which rows of a register go out."""

    register_name: RegisterName = Field(
        alias="register",
        description="consultations：表10咨询；complaints：表10投诉（含举报）；supervision：表11电子监察。",
    )
    reason: Reason
    from_on: date = Field(description="提出或产生日期起（含）。")
    until_on: date = Field(description="提出或产生日期止（不含）。")
    division: DivisionCode | None = Field(default=None, description="只导出该区划及其以下的。")

    @model_validator(mode="after")
    def _is_period(self) -> Self:
        if self.until_on <= self.from_on:
            raise _ORDER.error()
        return self

    def to_asked(self, *, after: UUID | None, limit: int) -> AskedRegister:
        """For the use case."""
        return AskedRegister(
            register=self.register_name,
            reason=self.reason,
            from_on=self.from_on,
            until_on=self.until_on,
            division=self.division,
            after=after,
            limit=limit,
        )


class ImportBody(StrictModel):
    """Documents that are to become cases, and what they do not tell themselves."""

    reason: Reason
    division: DivisionCode | None = Field(default=None, description="所属机构的区划；文件未载明时使用。")
    item_code: Annotated[str, Field(min_length=1, max_length=31)] | None = Field(
        default=None, description="事项目录中的事项编号；文件未载明时使用。"
    )
    applicant_kind: ApplicantKind | None = Field(default=None, description="申请人类别；文件未载明时使用。")
    documents: list[dict[str, JsonValue]] = Field(min_length=1, max_length=MOST_CASES)

    def to_given(self) -> Given:
        """For the use case."""
        return Given(division=self.division, item_code=self.item_code, applicant_kind=self.applicant_kind)


class ImportedCase(AnswerModel):
    """一个导入的办件。"""

    id: UUID
    case_number: str


class ImportAnswer(AnswerModel):
    """导入的办件。"""

    items: list[ImportedCase]

    @classmethod
    def of(cls, cases: list[Imported]) -> Self:
        """From the use case's answer."""
        return cls(items=[ImportedCase(id=one.id, case_number=one.case_number) for one in cases])


class FindingAnswer(AnswerModel):
    """一处不符合标准的内容；不含文件中的值。"""

    table: str | None = None
    table_label: str | None = None
    row: int | None = None
    field: str | None = None
    field_label: str | None = None
    code: str
    reason: str


class ValidationAnswer(AnswerModel):
    """校验结果。"""

    is_valid: bool
    is_complete: bool = Field(description="含有全部扩展字段，可以还原为同一办件。")
    status: str | None = Field(description="文件所载办件的状态；不能还原时为空。")
    ratings: int
    findings: list[FindingAnswer]

    @classmethod
    def of(cls, found: Validated) -> Self:
        """From the use case's answer."""
        return cls(
            is_valid=not found.findings,
            is_complete=found.is_complete,
            status=found.status,
            ratings=found.ratings,
            findings=[FindingAnswer.model_validate(one) for one in found.findings],
        )
