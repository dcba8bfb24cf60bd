"""A new calendar moves due dates: every open case is counted again, and what moved is told."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.cases.domain import Case, event_of, timed
from casework.cases.domain.case import following
from casework.cases.repository import CaseStates
from casework.cases.service.roles import system_entry
from casework.clock.domain import Calendar
from common.clock import now
from common.contracts.casework import CASE_TOPIC
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose last day is another one now."""

    case_id: UUID
    case_number: str
    due_before: date | None
    due_after: date | None
    statutory_before: date | None
    statutory_after: date | None


async def recalculate_due_dates(
    uow: UnitOfWork, calendar: Calendar, *, after: UUID | None, limit: int
) -> tuple[list[Moved], UUID | None]:
    """Counts the next open cases again by a calendar, in the order of their ids.

    Source: O4.3c.

    Args:
        after: the last case that was counted before.

    Returns:
        What moved, and the last case that was counted; None when none was left.

    Events: casework.case.changed.v1 for each that moved, or whose day became official.
    Locks: the rows of this batch.
    """
    cases, at = CaseStates(uow.conn), now()
    batch = await cases.lock_open(after=after, limit=limit)
    moved: list[Moved] = []
    for case in batch:
        counted = timed(case, calendar=calendar)
        if _days(counted) == _days(case) and counted.is_due_provisional == case.is_due_provisional:
            continue
        changed = timed(following(case, at=max(at, case.changed_at)), calendar=calendar)
        event = event_of(changed, before=case.status, traceparent=None)
        await cases.change_as_system(changed, audit=system_entry("recalculate", case), topic=CASE_TOPIC, event=event)
        if _days(counted) != _days(case):
            moved.append(
                Moved(
                    case.id, case.case_number, case.due_on, changed.due_on,
                    case.statutory_due_on, changed.statutory_due_on,
                )
            )  # fmt: skip
    if batch:
        uow.wake_relay()
    return moved, batch[-1].id if batch else None


def _days(case: Case) -> tuple[date | None, ...]:
    return case.due_on, case.statutory_due_on, case.step_due_on
