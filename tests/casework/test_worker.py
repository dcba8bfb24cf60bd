"""The worker keeps the directory: what the registry says of places and offices decides what the window takes."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from casework.worker import consumers, jobs
from common.auth import Role
from common.bus import Message
from common.contracts.registry import (
    DIVISION_CHANGED,
    DIVISION_TOPIC,
    OFFICE_CHANGED,
    OFFICE_TOPIC,
    DivisionState,
    OfficeState,
)
from common.contracts.topics import DIRECTORY_GROUPS
from common.divisions import level_of, parent_of
from common.events import Event
from common.ids import uuid7
from common.testing.tokens import make_actor

NEW = "440305001066"
OFFICE = UUID(int=77)


def message(topic: str, kind: str, state: DivisionState | OfficeState, division: str) -> Message:
    event = Event(
        id=str(uuid7()), type=kind, source="/jiceng/registry", subject=str(state.id),
        time=datetime(2026, 11, 20, tzinfo=UTC), division=division, level=level_of(division).value,
        recordversion=state.version, partitionkey=str(state.id), data=state.to_bytes(),
    )  # fmt: skip
    key, value, headers = event.to_kafka()
    return Message(topic, key, value, headers)


def division(**changes: object) -> Message:
    state = DivisionState(
        **{
            "id": UUID(int=66), "code": NEW, "level": level_of(NEW), "name": "测试社区", "kind": "standard",
            "parent_code": parent_of(NEW), "valid_from": date(2020, 1, 1), "valid_to": None, "version": 1, **changes,
        }
    )  # fmt: skip
    return message(DIVISION_TOPIC, DIVISION_CHANGED, state, NEW)


def office(version: int, status: str) -> Message:
    state = OfficeState(
        id=OFFICE, division=NEW, level=level_of(NEW), kind="service_station", name="测试服务站", status=status,
        version=version,
    )  # fmt: skip
    return message(OFFICE_TOPIC, OFFICE_CHANGED, state, NEW)


@pytest.fixture
def make_settings(make_settings, clone_database):
    """The bus has a database of its own."""
    return lambda url, **changes: make_settings(url, bus_database_url=clone_database(), bus_partitions=2, **changes)


@asynccontextmanager
async def working(context):
    await context.start(with_bus=True)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    producer = context.bus.producer()
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks, return_exceptions=True)


async def until(window, query: str, expected: object) -> None:
    async with asyncio.timeout(20):
        while True:
            if await window.value(query) == expected:
                return
            await asyncio.sleep(0.03)


async def test_an_office_takes_cases_from_the_moment_the_registry_says_that_it_operates(window, world):
    agent = make_actor(NEW, Role.STATION_AGENT)

    async def code() -> str:
        answer = await window.register(actor=agent, division=NEW)
        return answer.json().get("code", answer.json().get("status"))

    assert await code() == "directory.division-unknown"
    async with working(window.context) as producer:
        await producer.send([division(), office(1, "building")])
        await until(window, "SELECT count(*) FROM directory_offices WHERE version = 1 AND division = '440305001066'", 1)
        assert await code() == "directory.office-not-operating"
        await producer.send([office(2, "operating"), office(1, "building")])
        await until(window, f"SELECT version FROM directory_offices WHERE id = '{OFFICE}'", 2)
        await until(window, "SELECT sum(next_offset) FROM bus_positions", 4)
        assert await code() == "registered"
        assert await window.value("SELECT office_id FROM cases") == OFFICE
        await producer.send([division(version=2, valid_to=date(2021, 1, 1))])
        await until(window, "SELECT sum(next_offset) FROM bus_positions", 5)
        assert await code() == "directory.division-retired"


async def test_what_is_no_event_of_the_registry_becomes_a_dead_letter_and_the_worker_goes_on(window):
    async with working(window.context) as producer:
        await producer.send([Message(OFFICE_TOPIC, b"k", b"{", ()), division(), office(1, "operating")])
        await until(window, f"SELECT count(*) FROM directory_offices WHERE id = '{OFFICE}'", 1)
        await until(window, "SELECT count(*) FROM dead_letters", 1)
        assert await window.value("SELECT code FROM dead_letters") == "event.malformed"


def test_the_group_is_one_that_the_topics_know(window):
    assert {runner.group for runner in consumers(window.context)} & set(DIRECTORY_GROUPS)


async def test_old_idempotency_keys_are_forgotten_and_young_ones_kept(window):
    await window.register(key="young")
    await window.register(key="old", number=2)
    await window.rows("UPDATE idempotency_keys SET created_at = now() - interval '8 days' WHERE key = 'old'")
    stop = asyncio.Event()
    forget, *_ = jobs(window.context)
    task = asyncio.create_task(forget(stop))
    await until(window, "SELECT string_agg(key, ',') FROM idempotency_keys", "young")
    stop.set()
    await task
