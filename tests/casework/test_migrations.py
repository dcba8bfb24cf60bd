"""The migrations: one head, equal to the models, safe to run, and the start refuses an old database."""

import asyncio
import subprocess
import sys

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from casework.__main__ import DEFINITION
from common.process import Context
from common.process.context import DatabaseNotMigrated
from common.process.migrations import check


def test_there_is_one_head():
    assert len(ScriptDirectory(str(DEFINITION.migrations)).get_heads()) == 1


def test_the_models_are_what_the_migrations_make(database):
    check(DEFINITION.migrations, database)


async def test_a_second_migration_changes_nothing(database):
    conn = await asyncpg.connect(database)
    tables = "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    before = await conn.fetch(tables)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "casework", "migrate"], env={"DATABASE_URL": database, "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert await conn.fetch(tables) == before
    await conn.close()


async def test_a_database_that_is_not_migrated_is_not_ready(database_url, make_settings):
    made = Context("casework", make_settings(database_url), DEFINITION.migrations)
    with pytest.raises(DatabaseNotMigrated):
        await made.check_ready()
    await made.stop()
