"""First contacts (首问登记): who was asked first, who is responsible now. Who asked stands nowhere in them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account
from common.contracts.model import Division, EventData, Instant
from common.contracts.record import Record, StoredState

ContactChannel = Literal["window", "phone", "online", "letter", "other"]
ContactStatus = Literal["open", "settled", "case", "referred"]
OfferAnswer = Literal["accepted", "declined", "withdrawn"]


class ContactMaterial(EventData):
    """Something that the asker handed over. Source: O4.3b; standards.md §6.

    Attributes:
        returned_at: when it was given back; None while the office has it.
    """

    name: str = Field(min_length=1, max_length=100)
    originals: int = Field(ge=0)
    copies: int = Field(ge=0)
    returned_at: Instant | None = None


class ContactHolder(EventData):
    """Who is responsible from when; the last one is. Source: O4.3b."""

    account: Account
    division: Division
    office_id: UUID
    since: Instant


class ContactOffer(EventData):
    """A hand-over; the holder stays responsible until it is accepted. Source: O4.3b.

    Attributes:
        division: whose office is to take it.
        account: who is to take it; None for anybody there who may.
        answer: None while nobody has answered; only the last offer can be without.
        answer_reason: why it was declined.
    """

    division: Division
    office_id: UUID
    account: Account | None
    reason: str
    by: Account
    offered_at: Instant
    answer: OfferAnswer | None = None
    answered_by: Account | None = None
    answered_at: Instant | None = None
    answer_reason: str | None = None


class Settlement(EventData):
    """What the asker was told, or done for. Source: O4.3b."""

    told: str
    by: Account
    at: Instant


class Referral(EventData):
    """Which body does it, and how the asker was told to reach it. Source: O4.3b.

    Attributes:
        phone, address: at least one of them was told.
    """

    body: str
    phone: str | None
    address: str | None
    by: Account
    at: Instant


class FirstContactState(StoredState):
    """One first contact. Source: O4.3b; standards.md §6.

    Attributes:
        division: of the office that was asked first; it stays, also when another office takes over.
        number: on the receipt.
        matter: what was asked, without naming anybody.
        is_ours: whether it is a matter of that office; the register is kept either way.
        first_asked: account of who was asked first (首问责任人).
        is_signed: the asker has signed the register.
        holder: account of who is responsible now; never empty.
        holder_division: of the holder's office.
        holders: everybody who was, in order; the last one is the holder.
        offers: every hand-over, in order.
        offered_to: division that an unanswered offer is for; None without one.
        office_name, office_phone, complaint_phone: as the receipt tells them.
        promised_working_days: within which the asker is answered.
        promised_on: the last Beijing day of the promise, as the receipt tells it.
        is_promise_provisional: the day rests on a calendar that is not official yet.
        due_on: the same day while the contact is open; None afterwards.
        case_ids: the cases that came of it.
    """

    number: str = Field(min_length=1, max_length=64)
    status: ContactStatus
    channel: ContactChannel
    matter: str = Field(min_length=1, max_length=500)
    is_ours: bool
    materials: tuple[ContactMaterial, ...] = ()
    registered_at: Instant
    first_asked: Account
    is_signed: bool
    holder: Account
    holder_division: Division
    holders: tuple[ContactHolder, ...] = Field(min_length=1)
    offers: tuple[ContactOffer, ...] = ()
    offered_to: Division | None = None
    office_name: str
    office_phone: str | None = None
    complaint_phone: str | None = None
    promised_working_days: int = Field(ge=0)
    promised_on: date
    is_promise_provisional: bool = False
    due_on: date | None
    ended_at: Instant | None = None
    settlement: Settlement | None = None
    referral: Referral | None = None
    case_ids: tuple[UUID, ...] = ()


RECORDS: tuple[Record, ...] = (Record("casework.first-contact", FirstContactState, "首问登记变动"),)
