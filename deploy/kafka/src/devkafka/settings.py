"""The settings of the one node, and ports that stay free while it is down."""

import base64
import random
import socket
import uuid
from pathlib import Path

from devkafka.errors import KafkaError

HOST = "127.0.0.1"
_FIRST_PORT, _LAST_PORT = 20_000, 32_000
_PORT_ATTEMPTS = 200

_TEMPLATE = """\
# Written by devkafka; one KRaft node, loopback only.
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers={host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}

# Topics are made on purpose, with their partitions; a typo must fail.
auto.create.topics.enable=false
num.partitions=6
default.replication.factor=1
min.insync.replicas=1
# Kafka's own limit, said aloud: what passes here passes on a cluster with default settings.
message.max.bytes=1048588
log.retention.hours=168
log.retention.check.interval.ms=10000
log.segment.bytes=67108864
log.index.size.max.bytes=1048576
log.segment.delete.delay.ms=1000

# One node holds everything once.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2

# Small heap, two cores, quick start and quick rebalance.
num.network.threads=2
num.io.threads=4
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=8388608
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=500
"""


def render_settings(*, port: int, controller_port: int, data: Path) -> str:
    """The content of server.properties."""
    return _TEMPLATE.format(host=HOST, port=port, controller_port=controller_port, data=data)


def read_port(settings_file: Path) -> int:
    """The client port of an existing server.properties.

    Raises:
        KafkaError: the file is not ours.
    """
    marker = f"listeners=PLAINTEXT://{HOST}:"
    for line in settings_file.read_text(encoding="utf-8").splitlines():
        if line.startswith(marker):
            return int(line.removeprefix(marker).split(",")[0])
    raise KafkaError(f"{settings_file} was not written by this program.")


def new_cluster_id() -> str:
    """A random id as Kafka prints them: 22 characters of URL-safe base64, never with a leading dash."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode("ascii")
        if not text.startswith("-"):
            return text


def free_ports(count: int) -> list[int]:
    """Free loopback ports below the range the system hands out to connections.

    A port from that range can be taken while the broker is down, even by a client's own attempt to reconnect (TCP
    lets a socket connect to itself).
    """
    chosen: list[int] = []
    for port in random.sample(range(_FIRST_PORT, _LAST_PORT), _PORT_ATTEMPTS):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise KafkaError("No free loopback ports were found.")
