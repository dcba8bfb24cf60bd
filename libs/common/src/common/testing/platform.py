"""Several services with their workers and relays in one process, for stories that pass through all of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from common.crypto import generate_keyring
from common.process import Context, ServiceDefinition
from common.relay import Relay
from common.testing.apps import RunningApp, run_app
from common.testing.tokens import ISSUER, write_jwks

_TRIES = 600
_PAUSE_S = 0.1


@dataclass
class RunningPlatform:
    """The services of a story.

    Attributes:
        apps: by name.
        urls: of their databases, by name.
    """

    apps: dict[str, RunningApp] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    async def rows(self, service: str, sql: str, *values: Any) -> list[Any]:
        """What a query on a service's database gives."""
        conn = await asyncpg.connect(self.urls[service])
        try:
            return list(await conn.fetch(sql, *values))
        finally:
            await conn.close()

    async def value(self, service: str, sql: str, *values: Any) -> Any:
        """The one value of one row."""
        return (await self.rows(service, sql, *values))[0][0]


@asynccontextmanager
async def run_platform(
    definitions: Sequence[ServiceDefinition], database: Callable[[str], str], bus_url: str, folder: Path
) -> AsyncIterator[RunningPlatform]:
    """Runs the services until the block ends.

    Args:
        database: gives the URL of a migrated database of a service.
        bus_url: database of the embedded bus.
        folder: for keys.
    """
    made = RunningPlatform()
    async with AsyncExitStack() as stack:
        for definition in definitions:
            made.urls[definition.name] = database(definition.name)
            settings = _settings(definition, made.urls[definition.name], bus_url, folder)
            made.apps[definition.name] = await stack.enter_async_context(run_app(definition, settings))
            await stack.enter_async_context(_background(definition, settings))
        yield made


async def eventually(question: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    """Waits until events have brought it about.

    Raises:
        AssertionError: they have not.
    """
    found: Any = None
    for _ in range(_TRIES):
        found = await question()
        if found == wanted:
            return
        await asyncio.sleep(_PAUSE_S)
    msg = f"found {found!r}, wanted {wanted!r}"
    raise AssertionError(msg)


def _settings(definition: ServiceDefinition, url: str, bus_url: str, folder: Path) -> Any:
    keys = folder / f"{definition.name}.json"
    generate_keyring("aes-gcm-sha256").save(keys)
    return definition.settings(
        environment="test",
        database_url=url,
        bus_database_url=bus_url,
        database_pool_size=2,
        oidc_issuer=ISSUER,
        oidc_jwks_file=write_jwks(folder),
        crypto_keys_file=keys,
    )


@asynccontextmanager
async def _background(definition: ServiceDefinition, settings: Any) -> AsyncIterator[None]:
    """The relay and the consumers of a service, as its own processes would run them."""
    context = Context(definition.name, settings.model_copy(update={"database_pool_size": 8}), definition.migrations)
    await context.start(with_bus=True)
    stop = asyncio.Event()
    relay = Relay(context.db, context.bus, service=definition.name, wake=context.wake)
    runs = [relay.run(stop), *(one.run(stop) for one in definition.consumers(context))]
    tasks = [asyncio.create_task(run) for run in runs]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await context.stop()
