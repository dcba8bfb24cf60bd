"""The job that keeps readiness up to date: after every change, and at the turn of the day."""

from datetime import date

import structlog

from common.clock import today
from common.errors import Unavailable
from common.process import Context, Job, repeated
from registry.history.service import take_changed_offices
from registry.readiness.service import mark_all_judged, refresh_changed

PAGE = 20
EVERY_SECONDS = 1.0
log = structlog.get_logger(__name__)


def readiness_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Works out what changed; several workers share the work (SKIP LOCKED)."""
    keeper = _Keeper(context)
    return repeated("readiness", keeper.work, every_seconds=every_seconds)


class _Keeper:
    """An office that cannot be worked out is told in the log and left until its next change; it holds up nobody."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._judged_on: date | None = None
        self._page = PAGE

    async def work(self) -> bool:
        if self._judged_on != today():
            async with self._context.uow() as uow:
                await mark_all_judged(uow)
            self._judged_on = today()
        try:
            async with self._context.uow() as uow:
                is_more = await refresh_changed(uow, limit=self._page) == self._page
        except (Unavailable, OSError):
            raise
        except Exception:
            if self._page == 1:
                log.exception("readiness_failed", office_ids=await self._set_aside())
            self._page = 1 if self._page > 1 else PAGE
            return True
        self._page = PAGE
        return is_more

    async def _set_aside(self) -> list[str]:
        async with self._context.uow() as uow:
            return [str(office_id) for office_id in await take_changed_offices(uow, limit=1)]
