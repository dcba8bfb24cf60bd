"""A database with every table that common brings, and an embedded bus beside it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from common.audit import AUDIT_DDL
from common.bus import Bus, TopicSpec, open_bus
from common.consumer import DEAD_LETTERS_DDL
from common.contracts.topics import TOPICS
from common.db import Database
from common.directory import DIRECTORY_DDL, HEIRS_DDL, REACH_DDL
from common.inbox import INBOX_DDL
from common.outbox import OUTBOX_DDL

ALL_DDL = (*OUTBOX_DDL, *AUDIT_DDL, *INBOX_DDL, *DEAD_LETTERS_DDL, *DIRECTORY_DDL, *HEIRS_DDL, *REACH_DDL)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with the shared tables and one business table `things(id, version)`."""
    conn = await asyncpg.connect(database_url)
    for statement in ALL_DDL:
        await conn.execute(statement)
    await conn.execute("CREATE TABLE things (id text PRIMARY KEY, version integer NOT NULL)")
    await conn.close()
    database = Database(database_url, pool_size=4, application_name="test")
    yield database
    await database.dispose()


@dataclass(frozen=True)
class EmbeddedSettings:
    """What open_bus asks for."""

    bus_database_url: str
    bus: str = "embedded"
    kafka_bootstrap_servers: str | None = None
    bus_partitions: int = 3


@pytest.fixture
async def bus(clone_database: Callable[..., str]) -> AsyncIterator[Bus]:
    """An embedded bus of this test alone, with every topic of the platform."""
    opened = open_bus(EmbeddedSettings(clone_database()))
    await opened.start()
    await opened.ensure_topics(
        [TopicSpec(topic.name, topic.partitions or 3, topic.retention_hours) for topic in TOPICS]
    )
    yield opened
    await opened.stop()
