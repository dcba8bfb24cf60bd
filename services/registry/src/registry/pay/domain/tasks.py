"""Tasks: cases that stations have closed, and what the town's office decides about them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from common.auth import Actor
from common.contracts.casework import CaseState
from common.contracts.registry.people import StaffMemberState
from common.divisions import Level
from common.policy import ParameterNotInForce, parameter
from registry.offices.domain import require_leader
from registry.pay.errors import AssigneeRefused, PayNotOwn, QualityNeedsReason, TaskDecided, TaskPaid
from registry.staff.domain import is_held

NOT_DONE = frozenset({"voided", "deleted"})
"""Closing results that say there was no case: nothing was done that could be paid."""


class TaskStatus(StrEnum):
    """Where a task stands; whether it is paid is told by the run that paid it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


TASK_STATUS_LABELS: Mapping[TaskStatus, str] = {
    TaskStatus.OPEN: "待认定",
    TaskStatus.ACCEPTED: "已认定",
    TaskStatus.REJECTED: "不予认定",
    TaskStatus.WITHDRAWN: "办件已更正，不再计酬",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One case that a station has closed, as a claim to pay.

    Attributes:
        closed_on: Beijing day.
        handler: account of who closed the case.
        staff_member_id: the post that is paid for it; None belongs to the station until somebody is assigned.
        pay_run_id, rate_fen: the run that has paid it, and at which rate; None while unpaid.
    """

    case_id: UUID
    version: int
    office_id: UUID
    division: str
    item_code: str
    duty: str
    closed_at: datetime
    closed_on: date
    handler: str | None
    staff_member_id: UUID | None
    status: TaskStatus
    quality_permille: int | None
    decision_reason: str | None
    decided_at: datetime | None
    pay_run_id: UUID | None = None
    rate_fen: int | None = None


def is_claim(case: CaseState) -> bool:
    """True if the case, as it stands, is a task that a station has done.

    Source: O1.4f.
    """
    return case.status == "closed" and case.closing_result not in NOT_DONE


def handler_of(posts: Iterable[StaffMemberState], *, account: str | None, office_id: UUID, on: date) -> UUID | None:
    """The one post of the office under which the account worked on a day; None if there is none, or more than one.

    Source: O1.4f.
    """
    if account is None:
        return None
    found = [p.id for p in posts if p.account == account and p.office_id == office_id and is_held(p, on)]
    return found[0] if len(found) == 1 else None


def require_payer(actor: Actor, *, leadership_division: str, division: str, level: Level) -> None:
    """Tasks are accepted, assigned and paid by who leads the station, but never by the station itself.

    Source: O1.3a, O1.3c, O1.4f.

    Raises:
        RoleRequired, OutOfScope: the actor does not lead the office.
        PayNotOwn: the actor belongs to the station.
    """
    require_leader(actor, leadership_division=leadership_division, level=level)
    if level is Level.VILLAGE and actor.division == division:
        raise PayNotOwn


def require_decidable(task: Task, *wanted: TaskStatus) -> None:
    """A task is decided in one of the wanted states, and never once it is paid.

    Source: O1.4f.

    Raises:
        TaskPaid: it is paid.
        TaskDecided: it is in another state.
    """
    if task.pay_run_id is not None:
        raise TaskPaid(pay_run_id=str(task.pay_run_id))
    if task.status not in wanted:
        raise TaskDecided(status=task.status.value, allowed=[status.value for status in wanted])


def require_quality(quality_permille: int, *, reason: str | None, on: date) -> None:
    """Outside the usual bounds a quality factor needs a reason; before there was a rule, nothing is usual.

    Source: O1.4f.

    Args:
        quality_permille: 1000 is as expected.
        on: day of the task.

    Raises:
        QualityNeedsReason: the answer tells the bounds.
    """
    try:
        low = parameter("pay_quality_min", on=on).number
        high = parameter("pay_quality_max", on=on).number
    except ParameterNotInForce:
        return
    if not low <= quality_permille <= high and not reason:
        raise QualityNeedsReason(f"质量系数通常在{low}‰至{high}‰之间", low=low, high=high)


def require_assignee(versions: Sequence[StaffMemberState], *, office_id: UUID, on: date) -> None:
    """The post was at the station of the task, and held on the day on which the task was closed.

    Source: O1.4f.

    Args:
        versions: every state of the post, the first one first.

    Raises:
        AssigneeRefused: it was not.
    """
    was_here = any(version.office_id == office_id for version in versions)
    if not was_here or not is_held(versions[-1], on):
        raise AssigneeRefused(on=on.isoformat())
