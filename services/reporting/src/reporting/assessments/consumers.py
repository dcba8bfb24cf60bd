"""What the window service enters into its ledger is kept beside ours, so that an office has one view of both."""

from collections.abc import Sequence
from typing import cast

from common.consumer import ConsumerRunner, Delivered
from common.contracts import contracts_of, record_of
from common.contracts.casework.accountability import LedgerEntryState
from common.contracts.topics import LEDGER_GROUP
from common.db import Connection
from common.process import Context
from reporting.assessments.service import keep_casework_entries

_RECORD = record_of(LedgerEntryState)


async def keep_ledger(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Keeps a batch of casework's entries; older versions and duplicates change nothing. Source: O4.3d, O4.3g."""
    await keep_casework_entries(conn, [cast("LedgerEntryState", one.data) for one in batch])


def ledger_runner(context: Context) -> ConsumerRunner:
    """The consumer of casework's ledger."""
    return ConsumerRunner(
        context.bus,
        context.db,
        service=context.name,
        group=LEDGER_GROUP,
        topics=(_RECORD.topic,),
        handler=keep_ledger,
        accepts=contracts_of((_RECORD.type,)),
        wake=context.wake,
    )
