"""Which failures pass by themselves, raw and as an SQLAlchemy session wraps them."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from common.db import is_passing
from common.db.database import DatabaseUnavailable


def wrapped(driver: BaseException) -> DBAPIError:
    told = Exception("as the dialect tells it")
    told.__cause__ = driver
    return OperationalError("SELECT", {}, told)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (asyncpg.DeadlockDetectedError("x"), True),
        (asyncpg.SerializationError("x"), True),
        (asyncpg.LockNotAvailableError("x"), True),
        (asyncpg.QueryCanceledError("x"), True),
        (asyncpg.AdminShutdownError("x"), True),
        (asyncpg.TooManyConnectionsError("x"), True),
        (asyncpg.ConnectionDoesNotExistError("x"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (OSError("x"), True),
        (asyncpg.UniqueViolationError("x"), False),
        (asyncpg.DivisionByZeroError("x"), False),
        (asyncpg.exceptions._base.DataError("a text where a number belongs"), False),
        (ValueError("x"), False),
    ],
)
def test_the_drivers_own_error_decides_raw_and_wrapped(error, expected):
    assert is_passing(error) is expected
    assert is_passing(wrapped(error)) is expected


def test_what_has_no_driver_inside_is_judged_by_what_it_says():
    assert is_passing(DatabaseUnavailable())
    assert is_passing(PoolTimeoutError())
    assert is_passing(DBAPIError("SELECT", {}, Exception("x"), connection_invalidated=True))
    assert not is_passing(DBAPIError("SELECT", {}, Exception("x")))
