"""The answer with all dictionaries."""

from datetime import date
from typing import Literal, Self

from pydantic import Field

from casework.items.service import DutyInForce
from common.contracts.casework import Duty
from common.http import AnswerModel, Labelled


class DutyAnswer(AnswerModel):
    """One of the duties as the offices bear it today."""

    code: Duty
    label: str
    clause: str
    competent_authority: str
    office_role: Literal["handle", "assist"]
    effective_from: date
    effective_to: date | None

    @classmethod
    def of(cls, duty: DutyInForce) -> Self:
        """From the use case's answer."""
        return cls.model_validate(duty, from_attributes=True)


class Dictionaries(AnswerModel):
    """Codes and labels, each list in its natural order."""

    duties: list[DutyAnswer] = Field(description="当日由服务机构承担的职责。")
    case_statuses: list[Labelled]
    closing_results: list[Labelled]
    applicant_kinds: list[Labelled]
    levels: list[Labelled]
    extents: list[Labelled] = Field(description="某一层级对事项的办理程度。")
    handling_kinds: list[Labelled]
    procedure_families: list[Labelled]
    item_types: list[Labelled]
    special_procedures: list[Labelled]
    period_units: list[Labelled]
    period_starts: list[Labelled]
    marks: list[Labelled] = Field(description="目录内容的可信程度。")
