"""All SQL of completeness.

Arrays come sorted by key, and `unnest` keeps their order: every writer takes row locks in the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from common.db import Connection
from common.divisions import LEVELS
from reporting.completeness.domain import EXPECTED_KINDS, PlaceDay

_ADD_FACTS = """
INSERT INTO place_days AS known (level, division, day, facts)
SELECT * FROM unnest($1::text[], $2::char(12)[], $3::date[], $4::bigint[])
ON CONFLICT (level, division, day) DO UPDATE SET facts = known.facts + excluded.facts
RETURNING level, division, day, coalesce(old.facts, 0) > 0 AS was_heard, new.facts > 0 AS is_heard
"""
_ADD_REPORTED = """
INSERT INTO reported_places AS known (level, division, day, reported)
SELECT * FROM unnest($1::text[], $2::char(12)[], $3::date[], $4::bigint[])
ON CONFLICT (level, division, day) DO UPDATE SET reported = known.reported + excluded.reported
"""
_ADD_EXPECTED = """
INSERT INTO expected_places AS known (division, expected) SELECT * FROM unnest($1::char(12)[], $2::bigint[])
ON CONFLICT (division) DO UPDATE SET expected = known.expected + excluded.expected
"""
_ENSURE_PLACES = """
INSERT INTO places (division, is_expected) SELECT division, false FROM unnest($1::char(12)[]) AS division
ON CONFLICT DO NOTHING
"""
_LOCK_PLACES = "SELECT division, is_expected FROM places WHERE division = ANY($1::char(12)[]) ORDER BY division "
_OPERATING = """
SELECT DISTINCT division FROM directory_offices
WHERE division = ANY($1::char(12)[]) AND status = 'operating' AND kind = ANY($2::text[])
"""
_HEARD = """
SELECT level, division, day FROM place_days
WHERE level = ANY($1::text[]) AND division = ANY($2::char(12)[]) AND facts > 0
"""
_COUNTS = """
SELECT code AS division,
    coalesce((SELECT expected FROM expected_places e WHERE e.division = code), 0)::bigint AS expected,
    coalesce((SELECT sum(reported) FROM reported_places r
              WHERE r.level = $2 AND r.division = code AND r.day BETWEEN $3 AND $4), 0)::bigint AS reported
FROM unnest($1::char(12)[]) AS code WHERE code COLLATE "C" BETWEEN $5 AND $6
"""
_MISSING = """
SELECT p.division, d.name, o.office_name, o.kind
FROM places p
LEFT JOIN LATERAL (SELECT name FROM directory_divisions WHERE code = p.division AND kind <> 'filler'
                   ORDER BY valid_from DESC, version DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name AS office_name, kind FROM directory_offices
                   WHERE division = p.division AND status = 'operating' AND kind = ANY($8::text[])
                   ORDER BY id LIMIT 1) o ON true
WHERE p.is_expected AND p.division BETWEEN $3 AND $4 AND p.division BETWEEN $5 AND $6 AND p.division > $7
  AND NOT EXISTS (SELECT FROM place_days h
                  WHERE h.level = $1 AND h.division = p.division AND h.day = $2 AND h.facts > 0)
ORDER BY p.division LIMIT $9
"""
_LEVELS = [level.value for level in LEVELS]
_KINDS = list(EXPECTED_KINDS)


class Places:
    """Places and counts on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def add_facts(self, changes: Mapping[PlaceDay, int]) -> Sequence[Any]:
        """Adds to the facts of places; tells of each whether it was heard from before and is now."""
        return await self._conn.fetch(_ADD_FACTS, *_columns(changes))  # type: ignore[no-any-return]

    async def add_reported(self, changes: Mapping[PlaceDay, int]) -> None:
        """Adds to the counts of divisions."""
        await self._conn.execute(_ADD_REPORTED, *_columns(changes))

    async def add_expected(self, changes: Mapping[str, int]) -> None:
        """Adds to the expected places of divisions."""
        divisions = sorted(changes)
        await self._conn.execute(_ADD_EXPECTED, divisions, [changes[code] for code in divisions])

    async def hold(self, divisions: Iterable[str], *, to_change: bool) -> dict[str, bool]:
        """Division → whether it is expected, held as it is until the transaction ends.

        Locks: shared for those who count by the answer, exclusive for those who change it. A place that nobody has
        named yet is made first, because a lock needs a row.
        """
        wanted = sorted(set(divisions))
        await self._conn.execute(_ENSURE_PLACES, wanted)
        rows = await self._conn.fetch(_LOCK_PLACES + ("FOR NO KEY UPDATE" if to_change else "FOR SHARE"), wanted)
        return {row["division"]: row["is_expected"] for row in rows}

    async def divisions_of(self, offices: Sequence[UUID]) -> set[str]:
        """Where the directory copy has these offices."""
        rows = await self._conn.fetch(
            "SELECT DISTINCT division FROM directory_offices WHERE id = ANY($1::uuid[])", list(offices)
        )
        return {row["division"] for row in rows}

    async def operating(self, divisions: Sequence[str]) -> set[str]:
        """Those of the divisions that have an operating office, as the directory copy says."""
        return {row["division"] for row in await self._conn.fetch(_OPERATING, list(divisions), _KINDS)}

    async def expect(self, divisions: Sequence[str], *, is_expected: bool) -> None:
        """Changes held places."""
        await self._conn.execute(
            "UPDATE places SET is_expected = $2 WHERE division = ANY($1::char(12)[])", list(divisions), is_expected
        )

    async def heard(self, divisions: Sequence[str]) -> list[PlaceDay]:
        """Every day on which any level has heard from one of the places."""
        rows = await self._conn.fetch(_HEARD, _LEVELS, list(divisions))
        return [(row["level"], row["division"], row["day"]) for row in rows]

    async def counts(
        self, divisions: Sequence[str], *, level: str, first: date, last: date, scope: tuple[str, str]
    ) -> Sequence[Any]:
        """(division, expected, reported) of divisions within the scope."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _COUNTS, list(divisions), level, first, last, *scope
        )

    async def missing(
        self, *, level: str, day: date, within: tuple[str, str], scope: tuple[str, str], after: str, limit: int
    ) -> Sequence[Any]:
        """Expected places without a record of the day, in the order of their codes, after a code."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _MISSING, level, day, *within, *scope, after, _KINDS, limit
        )


def _columns(changes: Mapping[PlaceDay, int]) -> tuple[list[Any], ...]:
    keys = sorted(changes)
    return (
        [level for level, _, _ in keys],
        [division for _, division, _ in keys],
        [day for _, _, day in keys],
        [changes[key] for key in keys],
    )
