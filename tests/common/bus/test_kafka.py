"""What only the kafka adapter must do."""

import asyncio

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from common.bus import BusUnavailable, TopicPartition, TopicSpec

pytestmark = pytest.mark.kafka


@pytest.fixture
def rig(kafka_rig):
    return kafka_rig


@pytest.fixture
async def admin(rig):
    client = AIOKafkaAdminClient(bootstrap_servers=rig.address)
    await client.start()
    yield client
    await client.close()


async def has_settings(admin, topic, wanted):
    """A broker learns of a change a moment after it was accepted."""
    async with asyncio.timeout(10):
        while True:
            (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
            if {key: value for key, value, _, source, *_ in answer.resources[0][4] if source == 1} == wanted:
                return True
            await asyncio.sleep(0.1)


async def test_sets_retention_and_leaves_an_operators_other_settings_alone(rig, admin):
    topic = f"{await rig.new_topic()}-kept"
    bus = rig.opened[0]
    await bus.ensure_topics([TopicSpec(topic, 1, 24)])
    assert await has_settings(admin, topic, {"retention.ms": str(24 * 3_600_000)})
    changed = {"retention.ms": "1000", "segment.bytes": "20971520"}
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, changed)])
    assert await has_settings(admin, topic, changed)
    await bus.ensure_topics([TopicSpec(topic, 1, None)])
    assert await has_settings(admin, topic, {"retention.ms": "-1", "segment.bytes": "20971520"})


async def test_what_kafka_lets_be_null_is_empty_here(rig):
    topic = await rig.new_topic(1)
    foreign = AIOKafkaProducer(bootstrap_servers=rig.address)
    await foreign.start()
    await foreign.send_and_wait(topic, value=None, key=b"k", headers=[("h", None)])
    await foreign.send_and_wait(topic, value=b"v", key=None)
    await foreign.stop()
    consumer = rig.opened[0].consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    got = await rig.read(consumer, 2)
    assert [(m.key, m.value, m.headers) for m in got] == [(b"k", b"", (("h", b""),)), (b"", b"v", ())]


async def test_tells_kafka_how_far_it_is_and_never_reads_from_there(rig, admin):
    topic = await rig.new_topic(1)
    bus = await rig.start_bus(commit_seconds=0.1)
    producer = bus.producer()
    await producer.start()
    await producer.send(rig.messages(topic, 20))
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    await rig.read(consumer, 20)
    name = KafkaPartition(topic, 0)
    async with asyncio.timeout(10):
        while (await admin.list_consumer_group_offsets(rig.group)).get(name, (0,))[0] != 20:
            await consumer.poll(max_messages=10, timeout_seconds=0.2)
    await consumer.stop()
    again = bus.consumer(topics=[topic], group=rig.group, positions=rig.positions({TopicPartition(topic, 0): 3}))
    await again.start()
    assert rig.numbers(await rig.read(again, 17)) == list(range(3, 20))


async def test_a_producer_takes_a_new_id_long_before_sequence_numbers_wrap(rig):
    topic = await rig.new_topic(1)
    producer = (await rig.start_bus(sequence_limit=25)).producer()
    await producer.start()
    clients = set()
    for start in range(0, 100, 10):
        await producer.send(rig.messages(topic, 10, start=start))
        clients.add(producer._client)
    assert len(clients) == 4
    consumer = rig.opened[0].consumer(topics=[topic], group=rig.group, positions=rig.positions())
    await consumer.start()
    assert rig.numbers(await rig.read(consumer, 100)) == list(range(100))


async def test_a_consumer_whose_fetches_get_no_answer_is_rebuilt(rig):
    topic = await rig.new_topic(1)
    bus = await rig.start_bus(stall_seconds=1.0)
    positions = rig.positions()
    consumer = bus.consumer(topics=[topic], group=rig.group, positions=positions)
    await consumer.start()
    producer = bus.producer()
    await producer.start()
    await producer.send(rig.messages(topic, 5))
    await rig.read(consumer, 5, positions)
    stuck = consumer._client
    stuck._consumer._fetcher._fetch_task.cancel()
    await producer.send(rig.messages(topic, 5, start=5))
    with pytest.raises(BusUnavailable, match="fetches without answer"):
        await rig.read(consumer, 5, seconds=15)
    assert rig.numbers(await rig.read(consumer, 5, positions)) == list(range(5, 10))
    assert consumer._client is not stuck
