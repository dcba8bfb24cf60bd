"""How fast records enter that change in bulk: never so fast that others wait behind them in front of the tiers."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from common.bus import TopicPartition
from common.contracts.sync import RECEIVING_LEVELS, inbox_topic
from common.contracts.topics import tier_group
from common.db import Database
from common.divisions import Level
from common.inbox import load

InboxEnds = Callable[[Sequence[str]], Awaitable[Mapping[TopicPartition, int]]]
"""The next offsets of some inboxes, now."""

MOST_WAITING = 2_000
_PATIENCE_SECONDS = 2.0
_LOOK_EVERY_SECONDS = 0.1


class Pace:
    """Lets a batch of bulk in while few records wait in front of each tier of this site.

    So a case that comes during the first start of a province, or the turn of a day, waits behind a batch or two at each
    level and not behind them all. A tier that is down does not stop the bulk for ever: after its patience a batch goes
    in whatever waits. Source: architecture.md §5 "Draining never starves fresh traffic".

    Args:
        levels: the tiers of this site.
        inbox_ends: asks the bus.
        most_waiting: how many records may wait in front of a tier for the next batch to go in.
        patience_seconds: how long a batch waits at most.
    """

    def __init__(
        self,
        levels: Collection[Level],
        inbox_ends: InboxEnds,
        *,
        most_waiting: int = MOST_WAITING,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self._inboxes = {level: inbox_topic(level) for level in RECEIVING_LEVELS if level in levels}
        self._inbox_ends = inbox_ends
        self._most_waiting = most_waiting
        self._patience_seconds = patience_seconds

    async def wait(self, db: Database) -> None:
        """Returns when the next batch may go in; between two looks it holds no connection and no snapshot.

        Before the transaction, once for a batch: the relay's frozen window waits for whoever holds one open.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience_seconds
        while await self._longest(db) > self._most_waiting:
            if loop.time() >= deadline:
                return
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def _longest(self, db: Database) -> int:
        if not self._inboxes:
            return 0
        ends = await self._inbox_ends(list(self._inboxes.values()))
        waiting = dict.fromkeys(self._inboxes.values(), 0)
        async with db.autocommit() as conn:
            for level, topic in self._inboxes.items():
                positions = await load(conn, tier_group(level), [topic])
                waiting[topic] = sum(
                    end - positions.get(place, 0) for place, end in ends.items() if place.topic == topic
                )
        return max(waiting.values())
