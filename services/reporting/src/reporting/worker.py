"""Event types → handlers: the directory copy with who is expected to report, and the figures."""

from collections.abc import Sequence
from typing import cast

from common.consumer import ConsumerRunner
from common.contracts.topics import FIGURES_GROUP
from common.directory import directory_runner
from common.process import Context
from reporting.completeness.consumers import keep_directory
from reporting.figures.consumers import figures_contracts, figures_topics, keep_figures
from reporting.settings import ReportingSettings


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
        topics=figures_topics(),
        handler=keep_figures,
        accepts=figures_contracts(),
        wake=context.wake,
        max_messages=settings.reporting_batch_size,
    )
    return (directory, figures)
