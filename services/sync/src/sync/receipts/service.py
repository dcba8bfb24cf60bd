"""Use cases of the receipts."""

from collections.abc import Iterator, Sequence

from common.clock import iso
from common.db import Connection
from common.outbox import Row
from sync.receipts import repository
from sync.receipts.domain import Receipt
from sync.receipts.events import row_of


async def issue_receipts(conn: Connection, receipts: Sequence[Receipt]) -> Iterator[Row]:
    """Writes receipts of one instant; gives their outbox rows, which the caller adds with its own.

    Source: O4.2a.

    Events: sync.receipt.issued.v1.
    """
    await repository.add(conn, receipts)
    at_text = iso(receipts[0].issued_at)
    return (row_of(receipt, at_text) for receipt in receipts)
