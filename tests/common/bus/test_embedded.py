"""What only the embedded adapter must do."""

import asyncio
import contextlib
import random
import signal

import asyncpg
import pytest

from common.bus import BusUnavailable, Message, TopicPartition, TopicSpec
from common.bus.embedded.bus import EmbeddedBus
from common.bus.embedded.retention import drop_old
from common.bus.embedded.schema import READ
from common.bus.embedded.tuning import Tuning

HERE = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"


@pytest.fixture
def rig(embedded_rig):
    return embedded_rig


async def test_offsets_have_no_gaps_under_many_writers_and_aborted_sends(rig):
    topic = await rig.new_topic(3)
    other = await rig.new_topic(3)
    buses = [await rig.start_bus() for _ in range(3)]

    async def write(seed):
        chance = random.Random(seed)
        producer = buses[seed % 3].producer()
        await producer.start()
        for _ in range(25):
            messages = [Message(chance.choice([topic, other]), chance.randbytes(4), b"v") for _ in range(20)]
            sending = asyncio.create_task(producer.send(messages))
            if chance.random() < 0.2:
                await asyncio.sleep(chance.random() / 200)
                sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            assert sending.cancelled() or sending.exception() is None

    await asyncio.gather(*(write(seed) for seed in range(6)))
    conn = await asyncpg.connect(rig.address)
    heads = await conn.fetch(
        'SELECT p.next_offset, count(m."offset") AS rows, max(m."offset") AS last '
        "FROM bus_partition p JOIN bus_message m ON m.partition_id = p.id GROUP BY p.id"
    )
    await conn.close()
    assert len(heads) == 6
    assert all(head["next_offset"] == head["rows"] == head["last"] + 1 for head in heads)


async def test_drops_what_is_older_than_its_topic_keeps_and_nothing_else(rig):
    short, long, forever = "short", "long", "forever"
    bus = rig.opened[0]
    await bus.ensure_topics([TopicSpec(short, 1, 1), TopicSpec(long, 1, 48), TopicSpec(forever, 1, None)])
    producer = bus.producer()
    for topic in (short, long, forever):
        await producer.send(rig.messages(topic, 50))
    conn = await asyncpg.connect(rig.address)
    await conn.execute("UPDATE bus_message SET at_ms = at_ms - 7200000")
    for topic in (short, long, forever):
        await producer.send(rig.messages(topic, 5, start=50))
    passes = []
    while dropped := await drop_old(conn, 20):
        passes.append(dropped)
    left = await conn.fetchval("SELECT count(*) FROM bus_message")
    await conn.close()
    assert passes == [20, 20, 10]
    assert left == 115
    begins = await bus.begin_offsets([short, long, forever])
    assert {name.topic: begin for name, begin in begins.items()} == {short: 50, long: 0, forever: 0}
    assert set((await bus.end_offsets([short, long, forever])).values()) == {55}


async def test_drops_old_messages_by_itself(rig):
    topic = await rig.new_topic(1)
    bus = await rig.start_bus(retention_seconds=0.1)
    await bus.ensure_topics([TopicSpec(topic, 1, 1)])
    await bus.producer().send(rig.messages(topic, 50))
    conn = await asyncpg.connect(rig.address)
    await conn.execute("UPDATE bus_message SET at_ms = at_ms - 7200000")
    await conn.close()
    async with asyncio.timeout(5):
        while await bus.begin_offsets([topic]) != {(topic, 0): 50}:
            await asyncio.sleep(0.05)


async def test_a_hung_process_is_ended_by_the_others_and_its_partitions_move(rig):
    topic = await rig.new_topic(2)
    await rig.opened[0].producer().send(rig.messages(topic, 40))
    process = await rig.start_member_process(topic, rig.group)
    process.send_signal(signal.SIGSTOP)
    bus = await rig.start_bus(silence_seconds=2.0)
    positions = rig.positions()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    await rig.read(consumer, 40, positions, seconds=15)
    assert len(consumer.assignment) == 2
    process.send_signal(signal.SIGCONT)
    other = lambda: len(consumer.assignment) == 1  # noqa: E731
    await rig.read(consumer, 1, positions, until=other, seconds=15)


async def test_a_lost_session_gives_up_its_partitions_and_joins_again(rig):
    topic = await rig.new_topic(2)
    bus = rig.opened[0]
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 1, until=lambda: len(consumer.assignment) == 2)
    conn = await asyncpg.connect(rig.address)
    await conn.execute("SELECT pg_terminate_backend(backend_pid) FROM bus_session")
    async with asyncio.timeout(5):
        while consumer.assignment:
            await asyncio.sleep(0)
    await rig.read(consumer, 1, until=lambda: len(consumer.assignment) == 2)
    assert await conn.fetchval("SELECT count(*) FROM bus_session") == 1
    assert await conn.fetchval("SELECT count(*) FROM bus_member") == 1
    await consumer.stop()
    assert await conn.fetchval(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {HERE}") == 0
    await conn.close()


async def test_a_database_wiped_under_a_running_process_is_not_used_with_old_numbers(rig, postgres_server):
    first, second = await rig.new_topic(2), await rig.new_topic(2)
    bus = rig.opened[0]
    producer = bus.producer()
    await producer.send([Message(first, b"k", b"old"), Message(second, b"k", b"old")])
    survivor = bus.consumer(topics=[first], group="survivor", positions=rig.positions())
    await survivor.start()
    await rig.read(survivor, 1)
    name = rig.address.split("/")[3].split("?")[0]
    postgres_server.drop_database(name)
    postgres_server.create_database(name)
    wiped = EmbeddedBus(rig.address, tuning=Tuning())
    rig.opened.append(wiped)
    await wiped.start()
    await wiped.ensure_topics([TopicSpec(second, 2)])
    await wiped.ensure_topics([TopicSpec(first, 2)])
    await producer.send([Message(first, b"k", b"new")])
    consumer = wiped.consumer(topics=[first, second], group=rig.group, positions=rig.positions())
    await consumer.start()
    assert [(m.topic, m.value) for m in await rig.read(consumer, 1)] == [(first, b"new")]
    got = []
    async with asyncio.timeout(10):
        while not got:
            with contextlib.suppress(BusUnavailable):
                got = await survivor.poll(max_messages=10, timeout_seconds=0.2)
    assert [(m.topic, m.value) for m in got] == [(first, b"new")]


async def test_an_idle_consumer_costs_next_to_nothing(rig):
    topic = await rig.new_topic(6)
    consumer = rig.opened[0].consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 1, until=lambda: len(consumer.assignment) == 6)
    conn = await asyncpg.connect(rig.address)
    count = "SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = current_database()"
    await conn.execute("SELECT pg_stat_force_next_flush()")
    before = await conn.fetchval(count)
    assert await consumer.poll(max_messages=10, timeout_seconds=3) == []
    after = await conn.fetchval(count)
    sessions = await conn.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jiceng-bus' AND datname = current_database()"
    )
    await conn.close()
    assert after - before < 60
    assert sessions <= 2


async def test_partitions_beyond_one_statement_keep_their_order(rig):
    topic = await rig.new_topic(2)
    bus = await rig.start_bus(rows_per_statement=7)
    await bus.producer().send(rig.messages(topic, 100))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    found = rig.by_key(await rig.read(consumer, 100))
    assert all(numbers == sorted(numbers) for numbers in found.values())


async def test_a_poll_stops_near_its_bound_of_bytes(rig):
    topic = await rig.new_topic(1)
    bus = await rig.start_bus(fetch_bytes=250_000)
    await bus.producer().send([Message(topic, b"k", bytes(100_000)) for _ in range(10)])
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    sizes = []
    while sum(sizes) < 10:
        sizes.append(len(await consumer.poll(max_messages=100, timeout_seconds=5)))
    assert sizes == [3, 3, 3, 1]
    await consumer.seek({TopicPartition(topic, 0): 9})


async def test_rows_of_a_partition_that_moved_while_they_were_read_are_dropped(rig):
    topic = await rig.new_topic(1)
    bus = rig.opened[0]
    await bus.producer().send(rig.messages(topic, 20))
    positions = rig.positions()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    ask = consumer._ask

    async def ask_while_it_moves(statement, *values):
        rows = await ask(statement, *values)
        if statement is READ:
            consumer._ask = ask
            (id_,) = consumer._logs
            consumer.withdraw([id_])
            positions.stored[TopicPartition(topic, 0)] = 15
            consumer.grant([id_])
        return rows

    consumer._ask = ask_while_it_moves
    assert rig.numbers(await rig.read(consumer, 1)) == [15, 16, 17, 18, 19]
