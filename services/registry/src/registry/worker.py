"""What registry does beside its API: it consumes nothing; idempotency keys are forgotten after a week."""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from common.errors import Unavailable
from common.http import purge_idempotency_keys
from common.process import Context, Job
from registry.offices.jobs import reading_job

PURGE_EVERY_SECONDS = 3600.0
PURGE_PAGE = 10_000
log = structlog.get_logger(__name__)


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role; the audit sealer runs in every service's worker by itself."""

    async def purge(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with context.db.autocommit() as conn:
                    while await purge_idempotency_keys(conn, limit=PURGE_PAGE) == PURGE_PAGE:
                        pass
            except (Unavailable, OSError) as error:
                log.warning("idempotency_purge_waits", error=type(error).__name__)
            except Exception:
                log.exception("idempotency_purge_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PURGE_EVERY_SECONDS)

    return (purge, reading_job(context))
