"""Event types → handlers: the directory copy with who is expected to report, and the figures."""

from collections.abc import Sequence
from typing import cast

from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.contracts.topics import FIGURES_GROUP
from common.directory import DIRECTORY_TYPES, directory_topics
from common.process import Context
from reporting.completeness.consumers import keep_directory
from reporting.figures.consumers import figures_contracts, figures_topics, keep_figures
from reporting.settings import ReportingSettings

DIRECTORY_GROUP = "reporting-directory"


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    settings = cast("ReportingSettings", context.settings)
    directory = ConsumerRunner(
        context.bus,
        context.db,
        service=context.name,
        group=DIRECTORY_GROUP,
        topics=directory_topics(),
        handler=keep_directory,
        accepts=contracts_of(DIRECTORY_TYPES),
        wake=context.wake,
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
