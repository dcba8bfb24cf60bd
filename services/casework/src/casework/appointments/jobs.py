"""What ends by itself in appointments."""

from casework.appointments.service import mark_no_shows
from common.process import Context, Job, repeated

EVERY_SECONDS = 3_600.0


def no_show_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Marks bookings of past days to which nobody came."""

    async def work() -> bool:
        async with context.uow() as uow:
            return await mark_no_shows(uow) > 0

    return repeated("appointment_no_shows", work, every_seconds=every_seconds)
