"""The loops of the way down: following the tree, and reminding."""

from collections.abc import Collection

from common.process import Context, Job, repeated
from sync.dispatches.service import Site, follow_moves, remind

FOLLOW_PAGE = 500
REMIND_PAGE = 1_000
FOLLOW_EVERY_SECONDS = 5.0
REMIND_EVERY_SECONDS = 60.0


def following_job(context: Context, site: Site, *, every_seconds: float = FOLLOW_EVERY_SECONDS) -> Job:
    """Gives what is in force to divisions that have appeared; several workers wait for one another."""

    async def work() -> bool:
        async with context.uow() as uow:
            uow.wake_relay()
            return await follow_moves(uow.conn, site, limit=FOLLOW_PAGE)

    return repeated("dispatch_following", work, every_seconds=every_seconds)


def reminding_job(
    context: Context, site: Site, days_before: Collection[int], *, every_seconds: float = REMIND_EVERY_SECONDS
) -> Job:
    """Reminds whoever has not signed; several workers share the work (SKIP LOCKED)."""

    async def work() -> bool:
        async with context.uow() as uow:
            uow.wake_relay()
            return await remind(uow.conn, site, days_before=days_before, limit=REMIND_PAGE)

    return repeated("dispatch_reminding", work, every_seconds=every_seconds)
