"""Drops what is older than its topic keeps."""

from collections.abc import Mapping
from typing import Any

from common.bus.embedded.schema import DROP_OLD

_KEPT = """
SELECT p.id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - t.retention_hours::bigint * 3600000 AS before_ms
  FROM bus_partition p JOIN bus_topic t ON t.id = p.topic_id
 WHERE t.retention_hours IS NOT NULL AND p.next_offset > p.begin_offset
"""


async def drop_old(conn: Any, rows: int) -> int:
    """Drops at most so many old messages of every partition; returns how many went.

    Locks: one partition's head at a time, for one short statement.
    """
    dropped = 0
    for id_, before_ms in await conn.fetch(_KEPT):
        done = await conn.execute(DROP_OLD, id_, before_ms, rows)
        dropped += int(done.rsplit(" ", 1)[1])
    return dropped


async def drop_before(conn: Any, offsets: Mapping[int, int]) -> None:
    """Moves the beginning of partitions up to an offset, at most to their end."""
    for id_, offset in sorted(offsets.items()):
        await conn.execute(
            "WITH moved AS (UPDATE bus_partition SET begin_offset = least($2, next_offset) "
            "WHERE id = $1 AND begin_offset < $2 RETURNING begin_offset) "
            'DELETE FROM bus_message m USING moved WHERE m.partition_id = $1 AND m."offset" < moved.begin_offset',
            id_,
            offset,
        )
