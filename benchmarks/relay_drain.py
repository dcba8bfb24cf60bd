"""Relay drain in events/s, against reading the same rows with a bare cursor (what no relay can beat)."""

import asyncio
from dataclasses import dataclass

from benchmarks.ground import Timer, stack, tell
from common.bus import Bus, TopicSpec, open_bus
from common.contracts.casework import CASE_TOPIC
from common.db import Database
from common.outbox import append_many
from common.relay import Relay, rewind
from common.testing.events import case_event
from devkafka.server import KafkaServer
from onebox.stack import Stack

EVENTS = 60_000
PAGE = 2_000


@dataclass(frozen=True)
class Settings:
    """What open_bus asks for."""

    bus: str
    bus_database_url: str | None
    kafka_bootstrap_servers: str | None
    bus_partitions: int = 6


def run() -> None:
    """Prints both adapters beside the cursor."""
    with stack(kafka=KafkaServer.available() is None, roles={}) as ground:
        asyncio.run(_measure(ground))


async def _measure(ground: Stack) -> None:
    db = Database(ground.postgres.url("casework"), pool_size=2, statement_timeout_ms=0)
    for _ in range(EVENTS // PAGE):
        async with db.transaction() as conn:
            await append_many(conn, [(CASE_TOPIC, case_event()) for _ in range(PAGE)])
    cursor = await _cursor(db)
    embedded = Settings("embedded", ground.postgres.url("bus"), None)
    tell("relay to the embedded bus", await _drain(db, embedded), "bare cursor", cursor, "events/s", "none set")
    if ground.kafka is not None:
        kafka = Settings("kafka", None, ground.kafka.bootstrap_servers)
        tell("relay to Kafka", await _drain(db, kafka), "bare cursor", cursor, "events/s", "none set")
    await db.dispose()


async def _cursor(db: Database) -> float:
    count = 0
    with Timer() as timer:
        async with db.transaction(readonly=True) as conn:
            async for _ in conn.cursor("SELECT * FROM outbox ORDER BY id", prefetch=PAGE):
                count += 1
    return count / timer.seconds


async def _drain(db: Database, settings: Settings) -> float:
    bus: Bus = open_bus(settings)  # type: ignore[arg-type]
    await bus.start()
    await bus.ensure_topics([TopicSpec(CASE_TOPIC, 6, None)])
    async with db.autocommit() as conn:
        await rewind(conn)
    stop = asyncio.Event()
    with Timer() as timer:
        task = asyncio.create_task(Relay(db, bus, service="casework", batch=PAGE).run(stop))
        while sum((await bus.end_offsets([CASE_TOPIC])).values()) < EVENTS:
            await asyncio.sleep(0.05)
    stop.set()
    await task
    await bus.stop()
    return EVENTS / timer.seconds
