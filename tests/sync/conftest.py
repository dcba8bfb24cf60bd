"""One site of the network over a real database: events in, levels up, what stands afterwards."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from common.auth import Actor, Role
from common.bus import Message, Received, TopicPartition
from common.consumer import Delivered, Handler, Postponed, decode
from common.contracts import contracts_of
from common.contracts.casework import CASE_TOPIC
from common.contracts.sync import RECORD_SUBMITTED, SubmittedRecord, inbox_topic
from common.db import Database
from common.divisions import LEVELS, Level, ancestors_of, level_of
from common.events import Event
from common.ids import uuid7
from common.outbox import OUTBOX_COLUMNS
from common.process import Context
from common.relay import message_of
from common.testing.events import INSTANT, case_event, case_state
from common.testing.tokens import AUDIENCE, ISSUER, bearer, make_actor, write_jwks
from sync.app import create_app
from sync.records.consumers import intake, tier
from sync.records.directory import DirectoryCheck
from sync.records.domain import RECORD_TYPE_OF, content_of, hop_on, is_straight
from sync.settings import SyncSettings

MIGRATIONS = Path(__import__("sync").__path__[0]) / "migrations"
NANSHAN_VILLAGE = "440305001001"
DONGGUAN_VILLAGE = "441900003001"
VALID_SINCE = date(2012, 1, 1)
_SUBMITTED = contracts_of([RECORD_SUBMITTED])
_DOMAIN = contracts_of(RECORD_TYPE_OF)


def received(topic: str, event: Event, offset: int = 0) -> Received:
    key, value, headers = event.to_kafka()
    return Received(topic, key, value, headers, 0, offset, 0)


def event_of(row: Mapping[str, Any]) -> Event:
    message: Message = message_of(row)
    return Event.from_kafka(message.key, message.value, message.headers)


def make_submitted(event: Event, level: Level, /, **changes: Any) -> Event:
    """The event by which a domain event's record would reach `level`; `changes` replace fields of its data."""
    state = json.loads(event.data)
    record_type = RECORD_TYPE_OF.get(event.type, "casework.case")
    hop = hop_on(event.division, None, level, straight=is_straight(record_type))
    content = content_of(state)
    values: dict[str, Any] = {
        "record_type": record_type,
        "record_id": UUID(event.subject),
        "version": event.recordversion,
        "division": event.division,
        "level": level_of(event.division),
        "event_type": event.type,
        "occurred_at": event.time,
        "digest": content.digest.hex(),
        "from_level": hop.below if hop else Level.TOWN,
        "from_division": hop.below_node if hop else event.division,
        "to_level": level,
        "to_division": hop.node if hop else event.division,
        "payload": state,
    }
    record = SubmittedRecord(**{**values, **changes})
    return replace(
        event, id=str(uuid7()), type=RECORD_SUBMITTED, source="/jiceng/sync", data=record.to_bytes(),
        division=record.division, level=str(record.level), recordversion=record.version,
    )  # fmt: skip


@pytest.fixture
def submitted() -> Callable[..., Event]:
    """`submitted(event, level, **changes)`: what a tier gets, one field away from right."""
    return make_submitted


class Site:
    """A site whose bus is this object: it hands outbox rows on to the tiers, as relay and consumers would."""

    def __init__(self, db: Database, check: DirectoryCheck) -> None:
        self.db = db
        self.check = check
        self._read: dict[str, int] = {}

    async def register(
        self, *codes: str, since: date = VALID_SINCE, until: date | None = None, kind: str = "standard"
    ) -> None:
        """Divisions as the directory copy knows them."""
        rows = [(uuid7(), code, str(level_of(code)), f"名称{code}", kind, None, since, until, 1) for code in codes]
        columns = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
        async with self.db.transaction() as conn:
            await conn.copy_records_to_table("directory_divisions", records=rows, columns=columns)

    async def apply(self, handler: Handler, batch: Sequence[Delivered]) -> None:
        while True:
            try:
                async with self.db.transaction() as conn:
                    await handler(conn, batch)
            except Postponed as postponed:
                await postponed.wait(self.db)
            else:
                return

    async def take_in(self, *events: Event, tiers: Sequence[Level] = LEVELS) -> None:
        """The intake gets these domain events as one batch."""
        batch = [decode(received(CASE_TOPIC, event), _DOMAIN) for event in events]
        await self.apply(intake(tiers, self.check), batch)

    async def submit(self, level: Level, *events: Event) -> None:
        """A tier gets these as one batch."""
        batch = [decode(received(inbox_topic(level), event), _SUBMITTED) for event in events]
        await self.apply(tier(level, self.check), batch)

    @staticmethod
    def received(topic: str, event: Event) -> Received:
        """The event as the bus would deliver it."""
        return received(topic, event)

    async def inbox(self, level: Level) -> list[Event]:
        """Everything that was ever sent to a tier, in the order of the outbox."""
        return [event_of(row) for row in await self.outbox(inbox_topic(level))]

    async def climb(self, *levels: Level) -> None:
        """Each tier in turn takes what has come since its last turn."""
        for level in levels or tuple(reversed(LEVELS[:-1])):
            waiting = (await self.inbox(level))[self._read.get(level, 0) :]
            self._read[level] = self._read.get(level, 0) + len(waiting)
            if waiting:
                await self.submit(level, *waiting)

    async def outbox(self, topic: str) -> list[Mapping[str, Any]]:
        names = ", ".join(f'"{name}"' for name in OUTBOX_COLUMNS)
        return await self.rows(f"SELECT {names} FROM outbox WHERE topic = $1 ORDER BY id", topic)

    async def rows(self, query: str, *values: Any) -> list[Mapping[str, Any]]:
        async with self.db.autocommit() as conn:
            return [dict(row) for row in await conn.fetch(query, *values)]

    async def value(self, query: str, *values: Any) -> Any:
        async with self.db.autocommit() as conn:
            return await conn.fetchval(query, *values)

    async def states(self, record_id: UUID | str) -> dict[str, int]:
        """Level → version of one record."""
        rows = await self.rows("SELECT level, version FROM level_states WHERE record_id = $1", UUID(str(record_id)))
        return {row["level"]: row["version"] for row in rows}

    async def receipts(self, record_id: UUID | str) -> list[tuple[str, int, str, str | None]]:
        """(level, version, outcome, reason code) in the order of their issue."""
        rows = await self.rows(
            "SELECT receiver_level, version, outcome, reason_code FROM receipts WHERE record_id = $1 ORDER BY id",
            UUID(str(record_id)),
        )
        return [(row["receiver_level"], row["version"], row["outcome"], row["reason_code"]) for row in rows]


async def nothing_published() -> Mapping[TopicPartition, int]:
    """A registry that has published nothing that the copy has not read."""
    return {}


def with_ancestors(*codes: str) -> list[str]:
    return sorted({place for code in codes for place in (code, *ancestors_of(code))})


@pytest.fixture
async def db(service_database: Callable[..., str]) -> AsyncIterator[Database]:
    database = Database(service_database("sync"), pool_size=4, application_name="sync")
    yield database
    await database.dispose()


@pytest.fixture
async def empty_site(db: Database) -> Site:
    return Site(db, DirectoryCheck(nothing_published, patience_seconds=0.2))


@pytest.fixture
async def site(empty_site: Site) -> Site:
    """A site that knows a village of Shenzhen and one of Dongguan, with everything above them."""
    await empty_site.register(*with_ancestors(NANSHAN_VILLAGE, DONGGUAN_VILLAGE))
    return empty_site


@pytest.fixture
def make_case() -> Callable[..., Event]:
    """`make_case(division=…, version=…, id=…)`: the event of one state of a case."""

    def make(
        division: str = NANSHAN_VILLAGE, *, time: Any = INSTANT, traceparent: str | None = None, **changes: Any
    ) -> Event:
        state = case_state(division=division, level=level_of(division), **changes)
        return case_event(state, time=time, traceparent=traceparent)

    return make


@pytest.fixture
async def api(db: Database, tmp_path: Path) -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """`api(division, *roles)`: a client with the token of such an actor; without arguments one without a token."""
    settings = SyncSettings.offline(
        database_url=db.url, oidc_issuer=ISSUER, oidc_audience=AUDIENCE, oidc_jwks_file=write_jwks(tmp_path)
    )
    context = Context("sync", settings, MIGRATIONS)
    app = create_app(context)
    clients: list[httpx.AsyncClient] = []

    def client(division: str | None = None, *roles: Role) -> httpx.AsyncClient:
        actor: Actor | None = make_actor(division, *(roles or (Role.WINDOW_CLERK,))) if division else None
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://sync/sync/v1", headers=bearer(actor) if actor else {}
        )
        clients.append(made)
        return made

    async with app.router.lifespan_context(app):
        yield client
    for made in clients:
        await made.aclose()
    await context.stop()
