"""/livez, /readyz, /metrics: the same for services and for processes that only work in the background."""

import asyncio
import time
from collections.abc import Mapping

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from common.http.parts import Check
from common.telemetry.metrics import exposition

CHECK_TIMEOUT_SECONDS = 2.0
REMEMBERED_SECONDS = 1.0

_log = structlog.get_logger("common.http")


class Health:
    """Answers whether the process lives (no I/O) and whether it can serve (every check passes).

    Args:
        checks: looked up at every question, so that parts may be added while the process starts.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._asked_at = float("-inf")
        self._last: dict[str, str] = {}
        self.is_stopping = False

    def routes(self) -> list[Route]:
        """The three routes."""
        return [
            Route("/livez", self.livez, methods=["GET"], include_in_schema=False),
            Route("/readyz", self.readyz, methods=["GET"], include_in_schema=False),
            Route("/metrics", self.metrics, methods=["GET"], include_in_schema=False),
        ]

    async def livez(self, _: Request) -> Response:
        """The event loop turns."""
        return JSONResponse({"status": "alive"})

    async def readyz(self, _: Request) -> Response:
        """All checks pass and nobody has asked the process to stop; names of the failed ones otherwise."""
        if self.is_stopping:
            return JSONResponse({"status": "stopping", "checks": {}}, 503)
        if time.monotonic() - self._asked_at > REMEMBERED_SECONDS:
            self._last = await self._ask()
            self._asked_at = time.monotonic()
        is_ready = all(result == "ok" for result in self._last.values())
        return JSONResponse(
            {"status": "ready" if is_ready else "unready", "checks": self._last}, 200 if is_ready else 503
        )

    async def metrics(self, _: Request) -> Response:
        """Prometheus text."""
        body, kind = exposition()
        return Response(body, media_type=kind)

    async def _ask(self) -> dict[str, str]:
        names = list(self._checks)
        return dict(zip(names, await asyncio.gather(*(self._one(name) for name in names)), strict=True))

    async def _one(self, name: str) -> str:
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
                await self._checks[name]()
        except Exception as failure:  # noqa: BLE001 - whatever the reason, the part is not usable
            _log.warning("not_ready", check=name, error_type=type(failure).__name__)
            return "failed"
        return "ok"


def create_probe_app(checks: Mapping[str, Check]) -> Starlette:
    """An application with nothing but the three routes, for workers and relays (METRICS_PORT)."""
    health = Health(checks)
    app = Starlette(routes=health.routes())
    app.state.health = health
    return app
