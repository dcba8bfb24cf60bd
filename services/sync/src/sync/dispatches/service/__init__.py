"""Use cases of dispatches: sending, handing on, following the tree, signing, reminding, reading."""

from sync.dispatches.repository.moving import Told
from sync.dispatches.service.following import Move, follow_moves, note_moves, remind, see_tree
from sync.dispatches.service.reading import (
    DispatchFile,
    InboxItem,
    MissingNode,
    Progress,
    SentItem,
    get_dispatch,
    list_inbox,
    list_missing,
    list_sent,
    measure_progress,
)
from sync.dispatches.service.sending import (
    Arrival,
    Site,
    deliver_dispatches,
    end_dispatches,
    learn_receipts,
    send_dispatches,
)
from sync.dispatches.service.signing import SIGNERS, sign_dispatch

__all__ = [
    "SIGNERS",
    "Arrival",
    "DispatchFile",
    "InboxItem",
    "MissingNode",
    "Move",
    "Progress",
    "SentItem",
    "Site",
    "Told",
    "deliver_dispatches",
    "end_dispatches",
    "follow_moves",
    "get_dispatch",
    "learn_receipts",
    "list_inbox",
    "list_missing",
    "list_sent",
    "measure_progress",
    "note_moves",
    "remind",
    "see_tree",
    "send_dispatches",
    "sign_dispatch",
]
