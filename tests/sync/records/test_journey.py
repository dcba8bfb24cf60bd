"""The service as it runs: relay, directory, intake and tiers over a bus, from the village to the province and back again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from common.bus import Message
from common.contracts.casework import CASE_TOPIC
from common.contracts.registry import DIVISION_CHANGED, DIVISION_TOPIC, DivisionState
from common.contracts.sync import accepted_topic, inbox_topic
from common.db import Database
from common.divisions import LEVELS, Level, ancestors_of, level_of, parent_of
from common.events import Event
from common.ids import uuid7
from common.process import Context
from common.relay import Relay
from common.testing.events import INSTANT
from sync.settings import SyncSettings
from sync.worker import consumers

VILLAGE = "440305001001"
DONGGUAN = "441900003001"
MIGRATIONS = "unused"


@pytest.fixture
async def context(db: Database, clone_database: Callable[..., str]) -> AsyncIterator[Context]:
    """The process of a site that hosts all five tiers, on an embedded bus."""
    settings = SyncSettings.offline(database_url=db.url, bus_database_url=clone_database(), bus_partitions=2)
    made = Context("sync", settings, MIGRATIONS)
    await made.start(with_bus=True)
    yield made
    await made.stop()


@asynccontextmanager
async def running(context: Context) -> AsyncIterator[None]:
    """Every role but the API, in one loop."""
    stop = asyncio.Event()
    relay = Relay(context.db, context.bus, service="sync", wake=context.wake)
    work = [runner.run(stop) for runner in consumers(context)] + [relay.run(stop)]
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(30):
            await asyncio.gather(*tasks)


def division_event(code: str) -> Event:
    state = DivisionState(
        id=uuid7(), code=code, level=level_of(code), name=f"名称{code}", kind="standard", parent_code=parent_of(code),
        valid_from=INSTANT.date().replace(year=2012), valid_to=None, version=1,
    )  # fmt: skip
    return Event(
        id=str(uuid7()), type=DIVISION_CHANGED, source="/jiceng/registry", subject=str(state.id), time=INSTANT,
        division=code, level=str(state.level), recordversion=1, partitionkey=str(state.id), data=state.to_bytes(),
    )  # fmt: skip


async def publish(context: Context, topic: str, *events: Event) -> None:
    producer = context.bus.producer()
    await producer.start()
    await producer.send([Message(topic, *event.to_kafka()) for event in events])
    await producer.stop()


async def publish_divisions(context: Context) -> None:
    codes = {code for place in (VILLAGE, DONGGUAN) for code in (place, *ancestors_of(place))}
    await publish(context, DIVISION_TOPIC, *map(division_event, sorted(codes)))


async def until(db: Database, query: str, expected: object) -> None:
    found = None
    try:
        async with asyncio.timeout(30):
            while found != expected:
                async with db.autocommit() as conn:
                    found = await conn.fetchval(query)
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{query}: {found} instead of {expected}")


AT_PROVINCE = "SELECT count(*) FROM level_states WHERE level = 'province'"


async def test_cases_travel_from_village_to_province(context: Context, make_case) -> None:
    await publish_divisions(context)
    cases = [make_case(place) for place in (VILLAGE, DONGGUAN) for _ in range(20)]
    await publish(context, CASE_TOPIC, *cases)
    async with running(context):
        await until(context.db, AT_PROVINCE, 40)
        await until(context.db, "SELECT count(*) FROM receipts", 20 * 5 + 20 * 4)
        ends = {}
        async with asyncio.timeout(30):
            while ends.get("province") != 40:
                ends = {
                    str(level): sum((await context.bus.end_offsets([accepted_topic(level)])).values())
                    for level in LEVELS
                }
                await asyncio.sleep(0.02)
    assert ends == {"province": 40, "city": 40, "county": 20, "town": 40, "village": 40}
    async with context.db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM receipts WHERE outcome <> 'accepted'") == 0
        assert await conn.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_a_case_that_overtakes_the_registry_waits_for_it(context: Context, make_case) -> None:
    """The case is on the bus before this site has read a single division, and is not refused."""
    await publish(context, CASE_TOPIC, make_case(VILLAGE))
    await publish_divisions(context)
    async with running(context):
        await until(context.db, AT_PROVINCE, 1)
    async with context.db.autocommit() as conn:
        assert await conn.fetchval("SELECT count(*) FROM receipts WHERE outcome = 'rejected'") == 0


async def test_duplicates_disorder_and_a_replayed_topic_change_no_state(context: Context, make_case) -> None:
    await publish_divisions(context)
    first = make_case(VILLAGE)
    later = [make_case(VILLAGE, id=UUID(first.subject), version=version) for version in (2, 3)]
    async with running(context):
        await publish(context, CASE_TOPIC, first, *later)
        await until(context.db, "SELECT max(version) FROM level_states WHERE level = 'province'", 3)
        async with context.db.autocommit() as conn:
            before = await conn.fetch("SELECT * FROM level_states ORDER BY level")
        await publish(context, CASE_TOPIC, later[1], first, later[0], first)
        await until(context.db, "SELECT count(*) FROM receipts WHERE outcome = 'duplicate'", 4)
    async with context.db.transaction() as conn:
        await conn.execute("DELETE FROM bus_positions WHERE topic LIKE '%.inbox.v1'")
    async with running(context):
        await until(context.db, "SELECT count(*) FROM receipts WHERE outcome = 'duplicate'", 4 + 4 * 3)
    async with context.db.autocommit() as conn:
        assert await conn.fetch("SELECT * FROM level_states ORDER BY level") == before
    assert sum((await context.bus.end_offsets([inbox_topic(Level.PROVINCE)])).values()) == 3


async def test_poison_is_set_aside_and_the_tier_goes_on(context: Context, make_case, submitted) -> None:
    await publish_divisions(context)
    good, wrong = make_case(VILLAGE), submitted(make_case(VILLAGE), Level.TOWN)
    poison = Message(inbox_topic(Level.TOWN), b"k", b"{", ())
    producer = context.bus.producer()
    await producer.start()
    await producer.send([poison])
    await producer.stop()
    stranger = replace(wrong, subject=str(uuid7()))
    await publish(context, inbox_topic(Level.TOWN), stranger)
    async with running(context):
        await publish(context, CASE_TOPIC, good)
        await until(context.db, AT_PROVINCE, 1)
        await until(context.db, "SELECT count(*) FROM dead_letters", 2)
    async with context.db.autocommit() as conn:
        codes = {row["code"] for row in await conn.fetch("SELECT code FROM dead_letters")}
    assert codes == {"event.malformed", "event.attribute-mismatch"}


async def test_a_site_of_one_province_takes_what_cities_send(
    db: Database, clone_database, make_case, submitted
) -> None:
    """Federated: this site hosts only the province; its intake is off, contents arrive with the records."""
    settings = SyncSettings.offline(
        database_url=db.url,
        bus_database_url=clone_database(),
        bus_partitions=2,
        sync_tiers="province",
        sync_intake=False,
    )
    context = Context("sync", settings, MIGRATIONS)
    assert [runner.group for runner in consumers(context)] == [
        "sync-directory", "sync-tier-province", "sync-dispatch-receipts",
    ]  # fmt: skip
    await context.start(with_bus=True)
    try:
        await publish_divisions(context)
        await publish(context, inbox_topic(Level.PROVINCE), submitted(make_case(VILLAGE), Level.PROVINCE))
        async with running(context):
            await until(db, AT_PROVINCE, 1)
        async with db.autocommit() as conn:
            assert await conn.fetchval("SELECT count(*) FROM record_payloads") == 1
            assert await conn.fetchval("SELECT count(*) FROM level_states") == 1
    finally:
        await context.stop()
