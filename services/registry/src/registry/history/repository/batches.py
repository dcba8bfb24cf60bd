"""Many records at once, in few statements."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from common.contracts.model import EventData
from common.contracts.registry import record_of
from common.contracts.registry.record import RecordState
from common.db import Connection

_VERSION_COLUMNS = ("id", "version", "record", "office_id", "division", "effective_on", "state")


@dataclass(frozen=True, slots=True)
class Version:
    """A state as it goes into the history; an office is its own record."""

    id: UUID
    version: int
    office_id: UUID
    division: str
    effective_on: date
    state: EventData

    @property
    def json(self) -> str:
        """The state as its event carries it."""
        return self.state.model_dump_json()


async def append_versions(conn: Connection, versions: Sequence[Version]) -> None:
    """Adds to the history."""
    records = [
        (
            v.id,
            v.version,
            record_of(type(v.state)).name,
            v.office_id,
            v.division,
            v.effective_on,
            v.state.model_dump_json(),
        )
        for v in versions
    ]
    await conn.copy_records_to_table("record_versions", records=records, columns=_VERSION_COLUMNS)


async def mark_offices(conn: Connection, office_ids: set[UUID]) -> None:
    """Something changed of these offices."""
    await conn.copy_records_to_table(
        "office_marks", records=[(one,) for one in sorted(office_ids)], columns=("office_id",)
    )


async def let_wait(conn: Connection, office_ids: Collection[UUID]) -> None:
    """Puts offices into the line of those who wait, once."""
    await conn.execute(
        "INSERT INTO waiting_offices (office_id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING",
        sorted(office_ids),
    )


async def put_many(conn: Connection, states: Sequence[RecordState]) -> int:
    """Writes many states that hold now in one statement; returns how many followed the version that was there."""
    rows: list[dict[str, Any]] = [
        values_of(one) | {"level": one.level.value, "state": one.model_dump(mode="json")} for one in states
    ]
    for row in rows:
        row |= {
            "id": str(row["id"]),
            "office_id": str(row["office_id"]),
            "effective_on": row["effective_on"].isoformat(),
        }
    done = await conn.fetchval(
        "WITH incoming AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, version integer, record text, "
        "office_id uuid, division text, effective_on date, level text, state jsonb)), "
        "written AS (INSERT INTO records AS t (id, version, record, office_id, division, effective_on, level, state) "
        "SELECT id, version, record, office_id, division, effective_on, level, state FROM incoming ORDER BY id "
        "ON CONFLICT (id) DO UPDATE SET version = excluded.version, office_id = excluded.office_id, "
        "division = excluded.division, effective_on = excluded.effective_on, level = excluded.level, "
        "state = excluded.state, updated_at = now() WHERE t.version = excluded.version - 1 RETURNING 1) "
        "SELECT count(*) FROM written",
        json.dumps(rows, ensure_ascii=False, default=str),
    )
    return int(done)


def values_of(state: RecordState) -> dict[str, Any]:
    """The columns beside the state."""
    return {
        "id": state.id,
        "version": state.version,
        "record": record_of(type(state)).name,
        "office_id": state.office_id,
        "division": state.division,
        "effective_on": state.effective_on,
    }
