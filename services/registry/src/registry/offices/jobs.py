"""The job that reads names which nobody has read yet, so that old offices are found by pinyin too."""

from common.process import Context, Job, repeated
from registry.offices.service import fill_search_terms

EVERY_SECONDS = 60.0
PAGE = 500


def reading_job(context: Context) -> Job:
    """Fills the search terms of offices that have none: after an upgrade all of them, later a few."""

    async def read() -> bool:
        async with context.uow() as uow:
            return await fill_search_terms(uow, limit=PAGE) == PAGE

    return repeated("office_reading", read, every_seconds=EVERY_SECONDS)
