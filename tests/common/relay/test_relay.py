"""The relay: everything committed arrives, in order per key, from one active relay, also after a restart."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from common.bus import Bus, Message, Received, TopicPartition
from common.contracts.casework import CASE_TOPIC
from common.db import Database
from common.events import Event
from common.outbox import append_many
from common.relay import Relay, rewind
from common.testing.events import case_event, case_state
from common.uow import RelayWake


class FromBeginning:
    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        return {}


async def write(db: Database, *events: Event) -> None:
    async with db.transaction() as conn:
        await append_many(conn, [(CASE_TOPIC, event) for event in events])


async def read(bus: Bus, count: int, *, more_seconds: float = 0.0) -> list[Received]:
    """The first `count` messages of the case topic, and whatever comes within `more_seconds` after them."""
    consumer = bus.consumer(topics=[CASE_TOPIC], group="test-reader", positions=FromBeginning())
    await consumer.start()
    found: list[Received] = []
    try:
        async with asyncio.timeout(20):
            while len(found) < count:
                found += await consumer.poll(max_messages=1000, timeout_seconds=0.2)
        if more_seconds:
            found += await consumer.poll(max_messages=1000, timeout_seconds=more_seconds)
    finally:
        await consumer.stop()
    return found


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(relay.run(stop)) for relay in relays]
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await asyncio.gather(*tasks)


async def test_sends_what_was_committed_with_every_attribute(db: Database, bus: Bus) -> None:
    event = case_event(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    await write(db, event)
    async with running(Relay(db, bus, service="casework")):
        (message,) = await read(bus, 1)
    assert Event.from_kafka(message.key, message.value, message.headers) == event


async def test_keeps_the_order_of_each_record_over_many_batches(db: Database, bus: Bus) -> None:
    cases = [case_state() for _ in range(20)]
    for version in range(1, 11):
        await write(db, *(case_event(state.model_copy(update={"version": version})) for state in cases))
    async with running(Relay(db, bus, service="casework", batch=7)):
        messages = await read(bus, 200)
    seen: dict[bytes, list[int]] = {}
    for message in messages:
        seen.setdefault(message.key, []).append(int(dict(message.headers)["ce_recordversion"]))
    assert list(seen.values()) == [list(range(1, 11))] * 20


async def test_a_second_relay_stands_by_and_takes_over(db: Database, bus: Bus) -> None:
    first, second = Relay(db, bus, service="casework"), Relay(db, bus, service="casework")
    async with running(second):
        async with running(first):
            await write(db, case_event())
            await read(bus, 1)
            assert first.is_active != second.is_active
        await write(db, case_event())
        assert len(await read(bus, 2, more_seconds=0.3)) == 2
        assert second.is_active


async def test_a_restarted_relay_goes_on_where_it_stopped(db: Database, bus: Bus) -> None:
    await write(db, *(case_event() for _ in range(30)))
    async with running(Relay(db, bus, service="casework")):
        await read(bus, 30)
    await write(db, *(case_event() for _ in range(5)))
    async with running(Relay(db, bus, service="casework")):
        assert len(await read(bus, 35, more_seconds=0.3)) == 35


async def test_a_rewound_relay_sends_again_from_an_event_on(db: Database, bus: Bus) -> None:
    events = [case_event() for _ in range(6)]
    for event in events:
        await write(db, event)
    async with running(Relay(db, bus, service="casework")):
        await read(bus, 6)
    async with db.autocommit() as conn:
        await rewind(conn, to_event=None)
    async with running(Relay(db, bus, service="casework")):
        again = await read(bus, 12)
    ids = [dict(message.headers)["ce_id"].decode() for message in again]
    assert sorted(ids) == sorted([event.id for event in events] * 2)


async def test_a_wake_spares_the_wait(db: Database, bus: Bus) -> None:
    """With a poll every ten minutes only the wake can explain the arrival.

    It is woken until then: the oldest transaction of the whole server bounds what it may read (ADR 0002), and that may
    be one of another test.
    """
    wake = RelayWake()

    async def keep_waking() -> None:
        while True:
            wake.set()
            await asyncio.sleep(0.2)

    async with running(Relay(db, bus, service="casework", wake=wake, idle_seconds=(600, 600))) as stop:
        await asyncio.sleep(0.5)
        await write(db, case_event())
        waking = asyncio.create_task(keep_waking())
        await read(bus, 1)
        waking.cancel()
        stop.set()
        wake.set()


async def test_goes_on_after_its_connection_was_cut(db: Database, bus: Bus) -> None:
    await write(db, case_event())
    async with running(Relay(db, bus, service="casework")):
        await read(bus, 1)
        async with db.autocommit() as conn:
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'test-dedicated' AND datname = current_database()"
            )
        await write(db, case_event())
        messages = await read(bus, 2)
    assert len({dict(message.headers)["ce_id"] for message in messages}) == 2


class DyingBus:
    """The bus, whose first send takes the relay's connection with it before anything is acknowledged."""

    def __init__(self, bus: Bus, db: Database) -> None:
        self.bus = bus
        self.db = db
        self.has_killed = False

    def producer(self) -> Any:
        producer = self.bus.producer()
        send = producer.send

        async def die_or_send(messages: Sequence[Message]) -> None:
            if not self.has_killed:
                self.has_killed = True
                async with self.db.autocommit() as conn:
                    await conn.execute(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                        "WHERE application_name = 'test-dedicated' AND datname = current_database()"
                    )
                await asyncio.sleep(0.1)
                raise ConnectionError
            await send(messages)

        producer.send = die_or_send
        return producer


async def test_what_was_not_acknowledged_is_sent_again_after_a_crash(db: Database, bus: Bus) -> None:
    await write(db, *(case_event() for _ in range(3)))
    dying: Any = DyingBus(bus, db)
    async with running(Relay(db, dying, service="casework")), asyncio.timeout(10):
        assert len(await read(bus, 3)) == 3
    assert dying.has_killed


@pytest.mark.parametrize("batch", [1, 3, 1000])
async def test_nothing_is_lost_while_writers_race_with_the_relay(db: Database, bus: Bus, batch: int) -> None:
    events = [[case_event() for _ in range(10)] for _ in range(8)]

    async def writer(mine: list[Event]) -> None:
        for event in mine:
            await write(db, event)
            await asyncio.sleep(0)

    async with running(Relay(db, bus, service="casework", batch=batch)):
        await asyncio.gather(*(writer(mine) for mine in events))
        messages = await read(bus, 80, more_seconds=0.2)
    sent = sorted(dict(message.headers)["ce_id"].decode() for message in messages)
    assert sent == sorted(event.id for mine in events for event in mine)
