"""Use cases of the receipts."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from common.auth import Actor
from common.clock import iso
from common.contracts.sync import Outcome
from common.db import Connection
from common.divisions import Level
from common.outbox import Row
from sync.receipts import repository
from sync.receipts.domain import IssuedReceipt, Receipt
from sync.receipts.events import row_of
from sync.scope import Bounds, reading_bounds

MAX_RECEIPTS_SHOWN = 100
"""Of one record at one version; more than five come only from redelivery."""


async def issue_receipts(conn: Connection, receipts: Sequence[Receipt]) -> Iterator[Row]:
    """Writes receipts of one instant; gives their outbox rows, which the caller adds with its own.

    Source: O4.2a.

    Events: sync.receipt.issued.v1.
    """
    await repository.add(conn, receipts)
    at_text = iso(receipts[0].issued_at)
    return (row_of(receipt, at_text) for receipt in receipts)


async def find_newest_version(
    conn: Connection, bounds: Bounds, *, record_type: str, record_id: UUID
) -> tuple[int | None, str | None]:
    """The newest version that any level has accepted (or, failing that, been given), and the record's last receipt."""
    return await repository.newest_version(conn, record_type, record_id, bounds)


async def list_receipts_of_version(
    conn: Connection, bounds: Bounds, *, record_type: str, record_id: UUID, version: int
) -> tuple[list[IssuedReceipt], dict[Level, IssuedReceipt]]:
    """The receipts of a record at one version, oldest first, and the answer of each level."""
    key = (record_type, record_id, version, bounds)
    shown = await repository.receipts_of_version(conn, *key, limit=MAX_RECEIPTS_SHOWN)
    answers = await repository.answers_to_version(conn, *key)
    return shown, {one.receiver_level: one for one in answers}


async def list_receipts(
    conn: Connection,
    actor: Actor,
    *,
    outcome: Outcome | None,
    division: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[IssuedReceipt]:
    """Receipts of the records in the actor's scope: by division, the newest first inside each.

    Source: O4.2a, architecture.md §6.
    """
    bounds = reading_bounds(actor, division)
    return await repository.page(conn, bounds, outcome=outcome, after=after, limit=limit)


async def count_rejections(conn: Connection, bounds: Bounds, level: Level) -> int:
    """How many receipts of a level are rejections."""
    return await repository.count_rejected(conn, level, bounds)
