"""What sync publishes: records on their way up, what each level has accepted, and its receipts (回执)."""

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


def inbox_topic(level: Level) -> str:
    """Records passed up to `level`."""
    return f"jiceng.sync.{level}.inbox.v1"


def accepted_topic(level: Level) -> str:
    """Records that `level` has accepted: the stream that a bureau of that level reads."""
    return f"jiceng.sync.{level}.accepted.v1"


class SubmittedRecord(EventData):
    """A record passed to the next level. Source: O4.2a.

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
