"""The real broker: what it keeps, what it refuses, and that nobody but us reaches it."""

import contextlib
import uuid

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, UnknownTopicOrPartitionError
from aiokafka.structs import TopicPartition

from devkafka.server import KafkaServer
from devkafka.settings import HOST

pytestmark = pytest.mark.kafka


@contextlib.asynccontextmanager
async def _running(client):
    await client.start()
    try:
        yield client
    finally:
        await client.stop()


async def _create_topic(address, topic):
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def _produce(address, topic, values):
    async with _running(AIOKafkaProducer(bootstrap_servers=address, acks="all")) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def _read(address, topic, count):
    async with _running(AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        return [(await consumer.getone()).value for _ in range(count)]


@pytest.fixture
def own_server(kafka_server, tmp_path):
    """A broker for this test alone; `kafka_server` decides whether one can run at all."""
    server = KafkaServer(tmp_path / "kafka")
    yield server
    server.wipe()


async def test_a_killed_broker_comes_back_on_the_same_port_with_what_it_acknowledged(own_server):
    own_server.start()
    address, first = own_server.bootstrap_servers, own_server.pid
    own_server.start()
    assert own_server.pid == first
    await _create_topic(address, "records")
    sent = [str(number).encode() for number in range(200)]
    await _produce(address, "records", sent)
    own_server.kill()
    assert not psutil.pid_exists(first)
    own_server.start()
    assert own_server.bootstrap_servers == address
    assert await _read(address, "records", len(sent)) == sent
    own_server.restart()
    assert own_server.bootstrap_servers == address
    await _produce(address, "records", [b"after"])
    assert await _read(address, "records", len(sent) + 1) == [*sent, b"after"]


async def test_a_topic_nobody_made_is_not_made_by_accident(kafka_server):
    topic = f"typo-{uuid.uuid4()}"
    async with _running(AIOKafkaProducer(bootstrap_servers=kafka_server, request_timeout_ms=2000)) as producer:
        with pytest.raises((KafkaTimeoutError, UnknownTopicOrPartitionError)):
            await producer.send_and_wait(topic, b"lost")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        assert topic not in await admin.list_topics()
    finally:
        await admin.close()


async def test_a_message_beyond_the_limit_is_refused_by_the_broker(kafka_server):
    topic = f"large-{uuid.uuid4()}"
    await _create_topic(kafka_server, topic)
    async with _running(AIOKafkaProducer(bootstrap_servers=kafka_server, max_request_size=8_000_000)) as producer:
        await producer.send_and_wait(topic, b"x" * 1_000_000)
        with pytest.raises(MessageSizeTooLargeError):
            await producer.send_and_wait(topic, b"x" * 1_100_000)


def test_the_broker_listens_on_loopback_only(own_server):
    own_server.start()
    listening = [c for c in psutil.Process(own_server.pid).net_connections(kind="inet") if c.status == "LISTEN"]
    assert len(listening) == 2
    assert {c.laddr.ip.removeprefix("::ffff:") for c in listening} == {HOST}
