"""Use cases of notices: importing one, and bringing every open case to the calendar that it made."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.calendar.service import adopt_plan, current_calendar, hold_calendar, statutory_holidays
from casework.cases.service import Moved, recalculate_cases, recalculate_due_dates
from casework.cases.service import Uncounted as Failed
from casework.clock.domain import Calendar
from casework.notices.domain import Notice, check_notice, plan_of
from casework.notices.errors import NothingToCorrect, NoticeDiffers, RecalculationRunning
from casework.notices.repository import Change, Notices, Progress, Uncounted
from common.auth import Actor, OutOfScope, Role, require_role, require_scope
from common.clock import now, today
from common.contracts.casework.calendars import HolidayNoticeState
from common.divisions import Level
from common.ids import uuid7
from common.policy import parameter
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork, UnitOfWorkFactory

__all__ = ["Change", "Uncounted"]

BATCH = 500
SETTLE_SECONDS = 120.0
"""Longer than a transaction lives: after it, no case is left that was being changed by the calendar of before."""
LAST_ROUND = 2
AGAIN_AFTER = timedelta(hours=1)
"""When a case that could not be counted is tried again."""
READERS = (Role.ADMINISTRATOR, Role.BUREAU_SUPERVISOR, Role.AUDITOR)


async def import_notice(uow: UnitOfWork, notice: Notice, *, is_correction: bool) -> tuple[HolidayNoticeState, bool]:
    """Makes the calendar of a notice; the worker then brings every open case to it.

    Source: O4.3c; standards.md §10.

    Args:
        is_correction: the same document was told with other days, by mistake.

    Returns:
        The notice, and whether it is new: the same document with the same days changes nothing.

    Raises:
        RoleRequired, OutOfScope: only administrators of the province tell holidays.
        NoticeDiffers, NothingToCorrect: a correction that does not say so, or that corrects nothing.
        RecalculationRunning: cases are still brought to the notice before.
        NoticeRejected: it cannot be; see `check_notice`.
        CalendarMissing: no calendar is stored.

    Events: casework.holiday-notice.changed.v1.

    Locks: against other notices, until the transaction ends.
    """
    actor = _require_province(uow.actor)
    await hold_calendar(uow.conn)
    told = await list_records(
        uow.session, HolidayNoticeState, Wanted(equal=(("year", notice.year), ("document", notice.document)))
    )
    earlier = told[-1] if told else None
    if earlier is not None and _says(earlier) == _says(notice):
        return earlier, False
    if earlier is not None and not is_correction:
        raise NoticeDiffers(notice_id=str(earlier.id))
    if earlier is None and is_correction:
        raise NothingToCorrect
    notices = Notices(uow.conn)
    if await notices.is_any_unfinished():
        raise RecalculationRunning
    first_day = date(notice.year, 1, 1)
    days = parameter("statutory_holiday_days", on=first_day).value
    assert isinstance(days, int), "a number of days"  # noqa: S101
    check_notice(notice, statutory=statutory_holidays(notice.year), statutory_days=days, today=today())
    note = notice.note or "按通知载入。"
    calendar = await adopt_plan(uow.conn, plan_of(notice), note=note, mark="V")
    state = _state(notice, actor, calendar, corrects=None if earlier is None else earlier.id)
    await store_record(uow, state, previous=None, action="casework.holiday-notice.import")
    await notices.begin(state.id, at=state.changed_at)
    return state, True


async def list_notices(session: AsyncSession, *, after: UUID | None, limit: int) -> list[HolidayNoticeState]:
    """Every notice that was told, the oldest first. Source: O4.3e."""
    return await list_records(session, HolidayNoticeState, Wanted(), after=after, limit=limit)


async def get_notice(session: AsyncSession, notice_id: UUID) -> HolidayNoticeState:
    """One notice. Source: O4.3e.

    Raises:
        RecordNotFound: there is none.
    """
    return await get_record(session, HolidayNoticeState, notice_id)


async def list_changes(uow: UnitOfWork, notice_id: UUID, *, after: UUID | None, limit: int) -> list[Change]:
    """The cases whose due date a notice moved; while it is still at it, those so far.

    Source: O4.3c.

    Raises:
        RoleRequired, OutOfScope: it is a list of the whole province.
        RecordNotFound: there is no such notice.
    """
    await _require_reader(uow, notice_id)
    return await Notices(uow.conn).page_changes(notice_id, after=after, limit=limit)


async def list_uncounted(uow: UnitOfWork, notice_id: UUID, *, after: UUID | None, limit: int) -> list[Uncounted]:
    """The cases that could not be brought to a notice: their due date is still that of the old calendar.

    Source: O4.3c.

    Raises:
        RoleRequired, OutOfScope: it is a list of the whole province.
        RecordNotFound: there is no such notice.
    """
    await _require_reader(uow, notice_id)
    return await Notices(uow.conn).page_uncounted(notice_id, after=after, limit=limit)


async def _require_reader(uow: UnitOfWork, notice_id: UUID) -> None:
    assert uow.actor is not None, "a list for somebody"  # noqa: S101
    require_role(uow.actor, *READERS)
    notice = await get_record(uow.session, HolidayNoticeState, notice_id)
    require_scope(uow.actor, notice.division)


async def recalculate_batch(
    units: UnitOfWorkFactory, *, batch: int = BATCH, settle_seconds: float = SETTLE_SECONDS
) -> bool:
    """One batch of the recalculation that a notice asked for: cases, list and progress in one transaction.

    A case that cannot be counted stays as it was; it is kept with the notice, which tells of it, and `retry_uncounted`
    tries it again. Whatever stops the batch, the next call goes on where the last committed batch ended. All open cases
    are gone through twice: the second time, once every transaction of before has ended, finds those that were being
    changed by the old calendar when the new one came.

    Source: O4.3c.

    Returns:
        Whether there is more to do at once.

    Events: casework.case.changed.v1 for each case that moved; casework.holiday-notice.changed.v1 at the end.

    Locks: the recalculation; another process passes it by.
    """
    async with units() as uow:
        notices = Notices(uow.conn)
        progress = await notices.hold_unfinished()
        if progress is None:
            return False
        if progress.round == LAST_ROUND and now() < progress.started_at + timedelta(seconds=settle_seconds):
            return False
        calendar = await current_calendar(uow.conn)
        counted = await recalculate_due_dates(uow, calendar, after=progress.after, limit=batch)
        if counted.last is not None:
            await _keep(notices, progress.notice_id, counted.moved, counted.failed)
            await notices.go_on(progress, after=counted.last)
        elif progress.round < LAST_ROUND:
            await notices.begin_round(progress, progress.round + 1)
        else:
            await _finish(uow, notices, progress)
            return False
    return True


async def _finish(uow: UnitOfWork, notices: Notices, progress: Progress) -> None:
    await notices.finish(progress, at=now())
    held = await hold_record(uow.session, HolidayNoticeState, progress.notice_id, expected_version=None)
    done = next_state(held, status="done", finished_at=now(), **await _counts(notices, held.id))
    await store_record(uow, done, previous=held, action="casework.holiday-notice.finish")


async def retry_uncounted(units: UnitOfWorkFactory, *, batch: int = BATCH) -> bool:
    """Counts cases again that could not be counted when their notice came; the notice tells what is left.

    Source: O4.3c.

    Returns:
        Whether there is more to do at once.

    Events: casework.case.changed.v1 for each case that moved; casework.holiday-notice.changed.v1 if the numbers did.

    Locks: what is tried again; another process passes it by.
    """
    async with units() as uow:
        notices = Notices(uow.conn)
        if await notices.is_any_unfinished():
            return False
        waiting = await notices.hold_uncounted(at=now(), limit=batch)
        if waiting is None:
            return False
        notice_id, case_ids = waiting
        counted = await recalculate_cases(uow, await current_calendar(uow.conn), case_ids)
        await notices.drop_uncounted(notice_id, case_ids)
        await _keep(notices, notice_id, counted.moved, counted.failed)
        held = await hold_record(uow.session, HolidayNoticeState, notice_id, expected_version=None)
        told = next_state(held, **await _counts(notices, notice_id))
        if (told.changed_cases, told.failed_cases) != (held.changed_cases, held.failed_cases):
            await store_record(uow, told, previous=held, action="casework.holiday-notice.retry")
    return True


async def _keep(notices: Notices, notice_id: UUID, moved: Sequence[Moved], failed: Sequence[Failed]) -> None:
    """The list of changes, and of what could not be counted: a case is in the second until it can."""
    again_at = now() + AGAIN_AFTER
    await notices.add_changes(notice_id, _changes(moved))
    await notices.drop_uncounted(notice_id, [one.case_id for one in moved])
    await notices.add_uncounted(notice_id, [Uncounted(one.case_id, one.case_number, again_at) for one in failed])


async def _counts(notices: Notices, notice_id: UUID) -> dict[str, int]:
    return {
        "changed_cases": await notices.count_changes(notice_id),
        "failed_cases": await notices.count_uncounted(notice_id),
    }


def _changes(looked_at: Sequence[Moved]) -> list[Change]:
    return [
        Change(
            one.case_id,
            one.case_number,
            one.due_before,
            one.due_after,
            one.statutory_before,
            one.statutory_after,
        )
        for one in looked_at
        if (one.due_before, one.statutory_before) != (one.due_after, one.statutory_after)
    ]


def _require_province(actor: Actor | None) -> Actor:
    assert actor is not None, "somebody tells a notice"  # noqa: S101
    require_role(actor, Role.ADMINISTRATOR)
    if actor.level is not Level.PROVINCE:
        raise OutOfScope
    return actor


def _says(notice: Notice | HolidayNoticeState) -> tuple[object, ...]:
    """What makes two tellings of a document the same, in whatever order its days were told."""
    spans = sorted((span.from_on, span.to_on, span.name) for span in notice.holidays)
    worked = sorted((one.day, one.name) for one in notice.make_up_days)
    return notice.year, notice.document, notice.issued_on, spans, worked


def _state(notice: Notice, actor: Actor, calendar: Calendar, *, corrects: UUID | None) -> HolidayNoticeState:
    return HolidayNoticeState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=actor.level,
        changed_at=now(),
        year=notice.year,
        document=notice.document,
        title=notice.title,
        issued_on=notice.issued_on,
        holidays=notice.holidays,
        make_up_days=notice.make_up_days,
        note=notice.note,
        calendar_version=calendar.version,
        status="recalculating",
        corrects=corrects,
        by=actor.subject,
    )
