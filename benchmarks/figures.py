"""Figures of 1,000,000 cases over all divisions of Guangdong: how fresh they are, and how fast they are read.

Freshness: accepted records of 200 cases/s (five levels each) through the embedded bus into the figures; the peer is the
limit of 1 s. Reads: a dashboard's questions over HTTP (one client that shares the cores) and their statements alone,
beside GROUP BY ROLLUP over the cases and beside a recomputation from below, both of one month, in the same run.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import asyncpg
import uvloop

from benchmarks.dashboards import (
    EACH,
    PROVINCE,
    RATE,
    TICK,
    Sent,
    load_tree,
    tell_freshness,
    tell_peers,
    tell_reads,
)
from benchmarks.ground import WARM, Timer, stack, timed
from benchmarks.wire import wire
from common.auth import Role
from common.bus import Message
from common.clock import now
from common.contracts.sync import accepted_topic
from common.db import Database
from common.divisions import Level, path_levels
from common.testing.events import accepted_event, accepted_record, case_state
from common.testing.tokens import bearer, make_actor
from onebox.stack import Stack
from reporting.figures.domain import contribution_of_case
from reporting.figures.service import AcceptedVersion, apply_accepted
from reporting.levels.domain import Place
from reporting.statistics.domain import Grouping, Months
from reporting.statistics.service import StatisticsQuestion, get_statistics

CASES, BATCH = 1_000_000, 10_000
SECONDS = 20
FIRST = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
DAYS = 90
ITEMS = [(f"E{number:02d}", duty) for number in range(8) for duty in ("employment_services", "social_insurance")]
_SEEN = "SELECT record_id, count(*) FROM accepted_facts WHERE record_id = ANY($1::uuid[]) GROUP BY 1"
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
        uvloop.run(tell_freshness(ground, _ticks(villages), seen=_SEEN, unit="cases", pool_size=4))
        ground.start("api")
        ground.wait_ready()
        uvloop.run(_reads(ground, villages))


async def _fill(ground: Stack) -> list[str]:
    """All divisions, and the cases as the province has accepted them; beside them a plain table for the peers."""
    db = Database(ground.postgres.url("reporting"), pool_size=2, statement_timeout_ms=0)
    rows = await load_tree(db)
    async with db.transaction() as conn:
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


def _ticks(villages: Sequence[str]) -> Iterator[list[Sent]]:
    """New cases, accepted by all their levels at once."""
    dice = random.Random(1)
    for _ in range(int(SECONDS / TICK)):
        states = [case_state(division=dice.choice(villages), registered_at=now()) for _ in range(int(RATE * TICK))]
        yield [
            (state.id, [
                Message(accepted_topic(level), *accepted_event(accepted_record(state, level=level)).to_kafka())
                for level in path_levels(state.division)
            ])
            for state in states
        ]  # fmt: skip


async def _reads(ground: Stack, villages: Sequence[str]) -> None:
    dice = random.Random(7)
    places = [dice.choice(villages) for _ in range(EACH + WARM)]
    cut: dict[str, Callable[[str], str]] = {
        "village": lambda code: code, "town": lambda code: code[:9] + "000", "county": lambda code: code[:6] + "000000",
        "city": lambda code: code[:4] + "00000000", "province": lambda _: PROVINCE,
    }  # fmt: skip
    headers = bearer(make_actor(PROVINCE, Role.STATISTICIAN))
    conn = await asyncpg.connect(ground.postgres.url("reporting"))
    async with wire(ground.ports["api"], headers) as http:

        async def get(where: str, **params: str) -> None:
            await http.get(f"/reporting/v1/{where}", **params)

        tell_reads("a request that asks nothing of the database", await timed(["me"] * (EACH + WARM), get), aim=False)
        for name, place_of in cut.items():
            asked = [place_of(code) for code in places if name != "county" or code[:4] not in {"4419", "4420"}]
            await _both(f"one division, {name}", asked, get, conn)
        took = await timed(
            ["440300000000", "441600000000"] * (EACH // 2),
            lambda code: get("statistics", division=code, group_by="child", **MONTH),
        )
        tell_reads("children of a city", took)
        took = await timed(
            ["town"] * 20, lambda level: get("statistics/map", of_level=level, measure="on-time", **MONTH), warm=3
        )
        tell_reads("map of all towns", took, aim=False)
    peers = {"GROUP BY ROLLUP over the cases": _ROLLUP, "recomputation from below": _BELOW}
    await tell_peers(conn, "month", peers)
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
    over_http = await timed(asked, lambda code: get("statistics", division=code, level="province", **MONTH))
    month = date(2026, 2, 1)
    bare = await timed(asked, lambda code: conn.fetch(_BARE, code, month, month))
    tell_reads(f"{what}, over HTTP", over_http, bare)
    actor, months = make_actor(PROVINCE, Role.STATISTICIAN), Months(month, month)

    async def alone(code: str) -> None:
        question = StatisticsQuestion(Place(Level.PROVINCE, code), months)
        await get_statistics(conn, actor, question, Grouping.MONTH)

    tell_reads(f"{what}, the use case alone", await timed(asked, alone))
