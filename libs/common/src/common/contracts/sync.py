"""What sync publishes: records on their way up with receipts (回执), and dispatches on their way down (签收).

And which kinds of records go up: a name in `INTAKES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.divisions import LEVELS, Level

RECORD_SUBMITTED = "sync.record.submitted.v1"
RECORD_ACCEPTED = "sync.record.accepted.v1"
RECEIPT_ISSUED = "sync.receipt.issued.v1"
RECEIPTS_TOPIC = "jiceng.sync.receipts.v1"

RECEIVING_LEVELS: tuple[Level, ...] = LEVELS[:-1]
"""Levels with an inbox: every one that has a level below it."""

Outcome = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True, slots=True)
class Intake:
    """Kinds of records that are taken in together, apart from the others: none of them waits behind another intake's.

    Attributes:
        records: names of the records.
        is_paced: takes in only as fast as the tiers pass on: records that change in bulk and can wait a little.
    """

    records: tuple[str, ...]
    is_paced: bool = False


INTAKES: Mapping[str, Intake] = {
    "sync-intake": Intake(("casework.case",)),
    "sync-intake-casework": Intake(
        ("casework.rating", "casework.complaint", "casework.first-contact", "casework.assist-task")
    ),
    "sync-intake-reporting": Intake(
        (
            "reporting.problem",
            "reporting.plan",
            "reporting.report",
            "reporting.inspection",
            "reporting.order",
        ),
    ),
    "sync-intake-registry": Intake(("registry.readiness",), is_paced=True),
}
"""Consumer group → the records that it takes into the network. A record that is named here goes up."""

PAST_THE_HIERARCHY: frozenset[str] = frozenset({"reporting.problem"})
"""Records that go from their origin straight to the province. Source: G2."""


def inbox_topic(level: Level) -> str:
    """Records passed up to `level`."""
    return f"jiceng.sync.{level}.inbox.v1"


def accepted_topic(level: Level) -> str:
    """Records that `level` has accepted: the stream that a bureau of that level reads."""
    return f"jiceng.sync.{level}.accepted.v1"


class SubmittedRecord(EventData):
    """A record passed to the next level; one past the hierarchy from its origin to the province. Source: O4.2a, G2.

    Attributes:
        division: where it was made, also where that division is no more.
        routed_division: the division of today that took over, by which it is routed then.
    """

    record_type: str = Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=64)
    record_id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    event_type: str = Field(max_length=100)
    occurred_at: Instant
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    from_level: Level
    from_division: Division
    to_level: Level
    to_division: Division
    routed_division: Division | None = None
    payload: dict[str, Any]


class AcceptedRecord(EventData):
    """A record as one level has accepted it; `payload` is the record's full state. Source: O4.2a.

    Attributes:
        routed_division: as in SubmittedRecord; `accepted_division` lies on its path then.
    """

    record_type: str = Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=64)
    record_id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    event_type: str = Field(max_length=100)
    occurred_at: Instant
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    accepted_level: Level
    accepted_division: Division
    accepted_at: Instant
    routed_division: Division | None = None
    payload: dict[str, Any]


class Receipt(EventData):
    """A level's answer to one record at one version. Source: O4.2a."""

    id: UUID
    record_type: str = Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=64)
    record_id: UUID
    version: int = Field(ge=1)
    division: Division
    receiver_level: Level
    receiver_division: Division
    outcome: Outcome
    reason_code: str | None = None
    reason: str | None = None
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    issued_at: Instant


DISPATCH_SENT = "sync.dispatch.sent.v1"
DISPATCH_ENDED = "sync.dispatch.ended.v1"
DISPATCH_DELIVERED = "sync.dispatch.delivered.v1"
DISPATCH_SIGNED = "sync.dispatch.signed.v1"
DISPATCH_REMINDED = "sync.dispatch.reminded.v1"
DISPATCH_RECEIPTS_TOPIC = "jiceng.dispatch.receipts.v1"
DISPATCH_REMINDERS_TOPIC = "jiceng.dispatch.reminders.v1"

DISPATCH_LEVELS: tuple[Level, ...] = LEVELS[1:]
"""Levels that receive dispatches: every one that has a level above it."""


def dispatch_topic(level: Level) -> str:
    """Dispatches sent down to the nodes of `level`."""
    return f"jiceng.dispatch.{level}.v1"


class _NodeOfDispatch(EventData):
    """One node of one dispatch. The event's `division` is the node's, so that a subtree reads what concerns it.

    Attributes:
        dispatch_id: follows from record and version; the same at every site.
        record_type: of the record that goes down, with its id and version.
    """

    dispatch_id: UUID
    record_type: str = Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=64)
    record_id: UUID
    version: int = Field(ge=1)


class SentDispatch(_NodeOfDispatch):
    """One version of a record, sent down to one node. Source: architecture.md §5, ADR 0018.

    Attributes:
        event_type: the domain event that made this version.
        occurred_at: when that was.
        digest: of the payload, as for records on their way up.
        sender: division whose record it is.
        from_division: who hands it down.
        to_division: the node.
        is_addressed: whether the node signs for it; if not, it only hands it on and may read it.
        payload: the record's full state; its member `dispatch` is the order, and part of what was digested.
    """

    event_type: str = Field(max_length=100)
    occurred_at: Instant
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    sender: Division
    sender_level: Level
    from_level: Level
    from_division: Division
    to_level: Level
    to_division: Division
    is_addressed: bool
    sent_at: Instant
    payload: dict[str, Any]


class EndedDispatch(EventData):
    """A record that went down has ended by a version that does not: whoever appears later gets nothing of it.

    For sites that hold the tree below `to_division`; sent along the way of the dispatches that it ends.
    Source: architecture.md §5, ADR 0018.

    Attributes:
        version: by which the record ended; older versions are no longer in force.
        to_division: the node to which the record had gone.
    """

    record_type: str = Field(pattern=r"^[a-z]+\.[a-z-]+$", max_length=64)
    record_id: UUID
    version: int = Field(ge=1)
    from_level: Level
    from_division: Division
    to_level: Level
    to_division: Division
    ended_at: Instant


class DeliveredDispatch(_NodeOfDispatch):
    """A node that is addressed has it. Source: architecture.md §5, ADR 0018."""

    division: Division
    level: Level
    delivered_at: Instant


class SignedDispatch(_NodeOfDispatch):
    """The office of a node has signed for it (签收). Source: architecture.md §5, ADR 0018.

    Attributes:
        signed_by: account: the token's subject, never a name.
    """

    division: Division
    level: Level
    delivered_at: Instant
    signed_at: Instant
    signed_by: str = Field(min_length=1, max_length=255)


class RemindedDispatch(_NodeOfDispatch):
    """A node has not signed yet, and the day is near or has come. Source: architecture.md §5, ADR 0018.

    Attributes:
        days_before: how many days before `sign_by` this reminder is due; 0 is that day itself.
    """

    division: Division
    level: Level
    title: str
    reference_number: str | None = None
    sign_by: date
    days_before: int = Field(ge=0)
    reminded_at: Instant
