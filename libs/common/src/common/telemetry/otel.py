"""OpenTelemetry, only where OTEL_EXPORTER_OTLP_ENDPOINT is set: nothing of the SDK is imported otherwise.

What leaves the process is cleaned on the way out: no query strings, no exception messages, nothing that looks like
personal data (FastAPI's spans carry `url.query`, drivers record messages with the values of rows).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from common.telemetry.logs import configure_logging
from common.telemetry.redaction import redact_text
from common.telemetry.trace import Spans, TraceContext

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

_DROPPED = frozenset(
    {"url.query", "exception.message", "exception.stacktrace", "client.address", "user_agent.original"}
)
_URLS = frozenset({"url.full", "http.url", "http.target"})


class TelemetrySettings(Protocol):
    """What telemetry needs to know; `common.settings.TelemetrySettings` has it."""

    @property
    def log_level(self) -> str: ...  # noqa: D102
    @property
    def otel_exporter_otlp_endpoint(self) -> str | None: ...  # noqa: D102


def configure_telemetry(service: str, settings: TelemetrySettings) -> Callable[[], None]:
    """Sets up logs, and traces where an endpoint is set; once at the start of a process.

    Returns:
        What to call before the process ends: sends the spans that still wait.
    """
    configure_logging(service, settings.log_level)
    if not settings.otel_exporter_otlp_endpoint:
        return _nothing
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    endpoint = settings.otel_exporter_otlp_endpoint.rstrip("/") + "/v1/traces"
    provider = tracer_provider(service)
    provider.add_span_processor(BatchSpanProcessor(cleaning(OTLPSpanExporter(endpoint=endpoint))))
    return install(provider)


def tracer_provider(service: str) -> "TracerProvider":
    """A provider that names the service; sampling follows the standard OTEL_TRACES_SAMPLER variables."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    return TracerProvider(resource=Resource.create({"service.name": f"jiceng-{service}"}), shutdown_on_exit=False)


def install(provider: "TracerProvider") -> Callable[[], None]:
    """Makes the provider the process's own and hooks it into trace context, asyncpg, httpx and aiokafka."""
    from opentelemetry import trace  # noqa: PLC0415
    from opentelemetry.instrumentation.aiokafka import AIOKafkaInstrumentor  # noqa: PLC0415
    from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor  # noqa: PLC0415
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor  # noqa: PLC0415

    trace.set_tracer_provider(provider)
    instrumentors = (
        AsyncPGInstrumentor(),  # type: ignore[no-untyped-call]
        HTTPXClientInstrumentor(),
        AIOKafkaInstrumentor(),
    )
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    Spans.read = _present
    Spans.start = _starter(provider)

    def stop() -> None:
        Spans.read = None
        Spans.start = None
        for instrumentor in instrumentors:
            instrumentor.uninstrument()
        provider.shutdown()

    return stop


def _nothing() -> None:
    return None


def _present() -> TraceContext | None:
    from opentelemetry import trace  # noqa: PLC0415

    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return TraceContext(f"{context.trace_id:032x}", f"{context.span_id:016x}", f"{int(context.trace_flags):02x}")


def _starter(provider: "TracerProvider") -> Callable[[str, str | None], Any]:
    from opentelemetry.trace import SpanKind  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    tracer, propagator = provider.get_tracer("jiceng"), TraceContextTextMapPropagator()

    @contextmanager
    def start(name: str, traceparent: str | None) -> Iterator[None]:
        parent = propagator.extract({"traceparent": traceparent}) if traceparent else None
        with tracer.start_as_current_span(name, context=parent, kind=SpanKind.CONSUMER, record_exception=False):
            yield

    return start


def cleaning(exporter: "SpanExporter") -> "SpanExporter":
    """The exporter behind a wall: it sees spans without query strings, messages and personal data."""
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult  # noqa: PLC0415

    class Cleaning(SpanExporter):
        def export(self, spans: "Sequence[ReadableSpan]") -> SpanExportResult:
            return exporter.export([cleaned(span) for span in spans])

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return exporter.force_flush(timeout_millis)

    return Cleaning()


def cleaned(span: "ReadableSpan") -> "ReadableSpan":
    """A copy of the span that may leave the process."""
    from opentelemetry.sdk.trace import Event, ReadableSpan  # noqa: PLC0415
    from opentelemetry.trace import Status  # noqa: PLC0415

    return ReadableSpan(
        name=redact_text(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=[Event(event.name, _attributes(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: _value(key, value) for key, value in (attributes or {}).items() if key not in _DROPPED}


def _value(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return redact_text(value.split("?", 1)[0] if key in _URLS else value)
