"""Served over real sockets: callers that leave, graceful ends, taken addresses."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.http import ServerDidNotStart, create_probe_app, serve
from common.settings import ServiceSettings
from common.testing.databases import OPEN_TRANSACTIONS

from .conftest import HEADERS, make_app

PATH = "/sample/v1/things"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def running(app: Any, settings: ServiceSettings, **options: Any) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(serve(app, settings, stop=stop, **options))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until_ready(client: httpx.AsyncClient) -> None:
    for _ in range(200):
        try:
            if (await client.get("/livez")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.02)
    raise AssertionError("not ready")


async def until(condition, message: str) -> None:
    for _ in range(200):
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(message)


@asynccontextmanager
async def served(db, port: int, **settings: Any) -> AsyncIterator[tuple[httpx.AsyncClient, asyncio.Event]]:
    app = make_app(db, http_port=port, **settings)
    async with (
        running(app, app.state.parts.settings) as stop,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=20, trust_env=False) as client,
    ):
        await until_ready(client)
        yield client, stop


async def in_use(db) -> int:
    return db.lent


async def test_a_caller_that_leaves_does_not_tear_the_transaction_nor_leak_its_connection(db, port, count) -> None:
    """Six callers, a pool of four: the write of each that began is whole, and every connection comes back."""
    async with served(db, port) as (client, _):
        for number in range(6):
            with pytest.raises(httpx.ReadTimeout):
                await client.post(f"{PATH}/slow", json={"name": f"left-{number}"}, timeout=0.15)

        async def all_back() -> bool:
            return await in_use(db) == 0

        await until(all_back, "connections leaked")
        assert await count() == 6
        async with db.autocommit() as conn:
            assert await conn.fetchval(OPEN_TRANSACTIONS) == 0


async def test_told_to_stop_it_finishes_what_it_began(db, port, count) -> None:
    async with served(db, port) as (client, stop):
        request = asyncio.create_task(client.post(f"{PATH}/slow", json={"name": "last"}))

        async def begun() -> bool:
            return await in_use(db) == 1

        await until(begun, "the request did not begin")
        stop.set()
        assert (await request).status_code == 200
        assert await count() == 1


async def test_work_that_outlasts_the_grace_is_rolled_back_whole(db, port, count) -> None:
    async with served(db, port, http_shutdown_seconds=1) as (client, stop), db.autocommit() as blocker:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE things IN EXCLUSIVE MODE")
            request = asyncio.create_task(client.post(f"{PATH}/slow", json={"name": "never"}, timeout=5))
            await asyncio.sleep(0.2)
            stop.set()
            response = await request
        assert (response.status_code, response.json()["code"]) == (503, "service.stopping")
    assert await in_use(db) == 0
    assert await count() == 0


async def test_the_head_of_an_answer_does_not_tell_the_server(db, port) -> None:
    async with served(db, port) as (client, _):
        response = await client.get("/sample/v1/me")
        assert response.status_code == 200
        assert "server" not in response.headers


async def test_an_answer_that_breaks_off_is_cut_and_nothing_of_the_reason_is_logged(db, port, lines) -> None:
    async with served(db, port) as (client, _):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"{PATH}/stream/broken")
        assert (await client.get("/sample/v1/me")).status_code == 200
    told = str(lines())
    assert "ResponseAborted" in told
    assert "张三丰" not in told


async def test_serves_over_a_unix_socket(db, tmp_path: Path) -> None:
    path = tmp_path / "s"
    app = make_app(db, http_uds=path)
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    async with (
        running(app, app.state.parts.settings),
        httpx.AsyncClient(transport=transport, base_url="http://sample", headers=HEADERS) as client,
    ):
        await until_ready(client)
        assert (await client.get("/sample/v1/me")).status_code == 200


async def test_a_taken_address_is_told_and_ends_nothing_else(port) -> None:
    settings = ServiceSettings.offline(http_port=port)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(ServerDidNotStart):
            await serve(make_app(), settings, stop=asyncio.Event())


async def test_a_lifespan_that_fails_means_that_nothing_is_served(port) -> None:
    app = make_app()

    @asynccontextmanager
    async def broken(_: Any) -> AsyncIterator[None]:
        raise OSError("no database")
        yield

    app.router.lifespan_context = broken
    with pytest.raises(ServerDidNotStart):
        await serve(app, ServiceSettings.offline(http_port=port), stop=asyncio.Event())


async def test_probes_have_a_port_of_their_own(port) -> None:
    async def fine() -> None:
        return None

    settings = ServiceSettings.offline(metrics_port=port)
    async with (
        running(create_probe_app({"database": fine}), settings, port=settings.metrics_port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        await until_ready(client)
        assert (await client.get("/readyz")).json()["status"] == "ready"
