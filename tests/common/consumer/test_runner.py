"""Consumers: exactly once in effect, poison set aside with its reason, zombies fenced."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from common.bus import MAX_MESSAGE_BYTES, Bus, Message, Received, TopicPartition
from common.consumer import ConsumerRunner, ConsumerStopped, Delivered, PoisonMessage, Postponed, decode, newest
from common.contracts import contracts_of
from common.contracts.casework import CASE_REGISTERED, CASE_TOPIC, CASE_TYPES
from common.contracts.dead_letters import DeadLetter
from common.db import Connection, Database
from common.events import Event
from common.inbox import PositionConflict, advance
from common.telemetry.metrics import CONSUMER_LAG
from common.testing.databases import OPEN_TRANSACTIONS
from common.testing.events import case_event, case_state

GROUP = "sync-intake"


async def keep(conn: Connection, batch: Sequence[Delivered]) -> None:
    """The version-guarded upsert that every handler is made of; refuses items named POISON."""
    for delivered in newest(batch):
        if delivered.data.item_code == "POISON":
            raise PoisonMessage("test.refused", "测试拒绝")
        await conn.execute(
            "INSERT INTO things VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET version = excluded.version "
            "WHERE things.version < excluded.version",
            delivered.event.subject,
            delivered.event.recordversion,
        )


def runner(bus: Bus, db: Database, handler=keep, **options) -> ConsumerRunner:
    return ConsumerRunner(
        bus, db, service="sync", group=GROUP, topics=[CASE_TOPIC], handler=handler,
        accepts=contracts_of(CASE_TYPES), **options,
    )  # fmt: skip


def message(event: Event) -> Message:
    key, value, headers = event.to_kafka()
    return Message(CASE_TOPIC, key, value, headers)


async def send(bus: Bus, *messages: Message) -> None:
    producer = bus.producer()
    await producer.start()
    await producer.send(messages)
    await producer.stop()


@asynccontextmanager
async def running(*runners: ConsumerRunner) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(one.run(stop)) for one in runners]
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks, return_exceptions=True)


async def until(db: Database, query: str, expected: object) -> None:
    async with asyncio.timeout(20):
        while True:
            async with db.autocommit() as conn:
                found = await conn.fetchval(query)
            if found == expected:
                return
            await asyncio.sleep(0.02)


CONSUMED = f"SELECT coalesce(sum(next_offset), 0)::int FROM bus_positions WHERE consumer_group = '{GROUP}'"


async def test_duplicates_and_disorder_change_nothing(db: Database, bus: Bus) -> None:
    states = [case_state() for _ in range(5)]
    events = [
        case_event(state.model_copy(update={"version": version})) for version in (3, 1, 2, 3, 1) for state in states
    ]
    await send(bus, *map(message, events))
    async with running(runner(bus, db, max_messages=4)):
        await until(db, CONSUMED, 25)
    async with db.autocommit() as conn:
        assert {row["version"] for row in await conn.fetch("SELECT version FROM things")} == {3}
        assert await conn.fetchval("SELECT count(*) FROM things") == 5


async def test_position_and_writes_are_one_transaction(db: Database, bus: Bus) -> None:
    """A handler that dies after its write, before the commit, has written nothing; the next try does it once."""
    attempts = 0

    async def dies_once(conn: Connection, batch: Sequence[Delivered]) -> None:
        nonlocal attempts
        attempts += 1
        await conn.execute("INSERT INTO things VALUES ($1, 1)", f"try-{attempts}")
        if attempts == 1:
            raise OSError("cut in the middle")

    await send(bus, message(case_event()))
    async with running(runner(bus, db, dies_once)):
        await until(db, CONSUMED, 1)
    async with db.autocommit() as conn:
        assert [row["id"] for row in await conn.fetch("SELECT id FROM things")] == ["try-2"]


async def test_a_restarted_consumer_goes_on_at_its_own_position(db: Database, bus: Bus) -> None:
    seen: list[str] = []

    async def note(conn: Connection, batch: Sequence[Delivered]) -> None:
        seen.extend(delivered.event.id for delivered in batch)

    first, second = [case_event() for _ in range(3)], [case_event() for _ in range(3)]
    await send(bus, *map(message, first))
    async with running(runner(bus, db, note)):
        await until(db, CONSUMED, 3)
    await send(bus, *map(message, second))
    async with running(runner(bus, db, note)):
        await until(db, CONSUMED, 6)
    assert sorted(seen) == sorted(event.id for event in first + second)


async def test_a_consumer_that_is_lent_no_connection_waits_and_goes_on(db: Database, bus: Bus) -> None:
    narrow = Database(db.url, pool_size=1, pool_timeout_seconds=0.1)
    await send(bus, message(case_event()))
    one = runner(bus, narrow)
    stop = asyncio.Event()
    async with narrow.autocommit():
        running_now = asyncio.create_task(one.run(stop))
        await asyncio.sleep(0.4)
        assert not one.has_stopped
    await until(db, CONSUMED, 1)
    stop.set()
    await running_now
    await narrow.dispose()


async def test_a_postponed_batch_waits_outside_of_its_transaction_and_is_tried_again(db: Database, bus: Bus) -> None:
    """Also out of the search for poison, one message at a time."""
    settled: set[str] = set()
    open_meanwhile: list[int] = []

    async def needs(conn: Connection, batch: Sequence[Delivered]) -> None:
        await keep(conn, batch)
        for delivered in batch:
            subject = delivered.event.subject
            if subject not in settled:

                async def wait(own: Database, subject: str = subject) -> None:
                    async with own.autocommit() as other:
                        open_meanwhile.append(await other.fetchval(OPEN_TRANSACTIONS))
                    settled.add(subject)

                raise Postponed(wait)

    events = [case_event(), case_event(case_state(item_code="POISON")), case_event()]
    await send(bus, *map(message, events))
    async with running(runner(bus, db, needs)):
        await until(db, CONSUMED, 3)
    async with db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM things") == 2
        assert await conn.fetchval("SELECT count(*) FROM dead_letters") == 1
    assert open_meanwhile == [0, 0]


GOOD = case_event()


def with_headers(**changes: bytes | None) -> Message:
    original = message(case_event())
    headers = {**dict(original.headers), **{f"ce_{name}": value for name, value in changes.items()}}
    return replace(original, headers=tuple((name, value) for name, value in headers.items() if value is not None))


def with_data(data: bytes) -> Message:
    return message(case_event(data=data))


STATE = case_state().to_bytes()
WRONG_MESSAGES = {
    "no partition key": (with_headers(partitionkey=None), "event.malformed"),
    "no headers": (replace(message(GOOD), headers=()), "event.malformed"),
    "no id": (with_headers(id=None), "event.malformed"),
    "no source": (with_headers(source=None), "event.malformed"),
    "no subject": (with_headers(subject=None), "event.malformed"),
    "no division": (with_headers(division=None), "event.malformed"),
    "future specversion": (with_headers(specversion=b"2.0"), "event.malformed"),
    "time that is none": (with_headers(time=b"yesterday"), "event.malformed"),
    "time without offset": (with_headers(time=b"2026-01-01T00:00:00"), "event.malformed"),
    "version zero": (with_headers(recordversion=b"0"), "event.malformed"),
    "version beyond all": (with_headers(recordversion=b"99999999999"), "event.malformed"),
    "version in words": (with_headers(recordversion=b"one"), "event.malformed"),
    "headers that are no text": (with_headers(subject=b"\xff\xfe"), "event.malformed"),
    "unknown type": (with_headers(type=b"casework.case.vanished.v1"), "event.type-unknown"),
    "future type version": (with_headers(type=b"casework.case.registered.v2"), "event.type-unknown"),
    "truncated JSON": (with_data(STATE[:-10]), "event.schema-violation"),
    "no JSON": (with_data(b"\x00\x01"), "event.schema-violation"),
    "empty": (with_data(b""), "event.schema-violation"),
    "an array": (with_data(b"[]"), "event.schema-violation"),
    "a boolean for an integer": (with_data(STATE.replace(b'"version":1', b'"version":true')), "event.schema-violation"),
    "a text for an integer": (with_data(STATE.replace(b'"version":1', b'"version":"1"')), "event.schema-violation"),
    "an unknown status": (with_data(STATE.replace(b"registered", b"vanished")), "event.schema-violation"),
    "a missing field": (with_data(STATE.replace(b'"item_code":"E01",', b"")), "event.schema-violation"),
    "a division that is none": (with_headers(division=b"44030500100x"), "event.attribute-mismatch"),
    "another division than the data": (with_headers(division=b"440305001002"), "event.attribute-mismatch"),
    "another level than the division": (with_headers(level=b"county"), "event.attribute-mismatch"),
    "another version than the data": (with_headers(recordversion=b"2"), "event.attribute-mismatch"),
    "another record than the data": (
        with_headers(subject=b"01900000-0000-7000-8000-00000000ffff"),
        "event.attribute-mismatch",
    ),
    "another key than the partition key": (replace(message(case_event()), key=b"other"), "event.malformed"),
}


async def test_every_wrong_event_becomes_a_dead_letter_and_the_consumer_goes_on(db: Database, bus: Bus) -> None:
    good = [case_event() for _ in WRONG_MESSAGES]
    for (wrong, _), right in zip(WRONG_MESSAGES.values(), good, strict=True):
        await send(bus, wrong, message(right))
    async with running(runner(bus, db, max_messages=7)):
        await until(db, CONSUMED, 2 * len(WRONG_MESSAGES))
    async with db.autocommit() as conn:
        letters = await conn.fetch("SELECT code, reason, topic FROM dead_letters")
        assert {row["id"] for row in await conn.fetch("SELECT id FROM things")} == {event.subject for event in good}
        sent = await conn.fetch("SELECT topic, type, data FROM outbox")
    assert Counter(row["code"] for row in letters) == Counter(code for _, code in WRONG_MESSAGES.values())
    assert all(row["reason"] and row["topic"] == CASE_TOPIC for row in letters)
    assert {(row["topic"], row["type"]) for row in sent} == {
        (f"{CASE_TOPIC}.{GROUP}.dlq", "sync.dead-letter.recorded.v1")
    }
    kept = {base64.b64decode(DeadLetter.model_validate_json(row["data"]).value_base64) for row in sent}
    assert kept == {wrong.value for wrong, _ in WRONG_MESSAGES.values()}


@pytest.mark.parametrize("name", WRONG_MESSAGES)
def test_a_wrong_event_is_told_by_its_own_code(name: str) -> None:
    wrong, code = WRONG_MESSAGES[name]
    with pytest.raises(PoisonMessage) as poison:
        decode(Received(wrong.topic, wrong.key, wrong.value, wrong.headers), contracts_of(CASE_TYPES))
    assert poison.value.code == code


async def test_a_letter_of_a_message_of_the_largest_size_still_fits_the_bus(db: Database, bus: Bus) -> None:
    huge = with_data(b'{"x":"' + b"a" * 900_000)
    await send(bus, huge)
    async with running(runner(bus, db)):
        await until(db, CONSUMED, 1)
    async with db.autocommit() as conn:
        data = await conn.fetchval("SELECT data FROM outbox")
    letter = DeadLetter.model_validate_json(data)
    assert letter.is_cut
    assert huge.value.startswith(base64.b64decode(letter.value_base64))
    assert len(data) < MAX_MESSAGE_BYTES - 10_000


async def test_one_event_that_the_handler_refuses_does_not_harm_its_batch(db: Database, bus: Bus) -> None:
    good = [case_event() for _ in range(6)]
    bad = case_event(case_state(item_code="POISON"))
    await send(bus, *map(message, [*good[:3], bad, *good[3:]]))
    async with running(runner(bus, db)):
        await until(db, CONSUMED, 7)
    async with db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM things") == 6
        assert await conn.fetchval("SELECT code FROM dead_letters") == "test.refused"


async def test_too_much_poison_in_a_row_stops_the_consumer(db: Database, bus: Bus) -> None:
    await send(bus, *(with_data(b"{}") for _ in range(12)))
    one = runner(bus, db, max_messages=2, max_consecutive_poison=6)
    with pytest.raises(ConsumerStopped):
        await asyncio.wait_for(one.run(asyncio.Event()), 20)
    assert one.has_stopped


async def test_a_bug_in_a_handler_stops_the_consumer_for_all_to_see(db: Database, bus: Bus) -> None:
    async def forgets(conn: Connection, batch: Sequence[Delivered]) -> None:
        raise KeyError("bug")

    await send(bus, message(case_event()))
    one = runner(bus, db, handler=forgets)
    with pytest.raises(KeyError):
        await asyncio.wait_for(one.run(asyncio.Event()), 20)
    assert one.has_stopped
    assert REGISTRY.get_sample_value("jiceng_consumer_up", {"service": "sync", "group": GROUP}) == 0


async def test_shows_the_lag_of_the_partitions_it_holds_and_of_no_other(db: Database, bus: Bus) -> None:
    def shown() -> list[float]:
        return [one.value for one in CONSUMER_LAG.collect()[0].samples if one.labels["group"] == GROUP]

    await send(bus, *map(message, map(case_event, [case_state() for _ in range(5)])))
    async with running(runner(bus, db)), asyncio.timeout(20):
        while sum(shown()) or not shown():
            await asyncio.sleep(0.05)
    assert shown() == []


async def test_a_zombie_cannot_commit_after_another_consumer_has_moved_on(db: Database) -> None:
    place = TopicPartition(CASE_TOPIC, 0)
    async with db.transaction() as conn:
        await advance(conn, GROUP, {place: (None, 5)})
    async with db.transaction() as conn:
        await advance(conn, GROUP, {place: (5, 9)})
    for expected in (None, 5):
        with pytest.raises(PositionConflict):
            async with db.transaction() as conn:
                await conn.execute("INSERT INTO things VALUES ('zombie', 1)")
                await advance(conn, GROUP, {place: (expected, 7)})
    async with db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM things") == 0


async def test_two_members_share_the_work_and_double_nothing(db: Database, bus: Bus) -> None:
    async def count(conn: Connection, batch: Sequence[Delivered]) -> None:
        for delivered in batch:
            await conn.execute(
                "INSERT INTO things VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET version = things.version + 1",
                delivered.event.id,
            )

    first, second = runner(bus, db, count, max_messages=5), runner(bus, db, count, max_messages=5)
    async with running(first):
        await send(bus, *(message(case_event()) for _ in range(60)))
        async with running(second):
            await send(bus, *(message(case_event()) for _ in range(60)))
            await until(db, CONSUMED, 120)
    async with db.autocommit() as conn:
        assert [tuple(row) for row in await conn.fetch("SELECT version, count(*) FROM things GROUP BY 1")] == [(1, 120)]


def test_accepts_only_what_it_was_told() -> None:
    assert set(contracts_of([CASE_REGISTERED])) == {CASE_REGISTERED}
