"""What the benchmarks of dashboards share: Guangdong's tree, a stream at a rate, and timed reads beside the limit."""

import asyncio
import statistics
import time
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import asyncpg
import structlog

from benchmarks.ground import timed
from common.bus import Message
from common.db import Connection, Database
from common.divisions import parent_of
from common.ids import uuid7
from common.process import Context
from common.testing.tokens import ISSUER, write_jwks
from onebox.stack import Stack
from registry.data.reader import read_divisions
from registry.data.rows import DivisionRow
from reporting.__main__ import DEFINITION
from reporting.settings import ReportingSettings
from reporting.worker import consumers

PROVINCE = "440000000000"
RATE, TICK = 200, 0.1
EACH = 2000
AIM_MS, LIMIT_SECONDS = 5, 1
Sent = tuple[UUID, Sequence[Message]]
"""A record and its messages, one of each level that accepts it."""


async def load_tree(db: Database) -> list[DivisionRow]:
    """Puts every division of Guangdong in place of those that are there; returns them."""
    rows = [row for row in read_divisions() if row.kind != "filler"]
    tree = [
        (uuid7(), row.code, row.level.value, row.name, row.kind.value, parent_of(row.code), date(2011, 1, 1), None, 1)
        for row in rows
    ]
    columns = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
    async with db.transaction() as conn:
        await conn.execute("TRUNCATE directory_divisions")
        await conn.copy_records_to_table("directory_divisions", records=tree, columns=columns)
    return rows


async def tell_freshness(
    ground: Stack, ticks: Iterable[Sequence[Sent]], *, seen: str, unit: str, pool_size: int = 6
) -> None:
    """Sends `RATE` records a second through the bus to reporting's consumers; prints how long until they count.

    Args:
        ticks: what is sent every `TICK` seconds.
        seen: SQL giving record_id and count of the levels that hold each of the ids `$1`.
        unit: of the records, in the plural.
    """
    settings = ReportingSettings(
        environment="test",
        database_url=ground.postgres.url("reporting"),
        bus_database_url=ground.postgres.url("bus"),
        database_pool_size=pool_size,
        oidc_issuer=ISSUER,
        oidc_jwks_file=write_jwks(ground.folder),
    )
    context = Context("reporting", settings, DEFINITION.migrations)
    await context.start(with_bus=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    delays = await _offer(context, ticks, seen)
    stop.set()
    await asyncio.gather(*tasks)
    await context.stop()
    marks = statistics.quantiles(delays, n=100)
    print(
        f"  freshness at {RATE} {unit}/s × their levels: p50 {marks[49] * 1000:.0f} ms, "
        f"p99 {marks[98] * 1000:.0f} ms; p99 / limit {marks[98] / LIMIT_SECONDS:.2f} (aim ≤ 1)",
        flush=True,
    )


async def _offer(context: Context, ticks: Iterable[Sequence[Sent]], seen: str) -> list[float]:
    """Seconds from sending the messages of a record until each of its levels counts it."""
    producer, delays = context.bus.producer(), list[float]()
    await producer.start()
    pending: dict[UUID, tuple[float, int]] = {}
    began = time.perf_counter()
    for number, records in enumerate(ticks, start=1):
        sent = time.perf_counter()
        await producer.send([message for _, messages in records for message in messages])
        pending |= {record_id: (sent, len(messages)) for record_id, messages in records}
        await _note(context, pending, delays, seen)
        await asyncio.sleep(max(0.0, began + number * TICK - time.perf_counter()))
    async with asyncio.timeout(60):
        while pending:
            await _note(context, pending, delays, seen)
            await asyncio.sleep(0.02)
    await producer.stop()
    return delays


async def _note(context: Context, pending: dict[UUID, tuple[float, int]], delays: list[float], seen: str) -> None:
    async with context.db.autocommit() as conn:
        rows = await conn.fetch(seen, list(pending))
    at = time.perf_counter()
    for row in rows:
        sent, levels = pending[row["record_id"]]
        if row["count"] == levels:
            del pending[row["record_id"]]
            delays.append(at - sent)


def tell_reads(what: str, ours: Sequence[float], bare: Sequence[float] = (), *, aim: bool = True) -> None:
    """One line: p50 and p99 of ours, of the bare statement, and the limit."""
    marks = statistics.quantiles(ours, n=100)
    beside = f"; bare p99 {statistics.quantiles(bare, n=100)[98]:.1f} ms" if bare else ""
    limit = f"; p99 / limit {marks[98] / AIM_MS:.2f} (aim ≤ 1)" if aim else ""
    print(f"  {what}: p50 {marks[49]:.1f} ms, p99 {marks[98]:.1f} ms{beside}{limit}", flush=True)


async def tell_peers(conn: Connection | asyncpg.Connection, unit: str, peers: dict[str, str]) -> None:
    """How long statements take that reckon everything anew; `peers` by what they are."""
    for what, sql in peers.items():
        took = await timed([sql] * 5, conn.fetch, warm=1)
        print(f"  peer, {what}, one {unit}: {statistics.median(took):,.0f} ms", flush=True)
