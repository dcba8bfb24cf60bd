"""What casework consumes: the registry's divisions and offices, into its own directory."""

from collections.abc import Sequence

from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.directory import DIRECTORY_TYPES, apply_directory, directory_topics
from common.process import Context

DIRECTORY_GROUP = "casework-directory"


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    return (
        ConsumerRunner(
            context.bus,
            context.db,
            service=context.name,
            group=DIRECTORY_GROUP,
            topics=directory_topics(),
            handler=apply_directory,
            accepts=contracts_of(DIRECTORY_TYPES),
            wake=context.wake,
        ),
    )
