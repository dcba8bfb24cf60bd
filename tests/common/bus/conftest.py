"""One rig per adapter, so that every test of the contract runs on both."""

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from common.bus import Bus, Consumer, Message, Producer, Received, TopicPartition, TopicSpec
from common.bus.embedded.bus import EmbeddedBus
from common.bus.embedded.tuning import Tuning as EmbeddedTuning
from common.bus.kafka.bus import KafkaBus
from common.bus.kafka.tuning import Tuning as KafkaTuning
from devkafka.server import KafkaServer
from onebox.postgres import PostgresServer, ServerOptions

ADAPTERS = [pytest.param("embedded"), pytest.param("kafka", marks=pytest.mark.kafka)]
MEMBER_PROCESS = Path(__file__).with_name("member_process.py")
_names = itertools.count(1)

EMBEDDED_TUNING: dict[str, Any] = {"answer_seconds": 3.0, "tick_seconds": 0.5, "look_seconds": 0.3}
KAFKA_TUNING: dict[str, Any] = {
    "answer_seconds": 15.0,
    "send_seconds": 5.0,
    "request_seconds": 8.0,
    "stop_seconds": 2.0,
    "stall_seconds": 6.0,
    "session_seconds": 6.0,
    "backoff_ms": 100,
}


class Positions:
    """A consumer's own database, in memory."""

    def __init__(self, stored: Mapping[TopicPartition, int] | None = None) -> None:
        self.stored = dict(stored or {})

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        return {name: self.stored[name] for name in partitions if name in self.stored}

    def store(self, messages: Sequence[Received]) -> None:
        for message in messages:
            self.stored[message.topic_partition] = message.offset + 1


@dataclass
class Rig:
    """What a test needs beside the port: more buses as if in other processes, and a hand on the log."""

    adapter: str
    address: str
    opened: list[Bus] = field(default_factory=list)
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    group: str = field(default_factory=lambda: f"g-{os.getpid()}-{next(_names)}")

    def new_bus(self, **tuning: Any) -> Bus:
        """A bus as another process would open it, not started."""
        bus: Bus
        if self.adapter == "kafka":
            bus = KafkaBus(self.address, default_partitions=4, tuning=KafkaTuning(**{**KAFKA_TUNING, **tuning}))
        else:
            bus = EmbeddedBus(
                self.address, default_partitions=4, tuning=EmbeddedTuning(**{**EMBEDDED_TUNING, **tuning})
            )
        self.opened.append(bus)
        return bus

    async def start_bus(self, **tuning: Any) -> Bus:
        bus = self.new_bus(**tuning)
        await bus.start()
        return bus

    async def new_topic(self, partitions: int = 4) -> str:
        """A topic of this test alone."""
        name = f"t-{os.getpid()}-{next(_names)}"
        await self.opened[0].ensure_topics([TopicSpec(name, partitions)])
        return name

    async def drop_before(self, topic: str, partition: int, offset: int) -> None:
        """What retention does when it overruns a reader."""
        if self.adapter == "embedded":
            bus = self.opened[0]
            assert isinstance(bus, EmbeddedBus)
            await bus.drop_before({TopicPartition(topic, partition): offset})
            return
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await admin.start()
        await admin.delete_records({KafkaPartition(topic, partition): RecordsToDelete(offset)})
        await admin.close()

    async def start_member_process(self, topic: str, group: str) -> asyncio.subprocess.Process:
        """A consumer in a process of its own that can be killed; returns once it has read something."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(MEMBER_PROCESS), self.adapter, self.address, topic, group,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert (await process.stdout.readline()).strip() == b"reading"
        return process

    @staticmethod
    def positions(stored: Mapping[TopicPartition, int] | None = None) -> Positions:
        return Positions(stored)

    @staticmethod
    def messages(topic: str, count: int, *, keys: int = 16, start: int = 0) -> list[Message]:
        """Numbered messages, keys in turn."""
        return [Message(topic, f"key-{i % keys}".encode(), str(i).encode()) for i in range(start, start + count)]

    @staticmethod
    async def read(
        consumer: Consumer,
        count: int,
        positions: Positions | None = None,
        *,
        seconds: float = 20,
        until: Callable[[], bool] = lambda: False,
    ) -> list[Received]:
        """Polls until so many have come; stores positions as a consumer that has committed its work."""
        got: list[Received] = []
        async with asyncio.timeout(seconds):
            while len(got) < count and not until():
                batch = await consumer.poll(max_messages=500, timeout_seconds=0.2)
                got += batch
                if positions is not None:
                    positions.store(batch)
        return got

    @staticmethod
    def numbers(messages: Sequence[Message]) -> list[int]:
        """The numbers of `messages`."""
        return [int(message.value) for message in messages]

    @staticmethod
    def by_key(messages: Sequence[Message]) -> dict[bytes, list[int]]:
        """The numbers per key, in order."""
        found: dict[bytes, list[int]] = {}
        for message in messages:
            found.setdefault(message.key, []).append(int(message.value))
        return found

    async def close(self) -> None:
        for process in self.processes:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()
        await asyncio.gather(*(bus.stop() for bus in self.opened))


@contextlib.asynccontextmanager
async def opened(adapter: str, address: str) -> AsyncIterator[Rig]:
    """A rig with one started bus."""
    rig = Rig(adapter, address)
    await rig.start_bus()
    yield rig
    await rig.close()


@pytest.fixture(params=ADAPTERS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """The shared servers, for everything that does not hurt them."""
    if request.param == "kafka":
        address = request.getfixturevalue("kafka_server")
    else:
        address = request.getfixturevalue("clone_database")()
    async with opened(request.param, address) as rig:
        yield rig


@pytest.fixture
async def embedded_rig(clone_database: Callable[..., str]) -> AsyncIterator[Rig]:
    """For what only the embedded adapter must do."""
    async with opened("embedded", clone_database()) as rig:
        yield rig


@pytest.fixture
async def kafka_rig(kafka_server: str) -> AsyncIterator[Rig]:
    """For what only the kafka adapter must do."""
    async with opened("kafka", kafka_server) as rig:
        yield rig


@pytest.fixture
async def bus(rig: Rig) -> Bus:
    """The rig's first bus, started."""
    return rig.opened[0]


@pytest.fixture
async def producer(bus: Bus) -> Producer:
    """A started producer."""
    producer = bus.producer()
    await producer.start()
    return producer


class Server(Protocol):
    """A server of one test module that may be hurt."""

    def start(self) -> None: ...
    def kill(self) -> None: ...
    @property
    def pid(self) -> int: ...


class KillablePostgres:
    """PostgreSQL under a hand that kills."""

    def __init__(self, folder: Path) -> None:
        self._server = PostgresServer(folder, options=ServerOptions(durable=False))

    def start(self) -> None:
        self._server.start()

    def kill(self) -> None:
        os.kill(self._server.pid, signal.SIGKILL)
        self._server.stop()

    @property
    def pid(self) -> int:
        return self._server.pid

    @property
    def address(self) -> str:
        return self._server.url("bus")

    def prepare(self) -> None:
        self._server.start()
        if not self._server.has_database("bus"):
            self._server.create_database("bus")


class KillableKafka(KafkaServer):
    """Kafka under a hand that kills."""

    @property
    def address(self) -> str:
        return self.bootstrap_servers

    def prepare(self) -> None:
        self.start()


@pytest.fixture(scope="module", params=ADAPTERS)
def own_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KillablePostgres | KillableKafka]:
    """A server of this module alone."""
    reason = KafkaServer.available() if request.param == "kafka" else None
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"Kafka must be there under CI=true: {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("bus")
    server = KillableKafka(folder / "k") if request.param == "kafka" else KillablePostgres(folder / "p")
    server.prepare()
    yield server
    (server if isinstance(server, KafkaServer) else server._server).stop()


@pytest.fixture
async def own_rig(own_server: KillablePostgres | KillableKafka) -> AsyncIterator[Rig]:
    """A rig on a server that the test may kill."""
    own_server.prepare()
    async with opened("kafka" if isinstance(own_server, KafkaServer) else "embedded", own_server.address) as rig:
        yield rig
