"""A small service with everything that common.http offers, over a real database."""

import io
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI, Path
from pydantic import Field, field_validator
from starlette.responses import Response, StreamingResponse

from common.audit import AUDIT_DDL
from common.auth import Actor, OutOfScope, Role, TokenExpired, TokenInvalid
from common.db import Database
from common.divisions import Level
from common.errors import Conflict, DomainError, NotFound, Rejected, TooMany
from common.http import (
    IDEMPOTENCY_DDL,
    AnswerModel,
    BeijingTime,
    CurrentActor,
    DivisionCode,
    FieldRule,
    Idempotency,
    IfMatch,
    Int32,
    Page,
    Paging,
    ReadConnection,
    StrictModel,
    Uow,
    answer,
    attach,
    create_service_app,
    require_version,
    run_idempotent,
)
from common.ids import uuid7
from common.outbox import OUTBOX_DDL
from common.settings import ServiceSettings
from common.telemetry import configure_logging
from common.telemetry.logs import StdlibHandler
from common.uow import UnitOfWorkFactory

CHECK_DIGIT = FieldRule("id-number-check-digit", "身份证号码校验位不正确")
CLERK = Actor("clerk-7", "李雷", None, Level.COUNTY, "440303000000", frozenset({Role.WINDOW_CLERK}))
OTHER = Actor("clerk-8", "韩梅梅", None, Level.COUNTY, "440304000000", frozenset({Role.WINDOW_CLERK}))
TOKENS = {"clerk": CLERK, "other": OTHER}
HEADERS = {"Authorization": "Bearer clerk"}


class FakeVerifier:
    """Knows three tokens; the real one has tests of its own."""

    async def verify(self, token: str) -> Actor:
        if token == "expired":
            raise TokenExpired
        if token not in TOKENS:
            raise TokenInvalid
        return TOKENS[token]

    async def aclose(self) -> None:
        return None


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(StrictModel):
    label: str = Field(max_length=20)
    count: Int32 = 1


class NewThing(StrictModel):
    name: str = Field(min_length=1, max_length=50)
    division: DivisionCode = "440303003000"
    id_number: str | None = Field(default=None, max_length=18)
    colour: Colour = Colour.RED
    kind: Literal["small", "large"] = "small"
    made_on: date | None = None
    made_at: datetime | None = None
    owner_id: UUID | None = None
    weight: Annotated[float, Field(ge=0, le=1000)] = 1.0
    is_new: bool = True
    parts: list[Part] = Field(default=[], max_length=5)
    notes: dict[str, str] = Field(default={})
    extra: dict[str, Any] = Field(default={})
    either: int | Part | None = None

    @field_validator("id_number")
    @classmethod
    def _check(cls, value: str | None) -> str | None:
        if value is not None and len(value) != 18:
            raise CHECK_DIGIT.error()
        if value == "0" * 18:
            raise ValueError(f"{value} is nobody's")
        return value


class Renamed(StrictModel):
    name: str


class ThingView(AnswerModel):
    id: UUID
    name: str
    version: int
    made_at: BeijingTime


class ThingClosed(Conflict):
    code = "thing.closed"
    title = "已关闭"


class TooSmall(Rejected):
    code = "thing.too-small"
    title = "面积不足"


router = APIRouter(prefix="/things", tags=["things"])
calls: dict[str, int] = {}


def view(row: Any) -> ThingView:
    return ThingView(id=row["id"], name=row["name"], version=row["version"], made_at=row["made_at"])


@router.post("", status_code=201, response_model=ThingView, summary="登记")
async def create_thing(body: NewThing, uow: Uow, idem: Idempotency) -> Response:
    async def work() -> Response:
        calls["create_thing"] = calls.get("create_thing", 0) + 1
        row = await uow.conn.fetchrow("INSERT INTO things (id, name) VALUES ($1, $2) RETURNING *", uuid7(), body.name)
        if body.name == "fails-after-write":
            raise ThingClosed
        return answer(view(row), status=201, version=1, location=f"/sample/v1/things/{row['id']}")

    return await run_idempotent(uow, idem, work)


@router.get("", summary="列表")
async def list_things(paging: Paging, conn: ReadConnection, _: CurrentActor, prefix: str = "") -> Page[ThingView]:
    of = f"things:{prefix}"
    after = paging.after(datetime, UUID, of=of) or (datetime(1, 1, 1, tzinfo=UTC), UUID(int=0))
    rows = await conn.fetch(
        "SELECT * FROM things WHERE name LIKE $1 || '%' AND (made_at, id) > ($2, $3) ORDER BY made_at, id LIMIT $4",
        prefix,
        *after,
        paging.fetch,
    )
    return paging.page(rows, key=lambda row: (row["made_at"], row["id"]), show=view, of=of)


@router.get("/{thing_id}", summary="查看")
async def get_thing(thing_id: UUID, conn: ReadConnection, _: CurrentActor, response: Response) -> ThingView:
    row = await conn.fetchrow("SELECT * FROM things WHERE id = $1", thing_id)
    if row is None:
        raise NotFound
    response.headers["ETag"] = f'"{row["version"]}"'
    return view(row)


@router.put("/{thing_id}", response_model=ThingView, summary="改名")
async def rename_thing(thing_id: UUID, body: Renamed, uow: Uow, expected: IfMatch) -> Response:
    row = await uow.conn.fetchrow("SELECT * FROM things WHERE id = $1 FOR UPDATE", thing_id)
    if row is None:
        raise NotFound
    require_version(expected, row["version"])
    row = await uow.conn.fetchrow(
        "UPDATE things SET name = $2, version = version + 1 WHERE id = $1 RETURNING *", thing_id, body.name
    )
    return answer(view(row), version=row["version"])


@router.post("/slow", summary="缓慢")
async def wait_thing(body: Renamed, uow: Uow) -> Renamed:
    await uow.conn.execute("INSERT INTO things (id, name) VALUES ($1, $2)", uuid7(), body.name)
    await uow.conn.execute("SELECT pg_sleep(0.5)")
    return body


@router.post("/raise/{kind}", summary="出错")
async def fail_thing(kind: Annotated[str, Path(max_length=30)], uow: Uow) -> None:
    await uow.conn.execute("INSERT INTO things (id, name) VALUES ($1, 'doomed')", uuid7())
    errors: dict[str, Exception] = {
        "conflict": ThingClosed("已于昨日关闭", closed_by="station", status=999, trace_id="mine"),
        "rejected": TooSmall("面积 200 平方米", clause="O3.1", required=300),
        "scope": OutOfScope(),
        "often": TooMany(retry_after_seconds=37),
        "bare": DomainError(),
        "bug": RuntimeError("440301199001011234 张三丰"),
        "deadlock": asyncpg.DeadlockDetectedError("440301199001011234"),
        "cut": asyncpg.ConnectionDoesNotExistError("x"),
        "closed": asyncpg.InterfaceError("connection is closed"),
        "argument": asyncpg.InterfaceError("the server expects 1 argument"),
    }
    if kind == "duplicate":
        await uow.conn.execute("INSERT INTO things SELECT * FROM things")
    if kind == "late":
        await uow.conn.execute("INSERT INTO late VALUES (1), (1)")
        return
    if kind == "timeout":
        await uow.conn.execute("SET LOCAL statement_timeout = 50")
        await uow.conn.execute("SELECT pg_sleep(5)")
    raise errors[kind]


@router.get("/stream/broken", summary="中断")
async def stream_broken() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"first "
        raise RuntimeError("张三丰")

    return StreamingResponse(parts())


DDL = (
    *OUTBOX_DDL,
    *AUDIT_DDL,
    *IDEMPOTENCY_DDL,
    """CREATE TABLE things (id uuid PRIMARY KEY, name text NOT NULL, version integer NOT NULL DEFAULT 1,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp())""",
    "CREATE TABLE late (n integer UNIQUE DEFERRABLE INITIALLY DEFERRED)",
)


@pytest.fixture(scope="session")
def template(postgres_server: Any) -> Iterator[str]:
    """The sample's database, made once per worker and copied for each test."""
    name = f"template_http_{os.getpid()}"
    postgres_server.create_database(name)
    postgres_server.run_sql(name, ";".join(DDL))
    yield name
    postgres_server.drop_database(name)


@pytest.fixture
async def db(template: str, clone_database: Callable[..., str]) -> AsyncIterator[Database]:
    database = Database(clone_database(template), pool_size=4, application_name="sample", lock_timeout_ms=1500)
    yield database
    await database.dispose()


def make_app(db: Database | None = None, *, large_bodies: dict[str, int] | None = None, **settings: Any) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if db is not None:
            attach(app, db=db, units=UnitOfWorkFactory(db), readiness={"database": db.ping})
        yield

    return create_service_app(
        name="sample",
        title="样例服务",
        settings=ServiceSettings.offline(**settings),
        lifespan=lifespan,
        routers=[router],
        verifier=FakeVerifier(),  # type: ignore[arg-type]
        large_bodies=large_bodies,
    )


@asynccontextmanager
async def client_of(app: FastAPI, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://sample", headers={**HEADERS, **headers}) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """Building an application takes longer than most tests; its parts are attached for each."""
    return make_app()


@pytest.fixture
async def app(shared_app: FastAPI, db: Database) -> FastAPI:
    calls.clear()
    attach(shared_app, db=db, units=UnitOfWorkFactory(db), readiness={"database": db.ping})
    return shared_app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as made:
        yield made


@pytest.fixture
async def count(db: Database) -> Callable[..., Any]:
    async def counter(table: str = "things") -> int:
        async with db.autocommit() as conn:
            return await conn.fetchval(f"SELECT count(*) FROM {table}")

    return counter


@pytest.fixture(autouse=True)
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    stream = io.StringIO()
    level = logging.getLogger().level
    configure_logging("sample", "INFO", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, StdlibHandler)]:
        root.removeHandler(handler)
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
