"""Work over many cases: what fails with one of them fails for that one."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import structlog

from common.db import is_passing
from common.telemetry import metrics
from common.uow import UnitOfWork

T = TypeVar("T")
log = structlog.get_logger(__name__)
_SERVICE = "casework"


async def apart(uow: UnitOfWork, job: str, record_id: UUID, work: Callable[[], Awaitable[T]]) -> T | None:
    """Does the work on one of many in a savepoint; a failure is told, counted, and holds up no other.

    What is wrong with the database and not with the one is the whole batch's: it is taken up again later.

    Source: O4.3c.

    Returns:
        What the work gives; None if it failed, and nothing of it was written then.
    """
    try:
        async with uow.conn.transaction():
            return await work()
    except Exception as error:
        if is_passing(error):
            raise
        metrics.BATCH_FAILURES.labels(_SERVICE, job).inc()
        log.error("batch_one_failed", job=job, id=str(record_id), error=type(error).__name__)  # noqa: TRY400
        return None
