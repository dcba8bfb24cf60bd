"""What casework does in the background: keeps its directory, accepts what the law has accepted, follows notices."""

from collections.abc import Sequence

from casework.accountability.jobs import warning_job
from casework.appointments.jobs import no_show_job
from casework.cases.jobs import accept_silent
from casework.limits.jobs import questions_job
from casework.notices.jobs import follow_notices
from casework.online.consumers import notification_runner
from casework.uploads.jobs import forgotten_job, store_job
from common.consumer import ConsumerRunner
from common.directory import directory_runner
from common.process import Context, Job, forget_old_keys


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    return (
        directory_runner(context.bus, context.db, service=context.name, wake=context.wake),
        notification_runner(context),
    )


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""
    return (
        forget_old_keys(context),
        accept_silent(context),
        follow_notices(context),
        warning_job(context),
        forgotten_job(context),
        store_job(context),
        no_show_job(context),
        questions_job(context),
    )
