"""Reads from Kafka as a member of a group, from positions that the consumer's own database holds."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping

from common.bus.errors import BusUnavailable, PositionLost
from common.bus.kafka.brokers import Brokers
from common.bus.kafka.clients import GroupClient, OutOfRange
from common.bus.kafka.tuning import Tuning
from common.bus.port import Positions, Received, TopicPartition

log = logging.getLogger(__name__)

_SLICE_SECONDS = 1.0
_CONFIRM_SECONDS = (0.2, 0.5, 1.0)


class KafkaConsumer:
    """One member of a group; see the port.

    Args:
        servers: the brokers.
        topics: what to read.
        group: the group.
        positions: where the positions are stored.
        tuning: the adapter's bounds.
        on_stop: told when it has stopped.
    """

    def __init__(
        self,
        servers: Brokers,
        *,
        topics: Collection[str],
        group: str,
        positions: Positions,
        tuning: Tuning,
        on_stop: Callable[["KafkaConsumer"], None],
    ) -> None:
        self._on_stop = on_stop
        self._servers = servers
        self._topics = list(topics)
        self._group = group
        self._positions = positions
        self._tuning = tuning
        self._client: GroupClient | None = None
        self._placed: frozenset[TopicPartition] | None = None
        self._next: dict[TopicPartition, int] = {}
        self._lost: dict[TopicPartition, PositionLost] = {}
        self._told: dict[TopicPartition, int] = {}
        self._told_at = 0.0
        self._telling: asyncio.Task[None] | None = None
        self._nothing_in_hand = asyncio.Event()
        self._nothing_in_hand.set()
        self._polled_at = 0.0
        self._watched_from = 0.0
        self._watch: asyncio.Task[None] | None = None
        self._is_stopped = True

    async def start(self) -> None:
        """Connects and asks to join."""
        self._is_stopped = False
        self._polled_at = _now()
        await self._open()
        self._watch = asyncio.create_task(self._leave_when_idle(), name="bus-watch")

    async def stop(self) -> None:
        """Leaves within a bound."""
        self._is_stopped = True
        self._nothing_in_hand.set()
        for task in (self._watch, self._telling):
            if task is not None:
                task.cancel()
                await asyncio.wait([task], timeout=1)
        self._watch = self._telling = None
        await self._discard()
        self._on_stop(self)

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions that this member holds; none while the group is rebalancing."""
        assigned = self._client.assigned if self._client is not None else None
        return assigned or frozenset()

    async def seek(self, positions: Mapping[TopicPartition, int]) -> None:
        """Reads on from here."""
        client, unknown = self._client, sorted(name for name in positions if name not in self.assignment)
        if client is None or unknown:
            msg = f"not assigned: {unknown}"
            raise ValueError(msg)
        if self._placed is not client.assigned:
            await self._place(client)
        assigned = client.assigned
        bounds = await client.bounds(positions)
        if client.assigned is assigned:
            self._put(client, positions, bounds)

    async def poll(self, *, max_messages: int, timeout_seconds: float) -> list[Received]:
        """The next messages; see the port."""
        deadline = _now() + timeout_seconds
        self._nothing_in_hand.set()
        self._tell_lag()
        client = self._client or await self._open()
        if _now() - self._polled_at > 2 * _SLICE_SECONDS:
            self._watched_from = _now()
        while True:
            self._polled_at = _now()
            if client.assigned is None:
                if not await self._wait_for_assignment(client, deadline):
                    return []
                continue
            if self._placed is not client.assigned:
                await self._place(client)
                continue
            if self._lost:
                raise next(iter(self._lost.values()))
            left = max(0.0, deadline - _now())
            messages = await self._fetch(client, max_messages, min(left, _SLICE_SECONDS))
            if messages:
                self._nothing_in_hand.clear()
                return messages
            if left <= 0:
                return []

    async def _open(self) -> GroupClient:
        if self._is_stopped:
            raise BusUnavailable("stopped")
        client = GroupClient(self._servers, self._group, self._finish_batch, self._tuning)
        await client.start(self._topics)
        self._client = client
        return client

    async def _discard(self) -> None:
        client, self._client = self._client, None
        self._placed = None
        if client is not None:
            await client.close()

    async def _finish_batch(self) -> None:
        """A rebalance waits for the batch in hand, for a grace; after it the stored positions fence."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._tuning.grace_seconds):
                await self._nothing_in_hand.wait()

    async def _wait_for_assignment(self, client: GroupClient, deadline: float) -> bool:
        # A rebalance may rightly last until a crashed member's session has ended.
        patience = self._tuning.stall_seconds + self._tuning.session_seconds + self._tuning.grace_seconds
        if _now() - client.changed_at > patience:
            await self._rebuild("rebalance without end")
        left = deadline - _now()
        if left <= 0:
            return False
        client.changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(left, _SLICE_SECONDS)):
                await client.changed.wait()
        return True

    async def _place(self, client: GroupClient) -> None:
        """Loads, checks and seeks the positions of a new assignment; does nothing when that has changed meanwhile."""
        assigned = client.assigned
        if assigned is None:
            return
        stored = await self._positions.load(assigned) if assigned else {}
        bounds = await client.bounds(assigned) if assigned else {}
        for pause in _CONFIRM_SECONDS:
            # A broker that has just come up may name an end that is still too low.
            if all(stored.get(name, 0) <= end for name, (_, end) in bounds.items()):
                break
            await asyncio.sleep(pause)
            bounds = await client.bounds(assigned)
        if client.assigned is not assigned:
            return
        self._next, self._lost = {}, {}
        self._put(client, {name: stored.get(name, begin) for name, (begin, _) in bounds.items()}, bounds)
        self._placed = assigned

    def _put(
        self,
        client: GroupClient,
        positions: Mapping[TopicPartition, int],
        bounds: Mapping[TopicPartition, tuple[int, int]],
    ) -> None:
        for name, wanted in positions.items():
            begin, end = bounds[name]
            self._lost.pop(name, None)
            if begin <= wanted <= end:
                self._next[name] = wanted
                client.read_from({name: wanted})
            else:
                self._next.pop(name, None)
                self._lost[name] = PositionLost(name, wanted, begin, end)
                client.hold(name)

    async def _fetch(self, client: GroupClient, max_messages: int, seconds: float) -> list[Received]:
        try:
            found = await client.fetch(max_messages, seconds)
        except OutOfRange as refused:
            await self._look_again(client, refused.names)
            return []
        except BusUnavailable:
            await self._discard()
            raise
        if self._placed is not client.assigned:
            return []
        messages = [message for message in found if self._take(message)]
        if not messages:
            await self._rebuild_if_stalled(client)
        return messages

    def _take(self, message: Received) -> bool:
        """Moves the position over a message; False for one that is not wanted (any more)."""
        name = message.topic_partition
        wanted = self._next.get(name)
        if wanted is None or message.offset < wanted:
            return False
        self._next[name] = message.offset + 1
        return True

    async def _look_again(self, client: GroupClient, names: Collection[TopicPartition]) -> None:
        assigned = client.assigned
        known = {name: self._next[name] for name in names if name in self._next}
        bounds = await client.bounds(known)
        if client.assigned is assigned and self._placed is assigned:
            self._put(client, known, bounds)

    async def _rebuild_if_stalled(self, client: GroupClient) -> None:
        patience = self._tuning.stall_seconds
        if _now() - max(self._watched_from, client.changed_at) <= patience:
            return
        if any(client.silence_seconds(name) > patience for name in self._next):
            await self._rebuild("fetches without answer")

    async def _rebuild(self, why: str) -> None:
        log.warning("bus.consumer-rebuilt group=%s why=%s", self._group, why)
        await self._discard()
        raise BusUnavailable(why)

    async def _leave_when_idle(self) -> None:
        while True:
            await asyncio.sleep(self._tuning.poll_interval_seconds / 4)
            if self._client is not None and _now() - self._polled_at > self._tuning.poll_interval_seconds:
                log.warning("bus.consumer-stopped-polling group=%s", self._group)
                await self._discard()

    def _tell_lag(self) -> None:
        client = self._client
        if client is None or client.assigned is None or self._placed is not client.assigned:
            return
        if _now() - self._told_at < self._tuning.commit_seconds or self._told == self._next:
            return
        if self._telling is None or self._telling.done():
            self._told, self._told_at = dict(self._next), _now()
            self._telling = asyncio.create_task(client.tell_lag(self._told), name="bus-lag")


def _now() -> float:
    return asyncio.get_running_loop().time()
