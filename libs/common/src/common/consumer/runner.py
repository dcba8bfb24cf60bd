"""The loop of a consumer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import asyncpg
import structlog

from common.bus import Bus, Consumer, Received, TopicPartition
from common.consumer.dead_letters import bury
from common.consumer.decode import Delivered, PoisonMessage, decode
from common.contracts import Contract
from common.db import Connection, Database
from common.errors import Unavailable
from common.inbox import PositionConflict, Rereads, StoredPositions, advance
from common.telemetry import metrics
from common.uow import RelayWake

Handler = Callable[[Connection, Sequence[Delivered]], Awaitable[None]]
"""Applies a batch inside the consumer's transaction; must be idempotent (version guard), may raise PoisonMessage."""

Before = Callable[[Database], Awaitable[None]]
"""What a batch waits for before its transaction begins: no connection is held, and no snapshot, while it waits."""

Moves = dict[TopicPartition, tuple[int | None, int]]
DATA_ERRORS = (PoisonMessage, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
_RETRY_SECONDS = 0.5
_LAG_SECONDS = 15.0
log = structlog.get_logger(__name__)


class ConsumerStopped(RuntimeError):
    """Too many messages in a row were poison: the fault is not in the messages. A person must look."""


class Postponed(Exception):
    """A handler needs what another consumer is still to write: its transaction is taken back, the batch tried again.

    Raised by the handler; between the two tries the runner awaits `wait` outside of any transaction, so that whoever
    waits keeps no connection from the one that is waited for. It must not be raised for ever: `wait` remembers what it
    has settled, or raises Unavailable.

    Args:
        wait: returns when the batch can be tried again.
    """

    def __init__(self, wait: Before) -> None:
        super().__init__()
        self.wait = wait


class ConsumerRunner:
    """Consumes topics as one group.

    Args:
        bus: where from.
        db: the service's database; positions, dead letters and the handler's writes live there.
        service: the service's name.
        group: the consumer group.
        topics: what to read.
        handler: applies a batch.
        accepts: event types and their contracts; every other type is poison.
        wake: set after a commit, when the handler writes to the outbox.
        max_messages: upper bound of a batch.
        max_consecutive_poison: after so many in a row the consumer stops.
        rereads: which topics to read from their beginning.
        before: awaited once for each batch, before its transaction.
    """

    def __init__(
        self,
        bus: Bus,
        db: Database,
        *,
        service: str,
        group: str,
        topics: Sequence[str],
        handler: Handler,
        accepts: Mapping[str, Contract],
        wake: RelayWake | None = None,
        max_messages: int = 2_000,
        max_consecutive_poison: int = 100,
        rereads: Rereads | None = None,
        before: Before | None = None,
    ) -> None:
        self._bus = bus
        self._db = db
        self._service = service
        self.group = group
        self._topics = tuple(topics)
        self._handler = handler
        self._accepts = accepts
        self._wake = wake
        self._max_messages = max_messages
        self._max_consecutive_poison = max_consecutive_poison
        self._rereads = rereads
        self._before = before
        self._consecutive_poison = 0
        self._measured_at = 0.0
        self.has_stopped = False
        self._shown: frozenset[TopicPartition] = frozenset()

    async def run(self, stop: asyncio.Event) -> None:
        """Consumes until told to stop.

        Raises:
            ConsumerStopped: too much poison in a row.
            PositionLost: the bus no longer holds the stored position (see docs/runbooks).
        """
        metrics.CONSUMER_UP.labels(self._service, self.group).set(1)
        try:
            while not stop.is_set():
                try:
                    await self._session(stop)
                except PositionConflict:
                    log.warning("consumer.fenced", group=self.group)
                except (Unavailable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                    log.warning("consumer.waits", group=self.group, error=type(error).__name__)
                    await _pause(stop, _RETRY_SECONDS)
        except Exception:  # a bug in a handler must be seen just like these two
            self.has_stopped = True
            metrics.CONSUMER_UP.labels(self._service, self.group).set(0)
            log.exception("consumer.stopped", group=self.group)
            raise

    async def _session(self, stop: asyncio.Event) -> None:
        positions = StoredPositions(self._db, self.group, self._rereads)
        consumer = self._bus.consumer(topics=self._topics, group=self.group, positions=positions)
        await consumer.start()
        try:
            while not stop.is_set():
                messages = await consumer.poll(max_messages=self._max_messages, timeout_seconds=0.5)
                if messages:
                    with metrics.CONSUMER_BATCH_SECONDS.labels(self._service, self.group).time():
                        await self._take(positions, messages)
                await self._measure_lag(consumer, positions)
        finally:
            self._show_lag({})
            await consumer.stop()

    async def _measure_lag(self, consumer: Consumer, positions: StoredPositions) -> None:
        at = asyncio.get_running_loop().time()
        if at - self._measured_at < _LAG_SECONDS:
            return
        self._measured_at = at
        ends = await self._bus.end_offsets(self._topics)
        own = consumer.assignment & ends.keys()
        self._show_lag({place: ends[place] - (positions.expected.get(place) or 0) for place in own})

    def _show_lag(self, waiting: Mapping[TopicPartition, int]) -> None:
        """Of the partitions that this member holds now; one given away is the new holder's to show."""
        for place in self._shown - waiting.keys():
            metrics.CONSUMER_LAG.remove(self._service, self.group, place.topic, str(place.partition))
        for place, events in waiting.items():
            metrics.CONSUMER_LAG.labels(self._service, self.group, place.topic, str(place.partition)).set(events)
        self._shown = frozenset(waiting)

    async def _take(self, positions: StoredPositions, messages: list[Received]) -> None:
        moves = self._moves(positions, messages)
        good, poison = self._decode(messages)
        if self._before is not None:
            await self._before(self._db)
        poison = await self._settle(messages, good, poison, moves)
        for key, (_, new) in moves.items():
            positions.expected[key] = new
        self._count(messages, poison)
        if self._wake is not None:
            self._wake.set()

    async def _settle(
        self,
        messages: list[Received],
        good: Sequence[Delivered],
        poison: Mapping[Received, PoisonMessage],
        moves: Moves,
    ) -> dict[Received, PoisonMessage]:
        """Applies the batch, as often as its handler postpones it; returns all of its poison."""
        while True:
            found = dict(poison)
            try:
                try:
                    await self._apply(good, found, moves)
                except DATA_ERRORS:
                    await self._apply_one_by_one(messages, good, found, moves)
            except Postponed as postponed:
                await postponed.wait(self._db)
                continue
            return found

    @staticmethod
    def _moves(positions: StoredPositions, messages: list[Received]) -> Moves:
        moves: Moves = {}
        for message in messages:
            key = message.topic_partition
            moves[key] = (positions.expected.get(key), message.offset + 1)
        return moves

    def _decode(self, messages: list[Received]) -> tuple[list[Delivered], dict[Received, PoisonMessage]]:
        good: list[Delivered] = []
        poison: dict[Received, PoisonMessage] = {}
        for message in messages:
            try:
                good.append(decode(message, self._accepts))
            except PoisonMessage as error:
                poison[message] = error
        return good, poison

    async def _apply(
        self,
        good: Sequence[Delivered],
        poison: Mapping[Received, PoisonMessage],
        moves: Moves,
    ) -> None:
        async with self._db.transaction() as conn:
            if good:
                await self._handler(conn, good)
            for message, reason in poison.items():
                await bury(conn, service=self._service, group=self.group, message=message, poison=reason)
            await advance(conn, self.group, moves)

    async def _apply_one_by_one(
        self,
        messages: list[Received],
        good: Sequence[Delivered],
        poison: dict[Received, PoisonMessage],
        moves: Moves,
    ) -> None:
        """The batch holds a message that the handler cannot take: finds it with savepoints, applies the others."""
        async with self._db.transaction() as conn:
            for delivered in good:
                try:
                    async with conn.transaction():
                        await self._handler(conn, [delivered])
                except PoisonMessage as error:
                    poison[delivered.received] = error
                except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
                    poison[delivered.received] = PoisonMessage("event.not-applicable", type(error).__name__)
            for message in messages:
                if message in poison:
                    await bury(conn, service=self._service, group=self.group, message=message, poison=poison[message])
            await advance(conn, self.group, moves)

    def _count(self, messages: list[Received], poison: Mapping[Received, PoisonMessage]) -> None:
        for message in messages:
            outcome = "dead-letter" if message in poison else "applied"
            metrics.CONSUMER_EVENTS.labels(self._service, self.group, message.topic, outcome).inc()
        for reason in poison.values():
            metrics.DEAD_LETTERS.labels(self._service, self.group, reason.code).inc()
        for message in messages:
            self._consecutive_poison = self._consecutive_poison + 1 if message in poison else 0
            if self._consecutive_poison >= self._max_consecutive_poison:
                raise ConsumerStopped(self.group)


def newest(batch: Sequence[Delivered]) -> list[Delivered]:
    """Of each subject only the highest version, in delivery order: `ON CONFLICT` cannot touch a row twice."""
    best: dict[str, Delivered] = {}
    for delivered in batch:
        known = best.get(delivered.event.subject)
        if known is None or delivered.event.recordversion >= known.event.recordversion:
            best[delivered.event.subject] = delivered
    return list(best.values())


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
