"""Charter: events are rows of the same transaction as the business rows; nothing is published from memory.

The table is append-only. Hot paths insert in the same statement as the business row; others call `append` after
the business row is written, so that the id is drawn while its lock is held. Source: ADR 0002.
"""

from common.outbox.ddl import OUTBOX_DDL
from common.outbox.partitions import ensure_partitions
from common.outbox.store import INSERT_ONE, OUTBOX_COLUMNS, Row, append, append_many, append_rows, row_of

__all__ = [
    "INSERT_ONE",
    "OUTBOX_COLUMNS",
    "OUTBOX_DDL",
    "Row",
    "append",
    "append_many",
    "append_rows",
    "ensure_partitions",
    "row_of",
]
