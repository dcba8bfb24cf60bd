"""The platform as separate processes, as it runs beyond one machine: for fault tests and benchmarks.

Every role is its own operating-system process over one PostgreSQL and one bus; the registry is not among them, a few
divisions and offices are written into the copies of the others.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from common.crypto import generate_keyring
from common.divisions import ancestors_of, level_of
from common.ids import uuid7
from common.testing.tokens import AUDIENCE, ISSUER, write_jwks
from devkafka.server import KafkaServer
from guard import GuardedProcess
from onebox.postgres import PostgresServer

SERVICES = ("casework", "sync", "reporting")
READY_SECONDS = 60.0
STOP_SECONDS = 30.0

SEPARATE_ROLES: Mapping[str, tuple[str, str]] = {
    "api": ("casework", "api"),
    "relay": ("casework", "relay"),
    "sync-relay": ("sync", "relay"),
    "tier": ("sync", "worker"),
    "figures": ("reporting", "worker"),
    "reporting-relay": ("reporting", "relay"),
}
"""Name of a process → (service, role)."""


class Stack:
    """PostgreSQL, a bus and one process per role.

    Args:
        folder: for keys and logs.
        postgres: a running server; `stop` ends it.
        kafka: a running broker, ended by `stop`; None for the embedded bus.
        roles: the processes by name.
    """

    def __init__(
        self,
        folder: Path,
        postgres: PostgresServer,
        kafka: KafkaServer | None,
        roles: Mapping[str, tuple[str, str]] = SEPARATE_ROLES,
    ) -> None:
        self.folder = folder
        self.postgres = postgres
        self.kafka = kafka
        self.roles = roles
        self.processes: dict[str, GuardedProcess] = {}
        self.ports = {name: _free_port() for name in roles}

    def prepare(self, stations: Iterable[str]) -> None:
        """Keys, databases, and the divisions and offices of some stations with all above them."""
        write_jwks(self.folder)
        generate_keyring().save(self.folder / "keyring.json")
        self.postgres.create_database("bus")
        for service in SERVICES:
            self.postgres.create_database(service)
            environment = {**os.environ, "ENVIRONMENT": "test", "DATABASE_URL": self.postgres.url(service)}
            subprocess.run([sys.executable, "-m", service, "migrate"], env=environment, check=True, capture_output=True)
        asyncio.run(self._fill_directories(sorted({code for one in stations for code in (one, *ancestors_of(one))})))

    async def _fill_directories(self, codes: list[str]) -> None:
        divisions = [(uuid7(), code, str(level_of(code)), "某地", "standard") for code in codes]
        offices = [(uuid7(), code, str(level_of(code)), "service_station", "某站", "operating") for code in codes]
        for service in SERVICES:
            conn = await asyncpg.connect(self.postgres.url(service))
            await conn.executemany(
                "INSERT INTO directory_divisions (id, code, level, name, kind, valid_from, version) "
                "VALUES ($1, $2, $3, $4, $5, '2023-06-30', 1)",
                divisions,
            )
            await conn.executemany(
                "INSERT INTO directory_offices (id, division, level, kind, name, status, version) "
                "VALUES ($1, $2, $3, $4, $5, $6, 1)",
                offices,
            )
            await conn.close()

    def environment(self, name: str) -> dict[str, str]:
        """What one process is told."""
        values = {
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.postgres.url(self.roles[name][0]),
            "BUS": "kafka" if self.kafka else "embedded",
            "BUS_DATABASE_URL": self.postgres.url("bus"),
            "BUS_PARTITIONS": "3",
            "OIDC_ISSUER": ISSUER,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_FILE": str(self.folder / "jwks.json"),
            "CRYPTO_KEYS_FILE": str(self.folder / "keyring.json"),
            "UPLOADS_DIR": str(self.folder / "uploads"),
            "LOG_LEVEL": "WARNING",
            "HTTP_PORT": str(self.ports[name]),
            "METRICS_PORT": str(self.ports[name]),
        }
        if self.kafka:
            values["KAFKA_BOOTSTRAP_SERVERS"] = self.kafka.bootstrap_servers
        return {**os.environ, **values}

    def start(self, *names: str) -> None:
        """Starts processes, all of them by default; a port stays the same over restarts."""
        for name in names or self.roles:
            descriptor = os.open(self.folder / f"{name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                process = GuardedProcess(
                    [sys.executable, "-m", *self.roles[name]],
                    log_fd=descriptor,
                    death_signal=signal.SIGKILL,
                    environment=self.environment(name),
                )
                process.start()
            finally:
                os.close(descriptor)
            self.processes[name] = process

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash, to a process, to `postgres` or to the `broker`."""
        if name == "postgres":
            os.kill(self.postgres.pid, signal.SIGKILL)
        elif name == "broker" and self.kafka is not None:
            self.kafka.kill()
        else:
            self.processes[name].send_signal(signal.SIGKILL)
            self.processes[name].wait(STOP_SECONDS)

    def revive(self, name: str) -> None:
        """Starts again what was killed."""
        if name == "postgres":
            self.postgres.stop()
            self.postgres.start()
        elif name == "broker" and self.kafka is not None:
            self.kafka.start()
        else:
            self.start(name)

    def wait_ready(self) -> None:
        """Returns when every process says that it is ready; one that ended is started again, as a cluster does it.

        Raises:
            TimeoutError: one does not become ready; the text holds the end of its log.
        """
        deadline = time.monotonic() + READY_SECONDS
        for name in self.roles:
            while not self._is_ready(name):
                if self.processes[name].has_ended:
                    self.start(name)
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{name} is not ready:\n{self.tail(name)}")
                time.sleep(0.1)

    def _is_ready(self, name: str) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[name]}/readyz", timeout=2).is_success
        except httpx.TransportError:
            return False

    def tail(self, name: str) -> str:
        """The end of a process's log."""
        log = self.folder / f"{name}.log"
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """Ends everything, the servers included."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            if not process.wait(STOP_SECONDS):
                process.send_signal(signal.SIGKILL)
        if self.kafka:
            self.kafka.stop()
        self.postgres.stop()
        self.postgres.wipe()

    async def fetch(self, service: str, query: str, *arguments: Any) -> list[Any]:
        """Rows of a service's database."""
        conn = await asyncpg.connect(self.postgres.url(service))
        try:
            return list(await conn.fetch(query, *arguments))
        finally:
            await conn.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
