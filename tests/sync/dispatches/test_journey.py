"""The way down as it runs: relay, dispatching, tiers and receipts over either bus, stopped in between and replayed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from common.auth import Role
from common.bus import Message, TopicSpec
from common.contracts.catalogue import DISPATCHABLE
from common.contracts.sync import (
    DISPATCH_LEVELS,
    DISPATCH_RECEIPTS_TOPIC,
    DISPATCH_REMINDERS_TOPIC,
    DISPATCH_SIGNED,
    dispatch_topic,
)
from common.db import Database
from common.events import Event
from common.process import Context
from common.relay import Relay
from common.testing.tokens import make_actor
from sync.dispatches.service import sign_dispatch
from sync.settings import SyncSettings
from sync.worker import consumers

EVERYBODY = 8
TOWN = "440305001000"
SOURCE = "jiceng.reporting.document.v1"
TOPICS = [
    *(record.topic for record in DISPATCHABLE),
    *(dispatch_topic(level) for level in DISPATCH_LEVELS),
    DISPATCH_RECEIPTS_TOPIC,
    DISPATCH_REMINDERS_TOPIC,
]


@pytest.fixture(params=[pytest.param("embedded"), pytest.param("kafka", marks=pytest.mark.kafka)])
async def context(
    request: pytest.FixtureRequest, db: Database, clone_database: Callable[..., str]
) -> AsyncIterator[Context]:
    where: dict[str, Any] = {"bus_database_url": clone_database()}
    if request.param == "kafka":
        where = {"bus": "kafka", "kafka_bootstrap_servers": request.getfixturevalue("kafka_server")}
    made = Context("sync", SyncSettings.offline(database_url=db.url, bus_partitions=2, **where), "unused")
    await made.start(with_bus=False)
    await made.bus.start()
    await made.bus.ensure_topics([TopicSpec(topic, 2, None) for topic in TOPICS])
    yield made
    await made.bus.stop()
    await made.stop()


@asynccontextmanager
async def running(context: Context) -> AsyncIterator[None]:
    """Everything of the way down, with the relay, in one loop."""
    stop = asyncio.Event()
    relay = Relay(context.db, context.bus, service="sync", wake=context.wake)
    runners = [one for one in consumers(context) if one.group.startswith("sync-dispatch")]
    assert len(runners) == 6
    tasks = [asyncio.create_task(one) for one in (*(runner.run(stop) for runner in runners), relay.run(stop))]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*tasks)


async def publish(context: Context, *events: Event) -> None:
    producer = context.bus.producer()
    await producer.start()
    await producer.send([Message(SOURCE, *event.to_kafka()) for event in events])
    await producer.stop()


async def until(db: Database, expected: int | bool, query: str, *values: Any) -> None:
    found = None
    try:
        async with asyncio.timeout(60):
            while found != expected:
                async with db.autocommit() as conn:
                    found = await conn.fetchval(query, *values)
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{query}: {found} instead of {expected}")


DELIVERED = "SELECT count(*) FROM dispatch_nodes WHERE dispatch_id = $1 AND delivered_at IS NOT NULL"


async def test_a_circular_goes_down_and_signatures_come_back(
    context: Context, tree: Any, document: Any, id_of: Any
) -> None:
    """Versions out of order and twice; the service is stopped half way, and the bus is read again from its beginning."""
    first = document()
    second = document(version=2, of=first.subject, title="更正")
    await publish(context, second, first, second)
    async with running(context):
        await until(context.db, 2, DELIVERED.replace("WHERE", "WHERE level = 'city' AND"), id_of(second))
    async with running(context):
        for told in (first, second):
            await until(context.db, EVERYBODY, DELIVERED, id_of(told))
        async with context.uow(make_actor(TOWN, Role.OFFICE_HEAD)) as uow:
            await sign_dispatch(uow, actor=uow.actor, dispatch_id=id_of(second))
        receipts = "SELECT count(*) FROM outbox WHERE topic = $1"
        await until(context.db, 2 * EVERYBODY + 1, receipts, DISPATCH_RECEIPTS_TOPIC)
    before = await tree.picture()
    async with context.db.transaction() as conn:
        await conn.execute("DELETE FROM bus_positions")
    read = "SELECT coalesce(sum(next_offset), 0) >= $2::bigint FROM bus_positions WHERE topic = $1"
    ends = await context.bus.end_offsets(TOPICS)
    async with running(context):
        for topic in TOPICS:
            end = sum(end for place, end in ends.items() if place.topic == topic)  # what the relay still had may follow
            await until(context.db, True, read, topic, end)
    assert await tree.picture() == before
    sent = [(e.subject, e.recordversion, e.division) for level in DISPATCH_LEVELS for e in await tree.sent(level)]
    assert len(sent) == len(set(sent)) == 2 * EVERYBODY
    assert [event.type for event in await tree.receipts()].count(DISPATCH_SIGNED) == 1
    assert await tree.rows("SELECT 1 FROM dead_letters") == []
    rows = await tree.rows(
        "SELECT DISTINCT version, superseded_by FROM dispatch_nodes JOIN dispatches ON id = dispatch_id"
    )
    assert sorted((row["version"], row["superseded_by"]) for row in rows) == [(1, 2), (2, None)]
