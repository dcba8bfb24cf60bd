"""Campaigns for model windows (优质文明窗口): the campaign, applications, and awards with their withdrawal."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState
from common.contracts.reporting.inspections import OfficeKind
from common.contracts.reporting.orders import Account, EvidenceState

CampaignStatus = Literal["open", "publicity", "decided", "withdrawn"]
ApplicationStatus = Literal[
    "in_review", "recommended", "not_recommended", "selected", "rejected", "awarded", "withdrawn"
]
ReviewVerdict = Literal["recommended", "not_recommended"]
AwardStatus = Literal["held", "withdrawal_proposed", "withdrawn"]
DisqualifierKind = Literal["open_orders", "overdue_orders", "vetoed_inspection"]


class CampaignCriterionState(EventData):
    """One criterion that an office assesses itself by. Source: O4.3a."""

    code: str
    title: str
    weight: int = Field(ge=1, le=1000)
    evidence_required: int = Field(default=0, ge=0, le=20)


class DisqualifierState(EventData):
    """What bars an office, read from the platform's own records. Source: O4.3a.

    Attributes:
        within_days: how long before the decision a vetoed inspection counts.
    """

    kind: DisqualifierKind
    within_days: int | None = Field(default=None, ge=1, le=3660)


class CampaignState(StoredState):
    """One campaign (创建优质文明窗口活动). Source: O4.3a.

    Attributes:
        division: of who organises it.
        scope: roots of the subtrees whose offices may apply.
        quota: how many are awarded at most.
        publicity_days: how long the selected are made public before the award.
        validity_months: how long an award holds.
    """

    title: str
    document: str
    clause: str
    status: CampaignStatus
    scope: tuple[Division, ...]
    kinds: tuple[OfficeKind, ...]
    criteria: tuple[CampaignCriterionState, ...]
    disqualifiers: tuple[DisqualifierState, ...] = ()
    quota: int = Field(ge=1, le=10_000)
    apply_from: date
    apply_until: date
    publicity_days: int = Field(ge=1, le=90)
    validity_months: int = Field(ge=1, le=120)
    publicity_from: date | None = None
    publicity_until: date | None = None
    decided_on: date | None = None
    withdrawal_reason: str | None = None
    opened_by: Account
    dispatch: DispatchOrder | None = None


class SelfScoreState(EventData):
    """What an office gives itself by one criterion, 0 to 100. Source: O4.3a."""

    criterion: str
    points: int = Field(ge=0, le=100)
    remark: str
    evidence: tuple[EvidenceState, ...] = ()


class ApplicationReviewState(EventData):
    """The preliminary review of one level between the office and the organiser. Source: O4.3a.

    Attributes:
        points: per criterion as this level sees it; the office's own where it agrees.
        score: hundredths of a point, 0 to 10,000.
    """

    division: Division
    verdict: ReviewVerdict
    points: tuple[tuple[str, int], ...]
    score: int = Field(ge=0, le=10_000)
    reason: str
    by: Account
    at: Instant


class ObjectionState(EventData):
    """An objection during the publicity period; who raised it stands nowhere. Source: O4.3a."""

    id: UUID
    text: str
    raised_at: Instant
    answer: str | None = None
    is_upheld: bool | None = None
    answered_by: Account | None = None
    answered_at: Instant | None = None


class WindowApplicationState(StoredState):
    """An office's application. Source: O4.3a.

    Attributes:
        review_due_from: the division whose review is next; None when all have reviewed, or it was decided without.
        score: hundredths of a point, the last review's, before that the office's own.
        barred_by: disqualifiers that were found when it was decided.
    """

    campaign_id: UUID
    status: ApplicationStatus
    self_assessment: tuple[SelfScoreState, ...]
    score: int = Field(ge=0, le=10_000)
    review_due_from: Division | None
    reviews: tuple[ApplicationReviewState, ...] = ()
    applied_by: Account
    applied_at: Instant
    decided_by: Account | None = None
    decided_at: Instant | None = None
    decision_reason: str | None = None
    barred_by: tuple[DisqualifierKind, ...] = ()
    objections: tuple[ObjectionState, ...] = ()
    award_id: UUID | None = None
    withdrawal_reason: str | None = None


class RecheckState(EventData):
    """A re-check of a holder. Source: O4.3a."""

    on: date
    is_passed: bool
    remark: str
    evidence: tuple[EvidenceState, ...] = ()
    by: Account
    at: Instant


class AwardWithdrawalState(EventData):
    """A withdrawal: proposed with a reason, heard, decided. Source: O4.3a.

    Attributes:
        statement_due_on: until when the office may state its side.
    """

    reason: str
    proposed_by: Account
    proposed_at: Instant
    statement_due_on: date
    statement: str | None = None
    stated_by: Account | None = None
    stated_at: Instant | None = None
    is_withdrawn: bool | None = None
    decision_reason: str | None = None
    decided_by: Account | None = None
    decided_at: Instant | None = None


class WindowAwardState(StoredState):
    """The title that an office holds. Source: O4.3a.

    Attributes:
        organiser: division of who awarded it.
        valid_until: last day.
        withdrawn_on: from this day on it is not held any more.
    """

    campaign_id: UUID
    application_id: UUID
    organiser: Division
    title: str
    office_name: str
    status: AwardStatus
    awarded_on: date
    valid_until: date
    rechecks: tuple[RecheckState, ...] = ()
    withdrawals: tuple[AwardWithdrawalState, ...] = ()
    withdrawn_on: date | None = None


RECORDS: tuple[Record, ...] = (
    Record("reporting.campaign", CampaignState, "优质文明窗口创建活动变动"),
    Record("reporting.window-application", WindowApplicationState, "优质文明窗口申报变动"),
    Record("reporting.window-award", WindowAwardState, "优质文明窗口称号变动"),
)
