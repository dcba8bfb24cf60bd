"""What reporting does in the background: event types → handlers, and the loops."""

from collections.abc import Sequence
from typing import cast

from common.consumer import ConsumerRunner
from common.contracts.topics import FIGURES_GROUP, STANDINGS_GROUP
from common.directory import directory_runner
from common.process import Context, Job, forget_old_keys
from reporting.accepted import accepted_contracts, accepted_topics
from reporting.assessments.consumers import ledger_runner
from reporting.completeness.consumers import keep_directory
from reporting.figures.consumers import AcceptedFigure, keep_figures
from reporting.orders.jobs import order_reminders_job
from reporting.reports.jobs import locks_job, periods_job, reminders_job
from reporting.settings import ReportingSettings
from reporting.standings.consumers import AcceptedReadiness, keep_standings


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    settings = cast("ReportingSettings", context.settings)
    directory = directory_runner(
        context.bus, context.db, service=context.name, handler=keep_directory, wake=context.wake
    )
    figures = ConsumerRunner(
        context.bus,
        context.db,
        service=context.name,
        group=FIGURES_GROUP,
        topics=accepted_topics(),
        handler=keep_figures,
        accepts=accepted_contracts(AcceptedFigure),
        wake=context.wake,
        max_messages=settings.reporting_batch_size,
    )
    standings = ConsumerRunner(
        context.bus,
        context.db,
        service=context.name,
        group=STANDINGS_GROUP,
        topics=accepted_topics(),
        handler=keep_standings,
        accepts=accepted_contracts(AcceptedReadiness),
        wake=context.wake,
        max_messages=settings.reporting_batch_size,
    )
    return (directory, figures, standings, ledger_runner(context))


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""
    return (
        forget_old_keys(context),
        order_reminders_job(context),
        periods_job(context),
        locks_job(context),
        reminders_job(context),
    )
