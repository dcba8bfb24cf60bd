"""Databases of tests: copied from a template once, then given to one test after another and put back in between.

Copying a template of some hundred files takes many times as long as emptying the few tables that a test has filled.
A database is given on only as it was copied: whoever is still connected is cut off, what a test wrote is removed, what
the template held is there again, sequences count from where they did. One whose schema or statistics a test has changed
is dropped.
"""

import asyncio
import itertools
import os
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeVar

import asyncpg

_HERE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
OPEN_TRANSACTIONS = f"{_HERE} AND state LIKE 'idle in transaction%'"
"""SQL: how many transactions are open and idle in this database; other tests use the same server."""
WAITING_FOR_LOCKS = f"{_HERE} AND wait_event_type = 'Lock'"
"""SQL: how many statements wait for another transaction of this database."""
R = TypeVar("R")
_KEPT_BYTES = 1 << 20
_NUMBERS = itertools.count(1)
_IDLE = 2
_TABLES = """
SELECT c.oid::regclass::text AS name, pg_relation_size(c.oid) AS bytes FROM pg_class c
WHERE c.relkind = 'r' AND c.oid >= 16384 AND c.relpersistence <> 't' ORDER BY 1
"""
_SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename) AS name, start_value, last_value FROM pg_sequences"
_SCHEMA = """
SELECT md5(string_agg(concat_ws(' ', oid, relname, relkind, relpersistence, reloptions), ',' ORDER BY oid))
FROM pg_class WHERE oid >= 16384
"""
_CATALOGS = (
    "pg_attribute", "pg_attrdef", "pg_constraint", "pg_db_role_setting", "pg_extension", "pg_index", "pg_inherits",
    "pg_namespace", "pg_policy", "pg_proc", "pg_rewrite", "pg_statistic", "pg_statistic_ext", "pg_trigger", "pg_type",
)  # fmt: skip
_NOW = "SELECT pg_current_xact_id()::text::bigint & 4294967295"
_CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(slots=True)
class _Origin:
    """What a template holds, as the first copy of it showed."""

    rows: dict[str, int] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, int | None] = field(default_factory=dict)
    is_analyzed: bool = False


@dataclass(slots=True)
class _Copy:
    """One database: whose copy it is, and how its schema was when it was last given out."""

    name: str
    template: str
    schema: str = ""
    counts: list[int] = field(default_factory=list)
    since: int = 0


class TestDatabases:
    """The copies of one process; methods may be called from any thread, with or without a running loop.

    Args:
        url_of: address of a database of the server, of a superuser.
    """

    __test__ = False

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self._url_of = url_of
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="test-databases")
        self._runner = asyncio.Runner()
        self._admin: asyncpg.Connection | None = None
        self._origins: dict[str, _Origin] = {}
        self._idle: dict[str, list[_Copy]] = {}
        self._given: dict[str, _Copy] = {}

    def take(self, template: str | None = None) -> str:
        """The name of a database as the template is; empty without one."""
        return self._do(self._take(template))

    def give_back(self, name: str) -> None:
        """The test that took it has ended."""
        self._do(self._give_back(name))

    def close(self) -> None:
        """Ends the connection to the server; its databases stay."""
        if self._admin is not None:
            self._do(self._admin.close())
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _do(self, work: Coroutine[Any, Any, R]) -> R:
        return self._thread.submit(self._runner.run, work).result()

    async def _take(self, template: str | None) -> str:
        idle = self._idle.get(template or "")
        copy = idle.pop(0) if idle else await self._copy(template)
        self._given[copy.name] = copy
        return copy.name

    async def _give_back(self, name: str) -> None:
        copy = self._given.pop(name)
        idle = self._idle.setdefault(copy.template, [])
        if copy.template and len(idle) < _IDLE and await self._put_back(copy):
            idle.append(copy)
        else:
            await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _copy(self, template: str | None) -> _Copy:
        copy = _Copy(f"test_{os.getpid()}_{next(_NUMBERS)}", template or "")
        copied = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        await self._execute(f'CREATE DATABASE "{copy.name}"{copied}')
        if template:
            conn = await asyncpg.connect(self._url_of(copy.name))
            try:
                if template not in self._origins:
                    self._origins[template] = await _origin(conn)
                await _mark(conn, copy)
            finally:
                await conn.close()
        return copy

    async def _put_back(self, copy: _Copy) -> bool:
        """Whether the database is as its template again; a test may have dropped it."""
        try:
            conn = await asyncpg.connect(self._url_of(copy.name))
        except asyncpg.InvalidCatalogNameError:
            return False
        try:
            await conn.execute(_CUT_OFF)
            if await _has_other_schema(conn, copy):
                return False
            origin = self._origins[copy.template]
            if not await _restore(conn, origin, since=copy.since):
                return False
            if origin.is_analyzed:
                await _mark(conn, copy)
            else:
                copy.since = await conn.fetchval(_NOW)
            return True
        finally:
            await conn.close()

    async def _execute(self, sql: str) -> None:
        if self._admin is None or self._admin.is_closed():
            self._admin = await asyncpg.connect(self._url_of("postgres"))
        await self._admin.execute(sql)


async def _origin(conn: asyncpg.Connection) -> _Origin:
    origin = _Origin(
        is_analyzed=await conn.fetchval("SELECT EXISTS (SELECT FROM pg_statistic WHERE starelid >= 16384)")
    )
    for name, size in await conn.fetch(_TABLES):
        count = await conn.fetchval(f"SELECT count(*) FROM {name}") if size else 0  # noqa: S608 - from the catalog
        if count:
            origin.rows[name] = count
        if count and size <= _KEPT_BYTES:
            kept = BytesIO()
            await conn.copy_from_query(f"SELECT * FROM {name}", output=kept, format="binary")  # noqa: S608 - as above
            origin.contents[name] = kept.getvalue()
    origin.sequences = {one["name"]: one["last_value"] for one in await conn.fetch(_SEQUENCES)}
    return origin


async def _mark(conn: asyncpg.Connection, copy: _Copy) -> None:
    """What is written from now on is a test's."""
    copy.since = await conn.fetchval(_NOW)
    copy.schema = await conn.fetchval(_SCHEMA)
    copy.counts = [count for _, count, _ in await _written(conn, _CATALOGS, copy.since)]


async def _has_other_schema(conn: asyncpg.Connection, copy: _Copy) -> bool:
    if await conn.fetchval(_SCHEMA) != copy.schema:
        return True
    found = await _written(conn, _CATALOGS, copy.since)
    return [count for _, count, _ in found] != copy.counts or any(news for _, _, news in found)


async def _restore(conn: asyncpg.Connection, origin: _Origin, *, since: int) -> bool:
    """Empties and fills what was changed; False where the template held too much of it."""
    changed = [name for name, size in await conn.fetch(_TABLES) if size and name not in origin.rows]
    written = await _written(conn, list(origin.rows), since)
    changed += [name for name, count, news in written if news or count != origin.rows[name]]
    if any(name in origin.rows and name not in origin.contents for name in changed):
        return False
    await conn.execute("SET session_replication_role = replica")  # no trigger refuses, no reference is followed
    if changed:
        await conn.execute(f"TRUNCATE {', '.join(changed)} CASCADE")
        for name, count, _ in await _written(conn, list(origin.contents), since):
            if not count:
                await _fill(conn, name, origin.contents[name])
                changed.append(name)
    for name, start, last in await conn.fetch(_SEQUENCES):
        before = origin.sequences[name]
        if last != before:
            value = (start, False) if before is None else (before, True)
            await conn.execute("SELECT setval($1::regclass, $2, $3)", name, *value)
    if origin.is_analyzed and changed:
        await conn.execute(f"ANALYZE {', '.join(sorted(set(changed)))}")
    return True


async def _written(conn: asyncpg.Connection, tables: Sequence[str], since: int) -> list[tuple[str, int, int]]:
    """Of each table: its name, how many rows it has, how many of them are of a transaction from `since` on."""
    if not tables:
        return []
    counted = (
        f"SELECT '{name}', count(*), count(*) FILTER (WHERE xmin::text::bigint >= $1) FROM {name}"  # noqa: S608
        for name in tables
    )
    return [tuple(row) for row in await conn.fetch(" UNION ALL ".join(counted), since)]


async def _fill(conn: asyncpg.Connection, name: str, content: bytes) -> None:
    schema, table = name.split(".") if "." in name else (None, name)
    await conn.copy_to_table(table, schema_name=schema, source=BytesIO(content), format="binary")
