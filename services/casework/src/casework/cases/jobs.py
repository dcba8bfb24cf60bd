"""What happens to cases without anybody's act: silence accepts them."""

from casework.cases.service import deem_silent_cases
from common.process import Context, Job, repeated

BATCH = 200
INTERVAL_S = 60.0


def accept_silent(context: Context) -> Job:
    """Accepts what the law has accepted; several workers share the work. Source: O4.3c; standards.md §6."""

    async def once() -> bool:
        async with context.uow() as uow:
            return await deem_silent_cases(uow, limit=BATCH) == BATCH

    return repeated("accept_silent_cases", once, every_seconds=INTERVAL_S)
