"""Keeping the copy: a consumer handler over the registry's two topics."""

from collections.abc import Sequence
from typing import Any

from common.consumer import Delivered, newest
from common.contracts.registry import (
    DIVISION_CHANGED,
    DIVISION_TOPIC,
    OFFICE_CHANGED,
    OFFICE_TOPIC,
    DivisionState,
    OfficeState,
)
from common.db import Connection

DIRECTORY_TYPES = (DIVISION_CHANGED, OFFICE_CHANGED)

_DIVISION_COLUMNS = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
_OFFICE_COLUMNS = ("id", "division", "level", "kind", "name", "status", "version")


def directory_topics() -> tuple[str, ...]:
    """The topics that feed the copy."""
    return (DIVISION_TOPIC, OFFICE_TOPIC)


async def apply_directory(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes the newest state of every division and office of a batch; older versions change nothing."""
    states = [delivered.data for delivered in newest(batch)]
    divisions = [state for state in states if isinstance(state, DivisionState)]
    offices = [state for state in states if isinstance(state, OfficeState)]
    await _merge(conn, "directory_divisions", _DIVISION_COLUMNS, divisions)
    await _merge(conn, "directory_offices", _OFFICE_COLUMNS, offices)


async def _merge(conn: Connection, table: str, columns: tuple[str, ...], states: Sequence[Any]) -> None:
    if not states:
        return
    staging = f"incoming_{table}"
    names = ", ".join(columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    await conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {staging} (LIKE {table}) ON COMMIT DELETE ROWS")
    await conn.execute(f"TRUNCATE {staging}")
    records = [tuple(getattr(state, name) for name in columns) for state in states]
    await conn.copy_records_to_table(staging, records=records, columns=columns)
    await conn.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging} ORDER BY id "  # noqa: S608 - constants
        f"ON CONFLICT (id) DO UPDATE SET {updates} WHERE {table}.version < excluded.version"
    )
