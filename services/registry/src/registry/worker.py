"""What registry does beside its API: tasks out of cases, posts of the province, names, readiness, sheets, old keys."""

from collections.abc import Sequence
from typing import cast

from common.consumer import ConsumerRunner, Handler
from common.contracts import contracts_of
from common.contracts.topics import POSTS_GROUP, TASKS_GROUP
from common.process import Context, Job, forget_old_keys
from registry.offices.jobs import reading_job
from registry.pay.consumers import FACT_TOPICS, FACT_TYPES, TASK_TOPICS, TASK_TYPES, keep_cases, keep_province
from registry.pay.jobs import checking_job
from registry.readiness.jobs import readiness_job, waiting_job
from registry.settings import RegistrySettings
from registry.sheets.jobs import import_job, purge_job

PAGE = 250
"""A first start reads 28,250 offices; what a batch takes in memory stays with the process."""


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role: closed cases of stations, and what is known of persons in the whole province."""

    def runner(group: str, topics: Sequence[str], types: Sequence[str], handler: Handler) -> ConsumerRunner:
        return ConsumerRunner(
            context.bus,
            context.db,
            service=context.name,
            group=group,
            topics=topics,
            handler=handler,
            accepts=contracts_of(types),
            wake=context.wake,
            max_messages=PAGE,
        )

    return (
        runner(TASKS_GROUP, TASK_TOPICS, TASK_TYPES, keep_cases),
        runner(POSTS_GROUP, FACT_TOPICS, FACT_TYPES, keep_province),
    )


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role; the audit sealer runs in every service's worker by itself."""
    settings = cast("RegistrySettings", context.settings)
    return (
        forget_old_keys(context),
        reading_job(context),
        checking_job(context),
        readiness_job(context),
        waiting_job(context, page=settings.readiness_waiting_rate),
        import_job(context),
        purge_job(context),
    )
