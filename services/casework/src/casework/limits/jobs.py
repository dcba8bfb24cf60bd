"""What is forgotten of questions."""

from casework.limits.service import forget_questions
from casework.settings import CaseworkSettings
from common.process import Context, Job, repeated

EVERY_SECONDS = 600.0
PAGE = 10_000


def questions_job(context: Context, *, every_seconds: float = EVERY_SECONDS) -> Job:
    """Forgets counts of windows that are over."""
    settings = context.settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service
    seconds = settings.progress_window_seconds

    async def work() -> bool:
        async with context.db.autocommit() as conn:
            return await forget_questions(conn, window_seconds=seconds, limit=PAGE) == PAGE

    return repeated("progress_questions", work, every_seconds=every_seconds)
