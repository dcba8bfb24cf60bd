"""All SQL of standings. Batches are staged sorted by key: every writer takes row locks in the same order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from reporting.standings.domain import Deltas, OfficeStanding, Period, SumKey, Version

_KEEP_STATES = """
INSERT INTO standing_states (record_id, version, office_id, division, effective_on, status, counts)
SELECT record_id, version, office_id, division, effective_on, status, counts::jsonb
FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::char(12)[], $5::date[], $6::text[], $7::text[])
    AS incoming (record_id, version, office_id, division, effective_on, status, counts)
ON CONFLICT DO NOTHING
"""
_HOLD = """
INSERT INTO standings AS known (level, record_id, version)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::integer[])
ON CONFLICT (level, record_id) DO UPDATE SET version = greatest(known.version, excluded.version)
"""
_NEWS = """
SELECT incoming.level, incoming.record_id, incoming.version
FROM unnest($1::text[], $2::uuid[], $3::integer[]) AS incoming (level, record_id, version)
WHERE NOT EXISTS (SELECT FROM standing_periods p WHERE p.level = incoming.level
    AND p.record_id = incoming.record_id AND p.version = incoming.version)
"""
_TOUCHED = """
SELECT asked.level, asked.record_id, p.version, s.division, s.effective_on, s.counts::text AS counts
FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::date[]) AS asked (level, record_id, version, day)
JOIN standing_periods p ON p.level = asked.level AND p.record_id = asked.record_id AND p.version >= coalesce(
    (SELECT max(b.version) FROM standing_periods b WHERE b.level = asked.level AND b.record_id = asked.record_id
        AND b.version < asked.version AND b.since <= asked.day), 0)
JOIN standing_states s ON s.record_id = p.record_id AND s.version = p.version
"""
"""From the last version that nothing new can touch on: everything before it ends where it began, or earlier."""
_STATES = """
SELECT s.record_id, s.version, s.division, s.effective_on, s.counts::text AS counts
FROM unnest($1::uuid[], $2::integer[]) AS asked (record_id, version)
JOIN standing_states s ON s.record_id = asked.record_id AND s.version = asked.version
"""
_PUT_PERIODS = """
INSERT INTO standing_periods AS known (level, record_id, version, division, since, until)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::char(12)[], $5::date[], $6::date[])
ON CONFLICT (level, record_id, version) DO UPDATE SET since = excluded.since, until = excluded.until
"""
_ADDED = """
(SELECT coalesce(jsonb_object_agg(code, change), '{{}}') FROM (
    SELECT key AS code, sum(value::bigint)::bigint AS change
    FROM (SELECT * FROM jsonb_each_text(known.{0}) UNION ALL SELECT * FROM jsonb_each_text(excluded.{0})) AS both_
    GROUP BY key HAVING sum(value::bigint) <> 0) AS added)
"""
_ADD = f"""
INSERT INTO standing_sums AS known (level, division, day, counts, own)
SELECT level, division, day, counts::jsonb, own::jsonb
FROM unnest($1::text[], $2::char(12)[], $3::date[], $4::text[], $5::text[])
    AS incoming (level, division, day, counts, own)
ON CONFLICT (level, division, day) DO UPDATE SET counts = {_ADDED.format("counts")},
    own = CASE WHEN excluded.own = '{{}}' THEN known.own ELSE {_ADDED.format("own")} END
"""  # noqa: S608 - constants
_ADVANCE = """
INSERT INTO standing_freshness AS known (level, as_of, accepted_at, updated_at)
SELECT level, as_of, accepted_at, clock_timestamp()
FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS incoming (level, as_of, accepted_at)
ON CONFLICT (level) DO UPDATE SET as_of = greatest(known.as_of, excluded.as_of),
    accepted_at = greatest(known.accepted_at, excluded.accepted_at), updated_at = excluded.updated_at
"""
_SIGNED = "sum(CASE WHEN s.day = 'infinity' THEN 1 ELSE -1 END * {value}::bigint)::bigint AS value"
_SIDE = "CASE WHEN $5 AND right(s.division, 3) = '000' THEN s.own ELSE s.counts END"
_WHERE = "s.level = $1 AND s.division = ANY($2::char(12)[]) AND s.day > $3"
_SUMS = f"""
SELECT s.division, c.key AS code, {_SIGNED.format(value="c.value")}
FROM standing_sums s, jsonb_each_text({_SIDE}) AS c
WHERE {_WHERE} AND c.key = ANY($4::text[]) GROUP BY s.division, c.key
"""  # noqa: S608 - constants
_SUMS_OF_MANY = f"""
SELECT s.division, code, {_SIGNED.format(value=f"({_SIDE} ->> code)")}
FROM standing_sums s, unnest($4::text[]) AS code
WHERE {_WHERE} AND ({_SIDE}) ? code GROUP BY s.division, code
"""  # noqa: S608
MANY = 64
"""Beyond so many divisions few members are taken out of each row; of few rows everything is read at once."""
_OFFICES = """
SELECT p.division, s.office_id, p.record_id, p.version, s.effective_on, s.status, s.counts::text AS counts
FROM standing_periods p JOIN standing_states s ON s.record_id = p.record_id AND s.version = p.version
WHERE p.level = $1 AND (p.division, p.record_id) > ($2::char(12), $3::uuid) AND {within}
  AND p.since <= $4 AND (p.until IS NULL OR p.until > $4)
  AND ($5::text[] IS NULL OR s.counts ?| $5)
  AND ($6::char(12)[] IS NULL OR p.division = ANY($6))
ORDER BY p.division, p.record_id LIMIT $7
"""
_ONE_RANGE = "p.division BETWEEN ($8::char(12)[])[1] AND ($9::char(12)[])[1]"
_RANGES = """
(SELECT count(*) FROM unnest($8::char(12)[], $9::char(12)[]) AS r (low, high)
 WHERE p.division BETWEEN r.low AND r.high)
> (SELECT count(*) FROM unnest($10::char(12)[], $11::char(12)[]) AS r (low, high)
   WHERE p.division BETWEEN r.low AND r.high)
"""
"""A subtree that is left out may hold one that is not."""
_NEWEST = """
SELECT s.division, s.office_id, p.record_id, p.version, s.effective_on, s.status, s.counts::text AS counts
FROM standings p JOIN standing_states s ON s.record_id = p.record_id AND s.version = p.version
WHERE p.level = $1 AND p.record_id = $2
"""
Key = tuple[str, UUID, int]
_FRESHNESS = """
SELECT 'standings' AS source, as_of, accepted_at, updated_at FROM standing_freshness WHERE level = $1
UNION ALL SELECT 'figures', as_of, accepted_at, updated_at FROM freshness WHERE level = $1
"""
_HEAD = f"""
WITH named AS MATERIALIZED (
    SELECT name FROM directory_divisions WHERE code = $2 AND kind <> 'filler'
    ORDER BY valid_from DESC, version DESC LIMIT 1)
SELECT named.name, told.* FROM named LEFT JOIN ({_FRESHNESS}) told ON true
"""  # noqa: S608


class Standings:
    """Standings and their sums, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def keep_states(self, rows: Sequence[tuple[UUID, int, UUID, str, date, str, Mapping[str, int]]]) -> None:
        """Keeps states of offices that are not known, sorted by key; what is known stays as it is."""
        ready = [(*row[:-1], json.dumps(row[-1])) for row in rows]
        await self._conn.execute(_KEEP_STATES, *map(list, zip(*ready, strict=True)))

    async def hold(self, keys: Sequence[Key]) -> None:
        """Makes the writers of an office at a level wait for one another.

        Args:
            keys: (level, record, newest version of the batch), sorted, no record twice.
        """
        await self._conn.execute(_HOLD, *map(list, zip(*keys, strict=True)))

    async def news(self, keys: Sequence[Key]) -> list[Key]:
        """Those versions that the level has not taken in yet; the offices are held."""
        rows = await self._conn.fetch(_NEWS, *map(list, zip(*keys, strict=True)))
        return [(row["level"], row["record_id"], row["version"]) for row in rows]

    async def touched(self, asked: Sequence[tuple[str, UUID, int, date]]) -> dict[tuple[str, UUID], list[Version]]:
        """Of each office the known versions whose days a version from that number and day on can change."""
        found: dict[tuple[str, UUID], list[Version]] = {}
        for row in await self._conn.fetch(_TOUCHED, *map(list, zip(*asked, strict=True))):
            found.setdefault((row["level"], row["record_id"]), []).append(_version(row))
        return found

    async def states(self, keys: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Version]:
        """States as they are kept."""
        rows = await self._conn.fetch(_STATES, *map(list, zip(*keys, strict=True)))
        return {(row["record_id"], row["version"]): _version(row) for row in rows}

    async def put_periods(self, rows: Iterable[tuple[str, UUID, Period]]) -> None:
        """Writes since when and until when versions hold."""
        ready = sorted((level, record_id, *period.identity) for level, record_id, period in rows)
        if ready:
            await self._conn.execute(_PUT_PERIODS, *map(list, zip(*ready, strict=True)))

    async def add(self, deltas: Deltas) -> None:
        """Adds to sums, in key order."""
        rows = []
        for key in sorted(deltas.counts):
            counts, own = _changes(deltas.counts, key), _changes(deltas.own, key)
            if counts or own:
                rows.append((*key, json.dumps(counts), json.dumps(own)))
        if rows:
            await self._conn.execute(_ADD, *map(list, zip(*rows, strict=True)))

    async def advance(self, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
        """Moves levels forward, never back; rows are (level, as_of, accepted_at) in the order of levels."""
        await self._conn.execute(_ADVANCE, *map(list, zip(*rows, strict=True)))

    async def freshness(self, level: str) -> Sequence[Any]:
        """(source, as_of, accepted_at, updated_at) of `standings` and `figures`, as far as the level has any."""
        return await self._conn.fetch(_FRESHNESS, level)  # type: ignore[no-any-return]

    async def head(self, level: str, division: str) -> Sequence[Any]:
        """The same with the division's `name`, at least one row; nothing where the directory has never heard of it."""
        return await self._conn.fetch(_HEAD, level, division)  # type: ignore[no-any-return]

    async def sums(
        self, divisions: Sequence[str], codes: Sequence[str], *, level: str, on: date, own: bool
    ) -> dict[str, dict[str, int]]:
        """Division → measure → sum as of a day."""
        statement = _SUMS_OF_MANY if len(divisions) > MANY else _SUMS
        found: dict[str, dict[str, int]] = {}
        for row in await self._conn.fetch(statement, level, list(divisions), on, list(codes), own):
            if row["value"]:
                found.setdefault(row["division"], {})[row["code"]] = row["value"]
        return found

    async def offices(
        self,
        *,
        level: str,
        within: Sequence[tuple[str, str]] | None,
        without: Sequence[tuple[str, str]],
        after: tuple[str, UUID],
        on: date,
        codes: Sequence[str] | None,
        divisions: Sequence[str] | None,
        limit: int,
    ) -> list[OfficeStanding]:
        """Offices as a level knew them on a day, by (division, record), those with any of the measures."""
        condition, bounds = "TRUE", []
        if within is not None:
            is_one = len(within) == 1 and not without
            condition = _ONE_RANGE if is_one else _RANGES
            ranges = (within,) if is_one else (within, without)
            bounds = [list(side) for each in ranges for side in ([low for low, _ in each], [high for _, high in each])]
        statement = _OFFICES.format(within=condition)
        rows = await self._conn.fetch(statement, level, *after, on, codes, divisions, limit, *bounds)
        return [_standing(row) for row in rows]

    async def find_newest(self, level: str, record_id: UUID) -> OfficeStanding | None:
        """An office as a level knows it last."""
        row = await self._conn.fetchrow(_NEWEST, level, record_id)
        return None if row is None else _standing(row)


def _version(row: Any) -> Version:
    return Version(row["version"], row["division"], row["effective_on"], json.loads(row["counts"]))


def _standing(row: Any) -> OfficeStanding:
    return OfficeStanding._make((*tuple(row)[:-1], json.loads(row["counts"])))


def _changes(of: Mapping[SumKey, Mapping[str, int]], key: SumKey) -> dict[str, int]:
    return {code: change for code, change in sorted(of.get(key, {}).items()) if change}
