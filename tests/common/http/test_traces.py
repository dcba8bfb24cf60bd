"""With OpenTelemetry on, one span a request, named by its template, of the caller's trace, without the query."""

from types import SimpleNamespace

import pytest

from common.telemetry.otel import cleaning, install, tracer_provider

from .conftest import client_of, make_app

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch):
    from opentelemetry import trace
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    provider, exporter = tracer_provider("sample"), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(cleaning(exporter)))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace._TRACER_PROVIDER_SET_ONCE, "_done", False)
    stop = install(provider)
    yield SimpleNamespace(finished=exporter.get_finished_spans)
    stop()
    monkeypatch.setattr(trace._TRACER_PROVIDER_SET_ONCE, "_done", False)


async def test_request_and_statement_spans_belong_to_the_answers_trace(spans, db) -> None:
    app = make_app(db, otel_exporter_otlp_endpoint="http://127.0.0.1:9")
    async with client_of(app) as client:
        response = await client.get("/sample/v1/things?prefix=440301199001011234", headers={"traceparent": PARENT})
    assert response.status_code == 200
    assert response.headers["x-trace-id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    told = spans.finished()
    request = next(span for span in told if span.kind.name == "SERVER")
    assert (request.name, request.attributes["http.route"]) == ("GET /sample/v1/things", "/sample/v1/things")
    assert f"{request.context.span_id:016x}" == response.headers["traceparent"].split("-")[2]
    assert {f"{span.context.trace_id:032x}" for span in told} == {"4bf92f3577b34da6a3ce929d0e0e4736"}
    assert any("SELECT" in span.name or "db.statement" in str(span.attributes) for span in told)
    shown = "".join(span.to_json() for span in told)
    assert "440301199001011234" not in shown
    assert "url.query" not in shown


async def test_a_failed_request_tells_its_type_and_no_message(spans, db) -> None:
    app = make_app(db, otel_exporter_otlp_endpoint="http://127.0.0.1:9")
    async with client_of(app) as client:
        assert (await client.post("/sample/v1/things/raise/bug")).status_code == 500
    request = next(span for span in spans.finished() if span.kind.name == "SERVER")
    assert request.status.status_code.name == "ERROR"
    shown = "".join(span.to_json() for span in spans.finished())
    assert "440301199001011234" not in shown
    assert "5f20" not in shown
