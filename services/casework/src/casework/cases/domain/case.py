"""A case: where it stands, who holds it, what was done with it.

registered ⇄ supplementing; registered → accepted → closed; registered → refused; any open one → withdrawn. An accepted
case goes through the stages of its item until it is decided. Source: O4.1b, O4.3b, O4.3c; standards.md §5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from casework.cases.domain.applicant import ApplicantKind
from casework.cases.errors import (
    CaseAlreadyAccepted,
    CaseAlreadyClosed,
    CaseAlreadyRefused,
    CaseAlreadyWithdrawn,
    CaseNotAccepted,
)
from casework.items.domain import STAGE_LABELS as _STAGE_LABELS
from common.contracts.casework.cases import (
    AnsweredOfferState,
    CaseFile,
    CaseTerms,
    Channel,
    DocumentKind,
    DocumentState,
    HandlingType,
    HolderState,
    OfferOutcome,
    OfferPurpose,
    StepName,
    StepState,
)
from common.divisions import Level
from common.errors import Conflict


class CaseStatus(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"
    SUPPLEMENTING = "supplementing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


STATUS_LABELS: Mapping[CaseStatus, str] = {
    CaseStatus.REGISTERED: "已收件",
    CaseStatus.SUPPLEMENTING: "待补正",
    CaseStatus.ACCEPTED: "已受理",
    CaseStatus.REFUSED: "不予受理",
    CaseStatus.WITHDRAWN: "已撤回",
    CaseStatus.CLOSED: "已办结",
}
OPEN_STATUSES = (CaseStatus.REGISTERED, CaseStatus.SUPPLEMENTING, CaseStatus.ACCEPTED)


class Stage(StrEnum):
    """How far an accepted case is. Source: standards.md §5 (承办, 审核, 批准)."""

    UNDERTAKING = "undertaking"
    REVIEWING = "reviewing"
    APPROVING = "approving"
    DECIDED = "decided"


STAGE_LABELS: Mapping[Stage, str] = {stage: _STAGE_LABELS[stage.value] for stage in Stage}


class ClosingResult(StrEnum):
    """How a case was closed; Guangdong's 办结结果代码 by name, never by number. Source: standards.md §5."""

    GRANTED = "granted"
    RETURNED = "returned"
    VOIDED = "voided"
    DELETED = "deleted"
    REFERRED = "referred"
    SUPPLEMENT_LAPSED = "supplement_lapsed"
    OTHER = "other"


CLOSING_RESULT_LABELS: Mapping[ClosingResult, str] = {
    ClosingResult.GRANTED: "出证办结",
    ClosingResult.RETURNED: "退回办结",
    ClosingResult.VOIDED: "作废办结",
    ClosingResult.DELETED: "删除办结",
    ClosingResult.REFERRED: "转报办结",
    ClosingResult.SUPPLEMENT_LAPSED: "补正不来办结",
    ClosingResult.OTHER: "办结",
}
DOCUMENT_LABELS: Mapping[DocumentKind, str] = {
    "receipt": "收件回执",
    "supplement_notice": "一次性补正告知书",
    "acceptance_notice": "受理通知书",
    "refusal_notice": "不予受理决定书",
    "special_procedure_notice": "特别程序告知书",
    "extension_notice": "延期通知书",
    "decision": "决定书",
    "referral_notice": "转报告知书",
    "closing_notice": "办结通知书",
}
STEP_LABELS: Mapping[StepName, str] = {
    "receipt": "收件",
    "supplement": "补正",
    "acceptance": "受理",
    "undertaking": "承办",
    "reviewing": "审核",
    "approving": "批准",
    "closing": "办结",
}
STEP_OF_STAGE: Mapping[Stage, StepName] = {
    Stage.UNDERTAKING: "undertaking",
    Stage.REVIEWING: "reviewing",
    Stage.APPROVING: "approving",
    Stage.DECIDED: "closing",
}
PURPOSE_LABELS: Mapping[OfferPurpose, str] = {"handover": "移交", "referral": "转报", "step": "环节流转"}
OUTCOME_LABELS: Mapping[OfferOutcome, str] = {
    "accepted": "已接收",
    "declined": "不接收",
    "withdrawn": "已收回",
    "lapsed": "未答复即终止",
}
_DOCUMENT_LETTERS: Mapping[DocumentKind, str] = {
    "receipt": "SJ",
    "supplement_notice": "BZ",
    "acceptance_notice": "SL",
    "refusal_notice": "BY",
    "special_procedure_notice": "TC",
    "extension_notice": "YQ",
    "decision": "JD",
    "referral_notice": "ZB",
    "closing_notice": "BJ",
}
HANDLING_LABELS: Mapping[HandlingType, str] = {"immediate": "即办件", "promised": "承诺件"}

_ENDED: Mapping[CaseStatus, type[Conflict]] = {
    CaseStatus.REFUSED: CaseAlreadyRefused,
    CaseStatus.WITHDRAWN: CaseAlreadyWithdrawn,
    CaseStatus.CLOSED: CaseAlreadyClosed,
}
OFFICE_ACCOUNT = "office:"
"""What came online is held by the office, told by this and its code, until one of its people takes it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case at one version, without the applicant's personal data; members as in `CaseState`.

    Attributes:
        version: from 1, one more with every change.
        changed_at: when this version came about.
        level: of `division`.
        file: everything that was done with it.
    """

    id: UUID
    version: int
    division: str
    level: Level
    office_id: UUID
    item_code: str
    duty: str
    applicant_kind: ApplicantKind
    status: CaseStatus
    registered_at: datetime
    changed_at: datetime
    file: CaseFile
    case_number: str
    channel: Channel = "window"
    handling: HandlingType = "promised"
    application_id: UUID | None = None
    stage: Stage | None = None
    accepted_at: datetime | None = None
    is_deemed_accepted: bool = False
    is_favourable: bool | None = None
    refused_at: datetime | None = None
    withdrawn_at: datetime | None = None
    closed_at: datetime | None = None
    closing_result: ClosingResult | None = None
    is_on_time: bool | None = None
    collected_at: datetime | None = None
    due_on: date | None = None
    statutory_due_on: date | None = None
    step_due_on: date | None = None
    is_due_provisional: bool = False
    reason: str | None = None
    handled_by: str | None = None

    @property
    def holder(self) -> HolderState:
        """Who is responsible now; there is exactly one at every moment. Source: O4.3b."""
        return self.file.holders[-1]

    @property
    def terms(self) -> CaseTerms:
        """The terms of its registration."""
        assert self.file.terms is not None, "only readers of old events meet cases without terms"  # noqa: S101
        return self.file.terms

    @property
    def is_open(self) -> bool:
        """It has not ended."""
        return self.status in OPEN_STATUSES


def following(case: Case, *, at: datetime, file: Mapping[str, Any] | None = None, **changes: Any) -> Case:
    """The next version: these members changed, and these of the file. Source: O4.1b."""
    changed = case.file if file is None else case.file.model_copy(update=file)
    return replace(case, version=case.version + 1, changed_at=at, file=changed, **changes)


def not_before(case: Case, at: datetime) -> datetime:
    """Clocks of two machines differ a little; the life of a case never runs backwards. Source: O4.1b."""
    return max(at, case.changed_at)


def require_open(case: Case) -> None:
    """Raises if the case has ended.

    Source: O4.1b.

    Raises:
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: how.
    """
    ended = _ENDED.get(case.status)
    if ended is not None:
        raise ended(status=case.status.value)


def require_before_acceptance(case: Case) -> None:
    """Raises unless the case waits for its acceptance.

    Source: O4.1b.

    Raises:
        CaseAlreadyAccepted: it has been.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_open(case)
    if case.status is CaseStatus.ACCEPTED:
        raise CaseAlreadyAccepted(status=case.status.value)


def require_accepted(case: Case) -> Stage:
    """The stage of an accepted case.

    Source: O4.1b.

    Raises:
        CaseNotAccepted: it waits for its acceptance.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.
    """
    require_open(case)
    if case.stage is None:
        raise CaseNotAccepted(status=case.status.value)
    return case.stage


def with_step(case: Case, step: StepName, *, by: str, at: datetime, **told: Any) -> dict[str, Any]:
    """The file's steps with one more, which began when the one before ended. Source: O4.1b; standards.md §4 (表7)."""
    steps = case.file.steps
    began = steps[-1].ended_at if steps else case.registered_at
    values = {"action": "pass", "opinion": None, **told}
    one = StepState(step=step, by=by, division=case.holder.division, started_at=began, ended_at=at, **values)
    return {"steps": (*steps, one)}


def with_document(case: Case, kind: DocumentKind, *, at: datetime) -> dict[str, Any]:
    """The file's documents with one more, numbered; at most 30 characters, as GB/T 39046 has them.

    Source: O4.3b; standards.md §3, §4 (表6).
    """
    documents = case.file.documents
    number = f"{_DOCUMENT_LETTERS[kind]}{case.division[:6]}{case.case_number[-16:]}{len(documents) + 1:02d}"
    return {"documents": (*documents, DocumentState(kind=kind, number=number, issued_at=at))}


def with_answer(case: Case, outcome: OfferOutcome, *, by: str, at: datetime) -> dict[str, Any]:
    """The file's offers with the pending one answered, if there is one; nothing is offered any more then.

    Source: O4.3b, O4.3d.
    """
    pending = case.file.offer
    if pending is None:
        return {"offer": None}
    told = {name: getattr(pending, name) for name in type(pending).model_fields}
    one = AnsweredOfferState(**told, answered_at=at, answered_by=by, outcome=outcome)
    return {"offer": None, "offers": (*case.file.offers, one)}
