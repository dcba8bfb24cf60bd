"""Registry over all of Guangdong: seeded once into a template database, copied for each test."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
import pytest

from common.auth import Actor, Role
from common.crypto import generate_keyring
from common.db import Database
from common.ids import uuid7
from common.process import Context
from common.testing.persons import synthetic_person
from common.testing.tokens import ISSUER, bearer, make_actor, write_jwks
from common.uow import UnitOfWorkFactory
from registry.__main__ import DEFINITION
from registry.data.reader import read_divisions
from registry.data.rows import DivisionRow
from registry.seeding.service import SeedResult, seed
from registry.settings import RegistrySettings

PROVINCE = "440000000000"
SHENZHEN = "440300000000"
NANSHAN = "440305000000"
HEPING = "441624000000"
HEPING_TOWN = "441624101000"
HEPING_VILLAGE = "441624101201"
DONGGUAN = "441900000000"
DONGGUAN_TOWN = "441900003000"
INFORMAL = "441900401000"
"""松山湖, a unit like a town without an office."""


@dataclass(frozen=True)
class Desk:
    """A running registry application with its parts."""

    client: httpx.AsyncClient
    context: Context
    url: str

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """What stands in the database, read beside the application."""
        conn = await asyncpg.connect(self.url)
        try:
            return await conn.fetch(sql, *values)
        finally:
            await conn.close()

    async def value(self, sql: str, *values: Any) -> Any:
        """The one value of one row."""
        return (await self.rows(sql, *values))[0][0]

    async def counts(self) -> list[Any]:
        """Everything that a refused request must leave as it was."""
        return await self.rows(
            "SELECT (SELECT count(*) FROM records) AS records, (SELECT count(*) FROM record_versions) AS versions, "
            "(SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM audit_entries) AS acts, "
            "(SELECT count(*) FROM idempotency_keys) AS keys, "
            "(SELECT coalesce(sum((state ->> 'spent_fen')::bigint), 0) FROM records) AS spent"
        )

    async def get(self, path: str, actor: Actor | None = None, **query: Any) -> httpx.Response:
        """Reads, without a token unless an actor is named."""
        headers = bearer(actor) if actor else {}
        return await self.client.get(f"/registry/v1{path}", params=query or None, headers=headers)

    async def create(self, actor: Actor, *, key: str | None = None, **body: Any) -> httpx.Response:
        """Sets up an office."""
        headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
        return await self.client.post("/registry/v1/offices", json=body, headers=headers)

    async def change(self, actor: Actor, office_id: str, version: int | str = 1, /, **body: Any) -> httpx.Response:
        """Changes an office; `version` as a text is the whole header."""
        tag = version if isinstance(version, str) else f'"{version}"'
        headers = {**bearer(actor), **({"If-Match": tag} if tag else {})}
        return await self.client.patch(f"/registry/v1/offices/{office_id}", json=body, headers=headers)

    async def post(self, path: str, actor: Actor, *, key: str | None = None, **body: Any) -> httpx.Response:
        """Creates something."""
        headers = {**bearer(actor), "Idempotency-Key": key or str(uuid7())}
        return await self.client.post(f"/registry/v1{path}", json=body, headers=headers)

    async def patch(self, path: str, actor: Actor, version: int, /, **body: Any) -> httpx.Response:
        """Changes something that was seen at `version`."""
        headers = {**bearer(actor), "If-Match": f'"{version}"'}
        return await self.client.patch(f"/registry/v1{path}", json=body, headers=headers)

    def units(self) -> UnitOfWorkFactory:
        """Units of work beside the application, for what no endpoint does."""
        return UnitOfWorkFactory(self.context.db)

    async def office_of(self, division: str) -> dict[str, Any]:
        """The office of a division, as a list shows it."""
        found = (await self.get("/offices", division=division, limit=1)).json()["items"][0]
        assert found["division"] == division
        return dict(found)


@pytest.fixture(scope="session")
def world() -> SimpleNamespace:
    """The places of these tests, and who acts (conftest modules cannot be imported)."""
    shown = {name: value for name, value in globals().items() if name.isupper()}
    supervisor = make_actor(HEPING, Role.BUREAU_SUPERVISOR)
    return SimpleNamespace(
        **shown,
        supervisor=supervisor,
        province=make_actor(PROVINCE, Role.BUREAU_SUPERVISOR),
        dongguan=make_actor(DONGGUAN, Role.BUREAU_SUPERVISOR),
        head=make_actor(HEPING_TOWN, Role.OFFICE_HEAD),
        clerk=make_actor(HEPING_TOWN, Role.WINDOW_CLERK),
        stranger=make_actor(NANSHAN, Role.BUREAU_SUPERVISOR),
    )


@pytest.fixture(scope="session")
def hire_body() -> Callable[..., dict[str, Any]]:
    """`hire_body(office, number)`: a hire that nothing is wrong with; `person_…` replaces members of the person."""

    def make(office: dict[str, Any], number: int = 7_000, **changes: Any) -> dict[str, Any]:
        somebody = synthetic_person(number)
        person: dict[str, Any] = {"name": somebody.name, "id_number": somebody.id_number, "phone": somebody.phone}
        of_person = {name: changes.pop(name) for name in list(changes) if name.startswith("person_")}
        person |= {name.removeprefix("person_"): value for name, value in of_person.items()}
        is_station = office["kind"] == "service_station"
        body = {"office_id": office["id"], "person": person, "started_on": "2024-03-01"}
        return {**body, "staff_type": "part_time" if is_station else "purchased_service", **changes}

    return make


SMALL = (
    "440000000000",
    "440300000000",
    "440305000000",
    "440305001*",
    "440305002*",
    "441600000000",
    "441624000000",
    "441624100*",
    "441624101*",
    "441624102*",
    "441625000000",
    "441625100*",
    "441900000000",
    "441900003*",
    "441900401*",
    "441900402000",
)
"""The small world: a few towns whole, in two counties of 河源, in 深圳 and in 东莞."""


async def _seed(url: str, rows: Sequence[DivisionRow] | None = None) -> SeedResult:
    db = Database(url, pool_size=0)
    try:
        return await seed(UnitOfWorkFactory(db), rows=rows)
    finally:
        await db.dispose()


def _small_rows() -> list[DivisionRow]:
    return [row for row in read_divisions() if any(fnmatch(row.code, pattern) for pattern in SMALL)]


@pytest.fixture(scope="session")
def run_seed() -> Callable[..., SeedResult]:
    """`run_seed(url, rows=None)`: what `python -m registry seed` does, in this process, over some rows or the file."""
    return lambda url, rows=None: asyncio.run(_seed(url, rows))


@pytest.fixture(scope="session")
def small_rows() -> list[DivisionRow]:
    """The rows of the file that are the small world."""
    return _small_rows()


@pytest.fixture(scope="session")
def seeded_template(postgres_server: Any, service_template: Callable[..., str], run_seed: Any) -> str:
    """Name of the database with all of Guangdong, made once a session, whichever worker needs it first."""
    return _template("template_registry_seeded", postgres_server, service_template("registry"), run_seed)


@pytest.fixture(scope="session")
def small_template(postgres_server: Any, service_template: Callable[..., str]) -> str:
    """Name of the database with the small world: seeded within a second."""
    empty = service_template("registry")
    return _template(
        "template_registry_small", postgres_server, empty, lambda url: asyncio.run(_seed(url, _small_rows()))
    )


def _template(name: str, server: Any, empty: str, fill: Callable[[str], object]) -> str:
    guard = Path(os.environ["JICENG_TEST_SHARED_DIR"]) / f"{name}.guard"
    with guard.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.has_database(name):
            draft = f"{name}_draft"
            server.drop_database(draft)
            fill(server.create_database(draft, empty))
            server.run_sql(draft, "VACUUM ANALYZE")
            server.run_sql("postgres", f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


@pytest.fixture
def small(clone_database: Callable[..., str], small_template: str) -> str:
    """A database with the small world, of this test alone."""
    return clone_database(small_template)


@pytest.fixture
def seeded(clone_database: Callable[..., str], seeded_template: str) -> str:
    """A database with all of Guangdong, of this test alone."""
    return clone_database(seeded_template)


@pytest.fixture(scope="session")
def jwks_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public key of the tests' issuer."""
    return write_jwks(tmp_path_factory.mktemp("jwks"))


@pytest.fixture(scope="session")
def person_keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The keys of persons, as settings: the site's own keyring and the province's pseudonym key."""
    folder = tmp_path_factory.mktemp("keys")
    keyring, pseudonyms = folder / "keyring.json", folder / "pseudonym.key"
    generate_keyring().save(keyring)
    pseudonyms.touch(mode=0o600)
    pseudonyms.write_bytes(os.urandom(32))
    return {"crypto_keys_file": keyring, "person_pseudonym_key_file": pseudonyms}


@asynccontextmanager
async def _open_desk(url: str, jwks_file: Path, keys: dict[str, Path]) -> AsyncIterator[Desk]:
    settings = RegistrySettings(
        environment="test",
        database_url=url,
        bus_database_url=url,
        database_pool_size=4,
        oidc_issuer=ISSUER,
        oidc_jwks_file=jwks_file,
        **keys,
    )
    context = Context("registry", settings, DEFINITION.migrations)
    app = DEFINITION.create_app(context)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://registry.test") as client,
    ):
        yield Desk(client, context, url)
    await context.stop()


@pytest.fixture
async def whole_desk(seeded: str, jwks_file: Path, person_keys: dict[str, Path]) -> AsyncIterator[Desk]:
    """The application over all of Guangdong, started, without a network."""
    async with _open_desk(seeded, jwks_file, person_keys) as opened:
        yield opened


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """All of Guangdong; a module for which the small world is enough defines its own."""
    return whole_desk


@pytest.fixture
async def small_desk(small: str, jwks_file: Path, person_keys: dict[str, Path]) -> AsyncIterator[Desk]:
    """The application over the small world."""
    async with _open_desk(small, jwks_file, person_keys) as opened:
        yield opened


@pytest.fixture
async def office(small_desk: Desk) -> dict[str, Any]:
    """The office of a town of the small world."""
    return await small_desk.office_of(HEPING_TOWN)
