"""The life of a rectification: open → accepted → verified with the rater → closed; called back afterwards."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from casework.ratings.errors import MeasuresMissing, NotTheHandler, RectificationNotInState
from common.contracts.casework.ratings import (
    Contact,
    FollowUp,
    FollowUpState,
    RectificationFinding,
    RectificationState,
    RectificationStatus,
)

RECTIFICATION_LABELS: Mapping[RectificationStatus, str] = {
    "open": "待接办",
    "accepted": "已接办",
    "verified": "已核实",
    "closed": "已办结",
}
CONTACT_LABELS: Mapping[Contact, str] = {"reached": "已联系", "not_reachable": "联系不上", "refused": "拒绝回访"}
FINDING_LABELS: Mapping[RectificationFinding, str] = {"substantiated": "属实", "unsubstantiated": "不属实"}
FOLLOW_UP_LABELS: Mapping[FollowUp, str] = {
    "satisfied": "对整改满意",
    "dissatisfied": "对整改不满意",
    "not_reachable": "联系不上",
    "refused": "拒绝回访",
}


def accepted(state: RectificationState, *, by: str, at: datetime) -> dict[str, Any]:
    """Somebody of the office takes it on; that the rated do not even see it is the service's matter.

    Source: O4.3b, O4.3f.

    Raises:
        RectificationNotInState: somebody has it already.
    """
    _require(state, "open")
    return {"status": "accepted", "holder": by, "accepted_at": at}


def released(state: RectificationState) -> dict[str, Any]:
    """Whoever leads takes it from its handler; what was done stays.

    Source: O4.3f.

    Raises:
        RectificationNotInState: nobody has it, or it is closed.
    """
    _require(state, "accepted", "verified")
    return {"status": "open", "holder": None}


def verified(state: RectificationState, *, by: str, at: datetime, contact: Contact, note: str | None) -> dict[str, Any]:
    """The rater was asked, or could not be.

    Source: O4.3f; standards.md §7.

    Raises:
        RectificationNotInState, NotTheHandler.
    """
    _require(state, "accepted")
    _require_handler(state, by)
    return {"status": "verified", "contact": contact, "contact_note": note, "verified_at": at}


def measured(state: RectificationState, *, by: str, measures: str) -> dict[str, Any]:
    """What was done about it.

    Source: O4.3f; standards.md §7.

    Raises:
        RectificationNotInState, NotTheHandler.
    """
    _require(state, "verified")
    _require_handler(state, by)
    return {"measures": measures}


def closed(
    state: RectificationState, *, by: str, at: datetime, finding: RectificationFinding, reply: str, overdue_days: int
) -> dict[str, Any]:
    """It ends with a finding and a reply.

    Source: O4.3c, O4.3f.

    Args:
        overdue_days: working days after the due day, 0 in time.

    Raises:
        RectificationNotInState, NotTheHandler.
        MeasuresMissing: it was right, and nothing was done.
    """
    _require(state, "verified")
    _require_handler(state, by)
    if finding == "substantiated" and state.measures is None:
        raise MeasuresMissing
    return {"status": "closed", "finding": finding, "reply": reply, "closed_at": at, "overdue_days": overdue_days}


def called_back(
    state: RectificationState, *, by: str, at: datetime, result: FollowUp, note: str | None
) -> dict[str, Any]:
    """The rater was called back (回访) after the end.

    Source: O4.3f; standards.md §7.

    Raises:
        RectificationNotInState: it is not closed.
    """
    _require(state, "closed")
    return {"follow_ups": (*state.follow_ups, FollowUpState(at=at, by=by, result=result, note=note))}


def is_overdue(state: RectificationState, *, on: date) -> bool:
    """Whether it came, or is, later than its day.

    Source: O4.3c.
    """
    return bool(state.overdue_days) if state.status == "closed" else on > state.due_on


def _require(state: RectificationState, *statuses: RectificationStatus) -> None:
    if state.status not in statuses:
        raise RectificationNotInState(status=state.status)


def _require_handler(state: RectificationState, by: str) -> None:
    if state.holder != by:
        raise NotTheHandler
