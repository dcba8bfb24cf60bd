"""Indicators over all offices of Guangdong: how fresh they are, and how fast they are read.

Freshness: accepted states of 200 offices/s (all their levels) through the embedded bus into the sums; the peer is the
limit of 1 s. Reads: all indicators of one division (a dashboard) over HTTP and as a use case, over divisions of every
level, beside GROUP BY ROLLUP over the states of the offices and beside a recomputation from below in the same run.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

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
from benchmarks.ground import Timer, stack, timed
from benchmarks.wire import wire
from common.auth import Role
from common.bus import Message
from common.clock import now
from common.contracts.registry.readiness import CriterionState, OfficeFigure, ReadinessState
from common.contracts.sync import AcceptedRecord, accepted_topic
from common.db import Database
from common.divisions import Level, level_of, node_at, path_levels
from common.testing.events import accepted_event
from common.testing.tokens import bearer, make_actor
from onebox.stack import Stack
from reporting.indicators.catalogue import shipped
from reporting.indicators.service import reckon
from reporting.standings.domain import counts_of
from reporting.standings.service import AcceptedStanding, apply_standings

BATCH, SECONDS = 2_000, 10
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
        villages = [code for code in divisions if level_of(code) is Level.VILLAGE]
        uvloop.run(tell_freshness(ground, _ticks(villages), seen=_KEPT, unit="offices"))
        ground.start("api")
        ground.wait_ready()
        uvloop.run(_reads(ground, divisions))


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
    rows = await load_tree(db)
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


def _ticks(villages: Sequence[str]) -> Iterator[list[Sent]]:
    """Next states of offices, accepted by all their levels at once."""
    dice, step = random.Random(1), int(RATE * TICK)
    chosen = dice.sample(list(villages), RATE * SECONDS)
    for start in range(0, len(chosen), step):
        states = [_state(code, 2, dice) for code in chosen[start : start + step]]
        yield [
            (state.id, [
                Message(accepted_topic(level), *accepted_event(_accepted(state, level)).to_kafka())
                for level in path_levels(state.division)
            ])
            for state in states
        ]  # fmt: skip


def _accepted(state: ReadinessState, level: Level) -> AcceptedRecord:
    return AcceptedRecord(
        record_type="registry.readiness", record_id=state.id, version=state.version, division=state.division,
        level=state.level, event_type="registry.readiness.changed.v1", occurred_at=now(), digest="0" * 64,
        accepted_level=level, accepted_division=str(node_at(state.division, level)), accepted_at=now(),
        payload=state.model_dump(mode="json"),
    )  # fmt: skip


async def _reads(ground: Stack, divisions: Sequence[str]) -> None:
    dice = random.Random(7)
    asked = [dice.choice(divisions) for _ in range(EACH)]
    specs = [spec for spec in shipped().values() if spec.cohort is None]
    conn = await asyncpg.connect(ground.postgres.url("reporting"))
    headers = bearer(make_actor(PROVINCE, Role.STATISTICIAN))
    async with wire(ground.ports["api"], headers) as http:

        async def get(where: str, **params: str) -> None:
            await http.get(f"/reporting/v1/indicators{where}", level="province", **params)

        async def alone(code: str) -> None:
            await reckon(conn, specs, level=Level.PROVINCE, divisions=[code], on=date(2026, 3, 1))

        one, half = "staff-per-10k-served", EACH // 2
        tell_reads(f"{len(specs)} indicators of one division, the use case alone", await timed(asked, alone))
        tell_reads(
            "one indicator of one division", await timed(asked, lambda code: get("/values", division=code, code=one))
        )
        of_one = await timed(asked, lambda code: get("/values", division=code, dimension="equalisation"))
        tell_reads("the equalisation indicators of one division", of_one)
        whole = await timed([PROVINCE] * half, lambda code: get("/values", division=code, code=one))
        tell_reads("one indicator of the province", whole)
        below = await timed(["440300000000"] * half, lambda code: get(f"/{one}/children", division=code))
        tell_reads("one indicator of a city and its districts", below)
        towns = await timed(["town"] * 20, lambda level: get(f"/{one}/map", of_level=level), warm=3)
        tell_reads("map of all towns", towns, aim=False)
    peers = {"GROUP BY ROLLUP over the offices": _ROLLUP, "recomputation from below": _BELOW}
    await tell_peers(conn, "indicator", peers)
    await conn.close()
