"""What every role of one process shares: settings, pool, bus, unit of work, token verifier."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fastapi import FastAPI

from common.auth import TokenVerifier
from common.bus import Bus, TlsFiles, TopicSpec, open_bus
from common.contracts.topics import TOPICS
from common.db import Database
from common.errors import Unavailable
from common.http import attach
from common.process.migrations import is_at_head
from common.settings import ServiceSettings
from common.uow import RelayWake, UnitOfWorkFactory


class DatabaseNotMigrated(Unavailable):
    """The database is older than this code."""

    code = "service.database-not-migrated"
    title = "数据库结构尚未升级"


class Context:
    """Made once per process; `start` and `stop` bracket everything that uses it.

    Attributes:
        settings: of the service.
        db: the pool.
        bus: started by `start(with_bus=True)`; the API role needs none.
        wake: tells the relay of this process that there is something to send.
        uow: opens units of work.
        verifier: checks bearer tokens.
    """

    def __init__(self, name: str, settings: ServiceSettings, migrations: Path) -> None:
        self.name = name
        self.settings = settings
        self.migrations = migrations
        self.db = Database(
            settings.database_url.get_secret_value(),
            pool_size=settings.database_pool_size,
            application_name=name,
            statement_timeout_ms=settings.database_statement_timeout_ms,
            lock_timeout_ms=settings.database_lock_timeout_ms,
        )
        self.bus: Bus = open_bus(BusAddress.of(settings), tls=tls_files(settings))
        self.wake = RelayWake()
        self.uow = UnitOfWorkFactory(self.db, self.wake)
        self.verifier = TokenVerifier(settings)
        self._has_bus = False

    async def start(self, *, with_bus: bool) -> None:
        """Starts the bus client where a role needs it, and makes sure that the topics are there."""
        if with_bus:
            self._has_bus = True
            await self.bus.start()
            await self.bus.ensure_topics(topic_specs(self.settings.bus_partitions))

    async def stop(self) -> None:
        """Closes everything; bounded, also when database or bus are down."""
        if self._has_bus:
            await self.bus.stop()
        await self.db.dispose()

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """The lifespan of the service's application: its pool, its units of work, its readiness."""
        attach(app, db=self.db, units=self.uow, readiness={"database": self.check_ready})
        yield

    async def check_ready(self) -> None:
        """Raises Unavailable while the database does not answer or is not at this code's revision."""
        await self.db.ping()
        if not await is_at_head(self.db, self.migrations):
            raise DatabaseNotMigrated


def topic_specs(partitions: int) -> list[TopicSpec]:
    """Every topic of the platform, with the deployment's number of partitions where the topic has none of its own."""
    return [TopicSpec(topic.name, topic.partitions or partitions, topic.retention_hours) for topic in TOPICS]


@dataclass(frozen=True, slots=True)
class BusAddress:
    """The bus as open_bus wants to hear of it: the secret address opened here, at the last moment."""

    bus: Literal["embedded", "kafka"]
    bus_database_url: str | None
    kafka_bootstrap_servers: str | None
    bus_partitions: int

    @classmethod
    def of(cls, settings: ServiceSettings) -> "BusAddress":
        """Out of a service's settings."""
        url = settings.bus_database_url
        return cls(
            bus="kafka" if settings.bus == "kafka" else "embedded",
            bus_database_url=None if url is None else url.get_secret_value(),
            kafka_bootstrap_servers=settings.kafka_bootstrap_servers,
            bus_partitions=settings.bus_partitions,
        )


def tls_files(settings: ServiceSettings) -> TlsFiles | None:
    """How the bus is spoken to: mutual TLS where an authority is named."""
    if settings.kafka_ca_file is None:
        return None
    return TlsFiles(settings.kafka_ca_file, settings.kafka_certificate_file, settings.kafka_key_file)
