"""Answers about cases."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field

from casework.cases import domain
from casework.cases.domain import (
    CHANNEL_LABELS,
    CLOSING_RESULT_LABELS,
    HANDLING_LABELS,
    PURPOSE_LABELS,
    STAGE_LABELS,
    STATUS_LABELS,
    Applicant,
)
from casework.cases.service import CaseView, MaskedApplicant
from casework.items.domain import APPLICANT_KIND_LABELS
from common.contracts.casework import ApplicantKind, CaseStatus, ClosingResult, Duty
from common.contracts.casework.cases import Channel, HandlingType, HolderState, OfferPurpose, OfferState
from common.contracts.casework.cases import Stage as StageCode
from common.divisions import LEVEL_LABELS, Level
from common.http import AnswerModel, BeijingTime, DivisionCode

_PLAIN = (
    "case_number", "application_id", "channel", "handling", "due_on", "statutory_due_on", "step_due_on",
    "is_due_provisional", "is_deemed_accepted", "is_favourable", "is_on_time", "collected_at",
)  # fmt: skip


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


class HolderAnswer(AnswerModel):
    """Who is responsible."""

    account: str
    division: DivisionCode
    since: BeijingTime

    @classmethod
    def of(cls, holder: HolderState) -> Self:
        """From the file."""
        return cls(account=holder.account, division=holder.division, since=holder.since)


class OfferAnswer(AnswerModel):
    """A hand-over that waits for its acceptance."""

    purpose: OfferPurpose
    purpose_label: str
    division: DivisionCode
    account: str | None
    offered_at: BeijingTime
    by: str
    reason: str | None

    @classmethod
    def of(cls, offer: OfferState) -> Self:
        """From the file."""
        return cls.model_validate({**dict(offer), "purpose_label": PURPOSE_LABELS[offer.purpose]})


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
    case_number: str
    application_id: UUID | None
    channel: Channel
    channel_label: str
    handling: HandlingType
    handling_label: str
    stage: StageCode | None = Field(description="已受理办件所处的环节。")
    stage_label: str | None
    holder: HolderAnswer = Field(description="现责任人。")
    offer: OfferAnswer | None = Field(description="待接收的移交。")
    due_on: date | None = Field(description="正在计算的时限的最后一日；停止计算和终结后为空。")
    statutory_due_on: date | None
    step_due_on: date | None
    is_due_provisional: bool = Field(description="到期日所涉年份的放假通知尚未公布。")
    is_deemed_accepted: bool
    is_favourable: bool | None
    is_on_time: bool | None
    registered_at: BeijingTime
    accepted_at: BeijingTime | None
    refused_at: BeijingTime | None
    withdrawn_at: BeijingTime | None
    closed_at: BeijingTime | None
    collected_at: BeijingTime | None
    closing_result: ClosingResult | None
    closing_result_label: str | None
    reason: str | None = Field(description="不予受理或撤回的理由。")

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """From a use case's answer."""
        case, result, offer = view.case, view.case.closing_result, view.case.file.offer
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
                **{name: getattr(case, name) for name in _PLAIN},
                "channel_label": CHANNEL_LABELS[case.channel],
                "handling_label": HANDLING_LABELS[case.handling],
                "stage": case.stage.value if case.stage is not None else None,
                "stage_label": STAGE_LABELS[case.stage] if case.stage is not None else None,
                "holder": HolderAnswer.of(case.holder),
                "offer": None if offer is None else OfferAnswer.of(offer),
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
