"""The loop that reads names which nobody has read yet, so that old offices are found by pinyin too."""

import asyncio
import contextlib

import structlog

from common.errors import Unavailable
from common.process import Context, Job
from common.uow import UnitOfWorkFactory
from registry.offices.service import fill_search_terms

EVERY_SECONDS = 60.0
PAGE = 500
log = structlog.get_logger(__name__)


def reading_job(context: Context) -> Job:
    """Fills the search terms of offices that have none: after an upgrade all of them, later a few."""

    async def read(stop: asyncio.Event) -> None:
        units = UnitOfWorkFactory(context.db)
        while not stop.is_set():
            try:
                while not stop.is_set() and await _fill_page(units) == PAGE:
                    pass
            except (Unavailable, OSError) as error:
                log.warning("office_reading_waits", error=type(error).__name__)
            except Exception:
                log.exception("office_reading_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)

    return read


async def _fill_page(units: UnitOfWorkFactory) -> int:
    async with units() as uow:
        return await fill_search_terms(uow, limit=PAGE)
