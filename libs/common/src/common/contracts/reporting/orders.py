"""Orders of supervision (督办): what an upper level demands of a division, until when, and how it ends."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.contracts.record import DispatchOrder, Record, StoredState

OrderStatus = Literal["issued", "acknowledged", "answered", "returned", "closed", "withdrawn"]
OrderReminderKind = Literal["due_soon", "overdue"]
ExtensionDecision = Literal["pending", "approved", "refused"]
Account = Annotated[str, Field(min_length=1, max_length=255)]
"""An account: the token's subject, never a name."""


class EvidenceState(EventData):
    """Something that proves what is said: a document, a photo, a record of the platform.

    Attributes:
        title: Chinese, what it is.
        reference: 文号, file number or `<service>.<record>/<id>`; never the thing itself.
    """

    title: str = Field(min_length=1, max_length=200)
    reference: str = Field(min_length=1, max_length=200)


class OrderAnswerState(EventData):
    """An answer of the division addressed. Source: S6."""

    text: str
    evidence: tuple[EvidenceState, ...] = ()
    by: Account
    at: Instant


class OrderReturnState(EventData):
    """An answer that was not enough: what is still missing. Source: S6."""

    missing: str
    by: Account
    at: Instant


class OrderExtensionState(EventData):
    """More time, asked for by the division addressed, decided by the issuer. Source: S6.

    Attributes:
        due_on: the day that is asked for.
        previous_due_on: the day that held before.
    """

    due_on: date
    previous_due_on: date
    reason: str
    asked_by: Account
    asked_at: Instant
    decision: ExtensionDecision = "pending"
    decided_by: Account | None = None
    decided_at: Instant | None = None
    decision_reason: str | None = None


class OrderReminderState(EventData):
    """A reminder, once for each kind and due day. Source: S6."""

    kind: OrderReminderKind
    due_on: date
    at: Instant


class OrderState(StoredState):
    """One order of supervision (督办). Source: S6, O6.3a.

    Attributes:
        division: who issued it, a level above; it goes down from there.
        to_division: whom it is addressed to; that division and those above it may read it.
        clause: of the policy that the demand rests on.
        due_on: last Beijing day of the time that runs; None when it is closed or withdrawn.
        first_due_on: the day that was set first.
        about_record, about_id: the record that it is about, `reporting.inspection-visit`; None of a thing without one.
        closed_on_time: whether the answer that was accepted came in time; None before.
    """

    to_division: Division
    title: str = Field(min_length=1, max_length=200)
    demand: str
    clause: str
    status: OrderStatus
    due_on: date | None
    first_due_on: date
    about_record: str | None = None
    about_id: UUID | None = None
    issued_by: Account
    issued_at: Instant
    acknowledged_by: Account | None = None
    acknowledged_at: Instant | None = None
    answers: tuple[OrderAnswerState, ...] = ()
    returns: tuple[OrderReturnState, ...] = ()
    extensions: tuple[OrderExtensionState, ...] = ()
    reminders: tuple[OrderReminderState, ...] = ()
    closed_by: Account | None = None
    closed_at: Instant | None = None
    closing_remark: str | None = None
    closed_on_time: bool | None = None
    withdrawn_by: Account | None = None
    withdrawn_at: Instant | None = None
    withdrawal_reason: str | None = None
    dispatch: DispatchOrder | None = None


RECORDS: tuple[Record, ...] = (Record("reporting.order", OrderState, "督办变动"),)
