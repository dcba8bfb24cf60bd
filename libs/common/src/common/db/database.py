"""The pool, the transaction and the autocommit connection."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from asyncpg.connection import Connection as _Connection
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from common.db.uninterrupted import uninterrupted
from common.errors import Unavailable

Connection: TypeAlias = _Connection
"""A raw asyncpg connection: `fetch`, `fetchrow`, `fetchval`, `execute`, `copy_records_to_table`."""
_Pair: TypeAlias = tuple[AsyncConnection, _Connection]

_UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)


class DatabaseUnavailable(Unavailable):
    """PostgreSQL does not answer, has no place for one more connection, or the pool lent none in time."""

    code = "service.database-unavailable"
    title = "数据库暂不可用"


class Database:
    """The service's own database.

    Args:
        url: `postgresql://user@host/name`, sockets as `?host=/folder`.
        pool_size: the pool never grows beyond it. 0 keeps none and lends any number.
        pool_timeout_seconds: how long a caller waits for one that is lent.
        pool_idle_seconds: connections that nobody needed for longer are closed, one with each that is given back, but
            the last; a server process holds several megabytes.
        application_name: what operators see in pg_stat_activity.
        statement_timeout_ms: the server ends longer statements; 0 switches it off.
        lock_timeout_ms: the server gives up waiting for a lock after this long.

    Attributes:
        lent: how many connections callers have now.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 8,
        pool_timeout_seconds: float = 30.0,
        pool_idle_seconds: float = 60.0,
        application_name: str = "jiceng",
        statement_timeout_ms: int = 15_000,
        lock_timeout_ms: int = 5_000,
    ) -> None:
        self.url = url
        self.application_name = application_name
        self._pool_size, self._pool_timeout = pool_size, pool_timeout_seconds
        self._pool_idle = pool_idle_seconds
        self._idle: list[tuple[float, _Pair]] = []
        self._turns = asyncio.Semaphore(pool_size)
        self._generation = 0
        self.lent = 0
        settings = {
            "application_name": application_name,
            "statement_timeout": str(statement_timeout_ms),
            "lock_timeout": str(lock_timeout_ms),
            "idle_in_transaction_session_timeout": "60000",
            "jit": "off",
            "timezone": "UTC",
        }
        self.engine: AsyncEngine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": settings, "timeout": 10},
            poolclass=NullPool,
        )

    async def dispose(self) -> None:
        """Closes every connection: the idle ones now, those that are lent when they come back."""
        self._generation += 1
        while self._idle:
            await self._idle.pop()[1][0].close()
        await self.engine.dispose()

    @asynccontextmanager
    async def checkout(self) -> AsyncIterator[_Pair]:
        """A pooled connection, as SQLAlchemy and as asyncpg see it; a dead one is replaced on the way out and in.

        The one used last is lent first: its server process is warm, and the others stay small.

        Raises:
            DatabaseUnavailable: PostgreSQL cannot be reached, or the pool lent nothing in time.
        """
        await self._begin_turn()
        generation, pair = self._generation, None
        try:
            pair = await self._open()
            yield pair
        finally:
            if pair is None:
                self._end_turn()
            elif self._pool_size and generation == self._generation and _is_fit(*pair):
                self._idle.append((time.monotonic(), pair))
                self._end_turn()
                if self._has_stale():
                    await uninterrupted(_close(self._idle.pop(0)[1][0]))
            else:
                await uninterrupted(self._discard(pair[0]))

    def _has_stale(self) -> bool:
        return len(self._idle) > 1 and time.monotonic() - self._idle[0][0] > self._pool_idle

    async def _begin_turn(self) -> None:
        if self._pool_size:
            try:
                async with asyncio.timeout(self._pool_timeout if self._turns.locked() else None):
                    await self._turns.acquire()
            except TimeoutError as error:
                raise DatabaseUnavailable from error
        self.lent += 1

    def _end_turn(self) -> None:
        self.lent -= 1
        if self._pool_size:
            self._turns.release()

    async def _open(self) -> _Pair:
        while self._idle:
            _, (wrapped, raw) = self._idle.pop()
            if not raw.is_closed():
                return wrapped, raw
            await _close(wrapped)
        try:
            wrapped = await self.engine.connect()
        except (*_UNREACHABLE, DBAPIError, TimeoutError) as error:
            raise DatabaseUnavailable from error
        return wrapped, _driver_connection(wrapped)

    async def _discard(self, wrapped: AsyncConnection) -> None:
        try:
            await _close(wrapped)
        finally:
            self._end_turn()

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Connection]:
        """A connection on which every statement stands for itself: reads, and administrative commands."""
        async with self.checkout() as (_, raw):
            yield raw

    @asynccontextmanager
    async def transaction(self, *, readonly: bool = False) -> AsyncIterator[Connection]:
        """One READ COMMITTED transaction: commits at the end of the block, rolls back when it raises."""
        async with self.checkout() as (_, raw), raw.transaction(readonly=readonly):
            yield raw

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """One moment of the database for every statement of the block, which may only read."""
        async with self.checkout() as (_, raw), raw.transaction(isolation="repeatable_read", readonly=True):
            yield raw

    async def dedicated(self) -> Connection:
        """A connection outside the pool, for session locks and LISTEN; the caller closes it.

        Raises:
            DatabaseUnavailable: PostgreSQL cannot be reached.
        """
        settings = {"application_name": f"{self.application_name}-dedicated", "jit": "off", "timezone": "UTC"}
        try:
            return await asyncpg.connect(self.url, server_settings=settings, timeout=10)
        except (*_UNREACHABLE, TimeoutError) as error:
            raise DatabaseUnavailable from error

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when a trivial query does not come back."""
        async with self.autocommit() as conn:
            await conn.fetchval("SELECT 1")


def _driver_connection(wrapped: AsyncConnection) -> Any:
    """The asyncpg connection inside, without SQLAlchemy's detour through another stack."""
    assert wrapped.sync_connection is not None  # noqa: S101 - it is connected
    return wrapped.sync_connection.connection.driver_connection


def _is_fit(wrapped: AsyncConnection, raw: Connection) -> bool:
    """Whether the next caller finds the connection as a new one; one in the middle of something is thrown away.

    A BEGIN whose caller went away may still be on its way: asyncpg's own pool looks at `_top_xact` for it too.
    """
    is_idle = not (raw.is_in_transaction() or raw._top_xact is not None or wrapped.in_transaction())  # noqa: SLF001
    return is_idle and not (wrapped.closed or raw.is_closed())


async def _close(wrapped: AsyncConnection) -> None:
    if not wrapped.closed:
        await wrapped.invalidate()
    await wrapped.close()


def connection_arguments(url: str) -> str:
    """The same URL for the synchronous and asyncpg tools that take no SQLAlchemy driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
