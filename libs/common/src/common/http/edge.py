"""The one middleware: trace context, size limit, security headers, last resort for failures, request log, metrics.

Pure ASGI and a single layer, because every layer costs each case write microseconds.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.exceptions import HTTPException  # noqa: TID251 - what FastAPI lets through unchanged while it reads a body
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.http.errors import BodyTooLarge, MalformedUrl, ServiceStopping
from common.http.failures import passing_failure
from common.http.problems import ProblemResponse, problem, problem_code, problem_of
from common.telemetry.metrics import HTTP_IN_FLIGHT, HTTP_REQUESTS, HTTP_SECONDS
from common.telemetry.trace import Spans, TraceContext, continued, enter, leave

SILENT_PATHS = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds by machines: neither logged nor counted."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_STATIC_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_NO_STORE = (b"cache-control", b"no-store")
_API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_SERVER_ERROR = 500
_REFUSED = 400

_log = structlog.get_logger("common.http")


class TooLarge(HTTPException):
    """Raised inside `receive`; FastAPI passes this one kind of exception through."""

    def __init__(self) -> None:
        super().__init__(BodyTooLarge.status)


class ResponseAborted(Exception):
    """A failure after the head of the answer went out: the server must cut the connection."""


class Edge:
    """Wraps the whole application of one service.

    Args:
        app: what is wrapped.
        service: label of logs and metrics.
        max_body_bytes: larger bodies are refused, with or without Content-Length.
        large_bodies: paths that take larger ones, with their limit.
    """

    def __init__(
        self, app: ASGIApp, *, service: str, max_body_bytes: int, large_bodies: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._large_bodies = large_bodies or {}
        self._numbers = Numbers(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] in SILENT_PATHS:
            await self._app(scope, receive, send)
            return
        head = _head(scope)
        context = (Spans.read() if Spans.read is not None else None) or continued(head.traceparent)
        token = enter(context)
        started = time.perf_counter()
        answer = _Answer(send, context)
        self._numbers.began()
        try:
            await self._serve(scope, receive, answer, head)
        finally:
            self._numbers.ended(scope, answer.status, time.perf_counter() - started)
            leave(token)

    async def _serve(self, scope: Scope, receive: Receive, answer: "_Answer", head: "_Head") -> None:
        limit = self._large_bodies.get(scope["path"], self._max_body_bytes)
        try:
            if head.content_length > limit:
                await problem_of(BodyTooLarge(), scope)(scope, receive, answer.send)
            elif head.has_odd_url:
                await problem_of(MalformedUrl(), scope)(scope, receive, answer.send)
            else:
                counted = _limited(receive, limit) if head.is_chunked else receive
                await self._app(scope, counted, answer.send)
        except asyncio.CancelledError:
            # Only a server that stops cancels a request; its transaction has ended by now, one way or the other.
            if answer.status is None:
                await problem_of(ServiceStopping(), scope)(scope, receive, answer.send)
            raise
        except Exception as failure:  # noqa: BLE001 - the last resort of every request
            await self._fail(scope, receive, answer, failure)

    async def _fail(self, scope: Scope, receive: Receive, answer: "_Answer", failure: Exception) -> None:
        known = passing_failure(failure)
        if known is None:
            _log.error("request_failed", route=_route(scope), exc_info=failure)
        else:
            _log.warning("request_unavailable", route=_route(scope), exc_info=failure)
        if answer.status is not None:
            raise ResponseAborted from None
        response = internal_error(scope) if known is None else problem_of(known, scope)
        await response(scope, receive, answer.send)


def internal_error(scope: Scope) -> ProblemResponse:
    """500: nothing but where to look in the logs."""
    return problem(scope, _SERVER_ERROR, "internal.error", "系统内部错误", "请求未能完成，请凭 trace_id 联系运维人员")


class _Head:
    """What the middleware needs of the request's head, read in one pass."""

    __slots__ = ("content_length", "has_odd_url", "is_chunked", "traceparent")

    def __init__(self) -> None:
        self.content_length = 0
        self.is_chunked = False
        self.traceparent: str | None = None
        self.has_odd_url = False


def _head(scope: Scope) -> _Head:
    head = _Head()
    for name, value in scope["headers"]:
        if name == b"content-length":
            # A broken length is the server's to refuse; what slips through is counted like a chunked body.
            head.content_length = int(value) if value.isdigit() else 0
            head.is_chunked = head.is_chunked or not value.isdigit()
        elif name == b"transfer-encoding":
            head.is_chunked = True
        elif name == b"traceparent":
            head.traceparent = value.decode("latin-1")
    head.has_odd_url = b"%00" in scope["query_string"] or "\x00" in scope["path"]
    return head


class _Answer:
    """`send` that remembers the status and adds the headers of every answer."""

    __slots__ = ("_context", "_send", "status")

    def __init__(self, send: Send, context: TraceContext) -> None:
        self._send = send
        self._context = context
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name for name, _ in message.get("headers", ())}
            headers = [*message.get("headers", ()), *_STATIC_HEADERS]
            if b"cache-control" not in present:
                headers.append(_NO_STORE)
            if b"content-security-policy" not in present:
                headers.append(_API_POLICY)
            headers.append((b"x-trace-id", self._context.trace_id.encode("ascii")))
            headers.append((b"traceparent", self._context.traceparent.encode("ascii")))
            message = {**message, "headers": headers}
        await self._send(message)


def _limited(receive: Receive, limit: int) -> Callable[[], Any]:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge
        return message

    return counted


class Numbers:
    """The log line and the metrics of each request."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._in_flight = HTTP_IN_FLIGHT.labels(service)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def began(self) -> None:
        """One more request is being answered."""
        self._in_flight.inc()

    def ended(self, scope: Scope, status: int | None, seconds: float) -> None:
        """It has ended; a status of None means that it was cancelled or cut."""
        self._in_flight.dec()
        method = scope["method"] if scope["method"] in _METHODS else "other"
        code, route = status or 499, _route(scope)
        counter, timer = self._metrics(method, route, code)
        counter.inc()
        timer.observe(seconds)
        told = {"method": method, "route": route, "status": code, "duration_ms": round(seconds * 1000, 2)}
        if code >= _REFUSED:
            told["code"] = problem_code(scope)
        _log.info("request", **told)

    def _metrics(self, method: str, route: str, status: int) -> tuple[Any, Any]:
        key = (method, route, status)
        found = self._known.get(key)
        if found is None:
            found = (
                HTTP_REQUESTS.labels(self._service, method, route, str(status)),
                HTTP_SECONDS.labels(self._service, method, route),
            )
            self._known[key] = found
        return found


def _route(scope: Scope) -> str:
    route = scope.get("route")
    template = getattr(route, "path_format", None)
    return template if isinstance(template, str) else "unmatched"
