"""The audit cannot be rewritten: not by an update, not by a deletion, not by somebody who removes the triggers."""

import asyncio

import asyncpg
import pytest

from common.audit import AuditEntry, AuditSealer, BrokenChain, record, verify_chain
from common.db import Database


def entry(number: int) -> AuditEntry:
    return AuditEntry("clerk-1", "440305001000", "casework.case.register", "casework.case", f"case-{number}")


async def write(db: Database, count: int, start: int = 0) -> None:
    async with db.transaction() as conn:
        for number in range(start, start + count):
            await record(conn, entry(number))


async def seal_all(db: Database) -> None:
    """Seals every entry.

    Transaction ids belong to the whole server: while a transaction of another database is open, the horizon waits.
    """
    async with asyncio.timeout(30):
        while True:
            await AuditSealer(db).seal_page()
            async with db.autocommit() as conn:
                waiting = await conn.fetchval(
                    "SELECT (SELECT count(*) FROM audit_entries) - (SELECT count(*) FROM audit_seals)"
                )
            if not waiting:
                return
            await asyncio.sleep(0.01)


async def test_the_chain_links_every_entry_in_order(db: Database) -> None:
    await write(db, 3)
    await seal_all(db)
    await write(db, 2, start=3)
    await seal_all(db)
    async with db.autocommit() as conn:
        assert await verify_chain(conn) == 5
        assert await conn.fetchval("SELECT count(*) FROM audit_seals") == 5


async def test_an_entry_that_commits_late_is_sealed_too(db: Database) -> None:
    slow = await asyncpg.connect(db.url)
    transaction = slow.transaction()
    await transaction.start()
    await record(slow, entry(1))
    await write(db, 1, start=2)
    assert await AuditSealer(db).seal_page() == 0, "an older transaction is open"
    await transaction.commit()
    await slow.close()
    await seal_all(db)
    async with db.autocommit() as conn:
        assert await verify_chain(conn) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'nobody'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "UPDATE audit_seals SET hash = ''",
        "DELETE FROM audit_seals",
        "TRUNCATE audit_seals",
    ],
)
async def test_the_tables_refuse_every_change(db: Database, statement: str) -> None:
    await write(db, 1)
    await seal_all(db)
    async with db.autocommit() as conn:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute(statement)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_entries SET actor = 'nobody' WHERE object_id = 'case-2'", 3),
        ("UPDATE audit_entries SET at = at + interval '1 second' WHERE object_id = 'case-1'", 2),
        ("DELETE FROM audit_entries WHERE object_id = 'case-3'", 4),
        ("DELETE FROM audit_seals WHERE seq = 2", 2),
        ("UPDATE audit_seals SET hash = sha256('x') WHERE seq = 5", 5),
    ],
)
async def test_a_change_behind_the_triggers_is_found_at_its_place(db: Database, statement: str, place: int) -> None:
    await write(db, 5)
    await seal_all(db)
    async with db.autocommit() as conn:
        await conn.execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL; ALTER TABLE audit_seals DISABLE TRIGGER ALL")
        await conn.execute(statement)
        with pytest.raises(BrokenChain) as broken:
            await verify_chain(conn)
    assert broken.value.seq == place


async def test_every_field_of_an_entry_is_covered(db: Database) -> None:
    await write(db, 2)
    await seal_all(db)
    async with db.autocommit() as conn:
        columns = await conn.fetch(
            "SELECT column_name AS name FROM information_schema.columns "
            "WHERE table_name = 'audit_entries' AND column_name NOT IN ('id', 'xid')"
        )
        assert len(columns) == 9
        await conn.execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        for column in (row["name"] for row in columns):
            other = "at + interval '1 microsecond'" if column == "at" else "'440399999999'"
            change = conn.transaction()
            await change.start()
            await conn.execute(f"UPDATE audit_entries SET {column} = {other} WHERE object_id = 'case-0'")
            with pytest.raises(BrokenChain) as broken:
                await verify_chain(conn)
            assert (column, broken.value.seq) == (column, 1)
            await change.rollback()
        assert await verify_chain(conn) == 2


async def test_two_sealers_do_not_seal_twice(db: Database) -> None:
    await write(db, 10)
    second = AuditSealer(db)
    async with db.transaction() as conn:
        await conn.fetchval("SELECT pg_advisory_xact_lock($1)", 0x4A43_0002)
        assert await second.seal_page() == 0
    await asyncio.gather(seal_all(db), seal_all(db))
    async with db.autocommit() as conn:
        assert await verify_chain(conn) == 10
