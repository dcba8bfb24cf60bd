"""What casework does in the background: keeps its directory of places and offices, forgets old idempotency keys."""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog

from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.directory import DIRECTORY_TYPES, apply_directory, directory_topics
from common.errors import Unavailable
from common.http import purge_idempotency_keys
from common.process import Context, Job

DIRECTORY_GROUP = "casework-directory"
PURGE_EVERY_SECONDS = 600.0
log = structlog.get_logger(__name__)


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    return (
        ConsumerRunner(
            context.bus,
            context.db,
            service=context.name,
            group=DIRECTORY_GROUP,
            topics=directory_topics(),
            handler=apply_directory,
            accepts=contracts_of(DIRECTORY_TYPES),
            wake=context.wake,
        ),
    )


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""

    async def purge(stop: asyncio.Event) -> None:
        await purge_keys(context, stop)

    return (purge,)


async def purge_keys(context: Context, stop: asyncio.Event, *, every_seconds: float = PURGE_EVERY_SECONDS) -> None:
    """Forgets idempotency keys older than a week, until told to stop; a database that is away is tried again."""
    while not stop.is_set():
        try:
            async with context.db.autocommit() as conn:
                while await purge_idempotency_keys(conn) > 0:
                    pass
        except (Unavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("purge_waits", error_type=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), every_seconds)
        except TimeoutError:
            continue
