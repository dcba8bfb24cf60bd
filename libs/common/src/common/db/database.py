"""The pool, the transaction and the autocommit connection."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from asyncpg.connection import Connection as _Connection
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from common.db.uninterrupted import uninterrupted
from common.errors import Unavailable

Connection: TypeAlias = _Connection
"""A raw asyncpg connection: `fetch`, `fetchrow`, `fetchval`, `execute`, `copy_records_to_table`."""

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
        pool_size: connections kept; the pool never grows beyond it.
        pool_timeout_seconds: how long a caller waits for one that is lent.
        application_name: what operators see in pg_stat_activity.
        statement_timeout_ms: the server ends longer statements; 0 switches it off.
        lock_timeout_ms: the server gives up waiting for a lock after this long.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 8,
        pool_timeout_seconds: float = 30.0,
        application_name: str = "jiceng",
        statement_timeout_ms: int = 15_000,
        lock_timeout_ms: int = 5_000,
    ) -> None:
        self.url = url
        self._pool_size = pool_size
        self.application_name = application_name
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
            **({"poolclass": NullPool} if pool_size == 0 else _kept(pool_size, pool_timeout_seconds)),
        )

    async def dispose(self) -> None:
        """Closes every pooled connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def checkout(self) -> AsyncIterator[tuple[AsyncConnection, Connection]]:
        """A pooled connection, as SQLAlchemy and as asyncpg see it; a dead one is replaced on the way out and in.

        Raises:
            DatabaseUnavailable: PostgreSQL cannot be reached.
        """
        wrapped, raw = await self._open()
        try:
            yield wrapped, raw
        finally:
            await uninterrupted(_give_back(wrapped, raw))

    async def _open(self) -> tuple[AsyncConnection, Connection]:
        for _ in range(self._pool_size + 1):
            try:
                wrapped = await self.engine.connect()
            except (*_UNREACHABLE, DBAPIError, PoolTimeoutError, TimeoutError) as error:
                raise DatabaseUnavailable from error
            raw = _driver_connection(wrapped)
            if not raw.is_closed():
                return wrapped, raw
            await wrapped.invalidate()
            await wrapped.close()
        raise DatabaseUnavailable

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


def _kept(pool_size: int, timeout_seconds: float) -> dict[str, Any]:
    """The connection used last is lent first: its server process is warm, and the others stay small."""
    return {"pool_size": pool_size, "pool_timeout": timeout_seconds, "max_overflow": 0, "pool_use_lifo": True}


def _driver_connection(wrapped: AsyncConnection) -> Any:
    """The asyncpg connection inside, without SQLAlchemy's detour through another stack."""
    assert wrapped.sync_connection is not None  # noqa: S101 - it is connected
    return wrapped.sync_connection.connection.driver_connection


async def _give_back(wrapped: AsyncConnection, raw: Connection) -> None:
    if not wrapped.closed and (raw.is_closed() or raw.is_in_transaction()):
        await wrapped.invalidate()
    await wrapped.close()


def connection_arguments(url: str) -> str:
    """The same URL for the synchronous and asyncpg tools that take no SQLAlchemy driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
