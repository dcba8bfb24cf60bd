"""All four services in this process over real databases with a little of Guangdong in each, for requests that must change nothing."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from casework.__main__ import DEFINITION as CASEWORK
from common.auth import Role
from common.crypto import generate_keyring
from common.process import ServiceDefinition
from common.testing.apps import RunningApp, run_app
from common.testing.directory import KnownPlace, fill_directory
from common.testing.persons import synthetic_person
from common.testing.tokens import ISSUER, bearer, make_actor, write_jwks
from registry.__main__ import DEFINITION as REGISTRY
from registry.data.reader import read_divisions
from registry.data.rows import DATA_AS_OF
from registry.divisions.service import load_divisions
from registry.offices.naming import name_offices
from registry.offices.service import load_offices
from reporting.__main__ import DEFINITION as REPORTING
from sync.__main__ import DEFINITION as SYNC

SERVICES = {definition.name: definition for definition in (REGISTRY, CASEWORK, SYNC, REPORTING)}

PROVINCE, CITY, COUNTY, TOWN = "440000000000", "441600000000", "441624000000", "441624101000"
STATION, NEIGHBOUR, OFFICELESS = "441624101201", "441624101202", "441624101203"
SUSPENDED, RETIRED, CLOSED = "441624101204", "441624101205", "441624101206"
DONGGUAN, INFORMAL, INFORMAL_VILLAGE = "441900000000", "441900401000", "441900401498"
PLACES = (
    KnownPlace(PROVINCE),
    KnownPlace(CITY),
    KnownPlace(COUNTY),
    KnownPlace(TOWN),
    KnownPlace(STATION),
    KnownPlace(NEIGHBOUR),
    KnownPlace(OFFICELESS, office_status=None),
    KnownPlace(SUSPENDED, office_status="suspended"),
    KnownPlace(RETIRED, valid_to=date(2020, 1, 1)),
    KnownPlace(DONGGUAN),
    KnownPlace(INFORMAL, kind="informal", office_status=None),
    KnownPlace("440300000000"),
    KnownPlace("440305000000"),
)

EXPIRED_ITEM, ITEM_OF_EXPIRED_DUTY = "E06", "M01"


class Ledger:
    """One service's database, beside the application."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._conn: Any = None
        self._statement = ""

    async def open(self) -> None:
        """Connects, and learns which tables there are."""
        self._conn = await asyncpg.connect(self.url)
        tables = await self._conn.fetch(
            "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
        )
        self._statement = " UNION ALL ".join(
            f"SELECT '{row['name']}' AS name, count(*) AS rows, max(t.xmin::text::bigint) AS newest, "
            f"sum(hashtextextended(t::text, 0)) AS contents FROM {row['name']} AS t"
            for row in tables
        )

    async def close(self) -> None:
        """Disconnects."""
        await self._conn.close()

    async def run(self, statement: str, *values: Any) -> list[Any]:
        """Any SQL."""
        return await self._conn.fetch(statement, *values)

    async def fingerprint(self) -> dict[str, Any]:
        """Of every table: how many rows, the newest transaction, and a checksum of the contents."""
        return {row["name"]: tuple(row)[1:] for row in await self._conn.fetch(self._statement)}


@dataclass
class Platform:
    """The four services.

    Attributes:
        apps: by name.
        ledgers: their databases, by name.
        known: what paths of the table may name in braces: ids of cases in each status, of offices.
    """

    apps: dict[str, RunningApp] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request to the service that the path begins with."""
        return await self.apps[path.split("/")[1]].client.request(method, path, **options)

    async def fingerprint(self) -> dict[str, Any]:
        """Of every table of every service."""
        return {name: await ledger.fingerprint() for name, ledger in self.ledgers.items()}


@pytest.fixture(scope="module")
def module_database(postgres_server: Any, service_template: Callable[..., str]) -> Iterator[Callable[[str], str]]:
    """`module_database(service) -> url`: a migrated database of this module."""
    with _databases(postgres_server, service_template) as make:
        yield make


@contextmanager
def _databases(server: Any, template: Callable[..., str]) -> Iterator[Callable[[str], str]]:
    made: list[str] = []

    def make(service: str) -> str:
        made.append(f"e2e_{os.getpid()}_{service}")
        server.drop_database(made[-1])
        return server.create_database(made[-1], template(service))

    yield make
    for name in made:
        server.drop_database(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Platform]:
    """The services with their data, and cases and offices in every state that the table needs."""
    folder = tmp_path_factory.mktemp("platform")
    made = Platform()
    async with AsyncExitStack() as stack:
        for name, definition in SERVICES.items():
            ledger = made.ledgers[name] = Ledger(module_database(name))
            await ledger.open()
            stack.push_async_callback(ledger.close)
            made.apps[name] = await stack.enter_async_context(_app(definition, ledger.url, folder))
        await _fill_registry(made)
        for service in ("casework", "sync", "reporting"):
            await fill_directory(made.ledgers[service].url, PLACES)
        await _fill_casework(made)
        yield made


def _app(definition: ServiceDefinition, url: str, folder: Path) -> Any:
    keys = folder / f"{definition.name}.json"
    generate_keyring("aes-gcm-sha256").save(keys)
    settings = definition.settings(
        environment="test",
        database_url=url,
        bus_database_url=url,
        database_pool_size=2,
        oidc_issuer=ISSUER,
        oidc_jwks_file=write_jwks(folder),
        crypto_keys_file=keys,
    )
    return run_app(definition, settings)


async def _fill_registry(made: Platform) -> None:
    """The divisions of the table as the committed file has them, and the offices that the naming rule gives them."""
    codes = {PROVINCE, CITY, COUNTY, TOWN, DONGGUAN, INFORMAL, INFORMAL_VILLAGE, OFFICELESS, SUSPENDED, RETIRED, CLOSED}
    rows = [row for row in read_divisions() if row.code in codes | {STATION, NEIGHBOUR}]
    named = [office for office in name_offices(rows)[0] if office.division not in {OFFICELESS, RETIRED}]
    async with made.apps["registry"].context.uow() as uow:
        await load_divisions(uow, rows=rows, valid_from=DATA_AS_OF, reason="test")
        await load_offices(uow, named=named, valid_from=DATA_AS_OF, reason="test")
    await made.ledgers["registry"].run("UPDATE divisions SET valid_to = '2024-01-01' WHERE code = $1", RETIRED)
    await made.ledgers["registry"].run("UPDATE offices SET status = 'suspended' WHERE division = $1", SUSPENDED)
    await made.ledgers["registry"].run(
        "UPDATE offices SET status = 'closed', valid_to = '2025-01-01' WHERE division = $1", CLOSED
    )
    for name, division in (("office", STATION), ("suspended", SUSPENDED), ("gone", CLOSED), ("town_office", TOWN)):
        found = await made.ledgers["registry"].run("SELECT id::text AS id FROM offices WHERE division = $1", division)
        made.known[name] = found[0]["id"]
    await made.ledgers["registry"].run("UPDATE offices SET status = 'suspended' WHERE division = $1", TOWN)


async def _fill_casework(made: Platform) -> None:
    """A case in each status, and a catalogue from which an item and a duty have gone."""
    await made.ledgers["casework"].run(
        "UPDATE item_versions SET effective_from = '2012-01-01', effective_to = '2020-01-01' WHERE code = $1",
        EXPIRED_ITEM,
    )
    await made.ledgers["casework"].run(
        "UPDATE duties SET effective_to = '2020-01-01' WHERE code = 'demobilised_officers'"
    )
    steps: dict[str, list[tuple[str, Any]]] = {
        "registered": [],
        "accepted": [("acceptance", None)],
        "closed": [("acceptance", None), ("closure", {"result": "granted"})],
        "refused": [("refusal", {"reason": "材料不全"})],
        "withdrawn": [("withdrawal", {"reason": "改日办理"})],
    }
    agent = bearer(make_actor(STATION, Role.STATION_AGENT))
    for number, (name, acts) in enumerate(steps.items()):
        person = synthetic_person(900 + number)
        body = {
            "division": STATION,
            "item_code": "E07",
            "applicant": {"kind": "natural_person", "name": person.name, "id_number": person.id_number},
        }
        answer = await made.send(
            "POST", "/casework/v1/cases", json=body, headers={**agent, "Idempotency-Key": f"used-{name}"}
        )
        assert answer.status_code == 201, answer.text
        made.known[name] = answer.json()["id"]
        for version, (act, told) in enumerate(acts, 1):
            headers = {**agent, "Idempotency-Key": f"{act}-{name}", "If-Match": f'"{version}"'}
            path = f"/casework/v1/cases/{made.known[name]}/{act}"
            answer = await made.send("POST", path, json=told, headers=headers)
            assert answer.status_code == 200, answer.text
