"""How a node stands to a dispatch."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from common.clock import beijing_day

NodeStatus = Literal["underway", "unsigned", "signed", "superseded", "passing", "retired"]
NODE_STATUS_LABELS: Mapping[NodeStatus, str] = {
    "underway": "在途",
    "unsigned": "待签收",
    "signed": "已签收",
    "superseded": "已被新版本替代",
    "passing": "仅转达",
    "retired": "区划已撤销",
}
Lack = Literal["delivery", "signature"]
LACK_LABELS: Mapping[Lack, str] = {"delivery": "未送达", "signature": "未签收"}


class NodeState(NamedTuple):
    """One node of one dispatch. Source: ADR 0018.

    Attributes:
        sent_at: when the level above sent it.
        superseded_by: the newest version that the node has, where that is newer than this one.
        retired_on: since when the division is no more.
        reminded_at: when it was last reminded to sign.
    """

    dispatch_id: UUID
    node: str
    is_addressed: bool
    sign_by: date | None
    sent_at: datetime | None
    delivered_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None
    superseded_by: int | None
    retired_on: date | None
    reminded_at: datetime | None = None


def sign_by_of_newcomer(sign_by: date | None, *, day: date) -> date | None:
    """The day by which somebody has to sign who is noted on `day` only, after the others: none that has passed.

    Source: ADR 0018.
    """
    return None if sign_by is None or day > sign_by else sign_by


def status_of(state: NodeState) -> NodeStatus:
    """How the node stands, in one word; who has signed has signed, whatever came later.

    Source: architecture.md §5, ADR 0018.
    """
    if not state.is_addressed:
        return "passing"
    if state.signed_at is not None:
        return "signed"
    if state.retired_on is not None:
        return "retired"
    if state.superseded_by is not None:
        return "superseded"
    return "underway" if state.delivered_at is None else "unsigned"


def is_overdue(state: NodeState, *, day: date) -> bool:
    """True if the node had to sign by a day that has passed and has not, or did so later.

    Source: ADR 0018.
    """
    if state.sign_by is None or not state.is_addressed:
        return False
    if state.signed_at is not None:
        return beijing_day(state.signed_at) > state.sign_by
    return state.superseded_by is None and state.retired_on is None and day > state.sign_by
