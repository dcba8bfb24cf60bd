"""What happens to periods without anybody's act: scheduled ones open, closed ones are locked, the late are reminded."""

from common.process import Context, Job, repeated
from reporting.reports.service import list_unlocked, lock_page, open_scheduled, send_reminders

PAGE = 200
EVERY_SECONDS = 60.0


def periods_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Opens the periods of schedules whose cycle has ended; several workers share the work."""

    async def work() -> bool:
        async with context.uow() as uow:
            await open_scheduled(uow)
        return False

    return repeated("report_periods", work, every_seconds=every_seconds)


def locks_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Locks what is approved in closed periods, page by page."""

    async def work() -> bool:
        async with context.uow() as uow:
            unlocked = await list_unlocked(uow.conn)
        locked = 0
        for period_id in unlocked:
            async with context.uow() as uow:
                locked += await lock_page(uow, period_id, limit=PAGE)
        return locked > 0

    return repeated("report_locks", work, every_seconds=every_seconds)


def reminders_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Reminds who has not reported: before the day, on it, after it, each once."""

    async def work() -> bool:
        async with context.uow() as uow:
            return await send_reminders(uow, limit=PAGE) == PAGE

    return repeated("report_reminders", work, every_seconds=every_seconds)
