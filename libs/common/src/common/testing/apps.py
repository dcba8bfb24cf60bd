"""A service's application in the test's own process: started, without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from common.process import Context, ServiceDefinition
from common.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class RunningApp:
    """One running application.

    Attributes:
        app: itself.
        context: the parts that it was made of.
        client: speaks to it; paths begin with `/<service>`.
    """

    app: FastAPI
    context: Context
    client: httpx.AsyncClient


@asynccontextmanager
async def run_app(definition: ServiceDefinition, settings: ServiceSettings) -> AsyncIterator[RunningApp]:
    """The application of a service over its settings; failures become answers, as behind a real server."""
    context = Context(definition.name, settings, definition.migrations)
    app = definition.create_app(context)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=f"http://{definition.name}.test") as client,
        ):
            yield RunningApp(app, context, client)
    finally:
        await context.stop()
