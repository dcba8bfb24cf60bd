"""Charter: outbox → bus. One active relay per service; everything committed is sent at least once, in order per key.

Reads frozen windows in id order, sends record batches, checkpoints. Its own checkpoint may be lost (it commits
asynchronously): rows are then sent again, and every reader has a version guard. Source: ADR 0002.
"""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from common.bus import Bus, BusUnavailable, Message, Producer
from common.db import Connection, Database, FrozenWindow, Window
from common.errors import Unavailable
from common.events import Event
from common.outbox import OUTBOX_COLUMNS, ensure_partitions
from common.telemetry import metrics
from common.uow import RelayWake

__all__ = ["Relay", "rewind"]

_COLUMNS = tuple('"time"' if name == "time" else name for name in OUTBOX_COLUMNS)
_WINDOW = FrozenWindow(table="outbox", columns=_COLUMNS, state_table="relay_state")
_LOCK = 0x4A43_0001
_SAVE_EVERY_SECONDS = 1.0
_HOUSEKEEPING_SECONDS = 10.0
_STANDBY_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Relay:
    """Sends one service's outbox.

    Args:
        db: the service's database.
        bus: where to.
        service: the service's name, for metrics.
        wake: set by units of work of the same process; without it the relay polls.
        batch: rows read and sent at once.
        idle_seconds: (shortest, longest) pause between looks when there is nothing to send.
    """

    def __init__(
        self,
        db: Database,
        bus: Bus,
        *,
        service: str,
        wake: RelayWake | None = None,
        batch: int = 2_000,
        idle_seconds: tuple[float, float] = (0.005, 0.05),
    ) -> None:
        self._db = db
        self._bus = bus
        self._service = service
        self._wake = wake or RelayWake()
        self._batch = batch
        self._idle = idle_seconds
        self.is_active = False

    async def run(self, stop: asyncio.Event) -> None:
        """Relays until told to stop; a database or bus that does not answer is tried again."""
        while not stop.is_set():
            try:
                await self._run_once(stop)
            except (Unavailable, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                metrics.RELAY_FAILURES.labels(self._service).inc()
                log.warning("relay.waits", error=type(error).__name__)
            except Exception:
                metrics.RELAY_FAILURES.labels(self._service).inc()
                log.exception("relay.failed")
            finally:
                self.is_active = False
                metrics.RELAY_ACTIVE.labels(self._service).set(0)
            await _pause(stop, _STANDBY_SECONDS)

    async def _run_once(self, stop: asyncio.Event) -> None:
        conn = await self._db.dedicated()
        producer: Producer | None = None
        try:
            if not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                return
            await conn.execute("SET synchronous_commit = off")
            producer = self._bus.producer()
            await producer.start()
            self.is_active = True
            metrics.RELAY_ACTIVE.labels(self._service).set(1)
            await _Tenure(conn, producer, self._service, self._batch).run(stop, self._wake, self._idle)
        finally:
            if producer is not None:
                await producer.stop()
            await _close(conn)


class _Tenure:
    """One tenure of the lock."""

    def __init__(self, conn: Connection, producer: Producer, service: str, batch: int) -> None:
        self._conn = conn
        self._producer = producer
        self._service = service
        self._batch = batch
        self._saved_at = 0.0
        self._kept_at = float("-inf")

    async def run(self, stop: asyncio.Event, wake: RelayWake, idle: tuple[float, float]) -> None:
        window = await _WINDOW.load(self._conn)
        shortest, longest = idle
        pause = shortest
        try:
            while not stop.is_set():
                await self._keep_house(window)
                window, sent = await self.drain(window)
                if sent:
                    pause = shortest
                    continue
                if not await wake.wait(pause):
                    pause = min(pause * 2, longest)
        finally:
            if not self._conn.is_closed():
                await _WINDOW.save(self._conn, window)

    async def drain(self, window: Window) -> tuple[Window, int]:
        """Freezes the next window and sends it whole; returns where it stands and how many rows it sent."""
        window = await _WINDOW.freeze(self._conn, window)
        sent = 0
        while rows := await _WINDOW.page(self._conn, window, self._batch):
            await self._send(rows)
            sent += len(rows)
            window = replace(window, last_id=rows[-1]["id"])
            await self._save(window)
            if len(rows) < self._batch:
                break
        window = _WINDOW.close(window)
        if sent:
            await self._save(window)
        return window, sent

    async def _send(self, rows: list[Any]) -> None:
        messages = [message_of(row) for row in rows]
        with metrics.RELAY_BATCH_SECONDS.labels(self._service).time():
            await self._producer.send(messages)
        for topic, count in Counter(message.topic for message in messages).items():
            metrics.RELAY_EVENTS.labels(self._service, topic).inc(count)

    async def _save(self, window: Window) -> None:
        """Stores at most one checkpoint a second on busy streams; the last one is stored on the way out."""
        at = asyncio.get_running_loop().time()
        if at - self._saved_at >= _SAVE_EVERY_SECONDS:
            await _WINDOW.save(self._conn, window)
            self._saved_at = at

    async def _keep_house(self, window: Window) -> None:
        """Now and then: partitions ahead of the writers, and how much waits."""
        at = asyncio.get_running_loop().time()
        if at - self._kept_at < _HOUSEKEEPING_SECONDS:
            return
        self._kept_at = at
        await ensure_partitions(self._conn)
        waiting = await self._conn.fetchrow(
            'SELECT count(*) AS depth, coalesce(extract(epoch FROM clock_timestamp() - min("time")), 0) AS age '
            "FROM outbox WHERE xid >= $1::text::xid8 AND id > $2",
            str(window.lo),
            window.last_id,
        )
        metrics.OUTBOX_DEPTH.labels(self._service).set(waiting["depth"])
        metrics.OUTBOX_AGE_SECONDS.labels(self._service).set(float(waiting["age"]))


def message_of(row: Any) -> Message:
    """The bus message of one outbox row."""
    event = Event(
        id=str(row["event_id"]),
        type=row["type"],
        source=row["source"],
        subject=row["subject"],
        time=row["time"],
        division=row["division"],
        level=row["level"],
        recordversion=row["recordversion"],
        partitionkey=row["partitionkey"],
        data=row["data"].encode(),
        traceparent=row["traceparent"],
    )
    key, value, headers = event.to_kafka()
    return Message(topic=row["topic"], key=key, value=value, headers=headers)


async def rewind(conn: Connection, *, to_event: UUID | None = None) -> None:
    """Makes the relay send again: everything, or everything that was written from one event on.

    For a bus that was wiped or lost its log; readers drop what they already have by version.
    """
    lo = "0"
    if to_event is not None:
        lo = await conn.fetchval("SELECT xid::text FROM outbox WHERE event_id = $1", to_event) or "0"
    await conn.execute("UPDATE relay_state SET lo = $1::text::xid8, hi = NULL, last_id = 0", lo)


async def _close(conn: Connection) -> None:
    try:
        await conn.close(timeout=2)
    except (TimeoutError, OSError, BusUnavailable):
        conn.terminate()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
