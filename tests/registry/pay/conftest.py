"""A station with people, tasks and rates, and the acts of the town's head."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest

from common.auth import Actor, Role
from common.bus import Received
from common.clock import today
from common.consumer import Delivered, decode
from common.contracts import contracts_of
from common.contracts.casework import CASE_CLOSED, CASE_TOPIC, CASE_TYPES, CaseState
from common.contracts.registry import OFFICE_CHANGED
from common.contracts.registry.people import StaffMemberState
from common.crypto import generate_keyring
from common.divisions import Level
from common.events import Event
from common.ids import uuid7
from common.process import Context
from common.testing.events import case_event, case_state
from common.testing.tokens import ISSUER, bearer, make_actor
from registry.__main__ import DEFINITION
from registry.history.domain import next_state
from registry.history.service import store_record
from registry.pay.consumers import FACT_TYPES, keep_cases, keep_province
from registry.pay.service import look_through
from registry.settings import RegistrySettings

TOWN = "441624101000"
STATION = "441624101201"
OTHER_TOWN = "441625100000"
OTHER_STATION = "441625100201"
PERIOD = (date(2026, 10, 1), date(2026, 10, 31))
CLOSED = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)


def pseudonym(number: int) -> str:
    """What the province calls a person of these tests."""
    return hashlib.sha256(f"person {number}".encode()).hexdigest()


def delivered(event: Event, topic: str = CASE_TOPIC) -> Delivered:
    """An event as a consumer gets it."""
    key, value, headers = event.to_kafka()
    return decode(Received(topic, key, value, headers, 0, 0, 0), contracts_of((*CASE_TYPES, *FACT_TYPES)))


def staff_state(office: dict[str, Any], number: int, **changes: Any) -> StaffMemberState:
    """A part-time post of a person."""
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "office_id": UUID(office["id"]),
        "division": office["division"],
        "level": Level(office["level"]),
        "effective_on": date(2026, 1, 5),
        "pseudonym": pseudonym(number),
        "staff_type": "part_time",
        "post_title": None,
        "is_public_employee": False,
        "duties": (),
        "qualification_standard_id": None,
        "recruitment_id": None,
        "priority_group": None,
        "started_on": date(2026, 1, 5),
        "ended_on": None,
        "account": f"agent-{number}",
    }
    return StaffMemberState(**{**values, **changes})


@dataclass
class PayDesk:
    """A site of the registry, seen from the pay of one town's stations."""

    desk: Any
    town: str = TOWN
    station: str = STATION
    head: Actor = field(default_factory=lambda: make_actor(TOWN, Role.OFFICE_HEAD))

    async def office(self, division: str | None = None) -> dict[str, Any]:
        """The office of a division, by default the station."""
        found: dict[str, Any] = await self.desk.office_of(division or self.station)
        return found

    async def hire(self, number: int, division: str | None = None, **changes: Any) -> StaffMemberState:
        """A post, stored as hiring stores it."""
        state = staff_state(await self.office(division), number, **changes)
        await self.store(state)
        return state

    async def store(self, state: Any, previous: Any = None) -> None:
        """A state of a record, beside the API."""
        async with self.desk.units()() as uow:
            await store_record(uow, state, previous=previous, action="registry.test.store")

    async def change(self, state: Any, **changes: Any) -> Any:
        """The next state of a record."""
        following = next_state(state, effective_on=changes.pop("effective_on", today()), **changes)
        await self.store(following, state)
        return following

    async def case(self, number: int | None = None, **changes: Any) -> CaseState:
        """A case that the account of a person has closed, as the consumer takes it in."""
        office = await self.office(changes.get("division"))
        values: dict[str, Any] = {
            "division": office["division"],
            "office_id": UUID(office["id"]),
            "version": 3,
            "status": "closed",
            "closed_at": CLOSED,
            "closing_result": "granted",
            "handled_by": None if number is None else f"agent-{number}",
        }
        state = case_state(**{**values, **changes})
        await self.take(state)
        return state

    async def take(self, *states: CaseState) -> None:
        """Cases, as one batch of the consumer."""
        batch = [delivered(case_event(state, type_=CASE_CLOSED)) for state in states]
        async with self.desk.context.db.transaction() as conn:
            await keep_cases(conn, batch)

    async def tell(self, events: Sequence[Event]) -> None:
        """Events of any site, as one batch of the consumer."""
        async with self.desk.context.db.transaction() as conn:
            await keep_province(conn, [delivered(event) for event in events])

    async def facts(self) -> list[Event]:
        """What this site has published of persons, in order."""
        types = [one for one in FACT_TYPES if one != OFFICE_CHANGED]
        rows = await self.desk.rows("SELECT * FROM outbox WHERE type = ANY ($1) ORDER BY id", types)
        names = ("type", "source", "subject", "time", "division", "level", "recordversion", "partitionkey")
        return [
            Event(id=str(row["event_id"]), data=row["data"].encode(), **{name: row[name] for name in names})
            for row in rows
        ]

    async def check(self) -> None:
        """What the worker does with everything that is new."""
        while True:
            async with self.desk.units()() as uow:
                if await look_through(uow, limit=50) == 0:
                    return

    async def rate(self, fen: int, **changes: Any) -> dict[str, Any]:
        """A rate of the town."""
        body = {
            "office_id": (await self.office(self.town))["id"],
            "fen_per_task": fen,
            "valid_from": "2026-01-01",
            "document": "和府办〔2026〕1号",
            **changes,
        }
        made = await self.desk.post("/pay-rates", self.head, **body)
        assert made.status_code == 201, made.text
        return dict(made.json())

    async def act(
        self, kind: str, one: Any, act: str, version: int, actor: Actor | None = None, **body: Any
    ) -> httpx.Response:
        """A step of a task, a run or a recovery."""
        headers = {**bearer(actor or self.head), "If-Match": f'"{version}"'}
        path = f"/registry/v1/{kind}/{one}/{act}"
        answer: httpx.Response = await self.desk.client.post(path, json=body or None, headers=headers)
        return answer

    async def accept(self, case: CaseState, quality: int = 1000, version: int = 1, **body: Any) -> None:
        """The town's office accepts a task."""
        done = await self.act("pay-tasks", case.id, "acceptance", version, quality_permille=quality, **body)
        assert done.status_code == 200, done.text

    async def draft(self, actor: Actor | None = None, **changes: Any) -> httpx.Response:
        """A run over the station's October."""
        body = {
            "office_id": (await self.office(changes.pop("division", None)))["id"],
            "period_from": PERIOD[0].isoformat(),
            "period_to": PERIOD[1].isoformat(),
            **changes,
        }
        answer: httpx.Response = await self.desk.post("/pay-runs", actor or self.head, **body)
        return answer

    async def settle(self, run: dict[str, Any], version: int = 1) -> httpx.Response:
        """The run is paid."""
        return await self.act("pay-runs", run["id"], "settlement", version)

    async def pay(self, **changes: Any) -> dict[str, Any]:
        """Drafted and settled."""
        drafted = await self.draft(**changes)
        assert drafted.status_code == 201, drafted.text
        settled = await self.settle(drafted.json())
        assert settled.status_code == 200, settled.text
        return dict(settled.json())

    async def counts(self) -> tuple[int, ...]:
        """How much is stored of everything that a refused request must leave alone."""
        tables = (
            *("records", "record_versions", "outbox", "audit_entries", "paid_tasks", "province_pay", "pay_checks"),
            *("province_public_employees", "idempotency_keys"),
        )
        return tuple([await self.desk.value(f"SELECT count(*) FROM {table}") for table in tables])


@pytest.fixture
def pay(small_desk: Any) -> PayDesk:
    """Pay at a town of 和平县."""
    return PayDesk(small_desk)


@pytest.fixture
def places() -> SimpleNamespace:
    """What the tests name (conftest modules cannot be imported)."""
    return SimpleNamespace(
        TOWN=TOWN,
        STATION=STATION,
        CLOSED=CLOSED,
        PERIOD=PERIOD,
        pseudonym=pseudonym,
        delivered=delivered,
        staff_state=staff_state,
        PayDesk=PayDesk,
        OTHER_TOWN=OTHER_TOWN,
        OTHER_STATION=OTHER_STATION,
    )


@pytest.fixture
async def other(
    clone_database: Any,
    small_template: str,
    jwks_file: Path,
    person_keys: dict[str, Path],
    tmp_path: Path,
    pay: PayDesk,
) -> AsyncIterator[PayDesk]:
    """A second site, of the county beside: its own database and its own keys, but the province's pseudonym key."""
    url = clone_database(small_template)
    keyring = tmp_path / "other-keyring.json"
    generate_keyring().save(keyring)
    values: dict[str, Any] = {
        "environment": "test",
        "database_url": url,
        "bus_database_url": url,
        "database_pool_size": 4,
        "oidc_issuer": ISSUER,
        "oidc_jwks_file": jwks_file,
        **person_keys,
        "crypto_keys_file": keyring,
    }
    context = Context("registry", RegistrySettings(**values), DEFINITION.migrations)
    app = DEFINITION.create_app(context)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://other.test") as client,
    ):
        desk = type(pay.desk)(client, context, url)
        yield PayDesk(desk, OTHER_TOWN, OTHER_STATION, make_actor(OTHER_TOWN, Role.OFFICE_HEAD))
    await context.stop()
