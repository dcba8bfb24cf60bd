"""The job that reminds of orders."""

from common.clock import today
from common.process import Context, Job, repeated
from reporting.orders.service import send_reminders

PAGE = 100
EVERY_SECONDS = 300.0


def order_reminders_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Reminds of orders that are due soon or overdue, each once; several workers share the work."""

    async def work() -> bool:
        async with context.uow() as uow:
            return await send_reminders(uow, on=today(), limit=PAGE)

    return repeated("order_reminders", work, every_seconds=every_seconds)
