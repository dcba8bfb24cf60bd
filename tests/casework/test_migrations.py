"""The migrations: one head, equal to the models, safe to run, and the start refuses an old database."""

import asyncio
import subprocess
import sys

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory

from casework.__main__ import DEFINITION
from casework.cases.service import get_case_state
from casework.clock.domain import is_running
from common.process import Context
from common.process.context import DatabaseNotMigrated
from common.process.migrations import check, config_for


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


async def test_cases_of_the_release_before_are_gone_on_with(database_url):
    """A filled table is brought on, and every case of it can be read. Source: O4.3b."""
    before, statuses = "20261122_1950", ("registered", "accepted", "refused", "withdrawn", "closed")
    config = config_for(DEFINITION.migrations, database_url)
    await asyncio.to_thread(command.upgrade, config, before)
    conn = await asyncpg.connect(database_url)
    try:
        for status in statuses:
            await conn.execute(
                "INSERT INTO cases (id, version, division, level, office_id, item_code, duty, applicant_kind, "
                "applicant_name, applicant_identifier, applicant_index, status, registered_at, accepted_at, refused_at, "
                "withdrawn_at, closed_at, closing_result) SELECT gen_random_uuid(), 1, '440305001001', 'village', "
                "gen_random_uuid(), 'E06', 'employment_services', 'natural_person', '', '', '', $1, now(), "
                "CASE WHEN $1 IN ('accepted', 'closed') THEN now() END, CASE WHEN $1 = 'refused' THEN now() END, "
                "CASE WHEN $1 = 'withdrawn' THEN now() END, CASE WHEN $1 = 'closed' THEN now() END, "
                "CASE WHEN $1 = 'closed' THEN 'granted' END",
                status,
            )
        await asyncio.to_thread(command.upgrade, config, "head")
        for row in await conn.fetch("SELECT id, holder, offered_division FROM cases"):
            case = await get_case_state(conn, row["id"])
            assert (case.holder.account, row["holder"]) == ("office:440305001001", "office:440305001001")
            assert (case.file.offer is not None) == case.is_open == (row["offered_division"] is not None)
            assert any(is_running(case.file.ledger, clock) for clock in ("acceptance", "handling")) == case.is_open
    finally:
        await conn.close()
