"""A case with its steps and its clock, without any personal data of the applicant."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.divisions import Level

CASE_TOPIC = "jiceng.casework.case.v1"
CASE_RECORD = "casework.case"
CASE_REGISTERED = "casework.case.registered.v1"
CASE_ACCEPTED = "casework.case.accepted.v1"
CASE_REFUSED = "casework.case.refused.v1"
CASE_CLOSED = "casework.case.closed.v1"
CASE_WITHDRAWN = "casework.case.withdrawn.v1"
CASE_CHANGED = "casework.case.changed.v1"
CASE_TYPES = (CASE_REGISTERED, CASE_ACCEPTED, CASE_REFUSED, CASE_CLOSED, CASE_WITHDRAWN, CASE_CHANGED)
"""The first five tell that a case came to the status; CASE_CHANGED tells everything else that happens to one."""

Duty = Literal[
    "employment_services",
    "vocational_training",
    "social_insurance",
    "retiree_management",
    "labour_relations",
    "personnel_talent",
    "demobilised_officers",
    "legal_publicity",
]
CaseStatus = Literal["registered", "supplementing", "accepted", "refused", "closed", "withdrawn"]
Stage = Literal["undertaking", "reviewing", "approving", "decided"]
HandlingType = Literal["immediate", "promised"]
ApplicantKind = Literal["natural_person", "organisation"]
ClosingResult = Literal["granted", "returned", "voided", "deleted", "referred", "supplement_lapsed", "other"]
Channel = Literal["window", "computer", "mobile", "courier", "other"]
LimitUnit = Literal["working_days", "calendar_days"]
ClockName = Literal["acceptance", "handling"]
ClockFact = Literal["started", "paused", "resumed", "extended", "stopped"]
PauseReason = Literal["supplement", "public_notice", "hearing", "inspection", "appraisal", "expert_review", "other"]
Action = Literal["pass", "return", "other"]
StepName = Literal["receipt", "supplement", "acceptance", "undertaking", "reviewing", "approving", "closing"]
OfferPurpose = Literal["handover", "referral", "step"]
OfferOutcome = Literal["accepted", "declined", "withdrawn", "lapsed"]
MaterialForm = Literal["original", "copy"]
MaterialMedium = Literal["paper", "upload"]
DocumentKind = Literal[
    "receipt",
    "supplement_notice",
    "acceptance_notice",
    "refusal_notice",
    "special_procedure_notice",
    "extension_notice",
    "decision",
    "referral_notice",
    "closing_notice",
]
Account = str
"""An account: the token's subject, never a name."""


class Limit(EventData):
    """A time limit. Source: O4.3c."""

    value: int = Field(ge=0)
    unit: LimitUnit
    clause: str | None = None


class ClockEntry(EventData):
    """One entry of a case's ledger of time; the due date is what the entries and a calendar give.

    Source: O4.3c; standards.md §6.

    Attributes:
        at: when it happened.
        fact: what happened; `paused` and `resumed` hold for all clocks that run.
        clock: which clock was started, extended or stopped.
        from_on: of `started`: the Beijing day that is not counted itself (收到, 受理 or 立案之日).
        promised: of `started`.
        statutory: of `started`.
        reason: of `paused`.
        extension: of `extended`.
        by: account.
        clause: what the entry rests on.
    """

    at: Instant
    fact: ClockFact
    clock: ClockName | None = None
    from_on: date | None = None
    promised: Limit | None = None
    statutory: Limit | None = None
    reason: PauseReason | None = None
    extension: Limit | None = None
    by: Account | None = None
    clause: str | None = None


class StepState(EventData):
    """One step (环节) that somebody has done. Source: O4.1b; standards.md §4 (表7)."""

    step: StepName
    action: Action
    by: Account
    division: Division
    started_at: Instant
    ended_at: Instant
    opinion: str | None = None


class SupplementState(EventData):
    """One notice of what is missing (一次性告知). Source: O4.3c; standards.md §6.

    Attributes:
        materials: everything that is missing, named as in the item's guide or in words.
        due_on: until when the applicant may bring it.
        supplied_at: when all of it was there; None while it is not.
    """

    asked_at: Instant
    by: Account
    materials: tuple[str, ...]
    due_on: date
    supplied_at: Instant | None = None


class SpecialState(EventData):
    """One special procedure (特别程序). Source: O4.3c; standards.md §4 (表7, A.7).

    Attributes:
        is_pausing: the clock stands still meanwhile; the applicant was told in writing.
        expected: how long it will take, as the applicant was told.
    """

    kind: PauseReason
    started_at: Instant
    by: Account
    reason: str
    is_pausing: bool
    expected: Limit | None = None
    ended_at: Instant | None = None
    result: str | None = None


class ToleranceState(EventData):
    """A material that may come later (容缺受理)."""

    material: str
    due_on: date
    supplied_at: Instant | None = None


class HolderState(EventData):
    """Who holds a case from when; the last one is the holder. Source: O4.3b."""

    account: Account
    division: Division
    since: Instant


class OfferState(EventData):
    """A hand-over that nobody has answered yet; the holder stays responsible until it is accepted. Source: O4.3b.

    Attributes:
        division: whose office is to take it.
        account: who is to take it; None for anybody there who may.
    """

    purpose: OfferPurpose
    division: Division
    account: Account | None = None
    offered_at: Instant
    by: Account
    reason: str | None = None


class AnsweredOfferState(OfferState):
    """An offer that waits no more. Source: O4.3b, O4.3d.

    Attributes:
        answered_at: until when it waited for the answer of who was asked.
        answered_by: of an accepted one the new holder; of a withdrawn one who took it back.
        outcome: `lapsed` when the case went on without an answer: taken over by a head, to another stage, or ended.
    """

    answered_at: Instant
    answered_by: Account
    outcome: OfferOutcome


class ReceivedState(EventData):
    """Pieces of a material that the office has received. Source: O4.3b, O4.3c; standards.md §4 (表8).

    Attributes:
        material: named as in the item's guide, or as a notice of what is missing named it.
        form: None where nobody told it.
        count: pieces; of uploads, files.
        medium: on paper, or uploaded; an upload is a copy.
        by: account; `applicant` for what came online.
    """

    material: str
    form: MaterialForm | None = None
    count: int = Field(ge=1)
    medium: MaterialMedium
    received_at: Instant
    by: Account


class DemandState(EventData):
    """What the item demanded of one material when the case was registered. Source: O4.1b; standards.md §4 (表4).

    Attributes:
        originals: pieces; None where nobody has confirmed how many.
        copies: the same.
        is_required: it must be there (必备).
    """

    material: str
    originals: int | None = Field(default=None, ge=0)
    copies: int | None = Field(default=None, ge=0)
    is_required: bool


class DocumentState(EventData):
    """A numbered document (文书) of a case. Source: O4.3b; standards.md §3."""

    kind: DocumentKind
    number: str
    issued_at: Instant


class CaseTerms(EventData):
    """What the catalogue said of the item when the case was registered; the case is handled by it to its end.

    Source: O4.1b, O4.3c.

    Attributes:
        handling: 即办件 or 承诺件.
        steps: the stages that come before the decision, in order.
        starts: from when the limits of handling are counted.
        acceptance: how long the office may be silent before the law has accepted the case.
        is_silence_acceptance: whether the law takes the office's silence beyond `acceptance` for acceptance.
        step_limits: of stages that have one.
        pausing: special procedures that stop the clock.
        deciding_levels: whose offices may decide; the others hand the case on.
        required_materials: what must be there.
        demands: how many pieces of each material; empty in cases of before.
    """

    handling: HandlingType
    steps: tuple[Stage, ...]
    starts: Literal["accepted", "application_received", "case_filed"]
    acceptance: Limit
    promised: Limit | None = None
    statutory: Limit | None = None
    extension: Limit | None = None
    is_silence_acceptance: bool = False
    step_limits: dict[Stage, Limit] = Field(default_factory=dict)
    pausing: tuple[PauseReason, ...] = ()
    deciding_levels: tuple[Level, ...] = ()
    required_materials: tuple[str, ...] = ()
    demands: tuple[DemandState, ...] = ()


class CaseFile(EventData):
    """What was done with a case, in the order in which it was done; `terms` is None in old events only.

    Attributes:
        offer: the one that waits for an answer.
        offers: those that were answered; cases of before do not tell theirs.
        received: materials, in the order in which they came; empty in cases of before, and where nobody told.
        is_itemised: what was received was told with the registration, each material: so what is not there is missing.
            Where it was not, `received` holds what came later and nothing follows for the rest.
    """

    terms: CaseTerms | None = None
    ledger: tuple[ClockEntry, ...] = ()
    steps: tuple[StepState, ...] = ()
    holders: tuple[HolderState, ...] = ()
    offer: OfferState | None = None
    offers: tuple[AnsweredOfferState, ...] = ()
    received: tuple[ReceivedState, ...] = ()
    is_itemised: bool = False
    supplements: tuple[SupplementState, ...] = ()
    specials: tuple[SpecialState, ...] = ()
    tolerances: tuple[ToleranceState, ...] = ()
    documents: tuple[DocumentState, ...] = ()


class CaseState(EventData):
    """One case at one version. Source: O1.1a, O1.4f, O4.1b, O4.2a, O4.3b, O4.3c; standards.md §5.

    Attributes:
        handled_by: account (the token's subject, never a name) of who closed it; None before, and in old events.
        case_number: 31-digit code of the item at its office, day, serial; None in old events.
        application_id: the application (一件事) that it is a part of.
        stage: of an accepted case.
        is_deemed_accepted: nobody answered in time, so the law has accepted it.
        is_favourable: the decision; None before it.
        due_on: the last Beijing day of the running limit; None while the clock stands still, and afterwards.
        statutory_due_on: the same by the statutory limit.
        step_due_on: the last day of the stage's own limit.
        is_on_time: of a closed case: closed within its limits; None where it had none.
        is_due_provisional: the day rests on a calendar that is not official yet.
        collected_at: when the result was handed over (领证).
        reason: why it was refused, withdrawn, returned, voided or deleted.
        file: the ledger, the steps and the documents.
    """

    id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    office_id: UUID
    item_code: str = Field(min_length=1, max_length=31)
    duty: Duty
    applicant_kind: ApplicantKind
    status: CaseStatus
    registered_at: Instant
    accepted_at: Instant | None = None
    refused_at: Instant | None = None
    withdrawn_at: Instant | None = None
    closed_at: Instant | None = None
    closing_result: ClosingResult | None = None
    handled_by: str | None = Field(default=None, min_length=1, max_length=255)
    case_number: str | None = Field(default=None, min_length=1, max_length=64)
    application_id: UUID | None = None
    channel: Channel | None = None
    handling: HandlingType | None = None
    stage: Stage | None = None
    is_deemed_accepted: bool = False
    is_favourable: bool | None = None
    due_on: date | None = None
    statutory_due_on: date | None = None
    step_due_on: date | None = None
    is_due_provisional: bool = False
    is_on_time: bool | None = None
    collected_at: Instant | None = None
    reason: str | None = None
    file: CaseFile = CaseFile()
