"""What every bus does for groups of consumers, on both adapters: the second half of the contract."""

import asyncio
import time


async def test_a_group_gets_each_message_once_and_every_group_gets_all(rig, bus, producer):
    topic = await rig.new_topic()
    other_bus = await rig.start_bus()
    shared, own = rig.positions(), rig.positions()
    pair = [each.consumer(topics=[topic], group=f"{rig.group}-pair", positions=shared) for each in (bus, other_bus)]
    alone = bus.consumer(topics=[topic], group=f"{rig.group}-alone", positions=own)
    await asyncio.gather(*(consumer.start() for consumer in (*pair, alone)))
    got = [[], []]
    both_work = lambda: all(len(consumer.assignment) == 2 for consumer in pair)  # noqa: E731
    await asyncio.gather(*(rig.read(consumer, 1, shared, until=both_work) for consumer in pair))
    await producer.send(rig.messages(topic, 400, keys=64))
    done = lambda: len(got[0]) + len(got[1]) >= 400  # noqa: E731

    async def collect(index):
        while not done():
            batch = await pair[index].poll(max_messages=50, timeout_seconds=0.1)
            got[index] += batch
            shared.store(batch)

    async with asyncio.timeout(20):
        await asyncio.gather(collect(0), collect(1))
    assert got[0]
    assert got[1]
    assert not {m.partition for m in got[0]} & {m.partition for m in got[1]}
    assert sorted(rig.numbers([*got[0], *got[1]])) == list(range(400))
    assert sorted(rig.numbers(await rig.read(alone, 400, own))) == list(range(400))


async def test_members_of_one_process_share_a_group_too(rig, bus, producer):
    topic = await rig.new_topic()
    positions = rig.positions()
    pair = [bus.consumer(topics=[topic], group=rig.group, positions=positions) for _ in range(2)]
    await asyncio.gather(*(consumer.start() for consumer in pair))
    settled = lambda: all(len(consumer.assignment) == 2 for consumer in pair)  # noqa: E731
    await asyncio.gather(*(rig.read(consumer, 1, until=settled) for consumer in pair))
    assert not pair[0].assignment & pair[1].assignment


async def test_a_member_that_leaves_gives_its_partitions_to_the_others(rig, bus, producer):
    topic = await rig.new_topic()
    other_bus = await rig.start_bus()
    positions = rig.positions()
    first, second = (each.consumer(topics=[topic], group=rig.group, positions=positions) for each in (bus, other_bus))
    await first.start()
    await second.start()
    settled = lambda: len(first.assignment) == len(second.assignment) == 2  # noqa: E731
    await asyncio.gather(*(rig.read(one, 1, positions, until=settled) for one in (first, second)))
    await second.stop()
    await producer.send(rig.messages(topic, 100, keys=50))
    got = await rig.read(first, 100, positions, seconds=10)
    assert sorted(rig.numbers(got)) == list(range(100))
    assert second.assignment == frozenset()


async def test_a_killed_members_partitions_move_to_the_others(rig, bus, producer):
    topic = await rig.new_topic()
    await producer.send(rig.messages(topic, 100, keys=50))
    process = await rig.start_member_process(topic, rig.group)
    positions = rig.positions()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    await rig.read(consumer, 1, positions, until=lambda: len(consumer.assignment) == 2)
    process.kill()
    killed_at = time.monotonic()
    got = await rig.read(consumer, 1, positions, until=lambda: sum(positions.stored.values()) == 100)
    assert time.monotonic() - killed_at < (2.5 if rig.adapter == "embedded" else 12)
    assert got


async def test_a_member_that_stops_polling_loses_its_partitions_and_gets_them_again(rig, producer):
    topic = await rig.new_topic()
    await producer.send(rig.messages(topic, 100, keys=50))
    hung_bus, bus = await rig.start_bus(poll_interval_seconds=1.0, grace_seconds=0.5), await rig.start_bus()
    positions = rig.positions()
    hung = hung_bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await hung.start()
    await rig.read(hung, 1)
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    got = await rig.read(consumer, 100, positions, until=lambda: sum(positions.stored.values()) == 100)
    assert sorted(set(rig.numbers(got))) == list(range(100))
    keep_reading = asyncio.create_task(rig.read(consumer, 1, until=lambda: len(hung.assignment) == 2))
    await rig.read(hung, 10_000, until=lambda: len(hung.assignment) == 2)
    await keep_reading


async def test_a_batch_in_hand_keeps_its_partitions_for_a_while(rig, bus, producer):
    topic = await rig.new_topic(2)
    await producer.send(rig.messages(topic, 40))
    positions = rig.positions()
    busy = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await busy.start()
    await rig.read(busy, 1, until=lambda: len(busy.assignment) == 2)
    await producer.send(rig.messages(topic, 40, start=40))
    in_hand = []
    while {message.partition for message in in_hand} != {0, 1}:
        in_hand = await busy.poll(max_messages=500, timeout_seconds=5)
    newcomer = (await rig.start_bus()).consumer(topics=[topic], group=rig.group, positions=positions)
    await newcomer.start()
    assert await newcomer.poll(max_messages=500, timeout_seconds=2.5) == []
    positions.stored = dict(await bus.end_offsets([topic]))
    settled = lambda: len(busy.assignment) == len(newcomer.assignment) == 1  # noqa: E731
    got = await asyncio.gather(*(rig.read(one, 1, until=settled) for one in (busy, newcomer)))
    assert got == [[], []]


async def test_what_was_read_ahead_is_not_returned_after_the_partition_was_away(rig, bus, producer):
    topic = await rig.new_topic(2)
    await producer.send(rig.messages(topic, 400, keys=50))
    positions = rig.positions()
    slow = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await slow.start()
    for _ in range(2):
        assert len(await slow.poll(max_messages=3, timeout_seconds=10)) == 3
    quick = (await rig.start_bus()).consumer(topics=[topic], group=rig.group, positions=positions)
    await quick.start()
    (away,) = await _settled(rig, quick, slow)
    positions.stored[away] = (await bus.end_offsets([topic]))[away] - 5
    await quick.stop()
    got = []
    while not any(message.topic_partition == away for message in got):
        got = await slow.poll(max_messages=500, timeout_seconds=0.2)
    assert next(m.offset for m in got if m.topic_partition == away) == positions.stored[away]


async def _settled(rig, quick, slow):
    settled = lambda: len(quick.assignment) == len(slow.assignment) == 1  # noqa: E731
    await asyncio.gather(*(rig.read(one, 10_000, until=settled) for one in (quick, slow)))
    return quick.assignment
