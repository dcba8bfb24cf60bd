"""Reads the log as a member of a group."""

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.bus.embedded.catalogue import Catalogue, Topic
from common.bus.embedded.connections import Connections
from common.bus.embedded.headers import decode_headers
from common.bus.embedded.membership import Membership
from common.bus.embedded.schema import HEADS, READ
from common.bus.embedded.tuning import Tuning
from common.bus.errors import BusUnavailable, PositionLost
from common.bus.port import Positions, Received, TopicPartition


@dataclass(slots=True, eq=False)
class _Log:
    """An owned partition. A new object for every grant: what was read for an older one is dropped."""

    id: int
    name: TopicPartition
    next: int | None = None
    end: int = 0
    lost: PositionLost | None = None

    @property
    def available(self) -> int:
        return 0 if self.next is None else self.end - self.next


class _NumbersInDoubtError(BusUnavailable):
    """A connection broke since the ids were looked up."""


class EmbeddedConsumer:
    """One member of a group; see the port.

    Args:
        topics: what to read.
        group: the group.
        positions: where the positions are stored.
        connections: of the bus.
        catalogue: of the bus.
        membership: of the bus.
        tuning: the adapter's bounds.
    """

    def __init__(
        self,
        *,
        topics: Collection[str],
        group: str,
        positions: Positions,
        connections: Connections,
        catalogue: Catalogue,
        membership: Membership,
        tuning: Tuning,
    ) -> None:
        self.group = group
        self.topic_ids: frozenset[int] = frozenset()
        self.polled_at = 0.0
        self._topics = list(topics)
        self._positions = positions
        self._connections = connections
        self._catalogue = catalogue
        self._membership = membership
        self._tuning = tuning
        self._names: dict[int, TopicPartition] = {}
        self._logs: dict[int, _Log] = {}
        self._in_hand: frozenset[int] = frozenset()
        self._woken = asyncio.Event()
        self._must_look = False
        self._losses = 0

    async def start(self) -> None:
        """Joins the group."""
        self._losses = self._connections.losses
        topics = (await self._catalogue.find(self._topics)).values()
        self.topic_ids = frozenset(topic.id for topic in topics)
        self._names = _names(topics)
        await self._membership.join(self)

    async def stop(self) -> None:
        """Leaves the group."""
        self._in_hand = frozenset()
        await self._membership.leave(self)
        self._logs.clear()

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions that this member owns."""
        return frozenset(log.name for log in self._logs.values())

    async def seek(self, positions: Mapping[TopicPartition, int]) -> None:
        """Reads on from here."""
        logs = {log.name: log for log in self._logs.values()}
        unknown = sorted(name for name in positions if name not in logs)
        if unknown:
            msg = f"not assigned: {unknown}"
            raise ValueError(msg)
        chosen = [logs[name] for name in positions]
        heads = await self._heads(chosen)
        for log in chosen:
            _place(log, positions[log.name], heads[log.id])

    async def poll(self, *, max_messages: int, timeout_seconds: float) -> list[Received]:
        """The next messages; see the port."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        self._in_hand = frozenset()
        while True:
            self._membership.polled(self)
            self._woken.clear()
            try:
                messages = await self._look(max_messages)
            except _NumbersInDoubtError:
                continue
            if messages:
                return messages
            if not await self._wait_until(deadline):
                break
        if self._membership.trouble is not None:
            raise BusUnavailable("no session") from self._membership.trouble
        return []

    async def _look(self, max_messages: int) -> list[Received]:
        if self._losses != self._connections.losses:
            await self._keep_names()
        if any(log.next is None for log in self._logs.values()):
            await self._load_positions()
        lost = next((log.lost for log in self._logs.values() if log.lost is not None), None)
        if lost is not None:
            raise lost
        return await self._read(max_messages) if self._logs else []

    async def _wait_until(self, deadline: float) -> bool:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(left, self._tuning.look_seconds)):
                await self._woken.wait()
        return True

    async def _load_positions(self) -> None:
        fresh = [log for log in self._logs.values() if log.next is None]
        stored = await self._positions.load([log.name for log in fresh])
        heads = await self._heads(fresh)
        for log in fresh:
            _place(log, stored.get(log.name), heads[log.id])

    async def _read(self, max_messages: int) -> list[Received]:
        ready = [log for log in self._logs.values() if log.available > 0]
        if not ready or self._must_look:
            self._must_look = False
            logs = [log for log in self._logs.values() if log.next is not None]
            heads = await self._heads(logs)
            for log in logs:
                _place(log, log.next, heads[log.id])
            ready = [log for log in logs if log.available > 0 and log.lost is None]
        return await self._fetch(_ranges(ready, max_messages)) if ready else []

    async def _fetch(self, ranges: list[tuple[_Log, int, int]]) -> list[Received]:
        rows = await self._ask(
            READ,
            [log.id for log, _, _ in ranges],
            [low for _, low, _ in ranges],
            [high for _, _, high in ranges],
            self._tuning.fetch_bytes,
        )
        next_offsets = {log.id: low for log, low, _ in ranges if self._is_current(log, low)}
        messages: list[Received] = []
        for id_, offset, at_ms, key, value, headers in rows:
            if next_offsets.get(id_) != offset:
                continue
            next_offsets[id_] = offset + 1
            topic, partition = self._names[id_]
            messages.append(Received(topic, key, value, decode_headers(headers), partition, offset, at_ms))
        self._advance(ranges, next_offsets)
        return messages

    def _advance(self, ranges: list[tuple[_Log, int, int]], next_offsets: dict[int, int]) -> None:
        in_hand = set()
        for log, low, _ in ranges:
            reached = next_offsets.get(log.id)
            if reached is None:
                continue
            if reached == low:
                self._must_look = True
            else:
                log.next = reached
                in_hand.add(log.id)
        self._in_hand = frozenset(in_hand)

    def _is_current(self, log: _Log, low: int) -> bool:
        return self._logs.get(log.id) is log and log.next == low

    async def _heads(self, logs: Collection[_Log]) -> dict[int, tuple[int, int]]:
        rows = await self._ask(HEADS, [log.id for log in logs])
        if len(rows) != len(logs):
            self._catalogue.forget()
            raise BusUnavailable("a partition is gone")
        return {id_: (begin, end) for id_, begin, end in rows}

    async def _ask(self, statement: str, *values: object) -> list[Any]:
        """Asks by partition id; refuses when a connection broke: the ids may belong to a database that is gone."""

        async def ask(conn: Any) -> list[Any] | None:
            return await conn.fetch(statement, *values) if self._losses == self._connections.losses else None

        rows = await self._connections.call(ask)
        if rows is None:
            raise _NumbersInDoubtError("connection broke")
        return rows

    async def _keep_names(self) -> None:
        """After a broken connection: joins again if the topics have other ids now."""
        losses = self._connections.losses
        if _names((await self._catalogue.find(self._topics)).values()) == self._names:
            self._losses = losses
            return
        await self._membership.leave(self)
        await self.start()

    def grant(self, partition_ids: Collection[int]) -> None:
        """The membership says: these are yours now."""
        for id_ in partition_ids:
            self._logs[id_] = _Log(id_, self._names[id_])
        self._woken.set()

    def withdraw(self, partition_ids: Collection[int]) -> None:
        """The membership says: stop reading these."""
        for id_ in partition_ids:
            self._logs.pop(id_, None)

    def is_busy_with(self, partition_id: int) -> bool:
        """Whether the batch in hand holds messages of a partition."""
        return partition_id in self._in_hand

    def wake(self) -> None:
        """There may be something new."""
        self._woken.set()


def _names(topics: Iterable[Topic]) -> dict[int, TopicPartition]:
    return {id_: name for topic in topics for id_, name in topic.logs().items()}


def _place(log: _Log, wanted: int | None, head: tuple[int, int]) -> None:
    """Puts a log at a position, or marks it lost when the bus does not hold that."""
    begin, end = head
    log.next = begin if wanted is None else wanted
    log.end = end
    log.lost = None if begin <= log.next <= end else PositionLost(log.name, log.next, begin, end)


def _ranges(ready: list[_Log], max_messages: int) -> list[tuple[_Log, int, int]]:
    """What to read of each log, evenly; those with little first, so that the others get what they leave."""
    ranges: list[tuple[_Log, int, int]] = []
    room = max_messages
    ready = sorted(ready, key=lambda log: log.available)
    for index, log in enumerate(ready):
        take = min(log.available, max(1, room // (len(ready) - index)), room)
        if take and log.next is not None:
            ranges.append((log, log.next, log.next + take))
            room -= take
    return ranges
