"""A process's few connections to the bus database: opened when needed, dropped on the slightest doubt.

Not asyncpg's pool: releasing a pooled connection whose server hangs can wait without a bound, and a bus must not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from common.bus.embedded.tuning import Tuning
from common.bus.errors import BusUnavailable

T = TypeVar("T")
log = logging.getLogger(__name__)

BROKEN = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What any statement of this adapter may raise when the database is not well."""


class Connections:
    """Lends connections, at most `tuning.connections` at a time.

    Args:
        database_url: of the bus database.
        tuning: the adapter's bounds.

    Attributes:
        losses: how many connections broke.
    """

    def __init__(self, database_url: str, tuning: Tuning) -> None:
        self._url = database_url
        self._tuning = tuning
        self._idle: list[Any] = []
        self._slots = asyncio.Semaphore(tuning.connections)
        self._is_closed = False
        self.losses = 0

    async def open(self) -> Any:
        """A new connection that belongs to the caller."""
        return await asyncpg.connect(
            self._url,
            timeout=self._tuning.answer_seconds,
            server_settings={
                "application_name": "jiceng-bus",
                "jit": "off",
                "synchronous_commit": "on",
                "statement_timeout": str(int(self._tuning.answer_seconds * 1000)),
                "idle_in_transaction_session_timeout": str(int(self._tuning.answer_seconds * 1000)),
            },
        )

    async def call(self, work: Callable[[Any], Awaitable[T]]) -> T:
        """Runs statements on a lent connection.

        Raises:
            BusUnavailable: it failed or took longer than the bound; the connection is gone then.
        """
        try:
            async with asyncio.timeout(self._tuning.answer_seconds), self._slots:
                return await self._call(work)
        except BROKEN as error:
            raise BusUnavailable(type(error).__name__) from error

    async def _call(self, work: Callable[[Any], Awaitable[T]]) -> T:
        if self._is_closed:
            raise BusUnavailable("stopped")
        conn = self._take()
        if conn is None:
            conn = await self.open()
        is_well = False
        try:
            result = await work(conn)
            is_well = True
            return result
        finally:
            if is_well and not self._is_closed:
                self._idle.append(conn)
            else:
                self._lose(conn)

    def _take(self) -> Any:
        while self._idle:
            conn = self._idle.pop()
            if not conn.is_closed():
                return conn
            self._lose(conn)
        return None

    def _lose(self, conn: Any) -> None:
        self.losses += 1
        conn.terminate()

    async def close(self) -> None:
        """Closes the idle ones within a bound; a lent one is cut when it comes back."""
        self._is_closed = True
        idle, self._idle = self._idle, []
        for conn in idle:
            await hang_up(conn, self._tuning.stop_seconds)


async def hang_up(conn: Any, seconds: float) -> None:
    """Closes a connection politely if that is quick, otherwise cuts it."""
    try:
        async with asyncio.timeout(seconds):
            await conn.close()
    except BROKEN:
        log.debug("bus connection cut")
    finally:
        if not conn.is_closed():
            conn.terminate()
