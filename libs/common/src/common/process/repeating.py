"""Jobs that do a page of work again and again: at once while there is more, else after a pause."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from common.errors import Unavailable
from common.http import purge_idempotency_keys
from common.process.context import Context
from common.process.definition import Job

RETRY_SECONDS = 5.0
PURGE_EVERY_SECONDS = 600.0
PURGE_PAGE = 10_000
log = structlog.get_logger(__name__)


def repeated(
    name: str, work: Callable[[], Awaitable[bool]], *, every_seconds: float, retry_seconds: float = RETRY_SECONDS
) -> Job:
    """A job that ends with its process only: what is away is waited for, what fails is told and tried again.

    Args:
        name: of the job, snake_case, for the log.
        work: one page of work, a transaction of its own; True when there is more to do at once.
        every_seconds: pause when nothing is left.
    """

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            pause = retry_seconds
            try:
                pause = 0.0 if await work() else every_seconds
            except (Unavailable, OSError, asyncpg.InterfaceError) as error:
                log.warning("job_waits", job=name, error=type(error).__name__)
            except Exception:
                log.exception("job_failed", job=name)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    return run


def forget_old_keys(context: Context, *, every_seconds: float = PURGE_EVERY_SECONDS) -> Job:
    """The job of every service with creating requests: idempotency keys are forgotten after a week."""

    async def purge() -> bool:
        async with context.db.autocommit() as conn:
            return await purge_idempotency_keys(conn, limit=PURGE_PAGE) == PURGE_PAGE

    return repeated("idempotency_purge", purge, every_seconds=every_seconds)
