"""Establishment, qualification standards and recruitments in requests and answers."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from common.contracts.registry.people import (
    EstablishmentState,
    PriorityGroup,
    QualificationStandardState,
    RecruitmentMethod,
    RecruitmentState,
    StaffType,
)
from common.http import FieldRule, StrictModel
from registry.history.schemas import RecordAnswer, RecordBody, common_fields
from registry.staff.domain import (
    EDUCATION_LABELS,
    RECRUITMENT_METHOD_LABELS,
    RECRUITMENT_STATUS_LABELS,
    hires_of,
    priority_hires_of,
    priority_share_permille,
)
from registry.staff.schemas.fields import (
    NOTHING_TO_CHANGE,
    Certificates,
    Document,
    Education,
    Reason,
    Title,
    distinct,
)

AGES_REVERSED = FieldRule("ages-reversed", "最低年龄不得大于最高年龄")
Quota = Annotated[int, Field(ge=0, le=100_000)]
Age = Annotated[int, Field(ge=14, le=120, description="周岁，含本数。")]
Openings = Annotated[int, Field(ge=1, le=100_000)]
Applicants = Annotated[int, Field(ge=0, le=10_000_000)]


class EstablishmentBody(RecordBody):
    """登记现有编制数及其依据。"""

    office_id: UUID
    quota: Quota
    document: Document


class EstablishmentPatch(RecordBody):
    """核减编制；不得新增（O1.4d）。"""

    quota: Quota
    document: Document


class EstablishmentAnswer(RecordAnswer):
    """一个机构的编制数。"""

    quota: int
    document: str

    @classmethod
    def of(cls, state: EstablishmentState) -> Self:
        """From the state."""
        return cls.model_validate({**common_fields(state), "quota": state.quota, "document": state.document})


class StandardBody(RecordBody):
    """制订一个版本的聘用资格标准。"""

    office_id: UUID = Field(description="制订的主管部门。")
    title: Title
    applies_to: Annotated[list[StaffType], AfterValidator(distinct)] = Field(min_length=1, max_length=8)
    min_age_years: Age | None = None
    max_age_years: Age | None = None
    min_education: Education | None = None
    required_certificates: Annotated[Certificates, AfterValidator(distinct)] = Field(default=[], max_length=20)
    in_force_from: date
    in_force_to: date | None = Field(default=None, description="不再有效的第一天。")
    document: Document

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        ages = (self.min_age_years, self.max_age_years)
        if ages[0] is not None and ages[1] is not None and ages[0] > ages[1]:
            raise AGES_REVERSED.error()
        return self

    def to_values(self) -> dict[str, Any]:
        """The members of the state that the issuer decides."""
        names = ("title", "min_age_years", "max_age_years", "min_education", "in_force_from", "in_force_to", "document")
        values = {name: getattr(self, name) for name in names}
        return {
            **values,
            "applies_to": tuple(self.applies_to),
            "required_certificates": tuple(self.required_certificates),
        }


class StandardEnd(StrictModel):
    """一个版本不再有效的第一天，不得早于今天。"""

    in_force_to: date
    reason: Reason | None = None


class StandardAnswer(RecordAnswer):
    """一个版本的聘用资格标准。"""

    title: str
    number: int
    applies_to: list[StaffType]
    min_age_years: int | None
    max_age_years: int | None
    min_education: Education | None
    min_education_label: str | None
    required_certificates: list[str]
    in_force_from: date
    in_force_to: date | None
    document: str

    @classmethod
    def of(cls, state: QualificationStandardState) -> Self:
        """From the state."""
        education = state.min_education
        values = {name: getattr(state, name) for name in QualificationStandardState.model_fields}
        return cls.model_validate(
            {
                **{name: value for name, value in values.items() if name in cls.model_fields},
                **common_fields(state),
                "applies_to": list(state.applies_to),
                "required_certificates": list(state.required_certificates),
                "min_education_label": None if education is None else EDUCATION_LABELS[education],
            }
        )


class RecruitmentBody(RecordBody):
    """一次招聘。"""

    office_id: UUID
    notice_number: Annotated[str, Field(min_length=1, max_length=100, description="招聘公告编号。")]
    notice_published_on: date | None = None
    method: RecruitmentMethod
    openings: Openings
    applicants: Applicants | None = None
    prefers: Annotated[list[PriorityGroup], AfterValidator(distinct)] = Field(default=[], max_length=2)

    def to_values(self) -> dict[str, Any]:
        """The members of the state that the notice tells."""
        names = ("notice_number", "notice_published_on", "method", "openings", "applicants")
        return {**{name: getattr(self, name) for name in names}, "prefers": tuple(self.prefers)}


class RecruitmentPatch(RecordBody):
    """变更招聘；只填写要变更的内容。"""

    notice_published_on: date | None = None
    openings: Openings | None = None
    applicants: Applicants | None = None
    status: Literal["closed", "cancelled"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.to_changes():
            raise NOTHING_TO_CHANGE.error()
        return self

    def to_changes(self) -> dict[str, Any]:
        """Only what is to be changed."""
        names = ("notice_published_on", "openings", "applicants", "status")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


class RecruitmentAnswer(RecordAnswer):
    """一次招聘及其录用情况。"""

    notice_number: str
    notice_published_on: date | None
    method: RecruitmentMethod
    method_label: str
    openings: int
    applicants: int | None
    prefers: list[PriorityGroup]
    status: Literal["published", "closed", "cancelled"]
    status_label: str
    hired: int
    hired_by_group: dict[str, int] = Field(description="按优先对象分；none 为其他人员。")
    priority_hired: int
    priority_share_permille: int | None = Field(description="优先吸纳人员占录用的千分比；尚无录用时为 null。")

    @classmethod
    def of(cls, state: RecruitmentState) -> Self:
        """From the state."""
        names = ("notice_number", "notice_published_on", "method", "openings", "applicants", "status")
        return cls.model_validate(
            {
                **common_fields(state),
                **{name: getattr(state, name) for name in names},
                "method_label": RECRUITMENT_METHOD_LABELS[state.method],
                "status_label": RECRUITMENT_STATUS_LABELS[state.status],
                "prefers": list(state.prefers),
                "hired": hires_of(state),
                "hired_by_group": state.hired_by_group,
                "priority_hired": priority_hires_of(state),
                "priority_share_permille": priority_share_permille(state),
            }
        )
