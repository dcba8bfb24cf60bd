"""The pool: what it lends, and what a caller learns who gets nothing."""

import pytest

from common.db import Database
from common.db.database import DatabaseUnavailable
from common.errors import Unavailable


async def test_a_pool_that_lends_nothing_in_time_is_unavailable_for_now(database_url: str) -> None:
    """SQLAlchemy's own TimeoutError is neither the builtin one nor a DBAPIError."""
    narrow = Database(database_url, pool_size=1, pool_timeout_seconds=0.1)
    try:
        async with narrow.autocommit():
            with pytest.raises(DatabaseUnavailable):
                async with narrow.autocommit():
                    pass
        await narrow.ping()
    finally:
        await narrow.dispose()
    assert issubclass(DatabaseUnavailable, Unavailable)
