"""A database that is given on is as its template: nothing of a test reaches the next one."""

import asyncio

import asyncpg
import pytest

from common.testing.databases import TestDatabases

TEMPLATE = """
CREATE TABLE kept (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text NOT NULL);
CREATE TABLE empty (id bigserial PRIMARY KEY, kept_id int REFERENCES kept);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never'; END $$;
CREATE TRIGGER never BEFORE TRUNCATE OR DELETE ON empty EXECUTE FUNCTION refuse();
INSERT INTO kept (word) VALUES ('one'), ('two');
"""
AS_IT_WAS = ([(1, "one"), (2, "two")], [])


@pytest.fixture
def databases(postgres_server):
    name = "template_of_test_databases"
    postgres_server.create_database(name)
    postgres_server.run_sql(name, TEMPLATE)
    made = TestDatabases(postgres_server.url)
    yield lambda: made.take(name), made.give_back
    made.close()
    postgres_server.drop_database(name)


def run(postgres_server, name, sql="SELECT"):
    """What stands in it after a script, and the number that comes next in each table."""

    async def work():
        conn = await asyncpg.connect(postgres_server.url(name))
        try:
            await conn.execute(sql)
            kept = [tuple(row) for row in await conn.fetch("SELECT * FROM kept ORDER BY id")]
            return kept, [tuple(row) for row in await conn.fetch("SELECT * FROM empty")]
        finally:
            await conn.close()

    return asyncio.run(work())


@pytest.mark.parametrize("written", [
    "INSERT INTO empty (kept_id) VALUES (1)",
    "INSERT INTO kept (word) VALUES ('three')",
    "UPDATE kept SET word = 'other' WHERE id = 1",
    "DELETE FROM kept WHERE id = 2",
    "DELETE FROM kept",
    "INSERT INTO empty (kept_id) VALUES (2); UPDATE kept SET word = upper(word)",
])  # fmt: skip
def test_what_a_test_wrote_is_gone_and_the_database_is_used_again(databases, postgres_server, written):
    take, give_back = databases
    first = take()
    assert run(postgres_server, first) == AS_IT_WAS
    assert run(postgres_server, first, written) != AS_IT_WAS
    give_back(first)
    again = take()
    assert again == first
    assert run(postgres_server, again) == AS_IT_WAS
    numbered = run(postgres_server, again, "INSERT INTO kept (word) VALUES ('x'); INSERT INTO empty DEFAULT VALUES")
    assert numbered == ([*AS_IT_WAS[0], (3, "x")], [(1, None)])
    give_back(again)


@pytest.mark.parametrize("changed", [
    "CREATE TABLE more ()", "ALTER TABLE empty ADD COLUMN word text", "DROP TRIGGER never ON empty",
    "ALTER TABLE empty DISABLE TRIGGER never", "DROP TABLE empty; CREATE TABLE empty ()", "ANALYZE kept",
    "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "ALTER TABLE kept SET (fillfactor = 50)", "CREATE INDEX ON kept (word)",
])  # fmt: skip
def test_one_whose_schema_was_changed_is_not_given_on(databases, postgres_server, changed):
    take, give_back = databases
    first = take()
    run(postgres_server, first, changed)
    give_back(first)
    assert not postgres_server.has_database(first)
    again = take()
    assert again != first
    assert run(postgres_server, again) == AS_IT_WAS
    give_back(again)


def test_two_at_once_are_two_and_a_dropped_one_is_not_missed(databases, postgres_server):
    take, give_back = databases
    first, second = take(), take()
    assert first != second
    postgres_server.drop_database(first)
    give_back(first)
    give_back(second)
    assert take() == second


async def test_whoever_is_still_connected_is_cut_off(databases, postgres_server):
    take, give_back = databases
    name = take()
    conn = await asyncpg.connect(postgres_server.url(name))
    await conn.execute("BEGIN; INSERT INTO empty DEFAULT VALUES")
    await asyncio.to_thread(give_back, name)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
        await conn.execute("COMMIT")
    assert await asyncio.to_thread(run, postgres_server, take()) == AS_IT_WAS
