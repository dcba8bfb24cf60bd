"""Charter: a consumer's bus position, stored by the same transaction as its writes (exactly once in effect).

`advance` is a compare-and-set on the row of each partition: a consumer that lost its partition without knowing
(a zombie) finds another value, raises, and takes its whole batch back.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping

from common.bus import TopicPartition
from common.db import Connection, Database

INBOX_DDL: tuple[str, ...] = (
    """
    CREATE TABLE bus_positions (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        next_offset bigint NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_bus_positions PRIMARY KEY (consumer_group, topic, partition)
    )
    """,
)


class PositionConflict(RuntimeError):
    """Another consumer of the group has moved the position: this one must not commit."""


async def advance(conn: Connection, group: str, moves: Mapping[TopicPartition, tuple[int | None, int]]) -> None:
    """Moves positions from the expected to the next offset, or raises.

    Args:
        conn: the connection inside the consumer's transaction.
        group: the consumer group.
        moves: (topic, partition) → (expected next offset, None where there is no row yet; new next offset).

    Raises:
        PositionConflict: a stored position is not the expected one.

    Locks: the position rows, in (topic, partition) order, until the transaction ends.
    """
    for (topic, partition), (expected, new) in sorted(moves.items()):
        if expected is None:
            moved = await conn.execute(
                "INSERT INTO bus_positions (consumer_group, topic, partition, next_offset) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT DO NOTHING",
                group,
                topic,
                partition,
                new,
            )
        else:
            moved = await conn.execute(
                "UPDATE bus_positions SET next_offset = $5, updated_at = clock_timestamp() "
                "WHERE consumer_group = $1 AND topic = $2 AND partition = $3 AND next_offset = $4",
                group,
                topic,
                partition,
                expected,
                new,
            )
        if not moved.endswith(" 1"):
            msg = f"{group} {topic}-{partition}: position is no longer {expected}"
            raise PositionConflict(msg)


async def load(conn: Connection, group: str, topics: Collection[str]) -> dict[TopicPartition, int]:
    """The stored positions of a group on some topics."""
    rows = await conn.fetch(
        "SELECT topic, partition, next_offset FROM bus_positions WHERE consumer_group = $1 AND topic = ANY($2)",
        group,
        list(topics),
    )
    return {TopicPartition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def forget(conn: Connection, group: str, topic: str) -> int:
    """Removes the positions of a group on one topic, so that it reads from the log's beginning; returns how many."""
    done = await conn.execute("DELETE FROM bus_positions WHERE consumer_group = $1 AND topic = $2", group, topic)
    return int(done.rsplit(" ", 1)[1])


Rereads = Callable[[Connection], Awaitable[Collection[str]]]
"""Which topics have to be read from their beginning, whatever the stored positions say."""


class StoredPositions:
    """What a bus consumer asks on every assignment; also remembers what `advance` must expect.

    Args:
        rereads: asked on every assignment; a topic that it names is read from its beginning, for readers that have
            learned to take more from events than they did when they read them. The stored position goes back with the
            first batch.
    """

    def __init__(self, db: Database, group: str, rereads: Rereads | None = None) -> None:
        self._db = db
        self._group = group
        self._rereads = rereads
        self.expected: dict[TopicPartition, int | None] = {}

    async def load(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        """Positions of these partitions; a partition without one is absent and is read from its beginning."""
        async with self._db.autocommit() as conn:
            stored = await load(conn, self._group, {place.topic for place in partitions})
            again = () if self._rereads is None else await self._rereads(conn)
        for place in partitions:
            self.expected[place] = stored.get(place)
        return {place: stored[place] for place in partitions if place in stored and place.topic not in again}
