"""All SQL that moves records: contents, states of levels, and what the directory knows of their divisions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from common.db import Connection
from common.divisions import Level
from common.outbox import OUTBOX_COLUMNS, Row
from sync.records.domain import Known, LevelState, RecordHead, RecordKey, StateRow, Submission, Validity

# A plan made while record_payloads was small would go on reading it whole when it is large.
_PLAN_ANEW = "SET LOCAL plan_cache_mode = force_custom_plan"
_COMPARE = """
    SELECT k.place, p.digest IS NULL AS is_new
    FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::bytea[])
        WITH ORDINALITY AS k (record_type, record_id, version, digest, place)
    LEFT JOIN record_payloads AS p USING (record_type, record_id, version)
    WHERE p.digest IS DISTINCT FROM k.digest
"""
_STORE = """
    INSERT INTO record_payloads
        (record_type, record_id, version, digest, division, level, event_type, occurred_at, data)
    SELECT *
    FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::bytea[], $5::text[], $6::text[], $7::text[],
        $8::timestamptz[], $9::text[])
    ON CONFLICT DO NOTHING
"""
_ADVANCE = """
    INSERT INTO level_states AS known (record_type, record_id, level, version, node, division, accepted_at)
    SELECT k.*, $7::timestamptz
    FROM unnest($1::text[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[]) AS k
    ON CONFLICT (record_type, record_id, level) DO UPDATE
        SET version = excluded.version, node = excluded.node, division = excluded.division,
            accepted_at = excluded.accepted_at
        WHERE known.version < excluded.version
    RETURNING known.record_type, known.record_id, known.level, coalesce(old.version, 0)
"""
_VERSIONS = """
    SELECT s.record_type, s.record_id, s.level, s.version
    FROM unnest($1::text[], $2::uuid[], $3::text[]) AS k (record_type, record_id, level)
    JOIN level_states AS s USING (record_type, record_id, level)
"""
_VALIDITIES = (
    "SELECT d.code, d.valid_from, d.valid_to, h.heir FROM directory_divisions d "
    "LEFT JOIN directory_heirs h USING (code) WHERE d.code = ANY($1::text[]) AND d.kind <> 'filler'"
)

_HEAD = (
    "SELECT event_type, occurred_at, digest FROM record_payloads "
    "WHERE record_type = $1 AND record_id = $2 AND version = $3 AND division BETWEEN $4 AND $5"
)
_STATES = (
    "SELECT level, version, node, accepted_at FROM level_states "
    "WHERE record_type = $1 AND record_id = $2 AND division BETWEEN $3 AND $4"
)
_PAGE = """
    SELECT record_type, record_id, version, node, division, accepted_at FROM level_states
    WHERE level = $1 AND division BETWEEN $2 AND $3 AND (division, record_type, record_id) > ($4, $5, $6)
        AND ($7::text IS NULL OR record_type = $7)
    ORDER BY division, record_type, record_id LIMIT $8
"""
_COUNTS = (
    "SELECT record_type, count(*) AS count FROM level_states WHERE level = $1 AND division BETWEEN $2 AND $3 "
    "GROUP BY record_type ORDER BY record_type"
)
_NAMES = """
    SELECT DISTINCT ON (code) code, name FROM directory_divisions
    WHERE code = ANY($1::text[]) AND kind <> 'filler'
    ORDER BY code, valid_to DESC NULLS FIRST, valid_from DESC
"""
_BEFORE_ALL = ("", "", UUID(int=0))

_CONTENT = attrgetter("record_type", "record_id", "version", "digest")
_STORED = attrgetter(
    "record_type", "record_id", "version", "digest", "division", "origin", "event_type", "occurred_at", "data"
)


async def store_contents(conn: Connection, submissions: Sequence[Submission]) -> set[int]:
    """Stores the contents that this site does not have; returns the places of those whose version is here otherwise.

    New contents are stored before they are compared, so that of two that arrive at once one sees the other.

    Locks: the new rows of record_payloads, in key order.
    """
    await conn.execute(_PLAN_ANEW)
    found = await _compare(conn, submissions, range(len(submissions)))
    conflicting = {place for place, is_new in found.items() if not is_new}
    new = [place for place, is_new in found.items() if is_new]
    if new:
        first = {_CONTENT(one)[:3]: one for one in (submissions[place] for place in reversed(new))}
        await conn.execute(_STORE, *zip(*(_STORED(one) for _, one in sorted(first.items())), strict=True))
        conflicting |= (await _compare(conn, submissions, new)).keys()
    return conflicting


async def _compare(conn: Connection, submissions: Sequence[Submission], places: Sequence[int]) -> dict[int, bool]:
    """The places whose content is not stored as it is, and whether nothing is stored."""
    columns = zip(*(_CONTENT(submissions[place]) for place in places), strict=True)
    return {places[row["place"] - 1]: row["is_new"] for row in await conn.fetch(_COMPARE, *columns)}


async def advance_states(conn: Connection, newest: Iterable[Submission], at: datetime) -> dict[RecordKey, int]:
    """Takes one version of each of some records; returns the version before, for those whose state moved.

    Locks: the rows of level_states, in key order, until the transaction ends.
    """
    rows = sorted((*one.key, one.version, one.receiver_division, one.division) for one in newest)
    return {RecordKey(*row[:3]): row[3] for row in await conn.fetch(_ADVANCE, *zip(*rows, strict=True), at)}


async def find_versions(conn: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, int]:
    """The newest accepted version of each of these records at its level."""
    rows = await conn.fetch(_VERSIONS, *zip(*keys, strict=True))
    return {RecordKey(*row[:3]): row[3] for row in rows}


async def publish(conn: Connection, rows: Iterable[Row]) -> None:
    """Adds outbox rows in order; they are made while the server already writes the ones before."""
    await conn.copy_records_to_table("outbox", records=rows, columns=OUTBOX_COLUMNS)


async def find_known(conn: Connection, codes: Collection[str]) -> dict[str, Known]:
    """What this site's copy of the register says of each code that it knows."""
    found: dict[str, Known] = {}
    for code, since, until, heir in await conn.fetch(_VALIDITIES, list(codes)):
        periods = found[code].periods if code in found else ()
        found[code] = Known((*periods, Validity(since, until)), heir)
    return found


async def find_head(
    conn: Connection, record_type: str, record_id: UUID, version: int, bounds: tuple[str, str]
) -> RecordHead | None:
    """A record at one version, without its payload."""
    row = await conn.fetchrow(_HEAD, record_type, record_id, version, *bounds)
    return None if row is None else RecordHead(**row)


async def states_of(
    conn: Connection, record_type: str, record_id: UUID, bounds: tuple[str, str]
) -> dict[Level, LevelState]:
    """What each level holds of a record."""
    rows = await conn.fetch(_STATES, record_type, record_id, *bounds)
    states = (LevelState(Level(row["level"]), row["version"], row["accepted_at"], row["node"]) for row in rows)
    return {state.level: state for state in states}


async def page_of_level(
    conn: Connection,
    level: Level,
    bounds: tuple[str, str],
    *,
    record_type: str | None,
    after: tuple[str, str, UUID] | None,
    limit: int,
) -> list[StateRow]:
    """What a level has accepted, in order of (division, record type, record id)."""
    rows = await conn.fetch(_PAGE, level, *bounds, *(after or _BEFORE_ALL), record_type, limit)
    return [StateRow(**row) for row in rows]


async def count_by_type(conn: Connection, level: Level, bounds: tuple[str, str]) -> dict[str, int]:
    """How many records of each type a level has accepted; read from the index alone."""
    rows = await conn.fetch(_COUNTS, level, *bounds)
    return {row["record_type"]: row["count"] for row in rows}


async def names_of(conn: Connection, codes: Collection[str]) -> dict[str, str]:
    """The latest name of each division that the directory knows."""
    rows = await conn.fetch(_NAMES, list(codes))
    return {row["code"]: row["name"] for row in rows}
