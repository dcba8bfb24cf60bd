"""The port: what every bus does, whichever adapter carries it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MAX_MESSAGE_BYTES = 1_000_000
"""Largest message, key and headers included: under the 1 MiB that a Kafka broker takes unless told otherwise."""


class TopicPartition(NamedTuple):
    """One ordered log of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a producer sends.

    Attributes:
        topic: where to; the topic must exist (`ensure_topics`).
        key: order is kept among messages with the same key; it also chooses the partition (murmur2, as Kafka does).
        value: any bytes, may be empty.
        headers: (name, value) pairs in order; names may repeat.
    """

    topic: str
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def size_bytes(self) -> int:
        """Bytes of key, value and headers, as `MAX_MESSAGE_BYTES` counts them."""
        headers = sum(len(name.encode()) + len(value) for name, value in self.headers)
        return len(self.key) + len(self.value) + headers


@dataclass(frozen=True, slots=True)
class Received(Message):
    """What a consumer gets.

    Attributes:
        partition: the log within the topic.
        offset: place in the log; the position to store after this message is `offset + 1`.
        timestamp_ms: when it was sent (embedded: appended), milliseconds since 1970 UTC.
    """

    partition: int = 0
    offset: int = 0
    timestamp_ms: int = 0

    @property
    def topic_partition(self) -> TopicPartition:
        """The log that holds it."""
        return TopicPartition(self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """How a topic must be.

    Attributes:
        name: as on the bus.
        partitions: None takes the deployment's setting (`bus_partitions`). A topic's count never changes: keys
            would change their partition and lose their order.
        retention_hours: how long messages are kept at least; None keeps them for ever.
    """

    name: str
    partitions: int | None = None
    retention_hours: int | None = None


class Producer(Protocol):
    """Sends. One producer may be shared by the tasks of a process."""

    async def start(self) -> None:
        """Connects.

        Raises:
            BusUnavailable: the bus does not answer within the bound.
        """

    async def stop(self) -> None:
        """Lets go of everything within a bound, whether or not the bus answers; may be called twice."""

    async def send(self, messages: Sequence[Message]) -> None:
        """Returns when ALL messages are acknowledged; order per key is the order of the sequence.

        Raises:
            MessageTooLarge: one is over the limit; nothing was sent.
            TopicMissing: a topic does not exist.
            BusUnavailable: not all were acknowledged within the bound. Some may have arrived: send all again,
                readers drop what they have.
        """


class Positions(Protocol):
    """Where a consumer stores its positions: its own database, in the transaction of its own writes."""

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Next offset to read per partition; an absent partition is read from the log's beginning."""


class Consumer(Protocol):
    """A member of a consumer group: within a group every partition belongs to one member at a time.

    Membership changes in the background; positions are loaded, checked and sought inside `poll`, on every
    assignment, so that the positions port is never asked while a batch is being processed. Ownership alone
    does not fence: the compare-and-set on the stored position does (common.inbox).
    """

    async def start(self) -> None:
        """Connects and joins the group; partitions come later, while polling.

        Raises:
            BusUnavailable: the bus does not answer within the bound. The consumer holds nothing then.
            TopicMissing: a topic does not exist.
        """

    async def stop(self) -> None:
        """Leaves the group and lets go of everything within a bound, bus or no bus; may be called twice."""

    async def poll(self, *, max_messages: int, timeout_seconds: float) -> list[Received]:
        """The next messages, in order per partition; an empty list when the time is up.

        Calling it again says that the last batch is done with: until then (and a grace) partitions that the
        group wants elsewhere are not handed over. A consumer that stops polling loses its partitions.

        Raises:
            PositionLost: a partition cannot be read from where it must; again on every call, until `seek`.
            BusUnavailable: the bus does not answer; calling again tries again.
        """

    async def seek(self, positions: Mapping[TopicPartition, int]) -> None:
        """Reads on from here; holds until the next assignment, which loads the stored positions again.

        Raises:
            ValueError: a partition is not assigned.
        """

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions that this member holds now."""


class Bus(Protocol):
    """One process's access to the bus."""

    async def start(self) -> None:
        """Connects, and creates what the adapter itself needs.

        Raises:
            BusUnavailable: the bus does not answer within the bound.
        """

    async def stop(self) -> None:
        """Stops every producer and consumer it gave out, within a bound; may be called twice."""

    async def ensure_topics(self, specs: Sequence[TopicSpec]) -> None:
        """Creates missing topics and sets retention; safe to repeat and to run in many processes at once.

        Raises:
            TopicMismatch: a topic exists with another number of partitions.
            BusUnavailable: the bus does not answer within the bound.
        """

    def producer(self) -> Producer:
        """A new producer, not started."""

    def consumer(self, *, topics: Sequence[str], group: str, positions: Positions) -> Consumer:
        """A new member of a group, not started."""

    async def begin_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """The first offset that each partition still holds (or its end, where it holds none)."""

    async def end_offsets(self, topics: Sequence[str]) -> Mapping[TopicPartition, int]:
        """The offset that each partition gives its next message."""
