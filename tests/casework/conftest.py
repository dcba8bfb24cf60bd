"""Casework over a real database: five levels of Shenzhen, a village of Dongguan, a far county."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from casework.__main__ import DEFINITION
from casework.settings import CaseworkSettings
from common.auth import Actor, Role
from common.crypto import FieldCipher, generate_keyring, open_cipher
from common.ids import uuid7
from common.process import Context
from common.testing import directory
from common.testing.persons import synthetic_organisation, synthetic_person
from common.testing.tokens import ISSUER, bearer, make_actor, write_jwks

PROVINCE = "440000000000"
CITY = "440300000000"
COUNTY = "440305000000"
TOWN = "440305001000"
VILLAGE = "440305001001"
NEIGHBOUR = "440305001002"
OTHER_COUNTY = "440306000000"
OTHER_VILLAGE = "440306001001"
DONGGUAN_VILLAGE = "441900003001"
SUSPENDED = "440305001003"
OFFICELESS = "440305001004"
RETIRED = "440305001005"

PLACES = (
    PROVINCE, CITY, COUNTY, TOWN, VILLAGE, NEIGHBOUR, OTHER_COUNTY, "440306001000", OTHER_VILLAGE, "441900000000",
    "441900003000", DONGGUAN_VILLAGE, SUSPENDED, OFFICELESS, RETIRED,
)  # fmt: skip

ITEM = "E06"
TOWN_ONLY_ITEM = "E02"


@dataclass(frozen=True)
class Window:
    """A running casework application with its parts."""

    app: FastAPI
    client: httpx.AsyncClient
    context: Context
    cipher: FieldCipher
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

    async def register(self, actor: Actor | None = None, **changes: Any) -> httpx.Response:
        """Registers a case as the village's agent does."""
        key = changes.pop("key", None) or str(uuid7())
        headers = {**bearer(actor or AGENT), "Idempotency-Key": key}
        return await self.client.post("/casework/v1/cases", json=case_body(**changes), headers=headers)

    async def act(
        self, case_id: str, act: str, body: dict[str, Any] | None = None, *, version: int, **options: Any
    ) -> httpx.Response:
        """One step of a case's life."""
        actor, key = options.get("actor", AGENT), options.get("key") or str(uuid7())
        headers = {**bearer(actor), "Idempotency-Key": key, "If-Match": f'"{version}"'}
        return await self.client.post(f"/casework/v1/cases/{case_id}/{act}", json=body, headers=headers)


AGENT = make_actor(VILLAGE, Role.STATION_AGENT)
CLERK = make_actor(TOWN, Role.WINDOW_CLERK)
HEAD = make_actor(TOWN, Role.OFFICE_HEAD)
SUPERVISOR = make_actor(CITY, Role.BUREAU_SUPERVISOR)
STRANGER = make_actor(OTHER_COUNTY, Role.WINDOW_CLERK)
AUDITOR = make_actor(PROVINCE, Role.AUDITOR)
ADMINISTRATOR = make_actor(PROVINCE, Role.ADMINISTRATOR)


def case_body(number: int = 1, body_kind: str = "natural_person", **changes: Any) -> dict[str, Any]:
    """A registration that nothing is wrong with; `changes` replace members, `applicant_…` those of the applicant."""
    person = synthetic_person(number)
    applicant = {"kind": "natural_person", "name": person.name, "id_number": person.id_number, "phone": person.phone}
    body: dict[str, Any] = {"division": VILLAGE, "item_code": ITEM, "applicant": applicant}
    if body_kind == "organisation":
        organisation = synthetic_organisation(number)
        applicant = {
            "kind": "organisation",
            "name": organisation.name,
            "uscc": organisation.uscc,
            "phone": organisation.phone,
        }
        body["applicant"] = applicant
    for name, value in changes.items():
        target, member = (applicant, name.removeprefix("applicant_")) if name.startswith("applicant_") else (body, name)
        target[member] = value
    return body


@pytest.fixture(scope="session")
def world() -> SimpleNamespace:
    """The places, actors and bodies of these tests (conftest modules cannot be imported)."""
    shown = {name: value for name, value in globals().items() if name.isupper()}
    return SimpleNamespace(**shown, case_body=case_body, fill_directory=fill_directory)


@pytest.fixture
def crypto_suite() -> str:
    """The suite of this test; parametrize to choose."""
    return "aes-gcm-sha256"


@pytest.fixture
def keys_file(tmp_path: Path, crypto_suite: str) -> Path:
    """A fresh keyring of this test."""
    path = tmp_path / "keys.json"
    generate_keyring(crypto_suite).save(path)
    return path


@pytest.fixture(scope="session")
def jwks_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public key of the tests' issuer."""
    return write_jwks(tmp_path_factory.mktemp("jwks"))


@pytest.fixture
def make_settings(keys_file: Path, jwks_file: Path, crypto_suite: str) -> Callable[..., CaseworkSettings]:
    """`make_settings(url, **changes)`."""

    def make(url: str, **changes: Any) -> CaseworkSettings:
        values = {
            "environment": "test",
            "database_url": url,
            "bus_database_url": url,
            "database_pool_size": 4,
            "oidc_issuer": ISSUER,
            "oidc_jwks_file": jwks_file,
            "crypto_keys_file": keys_file,
            "crypto_suite": crypto_suite,
        }
        return CaseworkSettings(**(values | changes))

    return make


@pytest.fixture
def database(service_database: Callable[..., str]) -> str:
    """Casework's migrated database, of this test alone."""
    return service_database("casework")


@pytest.fixture
async def context(database: str, make_settings: Callable[..., CaseworkSettings]) -> AsyncIterator[Context]:
    """The parts of a casework process, with a filled directory."""
    await fill_directory(database)
    made = Context("casework", make_settings(database), DEFINITION.migrations)
    yield made
    await made.stop()


@pytest.fixture
async def cipher(context: Context) -> FieldCipher:
    """The cipher of the context."""
    return open_cipher(context.settings)


@pytest.fixture
async def window(context: Context, cipher: FieldCipher, database: str) -> AsyncIterator[Window]:
    """The application, started, without a network."""
    app = DEFINITION.create_app(context)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://casework.test") as client,
    ):
        yield Window(app, client, context, cipher, database)


async def fill_directory(url: str) -> None:
    """Divisions and offices, as the registry's events would have brought them."""
    await directory.fill_directory(url, map(_known, PLACES))


def _known(code: str) -> directory.KnownPlace:
    status = {OFFICELESS: None, SUSPENDED: "suspended"}.get(code, "operating")
    return directory.KnownPlace(code, valid_to=date(2020, 1, 1) if code == RETIRED else None, office_status=status)
