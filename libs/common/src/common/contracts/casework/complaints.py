"""Consultations, complaints and reports. Who wrote them, and what they wrote, stands nowhere in them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account
from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState

ComplaintKind = Literal["consultation", "complaint", "report"]
ComplaintSubject = Literal[
    "attitude",
    "delay",
    "refusal",
    "procedure",
    "charging",
    "discipline",
    "information",
    "labour_violation",
    "fund_fraud",
    "policy",
    "other",
]
ComplaintStatus = Literal["received", "accepted", "not_ours", "handling", "replied", "closed"]
Finding = Literal["substantiated", "partly_substantiated", "unsubstantiated", "unverifiable"]


class ExtensionState(EventData):
    """The one extension (延期). Source: standards.md §4 (表10)."""

    working_days: int = Field(ge=1)
    reason: str
    at: Instant
    by: Account


class PublicationState(EventData):
    """A consultation made public, as staff masked it. Source: O4.3e, O4.3f."""

    question: str
    answer: str
    at: Instant
    by: Account


class ComplaintState(StoredState):
    """One consultation, complaint or report; its division is that of the office that handles it.

    Source: O4.3f; standards.md §4 (表10), §6.

    Attributes:
        number: what the complainant names, together with a secret that nobody stores.
        round: 1 first decision, 2 re-examination by the next level.
        appeal_of: the first decision that is examined again.
        holder: who handles it.
        accused_division: of the body complained of; never the record's own division, nor above it.
        accused_account: who is complained of, when known.
        attachment_count: how many files came with it; which, and which case it is about, tells who complains.
        promised_days: working days of the limit that runs.
        due_on: last Beijing day of the limit that runs: to decide, then to reply; None afterwards.
        overdue_days: working days (超期天数) that the reply or the refusal came late; None before.
        finding: the result; a substantiated one is for accountability.
    """

    number: str
    kind: ComplaintKind
    subject: ComplaintSubject
    round: int = Field(ge=1, le=2)
    appeal_of: UUID | None = None
    status: ComplaintStatus
    holder: Account | None = None
    accused_office_id: UUID | None = None
    accused_division: Division | None = None
    accused_account: Account | None = None
    is_anonymous: bool
    attachment_count: int = Field(default=0, ge=0)
    filed_at: Instant
    promised_days: int | None = None
    due_on: date | None = None
    is_due_provisional: bool = False
    accepted_at: Instant | None = None
    accepted_by: Account | None = None
    taken_up_at: Instant | None = None
    extension: ExtensionState | None = None
    referred_to: str | None = None
    replied_at: Instant | None = None
    finding: Finding | None = None
    overdue_days: int | None = None
    closed_at: Instant | None = None
    appealed_at: Instant | None = None
    appeal_id: UUID | None = None
    publication: PublicationState | None = None


RECORDS: tuple[Record, ...] = (Record("casework.complaint", ComplaintState, "咨询投诉举报变动"),)
