"""The frozen window: nothing that commits late is lost, and order per key is the order of the row locks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.db import Database, FrozenWindow, Window
from common.outbox import append, ensure_partitions
from common.outbox.partitions import PARTITION_ROWS, PARTITIONS_AHEAD
from common.outbox.store import EventTooLarge
from common.testing.events import case_event, case_state

WINDOW = FrozenWindow(table="outbox", columns=("subject", "recordversion"), state_table="relay_state")


@asynccontextmanager
async def writer(db: Database) -> AsyncIterator[asyncpg.Connection]:
    conn = await asyncpg.connect(db.url)
    try:
        yield conn
    finally:
        await conn.close()


async def write(conn: asyncpg.Connection, key: str, version: int) -> None:
    """A business row under its lock, then its event, as every use case does it."""
    await conn.execute(
        "INSERT INTO things VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET version = excluded.version", key, version
    )
    state = case_state(version=version)
    await append(conn, "jiceng.casework.case.v1", case_event(state, subject=key, partitionkey=key))


async def drain(db: Database, limit: int = 100) -> list[tuple[str, int]]:
    """Reads the next window whole and stores the position."""
    seen: list[tuple[str, int]] = []
    async with db.autocommit() as conn:
        window = await WINDOW.freeze(conn, await WINDOW.load(conn))
        while rows := await WINDOW.page(conn, window, limit):
            seen += [(row["subject"], row["recordversion"]) for row in rows]
            window = Window(window.lo, window.hi, rows[-1]["id"])
        await WINDOW.save(conn, WINDOW.close(window))
    return seen


async def drain_all(db: Database, count: int, limit: int = 100) -> list[tuple[str, int]]:
    """Reads windows until `count` rows came, and one more.

    Transaction ids belong to the whole server: while a transaction of another database is open, the horizon waits.
    """
    seen: list[tuple[str, int]] = []
    async with asyncio.timeout(30):
        while len(seen) < count:
            seen += await drain(db, limit)
            await asyncio.sleep(0.01)
    return seen + await drain(db, limit)


async def test_a_late_commit_with_a_smaller_id_is_not_skipped(db: Database) -> None:
    async with writer(db) as slow, writer(db) as fast:
        late = slow.transaction()
        await late.start()
        await write(slow, "late", 1)
        await write(fast, "early", 1)
        first = await drain(db)
        await late.commit()
        second = await drain_all(db, 2 - len(first))
    assert sorted(first + second) == [("early", 1), ("late", 1)]


async def test_order_per_key_holds_when_the_older_transaction_writes_last(db: Database) -> None:
    """The transaction with the smaller xid waits for the row lock: its event is the later one."""
    async with writer(db) as older, writer(db) as newer:
        await write(older, "k", 1)
        first, second = older.transaction(), newer.transaction()
        await first.start()
        await write(older, "elsewhere", 1)  # draws the smaller xid
        await second.start()
        await write(newer, "k", 2)
        waiting = asyncio.create_task(write(older, "k", 3))
        await asyncio.sleep(0.05)
        await second.commit()
        await waiting
        await first.commit()
    seen = await drain_all(db, 4)
    assert [version for key, version in seen if key == "k"] == [1, 2, 3]


async def test_a_window_is_read_in_pages_and_resumed_in_its_middle(db: Database) -> None:
    async with writer(db) as conn, conn.transaction():
        for number in range(25):
            await write(conn, f"k{number}", 1)
    async with db.autocommit() as conn, asyncio.timeout(30):
        page = []
        while not page:
            window = await WINDOW.freeze(conn, await WINDOW.load(conn))
            page = await WINDOW.page(conn, window, 10)
        await WINDOW.save(conn, Window(window.lo, window.hi, page[-1]["id"]))
    async with writer(db) as conn:
        await write(conn, "later", 1)
    resumed = await drain_all(db, 16, limit=7)
    assert resumed == [*((f"k{number}", 1) for number in range(10, 25)), ("later", 1)]


async def test_a_rolled_back_event_is_never_seen(db: Database) -> None:
    async with writer(db) as conn:
        transaction = conn.transaction()
        await transaction.start()
        await write(conn, "gone", 1)
        await transaction.rollback()
        await write(conn, "stays", 1)
    assert await drain_all(db, 1) == [("stays", 1)]


STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["write", "write", "commit", "rollback", "drain"])), max_size=30
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_any_interleaving_of_writers_and_reader_loses_and_doubles_nothing(db: Database, steps: list) -> None:
    """Four open transactions write, end and are read in any order: each committed event is read exactly once."""
    connections = [await asyncpg.connect(db.url) for _ in range(4)]
    open_: dict[int, tuple[asyncpg.transaction.Transaction, list[tuple[str, int]]]] = {}
    committed: list[tuple[str, int]] = []
    seen: list[tuple[str, int]] = []
    await drain(db)
    count = 0
    try:
        for who, what in [*steps, *((who, "commit") for who in range(4))]:
            if what == "drain":
                seen += await drain(db, limit=3)
            elif what == "write":
                if who not in open_:
                    transaction = connections[who].transaction()
                    await transaction.start()
                    open_[who] = (transaction, [])
                count += 1
                await write(connections[who], f"w{who}-{count}", count)
                open_[who][1].append((f"w{who}-{count}", count))
            elif who in open_:
                transaction, written = open_.pop(who)
                await (transaction.commit() if what == "commit" else transaction.rollback())
                committed += written if what == "commit" else []
    finally:
        for conn in connections:
            await conn.close()
    seen += await drain_all(db, len(committed) - len(seen))
    assert sorted(seen) == sorted(committed)
    for who in range(4):
        mine = [version for key, version in seen if key.startswith(f"w{who}-")]
        assert mine == sorted(mine)


async def test_partitions_are_made_ahead_of_the_writers(db: Database) -> None:
    async with db.autocommit() as conn:
        assert await ensure_partitions(conn) == []
        await conn.execute(f"SELECT setval('outbox_id_seq', {PARTITION_ROWS * 3 - 1})")
        assert await ensure_partitions(conn) == [PARTITIONS_AHEAD + 1, PARTITIONS_AHEAD + 2]
        await append(conn, "jiceng.casework.case.v1", case_event())
        await append(conn, "jiceng.casework.case.v1", case_event())
        rows = await conn.fetch("SELECT tableoid::regclass::text AS part FROM outbox ORDER BY id")
    assert [row["part"] for row in rows] == ["outbox_p000003", "outbox_p000003"]


async def test_an_event_beyond_the_last_partition_fails_loudly(db: Database) -> None:
    async with db.autocommit() as conn:
        await conn.execute(f"SELECT setval('outbox_id_seq', {PARTITION_ROWS * (PARTITIONS_AHEAD + 1)})")
        with pytest.raises(asyncpg.CheckViolationError):
            await append(conn, "jiceng.casework.case.v1", case_event())


async def test_an_event_that_no_bus_takes_never_gets_into_the_outbox(db: Database) -> None:
    async with db.autocommit() as conn:
        with pytest.raises(EventTooLarge):
            await append(conn, "jiceng.casework.case.v1", case_event(data=b"x" * 1_000_000))
        assert await conn.fetchval("SELECT count(*) FROM outbox") == 0
