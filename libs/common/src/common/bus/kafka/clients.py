"""The one module that imports aiokafka: its clients with the guards they lack.

What the guards are for (aiokafka 0.14): `stop()` waits for ever for unsent batches of an idempotent producer when the
broker is down (aio-libs/aiokafka#1101); an idempotent producer never expires a batch, so that a message its caller gave
up on can still arrive much later; after one batch failed for good, every later one of the partition is refused
(OutOfOrderSequenceNumber, #1017); between an assignment and a listener's `seek` the fetcher may read from the offset
committed to Kafka. So: every wait has a bound, a doubtful client is cut and never used again, and a new assignment is
paused before the fetcher can touch it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from typing import Any, Literal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, OffsetOutOfRangeError

from common.bus.errors import BusUnavailable, MessageTooLarge, TopicMissing
from common.bus.kafka.brokers import Brokers
from common.bus.kafka.tuning import Tuning
from common.bus.port import MAX_MESSAGE_BYTES, Message, Received, TopicPartition

__all__ = [
    "ConfigResource",
    "ConfigResourceType",
    "GroupClient",
    "NewTopic",
    "OutOfRange",
    "ProducerClient",
    "admin",
    "answered_within",
    "edge_offsets",
]

log = logging.getLogger(__name__)

_NEVER_MS = 2**31 - 1
_CUT_SECONDS = 1.0


@contextlib.asynccontextmanager
async def answered_within(seconds: float) -> AsyncIterator[None]:
    """Turns every way in which Kafka does not answer into BusUnavailable."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (KafkaError, OSError, TimeoutError) as error:
        raise BusUnavailable(type(error).__name__) from error


class ProducerClient:
    """An idempotent producer that waits for all replicas; sends whole batches, one after another per partition.

    aiokafka keeps at most one batch of a partition in flight, and numbers batches when it first sends them; so order
    and sequence hold as long as a client that failed once is cut.
    """

    def __init__(self, servers: Brokers, tuning: Tuning) -> None:
        self._tuning = tuning
        self._partitions: dict[str, int] = {}
        self._is_cut = False
        self._producer = AIOKafkaProducer(
            **servers.options(),
            client_id="jiceng",
            acks="all",
            enable_idempotence=True,
            max_batch_size=tuning.batch_bytes,
            max_request_size=MAX_MESSAGE_BYTES * 2,
            request_timeout_ms=int(tuning.request_seconds * 1000),
            retry_backoff_ms=tuning.backoff_ms,
        )

    async def start(self) -> None:
        """Connects and gets a producer id."""
        try:
            async with answered_within(self._tuning.answer_seconds):
                await self._producer.start()
        except BaseException:
            await self.cut()
            raise

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        if topic not in self._partitions:
            cluster = await self._producer.client.fetch_all_metadata()
            found = cluster.partitions_for_topic(topic)
            if not found:
                raise TopicMissing(topic)
            self._partitions[topic] = len(found)
        return self._partitions[topic]

    async def send(self, batches: Mapping[TopicPartition, Sequence[Message]]) -> None:
        """Sends the messages of each partition in order; in every round one batch of each.

        Raises:
            MessageTooLarge: the broker's own limit is lower than ours.
            KafkaError: a batch failed; this client must be cut.
        """
        places = dict.fromkeys(batches, 0)
        while places:
            acknowledged: list[Awaitable[Any]] = []
            for log_name, start in list(places.items()):
                messages = batches[log_name]
                end = await self._enqueue(log_name, messages, start, acknowledged)
                if end == len(messages):
                    del places[log_name]
                else:
                    places[log_name] = end
            try:
                await asyncio.gather(*acknowledged)
            except MessageSizeTooLargeError as error:
                raise MessageTooLarge(next(iter(batches)).topic, MAX_MESSAGE_BYTES) from error

    async def _enqueue(
        self, name: TopicPartition, messages: Sequence[Message], start: int, acknowledged: list[Awaitable[Any]]
    ) -> int:
        batch = self._producer.create_batch()
        end = start
        while end < len(messages):
            next_ = messages[end]
            added = batch.append(timestamp=None, key=next_.key, value=next_.value, headers=list(next_.headers))
            if added is None:
                break
            end += 1
        batch.close()
        delivery = await self._producer.send_batch(batch, name.topic, partition=name.partition)
        delivery.add_done_callback(_note)
        acknowledged.append(delivery)
        return end

    async def close(self) -> None:
        """Stops politely if that is quick, otherwise cuts."""
        if self._is_cut:
            return
        if not await ends_within(self._producer.stop(), self._tuning.stop_seconds):
            await self.cut()

    async def cut(self) -> None:
        """Ends the client now: nothing that it still holds may be sent any more."""
        if self._is_cut:
            return
        self._is_cut = True
        self._fail_everything()
        sender = self._producer._sender.sender_task  # noqa: SLF001
        if sender is not None:
            sender.remove_done_callback(self._producer._sender._fail_all)  # noqa: SLF001
            sender.add_done_callback(_note)
            sender.cancel()
        await ends_within(self._producer.client.close(), _CUT_SECONDS)
        if sender is not None:
            await asyncio.wait([sender], timeout=_CUT_SECONDS)
        await ends_within(self._producer.stop(), _CUT_SECONDS)

    def _fail_everything(self) -> None:
        waiting = self._producer._message_accumulator  # noqa: SLF001 (no public way, see the module)
        batches = [*waiting._pending_batches, *(batch for queue in waiting._batches.values() for batch in queue)]  # noqa: SLF001
        waiting.fail_all(KafkaError("cut"))
        for batch in batches:
            _note(batch.future)
            _note(batch._drain_waiter)  # noqa: SLF001


class GroupClient(ConsumerRebalanceListener):
    """A member of a group that never decides by itself where to read from.

    Args:
        servers: the brokers.
        group: the group.
        hand_over: awaited before partitions are given up; bounded by the caller.
        tuning: the adapter's bounds.

    Attributes:
        assigned: the partitions of the present assignment, a new object for each; None while the group is rebalancing.
        changed: set on every change of it.
        changed_at: when that was, on the loop's clock.
    """

    def __init__(self, servers: Brokers, group: str, hand_over: Callable[[], Awaitable[None]], tuning: Tuning) -> None:
        self.assigned: frozenset[TopicPartition] | None = None
        self.changed = asyncio.Event()
        self.changed_at = _now()
        self._hand_over = hand_over
        self._tuning = tuning
        self._consumer = AIOKafkaConsumer(
            **servers.options(),
            client_id="jiceng",
            group_id=group,
            auto_offset_reset="none",
            enable_auto_commit=False,
            request_timeout_ms=int(tuning.request_seconds * 1000),
            retry_backoff_ms=tuning.backoff_ms,
            session_timeout_ms=int(tuning.session_seconds * 1000),
            heartbeat_interval_ms=int(tuning.session_seconds * 1000 / 4),
            rebalance_timeout_ms=int((tuning.session_seconds + tuning.grace_seconds) * 1000),
            max_poll_interval_ms=_NEVER_MS,
        )

    async def start(self, topics: Collection[str]) -> None:
        """Connects and asks to join; the assignment comes later.

        Raises:
            TopicMissing: one of the topics does not exist.
        """
        try:
            async with answered_within(self._tuning.answer_seconds):
                await self._consumer.start()
                await _require(self._consumer, topics)
            self._consumer.subscribe(topics=list(topics), listener=self)
        except BaseException:
            await self.close()
            raise

    async def on_partitions_revoked(self, revoked: Collection[KafkaPartition]) -> None:  # noqa: ARG002 (aiokafka's)
        """Called by aiokafka when a rebalance begins; the fetcher returns nothing any more."""
        self._change(None)
        await self._hand_over()

    def on_partitions_assigned(self, assigned: Collection[KafkaPartition]) -> None:
        """Called by aiokafka before the fetcher has run on the new assignment: keeps it from reading anywhere."""
        self._consumer.pause(*assigned)
        for partition in assigned:
            self._consumer.seek(partition, 0)
        self._change(frozenset(TopicPartition(*partition) for partition in assigned))

    def _change(self, assigned: frozenset[TopicPartition] | None) -> None:
        self.assigned = assigned
        self.changed_at = _now()
        self.changed.set()

    def read_from(self, positions: Mapping[TopicPartition, int]) -> None:
        """Lets the fetcher read assigned partitions from here."""
        for name, offset in positions.items():
            self._consumer.seek(KafkaPartition(*name), offset)
        self._consumer.resume(*(KafkaPartition(*name) for name in positions))

    def hold(self, name: TopicPartition) -> None:
        """Keeps the fetcher from an assigned partition."""
        self._consumer.pause(KafkaPartition(*name))

    async def fetch(self, max_messages: int, seconds: float) -> list[Received]:
        """What was read, in order per partition; empty when nothing came or a rebalance came between.

        Raises:
            OutOfRange: the broker refused a position.
            BusUnavailable: the client has broken.
        """
        try:
            async with asyncio.timeout(seconds + _CUT_SECONDS):
                found = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=max_messages)
        except TimeoutError:
            return []
        except OffsetOutOfRangeError as error:
            raise OutOfRange([TopicPartition(*partition) for partition in error.args[0]]) from error
        except (KafkaError, OSError) as error:
            raise BusUnavailable(type(error).__name__) from error
        return [_received(record) for records in found.values() for record in records]

    def silence_seconds(self, name: TopicPartition) -> float:
        """How long ago the broker last answered a fetch of a partition; infinite if never."""
        answered_at_ms = self._consumer.last_poll_timestamp(KafkaPartition(*name))
        return float("inf") if answered_at_ms is None else max(0.0, time.time() - answered_at_ms / 1000)

    async def bounds(self, names: Collection[TopicPartition]) -> dict[TopicPartition, tuple[int, int]]:
        """First offset held and next offset to be given, per partition."""
        wanted = [KafkaPartition(*name) for name in names]
        async with answered_within(self._tuning.answer_seconds):
            begins = await self._consumer.beginning_offsets(wanted)
            ends = await self._consumer.end_offsets(wanted)
        return {TopicPartition(*name): (begins[name], ends[name]) for name in wanted}

    async def tell_lag(self, positions: Mapping[TopicPartition, int]) -> None:
        """Commits offsets to Kafka for its lag tools; nobody reads from them, and a failure does not matter."""
        offsets = {KafkaPartition(*name): offset for name, offset in positions.items()}
        with contextlib.suppress(KafkaError, OSError, TimeoutError, ValueError):
            async with asyncio.timeout(self._tuning.answer_seconds):
                await self._consumer.commit(offsets)

    async def close(self) -> None:
        """Leaves the group politely if that is quick, otherwise cuts; nothing is left running."""
        self._change(None)
        if await ends_within(self._consumer.stop(), self._tuning.stop_seconds):
            return
        coordinator, fetcher = self._consumer._coordinator, self._consumer._fetcher  # noqa: SLF001 (no public way)
        names = ("_coordination_task", "_heartbeat_task", "_commit_refresh_task")
        tasks = [getattr(coordinator, name, None) for name in names]
        tasks += [getattr(fetcher, "_fetch_task", None), *getattr(fetcher, "_pending_tasks", ())]
        running = [task for task in tasks if task is not None and not task.done()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=_CUT_SECONDS)
        await ends_within(self._consumer._client.close(), _CUT_SECONDS)  # noqa: SLF001


class OutOfRange(Exception):
    """The broker refused positions of these partitions."""

    def __init__(self, names: list[TopicPartition]) -> None:
        super().__init__(names)
        self.names = names


@contextlib.asynccontextmanager
async def admin(servers: Brokers, tuning: Tuning) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin client for a few questions."""
    client = AIOKafkaAdminClient(
        **servers.options(),
        client_id="jiceng",
        request_timeout_ms=int(tuning.answer_seconds * 1000),
        retry_backoff_ms=tuning.backoff_ms,
    )
    try:
        async with answered_within(tuning.answer_seconds):
            await client.start()
            yield client
    finally:
        await ends_within(client.close(), _CUT_SECONDS)


async def edge_offsets(
    servers: Brokers, tuning: Tuning, topics: Sequence[str], edge: Literal["begin", "end"]
) -> dict[TopicPartition, int]:
    """The first offset held, or the next to be given, of every partition of some topics."""
    consumer = AIOKafkaConsumer(
        **servers.options(), client_id="jiceng", request_timeout_ms=int(tuning.answer_seconds * 1000)
    )
    try:
        async with answered_within(tuning.answer_seconds):
            await consumer.start()
            await _require(consumer, topics)
            await consumer.beginning_offsets([KafkaPartition(topic, 0) for topic in topics])
            wanted = [
                KafkaPartition(topic, number)
                for topic in topics
                for number in consumer.partitions_for_topic(topic) or ()
            ]
            ask = consumer.beginning_offsets if edge == "begin" else consumer.end_offsets
            return {TopicPartition(*name): offset for name, offset in (await ask(wanted)).items()}
    finally:
        await ends_within(consumer.stop(), _CUT_SECONDS)


async def _require(consumer: AIOKafkaConsumer, topics: Collection[str]) -> None:
    missing = set(topics) - await consumer.topics()
    if missing:
        raise TopicMissing("、".join(sorted(missing)))


def _received(record: Any) -> Received:
    """A record of any producer: what Kafka lets be null is empty here."""
    headers = tuple((name, value or b"") for name, value in record.headers)
    return Received(
        record.topic,
        record.key or b"",
        record.value or b"",
        headers,
        record.partition,
        record.offset,
        record.timestamp,
    )


def _note(delivery: "asyncio.Future[Any]") -> None:
    """A delivery that nobody waits for any more may fail without a word."""
    if delivery.done() and not delivery.cancelled():
        delivery.exception()


async def ends_within(work: Coroutine[Any, Any, Any], seconds: float) -> bool:
    """Runs a clean-up step; False when it was too slow and had to be cancelled."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        if not task.cancelled() and task.exception() is not None:
            log.debug("clean-up failed", exc_info=task.exception())
        return not task.cancelled()
    task.cancel()
    await asyncio.wait([task], timeout=_CUT_SECONDS)
    return False


def _now() -> float:
    return asyncio.get_running_loop().time()
