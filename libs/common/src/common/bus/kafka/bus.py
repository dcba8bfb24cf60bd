"""The Kafka bus of one process."""

import asyncio
from collections.abc import Mapping, Sequence

from common.bus.kafka.brokers import Brokers
from common.bus.kafka.clients import admin, edge_offsets
from common.bus.kafka.consumer import KafkaConsumer
from common.bus.kafka.producer import KafkaProducer
from common.bus.kafka.topics import ensure_topics
from common.bus.kafka.tuning import Tuning
from common.bus.port import Positions, TopicPartition, TopicSpec
from common.bus.tls import TlsFiles


class KafkaBus:
    """Apache Kafka; every producer and consumer has connections of its own.

    Args:
        servers: brokers, host:port, comma separated.
        tls: files for mutual TLS; None speaks in clear.
        default_partitions: of topics whose spec names no number.
        tuning: bounds; tests shorten them.
    """

    def __init__(
        self,
        servers: str,
        *,
        tls: TlsFiles | None = None,
        default_partitions: int = 6,
        tuning: Tuning | None = None,
    ) -> None:
        self._servers = Brokers(servers, tls)
        self._default_partitions = default_partitions
        self._tuning = tuning or Tuning()
        self._given: set[KafkaProducer | KafkaConsumer] = set()

    async def start(self) -> None:
        """Sees that a broker answers."""
        async with admin(self._servers, self._tuning):
            return

    async def stop(self) -> None:
        """Stops everything given out, within a bound."""
        await asyncio.gather(*(one.stop() for one in list(self._given)))

    async def ensure_topics(self, specs: Sequence[TopicSpec]) -> None:
        """Creates missing topics; see the port."""
        await ensure_topics(self._servers, self._tuning, specs, self._default_partitions)

    def producer(self) -> KafkaProducer:
        """A new producer."""
        producer = KafkaProducer(self._servers, self._tuning, self._given.discard)
        self._given.add(producer)
        return producer

    def consumer(self, *, topics: Sequence[str], group: str, positions: Positions) -> KafkaConsumer:
        """A new member of a group."""
        consumer = KafkaConsumer(
            self._servers,
            topics=topics,
            group=group,
            positions=positions,
            tuning=self._tuning,
            on_stop=self._given.discard,
        )
        self._given.add(consumer)
        return consumer

    async def begin_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """First offset held, per partition."""
        return await edge_offsets(self._servers, self._tuning, topics, "begin")

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """Next offset to be given, per partition."""
        return await edge_offsets(self._servers, self._tuning, topics, "end")
