"""What casework does in the background: keeps its directory of places and offices, forgets old idempotency keys."""

from collections.abc import Sequence

from common.consumer import ConsumerRunner
from common.directory import directory_runner
from common.process import Context, Job, forget_old_keys


def consumers(context: Context) -> Sequence[ConsumerRunner]:
    """The runners of the worker role."""
    return (directory_runner(context.bus, context.db, service=context.name, wake=context.wake),)


def jobs(context: Context) -> Sequence[Job]:
    """The loops of the worker role."""
    return (forget_old_keys(context),)
