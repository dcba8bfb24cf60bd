"""Size limits, browsers of other origins, and dependencies overridden in tests."""

import httpx
import pytest

from common.http.identity import bearer_actor

from .conftest import CLERK, client_of, make_app

PATH = "/sample/v1/things"
LIMIT = 1024
JSON = {"Content-Type": "application/json", "Idempotency-Key": "k"}


def chunks(total: int):
    async def stream():
        for _ in range(total // 64):
            yield b" " * 64

    return stream()


@pytest.fixture
async def small(db):
    async with client_of(make_app(db, http_max_body_bytes=LIMIT)) as client:
        yield client


@pytest.mark.parametrize("path", [PATH, "/sample/v1/nothing", "/sample/v1/me"])
async def test_a_declared_size_beyond_the_limit_is_refused_unread(small, path) -> None:
    response = await small.post(path, content=b" " * (LIMIT + 1), headers=JSON)
    assert (response.status_code, response.json()["code"]) == (413, "request.body-too-large")


async def test_an_undeclared_size_is_counted(small, count) -> None:
    response = await small.post(PATH, content=chunks(LIMIT + 64), headers=JSON)
    assert (response.status_code, response.json()["code"]) == (413, "request.body-too-large")
    assert await count() == 0


async def test_the_limit_itself_is_fine(small) -> None:
    body = b'{"name": "x"}'
    exact = body + b" " * (LIMIT - len(body))
    assert (await small.post(PATH, content=exact, headers=JSON)).status_code == 201

    async def stream():
        yield exact[:100]
        yield exact[100:]

    assert (await small.post(PATH, content=stream(), headers=JSON)).headers["idempotency-replayed"] == "true"


@pytest.fixture
async def large(db):
    async with client_of(make_app(db, http_max_body_bytes=LIMIT, large_bodies={"/things": 4 * LIMIT})) as client:
        yield client


async def test_a_path_that_takes_larger_bodies_takes_them_up_to_its_own_limit(large, count) -> None:
    body = b'{"name": "x"}'
    exact = body + b" " * (4 * LIMIT - len(body))
    assert (await large.post(PATH, content=exact, headers=JSON)).status_code == 201
    for content in (exact + b" ", chunks(4 * LIMIT + 64)):
        refused = await large.post(PATH, content=content, headers={**JSON, "Idempotency-Key": "other"})
        assert (refused.status_code, refused.json()["code"]) == (413, "request.body-too-large")
    assert await count() == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/sample/v1/me"),
        ("PUT", f"{PATH}/0190f3d2-7c1a-7b3e-9f00-0242ac120002"),
        ("POST", f"{PATH}/slow"),
        ("POST", f"{PATH}/"),
        ("POST", "/things"),
    ],
)
async def test_every_other_path_keeps_the_common_limit(large, method, path) -> None:
    for content in (b" " * (LIMIT + 1), chunks(LIMIT + 64)):
        response = await large.request(method, path, content=content, headers=JSON)
        is_read = path.startswith(PATH) and not path.endswith("/")
        expected = {413} if isinstance(content, bytes) or is_read else {404, 405}
        assert response.status_code in expected, path


async def test_a_size_that_is_no_number_is_counted_too(db) -> None:
    app = make_app(db, http_max_body_bytes=LIMIT)
    sent = []

    async def receive():
        return {"type": "http.request", "body": b" " * 600, "more_body": True}

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", b"-5"), (b"content-type", b"application/json"), (b"authorization", b"Bearer clerk")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("x", 80),
        "client": ("x", 1),
        "http_version": "1.1",
        "root_path": "",
    }
    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_browsers_of_a_named_origin_may_call_and_see_what_they_need() -> None:
    origin = "https://portal.example"
    async with client_of(make_app(cors_origins=(origin,))) as client:
        preflight = await client.options(
            PATH,
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,idempotency-key,if-match,content-type",
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == origin
        for answer in (
            await client.get("/sample/v1/me", headers={"Origin": origin}),
            await client.get("/x", headers={"Origin": origin}),
        ):
            assert answer.headers["access-control-allow-origin"] == origin
            assert {"ETag", "X-Trace-Id"} <= set(answer.headers["access-control-expose-headers"].split(", "))
        assert (
            "access-control-allow-origin"
            not in (await client.get("/sample/v1/me", headers={"Origin": "https://elsewhere.example"})).headers
        )


async def test_without_the_setting_no_other_origin_may_call(client) -> None:
    response = await client.get("/sample/v1/me", headers={"Origin": "https://portal.example"})
    assert "access-control-allow-origin" not in response.headers


async def test_dependencies_can_be_overridden_in_tests() -> None:
    app = make_app()
    app.dependency_overrides[bearer_actor] = lambda: CLERK
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client:
        assert (await client.get("/sample/v1/me")).json()["subject"] == "clerk-7"


async def test_what_one_application_overrides_holds_in_no_other_of_the_same_routers() -> None:
    changed, other = make_app(), make_app()
    changed.dependency_overrides[bearer_actor] = lambda: CLERK
    async with httpx.AsyncClient(transport=httpx.ASGITransport(other), base_url="http://sample") as client:
        assert (await client.get("/sample/v1/me")).status_code == 401
