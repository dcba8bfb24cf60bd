"""The whole platform on one machine: what `make run` prepares, starts and ends."""

import asyncio
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import uvicorn

from common.crypto import generate_keyring
from common.settings import DEV_ISSUER
from onebox.display import Display
from onebox.gateway import create_gateway
from onebox.issuer import AUDIENCE, DevelopmentIssuer
from onebox.places import DATABASES, SERVICES, Places, write_private
from onebox.postgres import PostgresServer, ServerOptions, check_chinese_trigram
from onebox.services import ServiceFailed, Services

if TYPE_CHECKING:
    from devkafka.server import KafkaServer

_PREPARE_SECONDS = 600
_CATCH_UP_SECONDS = 300
_POOL_SIZES = {"sync": 10}
"""Connections of a service's one process where 4 are too few: sync has 15 consumers, which take turns."""
_MODEST = {
    "registry": {"READINESS_WAITING_RATE": "60"},
    "sync": {"SYNC_BATCH_SIZE": "500"},
    "reporting": {"REPORTING_BATCH_SIZE": "500"},
}
"""One machine is for trying things: 28,250 offices need not stand in front of the first case, nor fill the memory."""


class Platform:
    """Everything between `prepare` and `stop`.

    Args:
        places: the data folder.
        bus: "embedded" or "kafka".
        display: where progress goes.
    """

    def __init__(self, places: Places, *, bus: str, display: Display) -> None:
        self.places = places
        self.bus = bus
        self._display = display
        self.postgres = PostgresServer(places.postgres, options=ServerOptions(shared_buffers_mb=20))
        self.issuer = DevelopmentIssuer(places)
        self.services: Services | None = None
        self._kafka: KafkaServer | None = None
        self._gateway: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = 0

    def prepare(self) -> None:
        """PostgreSQL, keys, databases, migrations, real data; quick when all of it is there already."""
        state = self.places.read_state()
        with self._display.step("PostgreSQL 18") as step:
            self.postgres.start()
            step.note = str(self.places.postgres)
        if not self.places.keyring.exists():
            generate_keyring().save(self.places.keyring)
        if not self.places.pseudonym_key.exists():
            write_private(self.places.pseudonym_key, secrets.token_urlsafe(48))
        if state.get("prepared") != _fingerprint():
            self._prepare_databases()
            self.places.write_state({**state, "prepared": _fingerprint()})
        if self.bus == "kafka":
            self._start_kafka()

    def _prepare_databases(self) -> None:
        with self._display.step("五个数据库 (databases)"):
            for name in DATABASES:
                if not self.postgres.has_database(name):
                    self.postgres.create_database(name)
            check_chinese_trigram(self.postgres, "registry")
        for name in SERVICES:
            with self._display.step(f"{name}: migrations"):
                self._run(name, "migrate")
        with self._display.step("广东区划与机构 (real divisions and offices)") as step:
            step.note = self._run("registry", "seed").strip().replace("\n", "; ")

    def _run(self, service: str, command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", service, command],
            env={**os.environ, **self.environment(service)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PREPARE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise ServiceFailed(f"python -m {service} {command} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def _start_kafka(self) -> None:
        from devkafka.server import KafkaServer  # noqa: PLC0415 - only BUS=kafka needs it, and Java

        with self._display.step("Apache Kafka (KRaft, one node)") as step:
            self._kafka = KafkaServer(self.places.kafka)
            self._kafka.start()
            step.note = self._kafka.bootstrap_servers

    def environment(self, service: str) -> dict[str, str]:
        """What one service is told."""
        values = {
            "ENVIRONMENT": "development",
            "DATABASE_URL": self.postgres.url(service),
            "DATABASE_POOL_SIZE": str(_POOL_SIZES.get(service, 4)),
            "BUS": self.bus,
            "BUS_DATABASE_URL": self.postgres.url("bus"),
            "BUS_PARTITIONS": "4",
            "OIDC_ISSUER": DEV_ISSUER,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_FILE": str(self.places.jwks),
            "CRYPTO_KEYS_FILE": str(self.places.keyring),
            "CORS_ORIGINS": "*",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
        }
        values |= _MODEST.get(service, {})
        if service == "casework":
            values["UPLOADS_DIR"] = str(self.places.uploads / "files")
            values["UPLOADS_SPOOL_DIR"] = str(self.places.uploads / "incoming")
            values["HTTP_TRUSTED_PROXIES"] = "1"
        if service == "registry":
            values["PERSON_PSEUDONYM_KEY_FILE"] = str(self.places.pseudonym_key)
        if self._kafka is not None:
            values["KAFKA_BOOTSTRAP_SERVERS"] = self._kafka.bootstrap_servers
        return values

    async def start(self, wanted_port: int) -> None:
        """Services and gateway; returns when every service is ready and knows the registry's divisions and offices.

        Raises:
            ServiceFailed: a service did not become ready.
        """
        with self._display.step("四个服务 (registry, casework, sync, reporting)"):
            self.services = Services(self.places, {name: self.environment(name) for name in SERVICES})
            self.services.start()
            await self.services.wait_ready()
        await self._wait_for_directories()
        with self._display.step("网关 (gateway)") as step:
            await self._open_gateway(wanted_port)
            step.note = f"http://127.0.0.1:{self.port}/"
            if self.port != wanted_port:
                step.note += f" (port {wanted_port} is taken)"

    async def _wait_for_directories(self) -> None:
        copy = "SELECT (SELECT count(*) FROM directory_divisions) + (SELECT count(*) FROM directory_offices)"
        with self._display.step("各服务收齐区划与机构 (reference data through the bus)") as step:
            wanted = await self._count("registry", copy.replace("directory_", ""))
            deadline = time.monotonic() + _CATCH_UP_SECONDS
            waiting = [name for name in SERVICES if name != "registry"]
            while True:
                known = {name: await self._count(name, copy) for name in waiting}
                step.report(min(known.values()), wanted)
                step.note = f"{wanted} records"
                waiting = [name for name, count in known.items() if count < wanted]
                if not waiting:
                    return
                if time.monotonic() > deadline:
                    raise ServiceFailed(f"reference data did not arrive: {known} of {wanted}")
                await asyncio.sleep(0.5)

    async def _count(self, database: str, query: str) -> int:
        conn = await asyncpg.connect(self.postgres.url(database))
        try:
            return int(await conn.fetchval(query))
        finally:
            await conn.close()

    async def _open_gateway(self, wanted_port: int) -> None:
        assert self.services is not None  # noqa: S101 - start() made them
        listener = listen(wanted_port)
        self.port = listener.getsockname()[1]
        app = create_gateway(self.services.sockets, self.issuer)
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, date_header=False)
        self._gateway = _Gateway(config)
        self._serving = asyncio.create_task(self._gateway.serve(sockets=[listener]))
        while not self._gateway.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Ends everything in the opposite order; bounded."""
        if self._gateway is not None and self._serving is not None:
            self._gateway.should_exit = True
            await self._serving
        if self.services is not None:
            await asyncio.to_thread(self.services.stop)
        if self._kafka is not None:
            await asyncio.to_thread(self._kafka.stop)
        await asyncio.to_thread(self.postgres.stop)


class _Gateway(uvicorn.Server):
    """uvicorn without its own signal handlers: Ctrl-C ends the whole platform in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The platform has its own."""
        yield


def listen(wanted: int) -> socket.socket:
    """A loopback listener on the wanted port, or on a free one where it is taken."""
    for port in (wanted, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            continue
        return listener
    raise OSError("no free port on 127.0.0.1")


def _fingerprint() -> str:
    """Changes when migrations or seed data change: then databases are prepared again."""
    digest = hashlib.sha256()
    for service in SERVICES:
        folder = Path(str(files(service)))
        for path in sorted([*folder.glob("migrations/versions/*.py"), *folder.glob("data/*.gz")]):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def wipe(places: Places) -> None:
    """Removes the data folder; refuses while the platform runs.

    Raises:
        ServerAlreadyRunning: it runs.
    """
    PostgresServer(places.postgres).wipe()
    if places.kafka.exists():
        from devkafka.server import KafkaServer  # noqa: PLC0415

        KafkaServer(places.kafka).wipe()
    shutil.rmtree(places.root, ignore_errors=True)
