"""One port before four services: the same public paths as an HTTPRoute or an Ingress gives elsewhere."""

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from onebox.issuer import PEOPLE, DevelopmentIssuer, find_person
from onebox.places import SERVICES

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade", "host"}
)  # fmt: skip
TITLES = {"registry": "机构名册", "casework": "窗口业务", "sync": "五级联网", "reporting": "进度报送"}


def create_gateway(sockets: dict[str, Path], issuer: DevelopmentIssuer) -> Starlette:
    """The gateway over the services' sockets."""
    clients: dict[str, httpx.AsyncClient] = {}

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
        for name, socket in sockets.items():
            transport = httpx.AsyncHTTPTransport(uds=str(socket), limits=limits)
            clients[name] = httpx.AsyncClient(transport=transport, base_url="http://onebox", timeout=30)
        yield
        for client in clients.values():
            await client.aclose()

    async def forward(request: Request) -> Response:
        client = clients[request.url.path.split("/")[1]]
        return await _forward(request, client)

    async def jwks(_: Request) -> Response:
        return JSONResponse(issuer.jwks)

    async def token(request: Request) -> Response:
        try:
            person = find_person(request.path_params["key"])
        except Exception:  # noqa: BLE001 - whatever is wrong with the name, there is nobody of it
            return JSONResponse({"detail": "没有这样的演示人员，写作 角色@12位区划代码"}, 404)
        return JSONResponse({"access_token": issuer.token(person), "token_type": "Bearer", "name": person.name})

    async def index(_: Request) -> Response:
        return HTMLResponse(_index_page())

    routes = [
        Route("/", index),
        Route("/dev/jwks.json", jwks),
        Route("/dev/tokens/{key}", token),
        *(Route(f"/{name}/{{path:path}}", forward, methods=METHODS) for name in SERVICES),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _forward(request: Request, client: httpx.AsyncClient) -> Response:
    headers = [(name, value) for name, value in request.headers.raw if name.decode().lower() not in _HOP_BY_HOP]
    if request.client is not None:
        headers.append((b"x-forwarded-for", request.client.host.encode()))
    raw_path = request.scope.get("raw_path") or request.url.path.encode()
    target = httpx.URL("http://onebox").copy_with(raw_path=raw_path + _query(request))
    body = None if request.method in {"GET", "HEAD"} else request.stream()
    try:
        answer = await client.send(
            client.build_request(request.method, target, headers=headers, content=body), stream=True
        )
    except httpx.TransportError:
        problem = {
            "type": "urn:jiceng:problem:service.unavailable",
            "title": "服务暂不可用",
            "status": 503,
            "detail": "服务正在启动或已停止，请稍后再试",
            "code": "service.unavailable",
            "instance": request.url.path,
        }
        return JSONResponse(problem, 503, media_type="application/problem+json")
    return StreamingResponse(_body(answer), answer.status_code, headers=_kept(answer))


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()


def _kept(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP}


def _query(request: Request) -> bytes:
    query: bytes = request.scope["query_string"]
    return b"?" + query if query else b""


def _index_page() -> str:
    services = "".join(
        f'<li><a href="/{name}/docs">{title}</a> <code>/{name}/v1</code> · '
        f'<a href="/{name}/openapi.json">OpenAPI</a></li>'
        for name, title in TITLES.items()
    )
    people = "".join(
        f"<tr><td>{html.escape(person.level_label)}</td><td>{html.escape(person.name)}</td>"
        f'<td><a href="/dev/tokens/{person.key}"><code>{person.key}</code></a></td></tr>'
        for person in PEOPLE
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>基层 Jiceng</title>'
        "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}"
        "td{padding:.1rem .8rem .1rem 0}</style>"
        f"<h1>基层 Jiceng</h1><p>乡镇、街道人力资源社会保障公共服务平台（单机演示）</p><h2>接口</h2><ul>{services}</ul>"
        f"<h2>演示人员与令牌</h2><p>均为虚构，仅限本机开发使用。</p><table>{people}</table></html>"
    )
