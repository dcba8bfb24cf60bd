"""The frame of every service's HTTP application."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from copy import copy
from inspect import signature
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts, request_response
from starlette.exceptions import HTTPException  # noqa: TID251 - what the router itself raises for 404 and 405
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from common.auth import TokenVerifier
from common.errors import DomainError
from common.http.docs import docs_routes
from common.http.edge import Edge, internal_error
from common.http.errors import BodyTooLarge, MalformedJson, MethodNotAllowed, RouteNotFound
from common.http.health import Health
from common.http.identity import me_router
from common.http.openapi import DescribedApi, operation_id, require_unique_operations
from common.http.parts import Check, Parts
from common.http.problems import answer_domain_error, problem_of
from common.http.routes import QuickRoute
from common.http.validation import ValidationHandler
from common.settings import ServiceSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

_EXPOSED_HEADERS = ("ETag", "Location", "Idempotency-Replayed", "Retry-After", "X-Trace-Id", "WWW-Authenticate")
_ALLOWED_HEADERS = ("Authorization", "Content-Type", "If-Match", "Idempotency-Key", "traceparent")
_ROUTE_OPTIONS = frozenset(signature(APIRoute.__init__).parameters) - {
    "self",
    "path",
    "endpoint",
    "dependency_overrides_provider",
    "max_body_size",
}
_analysed: dict[tuple[int, str], tuple[APIRouter, list[APIRoute]]] = {}
"""By the router's identity, which holds as long as it stands here: routers compare by their routes."""


def create_service_app(
    *,
    name: str,
    title: str,
    settings: ServiceSettings,
    lifespan: Lifespan,
    routers: Iterable[APIRouter],
    readiness: Mapping[str, Check] | None = None,
    verifier: TokenVerifier | None = None,
    large_bodies: Mapping[str, int] | None = None,
) -> FastAPI:
    """A service's application: routes under `/<name>/v1`, docs, health, problem answers, one middleware.

    The lifespan opens the service's parts and gives them to `attach(app, db=…, units=…, readiness=…)`.

    Args:
        name: directory name of the service; first segment of its paths.
        title: Chinese, for the docs page.
        settings: as loaded.
        lifespan: opens and closes what the service holds.
        routers: with prefixes relative to `/<name>/v1`.
        readiness: checks of /readyz beside those that the lifespan attaches.
        verifier: instead of the one that the settings describe, for tests.
        large_bodies: paths below `/<name>/v1` that take larger bodies than the settings say, with their limit in bytes.
    """
    parts = Parts(name, settings, verifier or TokenVerifier(settings), readiness=dict(readiness or {}))
    health = Health(parts.readiness)
    app = DescribedApi(
        title=title,
        version="1",
        openapi_url=f"/{name}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(parts, lifespan),
        middleware=_middleware(
            name, settings, {f"/{name}/v1{path}": limit for path, limit in (large_bodies or {}).items()}
        ),
        exception_handlers=_handlers(),
        generate_unique_id_function=operation_id,
        telemetry={
            "tracing": bool(settings.otel_exporter_otlp_endpoint),
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.parts = parts
    app.state.health = health
    for router in (me_router, *routers):
        _include(app, router, prefix=f"/{name}/v1")
    app.router.routes.extend([*health.routes(), *docs_routes(name, title)])
    require_unique_operations(app)
    return app


def _include(app: FastAPI, router: APIRouter, *, prefix: str) -> None:
    """Adds a router's routes to the application itself.

    FastAPI's own inclusion matches every request once a level more (measured: 50 µs for the last of 24 routes).
    """
    for route in _routes(router, prefix):
        own = copy(route)
        own.dependency_overrides_provider = app
        own.app = request_response(own.get_route_handler())
        app.router.routes.append(own)


def _routes(router: APIRouter, prefix: str) -> list[APIRoute]:
    """The routes of a router under a prefix, analysed once in a process: that takes 2 ms each, and tests open many."""
    known = _analysed.get((id(router), prefix))
    if known is None:
        known = _analysed[id(router), prefix] = (router, _analyse(router, prefix))
    return known[1]


def _analyse(router: APIRouter, prefix: str) -> list[APIRoute]:
    target = APIRouter(generate_unique_id_function=operation_id, route_class=QuickRoute)
    for context in iter_route_contexts(router.routes):
        if not isinstance(context.original_route, APIRoute) or context.endpoint is None:
            msg = f"{context.name} is no API route"
            raise TypeError(msg)
        options = {name: getattr(context, name) for name in _ROUTE_OPTIONS if hasattr(context, name)}
        target.add_api_route(prefix + str(context.path), context.endpoint, **options)
    return [route for route in target.routes if isinstance(route, APIRoute)]


def _middleware(name: str, settings: ServiceSettings, large_bodies: Mapping[str, int]) -> list[Middleware]:
    edge = Middleware(Edge, service=name, max_body_bytes=settings.http_max_body_bytes, large_bodies=large_bodies)
    if not settings.cors_origins:
        return [edge]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=("GET", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=_ALLOWED_HEADERS,
        expose_headers=_EXPOSED_HEADERS,
        max_age=3600,
    )
    return [cors, edge]


def _handlers() -> dict[Any, Any]:
    return {
        DomainError: answer_domain_error,
        RequestValidationError: ValidationHandler(),
        HTTPException: _answer_http_exception,
    }


async def _answer_http_exception(request: Request, error: Any) -> Response:
    """What the framework itself raises: no such route, method, an unreadable or too large body."""
    known: dict[int, type[DomainError]] = {
        400: MalformedJson,
        404: RouteNotFound,
        405: MethodNotAllowed,
        413: BodyTooLarge,
    }
    kind = known.get(error.status_code)
    response = internal_error(request.scope) if kind is None else problem_of(kind(), request.scope)
    if error.status_code == MethodNotAllowed.status:
        response.headers["Allow"] = ", ".join(sorted(_methods(request)))
    return response


def _methods(request: Request) -> set[str]:
    """Every method of the address, where the router itself names those of the first route only."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found


def _lifespan(parts: Parts, inner: Lifespan) -> Lifespan:
    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(parts.verifier.aclose)
            await stack.enter_async_context(inner(app))
            yield

    return run
