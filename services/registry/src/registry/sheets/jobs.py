"""Imports in the worker: taken one by one, and forgotten after some days."""

from common.process import Context, Job, repeated
from registry.sheets.service.imports import KEPT_DAYS, purge_imports
from registry.sheets.service.processing import LEASE_SECONDS, work_on_next

LOOK_EVERY_SECONDS = 1.0
PURGE_EVERY_SECONDS = 3600.0


def import_job(
    context: Context, *, every_seconds: float = LOOK_EVERY_SECONDS, lease_seconds: float = LEASE_SECONDS
) -> Job:
    """Works on imports, one at a time; what is under way when the process ends is begun anew by the next worker."""

    async def work() -> bool:
        return await work_on_next(context.db, context.uow, lease_seconds=lease_seconds)

    return repeated("sheet_imports", work, every_seconds=every_seconds)


def purge_job(context: Context, *, every_seconds: float = PURGE_EVERY_SECONDS) -> Job:
    """Forgets files that were imported some days ago."""

    async def work() -> bool:
        await purge_imports(context.db, older_than_days=KEPT_DAYS)
        return False

    return repeated("sheet_purge", work, every_seconds=every_seconds)
