"""Requests and answers about cases."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from casework.cases import domain
from casework.cases.domain import CLOSING_RESULT_LABELS, STATUS_LABELS, Applicant
from casework.cases.service import ApplicantInput, CaseView, MaskedApplicant
from casework.items.domain import APPLICANT_KIND_LABELS
from common.contracts.casework import ApplicantKind, CaseStatus, ClosingResult, Duty
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime, DivisionCode, StrictModel

ItemCode = Annotated[str, Field(min_length=1, max_length=31, pattern=r"^[A-Za-z0-9._-]+$", examples=["B01"])]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    Field(min_length=2, max_length=500, description="不得填写身份证件号码或手机号码。"),
]
Number = Annotated[str, Field(min_length=1, max_length=40)]


class ApplicantBody(StrictModel):
    """Who applies: a natural person with `id_number`, an organisation with `uscc`."""

    kind: ApplicantKind
    name: Annotated[str, Field(min_length=1, max_length=100)]
    id_number: Number | None = Field(default=None, description="公民身份号码；自然人必填。")
    uscc: Number | None = Field(default=None, description="统一社会信用代码；法人或其他组织必填。")
    phone: Number | None = Field(default=None, description="大陆手机号码。")

    def to_input(self) -> ApplicantInput:
        """For the use case."""
        return ApplicantInput(
            kind=domain.ApplicantKind(self.kind),
            name=self.name,
            id_number=self.id_number,
            uscc=self.uscc,
            phone=self.phone,
        )


class CaseBody(StrictModel):
    """A case to be registered."""

    division: DivisionCode
    item_code: ItemCode
    applicant: ApplicantBody


class RefusalBody(StrictModel):
    """Why a case is refused."""

    reason: Reason


class ClosureBody(StrictModel):
    """How a case ends."""

    result: ClosingResult


class WithdrawalBody(StrictModel):
    """Why the applicant withdraws."""

    reason: Reason


class DisclosureBody(StrictModel):
    """Why the applicant must be seen in clear."""

    reason: Reason


class SearchBody(StrictModel):
    """Exact search by number; the number stands in the body, never in an address."""

    kind: ApplicantKind
    number: Number = Field(description="公民身份号码或统一社会信用代码。")


class ApplicantAnswer(AnswerModel):
    """The applicant, masked."""

    kind: ApplicantKind
    kind_label: str
    name: str
    id_number: str | None
    uscc: str | None
    phone: str | None

    @classmethod
    def of(cls, applicant: MaskedApplicant | Applicant) -> Self:
        """From a use case's answer; masked or not is decided there."""
        is_person = applicant.kind is domain.ApplicantKind.NATURAL_PERSON
        return cls(
            kind=applicant.kind.value,
            kind_label=APPLICANT_KIND_LABELS[applicant.kind.value],
            name=applicant.name,
            id_number=applicant.identifier if is_person else None,
            uscc=None if is_person else applicant.identifier,
            phone=applicant.phone,
        )


class DisclosedApplicant(ApplicantAnswer):
    """The applicant in clear; every look is audited."""


class CaseAnswer(AnswerModel):
    """A case at one version."""

    id: UUID
    version: int
    status: CaseStatus
    status_label: str
    division: DivisionCode
    level: Level
    level_label: str
    office_id: UUID
    item_code: str
    item_name: str
    duty: Duty
    duty_label: str
    applicant: ApplicantAnswer
    registered_at: BeijingTime
    accepted_at: BeijingTime | None
    refused_at: BeijingTime | None
    withdrawn_at: BeijingTime | None
    closed_at: BeijingTime | None
    closing_result: ClosingResult | None
    closing_result_label: str | None
    reason: str | None = Field(description="不予受理或撤回的理由。")

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From a use case's answer."""
        case, result = view.case, view.case.closing_result
        return cls.model_validate(
            {
                "id": case.id,
                "version": case.version,
                "status": case.status.value,
                "status_label": STATUS_LABELS[case.status],
                "division": case.division,
                "level": case.level,
                "level_label": LEVEL_LABELS[case.level],
                "office_id": case.office_id,
                "item_code": case.item_code,
                "item_name": view.item_name,
                "duty": case.duty,
                "duty_label": view.duty_label,
                "applicant": ApplicantAnswer.of(view.applicant),
                "registered_at": case.registered_at,
                "accepted_at": case.accepted_at,
                "refused_at": case.refused_at,
                "withdrawn_at": case.withdrawn_at,
                "closed_at": case.closed_at,
                "closing_result": result.value if result is not None else None,
                "closing_result_label": CLOSING_RESULT_LABELS[result] if result is not None else None,
                "reason": case.reason,
            }
        )
