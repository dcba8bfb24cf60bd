"""All SQL of the receipts."""

from collections.abc import Sequence

from common.db import Connection
from sync.receipts.domain import Receipt

_COLUMNS = (
    "division",
    "id",
    "record_type",
    "record_id",
    "version",
    "receiver_level",
    "receiver_division",
    "outcome",
    "reason_code",
    "digest",
    "issued_at",
)


async def add(conn: Connection, receipts: Sequence[Receipt]) -> None:
    """Writes receipts through COPY."""
    rows = [
        (
            one.division,
            one.id,
            one.record_type,
            one.record_id,
            one.version,
            one.receiver_level,
            one.receiver_division,
            one.verdict.outcome,
            one.verdict.reason_code,
            one.digest,
            one.issued_at,
        )
        for one in receipts
    ]
    await conn.copy_records_to_table("receipts", records=rows, columns=_COLUMNS)
