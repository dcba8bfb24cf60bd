"""Writing events into the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from common.db import Connection
from common.errors import Rejected
from common.events import Event

OUTBOX_COLUMNS: tuple[str, ...] = (
    "topic",
    "event_id",
    "type",
    "source",
    "subject",
    "time",
    "division",
    "level",
    "recordversion",
    "partitionkey",
    "traceparent",
    "data",
)

INSERT_ONE = (
    'INSERT INTO outbox (topic, event_id, type, source, subject, "time", division, level, recordversion, '
    "partitionkey, traceparent, data) "
)
"""The head of a hot path's own statement: `WITH b AS (… RETURNING …) ` + INSERT_ONE + ` SELECT … FROM b`."""

_VALUES = INSERT_ONE + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_COPY_FROM = 16

Row = tuple[str, UUID, str, str, str, datetime, str, str, int, str, str | None, str]


MAX_DATA_BYTES = 900_000


class EventTooLarge(Rejected):
    """No bus would take it, and the relay could never pass it: the use case must not commit."""

    code = "request.event-too-large"
    title = "内容过多，超出一次能够传送的大小，请精简后再办理"


def row_of(topic: str, event: Event) -> Row:
    """The values of OUTBOX_COLUMNS for one event.

    Raises:
        EventTooLarge: the data is over MAX_DATA_BYTES.
    """
    if len(event.data) > MAX_DATA_BYTES:
        raise EventTooLarge
    return (
        topic,
        UUID(event.id),
        event.type,
        event.source,
        event.subject,
        event.time,
        event.division,
        event.level,
        event.recordversion,
        event.partitionkey,
        event.traceparent,
        event.data.decode(),
    )


async def append(conn: Connection, topic: str, event: Event) -> None:
    """Adds one event to the transaction; call it after the business row is written."""
    await conn.execute(_VALUES, *row_of(topic, event))


async def append_many(conn: Connection, events: Iterable[tuple[str, Event]]) -> int:
    """Adds (topic, event) pairs in order; many go through COPY. Returns how many."""
    return await append_rows(conn, [row_of(topic, event) for topic, event in events])


async def append_rows(conn: Connection, rows: Sequence[Row]) -> int:
    """Adds rows of OUTBOX_COLUMNS in order, as `append_many` does."""
    if len(rows) < _COPY_FROM:
        for row in rows:
            await conn.execute(_VALUES, *row)
    else:
        await conn.copy_records_to_table("outbox", records=rows, columns=OUTBOX_COLUMNS)
    return len(rows)
