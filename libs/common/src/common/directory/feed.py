"""Keeping the copy: a consumer handler over the registry's two topics."""

from collections.abc import Collection, Sequence
from typing import Any

from common.bus import Bus
from common.consumer import ConsumerRunner, Delivered, Handler, newest
from common.contracts import contracts_of
from common.contracts.registry import (
    DIVISION_CHANGED,
    DIVISION_TOPIC,
    OFFICE_CHANGED,
    OFFICE_TOPIC,
    DivisionState,
    OfficeState,
)
from common.db import Connection, Database
from common.uow import RelayWake

DIRECTORY_TYPES = (DIVISION_CHANGED, OFFICE_CHANGED)

_DIVISION_COLUMNS = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")
_OFFICE_COLUMNS = (
    "id", "division", "level", "kind", "name", "status", "version", "uscc", "phone", "guidance_division",
)  # fmt: skip
_UNTOLD = "directory_offices.reach_version IS DISTINCT FROM directory_offices.version"

FIRST_START_PAGE = 250
"""A first start reads some 57,000 records; what a batch takes in memory stays with the process."""


def directory_runner(
    bus: Bus, db: Database, *, service: str, handler: Handler | None = None, wake: RelayWake | None = None
) -> ConsumerRunner:
    """The consumer that keeps a service's copy, in the group `<service>-directory`.

    Args:
        handler: what a service does beside keeping the copy; it calls `apply_directory` itself.
    """
    return ConsumerRunner(
        bus,
        db,
        service=service,
        group=f"{service}-directory",
        topics=directory_topics(),
        handler=handler or apply_directory,
        accepts=contracts_of(DIRECTORY_TYPES),
        wake=wake,
        max_messages=FIRST_START_PAGE,
        rereads=find_untold,
    )


def directory_topics() -> tuple[str, ...]:
    """The topics that feed the copy."""
    return (DIVISION_TOPIC, OFFICE_TOPIC)


async def find_untold(conn: Connection) -> Collection[str]:
    """The topics that have to be read from their beginning: the one of offices, while a row lacks how it is reached.

    Asked whenever partitions are assigned to this release, so that it holds also while an older one runs beside it.
    """
    is_untold = await conn.fetchval(f"SELECT EXISTS (SELECT FROM directory_offices WHERE {_UNTOLD})")  # noqa: S608
    return (OFFICE_TOPIC,) if is_untold else ()


async def apply_directory(conn: Connection, batch: Sequence[Delivered]) -> None:
    """Takes the newest state of every division and office of a batch; older versions change nothing.

    The version that a row has already only fills what the row lacks of it.
    """
    states = [delivered.data for delivered in newest(batch)]
    divisions = [state for state in states if isinstance(state, DivisionState)]
    offices = [state for state in states if isinstance(state, OfficeState)]
    await _merge(conn, "directory_divisions", _DIVISION_COLUMNS, divisions)
    await _merge(conn, "directory_offices", _OFFICE_COLUMNS, offices, told_by="reach_version", untold=_UNTOLD)
    await _follow(conn, divisions)


async def _merge(
    conn: Connection,
    table: str,
    columns: tuple[str, ...],
    states: Sequence[Any],
    *,
    told_by: str | None = None,
    untold: str = "false",
) -> None:
    """Writes what is newer, and what is as new where `untold` holds; `told_by` is a column that repeats the version."""
    if not states:
        return
    said = {"id": "id", **{name: name for name in columns}, **({told_by: "version"} if told_by else {})}
    staging = f"incoming_{table}"
    updates = ", ".join(f"{name} = excluded.{name}" for name in said if name != "id")
    await conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {staging} (LIKE {table}) ON COMMIT DELETE ROWS")
    await conn.execute(f"TRUNCATE {staging}")
    records = [tuple(getattr(state, name) for name in columns) for state in states]
    await conn.copy_records_to_table(staging, records=records, columns=columns)
    await conn.execute(
        f"INSERT INTO {table} ({', '.join(said)}) "  # noqa: S608 - constants
        f"SELECT {', '.join(said.values())} FROM {staging} ORDER BY id "
        f"ON CONFLICT (id) DO UPDATE SET {updates} "
        f"WHERE {table}.version < excluded.version OR ({table}.version = excluded.version AND {untold})"
    )


_ONE_AT_A_TIME = 7_906_002
_FOLLOW = """
UPDATE directory_heirs AS h SET heir = w.heir FROM (
    WITH RECURSIVE way AS (
        SELECT code, heir FROM directory_heirs
        UNION SELECT way.code, next.heir FROM way JOIN directory_heirs next ON next.code = way.heir)
    SELECT code, heir FROM way WHERE NOT EXISTS (SELECT FROM directory_heirs next WHERE next.code = way.heir)) AS w
WHERE w.code = h.code AND w.heir <> h.heir
"""


async def _follow(conn: Connection, divisions: Sequence[DivisionState]) -> None:
    """Leads every retired code to where its way ends, in whatever order the changes arrive.

    A code is never reused, so what was once told of its end stays true. Source: standards.md §1, ADR 0014.

    Locks: one batch with changes at a time, so that of two each sees the other's.
    """
    ended = {
        one.code: one.successors[0]
        for one in divisions
        if one.valid_to is not None and one.successors and one.code not in one.successors
    }
    if not ended:
        return
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    await conn.execute(
        "INSERT INTO directory_heirs (code, heir) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING",
        list(ended),
        list(ended.values()),
    )
    await conn.execute(_FOLLOW)
