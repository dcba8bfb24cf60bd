"""The platform as separate processes, as it runs beyond one machine: something to kill.

Every role is its own operating-system process. The client is careful: it remembers what was acknowledged, and repeats
what was not with the same Idempotency-Key, as a frontend does.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from common.auth import Role
from common.crypto import generate_keyring
from common.divisions import ancestors_of, level_of
from common.ids import uuid7
from common.testing.persons import synthetic_person
from common.testing.tokens import AUDIENCE, ISSUER, bearer, make_actor, write_jwks
from devkafka.server import KafkaServer
from onebox.postgres import PostgresServer, ServerOptions

SERVICES = ("casework", "sync", "reporting")
STATIONS = ("440304002016", "441900003001", "440232113201")
PROVINCE = "440000000000"
READY_SECONDS = 60.0
QUIET_SECONDS = 90.0

ROLES: dict[str, tuple[str, str]] = {
    "api": ("casework", "api"),
    "relay": ("casework", "relay"),
    "sync-relay": ("sync", "relay"),
    "tier": ("sync", "worker"),
    "figures": ("reporting", "worker"),
    "reporting-relay": ("reporting", "relay"),
}


@dataclass
class Stack:
    """PostgreSQL, a bus and one process per role.

    Attributes:
        folder: of this stack.
        postgres: its server; `kill()` is done by pid.
        kafka: the broker, or None for the embedded bus.
    """

    folder: Path
    postgres: PostgresServer
    kafka: KafkaServer | None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def environment(self, name: str) -> dict[str, str]:
        service, _ = ROLES[name]
        values = {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.postgres.url(service),
            "BUS": "kafka" if self.kafka else "embedded",
            "BUS_DATABASE_URL": self.postgres.url("bus"),
            "BUS_PARTITIONS": "3",
            "OIDC_ISSUER": ISSUER,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_FILE": str(self.folder / "jwks.json"),
            "CRYPTO_KEYS_FILE": str(self.folder / "keyring.json"),
            "LOG_LEVEL": "WARNING",
            "HTTP_PORT": str(self.ports[name]),
            "METRICS_PORT": str(self.ports[name]),
        }
        if self.kafka:
            values["KAFKA_BOOTSTRAP_SERVERS"] = self.kafka.bootstrap_servers
        return {**os.environ, **values}

    def start(self, name: str) -> None:
        """Starts the process of a role; its port stays the same over restarts."""
        self.ports.setdefault(name, free_port())
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *ROLES[name]], env=self.environment(name), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash."""
        if name == "postgres":
            os.kill(self.postgres.pid, signal.SIGKILL)
        elif name == "broker":
            assert self.kafka is not None
            self.kafka.kill()
        else:
            self.processes[name].kill()
            self.processes[name].wait(10)

    def revive(self, name: str) -> None:
        """Starts again what was killed."""
        if name == "postgres":
            self.postgres.stop()
            self.postgres.start()
        elif name == "broker":
            assert self.kafka is not None
            self.kafka.start()
        else:
            self.start(name)

    def is_ready(self, name: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=2).is_success
        except httpx.TransportError:
            return False

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        for name in self.processes:
            while not self.is_ready(name):
                if self.processes[name].poll() is not None:
                    self.start(name)  # whoever runs it starts it again, as Kubernetes does
                assert time.monotonic() < deadline, f"{name} is not ready:\n{self.tail(name)}"
                time.sleep(0.1)

    def tail(self, name: str) -> str:
        log = self.folder / f"{name}.log"
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
        if self.kafka:
            self.kafka.stop()
        self.postgres.stop()
        self.postgres.wipe()

    async def fetch(self, service: str, query: str, *arguments: Any) -> list[Any]:
        conn = await asyncpg.connect(self.postgres.url(service))
        try:
            return await conn.fetch(query, *arguments)
        finally:
            await conn.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Clerk:
    """Takes and closes cases in a stream, and remembers what was acknowledged.

    Attributes:
        acknowledged: case id → highest version that the platform has confirmed.
        seed: of the stream; printed by every run.
    """

    stack: Stack
    seed: int
    acknowledged: dict[UUID, int] = field(default_factory=dict)
    stations: dict[UUID, str] = field(default_factory=dict)
    has_finished: bool = False

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._headers = {
            station: bearer(make_actor(ancestors_of(station)[0], Role.WINDOW_CLERK)) for station in STATIONS
        }

    async def work(self, count: int, *, tasks: int = 4) -> None:
        """Takes `count` cases; about half of them are accepted, some of these closed."""
        numbers = iter(range(count))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.stack.ports['api']}", timeout=5) as http:

            async def one_after_another() -> None:
                for number in numbers:
                    await self._one(http, number)

            await asyncio.gather(*(one_after_another() for _ in range(tasks)))
        self.has_finished = True

    async def _one(self, http: httpx.AsyncClient, number: int) -> None:
        station, roll = self.random.choice(STATIONS), self.random.random()
        person = synthetic_person(number)
        applicant = {"kind": "natural_person", "name": person.name, "id_number": person.id_number}
        body = {"division": station, "item_code": "E06", "applicant": applicant}
        answer = await self._until_acknowledged(http, station, "/casework/v1/cases", body, None)
        case_id = UUID(answer.json()["id"])
        self.stations[case_id] = station
        self.acknowledged[case_id] = 1
        for version, (path, step) in enumerate((("acceptance", {}), ("closure", {"result": "granted"})), 2):
            if roll < 0.25 * version:
                break
            url = f"/casework/v1/cases/{case_id}/{path}"
            answer = await self._until_acknowledged(http, station, url, step, answer.headers["ETag"])
            self.acknowledged[case_id] = version

    async def _until_acknowledged(
        self, http: httpx.AsyncClient, station: str, url: str, body: dict[str, Any], etag: str | None
    ) -> httpx.Response:
        headers = {**self._headers[station], "Idempotency-Key": str(uuid4())}
        if etag:
            headers["If-Match"] = etag
        async with asyncio.timeout(90):
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = await http.post(url, json=body, headers=headers)
                    if answer.is_success:
                        return answer
                    assert answer.status_code in {429, 500, 502, 503}, f"{answer.status_code} {answer.text}"
                await asyncio.sleep(0.05)


@pytest.fixture(scope="session")
def fault_seed() -> int:
    """`SEED=n make faults` replays a run."""
    return int(os.environ.get("JICENG_FAULT_SEED") or random.SystemRandom().randrange(10**9))


@pytest.fixture
def make_clerk() -> Callable[[Stack, int], Clerk]:
    """`make_clerk(stack, seed)`: a new stream."""
    return Clerk


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all kills of a module: each round must leave it whole."""
    folder = tmp_path_factory.mktemp("faults")
    reason = KafkaServer.available()
    if reason and os.environ.get("CI"):
        pytest.fail(f"Kafka must run here: {reason}")
    postgres = PostgresServer(folder / "postgres", options=ServerOptions(durable=True))
    postgres.start()
    kafka = None
    if reason is None:
        kafka = KafkaServer(folder / "kafka")
        kafka.start()
    made = Stack(folder, postgres, kafka)
    try:
        prepare(made)
        for name in ROLES:
            made.start(name)
        made.wait_ready()
        yield made
    finally:
        made.stop()


def prepare(stack: Stack) -> None:
    """Databases, keys, and the few offices that the stream needs."""
    write_jwks(stack.folder)
    generate_keyring().save(stack.folder / "keyring.json")
    stack.postgres.create_database("bus")
    for service in SERVICES:
        stack.postgres.create_database(service)
        environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": stack.postgres.url(service)}
        subprocess.run([sys.executable, "-m", service, "migrate"], env=environment, check=True, capture_output=True)
    asyncio.run(_fill_directories(stack))


async def _fill_directories(stack: Stack) -> None:
    codes = sorted({code for station in STATIONS for code in (station, *ancestors_of(station))})
    divisions = [(uuid7(), code, str(level_of(code)), "某地", "standard", 1) for code in codes]
    offices = [(uuid7(), code, str(level_of(code)), "service_station", "某站", "operating", 1) for code in codes]
    for service in SERVICES:
        conn = await asyncpg.connect(stack.postgres.url(service))
        await conn.executemany(
            "INSERT INTO directory_divisions (id, code, level, name, kind, valid_from, version) "
            "VALUES ($1, $2, $3, $4, $5, '2023-06-30', $6)",
            divisions,
        )
        await conn.executemany(
            "INSERT INTO directory_offices (id, division, level, kind, name, status, version) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            offices,
        )
        await conn.close()


@pytest.fixture
async def quiet() -> AsyncIterator[Callable[[Stack, Clerk], Any]]:
    """`await quiet(stack, clerk)`: returns when the province has everything that was acknowledged."""

    async def wait(stack: Stack, clerk: Clerk) -> None:
        deadline = time.monotonic() + QUIET_SECONDS
        while True:
            missing = await _missing(stack, clerk)
            if not missing:
                return
            if time.monotonic() > deadline:
                logs = "\n".join(f"{name}:\n{stack.tail(name)}" for name in stack.processes)
                pytest.fail(f"never arrived: {missing[:5]} … {len(missing)} in all\n{logs}", pytrace=False)
            await asyncio.sleep(0.2)

    yield wait


async def _missing(stack: Stack, clerk: Clerk) -> list[str]:
    try:
        rows = await stack.fetch("sync", "SELECT record_id, version FROM level_states WHERE level = 'province'")
        figures = await stack.fetch(
            "reporting", "SELECT coalesce(sum(value), 0)::int AS n FROM figures "
            "WHERE level = 'province' AND division = $1 AND measure = 'registered'", PROVINCE,
        )  # fmt: skip
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return [type(error).__name__]
    arrived = {row["record_id"]: row["version"] for row in rows}
    late = [str(case_id) for case_id, version in clerk.acknowledged.items() if arrived.get(case_id, 0) < version]
    if not late and figures[0]["n"] < len(arrived):
        late.append(f"the province's figure is {figures[0]['n']} of {len(arrived)}")
    return late
