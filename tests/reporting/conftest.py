"""Reporting over a real database: one town of Shenzhen, one of Dongguan (no county), a far county, and an oracle."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest
from fastapi import FastAPI

from common.bus import Received
from common.consumer import Delivered, decode
from common.contracts import contracts_of
from common.contracts.registry import DIVISION_CHANGED, OFFICE_CHANGED, DivisionState, OfficeState
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.db import Database
from common.directory import DIRECTORY_TYPES
from common.divisions import level_of, parent_of
from common.events import Event
from common.ids import uuid7
from common.process import Context
from common.testing.events import INSTANT, accepted_event
from common.testing.tokens import ISSUER, bearer, write_jwks
from reporting.__main__ import DEFINITION
from reporting.accepted import accepted_contracts
from reporting.completeness.consumers import keep_directory
from reporting.figures.consumers import AcceptedFigure, keep_figures
from reporting.figures.domain import MONTH_MEASURES
from reporting.settings import ReportingSettings


class Known(NamedTuple):
    """A division of the tests."""

    name: str
    level: str
    above: str | None


PLACES = {
    "440000000000": Known("广东省", "province", None),
    "440300000000": Known("深圳市", "city", "440000000000"),
    "440305000000": Known("南山区", "county", "440300000000"),
    "440305001000": Known("南头街道", "town", "440305000000"),
    "440305001001": Known("南头城社区", "village", "440305001000"),
    "440305001002": Known("大新社区", "village", "440305001000"),
    "440306000000": Known("宝安区", "county", "440300000000"),
    "440306001000": Known("新安街道", "town", "440306000000"),
    "440306001001": Known("文汇社区", "village", "440306001000"),
    "441900000000": Known("东莞市", "city", "440000000000"),
    "441900003000": Known("东城街道", "town", "441900000000"),
    "441900003001": Known("东城社区", "village", "441900003000"),
    "441600000000": Known("河源市", "city", "440000000000"),
    "441624000000": Known("和平县", "county", "441600000000"),
    "441624100000": Known("阳明镇", "town", "441624000000"),
    "441624100201": Known("新塘村", "village", "441624100000"),
}
RANKS = {level: rank for rank, level in enumerate(("province", "city", "county", "town", "village"))}
KINDS = {"town": "service_office", "village": "service_station"}
_BY_DAY = ("registered", "accepted", "refused", "withdrawn", "closed")


def _received(event: Event, topic: str) -> Received:
    key, value, headers = event.to_kafka()
    return Received(topic, key, value, headers, 0, 0, 0)


def division_event(code: str, name: str, *, version: int = 1, **changes: Any) -> Event:
    state = DivisionState(
        **{
            "id": uuid5(NAMESPACE_OID, f"{code}/{version}" if "valid_from" in changes else code),
            "code": code,
            "level": level_of(code),
            "name": name,
            "kind": "standard",
            "parent_code": parent_of(code),
            "valid_from": date(2011, 1, 1),
            "valid_to": None,
            "version": version,
            **changes,
        }
    )
    return _registry_event(DIVISION_CHANGED, state)


def office_event(code: str, status: str = "operating", *, version: int = 1, number: int = 0, **changes: Any) -> Event:
    state = OfficeState(
        **{
            "id": uuid5(NAMESPACE_OID, f"office {code} {number}"),
            "division": code,
            "level": level_of(code),
            "kind": KINDS.get(level_of(code).value, "bureau"),
            "name": f"{PLACES[code].name}机构",
            "status": status,
            "version": version,
            **changes,
        }
    )
    return _registry_event(OFFICE_CHANGED, state)


def _registry_event(type_: str, state: Any) -> Event:
    division = getattr(state, "code", None) or state.division
    return Event(
        id=str(uuid7()),
        type=type_,
        source="/jiceng/registry",
        subject=str(state.id),
        time=INSTANT,
        division=division,
        level=str(state.level),
        recordversion=state.version,
        partitionkey=str(state.id),
        data=state.to_bytes(),
    )


@dataclass(frozen=True)
class Desk:
    """Reporting's database with its two handlers, as the consumers call them."""

    db: Database

    async def directory(self, *events: Event) -> None:
        """Applies registry events in one transaction."""
        async with self.db.transaction() as conn:
            await keep_directory(conn, self.delivered(*events))

    @staticmethod
    def delivered(*events: Event) -> list[Delivered]:
        """Registry events as the consumer sees them."""
        accepts = contracts_of(DIRECTORY_TYPES)
        return [decode(_received(event, "jiceng.registry.office.v1"), accepts) for event in events]

    async def accept(self, *records: AcceptedRecord) -> None:
        """Applies accepted records in one transaction."""
        async with self.db.transaction() as conn:
            await keep_figures(conn, [deliver(record) for record in records])

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        async with self.db.autocommit() as conn:
            return await conn.fetch(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        return (await self.rows(sql, *values))[0][0]

    async def figures(self, **where: Any) -> int:
        """The sum of the figures that fit."""
        conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(where, 1))
        return await self.value(f"SELECT coalesce(sum(value), 0)::int FROM figures WHERE {conditions}", *where.values())

    async def check(self) -> None:
        """Everything that is counted on the way equals what is counted from the beginning."""
        cases = await self.rows("SELECT * FROM accepted_facts")
        value, own, facts = recompute(cases)
        months = {}
        for row in await self.rows("SELECT * FROM figure_months"):
            key = tuple(row)[:6]
            months |= {(*key, name): row[name] for name in MONTH_MEASURES if row[name]}
        assert months == recompute_months(cases)
        rows = await self.rows("SELECT * FROM figures")
        assert {_figure(row): row["value"] for row in rows if row["value"]} == value
        assert {_figure(row): row["own"] for row in rows if row["own"]} == own
        days = await self.rows("SELECT * FROM place_days")
        assert {(row["level"], row["division"], row["day"]): row["facts"] for row in days if row["facts"]} == facts
        operating = await self.rows(
            "SELECT DISTINCT division FROM directory_offices WHERE status = 'operating' AND kind <> 'bureau'"
        )
        expected = {row["division"] for row in operating}
        steps = Counter[tuple[str]]()
        for row in await self.rows("SELECT * FROM expected_steps"):
            steps[row["division"],] += row["change"]
        assert {key: count for key, count in steps.items() if count} == Counter(
            (above,) for division in expected for above in path(division)
        )
        assert await self._counts("reported_places", "reported") == Counter(
            (level, above, day)
            for level, division, day in facts
            if division in expected
            for above in path(division, level)
        )

    async def _counts(self, table: str, column: str) -> dict[tuple[Any, ...], int]:
        rows = await self.rows(f"SELECT * FROM {table}")
        return {tuple(row)[:-1]: row[column] for row in rows if row[column]}


def path(division: str, level: str = "province") -> list[str]:
    """The divisions on the way up to a level, from the table above: no code of the platform is asked."""
    found = []
    here: str | None = division
    while here is not None and RANKS[PLACES[here].level] >= RANKS[level]:
        found.append(here)
        here = PLACES[here].above
    return found


def recompute(records: Sequence[Any]) -> tuple[Counter[Any], Counter[Any], Counter[Any]]:
    """Figures, own figures and facts of places, counted from the records."""
    value: Counter[Any] = Counter()
    own: Counter[Any] = Counter()
    facts: Counter[Any] = Counter()
    for record in records:
        for measure, told, amount in json.loads(record["facts"]):
            if measure not in _BY_DAY:
                continue
            day = date.fromisoformat(told)
            key = (day, record["duty"], record["item_code"], measure)
            own[record["level"], record["division"], *key] += amount
            facts[record["level"], record["division"], day] += 1
            for above in path(record["division"], record["level"]):
                value[record["level"], above, *key] += amount
    return value, own, facts


def recompute_months(records: Sequence[Any]) -> Counter[Any]:
    """Figures of months: of everything and per item, of a division and of its own office; none that comes to nothing.

    Days of handling may cancel out: a case closed before it was accepted has less than none.
    """
    found: Counter[Any] = Counter()
    for record in records:
        level, place = record["level"], record["division"]
        for measure, told, amount in json.loads(record["facts"]):
            month = date.fromisoformat(told[:8] + "01")
            for item in {("", ""), (record["item_code"], record["duty"])}:
                if PLACES[place].level != "village":
                    found[level, place, "own", *item, month, measure] += amount
                for above in path(place, level):
                    found[level, above, "all", *item, month, measure] += amount
    return Counter({key: amount for key, amount in found.items() if amount})


def _figure(row: Any) -> tuple[Any, ...]:
    return tuple(row)[:6]


def deliver(record: AcceptedRecord, **changes: Any) -> Delivered:
    """A record as the consumer sees it."""
    event = accepted_event(record, **changes)
    return decode(_received(event, accepted_topic(record.accepted_level)), accepted_contracts(AcceptedFigure))


@pytest.fixture
def directory_events() -> Callable[..., Event]:
    """`directory_events("office" | "division", code, …)`."""
    return lambda kind, *args, **options: (office_event if kind == "office" else division_event)(*args, **options)


@pytest.fixture
def delivery() -> Callable[..., Delivered]:
    """`delivery(record, **envelope)`: decoded as the figures consumer decodes it."""
    return deliver


@pytest.fixture
def database(service_database: Callable[..., str]) -> str:
    """Reporting's migrated database, of this test alone."""
    return service_database("reporting")


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    """The handlers over a database without a directory."""
    db = Database(database, pool_size=6, application_name="test")
    yield Desk(db)
    await db.dispose()


async def fill_directory_of(db: Database) -> None:
    """The divisions above, and an operating office in each."""
    await Desk(db).directory(
        *(division_event(code, known.name) for code, known in PLACES.items()), *(office_event(code) for code in PLACES)
    )


@pytest.fixture
def fill_directory() -> Callable[[Database], Awaitable[None]]:
    """`await fill_directory(db)`: the divisions above, and an operating office in each."""
    return fill_directory_of


@pytest.fixture
async def filled(desk: Desk) -> Desk:
    """The handlers over the divisions above, and an operating office in each."""
    await fill_directory_of(desk.db)
    return desk


@pytest.fixture(scope="session")
def jwks_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public key of the tests' issuer."""
    return write_jwks(tmp_path_factory.mktemp("jwks"))


@pytest.fixture
async def context(database: str, jwks_file: Path) -> AsyncIterator[Context]:
    """The parts of a reporting process."""
    settings = ReportingSettings(
        environment="test",
        database_url=database,
        bus_database_url=database,
        database_pool_size=4,
        oidc_issuer=ISSUER,
        oidc_jwks_file=jwks_file,
    )
    made = Context("reporting", settings, DEFINITION.migrations)
    yield made
    await made.stop()


@pytest.fixture
async def app(context: Context) -> AsyncIterator[FastAPI]:
    """The application, started."""
    made = DEFINITION.create_app(context)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def get(app: FastAPI) -> AsyncIterator[Callable[..., Awaitable[httpx.Response]]]:
    """`await get("/figures", actor, level=…)`."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.test") as client:

        async def ask(where: str, actor: Any = None, **query: Any) -> httpx.Response:
            headers = bearer(actor) if actor else {}
            params = {("from" if name == "from_" else name): str(value) for name, value in query.items()}
            return await client.get(f"/reporting/v1{where}", params=params, headers=headers)

        yield ask


@pytest.fixture
async def call(app: FastAPI) -> AsyncIterator[Callable[..., Awaitable[httpx.Response]]]:
    """`await call("POST", "/programmes", actor, body, version=2)`; without a version a creation, under its own key."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.test") as client:

        async def send(
            method: str, where: str, actor: Any, body: Any = None, *, version: int | None = None, key: str | None = None
        ) -> httpx.Response:
            tag = {"If-Match": f'"{version}"'} if version is not None else {"Idempotency-Key": key or str(uuid7())}
            headers = {**bearer(actor), **tag}
            return await client.request(method, f"/reporting/v1{where}", json=body, headers=headers)

        yield send


@pytest.fixture
async def send(app: FastAPI) -> AsyncIterator[Callable[..., Awaitable[httpx.Response]]]:
    """`await send("POST", "/orders", actor, {…}, version=2)`: a creating request has a key of its own."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting.test") as client:

        async def ask(
            method: str,
            where: str,
            actor: Any = None,
            body: Any = None,
            *,
            version: int | None = None,
            key: str | None = None,
        ) -> httpx.Response:
            headers = {**(bearer(actor) if actor else {}), "Idempotency-Key": key or str(uuid7())}
            if version is not None:
                headers["If-Match"] = f'"{version}"'
            return await client.request(method, f"/reporting/v1{where}", json=body, headers=headers)

        yield ask
