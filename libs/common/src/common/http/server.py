"""Serving an application inside a process that may do other work as well."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from common.settings import HttpSettings

KEEP_ALIVE_SECONDS = 75
"""Longer than the gateways' 60, so that they close idle connections and not we."""


class ServerDidNotStart(Exception):
    """The application's start failed, or its address is taken; the log says why."""


async def serve(app: Any, settings: HttpSettings, *, stop: asyncio.Event, port: int | None = None) -> None:
    """Serves until `stop` is set, then finishes open requests for at most HTTP_SHUTDOWN_SECONDS.

    Signals are the caller's: one process may run several roles.

    Args:
        app: from `create_service_app` or `create_probe_app`.
        settings: where to listen; a Unix socket wins over host and port.
        stop: set by the caller's signal handlers.
        port: instead of HTTP_PORT (probes use METRICS_PORT); never the Unix socket then.

    Raises:
        ServerDidNotStart: nothing was served.
    """
    uds = str(settings.http_uds) if settings.http_uds is not None and port is None else None
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port if port is None else port,
        uds=uds,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.http_shutdown_seconds,
    )
    server = _Server(config)
    running = asyncio.ensure_future(server.serve())
    waiting = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        health = getattr(getattr(app, "state", None), "health", None)
        if health is not None:
            health.is_stopping = True
        server.should_exit = True
        await running
    if not server.started:
        raise ServerDidNotStart


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says so when it cannot start, where uvicorn would end the whole process."""
        try:
            await super().startup(sockets)
        except SystemExit:
            raise ServerDidNotStart from None
