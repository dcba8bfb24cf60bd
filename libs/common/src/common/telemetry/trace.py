"""W3C trace context in a context variable: cheap, always there, and the same whether OpenTelemetry runs or not."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar, Token
from typing import NamedTuple

_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


class TraceContext(NamedTuple):
    """Where in which trace this piece of work is."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        """As the header and the event attribute carry it."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


_current: ContextVar[TraceContext | None] = ContextVar("jiceng_trace", default=None)


class Spans:
    """Where OpenTelemetry plugs in; without it nothing here is set."""

    read: Callable[[], TraceContext | None] | None = None
    start: Callable[[str, str | None], AbstractContextManager[object]] | None = None


def current_trace() -> TraceContext | None:
    """The present trace context, None outside of requests and consumed events."""
    if Spans.read is not None:
        spanned = Spans.read()
        if spanned is not None:
            return spanned
    return _current.get()


def current_traceparent() -> str | None:
    """For outgoing events and requests."""
    context = current_trace()
    return None if context is None else context.traceparent


def current_trace_id() -> str | None:
    """For answers, audit entries and log lines."""
    context = current_trace()
    return None if context is None else context.trace_id


def continued(traceparent: str | None) -> TraceContext:
    """A new span in the caller's trace, or a new trace where the caller has none or sent nonsense."""
    # Identifiers, not secrets: but the operating system's source needs no seed and cannot repeat after a fork.
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None or found[1] == _NO_TRACE or found[2] == _NO_SPAN:
        fresh = secrets.token_hex(24)
        return TraceContext(fresh[:32], fresh[32:])
    return TraceContext(found[1], secrets.token_hex(8), found[3])


def enter(context: TraceContext) -> Token[TraceContext | None]:
    """Makes the context the present one; give the token to `leave`."""
    return _current.set(context)


def leave(token: Token[TraceContext | None]) -> None:
    """Restores what was before."""
    _current.reset(token)


@contextmanager
def use_traceparent(traceparent: str | None, *, name: str = "work") -> Iterator[TraceContext]:
    """Runs the block as a new span of the given trace: one consumed event, one job.

    Args:
        traceparent: what came with the event; None begins a new trace.
        name: name of the span, when OpenTelemetry runs.
    """
    span = Spans.start(name, traceparent) if Spans.start is not None else nullcontext()
    with span:
        context = (Spans.read() if Spans.read is not None else None) or continued(traceparent)
        token = enter(context)
        try:
            yield context
        finally:
            leave(token)
