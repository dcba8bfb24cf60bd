"""The embedded bus of one process."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any

from common.bus.embedded.catalogue import Catalogue, ensure_topics
from common.bus.embedded.connections import Connections
from common.bus.embedded.consumer import EmbeddedConsumer
from common.bus.embedded.membership import Membership
from common.bus.embedded.producer import EmbeddedProducer
from common.bus.embedded.retention import drop_before, drop_old
from common.bus.embedded.schema import HEADS, create_tables
from common.bus.embedded.tuning import Tuning
from common.bus.errors import BusUnavailable
from common.bus.port import Positions, TopicPartition, TopicSpec

log = logging.getLogger(__name__)


class EmbeddedBus:
    """A log in the bus database, for the processes of one machine.

    Args:
        database_url: a database of its own.
        default_partitions: of topics whose spec names no number.
        tuning: bounds; tests shorten them.
    """

    def __init__(self, database_url: str, *, default_partitions: int = 6, tuning: Tuning | None = None) -> None:
        self._default_partitions = default_partitions
        self._tuning = tuning or Tuning()
        self._connections = Connections(database_url, self._tuning)
        self._catalogue = Catalogue(self._connections)
        self._membership = Membership(self._connections, self._tuning)
        self._retention: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Creates the tables if they are missing, and begins to drop old messages."""
        await self._connections.call(create_tables)
        if self._retention is None:
            self._retention = asyncio.create_task(self._keep_short(), name="bus-retention")

    async def stop(self) -> None:
        """Stops consumers, tasks and connections, each within a bound."""
        retention, self._retention = self._retention, None
        if retention is not None:
            retention.cancel()
            await asyncio.wait([retention], timeout=self._tuning.stop_seconds)
        await self._membership.close()
        await self._connections.close()

    async def ensure_topics(self, specs: Sequence[TopicSpec]) -> None:
        """Creates missing topics; see the port."""
        await self._connections.call(lambda conn: ensure_topics(conn, specs, self._default_partitions))

    def producer(self) -> EmbeddedProducer:
        """A new producer."""
        return EmbeddedProducer(self._connections, self._catalogue, self._tuning)

    def consumer(self, *, topics: Sequence[str], group: str, positions: Positions) -> EmbeddedConsumer:
        """A new member of a group."""
        return EmbeddedConsumer(
            topics=topics,
            group=group,
            positions=positions,
            connections=self._connections,
            catalogue=self._catalogue,
            membership=self._membership,
            tuning=self._tuning,
        )

    async def begin_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """First offset held, per partition."""
        return {name: begin for name, (begin, _) in (await self._heads(topics)).items()}

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """Next offset to be given, per partition."""
        return {name: end for name, (_, end) in (await self._heads(topics)).items()}

    async def _heads(self, topics: Sequence[str]) -> dict[TopicPartition, tuple[int, int]]:
        found = await self._catalogue.find(topics)
        names = {id_: name for topic in found.values() for id_, name in topic.logs().items()}
        rows: list[Any] = await self._connections.call(lambda conn: conn.fetch(HEADS, list(names)))
        return {names[id_]: (begin, end) for id_, begin, end in rows}

    async def drop_before(self, positions: Mapping[TopicPartition, int]) -> None:
        """Drops messages below these offsets now, as an operator who needs the space does."""
        found = await self._catalogue.find(list({name.topic for name in positions}))
        ids = {found[name.topic].partition_ids[name.partition]: offset for name, offset in positions.items()}
        await self._connections.call(lambda conn: drop_before(conn, ids))

    async def _keep_short(self) -> None:
        while True:
            await asyncio.sleep(self._tuning.retention_seconds * random.uniform(0.5, 1.0))  # noqa: S311 (spread only)
            try:
                while await self._connections.call(lambda conn: drop_old(conn, self._tuning.rows_per_statement)):
                    pass
            except BusUnavailable:
                log.warning("bus.retention-waits")
