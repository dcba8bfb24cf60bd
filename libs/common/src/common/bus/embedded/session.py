"""One process's session on the bus: the connection that listens and whose advisory locks are the partitions it owns.

PostgreSQL ends the session, and with it every lock, when the process dies; so a crashed member's partitions are
free at once, and no clock decides ownership. The beat exists for processes that hang while their connection lives:
the others end such a session.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import asyncpg

from common.bus.embedded.connections import hang_up
from common.bus.embedded.schema import CHANNEL

_ALIVE = """
SELECT m.id, m.group_id, m.topic_ids, m.session_id, s.backend_pid,
       a.pid IS NOT NULL AND coalesce(a.backend_start = s.backend_start, true) AS is_connected,
       s.beat_at < clock_timestamp() - make_interval(secs => $2) AS is_silent
  FROM bus_member m
  JOIN bus_session s ON s.id = m.session_id
  LEFT JOIN pg_stat_activity a ON a.pid = s.backend_pid
 WHERE m.group_id = ANY($1::int[])
 ORDER BY m.id
"""


_SWEEP = """
DELETE FROM bus_session s WHERE NOT EXISTS (
    SELECT FROM pg_stat_activity a
     WHERE a.pid = s.backend_pid AND coalesce(a.backend_start = s.backend_start, true)
)
"""


class SessionLost(Exception):
    """The session was ended from outside: nothing is owned any more."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One living member of a group, here or in another process."""

    id: int
    group_id: int
    topic_ids: frozenset[int]


class Session:
    """Statements of the session; the caller takes care that they do not overlap.

    Args:
        conn: a connection of its own.
        id: the row of the session.
        silence_seconds: after so long without a beat another session is ended.
    """

    def __init__(self, conn: Any, id: int, silence_seconds: float) -> None:  # noqa: A002
        self._conn = conn
        self.id = id
        self._silence = silence_seconds
        self._partitions: dict[int, tuple[int, ...]] = {}

    @classmethod
    async def open(
        cls, conn: Any, *, silence_seconds: float, on_word: Callable[[str], None], on_end: Callable[[], None]
    ) -> "Session":
        """Registers the session and listens; `on_end` is called when the connection is gone."""
        conn.add_termination_listener(lambda _: on_end())
        await conn.add_listener(CHANNEL, lambda _conn, _pid, _channel, payload: on_word(payload))
        await conn.execute(_SWEEP)
        id_ = await conn.fetchval(
            "INSERT INTO bus_session (backend_pid, backend_start) "
            "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid() RETURNING id"
        )
        return cls(conn, id_, silence_seconds)

    @property
    def is_open(self) -> bool:
        """False once the connection is gone."""
        return not self._conn.is_closed()

    def is_on(self, conn: object) -> bool:
        """Whether this is the session of that connection."""
        return self._conn is conn

    async def group_id(self, name: str) -> int:
        """The number of a group, made when new."""
        id_ = await self._conn.fetchval(
            "INSERT INTO bus_group (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name "
            "RETURNING id",
            name,
        )
        return int(id_)

    async def add_member(self, group_id: int, topic_ids: Collection[int]) -> int:
        """Joins a group; tells the others."""
        id_ = await self._conn.fetchval(
            "INSERT INTO bus_member (session_id, group_id, topic_ids) VALUES ($1, $2, $3) RETURNING id",
            self.id,
            group_id,
            sorted(topic_ids),
        )
        await self.tell(group_id)
        return int(id_)

    async def remove_member(self, member_id: int) -> None:
        """Leaves a group; the caller tells the others once the partitions are free."""
        await self._conn.execute("DELETE FROM bus_member WHERE id = $1", member_id)

    async def beat(self) -> None:
        """A sign of life.

        Raises:
            SessionLost: the others have ended this session.
        """
        done = await self._conn.execute("UPDATE bus_session SET beat_at = clock_timestamp() WHERE id = $1", self.id)
        if done != "UPDATE 1":
            raise SessionLost

    async def living(self, group_ids: Collection[int]) -> list[MemberRow]:
        """The living members of these groups; removes the dead, ends the silent."""
        rows = await self._conn.fetch(_ALIVE, list(group_ids), self._silence)
        gone = {row["session_id"] for row in rows if not row["is_connected"]}
        silent = {
            row["session_id"]: row["backend_pid"]
            for row in rows
            if row["is_connected"] and row["is_silent"] and row["session_id"] != self.id
        }
        if silent:
            await self._end(list(silent.values()))
        if gone or silent:
            await self._conn.execute("DELETE FROM bus_session WHERE id = ANY($1::bigint[])", [*gone, *silent])
        return [
            MemberRow(row["id"], row["group_id"], frozenset(row["topic_ids"]))
            for row in rows
            if row["session_id"] not in gone and row["session_id"] not in silent
        ]

    async def _end(self, backend_pids: list[int]) -> None:
        try:
            await self._conn.execute("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", backend_pids)
        except asyncpg.InsufficientPrivilegeError:
            return

    async def partitions(self, topic_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Topic id → partition ids; a topic's partitions never change."""
        unknown = [id_ for id_ in topic_ids if id_ not in self._partitions]
        if unknown:
            rows = await self._conn.fetch(
                "SELECT topic_id, array_agg(id ORDER BY id) AS ids FROM bus_partition "
                "WHERE topic_id = ANY($1::int[]) GROUP BY topic_id",
                unknown,
            )
            self._partitions.update({row["topic_id"]: tuple(row["ids"]) for row in rows})
        return {id_: self._partitions.get(id_, ()) for id_ in topic_ids}

    async def claim(self, group_id: int, partition_ids: Collection[int]) -> list[int]:
        """Takes the partitions that nobody owns; returns those."""
        rows = await self._conn.fetch(
            "SELECT id, pg_try_advisory_lock($1, id) AS is_mine FROM unnest($2::int[]) AS id",
            group_id,
            sorted(partition_ids),
        )
        return [row["id"] for row in rows if row["is_mine"]]

    async def release(self, group_id: int, partition_ids: Collection[int]) -> None:
        """Gives partitions up and tells the others."""
        await self._conn.execute(
            "SELECT pg_advisory_unlock($1, id) FROM unnest($2::int[]) AS id", group_id, sorted(partition_ids)
        )
        await self.tell(group_id)

    async def tell(self, group_id: int) -> None:
        """Makes every process with members of the group look at it now."""
        await self._conn.execute("SELECT pg_notify($1, $2)", CHANNEL, f"g {group_id}")

    async def close(self, seconds: float) -> None:
        """Ends the session within a bound; the server frees every lock."""
        await hang_up(self._conn, seconds)

    def cut(self) -> None:
        """Ends the session now."""
        if not self._conn.is_closed():
            self._conn.terminate()
