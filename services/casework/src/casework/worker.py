"""What casework does in the background: keeps its directory of places and offices, forgets old idempotency keys."""

from collections.abc import Sequence

from common.consumer import ConsumerRunner
from common.contracts import contracts_of
from common.directory import DIRECTORY_TYPES, apply_directory, directory_topics
from common.process import Context, Job, forget_old_keys

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


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""
    return (forget_old_keys(context),)
