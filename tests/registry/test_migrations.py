"""The migrations: one head, equal to the models, quiet the second time; an old database is not ready."""

import asyncio
import os
import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from common.process import Context
from common.process.context import DatabaseNotMigrated
from common.process.migrations import check, upgrade
from registry.__main__ import DEFINITION
from registry.settings import RegistrySettings


def test_there_is_one_head():
    assert len(ScriptDirectory(str(DEFINITION.migrations)).get_heads()) == 1


def test_the_models_are_what_the_migrations_make(service_database):
    check(DEFINITION.migrations, service_database("registry"))


def test_a_second_migration_of_a_full_database_changes_nothing(seeded, postgres_server):
    name = seeded.split("?")[0].rsplit("/", 1)[1]
    tables = "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    before = postgres_server.run_sql(name, tables)
    upgrade(DEFINITION.migrations, seeded)
    assert postgres_server.run_sql(name, tables) == before
    check(DEFINITION.migrations, seeded)


def test_migrating_needs_no_other_setting_than_the_database(service_database):
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": service_database("registry")}
    command = [sys.executable, "-m", "registry", "check-migrations"]
    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_a_database_that_is_not_migrated_is_not_ready(database_url, jwks_file):
    settings = RegistrySettings(
        environment="test", database_url=database_url, bus_database_url=database_url, oidc_jwks_file=jwks_file
    )

    async def ask():
        context = Context("registry", settings, DEFINITION.migrations)
        try:
            await context.check_ready()
        finally:
            await context.stop()

    with pytest.raises(DatabaseNotMigrated):
        asyncio.run(ask())
