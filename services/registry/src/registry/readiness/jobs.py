"""The jobs that keep readiness up to date: after every change, and at the turn of the day."""

from datetime import date

from common.clock import today
from common.process import Context, Job, repeated
from registry.readiness.service import mark_all_judged, refresh_changed, refresh_waiting

PAGE = 20
EVERY_SECONDS = 1.0


def readiness_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Works out what changed; several workers share the work (SKIP LOCKED)."""
    marked_on: date | None = None

    async def work() -> bool:
        nonlocal marked_on
        day = today()
        if marked_on != day:
            async with context.uow() as uow:
                await mark_all_judged(uow, day=day)
            marked_on = day
        async with context.uow() as uow:
            return await refresh_changed(uow, limit=PAGE) == PAGE

    return repeated("readiness", work, every_seconds=every_seconds)


def waiting_job(context: Context, *, page: int, every_seconds: float = EVERY_SECONDS) -> Job:
    """Works out the offices that wait, a page at a time with a pause: after a first load, at the turn of a day."""

    async def work() -> bool:
        async with context.uow() as uow:
            await refresh_waiting(uow, limit=page)
        return False

    return repeated("readiness_waiting", work, every_seconds=every_seconds)
