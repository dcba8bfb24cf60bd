"""The command line of a service."""

import argparse
import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import UUID

from common.db import Database
from common.inbox import forget
from common.process.definition import ServiceDefinition
from common.process.migrations import check, upgrade
from common.process.roles import ROLES, run_roles
from common.relay import rewind
from common.settings import ServiceSettings
from common.telemetry import configure_logging


def main(definition: ServiceDefinition, arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    options = _parser(definition.name).parse_args(arguments)
    if options.command == "openapi":
        sys.stdout.write(openapi_text(definition))
        return 0
    settings = definition.settings()
    configure_logging(settings, service=definition.name)
    if options.command == "migrate":
        upgrade(definition.migrations, settings.database_url)
        return 0
    if options.command == "check-migrations":
        check(definition.migrations, settings.database_url)
        return 0
    if options.command == "rewind-relay":
        return asyncio.run(_rewind(settings, options.from_event))
    if options.command == "forget-position":
        return asyncio.run(_forget(settings, options.group, options.topic))
    roles = ROLES if options.command == "all" else (options.command,)
    return _run(run_roles(definition, roles))


def openapi_text(definition: ServiceDefinition) -> str:
    """The service's OpenAPI document, as it is committed: made without database, bus or provider."""
    from common.process.context import Context  # noqa: PLC0415 - only this command builds an idle one

    settings = definition.settings.for_documents()
    app = definition.create_app(Context(definition.name, settings, definition.migrations))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _run(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


async def _rewind(settings: ServiceSettings, from_event: UUID | None) -> int:
    db = Database(settings.database_url, pool_size=0)
    async with db.transaction() as conn:
        await rewind(conn, to_event=from_event)
    await db.dispose()
    sys.stdout.write("The relay sends again; readers drop what they already have by version.\n")
    return 0


async def _forget(settings: ServiceSettings, group: str, topic: str) -> int:
    db = Database(settings.database_url, pool_size=0)
    async with db.transaction() as conn:
        count = await forget(conn, group, topic)
    await db.dispose()
    sys.stdout.write(f"{count} positions of {group} on {topic} removed; it reads from the beginning.\n")
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    commands = parser.add_subparsers(dest="command", required=True)
    for role in ROLES:
        commands.add_parser(role, help=f"run the {role} role")
    commands.add_parser("all", help="run every role in one process (one machine)")
    commands.add_parser("migrate", help="bring the database to the newest revision")
    commands.add_parser("check-migrations", help="fail when models and migrations differ")
    commands.add_parser("openapi", help="print the OpenAPI document")
    again = commands.add_parser("rewind-relay", help="send the outbox again (stop the relay first)")
    again.add_argument("--from-event", type=UUID, default=None, help="id of the first event to send again")
    position = commands.add_parser("forget-position", help="let a consumer group read a topic from its beginning")
    position.add_argument("--group", required=True)
    position.add_argument("--topic", required=True)
    return parser
