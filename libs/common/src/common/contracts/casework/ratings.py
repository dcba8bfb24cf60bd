"""Ratings of service (好差评) and their rectification. No rater, no free text of one, stands in them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account, Duty
from common.contracts.model import EventData, Instant
from common.contracts.record import Record, StoredState

RatingLevel = Literal["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
RatingChannel = Literal["pc", "mobile", "qr_code", "hall_tablet", "hall_terminal", "phone", "sms"]
Occasion = Literal["visit", "matter"]
RatingStatus = Literal["counted", "excluded"]
RectificationStatus = Literal["open", "accepted", "verified", "closed"]
Contact = Literal["reached", "not_reachable", "refused"]
RectificationFinding = Literal["substantiated", "unsubstantiated"]
FollowUp = Literal["satisfied", "dissatisfied", "not_reachable", "refused"]


class RatingState(StoredState):
    """One rating of one visit or of one matter. Source: O4.3f; standards.md §7.

    Attributes:
        case_id: what was rated; for those who may read single ratings it tells who rated, so the rated may not.
        occasion: a visit at the window (现场一次一评) or the matter itself (网上一事一评).
        visit_on: Beijing day of the visit.
        number: 1 first, 2 supplement (追评).
        aspects: codes of what was good or bad, chosen from a list.
        terminal: name of the hall's device.
        rated_on: Beijing day.
        rated_accounts: who served, as far as known; they never see it.
        has_text: a free text lies sealed beside it.
        masked_text: the text as staff masked it.
        rectification_id: opened by a bad rating.
    """

    case_id: UUID
    item_code: str
    duty: Duty
    occasion: Occasion
    visit_on: date | None = None
    number: int = Field(ge=1, le=2)
    rating: RatingLevel
    aspects: tuple[str, ...] = ()
    channel: RatingChannel
    terminal: str | None = None
    rated_at: Instant
    rated_on: date
    rated_accounts: tuple[Account, ...] = ()
    has_text: bool = False
    masked_text: str | None = None
    rectification_id: UUID | None = None
    status: RatingStatus
    excluded_at: Instant | None = None
    excluded_by: Account | None = None
    exclusion_reason: str | None = None


class FollowUpState(EventData):
    """One call back to the rater (回访)."""

    at: Instant
    by: Account
    result: FollowUp
    note: str | None = None


class RectificationState(StoredState):
    """What an office does about a bad rating. Source: O4.3f; standards.md §7.

    Attributes:
        rated_accounts: who may not handle it.
        holder: who accepted it.
        due_on: last Beijing day for closing.
        is_due_provisional: the day rests on a calendar that is not official yet.
        overdue_days: working days after `due_on` at closing; None before.
    """

    rating_id: UUID
    case_id: UUID
    item_code: str
    duty: Duty
    rating: RatingLevel
    rated_accounts: tuple[Account, ...] = ()
    status: RectificationStatus
    holder: Account | None = None
    opened_at: Instant
    due_on: date
    is_due_provisional: bool = False
    accepted_at: Instant | None = None
    contact: Contact | None = None
    contact_note: str | None = None
    verified_at: Instant | None = None
    measures: str | None = None
    finding: RectificationFinding | None = None
    reply: str | None = None
    closed_at: Instant | None = None
    overdue_days: int | None = None
    follow_ups: tuple[FollowUpState, ...] = ()


RECORDS: tuple[Record, ...] = (
    Record("casework.rating", RatingState, "好差评变动"),
    Record("casework.rectification", RectificationState, "差评整改变动"),
)
