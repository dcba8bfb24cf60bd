"""Reading common's table of dead letters."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from common.db import Connection

_PAGE = (
    'SELECT id, consumer_group, topic, partition, "offset", code, reason, recorded_at FROM dead_letters '
    "WHERE (recorded_at, id) < ($1, $2) AND ($3::text IS NULL OR consumer_group = $3) "
    "ORDER BY recorded_at DESC, id DESC LIMIT $4"
)
_BEYOND = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


class DeadLetterRow(NamedTuple):
    """Where a message stood and why it was set aside."""

    id: UUID
    consumer_group: str
    topic: str
    partition: int
    offset: int
    code: str
    reason: str
    recorded_at: datetime


async def page(
    conn: Connection, *, group: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[DeadLetterRow]:
    """Dead letters, the newest first."""
    rows: list[Any] = await conn.fetch(_PAGE, *(after or _BEYOND), group, limit)
    return [DeadLetterRow(**row) for row in rows]
