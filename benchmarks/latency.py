"""From the commit at a village to the province's acceptance, at 200 cases/s, over separate processes.

The peer is the limit: p99 ≤ 1 s. Beside it the floor of the same run: five bare hops over the same bus, send to poll.
"""

import asyncio
import statistics
import time
from collections.abc import Collection, Mapping
from uuid import uuid4

import httpx

from benchmarks.ground import STATION, stack
from benchmarks.relay_drain import Settings
from common.auth import Role
from common.bus import Message, TopicPartition, TopicSpec, open_bus
from common.testing.persons import synthetic_person
from common.testing.tokens import bearer, make_actor
from devkafka.server import KafkaServer
from onebox.stack import Stack

RATE = 200
SECONDS = 15
HOPS = 5
ALL_IN_ONE = {"api": ("casework", "all"), "sync": ("sync", "all"), "reporting": ("reporting", "all")}


def run() -> None:
    """Prints p50 and p99 for the embedded bus, and for Kafka where it is there."""
    for kafka in (False, True):
        if kafka and KafkaServer.available() is not None:
            print("  Kafka: not available here")
            continue
        with stack(kafka=kafka, roles=ALL_IN_ONE) as ground:
            ground.start()
            ground.wait_ready()
            asyncio.run(_measure(ground, "Kafka" if kafka else "embedded bus"))


async def _measure(ground: Stack, name: str) -> None:
    sent, seconds = await _load(ground)
    delays = await _delays(ground, sent)
    p50, p99 = statistics.quantiles(delays, n=100)[49], statistics.quantiles(delays, n=100)[98]
    floor = HOPS * await _bare_hop(ground)
    print(
        f"  {name}: {sent / seconds:.0f} cases/s offered and taken, {sent} cases: p50 {p50 * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms; {HOPS} bare hops {floor * 1000:.0f} ms; p99 / limit {p99 / 1.0:.2f} (aim ≤ 1)",
        flush=True,
    )


async def _load(ground: Stack) -> tuple[int, float]:
    headers = bearer(make_actor(STATION, Role.STATION_AGENT))
    limits = httpx.Limits(max_connections=16)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ground.ports['api']}", limits=limits, timeout=30) as http:

        async def one(number: int) -> None:
            person = synthetic_person(number)
            applicant = {"kind": "natural_person", "name": person.name, "id_number": person.id_number}
            body = {"division": STATION, "item_code": "E06", "applicant": applicant}
            answer = await http.post(
                "/casework/v1/cases", json=body, headers={**headers, "Idempotency-Key": str(uuid4())}
            )
            answer.raise_for_status()

        began = time.perf_counter()
        tasks = []
        for number in range(RATE * SECONDS):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(one(number)))
        await asyncio.gather(*tasks)
        return len(tasks), time.perf_counter() - began


async def _delays(ground: Stack, count: int) -> list[float]:
    deadline = time.monotonic() + 120
    query = (
        "SELECT extract(epoch FROM s.accepted_at - p.occurred_at)::float8 AS delay "
        "FROM level_states s JOIN record_payloads p USING (record_type, record_id, version) WHERE s.level = 'province'"
    )
    while True:
        rows = await ground.fetch("sync", query)
        if len(rows) >= count or time.monotonic() > deadline:
            return [row["delay"] for row in rows]
        await asyncio.sleep(0.5)


class _FromBeginning:
    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        del partitions
        return {}


async def _bare_hop(ground: Stack) -> float:
    """Median seconds from send to poll of one message on an idle topic of the same bus."""
    settings = (
        Settings("kafka", None, ground.kafka.bootstrap_servers)
        if ground.kafka
        else Settings("embedded", ground.postgres.url("bus"), None)
    )
    bus = open_bus(settings)  # type: ignore[arg-type]
    await bus.start()
    await bus.ensure_topics([TopicSpec("bench.hop", 1, None)])
    producer = bus.producer()
    consumer = bus.consumer(topics=["bench.hop"], group="bench", positions=_FromBeginning())
    await producer.start()
    await consumer.start()
    took = []
    for number in range(60):
        began = time.perf_counter()
        await producer.send([Message("bench.hop", b"k", str(number).encode(), ())])
        while not await consumer.poll(max_messages=10, timeout_seconds=5):
            continue
        took.append(time.perf_counter() - began)
    await consumer.stop()
    await producer.stop()
    await bus.stop()
    return statistics.median(took[10:])
