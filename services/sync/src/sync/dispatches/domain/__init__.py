"""The rules of the way down, pure."""

from sync.dispatches.domain.fanout import Receiver, receivers
from sync.dispatches.domain.orders import ENDED, Dispatch, dispatch_id, is_in_force, is_well_addressed
from sync.dispatches.domain.standing import (
    LACK_LABELS,
    NODE_STATUS_LABELS,
    Lack,
    NodeState,
    NodeStatus,
    is_overdue,
    sign_by_of_newcomer,
    status_of,
)

__all__ = [
    "ENDED",
    "LACK_LABELS",
    "NODE_STATUS_LABELS",
    "Dispatch",
    "Lack",
    "NodeState",
    "NodeStatus",
    "Receiver",
    "dispatch_id",
    "is_in_force",
    "is_overdue",
    "is_well_addressed",
    "receivers",
    "sign_by_of_newcomer",
    "status_of",
]
