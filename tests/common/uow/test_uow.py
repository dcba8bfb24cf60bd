"""One transaction per use case: everything or nothing, before the answer, whatever happens to the caller."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from common.contracts.casework import CASE_TOPIC
from common.db import Database
from common.errors import Unavailable
from common.testing.events import case_event, case_state
from common.uow import RelayWake, UnitOfWorkFactory


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    version: Mapped[int]


async def counts(db: Database) -> tuple[int, int, int]:
    async with db.autocommit() as conn:
        return (
            await conn.fetchval("SELECT count(*) FROM things"),
            await conn.fetchval("SELECT count(*) FROM outbox"),
            await conn.fetchval("SELECT count(*) FROM audit_entries"),
        )


async def test_orm_rows_raw_rows_audit_and_events_commit_together(db: Database) -> None:
    wake = RelayWake()
    async with UnitOfWorkFactory(db, wake)() as uow:
        uow.session.add(Thing(id="orm", version=1))
        await uow.conn.execute("INSERT INTO things VALUES ('raw', 1)")
        await uow.record_audit("things.add", "thing", "orm")
        await uow.publish((CASE_TOPIC, case_event()))
        assert await counts(db) == (0, 0, 0)
    assert await counts(db) == (2, 1, 1)
    assert await wake.wait(0.01)


async def test_nothing_remains_when_the_use_case_raises(db: Database) -> None:
    wake = RelayWake()
    with pytest.raises(ZeroDivisionError):
        async with UnitOfWorkFactory(db, wake)() as uow:
            uow.session.add(Thing(id="orm", version=1))
            await uow.publish((CASE_TOPIC, case_event()))
            await uow.record_audit("things.add", "thing", "orm")
            raise ZeroDivisionError
    assert await counts(db) == (0, 0, 0)
    assert not await wake.wait(0.01)


async def test_the_event_comes_after_the_row_that_it_speaks_of(db: Database) -> None:
    """`publish` flushes first: a unique violation leaves no event behind."""
    async with UnitOfWorkFactory(db)() as uow:
        uow.session.add(Thing(id="a", version=1))
    with pytest.raises(Exception, match="things_pkey"):
        async with UnitOfWorkFactory(db)() as uow:
            uow.session.add(Thing(id="a", version=2))
            await uow.publish((CASE_TOPIC, case_event()))
    assert await counts(db) == (1, 0, 0)


async def test_of_two_writers_of_one_row_the_events_follow_the_lock(db: Database) -> None:
    """The later writer's event draws its id only when it has the row: the outbox tells the versions in order."""
    factory = UnitOfWorkFactory(db)
    async with factory() as uow:
        uow.session.add(Thing(id="a", version=1))

    async def change(version: int, has_row: asyncio.Event, may_publish: asyncio.Event) -> None:
        async with factory() as uow:
            thing = await uow.session.get_one(Thing, "a")
            thing.version = version
            if version == 2:
                await uow.flush()
            has_row.set()
            await may_publish.wait()
            await uow.publish((CASE_TOPIC, case_event(case_state(version=version))))

    has_row, may_publish, at_once = asyncio.Event(), asyncio.Event(), asyncio.Event()
    at_once.set()
    first = asyncio.create_task(change(2, has_row, may_publish))
    await has_row.wait()
    second = asyncio.create_task(change(3, has_row, at_once))
    await asyncio.sleep(0.15)
    may_publish.set()
    await asyncio.gather(first, second)
    async with db.autocommit() as conn:
        rows = await conn.fetch("SELECT recordversion FROM outbox ORDER BY id")
    assert [row["recordversion"] for row in rows] == [2, 3]


async def test_a_cancelled_caller_rolls_back_and_gives_the_connection_back(db: Database) -> None:
    factory = UnitOfWorkFactory(db)

    async def work() -> None:
        async with factory() as uow:
            await uow.conn.execute("INSERT INTO things VALUES ('x', 1)")
            await asyncio.sleep(60)

    for _ in range(10):  # more often than the pool has connections
        task = asyncio.create_task(work())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await counts(db) == (0, 0, 0)


async def make_commits_slow(db: Database) -> None:
    """A deferred trigger holds every COMMIT for 0.3 s."""
    async with db.autocommit() as conn:
        await conn.execute(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;"
            "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION dawdle()"
        )


async def test_the_relay_is_woken_after_the_commit_and_not_before(db: Database) -> None:
    """Woken earlier it would look, see nothing, and sleep."""
    await make_commits_slow(db)
    wake = RelayWake()

    async def work() -> None:
        async with UnitOfWorkFactory(db, wake)() as uow:
            await uow.conn.execute("INSERT INTO things VALUES ('x', 1)")
            uow.wake_relay()

    task = asyncio.create_task(work())
    async with asyncio.timeout(10):
        while not await wake.wait(0.02):
            assert not task.done()
    assert (await counts(db))[0] == 1
    await task


async def test_a_commit_that_has_begun_is_finished_although_the_caller_is_gone(db: Database) -> None:
    """The cancellation arrives in the middle of the COMMIT."""
    await make_commits_slow(db)

    async def work() -> None:
        async with UnitOfWorkFactory(db)() as uow:
            await uow.conn.execute("INSERT INTO things VALUES ('x', 1)")

    task = asyncio.create_task(work())
    await asyncio.sleep(0.15)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await counts(db))[0] == 1


async def test_a_connection_that_the_server_cut_is_replaced(db: Database) -> None:
    factory = UnitOfWorkFactory(db)
    async with factory() as uow:
        await uow.conn.execute("INSERT INTO things VALUES ('before', 1)")
    admin = await asyncpg.connect(db.url)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await admin.close()
    await asyncio.sleep(0.1)
    async with factory() as uow:
        await uow.conn.execute("INSERT INTO things VALUES ('after', 1)")
    assert (await counts(db))[0] == 2


async def test_a_database_that_is_not_there_is_unavailable_not_an_accident(db: Database) -> None:
    elsewhere = Database("postgresql://jiceng@127.0.0.1:1/nowhere", pool_size=1)
    with pytest.raises(Unavailable):
        async with UnitOfWorkFactory(elsewhere)():
            pass
    await elsewhere.dispose()


async def test_the_orm_and_raw_statements_share_one_transaction(db: Database) -> None:
    async with UnitOfWorkFactory(db)() as uow:
        uow.session.add(Thing(id="seen", version=7))
        await uow.flush()
        assert await uow.conn.fetchval("SELECT version FROM things WHERE id = 'seen'") == 7
        inner = await uow.session.scalar(text("SELECT pg_current_xact_id()::text"))
        assert inner == await uow.conn.fetchval("SELECT pg_current_xact_id()::text")
