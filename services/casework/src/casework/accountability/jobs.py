"""The job that looks at everything once per working day."""

from casework.accountability.service import look_at_page
from common.clock import today
from common.process import Context, Job, repeated

PAGE = 100
EVERY_SECONDS = 60.0


def warning_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Raises and lifts warnings and ends what nobody has appealed against; several workers share the day's run."""

    async def work() -> bool:
        async with context.uow() as uow:
            return await look_at_page(uow, on=today(), limit=PAGE)

    return repeated("warnings", work, every_seconds=every_seconds)
