"""What happens to cases without anybody's act: silence accepts them."""

from casework.cases.service import deem_silent_cases
from common.process import Context, Job, repeated
from common.uow import UnitOfWorkFactory

BATCH = 200
INTERVAL_S = 60.0


async def accept_all_silent(units: UnitOfWorkFactory, *, batch: int = BATCH) -> int:
    """Goes through all of them, batch by batch, a transaction each; returns how many the law has accepted.

    Source: O4.3c; standards.md §6.
    """
    accepted, after = 0, None
    while True:
        async with units() as uow:
            done = await deem_silent_cases(uow, limit=batch, after=after)
        accepted, after = accepted + done.accepted, done.after
        if after is None:
            return accepted


def accept_silent(context: Context) -> Job:
    """Accepts what the law has accepted; several workers share the work. Source: O4.3c; standards.md §6."""

    async def once() -> bool:
        await accept_all_silent(context.uow)
        return False

    return repeated("accept_silent_cases", once, every_seconds=INTERVAL_S)
