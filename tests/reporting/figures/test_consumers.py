"""Accepted streams of all levels, over a real bus, into figures; what cannot be counted is set aside with its reason."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY

from common.bus import Message
from common.consumer import PoisonMessage
from common.contracts.registry import DIVISION_CHANGED, DIVISION_TOPIC, OFFICE_TOPIC
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.divisions import Level, path_levels
from common.events import Event
from common.process import Context
from common.testing.events import accepted_event, accepted_record, case_state
from reporting.worker import consumers

VILLAGE, TOWN = "440305001001", "440305001000"
STATE = case_state(division=VILLAGE)
PAYLOAD = json.loads(STATE.to_bytes())


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("reporting.payload-unreadable", {"payload": {}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "version": "1"}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "version": True}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "registered_at": "2026-03-02T09:00:00"}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "registered_at": 1}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "item_code": ""}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "item_code": "E\x0001"}}),
        ("reporting.payload-unreadable", {"payload": {**PAYLOAD, "duty": "cooking"}}),
        ("reporting.payload-mismatch", {"payload": {**PAYLOAD, "version": 2}}),
        ("reporting.payload-mismatch", {"payload": {**PAYLOAD, "division": "440305001002"}}),
        ("reporting.payload-mismatch", {"payload": {**PAYLOAD, "id": "01900000-0000-7000-8000-000000000001"}}),
        ("reporting.payload-mismatch", {"payload": {**PAYLOAD, "level": "town"}}),
        ("reporting.accepted-division-mismatch", {"accepted_division": "440306000000"}),
        ("reporting.accepted-division-mismatch", {"accepted_level": Level.TOWN}),
        ("reporting.time-out-of-range", {"payload": {**PAYLOAD, "closed_at": "9999-12-31T23:00:00-08:00"}}),
        ("reporting.time-out-of-range", {"payload": {**PAYLOAD, "registered_at": "0001-01-01T00:00:00+14:00"}}),
        ("reporting.time-out-of-range", {"occurred_at": "0001-01-01T00:00:00+14:00"}),
        ("event.schema-violation", {"accepted_at": "yesterday"}),
        ("reporting.payload-mismatch", {"version": 7}),
    ],
)
def test_a_record_that_cannot_be_counted_is_poison(code: str, changes: dict[str, Any], delivery: Any) -> None:
    record = accepted_record(STATE, level=Level.COUNTY)
    data = json.loads(record.to_bytes()) | changes
    with pytest.raises(PoisonMessage) as caught:
        delivery(record, data=json.dumps(data, default=str).encode())
    assert caught.value.code == code


def test_a_level_below_the_place_cannot_have_accepted_its_record(delivery: Any) -> None:
    state = case_state(division=TOWN)
    record = accepted_record(state, level=Level.VILLAGE, accepted_division=VILLAGE)
    with pytest.raises(PoisonMessage) as caught:
        delivery(record)
    assert caught.value.code == "reporting.accepted-division-mismatch"


async def test_records_of_other_types_are_counted_and_left_alone(desk: Any) -> None:
    def skipped() -> float:
        labels = {"level": "county", "record_type": "registry.office"}
        return REGISTRY.get_sample_value("jiceng_reporting_skipped_records_total", labels) or 0.0

    before = skipped()
    await desk.accept(accepted_record(STATE, level=Level.COUNTY, record_type="registry.office", payload={"any": 1}))
    assert skipped() == before + 1
    assert await desk.value("SELECT count(*) FROM accepted_facts") == 0
    assert await desk.value("SELECT count(*) FROM freshness") == 0


@pytest.fixture
async def worker(context: Context) -> Context:
    """A context whose embedded bus is open, with every topic of the platform."""
    await context.start(with_bus=True)
    return context


@asynccontextmanager
async def running(context: Context) -> AsyncIterator[None]:
    """The worker role's consumers."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks)


async def send(context: Context, *pairs: tuple[str, Event]) -> None:
    producer = context.bus.producer()
    await producer.start()
    await producer.send([Message(topic, *event.to_kafka()) for topic, event in pairs])
    await producer.stop()


async def until(desk: Any, query: str, expected: object) -> None:
    async with asyncio.timeout(30):
        while await desk.value(query) != expected:
            await asyncio.sleep(0.05)


def streams(record: AcceptedRecord) -> tuple[str, Event]:
    return accepted_topic(record.accepted_level), accepted_event(record)


CONSUMED = "SELECT coalesce(sum(next_offset), 0)::int FROM bus_positions WHERE consumer_group = 'reporting-{}'"


async def test_what_levels_accept_becomes_figures_and_poison_stops_nobody(
    worker: Context, desk: Any, directory_events: Any
) -> None:
    registry = [directory_events("office", place) for place in (VILLAGE, TOWN)]
    registry += [directory_events("division", place, "某地") for place in (VILLAGE, TOWN)]
    topics = {DIVISION_CHANGED: DIVISION_TOPIC}
    await send(worker, *((topics.get(event.type, OFFICE_TOPIC), event) for event in registry))
    states = [case_state(division=place) for place in (VILLAGE, TOWN, "441900003001") for _ in range(5)]
    good = [accepted_record(state, level=level) for state in states for level in path_levels(state.division)]
    poison = [accepted_record(level=Level.CITY, payload={}), accepted_record(level=Level.COUNTY, payload={"id": 1})]
    other = accepted_record(level=Level.CITY, record_type="reporting.report", payload={})
    records = [*good[:20], *poison, other, *good, *good[:7]]
    await send(worker, *map(streams, records))
    async with running(worker):
        await until(desk, CONSUMED.format("figures"), len(records))
        await until(desk, CONSUMED.format("directory"), len(registry))
    assert await desk.figures(level="province", division="440000000000") == 15
    assert await desk.figures(level="county", division="440305000000") == 10
    await desk.check()
    letters = await desk.rows("SELECT topic, code FROM dead_letters ORDER BY topic")
    assert [tuple(row) for row in letters] == [
        ("jiceng.sync.city.accepted.v1", "reporting.payload-unreadable"),
        ("jiceng.sync.county.accepted.v1", "reporting.payload-unreadable"),
    ]
    sent = await desk.rows("SELECT DISTINCT topic FROM outbox WHERE topic LIKE '%.dlq' ORDER BY topic")
    assert [row["topic"] for row in sent] == [
        "jiceng.sync.city.accepted.v1.reporting-figures.dlq",
        "jiceng.sync.county.accepted.v1.reporting-figures.dlq",
    ]


async def test_reading_a_stream_again_from_its_beginning_changes_nothing(worker: Context, desk: Any) -> None:
    states = [case_state(division=VILLAGE) for _ in range(20)]
    await send(worker, *(streams(accepted_record(state, level=Level.CITY)) for state in states))
    async with running(worker):
        await until(desk, CONSUMED.format("figures"), 20)
    await desk.rows("DELETE FROM bus_positions")
    async with running(worker):
        await until(desk, CONSUMED.format("figures"), 20)
    assert await desk.figures(level="city", division="440300000000") == 20
    await desk.check()
