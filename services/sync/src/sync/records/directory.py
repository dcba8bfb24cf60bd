"""Whether the divisions of a batch stand, by this site's copy of the register, which may lag behind it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from common.bus import TopicPartition
from common.consumer import Postponed
from common.contracts.topics import DIRECTORY_GROUPS
from common.db import Connection, Database
from common.directory import directory_topics
from common.divisions import Level
from common.inbox import load
from sync.receipts.domain import Verdict
from sync.records import repository
from sync.records.domain import Known, Submission, route
from sync.records.errors import DirectoryBehind

DIRECTORY_GROUP = next(group for group in DIRECTORY_GROUPS if group.startswith("sync-"))
"""Whose positions say how far the copy is."""

RegistryEnds = Callable[[], Awaitable[Mapping[TopicPartition, int]]]
"""The next offsets of the registry's topics, now."""

_IN_DOUBT = frozenset({Verdict.DIVISION_UNKNOWN, Verdict.NODE_OFF_PATH})
"""What a copy that lags behind cannot tell from what is wrong."""

_Asked = tuple[str, UUID, int, Level]
"""Record and version in front of a level: what a doubt is about."""

_PATIENCE_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.05


class DirectoryCheck:
    """Examines the divisions of submissions.

    A division that is unknown, or that took over without this site knowing, is only refused once this copy has read
    everything that the registry had published when the question came up: whoever made the record knew it from the same
    topics. The wait is outside of the batch's transaction: the copy's own consumer needs a connection of the same pool.
    One check belongs to one consumer. Source: ADR 0010, ADR 0014.

    Args:
        registry_ends: asks the bus.
        patience_seconds: how long a batch waits for the copy before it is taken back and tried again.
    """

    def __init__(self, registry_ends: RegistryEnds, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._registry_ends = registry_ends
        self._patience_seconds = patience_seconds
        self._settled: frozenset[_Asked] = frozenset()

    async def examine(self, conn: Connection, submissions: Sequence[Submission]) -> list[Submission]:
        """The same submissions on the ways of today, with a flaw where a division is unknown or could not be.

        Raises:
            Postponed: until the copy has read what is published now; `DirectoryBehind` if it does not in time.
        """
        codes = {
            code
            for one in submissions
            if one.flaw is None
            for code in (one.division, *([one.routed] if one.routed else []))
        }
        found = _routed(submissions, await repository.find_known(conn, codes))
        in_doubt = frozenset(
            (now.record_type, now.record_id, now.version, now.receiver)
            for was, now in zip(submissions, found, strict=True)
            if was.flaw is None and now.flaw in _IN_DOUBT
        )
        if not in_doubt <= self._settled:

            async def wait(db: Database) -> None:
                await self._catch_up(db)
                self._settled = in_doubt

            raise Postponed(wait)
        return found

    async def _catch_up(self, db: Database) -> None:
        ends = await self._registry_ends()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience_seconds
        while not _has_reached(await self._positions(db), ends):
            if loop.time() >= deadline:
                raise DirectoryBehind
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    @staticmethod
    async def _positions(db: Database) -> Mapping[TopicPartition, int]:
        async with db.autocommit() as conn:
            return await load(conn, DIRECTORY_GROUP, directory_topics())


def _has_reached(positions: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> bool:
    return all(positions.get(partition, 0) >= end for partition, end in ends.items())


def _routed(submissions: Sequence[Submission], known: Mapping[str, Known]) -> list[Submission]:
    return [one if one.flaw is not None else route(one, known) for one in submissions]
