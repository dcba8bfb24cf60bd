# What common.bus.kafka uses of aiokafka 0.14, no more. Names with an underscore are the ones its guards need.
import asyncio
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

class TopicPartition(NamedTuple):
    topic: str
    partition: int

class ConsumerRecord:
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]

class ConsumerRebalanceListener: ...

class _ClusterMetadata:
    def partitions_for_topic(self, topic: str) -> set[int] | None: ...

class _Client:
    async def fetch_all_metadata(self) -> _ClusterMetadata: ...
    async def close(self) -> None: ...

class _MessageBatch:
    future: asyncio.Future[Any]
    _drain_waiter: asyncio.Future[Any]

class _MessageAccumulator:
    _batches: Mapping[TopicPartition, Collection[_MessageBatch]]
    _pending_batches: Collection[_MessageBatch]
    def fail_all(self, exception: BaseException) -> None: ...

class _Sender:
    sender_task: asyncio.Task[None] | None
    def _fail_all(self, task: asyncio.Task[None]) -> None: ...

class _BatchBuilder:
    def append(
        self,
        *,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: list[tuple[str, bytes]] = ...,
    ) -> object | None: ...
    def close(self) -> None: ...

class AIOKafkaProducer:
    client: _Client
    _message_accumulator: _MessageAccumulator
    _sender: _Sender
    def __init__(
        self,
        *,
        bootstrap_servers: str,
        client_id: str,
        acks: str,
        enable_idempotence: bool,
        max_batch_size: int,
        max_request_size: int,
        request_timeout_ms: int,
        retry_backoff_ms: int,
    ) -> None: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def create_batch(self) -> _BatchBuilder: ...
    async def send_batch(self, batch: _BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[Any]: ...

class AIOKafkaConsumer:
    _client: _Client
    _coordinator: Any
    _fetcher: Any
    def __init__(
        self,
        *topics: str,
        bootstrap_servers: str,
        client_id: str,
        group_id: str | None = ...,
        auto_offset_reset: str = ...,
        enable_auto_commit: bool = ...,
        request_timeout_ms: int = ...,
        retry_backoff_ms: int = ...,
        session_timeout_ms: int = ...,
        heartbeat_interval_ms: int = ...,
        rebalance_timeout_ms: int = ...,
        max_poll_interval_ms: int = ...,
    ) -> None: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def topics(self) -> set[str]: ...
    def partitions_for_topic(self, topic: str) -> set[int] | None: ...
    def subscribe(self, topics: Collection[str], *, listener: ConsumerRebalanceListener) -> None: ...
    def pause(self, *partitions: TopicPartition) -> None: ...
    def resume(self, *partitions: TopicPartition) -> None: ...
    def seek(self, partition: TopicPartition, offset: int) -> None: ...
    async def getmany(
        self, *, timeout_ms: int = ..., max_records: int | None = ...
    ) -> dict[TopicPartition, list[ConsumerRecord]]: ...
    def last_poll_timestamp(self, partition: TopicPartition) -> int | None: ...
    async def beginning_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]: ...
    async def end_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]: ...
    def commit(self, offsets: Mapping[TopicPartition, int]) -> Awaitable[None]: ...
