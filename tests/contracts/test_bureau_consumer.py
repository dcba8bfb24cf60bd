"""The consumer printed in docs/api/streams.md, word for word, reads the accepted stream of a level from real Kafka."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from common.bus import Message, TopicSpec, open_bus
from common.clock import now
from common.contracts.sync import RECORD_ACCEPTED, AcceptedRecord, accepted_topic
from common.divisions import Level, node_at
from common.events import Event
from common.ids import uuid7
from common.testing.events import case_state

ROOT = Path(__file__).resolve().parents[2]
SHENZHEN, DONGGUAN = "440304002016", "441900003001"


class Settings:
    """What open_bus asks for."""

    bus = "kafka"
    bus_database_url = None
    bus_partitions = 3

    def __init__(self, servers: str) -> None:
        self.kafka_bootstrap_servers = servers


def accepted(state: Any) -> Message:
    record = AcceptedRecord(
        record_type="casework.case", record_id=state.id, version=state.version, division=state.division,
        level=state.level, event_type="casework.case.registered.v1", occurred_at=now(), digest="0" * 64,
        accepted_level=Level.CITY, accepted_division=node_at(state.division, Level.CITY), accepted_at=now(),
        payload=json.loads(state.to_bytes()),
    )  # fmt: skip
    event = Event(
        id=str(uuid7()), type=RECORD_ACCEPTED, source="/jiceng/sync", subject=str(state.id), time=now(),
        division=state.division, level=str(state.level), recordversion=state.version, partitionkey=str(state.id),
        data=record.to_bytes(),
    )  # fmt: skip
    key, value, headers = event.to_kafka()
    return Message(accepted_topic(Level.CITY), key, value, headers)


def run_documented_consumer(folder: Path, servers: str, count: int) -> dict[str, tuple[int, str]]:
    """Runs the text of the page until it has seen `count` messages; what it then holds."""
    page = (ROOT / "docs/api/streams.md").read_text(encoding="utf-8")
    script = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert script is not None
    file = folder / "bureau.py"
    file.write_text(script.group(1), encoding="utf-8")
    command = [sys.executable, str(file), servers, "city", "4403", str(folder / "bureau.sqlite"), str(count)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    with sqlite3.connect(folder / "bureau.sqlite") as db:
        rows = db.execute("SELECT id, version, state FROM records").fetchall()
    db.close()
    return {row[0]: (row[1], json.loads(row[2])["status"]) for row in rows}


@pytest.mark.kafka
async def test_keeps_the_newest_state_of_its_own_subtree_over_restarts(kafka_server: str, tmp_path: Path) -> None:
    bus = open_bus(Settings(kafka_server))
    await bus.start()
    producer = bus.producer()
    try:
        await bus.ensure_topics([TopicSpec(accepted_topic(Level.CITY), 3, None)])
        before = sum((await bus.end_offsets([accepted_topic(Level.CITY)])).values())
        ours, theirs = case_state(division=SHENZHEN), case_state(division=DONGGUAN)
        newer = ours.model_copy(update={"version": 2, "status": "accepted", "accepted_at": now()})
        await producer.start()
        await producer.send([accepted(ours), accepted(theirs), accepted(newer)])
        assert run_documented_consumer(tmp_path, kafka_server, before + 3)[str(ours.id)] == (2, "accepted")
        await producer.send([accepted(ours), accepted(newer), accepted(case_state(division=SHENZHEN))])
        held = run_documented_consumer(tmp_path, kafka_server, 3)
        assert held[str(ours.id)] == (2, "accepted")
        assert str(theirs.id) not in held
        assert len(held) == 2
    finally:
        await producer.stop()
        await bus.stop()
