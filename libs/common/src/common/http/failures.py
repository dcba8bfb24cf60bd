"""Failures of parts below that pass by themselves: the caller may try again, nothing of the attempt remains."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from common.db.database import DatabaseUnavailable
from common.errors import DomainError
from common.http.errors import ServiceBusy

_UNREACHABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    ConnectionError,
)
_BUSY = (
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    PoolTimeoutError,
)


def passing_failure(error: BaseException) -> DomainError | None:
    """The same failure as a domain error, or None where the code itself is at fault."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, _BUSY):
        return ServiceBusy()
    if isinstance(error, _UNREACHABLE) or (isinstance(error, asyncpg.InterfaceError) and "closed" in str(error)):
        return DatabaseUnavailable()
    if isinstance(error, DBAPIError):
        driver = error.orig.__cause__ if error.orig is not None else None
        return passing_failure(driver) if driver is not None else None
    return None
