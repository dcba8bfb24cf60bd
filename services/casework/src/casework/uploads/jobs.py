"""The sweeps of uploads, in the worker."""

import structlog

from casework.settings import CaseworkSettings
from casework.uploads.errors import StoreForeign, SweepRefused
from casework.uploads.service import Tolerance, remove_forgotten, report_lost, sweep_store
from casework.uploads.stores import NoStore, open_store
from common.process import Context, Job, repeated

FORGOTTEN_EVERY_SECONDS = 3_600.0
STORE_EVERY_SECONDS = 86_400.0
log = structlog.get_logger(__name__)


def forgotten_job(context: Context, *, every_seconds: float = FORGOTTEN_EVERY_SECONDS) -> Job:
    """Removes what was handed in and never used."""
    settings = context.settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service

    async def work() -> bool:
        async with context.uow() as uow:
            return await remove_forgotten(uow, older_than_days=settings.uploads_orphan_days) > 0

    return repeated("uploads_forgotten", work, every_seconds=every_seconds)


def store_job(context: Context, *, every_seconds: float = STORE_EVERY_SECONDS) -> Job:
    """Compares store and books, both ways."""
    settings = context.settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service
    store = open_store(settings)

    async def work() -> bool:
        if isinstance(store, NoStore):
            return False
        tolerance = Tolerance(settings.uploads_sweep_max_percent)
        try:
            gone = await sweep_store(context.db, store, tolerance)
            lost = await report_lost(context.uow, context.db, store, tolerance)
        except (StoreForeign, SweepRefused) as refused:
            log.error("uploads_sweep_refused", code=refused.code, **refused.facts)  # noqa: TRY400 - its code tells all
            return False
        if gone or lost:
            log.warning("uploads_swept", removed=gone, lost=lost)
        return False

    return repeated("uploads_store", work, every_seconds=every_seconds)
