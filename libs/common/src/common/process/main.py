"""The command line of a service."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any
from uuid import UUID

from common.db import Database
from common.inbox import forget
from common.process.context import Context
from common.process.definition import ServiceDefinition
from common.process.migrations import check, upgrade
from common.process.roles import ROLES, run_roles
from common.relay import rewind
from common.settings import DatabaseSettings, SettingsError
from common.telemetry import configure_telemetry


def main(definition: ServiceDefinition, arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code (2: the process must not start like this)."""
    options = _parser(definition).parse_args(arguments)
    try:
        if options.command == "openapi":
            sys.stdout.write(openapi_text(definition))
            return 0
        if options.command in ROLES or options.command == "all":
            return _serve(definition, ROLES if options.command == "all" else (options.command,))
        return _administer(definition, options)
    except SettingsError as error:
        sys.stderr.write(f"{definition.name} cannot start like this:\n{error}\n")
        return 2


def openapi_text(definition: ServiceDefinition) -> str:
    """The service's OpenAPI document, as it is committed: made without database, bus or provider."""
    settings = definition.settings.offline()
    app = definition.create_app(Context(definition.name, settings, definition.migrations))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _serve(definition: ServiceDefinition, roles: tuple[str, ...]) -> int:
    settings = definition.settings.load()
    flush = configure_telemetry(definition.name, settings)
    try:
        return _run(run_roles(definition, settings, roles))
    finally:
        flush()


def _administer(definition: ServiceDefinition, options: argparse.Namespace) -> int:
    """Commands that need the database only, so that they need no other setting."""
    settings = DatabaseSettings.load()
    url = settings.database_url.get_secret_value()
    if options.command == "migrate":
        upgrade(definition.migrations, url)
        return 0 if definition.seed is None else asyncio.run(_with_database(url, _seed(definition.seed), options))
    if options.command == "check-migrations":
        check(definition.migrations, url)
        return 0
    work = {"rewind-relay": _rewind, "forget-position": _forget}.get(options.command)
    if work is None:
        command = definition.commands[options.command]
        values = [getattr(options, name) for name in command.arguments]
        return asyncio.run(_with_database(url, lambda db, _: command.run(db, *values), options))
    return asyncio.run(_with_database(url, work, options))


def _seed(seed: Callable[[Database], Awaitable[None]]) -> Any:
    async def run(db: Database, _: argparse.Namespace) -> int:
        await seed(db)
        return 0

    return run


def _run(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def _with_database(url: str, work: Any, options: argparse.Namespace) -> int:
    db = Database(url, pool_size=2, application_name="administration", statement_timeout_ms=0)
    try:
        code: int = await work(db, options)
    finally:
        await db.dispose()
    return code


async def _rewind(db: Database, options: argparse.Namespace) -> int:
    async with db.transaction() as conn:
        await rewind(conn, to_event=options.from_event)
    sys.stdout.write("The relay sends again; readers drop what they already have by version.\n")
    return 0


async def _forget(db: Database, options: argparse.Namespace) -> int:
    async with db.transaction() as conn:
        count = await forget(conn, options.group, options.topic)
    sys.stdout.write(f"{count} positions of {options.group} on {options.topic} removed; it reads from the beginning.\n")
    return 0


def _parser(definition: ServiceDefinition) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {definition.name}")
    commands = parser.add_subparsers(dest="command", required=True)
    for role in ROLES:
        commands.add_parser(role, help=f"run the {role} role")
    commands.add_parser("all", help="run every role in one process (one machine)")
    commands.add_parser("migrate", help="bring the database to the newest revision")
    commands.add_parser("check-migrations", help="fail when models and migrations differ")
    commands.add_parser("openapi", help="print the OpenAPI document")
    for name, command in definition.commands.items():
        own = commands.add_parser(name, help=command.help)
        for argument in command.arguments:
            own.add_argument(argument)
    again = commands.add_parser("rewind-relay", help="send the outbox again (stop the relay first)")
    again.add_argument("--from-event", type=UUID, default=None, help="id of the first event to send again")
    position = commands.add_parser("forget-position", help="let a consumer group read a topic from its beginning")
    position.add_argument("--group", required=True)
    position.add_argument("--topic", required=True)
    return parser
