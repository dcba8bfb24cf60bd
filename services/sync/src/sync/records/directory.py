"""Whether the divisions of a batch stand, by this site's copy of the register, which may lag behind it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from common.bus import TopicPartition
from common.clock import beijing_day
from common.contracts.topics import DIRECTORY_GROUPS
from common.db import Connection
from common.directory import directory_topics
from common.inbox import load
from sync.records import repository
from sync.records.domain import Submission, Validity, examine_division
from sync.records.errors import DirectoryBehind

DIRECTORY_GROUP = next(group for group in DIRECTORY_GROUPS if group.startswith("sync-"))
"""Whose positions say how far the copy is."""

RegistryEnds = Callable[[], Awaitable[Mapping[TopicPartition, int]]]
"""The next offsets of the registry's topics, now."""

_PATIENCE_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.05


class DirectoryCheck:
    """Examines the divisions of submissions.

    A division that is unknown is only refused once this copy has read everything that the registry had published when
    the question came up: whoever made the record knew the division from the same topics. Source: ADR 0010.

    Args:
        registry_ends: asks the bus.
        patience_seconds: how long a batch waits for the copy before it is taken back and tried again.
    """

    def __init__(self, registry_ends: RegistryEnds, *, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._registry_ends = registry_ends
        self._patience_seconds = patience_seconds

    async def examine(self, conn: Connection, submissions: Sequence[Submission]) -> list[Submission]:
        """The same submissions, with a flaw where the division is unknown or was not valid on the record's day.

        Raises:
            DirectoryBehind: the copy did not catch up in time.
        """
        codes = {submission.division for submission in submissions if submission.flaw is None}
        known = await repository.find_validities(conn, codes)
        unknown = codes - known.keys()
        if unknown:
            await self._catch_up(conn)
            known = {**known, **await repository.find_validities(conn, unknown)}
        return [_examined(submission, known) for submission in submissions]

    async def _catch_up(self, conn: Connection) -> None:
        ends = await self._registry_ends()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience_seconds
        while not _has_reached(await load(conn, DIRECTORY_GROUP, directory_topics()), ends):
            if loop.time() >= deadline:
                raise DirectoryBehind
            await asyncio.sleep(_LOOK_EVERY_SECONDS)


def _has_reached(positions: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]) -> bool:
    return all(positions.get(partition, 0) >= end for partition, end in ends.items())


def _examined(submission: Submission, known: Mapping[str, Sequence[Validity]]) -> Submission:
    if submission.flaw is not None:
        return submission
    flaw = examine_division(known.get(submission.division, ()), beijing_day(submission.occurred_at))
    return submission if flaw is None else submission._replace(flaw=flaw)
