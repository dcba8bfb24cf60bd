"""Whether the process lives is asked without I/O; whether it can serve, of its parts."""

import asyncio

import httpx
import pytest

from common.http import create_probe_app
from common.http.health import Health

from .conftest import client_of, make_app


async def test_it_lives_while_nothing_else_works() -> None:
    async def down() -> None:
        raise OSError("440301199001011234")

    app = make_app()
    app.state.parts.readiness["database"] = down
    async with client_of(app) as client:
        assert (await client.get("/livez")).json() == {"status": "alive"}
        response = await client.get("/readyz")
        assert (response.status_code, response.json()) == (503, {"status": "unready", "checks": {"database": "failed"}})


async def test_it_is_ready_with_its_database_and_not_when_it_stops(client, app) -> None:
    response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "checks": {"database": "ok"}})
    app.state.health.is_stopping = True
    try:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/livez")).status_code == 200
    finally:
        app.state.health.is_stopping = False


async def test_a_check_that_hangs_fails_and_all_run_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.http.health.CHECK_TIMEOUT_SECONDS", 0.05)

    async def hang() -> None:
        await asyncio.sleep(60)

    async def fine() -> None:
        return None

    health = Health({"a": hang, "b": hang, "c": fine})
    async with asyncio.timeout(1):
        response = await health.readyz(None)  # type: ignore[arg-type]
    assert response.body == b'{"status":"unready","checks":{"a":"failed","b":"failed","c":"ok"}}'


async def test_many_questions_ask_the_parts_once_a_second() -> None:
    asked = 0

    async def check() -> None:
        nonlocal asked
        asked += 1

    health = Health({"a": check})
    for _ in range(10):
        await health.readyz(None)  # type: ignore[arg-type]
    assert asked == 1


async def test_metrics_tell_routes_by_template_and_no_identifiers(client) -> None:
    await client.get("/sample/v1/things/0190f3d2-7c1a-7b3e-9f00-123456789012")
    await client.get("/sample/v1/made-up-address-440301199001011234")
    await client.request("BREW", "/sample/v1/me")
    text = (await client.get("/metrics")).text
    assert (
        'jiceng_http_requests_total{method="GET",route="/sample/v1/things/{thing_id}",service="sample",status="404"}'
        in text
    )
    assert 'route="unmatched"' in text
    assert 'method="other"' in text
    for hidden in ("0190f3d2", "made-up", "BREW", "/livez"):
        assert hidden not in text
    assert "process_resident_memory_bytes" in text


async def test_probes_are_not_logged_and_requests_are(client, lines) -> None:
    for path in ("/livez", "/readyz", "/metrics"):
        await client.get(path)
    await client.get("/sample/v1/things/0190f3d2-7c1a-7b3e-9f00-123456789012?name=440301199001011234")
    (line,) = lines()
    assert (line["event"], line["method"], line["route"], line["status"], line["code"]) == (
        "request",
        "GET",
        "/sample/v1/things/{thing_id}",
        404,
        "request.not-found",
    )
    assert line["duration_ms"] >= 0
    assert "0190f3d2" not in str(line)


async def test_workers_show_the_same_three_addresses() -> None:
    async def fine() -> None:
        return None

    transport = httpx.ASGITransport(create_probe_app({"database": fine}))
    async with httpx.AsyncClient(transport=transport, base_url="http://worker") as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
        assert (await client.get("/anything")).status_code == 404
