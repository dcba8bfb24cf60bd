"""A site whose tiers hand dispatches down: versions in, nodes reached, signatures back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from common.bus import Received
from common.consumer import Delivered, Handler, decode
from common.contracts import contracts_of
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.record import DispatchOrder
from common.contracts.reporting.documents import DocumentState
from common.contracts.sync import (
    DISPATCH_DELIVERED,
    DISPATCH_ENDED,
    DISPATCH_LEVELS,
    DISPATCH_RECEIPTS_TOPIC,
    DISPATCH_SENT,
    DISPATCH_SIGNED,
    dispatch_topic,
)
from common.db import Database
from common.divisions import Level, level_of
from common.events import Event
from common.ids import uuid7
from common.outbox import OUTBOX_COLUMNS
from common.relay import message_of
from common.testing.events import INSTANT
from sync.dispatches.consumers import dispatch_tier, dispatching, keep_receipts
from sync.dispatches.domain import dispatch_id
from sync.dispatches.service import Site

PROVINCE, SHENZHEN, NANSHAN, TOWN = "440000000000", "440300000000", "440305000000", "440305001000"
VILLAGES = ("440305001001", "440305001002")
DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE = "441900000000", "441900003000", "441900003001"
PLACES = (PROVINCE, SHENZHEN, NANSHAN, TOWN, *VILLAGES, DONGGUAN, DONGGUAN_TOWN, DONGGUAN_VILLAGE)
RECORD = "reporting.document"
TYPE = "reporting.document.changed.v1"
_VERSIONS = contracts_of(record.type for record in DISPATCHABLE)
_SENT = contracts_of([DISPATCH_SENT, DISPATCH_ENDED])
_RECEIPTS = contracts_of([DISPATCH_DELIVERED, DISPATCH_SIGNED])


def document(
    *to: str,
    sender: str = PROVINCE,
    down_to: Level = Level.VILLAGE,
    version: int = 1,
    of: UUID | str | None = None,
    is_sent: bool = True,
    sign_by: date | None = None,
    status: str = "published",
    title: str = "关于加强基层服务平台建设的通知",
) -> Event:
    """The event of one version of a policy document, with an order unless it is not sent."""
    order = DispatchOrder(
        title=title, reference_number="粤人社发〔2026〕1号", to=to or (sender,), down_to=down_to, sign_by=sign_by
    )
    identity = UUID(str(of)) if of else uuid7()
    state = DocumentState(
        id=identity, version=version, division=sender, level=level_of(sender), changed_at=INSTANT,
        number="粤人社发〔2026〕1号", title=title, issuer="省人力资源和社会保障厅", signed_on=date(2026, 3, 1),
        classification="public", down_to=down_to, root=identity, status=status, dispatch=order if is_sent else None,
    )  # fmt: skip
    return Event(
        id=str(uuid7()), type=TYPE, source="/jiceng/reporting", subject=str(identity), time=INSTANT, division=sender,
        level=str(level_of(sender)), recordversion=version, partitionkey=str(identity), data=state.to_bytes(),
    )  # fmt: skip


def id_of(event: Event) -> UUID:
    """The id of the dispatch that a version becomes."""
    return dispatch_id(RECORD, UUID(event.subject), event.recordversion)


class Ladder:
    """The way down at one site; the bus is the outbox, read by each tier from where it stopped."""

    def __init__(self, db: Database, part: Site | None = None) -> None:
        self.db = db
        self.part = part or Site()
        self._read: dict[str, int] = {}

    async def open(self, *codes: str, status: str = "operating", since: date = date(2012, 1, 1)) -> None:
        """Divisions with an office, as the copy of the register knows them."""
        async with self.db.transaction() as conn:
            for code in codes:
                level = level_of(code)
                await conn.execute(
                    "INSERT INTO directory_divisions (id, code, level, name, kind, valid_from, version) "
                    "VALUES ($1, $2, $3, $4, 'standard', $5, 1)", uuid7(), code, level, f"名称{code}", since,
                )  # fmt: skip
                await conn.execute(
                    "INSERT INTO directory_offices (id, division, level, kind, name, status, version, phone) "
                    "VALUES ($1, $2, $3, 'bureau', $4, $5, 1, '0755-12345')", uuid7(), code, level, f"机构{code}", status,
                )  # fmt: skip

    async def apply(self, handler: Handler, batch: Sequence[Delivered]) -> None:
        async with self.db.transaction() as conn:
            await handler(conn, batch)

    async def send(self, *events: Event) -> None:
        """The service of the sender publishes versions."""
        await self.apply(dispatching(self.part), [self._delivered(one, _VERSIONS) for one in events])

    async def deliver(self, level: Level, *events: Event, part: Site | None = None) -> None:
        """A tier gets these as one batch."""
        await self.apply(dispatch_tier(level, part or self.part), [self._delivered(one, _SENT) for one in events])

    async def learn(self, *events: Event) -> None:
        """Receipts as one batch."""
        await self.apply(keep_receipts, [self._delivered(one, _RECEIPTS) for one in events])

    async def descend(self, *levels: Level) -> None:
        """Each tier in turn takes what has come since its last turn."""
        for level in levels or DISPATCH_LEVELS:
            waiting = (await self.sent(level))[self._read.get(level, 0) :]
            self._read[level] = self._read.get(level, 0) + len(waiting)
            if waiting:
                await self.deliver(level, *waiting)

    async def sent(self, level: Level) -> list[Event]:
        """Everything that was ever sent down to a level."""
        return await self.outbox(dispatch_topic(level))

    async def receipts(self) -> list[Event]:
        return await self.outbox(DISPATCH_RECEIPTS_TOPIC)

    async def outbox(self, topic: str) -> list[Event]:
        names = ", ".join(f'"{name}"' for name in OUTBOX_COLUMNS)
        rows = await self.rows(f"SELECT {names} FROM outbox WHERE topic = $1 ORDER BY id", topic)
        messages = [message_of(row) for row in rows]
        return [Event.from_kafka(one.key, one.value, one.headers) for one in messages]

    async def rows(self, query: str, *values: Any) -> list[Any]:
        async with self.db.autocommit() as conn:
            return [dict(row) for row in await conn.fetch(query, *values)]

    async def nodes(self, event: Event, where: str = "delivered_at IS NOT NULL") -> dict[str, bool]:
        """Node → whether it is addressed, of a version's dispatch."""
        rows = await self.rows(
            f"SELECT node, is_addressed FROM dispatch_nodes WHERE dispatch_id = $1 AND {where}", id_of(event)
        )
        return {row["node"]: row["is_addressed"] for row in rows}

    async def picture(self) -> list[tuple[Any, ...]]:
        """What stands at the end, without times."""
        rows = await self.rows(
            "SELECT dispatch_id, node, parent, is_addressed, superseded_by, sent_at IS NOT NULL AS sent, "
            "delivered_at IS NOT NULL AS delivered FROM dispatch_nodes ORDER BY dispatch_id, node"
        )
        return [tuple(row.values()) for row in rows]

    @staticmethod
    def _delivered(event: Event, accepts: Any) -> Delivered:
        key, value, headers = event.to_kafka()
        return decode(Received("unused", key, value, headers), accepts)


@pytest.fixture
def ladder(db: Database) -> Ladder:
    return Ladder(db)


@pytest.fixture
async def tree(ladder: Ladder) -> Ladder:
    """A village line of Shenzhen with two villages, and one of Dongguan, which has no county."""
    await ladder.open(*PLACES)
    return ladder


@pytest.fixture(name="document")
def document_fixture() -> Callable[..., Event]:
    """`document(*to, sender=…, down_to=…, version=…, of=…)`: a version that goes down."""
    return document


@pytest.fixture(name="id_of")
def id_of_fixture() -> Callable[[Event], UUID]:
    return id_of


@pytest.fixture
def site_of(db: Database) -> Callable[..., Ladder]:
    """`site_of(levels, division)`: the same database as another part of the network."""
    return lambda levels, division=None: Ladder(db, Site(tuple(levels), division))
