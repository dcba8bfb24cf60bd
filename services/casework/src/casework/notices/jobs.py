"""What notices of holidays leave to the worker: every open case is brought to the calendar that holds."""

from casework.notices.service import recalculate_batch, retry_uncounted
from common.process import Context, Job, repeated

EVERY_SECONDS = 5.0


def follow_notices(context: Context) -> Job:
    """Goes on with the recalculation that a notice asked for, batch by batch, then with what could not be counted.

    Source: O4.3c.
    """

    async def work() -> bool:
        return await recalculate_batch(context.uow) or await retry_uncounted(context.uow)

    return repeated("holiday_recalculation", work, every_seconds=EVERY_SECONDS)
