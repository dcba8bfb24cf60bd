"""What the worker does for pay beside its consumers: looks through settled pay whenever something new is known."""

import asyncio
import contextlib

import structlog

from common.errors import PreconditionFailed, Unavailable
from common.process import Context, Job
from registry.pay.service import look_through

EVERY_SECONDS = 5.0
PAGE = 200
log = structlog.get_logger(__name__)


def checking_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """The loop that opens recoveries and takes tasks along with their offices."""

    async def check(stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                while await _check_page(context) > 0:
                    pass
            except (Unavailable, PreconditionFailed, OSError) as error:
                log.warning("pay_check_waits", error=type(error).__name__)
            except Exception:
                log.exception("pay_check_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_seconds)

    return check


async def _check_page(context: Context) -> int:
    async with context.uow() as uow:
        return await look_through(uow, limit=PAGE)
