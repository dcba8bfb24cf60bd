"""Figures of 1,000,000 cases over all divisions of Guangdong: how fresh they are, and how fast they are read.

Freshness: accepted records of 200 cases/s (five levels each) through the embedded bus into the figures; the peer is the
limit of 1 s. Reads: a dashboard's questions over HTTP (one client that shares the cores) and their statements alone,
beside GROUP BY ROLLUP over the cases and beside a recomputation from below, both of one month, in the same run.
"""

import asyncio
import contextlib
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import structlog

from benchmarks.ground import Timer, stack
from common.auth import Role
from common.bus import Message
from common.clock import now
from common.contracts.sync import accepted_topic
from common.db import Database
from common.divisions import Level, parent_of, path_levels
from common.ids import uuid7
from common.process import Context
from common.testing.events import accepted_event, accepted_record, case_state
from common.testing.tokens import ISSUER, bearer, make_actor, write_jwks
from onebox.stack import Stack
from registry.data.reader import read_divisions
from reporting.__main__ import DEFINITION
from reporting.figures.domain import contribution_of_case
from reporting.figures.service import AcceptedVersion, apply_accepted
from reporting.settings import ReportingSettings
from reporting.worker import consumers

CASES, BATCH = 1_000_000, 10_000
RATE, SECONDS, TICK = 200, 20, 0.1
EACH, WARM = 300, 30
FIRST = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
DAYS = 90
ITEMS = [(f"E{number:02d}", duty) for number in range(8) for duty in ("employment_services", "social_insurance")]
AIM_MS = 5
PROVINCE = "440000000000"
_ROLLUP = """
SELECT substr(division, 1, 4), substr(division, 1, 6), substr(division, 1, 9), division, count(*),
    count(*) FILTER (WHERE is_on_time), count(*) FILTER (WHERE NOT is_on_time)
FROM bench_cases WHERE closed_on BETWEEN '2026-02-01' AND '2026-02-28'
GROUP BY ROLLUP (substr(division, 1, 4), substr(division, 1, 6), substr(division, 1, 9), division)
"""
_BARE = """
SELECT * FROM figure_months
WHERE level = 'province' AND division = $1 AND part = 'all' AND item_code = '' AND month BETWEEN $2 AND $3
"""


def run() -> None:
    """Prints freshness, reads, and the peers."""
    with stack(roles={"api": ("reporting", "api")}) as ground:
        villages = asyncio.run(_fill(ground))
        asyncio.run(_freshness(ground, villages))
        ground.start("api")
        ground.wait_ready()
        asyncio.run(_reads(ground, villages))


async def _fill(ground: Stack) -> list[str]:
    """All divisions, and the cases as the province has accepted them; beside them a plain table for the peers."""
    db = Database(ground.postgres.url("reporting"), pool_size=2, statement_timeout_ms=0)
    rows = [row for row in read_divisions() if row.kind != "filler"]
    divisions = [
        (uuid7(), row.code, row.level.value, row.name, row.kind.value, parent_of(row.code), date(2011, 1, 1), None, 1)
        for row in rows
    ]
    columns = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
    async with db.transaction() as conn:
        await conn.execute("TRUNCATE directory_divisions")
        await conn.copy_records_to_table("directory_divisions", records=divisions, columns=columns)
        await conn.execute(
            "CREATE TABLE bench_cases "
            '(division char(12) COLLATE "C", item text, duty text, closed_on date, is_on_time bool)'
        )
    villages = [row.code for row in rows if row.level is Level.VILLAGE]
    dice = random.Random(20261123)
    with Timer() as filling:
        for _ in range(CASES // BATCH):
            await _fill_batch(db, dice, villages)
    async with db.autocommit() as conn:
        await conn.execute("VACUUM ANALYZE")
        sizes = await conn.fetchrow(
            "SELECT (SELECT count(*) FROM figures), (SELECT count(*) FROM figure_months), "
            "pg_total_relation_size('figure_months') / 1048576"
        )
    await db.dispose()
    print(
        f"  {CASES:,} cases over {len(rows):,} divisions in {filling.seconds:.0f} s "
        f"({CASES / filling.seconds:,.0f} cases/s of one level); figures {sizes[0]:,} rows, "
        f"months {sizes[1]:,} rows, {sizes[2]} MB",
        flush=True,
    )
    return villages


async def _fill_batch(db: Database, dice: random.Random, villages: Sequence[str]) -> None:
    versions, plain = [], []
    for _ in range(BATCH):
        item, duty = dice.choice(ITEMS)
        at = FIRST + timedelta(days=dice.randrange(DAYS))
        state = case_state(
            division=dice.choice(villages), item_code=item, duty=duty, version=4, status="closed", registered_at=at,
            accepted_at=at, closed_at=at, closing_result="granted", handling="promised", is_on_time=dice.random() < 0.9,
        )  # fmt: skip
        versions.append(
            AcceptedVersion(Level.PROVINCE, state.id, "casework.case", 4, contribution_of_case(state), at, at)
        )
        plain.append((state.division, item, duty, at.date(), state.is_on_time))
    async with db.transaction() as conn:
        await apply_accepted(conn, versions)
        await conn.copy_records_to_table("bench_cases", records=plain)


async def _freshness(ground: Stack, villages: Sequence[str]) -> None:
    settings = ReportingSettings(
        environment="test",
        database_url=ground.postgres.url("reporting"),
        bus_database_url=ground.postgres.url("bus"),
        database_pool_size=4,
        oidc_issuer=ISSUER,
        oidc_jwks_file=write_jwks(ground.folder),
    )
    context = Context("reporting", settings, DEFINITION.migrations)
    await context.start(with_bus=True)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    delays = await _offer(context, villages)
    stop.set()
    await asyncio.gather(*tasks)
    await context.stop()
    marks = statistics.quantiles(delays, n=100)
    print(
        f"  freshness at {RATE} cases/s × 5 levels: p50 {marks[49] * 1000:.0f} ms, p99 {marks[98] * 1000:.0f} ms; "
        f"p99 / limit {marks[98]:.2f} (aim ≤ 1)",
        flush=True,
    )


async def _offer(context: Context, villages: Sequence[str]) -> list[float]:
    """Seconds from sending a case's five accepted records until all of them are counted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    dice, producer, delays = random.Random(1), context.bus.producer(), list[float]()
    await producer.start()
    pending: dict[Any, float] = {}
    began = time.perf_counter()
    for tick in range(int(SECONDS / TICK)):
        states = [case_state(division=dice.choice(villages), registered_at=now()) for _ in range(int(RATE * TICK))]
        records = [accepted_record(state, level=level) for state in states for level in path_levels(state.division)]
        sent = time.perf_counter()
        await producer.send(
            [Message(accepted_topic(one.accepted_level), *accepted_event(one).to_kafka()) for one in records]
        )
        pending |= {state.id: (sent, len(path_levels(state.division))) for state in states}  # type: ignore[misc]
        await _seen(context, pending, delays)
        with contextlib.suppress(ValueError):
            await asyncio.sleep(max(0.0, began + (tick + 1) * TICK - time.perf_counter()))
    async with asyncio.timeout(60):
        while pending:
            await _seen(context, pending, delays)
            await asyncio.sleep(0.02)
    await producer.stop()
    return delays


async def _seen(context: Context, pending: dict[Any, Any], delays: list[float]) -> None:
    async with context.db.autocommit() as conn:
        rows = await conn.fetch("SELECT record_id FROM accepted_facts WHERE record_id = ANY($1::uuid[])", list(pending))
    counted, at = Counter(row["record_id"] for row in rows), time.perf_counter()
    for record_id, (sent, levels) in [(one, pending[one]) for one in counted]:
        if counted[record_id] == levels:
            del pending[record_id]
            delays.append(at - sent)


async def _reads(ground: Stack, villages: Sequence[str]) -> None:
    dice = random.Random(7)
    places = [dice.choice(villages) for _ in range(EACH + WARM)]
    cut: dict[str, Callable[[str], str]] = {
        "village": lambda code: code, "town": lambda code: code[:9] + "000", "county": lambda code: code[:6] + "000000",
        "city": lambda code: code[:4] + "00000000", "province": lambda _: PROVINCE,
    }  # fmt: skip
    headers = bearer(make_actor(PROVINCE, Role.STATISTICIAN))
    conn = await asyncpg.connect(ground.postgres.url("reporting"))
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{ground.ports['api']}", headers=headers, timeout=30
    ) as http:

        async def get(where: str, **params: str) -> None:
            (await http.get(f"/reporting/v1/{where}", params=params)).raise_for_status()

        for name, place_of in cut.items():
            asked = [place_of(code) for code in places if name != "county" or code[:4] not in {"4419", "4420"}]
            await _both(f"one division, {name}", asked, get, conn)
        took = await _timed(
            ["440300000000", "441600000000"] * (EACH // 2),
            lambda code: get("statistics", division=code, group_by="child", **MONTH),
        )
        _tell("children of a city", took)
        took = await _timed(
            ["town"] * 20, lambda level: get("statistics/map", of_level=level, measure="on-time", **MONTH), warm=3
        )
        _tell("map of all towns", took, aim=False)
    for what, sql in (("GROUP BY ROLLUP over the cases", _ROLLUP), ("recomputation from below", _BELOW)):
        took = await _timed([sql] * 5, conn.fetch, warm=1)
        print(f"  peer, {what}, one month: {statistics.median(took):,.0f} ms", flush=True)
    await conn.close()


MONTH = {"from": "2026-02", "to": "2026-02"}
_BELOW = """
WITH leaves AS (
    SELECT division, count(*) closed, count(*) FILTER (WHERE is_on_time) on_time
    FROM bench_cases WHERE closed_on BETWEEN '2026-02-01' AND '2026-02-28' GROUP BY division)
SELECT above.code, sum(closed), sum(on_time)
FROM leaves, LATERAL (VALUES (division), (substr(division, 1, 9) || '000'), (substr(division, 1, 6) || '000000'),
    (substr(division, 1, 4) || '00000000'), (substr(division, 1, 2) || '0000000000')) above (code)
GROUP BY above.code
"""


async def _both(what: str, asked: Sequence[str], get: Callable[..., Awaitable[None]], conn: asyncpg.Connection) -> None:
    over_http = await _timed(asked, lambda code: get("statistics", division=code, level="province", **MONTH))
    month = date(2026, 2, 1)
    bare = await _timed(asked, lambda code: conn.fetch(_BARE, code, month, month))
    _tell(what, over_http, bare)


async def _timed(asked: Sequence[str], read: Callable[[str], Awaitable[object]], warm: int = WARM) -> list[float]:
    """Milliseconds of each read after the first ones."""
    took = []
    for number, one in enumerate(asked):
        began = time.perf_counter()
        await read(one)
        if number >= warm:
            took.append((time.perf_counter() - began) * 1000)
    return took


def _tell(what: str, ours: Sequence[float], bare: Sequence[float] = (), *, aim: bool = True) -> None:
    marks = statistics.quantiles(ours, n=100)
    beside = f"; bare p99 {statistics.quantiles(bare, n=100)[98]:.1f} ms" if bare else ""
    limit = f"; p99 / limit {marks[98] / AIM_MS:.2f} (aim ≤ 1)" if aim else ""
    print(f"  {what}: API p50 {marks[49]:.1f} ms, p99 {marks[98]:.1f} ms{beside}{limit}", flush=True)
