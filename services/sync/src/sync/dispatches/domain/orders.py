"""What a dispatch is, and how it is known again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from common.contracts.record import DispatchOrder
from common.divisions import Level, contains

_NAMESPACE = UUID("6d7f1e9a-3d0c-5c60-9a52-2f4f7e0b8d18")

ENDED = frozenset({"withdrawn", "closed"})
"""Values of a state's `status` after which nobody new gets it."""


class Dispatch(NamedTuple):
    """One version of a record that goes down.

    Attributes:
        id: follows from the record and its version, at every site alike.
        sender: division whose record it is.
        roots: of the subtrees addressed.
        down_to: the lowest level addressed.
        digest: of `data`.
        data: the payload's canonical JSON; the order is part of it.
        is_in_force: whether divisions that appear later get it too.
    """

    id: UUID
    record_type: str
    record_id: UUID
    version: int
    event_type: str
    occurred_at: datetime
    sender: str
    title: str
    reference_number: str | None
    roots: tuple[str, ...]
    down_to: Level
    sign_by: date | None
    digest: bytes
    data: str
    is_in_force: bool


def dispatch_id(record_type: str, record_id: UUID, version: int) -> UUID:
    """The id of the dispatch of one version. Source: ADR 0018."""
    return uuid5(_NAMESPACE, f"{record_type}/{record_id}/{version}")


def is_well_addressed(order: DispatchOrder, sender: str) -> bool:
    """True if nobody is addressed who is not below the sender. Source: architecture.md §5, ADR 0018."""
    return all(contains(sender, root) for root in order.to)


def is_in_force(payload: Mapping[str, Any]) -> bool:
    """True unless the state says that it has ended. Source: ADR 0018."""
    return payload.get("status") not in ENDED
