"""Tier apply in records/s, against COPY of exactly the rows that it writes, in batches of the same size.

Ours is the handler of the town tier on decoded messages, in its transaction, with the COMMIT: contents, states,
receipts and outbox rows. Theirs copies these rows into tables of the same shape with the same indexes.
"""

import asyncio
import json
from typing import Any

from benchmarks.ground import STATION, Timer, stack, tell
from common.bus import Received
from common.clock import now
from common.consumer import Delivered, decode
from common.contracts import contracts_of
from common.contracts.sync import RECORD_SUBMITTED, SubmittedRecord, inbox_topic
from common.db import Database
from common.divisions import Level, parent_of
from common.events import Event
from common.ids import uuid7
from common.testing.events import case_state
from onebox.stack import Stack
from sync.records.consumers import tier
from sync.records.directory import DirectoryCheck
from sync.records.domain import content_of

RECORDS = 20_000
BATCH = 2_000
TABLES = ("record_payloads", "level_states", "receipts", "outbox")


def run() -> None:
    """Prints apply, and decode + apply."""
    with stack(roles={}) as ground:
        asyncio.run(_measure(ground))


def _message(number: int) -> Received:
    town = parent_of(STATION) or ""
    state = case_state(division=STATION)
    payload: dict[str, Any] = json.loads(state.to_bytes())
    record = SubmittedRecord(
        record_type="casework.case", record_id=state.id, version=1, division=STATION, level=Level.VILLAGE,
        event_type="casework.case.registered.v1", occurred_at=now(), digest=content_of(payload).digest.hex(),
        from_level=Level.VILLAGE, from_division=STATION, to_level=Level.TOWN, to_division=town, payload=payload,
    )  # fmt: skip
    event = Event(
        id=str(uuid7()), type=RECORD_SUBMITTED, source="/jiceng/sync", subject=str(state.id), time=now(),
        division=STATION, level="village", recordversion=1, partitionkey=str(state.id), data=record.to_bytes(),
    )  # fmt: skip
    key, value, headers = event.to_kafka()
    return Received(inbox_topic(Level.TOWN), key, value, headers, 0, number, 0)


async def _measure(ground: Stack) -> None:
    async def no_ends() -> dict[Any, int]:
        return {}

    db = Database(ground.postgres.url("sync"), pool_size=2, statement_timeout_ms=0)
    handler = tier(Level.TOWN, DirectoryCheck(no_ends))
    messages = [_message(number) for number in range(RECORDS)]
    accepts = contracts_of([RECORD_SUBMITTED])
    with Timer() as decoding:
        delivered: list[Delivered] = [decode(message, accepts) for message in messages]
    with Timer() as applying:
        for start in range(0, RECORDS, BATCH):
            async with db.transaction() as conn:
                await handler(conn, delivered[start : start + BATCH])
    copied = await _copy(db)
    ours = RECORDS / applying.seconds
    tell("tier apply", ours, "COPY of the same rows", copied, "records/s", "≥ 0.6")
    print(f"  decoding and checking the messages: {RECORDS / decoding.seconds:,.0f} records/s (one core, no database)")
    await db.dispose()


async def _copy(db: Database) -> float:
    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    async with db.autocommit() as conn:
        for table in TABLES:
            hidden = "NOT IN ('xid')" if table == "outbox" else "<> ''"
            names = [
                row["column_name"]
                for row in await conn.fetch(
                    "SELECT column_name FROM information_schema.columns "
                    f"WHERE table_name = $1 AND column_name {hidden} ORDER BY ordinal_position", table,
                )
            ]  # fmt: skip
            found = await conn.fetch(f"SELECT {', '.join(names)} FROM {table}")
            rows[table] = (names, [tuple(row) for row in found])
            await conn.execute(f"CREATE TABLE copy_{table} (LIKE {table} INCLUDING ALL)")
    with Timer() as timer:
        for start in range(0, RECORDS, BATCH):
            async with db.transaction() as conn:
                for table, (names, values) in rows.items():
                    share = len(values) // RECORDS
                    part = values[start * share : (start + BATCH) * share]
                    await conn.copy_records_to_table(f"copy_{table}", records=part, columns=names)
    return RECORDS / timer.seconds
