"""With OpenTelemetry on, spans agree with our trace ids and leave the process clean; without it nothing is imported."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from common.telemetry import current_trace, current_trace_id, use_traceparent
from common.telemetry.otel import cleaning, configure_telemetry, install, tracer_provider

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NUMBER = "440301199001011234"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch):
    from opentelemetry import trace
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    provider, exporter = tracer_provider("casework"), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(cleaning(exporter)))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace._TRACER_PROVIDER_SET_ONCE, "_done", False)
    stop = install(provider)
    yield SimpleNamespace(provider=provider, finished=exporter.get_finished_spans)
    stop()
    monkeypatch.setattr(trace._TRACER_PROVIDER_SET_ONCE, "_done", False)


def test_a_consumed_event_is_a_span_of_its_senders_trace(spans) -> None:
    with use_traceparent(PARENT, name="apply") as context:
        assert context.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736" == current_trace_id()
    (span,) = spans.finished()
    assert (span.name, f"{span.parent.span_id:016x}", f"{span.context.span_id:016x}") == (
        "apply",
        "00f067aa0ba902b7",
        context.span_id,
    )


def test_an_inner_span_is_what_goes_out_with_events(spans) -> None:
    tracer = spans.provider.get_tracer("t")
    with use_traceparent(PARENT), tracer.start_as_current_span("inner") as inner:
        assert current_trace().span_id == f"{inner.get_span_context().span_id:016x}"
    assert current_trace() is None


def test_no_query_message_or_number_leaves_the_process(spans) -> None:
    tracer = spans.provider.get_tracer("t")
    with pytest.raises(ValueError), tracer.start_as_current_span(f"find {NUMBER}") as span:
        span.set_attribute("url.query", "name=张三丰")
        span.set_attribute("url.full", "https://x/search?name=张三丰")
        span.set_attribute("note", f"number {NUMBER}")
        span.set_attribute("rows", 7)
        raise ValueError("Key (name)=(张三丰) already exists")
    (told,) = spans.finished()
    shown = told.to_json()
    assert "张三丰" not in shown.encode().decode("unicode_escape", "ignore")
    assert "\\u5f20" not in shown
    assert NUMBER not in shown
    assert told.attributes["url.full"] == "https://x/search"
    assert told.attributes["rows"] == 7
    assert told.events[0].attributes["exception.type"] == "ValueError"
    assert told.status.status_code.name == "ERROR"
    assert told.status.description is None


def test_stopping_gives_the_plain_trace_context_back(spans) -> None:
    from common.telemetry.trace import Spans

    assert Spans.read is not None
    configure_telemetry("casework", SimpleNamespace(log_level="INFO", otel_exporter_otlp_endpoint=None))()


def test_without_an_endpoint_the_sdk_is_not_even_imported() -> None:
    code = (
        "import sys\n"
        "from types import SimpleNamespace\n"
        "from common.telemetry import configure_telemetry\n"
        "configure_telemetry('x', SimpleNamespace(log_level='INFO', otel_exporter_otlp_endpoint=None))()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stdout
