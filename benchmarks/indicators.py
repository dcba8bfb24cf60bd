"""Indicators over all offices of Guangdong: how fresh they are, and how fast they are read.

Freshness: accepted states of 200 offices/s (all their levels) through the embedded bus into the sums; the peer is the
limit of 1 s. Reads: all indicators of one division (a dashboard) over HTTP and as a use case, over divisions of every
level, beside GROUP BY ROLLUP over the states of the offices and beside a recomputation from below in the same run.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx
import structlog

from benchmarks.ground import Timer, stack
from common.auth import Role
from common.bus import Message
from common.clock import now
from common.contracts.registry.readiness import CriterionState, OfficeFigure, ReadinessState
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.db import Database
from common.divisions import Level, level_of, node_at, parent_of, path_levels
from common.ids import uuid7
from common.process import Context
from common.testing.events import accepted_event
from common.testing.tokens import ISSUER, bearer, make_actor, write_jwks
from onebox.stack import Stack
from registry.data.reader import read_divisions
from reporting.__main__ import DEFINITION
from reporting.indicators.catalogue import shipped
from reporting.indicators.service import reckon
from reporting.settings import ReportingSettings
from reporting.standings.domain import counts_of
from reporting.standings.service import AcceptedStanding, apply_standings
from reporting.worker import consumers

BATCH, EACH, WARM = 2_000, 300, 30
RATE, SECONDS, TICK = 200, 10, 0.1
AIM_MS, LIMIT_SECONDS = 5, 1
PROVINCE = "440000000000"
OFFICES = UUID("6f9d2c52-8d0b-5a0e-9a39-0c4a4d1c8e11")
FIRST = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
CRITERIA = ("operating", "unified_name", "unified_sign", "floor_area", "public_window", "equipment", "staffing")
_KEPT = "SELECT record_id, count(*) FROM standing_periods WHERE record_id = ANY($1::uuid[]) AND version > 1 GROUP BY 1"
_FIGURES = "key IN ('office.staff_total@served_persons', 'office.served_persons@staff_total')"
_LEAVES = f"""
SELECT s.division, c.key, c.value::bigint AS value
FROM standings n JOIN standing_states s ON s.record_id = n.record_id AND s.version = n.version,
    jsonb_each_text(s.counts) AS c
WHERE n.level = 'province' AND {_FIGURES}
"""
_ROLLUP = f"""
SELECT key, substr(division, 1, 4), substr(division, 1, 6), substr(division, 1, 9), sum(value)
FROM ({_LEAVES}) AS leaves
GROUP BY key, ROLLUP (substr(division, 1, 4), substr(division, 1, 6), substr(division, 1, 9))
"""
_BELOW = f"""
SELECT above.code, key, sum(value)
FROM ({_LEAVES}) AS leaves, LATERAL (VALUES (division), (substr(division, 1, 9) || '000'),
    (substr(division, 1, 6) || '000000'), (substr(division, 1, 4) || '00000000'), ('{PROVINCE}')) above (code)
GROUP BY above.code, key
"""


def run() -> None:
    """Prints freshness, reads, and the peers."""
    with stack(roles={"api": ("reporting", "api")}) as ground:
        divisions = asyncio.run(_fill(ground))
        asyncio.run(_freshness(ground, divisions))
        ground.start("api")
        ground.wait_ready()
        asyncio.run(_reads(ground, divisions))


def _state(division: str, version: int, dice: random.Random) -> ReadinessState:
    is_town = level_of(division) is Level.TOWN
    told = {"staff_total": dice.randrange(1, 12), "served_persons": dice.randrange(2_000, 80_000), "duties_covered": 8}
    return ReadinessState(
        id=uuid5(OFFICES, f"readiness {division}"),
        version=version,
        office_id=uuid5(OFFICES, division),
        division=division,
        level=level_of(division),
        effective_on=date(2026, 1, 1) if version == 1 else date(2026, 2, 1),
        rules_on=date(2026, 1, 1),
        status="not_ready",
        criteria=tuple(
            CriterionState(
                code=code, status="met" if dice.random() < 0.7 else "unmet", clause="S2", document="", strength="hard",
                rule="", value="", why=None, evidence=(), waiver_expires_on=None,
            )
            for code in CRITERIA
        ),
        figures=tuple(OfficeFigure(code=code, value=value, unit="count") for code, value in told.items()),
        kind="service_office" if is_town else "service_station",
        office_status="operating",
    )  # fmt: skip


async def _fill(ground: Stack) -> list[str]:
    """The divisions, and every office as every level has accepted it."""
    db = Database(ground.postgres.url("reporting"), pool_size=2, statement_timeout_ms=0)
    rows = [row for row in read_divisions() if row.kind != "filler"]
    tree = [
        (uuid7(), row.code, row.level.value, row.name, row.kind.value, parent_of(row.code), date(2011, 1, 1), None, 1)
        for row in rows
    ]
    columns = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
    async with db.transaction() as conn:
        await conn.execute("TRUNCATE directory_divisions")
        await conn.copy_records_to_table("directory_divisions", records=tree, columns=columns)
    dice, taken = random.Random(20261123), 0
    states = [_state(row.code, 1, dice) for row in rows if row.level in {Level.TOWN, Level.VILLAGE}]
    with Timer() as filling:
        for start in range(0, len(states), BATCH):
            batch = [
                AcceptedStanding(
                    level, one.id, 1, one.office_id, one.division, one.effective_on, one.status, counts_of(one), FIRST,
                    FIRST,
                )
                for one in states[start : start + BATCH]
                for level in path_levels(one.division)
            ]  # fmt: skip
            async with db.transaction() as conn:
                taken += await apply_standings(conn, batch)
    async with db.autocommit() as conn:
        await conn.execute("VACUUM ANALYZE")
        size = await conn.fetchval(
            "SELECT sum(pg_total_relation_size(name::regclass)) / 1048576 FROM unnest(ARRAY['standings', "
            "'standing_states', 'standing_periods', 'standing_sums']) AS name"
        )
    await db.dispose()
    print(
        f"  {len(states):,} offices at their levels in {filling.seconds:.0f} s "
        f"({taken / filling.seconds:,.0f} accepted records/s), {size:.0f} MB",
        flush=True,
    )
    return [row.code for row in rows]


async def _freshness(ground: Stack, divisions: Sequence[str]) -> None:
    settings = ReportingSettings(
        environment="test",
        database_url=ground.postgres.url("reporting"),
        bus_database_url=ground.postgres.url("bus"),
        database_pool_size=6,
        oidc_issuer=ISSUER,
        oidc_jwks_file=write_jwks(ground.folder),
    )
    context = Context("reporting", settings, DEFINITION.migrations)
    await context.start(with_bus=True)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(runner.run(stop)) for runner in consumers(context)]
    delays = await _offer(context, [code for code in divisions if level_of(code) is Level.VILLAGE])
    stop.set()
    await asyncio.gather(*tasks)
    await context.stop()
    marks = statistics.quantiles(delays, n=100)
    print(
        f"  freshness at {RATE} offices/s × their levels: p50 {marks[49] * 1000:.0f} ms, "
        f"p99 {marks[98] * 1000:.0f} ms; p99 / limit {marks[98] / LIMIT_SECONDS:.2f} (aim ≤ 1)",
        flush=True,
    )


async def _offer(context: Context, villages: Sequence[str]) -> list[float]:
    """Seconds from sending an office's accepted records until all of them are summed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    dice, producer, delays = random.Random(1), context.bus.producer(), list[float]()
    chosen = dice.sample(list(villages), RATE * SECONDS)
    await producer.start()
    pending: dict[UUID, tuple[float, int]] = {}
    began, step = time.perf_counter(), int(RATE * TICK)
    for start in range(0, len(chosen), step):
        states = [_state(code, 2, dice) for code in chosen[start : start + step]]
        sent = time.perf_counter()
        await producer.send(
            [
                Message(accepted_topic(level), *accepted_event(_accepted(one, level)).to_kafka())
                for one in states
                for level in path_levels(one.division)
            ]
        )
        pending |= {one.id: (sent, len(path_levels(one.division))) for one in states}
        await _seen(context, pending, delays)
        await asyncio.sleep(max(0.0, began + (start / step + 1) * TICK - time.perf_counter()))
    async with asyncio.timeout(60):
        while pending:
            await _seen(context, pending, delays)
            await asyncio.sleep(0.02)
    await producer.stop()
    return delays


def _accepted(state: ReadinessState, level: Level) -> AcceptedRecord:
    return AcceptedRecord(
        record_type="registry.readiness", record_id=state.id, version=state.version, division=state.division,
        level=state.level, event_type="registry.readiness.changed.v1", occurred_at=now(), digest="0" * 64,
        accepted_level=level, accepted_division=str(node_at(state.division, level)), accepted_at=now(),
        payload=state.model_dump(mode="json"),
    )  # fmt: skip


async def _seen(context: Context, pending: dict[UUID, tuple[float, int]], delays: list[float]) -> None:
    async with context.db.autocommit() as conn:
        rows = await conn.fetch(_KEPT, list(pending))
    at = time.perf_counter()
    for row in rows:
        sent, levels = pending[row["record_id"]]
        if row["count"] == levels:
            del pending[row["record_id"]]
            delays.append(at - sent)


async def _reads(ground: Stack, divisions: Sequence[str]) -> None:
    dice = random.Random(7)
    asked = [dice.choice(divisions) for _ in range(EACH)]
    specs = [spec for spec in shipped().values() if spec.cohort is None]
    conn = await asyncpg.connect(ground.postgres.url("reporting"))
    headers = bearer(make_actor(PROVINCE, Role.STATISTICIAN))
    api = f"http://127.0.0.1:{ground.ports['api']}/reporting/v1/indicators"
    async with httpx.AsyncClient(base_url=api, headers=headers, timeout=30) as http:

        async def get(where: str, **params: Any) -> None:
            (await http.get(where, params={"level": "province", **params})).raise_for_status()

        async def alone(code: str) -> None:
            await reckon(conn, specs, level=Level.PROVINCE, divisions=[code], on=date(2026, 3, 1))

        one, half = "staff-per-10k-served", EACH // 2
        _tell(f"{len(specs)} indicators of one division, the use case alone", await _timed(asked, alone))
        _tell(
            "one indicator of one division", await _timed(asked, lambda code: get("/values", division=code, code=one))
        )
        of_one = await _timed(asked, lambda code: get("/values", division=code, dimension="equalisation"))
        _tell("the equalisation indicators of one division", of_one)
        whole = await _timed([PROVINCE] * half, lambda code: get("/values", division=code, code=one))
        _tell("one indicator of the province", whole)
        below = await _timed(["440300000000"] * half, lambda code: get(f"/{one}/children", division=code))
        _tell("one indicator of a city and its districts", below)
        towns = await _timed(["town"] * 20, lambda level: get(f"/{one}/map", of_level=level), warm=3)
        _tell("map of all towns", towns, aim=False)
    for what, sql in (("GROUP BY ROLLUP over the offices", _ROLLUP), ("recomputation from below", _BELOW)):
        took = await _timed([sql] * 5, conn.fetch, warm=1)
        print(f"  peer, {what}, one indicator: {statistics.median(took):,.0f} ms", flush=True)
    await conn.close()


async def _timed(asked: Sequence[str], read: Callable[[str], Awaitable[object]], warm: int = WARM) -> list[float]:
    """Milliseconds of each read after the first ones."""
    took = []
    for number, one in enumerate(asked):
        began = time.perf_counter()
        await read(one)
        if number >= warm:
            took.append((time.perf_counter() - began) * 1000)
    return took


def _tell(what: str, ours: Sequence[float], *, aim: bool = True) -> None:
    marks = statistics.quantiles(ours, n=100)
    limit = f"; p99 / limit {marks[98] / AIM_MS:.2f} (aim ≤ 1)" if aim else ""
    print(f"  {what}: p50 {marks[49]:.1f} ms, p99 {marks[98]:.1f} ms{limit}", flush=True)
