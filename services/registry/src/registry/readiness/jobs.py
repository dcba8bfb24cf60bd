"""Keeping readiness up to date: after every change, and at the turn of the day."""

import asyncio
import contextlib
from datetime import date

import structlog

from common.clock import today
from common.errors import Unavailable
from common.process import Context
from registry.history.service import take_changed_offices
from registry.readiness.service import mark_all_judged, refresh_changed

PAGE = 20
IDLE_SECONDS = 1.0
BUSY_SECONDS = 5.0
log = structlog.get_logger(__name__)


async def keep_readiness(context: Context, stop: asyncio.Event) -> None:
    """Works out what changed until told to stop; several workers share the work (SKIP LOCKED).

    An office that cannot be worked out is told in the log and left until its next change; it holds up nobody else.
    """
    judged_on: date | None = None
    page = PAGE
    while not stop.is_set():
        pause = IDLE_SECONDS
        try:
            if judged_on != today():
                async with context.uow() as uow:
                    await mark_all_judged(uow)
                judged_on = today()
            async with context.uow() as uow:
                if await refresh_changed(uow, limit=page) == page:
                    pause = 0.0
            page = PAGE
        except (Unavailable, OSError) as error:
            log.warning("readiness_waits", error=type(error).__name__)
            pause = BUSY_SECONDS
        except Exception:
            if page == 1:
                log.exception("readiness_failed", office_ids=await _set_aside(context))
            page, pause = (1, 0.0) if page > 1 else (PAGE, IDLE_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _set_aside(context: Context) -> list[str]:
    async with context.uow() as uow:
        return [str(office_id) for office_id in await take_changed_offices(uow, limit=1)]
