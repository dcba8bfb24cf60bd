"""Sends to Kafka."""

import asyncio
from collections.abc import Callable, Sequence

from common.bus.errors import BusUnavailable, MessageTooLarge, TopicMissing
from common.bus.kafka.brokers import Brokers
from common.bus.kafka.clients import ProducerClient, answered_within
from common.bus.kafka.tuning import Tuning
from common.bus.limits import refuse_too_large
from common.bus.partitioner import partition_of
from common.bus.port import Message, TopicPartition


class KafkaProducer:
    """Sends through one client at a time; a client that failed is cut before the failure is told.

    So what a caller gave up on cannot arrive after what it sends next, except for a request that the broker had
    already read; readers drop that by version.

    Args:
        servers: the brokers.
        tuning: the adapter's bounds.
        on_stop: told when it has stopped.
    """

    def __init__(self, servers: Brokers, tuning: Tuning, on_stop: Callable[["KafkaProducer"], None]) -> None:
        self._on_stop = on_stop
        self._servers = servers
        self._tuning = tuning
        self._client: ProducerClient | None = None
        self._opening = asyncio.Lock()
        self._under_way = 0
        self._numbered = 0
        self._is_stopped = False

    async def start(self) -> None:
        """Connects."""
        self._is_stopped = False
        await self._ready()

    async def stop(self) -> None:
        """Stops within a bound."""
        self._is_stopped = True
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        self._on_stop(self)

    async def send(self, messages: Sequence[Message]) -> None:
        """Returns when all replicas have all messages; see the port."""
        refuse_too_large(messages)
        if not messages:
            return
        client = await self._ready()
        self._under_way += 1
        try:
            async with answered_within(self._tuning.send_seconds):
                await client.send(await _by_partition(client, messages))
        except TopicMissing:
            raise
        except (BusUnavailable, MessageTooLarge):
            await self._discard(client)
            raise
        finally:
            self._under_way -= 1
        self._numbered += len(messages)

    async def _ready(self) -> ProducerClient:
        async with self._opening:
            if self._is_stopped:
                raise BusUnavailable("stopped")
            if self._client is not None and self._numbered > self._tuning.sequence_limit and not self._under_way:
                await self._client.close()
                self._client = None
            if self._client is None:
                client = ProducerClient(self._servers, self._tuning)
                await client.start()
                self._client = client
                self._numbered = 0
            return self._client

    async def _discard(self, client: ProducerClient) -> None:
        if self._client is client:
            self._client = None
        await client.cut()


async def _by_partition(client: ProducerClient, messages: Sequence[Message]) -> dict[TopicPartition, list[Message]]:
    counts = {topic: await client.partitions(topic) for topic in {message.topic for message in messages}}
    batches: dict[TopicPartition, list[Message]] = {}
    for message in messages:
        name = TopicPartition(message.topic, partition_of(message.key, counts[message.topic]))
        batches.setdefault(name, []).append(message)
    return batches
