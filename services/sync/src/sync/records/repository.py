"""All SQL that moves records: contents, states of levels, and what the directory knows of their divisions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from common.db import Connection
from common.outbox import OUTBOX_COLUMNS, Row
from sync.records.domain import RecordKey, Submission, Validity

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
    "SELECT code, valid_from, valid_to FROM directory_divisions WHERE code = ANY($1::text[]) AND kind <> 'filler'"
)

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


async def find_validities(conn: Connection, codes: Collection[str]) -> dict[str, list[Validity]]:
    """The periods in which this site's copy of the register knows each code to be valid."""
    found: dict[str, list[Validity]] = {}
    for code, since, until in await conn.fetch(_VALIDITIES, list(codes)):
        found.setdefault(code, []).append(Validity(since, until))
    return found
