"""What every bus does when its server dies, hangs and comes back; on servers of this module alone."""

import asyncio
import contextlib
import time

import psutil
import pytest

from common.bus import BusUnavailable, Message

BOUND_SECONDS = 12.0
"""Longer than any bound of the rig's tuning with its clean-up, far shorter than a hang."""


async def start_again(server):
    await asyncio.to_thread(server.start)


async def until_it_works(call, seconds=40):
    """A broker that comes back is fenced by its controller for some seconds: unavailable, and truly so."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                return await call()
            except BusUnavailable:
                await asyncio.sleep(0.2)


async def read_through_trouble(rig, consumers, positions, is_done, *, found=None, seconds=45):
    """As the services do: whatever a poll raises as unavailable is tried again."""
    got = []

    async def keep_reading(consumer):
        while not is_done():
            try:
                batch = await consumer.poll(max_messages=100, timeout_seconds=0.3)
            except BusUnavailable:
                await asyncio.sleep(0.2)
                continue
            got.extend(batch)
            positions.store(batch)
            if found is not None:
                found.update(rig.numbers(batch))

    async with asyncio.timeout(seconds):
        await asyncio.gather(*(keep_reading(consumer) for consumer in consumers))
    return got


async def test_a_server_that_hangs_is_told_in_bounded_time_and_nothing_is_left_hanging(own_rig, own_server):
    topic = await own_rig.new_topic(1)
    bus = await own_rig.start_bus()
    producer = bus.producer()
    await producer.start()
    consumer = bus.consumer(topics=[topic], group=own_rig.group, positions=own_rig.positions())
    await consumer.start()
    await producer.send(own_rig.messages(topic, 10))
    await own_rig.read(consumer, 10)
    postmaster = psutil.Process(own_server.pid)
    frozen = [postmaster, *postmaster.children(recursive=True)]
    for process in frozen:
        process.suspend()
    try:
        started = time.monotonic()
        with pytest.raises(BusUnavailable):
            await producer.send(own_rig.messages(topic, 10))
        assert time.monotonic() - started < BOUND_SECONDS
        started = time.monotonic()
        for each in (consumer, producer, bus):
            await each.stop()
        assert time.monotonic() - started < BOUND_SECONDS
    finally:
        for process in reversed(frozen):
            process.resume()
    bus = own_rig.opened[0]
    again = bus.producer()
    await until_it_works(lambda: again.send(own_rig.messages(topic, 10, start=10)))
    reader = bus.consumer(topics=[topic], group=f"{own_rig.group}-after", positions=own_rig.positions())
    await until_it_works(reader.start)
    found = set()
    got = await read_through_trouble(
        own_rig, [reader], own_rig.positions(), lambda: found >= set(range(20)), found=found
    )
    assert set(own_rig.numbers(got)) == set(range(20))


async def test_a_killed_server_is_survived_without_losing_what_was_acknowledged(own_rig, own_server):
    topic = await own_rig.new_topic(4)
    positions = own_rig.positions()
    first, second = own_rig.opened[0], await own_rig.start_bus()
    producer, unlucky = first.producer(), second.producer()
    await producer.start()
    await unlucky.start()
    members = [bus.consumer(topics=[topic], group=own_rig.group, positions=positions) for bus in (first, second)]
    for member in members:
        await member.start()
    acknowledged = 0

    async def stream():
        nonlocal acknowledged
        while True:
            await producer.send(own_rig.messages(topic, 50, start=acknowledged))
            acknowledged += 50

    streaming = asyncio.create_task(stream())
    before = await read_through_trouble(own_rig, members, positions, lambda: acknowledged >= 300)
    own_server.kill()
    await assert_refuses_in_bounded_time(lambda: unlucky.send([Message(topic, b"given up", b"-1")]))
    with pytest.raises(BusUnavailable):
        await asyncio.wait_for(streaming, BOUND_SECONDS)
    await assert_refuses_in_bounded_time(lambda: producer.send([Message(topic, b"given up", b"-2")]))
    started = time.monotonic()
    polls = (member.poll(max_messages=10, timeout_seconds=0.5) for member in members)
    outcomes = await asyncio.gather(*polls, return_exceptions=True)
    assert time.monotonic() - started < BOUND_SECONDS
    assert all(isinstance(outcome, list | BusUnavailable) for outcome in outcomes)
    for outcome in outcomes:
        if isinstance(outcome, list):
            before += outcome
            positions.store(outcome)

    await start_again(own_server)
    await until_it_works(lambda: producer.send(own_rig.messages(topic, 100, start=acknowledged)))
    await asyncio.sleep(1)
    ends = await until_it_works(lambda: first.end_offsets([topic]))
    after = await read_through_trouble(own_rig, members, positions, lambda: positions.stored == ends)
    got = [*before, *after]
    assert set(own_rig.numbers(got)) == set(range(acknowledged + 100)), "nothing lost, nothing that was given up"
    assert_order_per_key(got)


def assert_order_per_key(got):
    """Repeats are allowed; what comes for the first time comes in order."""
    highest = {}
    seen = set()
    for message in sorted(got, key=lambda m: (m.partition, m.offset)):
        number = int(message.value)
        if number not in seen:
            assert number > highest.get(message.key, -1)
            highest[message.key] = number
        seen.add(number)


async def assert_refuses_in_bounded_time(call):
    started = time.monotonic()
    with pytest.raises(BusUnavailable):
        await call()
    assert time.monotonic() - started < BOUND_SECONDS


async def test_everything_stops_and_refuses_to_start_in_bounded_time_while_the_server_is_dead(own_rig, own_server):
    topic = await own_rig.new_topic(2)
    bus = await own_rig.start_bus()
    producer = bus.producer()
    await producer.start()
    consumer = bus.consumer(topics=[topic], group=own_rig.group, positions=own_rig.positions())
    await consumer.start()
    await producer.send(own_rig.messages(topic, 10))
    await own_rig.read(consumer, 10)
    own_server.kill()
    under_way = asyncio.create_task(producer.send(own_rig.messages(topic, 10)))
    await asyncio.sleep(0.2)
    for each in (consumer, producer, bus):
        started = time.monotonic()
        await each.stop()
        assert time.monotonic() - started < BOUND_SECONDS / 2
    with contextlib.suppress(BusUnavailable):  # what a dying server still finishes may be acknowledged
        await asyncio.wait_for(under_way, BOUND_SECONDS)
    bus = own_rig.new_bus()
    consumer = bus.consumer(topics=[topic], group=own_rig.group, positions=own_rig.positions())
    await assert_refuses_in_bounded_time(bus.start)
    await assert_refuses_in_bounded_time(bus.producer().start)
    await assert_refuses_in_bounded_time(consumer.start)
    await assert_refuses_in_bounded_time(lambda: bus.end_offsets([topic]))
