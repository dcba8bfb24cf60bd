"""What every bus does, on both adapters."""

import asyncio
import random
import time

import pytest

from common.bus import (
    MAX_MESSAGE_BYTES,
    Message,
    MessageTooLarge,
    PositionLost,
    TopicMismatch,
    TopicMissing,
    TopicPartition,
    TopicSpec,
)
from common.bus.partitioner import partition_of

MANY = 10_000


async def test_keeps_the_order_of_each_key_over_many_sends(rig, bus, producer):
    topic = await rig.new_topic()
    for start in range(0, 600, 60):
        await producer.send(rig.messages(topic, 60, start=start))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    found = rig.by_key(await rig.read(consumer, 600))
    assert len(found) == 16
    assert all(numbers == sorted(numbers) for numbers in found.values())
    assert sorted(number for numbers in found.values() for number in numbers) == list(range(600))


async def test_puts_a_key_where_kafka_puts_it(rig, bus, producer):
    topic = await rig.new_topic(5)
    sent = [Message(topic, random.randbytes(size), b"x") for size in range(40)]
    await producer.send(sent)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = await rig.read(consumer, 40)
    assert {message.key: message.partition for message in got} == {m.key: partition_of(m.key, 5) for m in sent}


async def test_carries_keys_values_and_headers_byte_for_byte(rig, bus, producer):
    topic = await rig.new_topic(1)
    everything = bytes(range(256))
    sent = [
        Message(topic, everything, everything, (("ce_type", b"a"), ("ce_type", b""), ("标题", everything), ("", b"x"))),
        Message(topic, b"", b"", ()),
        Message(topic, b"k", b"", (("empty", b""),)),
    ]
    before_ms = time.time() * 1000
    await producer.send(sent)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = await rig.read(consumer, 3)
    assert [Message(m.topic, m.key, m.value, m.headers) for m in got] == sent
    assert [(m.partition, m.offset) for m in got] == [(0, 0), (0, 1), (0, 2)]
    assert all(before_ms - 5000 < m.timestamp_ms < time.time() * 1000 + 5000 for m in got)


async def test_carries_ten_thousand_messages_in_one_send_whole(rig, bus, producer):
    topic = await rig.new_topic()
    sent = [Message(topic, str(i).encode(), str(i).encode() + bytes(i % 900)) for i in range(MANY)]
    await producer.send(sent)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = await rig.read(consumer, MANY)
    assert len(got) == MANY
    assert {m.key: m.value for m in got} == {m.key: m.value for m in sent}
    assert sum((await bus.end_offsets([topic])).values()) == MANY
    for partition in range(4):
        assert [m.offset for m in got if m.partition == partition] == list(
            range(sum(m.partition == partition for m in got))
        )


async def test_sends_of_many_tasks_at_once_all_arrive_in_their_order(rig, bus, producer):
    topic = await rig.new_topic(2)
    batches = [rig.messages(topic, 50, keys=5, start=start) for start in range(0, 1000, 50)]
    await asyncio.gather(*(producer.send(batch) for batch in batches))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = rig.numbers(await rig.read(consumer, 1000))
    assert sorted(got) == list(range(1000))
    for batch in batches:
        for key in {m.key for m in batch}:
            numbers = [int(m.value) for m in batch if m.key == key]
            assert [n for n in got if n in numbers] == numbers


async def test_refuses_a_message_over_the_limit_and_sends_nothing(rig, bus, producer):
    topic = await rig.new_topic(1)
    largest = Message(topic, b"k", bytes(MAX_MESSAGE_BYTES - 1))
    too_large = Message(topic, b"k", bytes(MAX_MESSAGE_BYTES - 1), (("h", b""),))
    with pytest.raises(MessageTooLarge) as refused:
        await producer.send([largest, too_large])
    assert (refused.value.topic, refused.value.size_bytes) == (topic, MAX_MESSAGE_BYTES + 1)
    assert await bus.end_offsets([topic]) == {(topic, 0): 0}
    await producer.send([largest])
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    assert len((await rig.read(consumer, 1))[0].value) == MAX_MESSAGE_BYTES - 1


async def test_a_missing_topic_is_named(rig, bus, producer):
    with pytest.raises(TopicMissing):
        await producer.send([Message("nowhere", b"", b"")])
    with pytest.raises(TopicMissing):
        await bus.consumer(topics=["nowhere"], group=rig.group, positions=None).start()
    with pytest.raises(TopicMissing):
        await bus.end_offsets(["nowhere"])


async def test_topics_may_be_ensured_again_and_by_many_at_once(rig, bus):
    topic = await rig.new_topic(3)
    other = await rig.start_bus()
    spec = TopicSpec(f"{topic}-new", None, 24)
    await asyncio.gather(*(each.ensure_topics([TopicSpec(topic, 3), spec]) for each in (bus, other, bus)))
    await bus.ensure_topics([TopicSpec(topic, 3, retention_hours=1), spec])
    assert len(await bus.end_offsets([f"{topic}-new"])) == 4
    with pytest.raises(TopicMismatch):
        await bus.ensure_topics([TopicSpec(topic, 4)])


async def test_a_poll_without_messages_ends_in_time(rig, bus):
    topic = await rig.new_topic()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 1, until=lambda: len(consumer.assignment) == 4)
    started = time.monotonic()
    assert await consumer.poll(max_messages=10, timeout_seconds=0.5) == []
    assert 0.4 < time.monotonic() - started < 1.5


async def test_a_poll_gives_no_more_than_asked_for_and_serves_every_partition(rig, bus, producer):
    topic = await rig.new_topic()
    await producer.send(rig.messages(topic, 400))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = []
    while len(got) < 400:
        batch = await consumer.poll(max_messages=7, timeout_seconds=5)
        assert 0 < len(batch) <= 7
        got += batch
    assert sorted(rig.numbers(got)) == list(range(400))


async def test_a_new_message_wakes_a_waiting_poll(rig, bus, producer):
    topic = await rig.new_topic(1)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 1, until=lambda: bool(consumer.assignment))
    delays = []
    for number in range(20):
        waiting = asyncio.create_task(consumer.poll(max_messages=10, timeout_seconds=5))
        await asyncio.sleep(0.02)
        sent_at = time.monotonic()
        await producer.send(rig.messages(topic, 1, start=number))
        assert rig.numbers(await waiting) == [number]
        delays.append(time.monotonic() - sent_at)
    assert sorted(delays)[10] < 0.1


# --- positions ----------------------------------------------------------------------------------------------------


async def test_reads_from_the_stored_position_on(rig, bus, producer):
    topic = await rig.new_topic(1)
    await producer.send(rig.messages(topic, 20))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions({TopicPartition(topic, 0): 15}))
    await consumer.start()
    assert rig.numbers(await rig.read(consumer, 5)) == [15, 16, 17, 18, 19]


async def test_what_was_not_stored_comes_again(rig, bus, producer):
    topic = await rig.new_topic(1)
    await producer.send(rig.messages(topic, 20))
    positions = rig.positions()
    for _ in range(2):
        consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
        await consumer.start()
        assert rig.numbers(await rig.read(consumer, 20)) == list(range(20))
        await consumer.poll(max_messages=10, timeout_seconds=0.1)
        await consumer.stop()


async def test_seek_replays_and_skips(rig, bus, producer):
    topic = await rig.new_topic(1)
    name = TopicPartition(topic, 0)
    await producer.send(rig.messages(topic, 20))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 20)
    await consumer.seek({name: 18})
    assert rig.numbers(await rig.read(consumer, 2)) == [18, 19]
    await consumer.seek({name: 0})
    assert rig.numbers(await consumer.poll(max_messages=3, timeout_seconds=10)) == [0, 1, 2]
    await consumer.seek({name: 19})
    assert rig.numbers(await rig.read(consumer, 1)) == [19]
    with pytest.raises(ValueError, match="not assigned"):
        await consumer.seek({TopicPartition("elsewhere", 0): 0})


async def test_offsets_name_both_ends_of_every_partition(rig, bus, producer):
    topic = await rig.new_topic(2)
    await producer.send(rig.messages(topic, 100))
    ends = await bus.end_offsets([topic])
    assert await bus.begin_offsets([topic]) == {(topic, 0): 0, (topic, 1): 0}
    assert sum(ends.values()) == 100
    await rig.drop_before(topic, 1, 10)
    assert await bus.begin_offsets([topic]) == {(topic, 0): 0, (topic, 1): 10}
    assert await bus.end_offsets([topic]) == ends


async def test_a_group_without_positions_reads_from_the_beginning_that_is_left(rig, bus, producer):
    topic = await rig.new_topic(1)
    await producer.send(rig.messages(topic, 20))
    await rig.drop_before(topic, 0, 12)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    assert rig.numbers(await rig.read(consumer, 8)) == list(range(12, 20))


async def test_retention_that_overran_the_stored_position_is_an_error_until_somebody_decides(rig, bus, producer):
    topic = await rig.new_topic(1)
    name = TopicPartition(topic, 0)
    await producer.send(rig.messages(topic, 20))
    await rig.drop_before(topic, 0, 12)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions({name: 5}))
    await consumer.start()
    for _ in range(2):
        with pytest.raises(PositionLost) as lost:
            await rig.read(consumer, 1)
        assert (lost.value.partition, lost.value.wanted, lost.value.begin, lost.value.end) == (name, 5, 12, 20)
    await consumer.seek({name: lost.value.begin})
    assert rig.numbers(await rig.read(consumer, 8)) == list(range(12, 20))


async def test_retention_that_overruns_a_running_consumer_is_an_error(rig, bus, producer):
    topic = await rig.new_topic(1)
    name = TopicPartition(topic, 0)
    positions = rig.positions()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    await producer.send(rig.messages(topic, 20))
    await rig.read(consumer, 20, positions)
    await producer.send(rig.messages(topic, 20, start=20))
    await rig.drop_before(topic, 0, 30)
    await consumer.seek({name: 25})
    with pytest.raises(PositionLost) as lost:
        await rig.read(consumer, 1)
    assert (lost.value.wanted, lost.value.begin, lost.value.end) == (25, 30, 40)


async def test_retention_is_noticed_while_reading(rig, bus, producer):
    topic = await rig.new_topic(1)
    big = [Message(topic, b"k", str(i).encode().ljust(200_000)) for i in range(40)]
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await producer.send(big[:20])
    got = await rig.read(consumer, 1)
    await producer.send(big[20:])
    await rig.drop_before(topic, 0, 38)
    with pytest.raises(PositionLost) as lost:
        while len(got) < 40:
            got += await consumer.poll(max_messages=1, timeout_seconds=5)
    assert lost.value.begin == 38
    assert lost.value.wanted == len(got)


async def test_a_position_beyond_the_end_means_that_the_bus_was_wiped(rig, bus, producer):
    topic = await rig.new_topic(1)
    name = TopicPartition(topic, 0)
    await producer.send(rig.messages(topic, 3))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions({name: 1000}))
    await consumer.start()
    with pytest.raises(PositionLost) as lost:
        await rig.read(consumer, 1)
    assert (lost.value.partition, lost.value.wanted, lost.value.begin, lost.value.end) == (name, 1000, 0, 3)


async def test_a_failing_positions_store_is_the_callers_error_and_is_asked_again(rig, bus, producer):
    topic = await rig.new_topic(1)
    await producer.send(rig.messages(topic, 3))
    positions = rig.positions()
    answer = positions.load

    async def fail(partitions):
        positions.load = answer
        raise LookupError("database")

    positions.load = fail
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    with pytest.raises(LookupError):
        await rig.read(consumer, 1)
    assert rig.numbers(await rig.read(consumer, 3)) == [0, 1, 2]


async def test_stopping_twice_and_stopping_what_never_started_is_fine(rig, bus):
    topic = await rig.new_topic(1)
    producer = bus.producer()
    await producer.stop()
    await producer.start()
    await producer.stop()
    await producer.stop()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.stop()
    await consumer.start()
    await consumer.stop()
    await consumer.stop()
    await bus.stop()
