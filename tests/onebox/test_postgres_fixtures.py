"""The fixtures every other test builds on."""

import socket

import asyncpg
import pytest


async def test_each_test_gets_an_empty_database_it_can_write_to(database_url):
    conn = await asyncpg.connect(database_url)
    try:
        assert await conn.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0
        await conn.execute("CREATE TABLE trace (id int)")
    finally:
        await conn.close()


async def test_the_next_test_sees_nothing_of_it(database_url):
    conn = await asyncpg.connect(database_url)
    try:
        assert await conn.fetchval("SELECT to_regclass('trace')") is None
    finally:
        await conn.close()


async def test_a_clone_starts_with_the_rows_of_its_template(clone_database, postgres_server):
    postgres_server.create_database("template_of_clone_test")
    postgres_server.run_sql("template_of_clone_test", "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    try:
        conn = await asyncpg.connect(clone_database("template_of_clone_test"))
        try:
            assert await conn.fetchval("SELECT id FROM kept") == 7
        finally:
            await conn.close()
    finally:
        postgres_server.drop_database("template_of_clone_test")


def test_a_connection_beyond_loopback_is_refused():
    with socket.socket() as outward, pytest.raises(RuntimeError, match="only loopback"):
        outward.connect(("192.0.2.1", 80))
    with socket.socket() as outward, pytest.raises(RuntimeError, match="only loopback"):
        outward.connect_ex(("example.org", 80))
