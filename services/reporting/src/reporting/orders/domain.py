"""Rules of orders of supervision (督办): issued → acknowledged → answered → closed, or returned. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from common.clock import beijing_day
from common.contracts.record import DispatchOrder
from common.contracts.reporting.orders import (
    EvidenceState,
    OrderAnswerState,
    OrderExtensionState,
    OrderReminderKind,
    OrderReminderState,
    OrderReturnState,
    OrderState,
    OrderStatus,
)
from common.divisions import contains, level_of, parent_of
from reporting.orders.errors import (
    DueInThePast,
    EvidenceMissing,
    ExtensionNotLater,
    ExtensionPending,
    NoExtensionPending,
    NotAbove,
    OrderNotInState,
)

STATUS_LABELS: Mapping[OrderStatus, str] = {
    "issued": "已发出",
    "acknowledged": "已签收",
    "answered": "已答复，待审核",
    "returned": "退回补充",
    "closed": "已办结",
    "withdrawn": "已撤销",
}
REMINDER_LABELS: Mapping[OrderReminderKind, str] = {"due_soon": "临期提醒", "overdue": "逾期催办"}
DECISION_LABELS: Mapping[str, str] = {"pending": "待决定", "approved": "同意", "refused": "不同意"}
OPEN: tuple[OrderStatus, ...] = ("issued", "acknowledged", "answered", "returned")
WAITING: tuple[OrderStatus, ...] = ("issued", "acknowledged", "returned")
"""Those in which the division addressed has something to do."""


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """How many orders are addressed to a subtree. Source: S6.

    Attributes:
        by_status: of every status.
        overdue: of the open ones.
        closed_late: of the closed ones.
    """

    by_status: Mapping[OrderStatus, int]
    overdue: int
    closed_late: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())

    @property
    def open(self) -> int:
        """Those that are not closed or withdrawn."""
        return sum(self.by_status.get(status, 0) for status in OPEN)


def require_above(issuer: str, addressee: str) -> None:
    """An order goes to a division below the one that issues it, over a level that does not exist.

    Source: S6, O6.3a.

    Raises:
        NotAbove: the same division, one beside it or one above.
    """
    if issuer == addressee or not contains(issuer, addressee):
        raise NotAbove


def require_due(due_on: date, *, today: date) -> None:
    """The time given has not passed.

    Source: S6.

    Raises:
        DueInThePast: it has.
    """
    if due_on < today:
        raise DueInThePast


def dispatch_of(state: OrderState, *, demanded_on: date | None = None) -> DispatchOrder:
    """How a version of an order goes down to the division addressed.

    Only what demands something has a day to be signed for by, and only a day that lies ahead: a notice of the end, of
    a refusal or a reminder would otherwise be overdue before anybody could read it.

    Source: S6; architecture.md §5.

    Args:
        demanded_on: the Beijing day of a new demand; None: the version demands nothing new.
    """
    is_ahead = demanded_on is not None and state.due_on is not None and state.due_on >= demanded_on
    return DispatchOrder(
        title=state.title,
        to=(state.to_division,),
        down_to=level_of(state.to_division),
        sign_by=state.due_on if is_ahead else None,
    )


def acknowledged(state: OrderState, *, by: str, at: datetime) -> dict[str, Any]:
    """The division addressed has taken note.

    Source: S6.

    Raises:
        OrderNotInState: it has before, or the order is over.
    """
    _require(state, "issued")
    return {"status": "acknowledged", "acknowledged_by": by, "acknowledged_at": at, "dispatch": None}


def answered(
    state: OrderState, *, by: str, at: datetime, text: str, evidence: tuple[EvidenceState, ...]
) -> dict[str, Any]:
    """The division addressed says what it has done, with proof; who answers has taken note.

    Source: S6.

    Raises:
        OrderNotInState: an answer is under review, or the order is over.
        EvidenceMissing: nothing proves it.
    """
    _require(state, *WAITING)
    if not evidence:
        raise EvidenceMissing
    return {
        "status": "answered",
        "answers": (*state.answers, OrderAnswerState(text=text, evidence=evidence, by=by, at=at)),
        "acknowledged_by": state.acknowledged_by or by,
        "acknowledged_at": state.acknowledged_at or at,
        "dispatch": None,
    }


def returned(state: OrderState, *, by: str, at: datetime, missing: str) -> dict[str, Any]:
    """The issuer says what is still missing; the time goes on as it was.

    Source: S6.

    Raises:
        OrderNotInState: there is no answer under review.
    """
    _require(state, "answered")
    returns = (*state.returns, OrderReturnState(missing=missing, by=by, at=at))
    return {"status": "returned", "returns": returns, "dispatch": dispatch_of(state, demanded_on=beijing_day(at))}


def closed(state: OrderState, *, by: str, at: datetime, remark: str) -> dict[str, Any]:
    """The issuer accepts the answer; in time is what was answered in time, however long the review took.

    Source: S6.

    Raises:
        OrderNotInState: there is no answer under review.
    """
    _require(state, "answered")
    assert state.due_on is not None, "an open order has a day"  # noqa: S101
    return {
        "status": "closed",
        "closed_by": by,
        "closed_at": at,
        "closing_remark": remark,
        "closed_on_time": beijing_day(state.answers[-1].at) <= state.due_on,
        "due_on": None,
        "dispatch": dispatch_of(state),
    }


def extension_asked(state: OrderState, *, by: str, at: datetime, due_on: date, reason: str) -> dict[str, Any]:
    """The division addressed asks for more time; nothing changes before the issuer decides.

    Source: S6.

    Raises:
        OrderNotInState: there is nothing to do for it.
        ExtensionPending: a request waits.
        ExtensionNotLater: not later than the day that holds, or already over.
    """
    _require(state, *WAITING)
    assert state.due_on is not None, "an open order has a day"  # noqa: S101
    if pending_extension(state) is not None:
        raise ExtensionPending
    _require_later(due_on, state.due_on, beijing_day(at))
    asked = OrderExtensionState(due_on=due_on, previous_due_on=state.due_on, reason=reason, asked_by=by, asked_at=at)
    return {"extensions": (*state.extensions, asked), "dispatch": None}


def extension_decided(state: OrderState, *, by: str, at: datetime, approves: bool, reason: str) -> dict[str, Any]:
    """The issuer gives more time, or does not.

    Source: S6.

    Raises:
        OrderNotInState: the order is answered or over.
        NoExtensionPending: nobody has asked.
        ExtensionNotLater: the day asked for has passed meanwhile.
    """
    _require(state, *WAITING)
    asked = pending_extension(state)
    if asked is None:
        raise NoExtensionPending
    assert state.due_on is not None, "an open order has a day"  # noqa: S101
    if approves:
        _require_later(asked.due_on, state.due_on, beijing_day(at))
    decision = {
        "decision": "approved" if approves else "refused",
        "decided_by": by,
        "decided_at": at,
        "decision_reason": reason,
    }
    decided = asked.model_copy(update=decision)
    changes: dict[str, Any] = {
        "extensions": (*state.extensions[:-1], decided),
        "due_on": asked.due_on if approves else state.due_on,
    }
    demanded_on = beijing_day(at) if approves else None
    return {**changes, "dispatch": dispatch_of(state.model_copy(update=changes), demanded_on=demanded_on)}


def withdrawn(state: OrderState, *, by: str, at: datetime, reason: str) -> dict[str, Any]:
    """The issuer takes the order back; it stays readable, with the reason.

    Source: S6.

    Raises:
        OrderNotInState: it is over.
    """
    _require(state, *OPEN)
    return {
        "status": "withdrawn",
        "withdrawn_by": by,
        "withdrawn_at": at,
        "withdrawal_reason": reason,
        "due_on": None,
        "dispatch": dispatch_of(state),
    }


def pending_extension(state: OrderState) -> OrderExtensionState | None:
    """The request for more time that waits for a decision.

    Source: S6.
    """
    last = state.extensions[-1] if state.extensions else None
    return last if last is not None and last.decision == "pending" else None


def is_overdue(state: OrderState, *, on: date) -> bool:
    """Whether the division addressed is late on a day; an answer under review is late only if it came late.

    Source: S6.
    """
    if state.status not in OPEN or state.due_on is None:
        return False
    if state.status == "answered":
        return beijing_day(state.answers[-1].at) > state.due_on
    return on > state.due_on


def last_due_on(state: OrderState) -> date:
    """The last day that the division addressed had or has, also of an order that is over.

    Source: S6.
    """
    given = [one.due_on for one in state.extensions if one.decision == "approved"]
    return state.due_on or (given[-1] if given else state.first_due_on)


def is_judged(state: OrderState, *, on: date) -> bool:
    """Whether it says something about the division addressed: closed, or open with its day over; not withdrawn.

    Source: S6, O4.3g.
    """
    return state.status == "closed" or (state.status in OPEN and last_due_on(state) < on)


def is_in_time(state: OrderState, *, on: date) -> bool:
    """Whether the division addressed acted in time: the answer that was accepted, or the one under review, was.

    Source: S6, O4.3g.
    """
    return bool(state.closed_on_time) if state.status == "closed" else not is_overdue(state, on=on)


def reminder_due(state: OrderState, *, on: date, days_before: int) -> OrderReminderKind | None:
    """Which reminder is due on a day: shortly before the end and after it, each once for a due day.

    Source: S6.
    """
    if state.status not in WAITING or state.due_on is None:
        return None
    left = (state.due_on - on).days
    kind: OrderReminderKind
    if left < 0:
        kind = "overdue"
    elif left <= days_before:
        kind = "due_soon"
    else:
        return None
    sent = {(one.kind, one.due_on) for one in state.reminders}
    return None if (kind, state.due_on) in sent else kind


def reminded(state: OrderState, *, kind: OrderReminderKind, at: datetime) -> dict[str, Any]:
    """A reminder goes down the levels as the order did.

    Source: S6.
    """
    assert state.due_on is not None, "only what has a day is reminded of"  # noqa: S101
    reminder = OrderReminderState(kind=kind, due_on=state.due_on, at=at)
    return {"reminders": (*state.reminders, reminder), "dispatch": dispatch_of(state)}


def add_up(rows: Iterable[tuple[str, OrderStatus, bool, bool, int]]) -> OrderCounts:
    """Counts of rows of (division, status, overdue, closed late, count).

    Source: S6.
    """
    by_status: dict[OrderStatus, int] = dict.fromkeys(STATUS_LABELS, 0)
    overdue = late = 0
    for _, status, is_late, was_late, count in rows:
        by_status[status] += count
        overdue += count if is_late else 0
        late += count if was_late else 0
    return OrderCounts(by_status, overdue, late)


def child_of(root: str, division: str) -> str:
    """The division directly below a root that another one lies in; the root itself for what is its own.

    Source: S6.
    """
    here = division
    while here != root:
        above = parent_of(here)
        if above is None or above == root:
            return here
        here = above
    return root


def _require(state: OrderState, *statuses: OrderStatus) -> None:
    if state.status not in statuses:
        raise OrderNotInState(status=state.status)


def _require_later(due_on: date, previous: date, today: date) -> None:
    if due_on <= previous or due_on < today:
        raise ExtensionNotLater(due_on=previous.isoformat())
