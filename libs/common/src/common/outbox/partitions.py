"""Partitions of the outbox by id range: made ahead of the writers, dropped whole, so that nothing is ever deleted."""

from common.db import Connection

PARTITION_ROWS = 4_000_000
PARTITIONS_AHEAD = 4


def partition_ddl(number: int) -> str:
    """The statement that makes partition `number`."""
    low, high = number * PARTITION_ROWS, (number + 1) * PARTITION_ROWS
    return (
        f"CREATE TABLE IF NOT EXISTS outbox_p{number:06d} PARTITION OF outbox "
        f"FOR VALUES FROM ({low}) TO ({high}) WITH (fillfactor = 100)"
    )


async def ensure_partitions(conn: Connection) -> list[int]:
    """Makes the partitions that the next `PARTITIONS_AHEAD` x `PARTITION_ROWS` events need; returns the new ones.

    Locks: none that waits for writers of existing partitions longer than the lock_timeout of the connection.
    """
    last = await conn.fetchval("SELECT last_value FROM outbox_id_seq")
    wanted = range(last // PARTITION_ROWS, last // PARTITION_ROWS + PARTITIONS_AHEAD + 1)
    present = {
        int(row["name"].removeprefix("outbox_p"))
        for row in await conn.fetch(
            "SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'outbox'::regclass"
        )
    }
    made = [number for number in wanted if number not in present]
    for number in made:
        await conn.execute(partition_ddl(number))
    return made
