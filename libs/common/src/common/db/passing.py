"""Which failures are the database's and not those of what was being done: they pass, and the same work succeeds."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from common.errors import Unavailable

_PASSING = (
    Unavailable,
    OSError,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


def is_passing(error: BaseException) -> bool:
    """Whether a failure is the database's: a lost connection, a lock that took too long, a deadlock, a shutdown.

    What comes through an SQLAlchemy session is wrapped; the driver's own error inside decides. A job over many does
    not count such a failure against the one that it was at: it gives the whole batch up and takes it up again. A value
    that the driver refuses to send is none, whatever its class: it would hold up the batch for ever.

    Source: ADR 0007.
    """
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        driver = error.orig.__cause__ if error.orig is not None else None
        return driver is not None and is_passing(driver)
    return isinstance(error, _PASSING) and not isinstance(error, ValueError)
