"""Topics and their partitions as numbers, remembered by the process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.bus.embedded.connections import Connections
from common.bus.embedded.schema import SCHEMA_LOCK
from common.bus.errors import TopicMismatch, TopicMissing
from common.bus.port import TopicPartition, TopicSpec


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its id, and the ids of its partitions in order of their number."""

    id: int
    name: str
    partition_ids: tuple[int, ...]

    def logs(self) -> dict[int, TopicPartition]:
        """Partition id → its name for the outside."""
        return {id_: TopicPartition(self.name, number) for number, id_ in enumerate(self.partition_ids)}


class Catalogue:
    """Looks topics up by name."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._topics: dict[str, Topic] = {}
        self._losses = 0

    @property
    def is_current(self) -> bool:
        """False when a connection broke since the last look: behind a new one there may be another database."""
        return self._losses == self._connections.losses

    def forget(self) -> None:
        """What is remembered may be wrong: look again."""
        self._topics.clear()

    async def find(self, names: Sequence[str]) -> dict[str, Topic]:
        """The topics of these names.

        Raises:
            TopicMissing: one does not exist.
            BusUnavailable: the database does not answer.
        """
        if not self.is_current:
            self._losses = self._connections.losses
            self.forget()
        unknown = [name for name in names if name not in self._topics]
        if unknown:
            rows = await self._connections.call(
                lambda conn: conn.fetch(
                    "SELECT t.id, t.name, array_agg(p.id ORDER BY p.number) AS partition_ids "
                    "FROM bus_topic t JOIN bus_partition p ON p.topic_id = t.id WHERE t.name = ANY($1) GROUP BY t.id",
                    unknown,
                )
            )
            for row in rows:
                self._topics[row["name"]] = Topic(row["id"], row["name"], tuple(row["partition_ids"]))
        missing = [name for name in names if name not in self._topics]
        if missing:
            raise TopicMissing("、".join(missing))
        return {name: self._topics[name] for name in names}


async def ensure_topics(conn: Any, specs: Sequence[TopicSpec], default_partitions: int) -> None:
    """Creates missing topics, sets retention, checks partition counts; in one transaction."""
    async with conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock($1)", SCHEMA_LOCK)
        for spec in sorted(specs, key=lambda spec: spec.name):
            wanted = spec.partitions or default_partitions
            topic_id = await conn.fetchval(
                "INSERT INTO bus_topic (name, retention_hours) VALUES ($1, $2) "
                "ON CONFLICT (name) DO UPDATE SET retention_hours = EXCLUDED.retention_hours RETURNING id",
                spec.name,
                spec.retention_hours,
            )
            found = await conn.fetchval("SELECT count(*) FROM bus_partition WHERE topic_id = $1", topic_id)
            if found not in (0, wanted):
                msg = f"{spec.name} has {found} partitions, wanted {wanted}"
                raise TopicMismatch(msg)
            if not found:
                await conn.execute(
                    "INSERT INTO bus_partition (topic_id, number) SELECT $1, generate_series(0, $2 - 1)",
                    topic_id,
                    wanted,
                )
