"""A new calendar moves due dates: every open case is counted again, and what moved is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from casework.cases.domain import Case, event_of, timed
from casework.cases.domain.case import following
from casework.cases.repository import CaseStates, LockedCase
from casework.cases.service.apart import apart
from casework.cases.service.roles import system_entry
from casework.clock.domain import Calendar
from common.clock import now
from common.contracts.casework import CASE_TOPIC
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Moved:
    """What a calendar made of a case's days; the same before and after if it moved nothing."""

    case_id: UUID
    case_number: str
    due_before: date | None
    due_after: date | None
    statutory_before: date | None
    statutory_after: date | None


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A case that could not be counted: it stays as it was."""

    case_id: UUID
    case_number: str | None


@dataclass(frozen=True, slots=True)
class Recounted:
    """What became of a batch.

    Attributes:
        last: the last case that was looked at; None means that none is left.
        moved: of those that could be counted.
        failed: those that could not; each is told in the log.
    """

    last: UUID | None
    moved: list[Moved]
    failed: list[Uncounted]


async def recalculate_due_dates(uow: UnitOfWork, calendar: Calendar, *, after: UUID | None, limit: int) -> Recounted:
    """Counts the next open cases again by a calendar, in the order of their ids.

    Source: O4.3c.

    Args:
        after: the last case that was counted before.

    Events: casework.case.changed.v1 for each that moved, or whose day became official.
    Locks: the rows of this batch.
    """
    return await _recount_all(uow, calendar, await CaseStates(uow.conn).lock_open(after=after, limit=limit))


async def recalculate_cases(uow: UnitOfWork, calendar: Calendar, case_ids: Collection[UUID]) -> Recounted:
    """Counts some cases again, as far as they are still open.

    Source: O4.3c.

    Events: casework.case.changed.v1 for each that moved, or whose day became official.
    Locks: their rows.
    """
    return await _recount_all(uow, calendar, await CaseStates(uow.conn).lock_open_of(case_ids))


async def _recount_all(uow: UnitOfWork, calendar: Calendar, batch: Sequence[LockedCase]) -> Recounted:
    at, cases, job = now(), CaseStates(uow.conn), "holiday_recalculation"
    moved, failed = [], []
    for one in batch:
        found = await apart(uow, job, one.id, partial(_recount, cases, one, calendar, at))
        if found is None:
            failed.append(Uncounted(one.id, one.row["case_number"]))
        else:
            moved.append(found)
    if moved:
        uow.wake_relay()
    return Recounted(batch[-1].id if batch else None, moved, failed)


async def _recount(cases: CaseStates, locked: LockedCase, calendar: Calendar, at: datetime) -> Moved:
    case = locked.read()
    changed = timed(following(case, at=max(at, case.changed_at)), calendar=calendar)
    if _days(changed) != _days(case):
        event = event_of(changed, before=case.status, traceparent=None)
        audit = system_entry("recalculate", case)
        await cases.change_as_system(changed, audit=audit, topic=CASE_TOPIC, event=event)
    return Moved(
        case.id, case.case_number, case.due_on, changed.due_on, case.statutory_due_on, changed.statutory_due_on
    )


def _days(case: Case) -> tuple[object, ...]:
    return case.due_on, case.statutory_due_on, case.step_due_on, case.is_due_provisional
