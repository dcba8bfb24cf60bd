"""Keeps the consumers of this process in their groups: joins, shares out, claims, hands over, leaves."""

import asyncio
import contextlib
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from common.bus.embedded.connections import BROKEN, Connections
from common.bus.embedded.session import MemberRow, Session, SessionLost
from common.bus.embedded.shares import share_out
from common.bus.embedded.tuning import Tuning
from common.bus.errors import BusUnavailable

log = logging.getLogger(__name__)

_UNSETTLED_SECONDS = 0.25
_TROUBLE_SECONDS = (0.1, 2.0)


class Member(Protocol):
    """A consumer as the membership sees it; every call is short and does not wait."""

    group: str
    topic_ids: frozenset[int]
    polled_at: float

    def grant(self, partition_ids: Collection[int]) -> None:
        """These are yours now; load positions before reading."""

    def withdraw(self, partition_ids: Collection[int]) -> None:
        """Stop reading these."""

    def is_busy_with(self, partition_id: int) -> bool:
        """Whether the batch in hand holds messages of it."""

    def wake(self) -> None:
        """There may be something new."""


@dataclass(slots=True)
class _Place:
    """Where a member stands."""

    joined: asyncio.Event = field(default_factory=asyncio.Event)
    group_id: int | None = None
    member_id: int | None = None
    is_retired: bool = False


class Membership:
    """All members of one process, on one session.

    Args:
        connections: where the session's own connection comes from.
        tuning: the adapter's bounds.
    """

    def __init__(self, connections: Connections, tuning: Tuning) -> None:
        self._connections = connections
        self._tuning = tuning
        self._places: dict[Member, _Place] = {}
        self._owners: dict[tuple[int, int], Member] = {}
        self._leaving: dict[tuple[int, int], float] = {}
        self._session: Session | None = None
        self._beat_at = 0.0
        self._using = asyncio.Lock()
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.trouble: BaseException | None = None

    async def join(self, member: Member) -> None:
        """Makes a member known to its group.

        Raises:
            BusUnavailable: that did not succeed within the bound.
        """
        place = self._places[member] = _Place()
        member.polled_at = _now()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="bus-membership")
        self._poked.set()
        try:
            async with asyncio.timeout(self._tuning.answer_seconds):
                await place.joined.wait()
        except TimeoutError:
            await self.leave(member)
            raise BusUnavailable("no session") from self.trouble
        except asyncio.CancelledError:
            await self.leave(member)
            raise

    async def leave(self, member: Member) -> None:
        """Takes a member out of its group and frees its partitions, within a bound."""
        place = self._places.pop(member, None)
        if place is None:
            return
        try:
            async with asyncio.timeout(self._tuning.stop_seconds), self._using:
                await self._dismiss(member, place)
        except BROKEN as error:
            self._lose(error)
        if not self._places:
            await self._rest()

    def polled(self, member: Member) -> None:
        """The member has polled: its batch is done with, and it is alive."""
        member.polled_at = _now()
        place = self._places.get(member)
        if place is not None and place.is_retired:
            place.is_retired = False
            self._poked.set()
        if any(self._owners.get(key) is member for key in self._leaving):
            self._poked.set()

    async def close(self) -> None:
        """Takes everybody out, within a bound."""
        for member in list(self._places):
            await self.leave(member)
        await self._rest()

    async def _rest(self) -> None:
        task, self._task = self._task, None
        session, self._session = self._session, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task], timeout=self._tuning.stop_seconds)
        if session is not None:
            await session.close(self._tuning.stop_seconds)

    async def _run(self) -> None:
        pause = _TROUBLE_SECONDS[0]
        while True:
            self._poked.clear()
            try:
                async with asyncio.timeout(self._tuning.answer_seconds), self._using:
                    is_settled = await self._tick()
            except (*BROKEN, SessionLost) as error:
                log.warning("bus.session-lost error=%s", type(error).__name__)
                self._lose(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _TROUBLE_SECONDS[1])
                continue
            self.trouble = None
            pause = _TROUBLE_SECONDS[0]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._tuning.tick_seconds if is_settled else _UNSETTLED_SECONDS):
                    await self._poked.wait()

    async def _tick(self) -> bool:
        session = self._session if self._session is not None and self._session.is_open else await self._open()
        if _now() - self._beat_at > self._tuning.silence_seconds / 4:
            await session.beat()
            self._beat_at = _now()
        for member, place in list(self._places.items()):
            if _now() - member.polled_at > self._tuning.poll_interval_seconds and not place.is_retired:
                await self._retire(member, place)
            if place.member_id is None and not place.is_retired:
                place.group_id = await session.group_id(member.group)
                place.member_id = await session.add_member(place.group_id, member.topic_ids)
                place.joined.set()
        groups = {place.group_id for place in self._places.values() if place.group_id is not None}
        living = await session.living(groups) if groups else []
        is_settled = True
        for group_id in groups:
            rows = [row for row in living if row.group_id == group_id]
            is_settled &= await self._settle(session, group_id, rows)
        return is_settled

    async def _open(self) -> Session:
        self._disown()
        conn = await self._connections.open()
        try:
            session = await Session.open(
                conn,
                silence_seconds=self._tuning.silence_seconds,
                on_word=self._hear,
                on_end=lambda: self._ended(conn),
            )
        except BaseException:
            conn.terminate()
            raise
        self._session = session
        self._beat_at = _now()
        return session

    async def _settle(self, session: Session, group_id: int, rows: list[MemberRow]) -> bool:
        """Moves this process's partitions of a group towards their share; True when nothing is left to do."""
        partitions = await session.partitions({topic_id for row in rows for topic_id in row.topic_ids})
        shares = share_out([(row.id, row.topic_ids) for row in rows], partitions)
        is_settled = True
        for member, place in list(self._places.items()):
            if place.group_id != group_id or place.member_id is None:
                continue
            share = shares.get(place.member_id, frozenset())
            self._hand_over(member, group_id, share)
            await self._free(session, member, group_id)
            is_settled &= await self._claim(session, member, group_id, share)
        return is_settled and not any(key[0] == group_id for key in self._leaving)

    def _hand_over(self, member: Member, group_id: int, share: frozenset[int]) -> None:
        owned = self._owned(member, group_id)
        leaving = {id_ for id_ in owned if (group_id, id_) in self._leaving}
        for id_ in leaving & share:
            del self._leaving[group_id, id_]
        if leaving & share:
            member.grant(leaving & share)
        giving = owned - leaving - share
        if giving:
            member.withdraw(giving)
            for id_ in giving:
                self._leaving[group_id, id_] = _now() + self._tuning.grace_seconds

    async def _free(self, session: Session, member: Member, group_id: int) -> None:
        done = [
            id_
            for id_ in self._owned(member, group_id)
            if (until := self._leaving.get((group_id, id_))) is not None
            and (until < _now() or not member.is_busy_with(id_))
        ]
        if done:
            await session.release(group_id, done)
            self._forget(group_id, done)

    async def _claim(self, session: Session, member: Member, group_id: int, share: frozenset[int]) -> bool:
        wanted = share - self._owned(member, group_id)
        free = [id_ for id_ in wanted if (group_id, id_) not in self._owners]
        got = await session.claim(group_id, free) if free else []
        for id_ in got:
            self._owners[group_id, id_] = member
        if got:
            member.grant(got)
        return len(got) == len(wanted)

    async def _retire(self, member: Member, place: _Place) -> None:
        log.warning("bus.consumer-stopped-polling group=%s", member.group)
        place.is_retired = True
        place.joined.clear()
        await self._dismiss(member, place)

    async def _dismiss(self, member: Member, place: _Place) -> None:
        member_id, place.member_id = place.member_id, None
        group_id = place.group_id
        if group_id is None:
            return
        owned = self._owned(member, group_id)
        member.withdraw(owned)
        self._forget(group_id, owned)
        if self._session is not None and self._session.is_open:
            if member_id is not None:
                await self._session.remove_member(member_id)
            await self._session.release(group_id, owned)

    def _owned(self, member: Member, group_id: int) -> set[int]:
        return {id_ for (group, id_), owner in self._owners.items() if owner is member and group == group_id}

    def _forget(self, group_id: int, partition_ids: Collection[int]) -> None:
        for id_ in partition_ids:
            self._owners.pop((group_id, id_), None)
            self._leaving.pop((group_id, id_), None)

    def _hear(self, word: str) -> None:
        kind, _, rest = word.partition(" ")
        ids = {int(part) for part in rest.split()}
        if kind == "m":
            for member in self._places:
                if not ids.isdisjoint(member.topic_ids):
                    member.wake()
        elif any(place.group_id in ids for place in self._places.values()):
            self._poked.set()

    def _ended(self, conn: object) -> None:
        if self._session is not None and self._session.is_on(conn):
            self._lose(ConnectionError("session ended"))
            self._poked.set()

    def _lose(self, error: BaseException) -> None:
        self.trouble = error
        session, self._session = self._session, None
        if session is not None:
            session.cut()
        self._disown()

    def _disown(self) -> None:
        """Every lock of the session is gone, or must be taken for gone."""
        for (_, id_), member in self._owners.items():
            member.withdraw([id_])
        self._owners.clear()
        self._leaving.clear()
        for place in self._places.values():
            place.member_id = None
            place.joined.clear()


def _now() -> float:
    return asyncio.get_running_loop().time()
