"""The events of casework's own cases become what applicants are told."""

from collections.abc import Sequence

from casework.online.service import Happened, tell_applicants
from common.consumer import ConsumerRunner, Delivered
from common.contracts import contracts_of
from common.contracts.casework import CASE_TOPIC, CASE_TYPES, CaseState
from common.contracts.topics import NOTIFICATIONS_GROUP
from common.db import Connection
from common.process import Context

PAGE = 250


async def tell(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes a batch of versions of cases.

    Source: O4.2b.
    """
    happened = [Happened(one.data, one.event.time) for one in batch if isinstance(one.data, CaseState)]
    await tell_applicants(conn, happened)


def notification_runner(context: Context) -> ConsumerRunner:
    """The consumer, in a group of its own."""
    return ConsumerRunner(
        context.bus,
        context.db,
        service=context.name,
        group=NOTIFICATIONS_GROUP,
        topics=(CASE_TOPIC,),
        handler=tell,
        accepts=contracts_of(CASE_TYPES),
        wake=context.wake,
        max_messages=PAGE,
    )
