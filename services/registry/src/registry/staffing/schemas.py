"""Staffing requirements in requests and answers."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from common.contracts.registry.people import StaffingRequirementState
from common.http import AnswerModel, FieldRule, StrictModel
from registry.history.schemas import RecordAnswer, RecordBody, common_fields
from registry.staffing.domain import ECONOMIC_LEVEL_LABELS, FACTOR_LABELS, STAFFING_STATUS_LABELS, StaffingStatus
from registry.staffing.domain import Suggestion as Found
from registry.staffing.service import Override

NOTHING_TO_CHANGE = FieldRule("nothing-to-change", "没有要变更的内容")
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
EconomicLevel = Literal["developed", "average", "less_developed"]
NAMES = ("served_persons", *FACTOR_LABELS)


class RequirementBody(RecordBody):
    """服务对象人数和五项因素；未知的不填。"""

    office_id: UUID
    served_persons: Count | None = Field(default=None, description="服务对象人数，不是常住人口。")
    economic_level: EconomicLevel | None = Field(default=None, description="经济社会发展水平。")
    area_hectares: Count | None = Field(default=None, description="辖区面积，公顷。")
    resident_population: Count | None = Field(default=None, description="常住人口，人。")
    employer_count: Count | None = Field(default=None, description="用人单位数量，个。")
    workload_cases: Count | None = Field(default=None, description="工作任务，件/年。")

    def to_factors(self) -> dict[str, Any]:
        """Members of the state."""
        return {name: getattr(self, name) for name in NAMES}


class RequirementPatch(RecordBody):
    """变更；只填写要变更的内容，null 为改为未知。"""

    served_persons: Count | None = None
    economic_level: EconomicLevel | None = None
    area_hectares: Count | None = None
    resident_population: Count | None = None
    employer_count: Count | None = None
    workload_cases: Count | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.to_factors():
            raise NOTHING_TO_CHANGE.error()
        return self

    def to_factors(self) -> dict[str, Any]:
        """Only what is to be changed."""
        return {name: getattr(self, name) for name in NAMES if name in self.model_fields_set}


class OverrideBody(StrictModel):
    """工作任务重的地区核定增加人员（O1.4c）。"""

    posts: Annotated[int, Field(ge=1, le=100_000, description="核定人数，应多于测算上限。")]
    reason: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=2, max_length=500)]
    expires_on: date = Field(description="有效期最后一天。")

    def to_domain(self) -> Override:
        """For the use case."""
        return Override(self.posts, self.reason, self.expires_on)


class RequirementAnswer(RecordAnswer):
    """一个服务所的配备因素和测算。"""

    served_persons: int | None
    economic_level: EconomicLevel | None
    economic_level_label: str | None
    area_hectares: int | None
    resident_population: int | None
    employer_count: int | None
    workload_cases: int | None
    required_min: int | None = Field(description="按生效日的标准测算的下限；未知为 null。")
    required_max: int | None
    override_posts: int | None
    override_reason: str | None
    override_approver: str | None
    override_expires_on: date | None

    @classmethod
    def of(cls, state: StaffingRequirementState) -> Self:
        """From the state."""
        level = state.economic_level
        told = {name: getattr(state, name) for name in StaffingRequirementState.model_fields}
        values = {name: value for name, value in told.items() if name in cls.model_fields}
        label = None if level is None else ECONOMIC_LEVEL_LABELS[level]
        return cls.model_validate({**values, **common_fields(state), "economic_level_label": label})


class SuggestionAnswer(AnswerModel):
    """一个服务所该日应配多少人，现有多少人，如何算出。"""

    office_id: UUID
    on: date
    served_persons: int | None
    required_min: int | None
    required_max: int | None
    override_posts: int | None = Field(description="该日有效的核定增加人数。")
    held: int
    status: StaffingStatus
    status_label: str
    missing_factors: list[str] = Field(description="五项因素中尚未登记的。")
    explanation: str
    clause: str

    @classmethod
    def of(cls, office_id: UUID, found: Found) -> Self:
        """From a use case's answer."""
        names = ("on", "served_persons", "required_min", "required_max", "override_posts", "held", "status")
        return cls.model_validate(
            {
                "office_id": office_id,
                **{name: getattr(found, name) for name in names},
                "status_label": STAFFING_STATUS_LABELS[found.status],
                "missing_factors": list(found.missing_factors),
                "explanation": found.explanation,
                "clause": "O1.4b",
            }
        )
