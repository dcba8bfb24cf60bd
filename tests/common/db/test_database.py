"""The pool: what it lends, and what a caller learns who gets nothing."""

import asyncio

import pytest
from sqlalchemy import text

from common.db import Database
from common.db.database import DatabaseUnavailable
from common.errors import Unavailable


async def who(db: Database) -> int:
    """The server process that the next caller gets."""
    async with db.autocommit() as conn:
        return await conn.fetchval("SELECT pg_backend_pid()")


@pytest.fixture
async def pool(database_url):
    """Two connections, a short patience."""
    made = Database(database_url, pool_size=2, pool_timeout_seconds=0.1)
    yield made
    await made.dispose()


async def test_a_pool_that_lends_nothing_in_time_is_unavailable_for_now(pool):
    async with pool.autocommit(), pool.autocommit():
        with pytest.raises(DatabaseUnavailable):
            await pool.ping()
        assert pool.lent == 2
    await pool.ping()
    assert pool.lent == 0
    assert issubclass(DatabaseUnavailable, Unavailable)


async def test_who_waits_gets_the_connection_that_comes_back(pool):
    async with pool.autocommit():
        async with pool.autocommit() as conn:
            mine = await conn.fetchval("SELECT pg_backend_pid()")
            waiting = asyncio.create_task(who(pool))
            await asyncio.sleep(0)
        assert await waiting == mine


async def test_the_one_used_last_is_lent_first(pool):
    async with pool.autocommit():
        second = await who(pool)
        assert await who(pool) == second
    first = await who(pool)
    assert first != second
    assert await who(pool) == first


@pytest.mark.parametrize("how", ["BEGIN", "SELECT pg_terminate_backend(pg_backend_pid())"])
async def test_one_that_is_dead_or_in_the_middle_of_something_is_not_lent_again(pool, how):
    before = await who(pool)
    with pytest.raises(RuntimeError, match="leaves"):
        async with pool.autocommit() as conn:
            try:
                await conn.execute(how)
            finally:
                raise RuntimeError("leaves")
    assert await who(pool) != before
    assert pool.lent == 0


async def test_one_whose_begin_was_interrupted_is_not_lent_again(pool):
    """The server may have begun, or not: nobody knows yet."""
    before = await who(pool)
    with pytest.raises(asyncio.CancelledError):
        async with pool.autocommit() as conn:
            beginning = asyncio.create_task(conn.transaction().start())
            await asyncio.sleep(0)
            beginning.cancel()
            await beginning
    assert await who(pool) != before
    async with pool.transaction() as conn:
        assert await conn.fetchval("SELECT 1") == 1


async def test_one_that_died_while_it_was_idle_is_replaced(pool):
    async with pool.autocommit() as other:
        before = await who(pool)
        await other.execute("SELECT pg_terminate_backend($1, 5000)", before)
        while not pool._idle[0][1][1].is_closed():
            await asyncio.sleep(0.01)
        assert await who(pool) != before


async def test_what_nobody_needs_any_more_is_closed_and_the_one_in_use_stays(database_url):
    """A burst does not hold the server's memory for ever."""
    pool = Database(database_url, pool_size=3)

    async def burst():
        async with pool.autocommit() as one, pool.autocommit() as two, pool.autocommit() as three:
            return {await conn.fetchval("SELECT pg_backend_pid()") for conn in (one, two, three)}

    first = await burst()
    assert len(pool._idle) == 3
    pool._pool_idle = -1
    assert await burst() == first, "a burst after a quiet time finds what there is"
    assert len(pool._idle) == 1
    kept = await who(pool)
    assert kept in first
    assert await who(pool) == kept
    await pool.dispose()


async def test_a_session_leaves_nothing_behind_it(pool):
    """An ORM connection that was not ended is thrown away."""
    before = await who(pool)
    async with pool.checkout() as (wrapped, _):
        await wrapped.execute(text("SELECT 1"))
        assert wrapped.in_transaction()
    assert await who(pool) != before


async def test_disposing_closes_what_is_lent_when_it_comes_back_and_what_comes_after_is_new(pool):
    async with pool.autocommit() as lent:
        idle = await who(pool)
        await pool.dispose()
        assert not lent.is_closed()
    assert lent.is_closed()
    assert await who(pool) != idle


async def test_a_caller_that_is_cancelled_while_it_waits_takes_no_turn(pool):
    async with pool.autocommit(), pool.autocommit():
        waiting = asyncio.create_task(who(pool))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with pool.autocommit(), pool.autocommit():
        assert pool.lent == 2


async def test_without_a_size_every_caller_has_one_of_its_own(database_url):
    free = Database(database_url, pool_size=0)
    pids = await asyncio.gather(*(who(free) for _ in range(5)))
    assert len(set(pids)) == 5
    assert free.lent == 0
    await free.dispose()


async def test_a_server_that_is_not_there_is_unavailable_and_the_turn_is_given_back(tmp_path):
    nowhere = Database(f"postgresql:///x?host={tmp_path}", pool_size=1)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await nowhere.ping()
    assert nowhere.lent == 0
