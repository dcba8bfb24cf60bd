"""kill −9 of every process class in the middle of a stream of cases.

Nothing acknowledged is lost, nothing is applied twice, the order of each record is kept. `make faults SEED=n` replays.
"""

import asyncio
import os
import random
from collections import Counter
from typing import Any

import pytest

from common.divisions import ancestors_of, path_levels

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

VICTIMS = ("api", "relay", "tier", "sync-relay", "figures", "postgres", "broker")
CASES = 60
PROVINCE = "440000000000"


@pytest.fixture(scope="module")
def history() -> list[Any]:
    """The clerks of all rounds so far: what was acknowledged earlier must still be there."""
    return []


@pytest.mark.parametrize("victim", VICTIMS)
async def test_survives_the_sudden_death_of(
    victim: str, stack: Any, fault_seed: int, make_clerk: Any, quiet: Any, history: list[Any]
) -> None:
    if victim == "broker" and stack.kafka is None:
        pytest.skip("no Kafka here: Java 17 or Maven is missing")
    for number in range(int(os.environ.get("JICENG_FAULT_ROUNDS") or 1)):
        seed = fault_seed + VICTIMS.index(victim) + 1000 * number
        print(f"\n{victim}: SEED={fault_seed} round {number}")
        clerk = make_clerk(stack, seed)
        history.append(clerk)
        stream = asyncio.create_task(clerk.work(CASES))
        await _kill_in_the_middle(stack, victim, clerk, random.Random(seed))
        await stream
        await quiet(stack, clerk)
    await _check_casework(stack, history)
    await _check_levels(stack, history)
    await _check_order_and_receipts(stack, history)
    await _check_figures(stack, history)


async def _kill_in_the_middle(stack: Any, victim: str, clerk: Any, chance: random.Random) -> None:
    """Waits for a moment in the stream that the seed chooses, kills, and revives a little later."""
    moment = chance.randrange(CASES // 6, CASES // 2)
    async with asyncio.timeout(60):
        while len(clerk.acknowledged) < moment:
            await asyncio.sleep(0.005)
    await asyncio.sleep(chance.random() * 0.2)
    await asyncio.to_thread(stack.kill, victim)
    await asyncio.sleep(chance.random() * 1.0)
    await asyncio.to_thread(stack.revive, victim)
    await asyncio.to_thread(stack.wait_ready)


def acknowledged(history: list[Any]) -> dict[Any, int]:
    return {case_id: version for clerk in history for case_id, version in clerk.acknowledged.items()}


def stations(history: list[Any]) -> dict[Any, str]:
    return {case_id: station for clerk in history for case_id, station in clerk.stations.items()}


async def _check_casework(stack: Any, history: list[Any]) -> None:
    """What was answered is there, and a repeated request did not make a second case."""
    rows = await stack.fetch("casework", "SELECT id, version FROM cases")
    assert {row["id"]: row["version"] for row in rows} == acknowledged(history)


async def _check_levels(stack: Any, history: list[Any]) -> None:
    """Every level on the path of every case holds its newest version, and no other level holds it."""
    rows = await stack.fetch("sync", "SELECT record_id, level, version FROM level_states")
    wanted = {
        (case_id, str(level), version)
        for case_id, version in acknowledged(history).items()
        for level in path_levels(stations(history)[case_id])
    }
    assert {(row["record_id"], row["level"], row["version"]) for row in rows} == wanted


async def _check_order_and_receipts(stack: Any, history: list[Any]) -> None:
    """Each level published each version once, in order; one receipt of acceptance for each; no dead letters."""
    rows = await stack.fetch(
        "sync", "SELECT topic, subject, recordversion FROM outbox WHERE topic LIKE '%.accepted.v1' ORDER BY id"
    )
    published: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        published.setdefault((row["topic"], row["subject"]), []).append(row["recordversion"])
    for (topic, subject), versions in published.items():
        assert versions == sorted(set(versions)), f"{topic} {subject}: {versions}"
    receipts = await stack.fetch(
        "sync", "SELECT record_id, version, receiver_level, count(*) AS n FROM receipts "
        "WHERE outcome = 'accepted' GROUP BY 1, 2, 3",
    )  # fmt: skip
    assert {row["n"] for row in receipts} == {1}
    levels = {case_id: len(path_levels(station)) for case_id, station in stations(history).items()}
    assert len(receipts) == sum(version * levels[case_id] for case_id, version in acknowledged(history).items())
    for service in ("casework", "sync", "reporting"):
        assert await stack.fetch(service, "SELECT code, reason FROM dead_letters") == []


async def _check_figures(stack: Any, history: list[Any]) -> None:
    """The figures of every level and division equal a recount of what was acknowledged."""
    wanted: Counter[tuple[str, str, str]] = Counter()
    for case_id, version in acknowledged(history).items():
        station = stations(history)[case_id]
        divisions = [station, *ancestors_of(station)]
        for position, level in enumerate(path_levels(station)):
            for division in divisions[: position + 1]:
                for measure in ("registered", "accepted", "closed")[:version]:
                    wanted[(str(level), division, measure)] += 1
    rows = await stack.fetch(
        "reporting", "SELECT level, division, measure, sum(value)::int AS n FROM figures GROUP BY 1, 2, 3"
    )
    assert {(row["level"], row["division"], row["measure"]): row["n"] for row in rows if row["n"]} == dict(wanted)
