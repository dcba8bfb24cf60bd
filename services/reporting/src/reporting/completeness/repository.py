"""All SQL of completeness.

Arrays come sorted by key, and `unnest` keeps their order: every writer takes row locks in the same order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from common.db import Connection
from common.divisions import LEVELS, subtree_range
from reporting.completeness.domain import EXPECTED_KINDS, OfficeDay, Period, PlaceDay

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
INSERT INTO expected_steps AS known (division, day, change)
SELECT * FROM unnest($1::char(12)[], $2::date[], $3::bigint[])
ON CONFLICT (division, day) DO UPDATE SET change = known.change + excluded.change
"""
_ENSURE_PLACES = """
INSERT INTO places (division, is_expected) SELECT division, false FROM unnest($1::char(12)[]) AS division
ON CONFLICT DO NOTHING
"""
_LOCK_PLACES = "SELECT division, is_expected FROM places WHERE division = ANY($1::char(12)[]) ORDER BY division "
_NOTE_OFFICES = """
INSERT INTO office_states (office_id, version, division, effective_on, is_expected)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::char(12)[], $4::date[], $5::boolean[]) ON CONFLICT DO NOTHING
"""
_OFFICE_STATES = """
SELECT office_id, version, division, effective_on, is_expected FROM office_states
WHERE office_id IN (SELECT office_id FROM office_states WHERE division = ANY($1::char(12)[]))
"""
_HEARD = """
SELECT level, division, day FROM place_days
WHERE level = ANY($1::text[]) AND division = ANY($2::char(12)[]) AND facts > 0
"""
_COUNTS = """
SELECT code AS division,
    coalesce((SELECT sum(change) FROM expected_steps e
              WHERE e.division = code AND e.day <= {last}), 0)::bigint AS expected,
    coalesce((SELECT sum(change * ({last} - greatest(e.day, {first}) + 1)) FROM expected_steps e
              WHERE e.division = code AND e.day <= {last}), 0)::bigint AS place_days,
    coalesce((SELECT sum(reported) FROM reported_places r WHERE r.level = {level} AND r.division = code
              AND r.day BETWEEN {first} AND {last}), 0)::bigint AS reported
FROM unnest({divisions}::char(12)[]) AS code WHERE code COLLATE "C" BETWEEN {low} AND {high}
"""
_COVERAGE = f"""
SELECT counts.division AS covered_division, expected, place_days, reported, as_of, accepted_at, updated_at,
    CASE WHEN counts.division = {{named}} THEN
        (SELECT name FROM directory_divisions d WHERE d.code = {{named}} AND d.kind <> 'filler'
         ORDER BY d.valid_from DESC, d.version DESC LIMIT 1) END AS covered_name
FROM ({_COUNTS}) counts LEFT JOIN freshness ON freshness.level = {{level}}
"""  # noqa: S608
_PARAMETERS = ("divisions", "level", "first", "last", "low", "high", "named")


def _numbered(sql: str, taken: int = 0) -> str:
    return sql.format(**{name: f"${taken + place}" for place, name in enumerate(_PARAMETERS, 1)})


_COUNTED = _numbered(_COUNTS)


def covered(sql: str, taken: int) -> str:
    """A statement whose every row also says how fresh and complete it is; without any row, one that says that alone.

    One statement sees one moment, so that an answer made of it needs no transaction.

    Args:
        sql: a SELECT whose columns have other names than those of the coverage.
        taken: how many parameters it has; those of the coverage follow.
    """
    coverage = _numbered(_COVERAGE, taken)
    return f"""
WITH covered AS MATERIALIZED ({coverage})
SELECT covered.*, told.* FROM covered LEFT JOIN ({sql}) told ON true
"""  # noqa: S608 - reckoned once, not again with every row


_COVERAGE_ALONE = _numbered(_COVERAGE)
_EXPECTED = """
SELECT code AS division, coalesce((SELECT sum(change) FROM expected_steps e
    WHERE e.division = code AND e.day <= $2), 0)::bigint AS expected
FROM unnest($1::char(12)[]) AS code
"""
_EXPECTED_ABOVE_VILLAGES = """
SELECT asked.low AS division, count(*) AS expected FROM unnest($1::char(12)[], $2::char(12)[]) AS asked (low, high)
JOIN place_periods p ON p.division BETWEEN asked.low AND asked.high
WHERE right(p.division, 3) = '000' AND p.since <= $3 AND (p.until IS NULL OR p.until > $3)
GROUP BY asked.low
"""
_EXPECTED_THERE = """
SELECT division, 1 AS expected FROM place_periods
WHERE division = ANY($1::char(12)[]) AND since <= $2 AND (until IS NULL OR until > $2)
"""
_MISSING = """
SELECT p.division, d.name, o.office_name, o.kind
FROM place_periods p
LEFT JOIN LATERAL (SELECT name FROM directory_divisions WHERE code = p.division AND kind <> 'filler'
                   ORDER BY valid_from DESC, version DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT name AS office_name, kind FROM directory_offices
                   WHERE id IN (SELECT office_id FROM office_states s WHERE s.division = p.division)
                       AND kind = ANY($8::text[])
                   ORDER BY (division = p.division AND status = 'operating') DESC, id LIMIT 1) o ON true
WHERE p.since <= $2 AND (p.until IS NULL OR p.until > $2)
  AND p.division BETWEEN $3 AND $4 AND p.division BETWEEN $5 AND $6 AND p.division > $7
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

    async def add_expected(self, changes: Mapping[tuple[str, date], int]) -> None:
        """Adds to the steps of divisions."""
        keys = sorted(changes)
        codes, days = [code for code, _ in keys], [day for _, day in keys]
        await self._conn.execute(_ADD_EXPECTED, codes, days, [changes[key] for key in keys])

    async def hold(self, divisions: Iterable[str], *, to_change: bool) -> dict[str, bool]:
        """The places, held as they are until the transaction ends, with whether they are expected at last.

        Locks: shared for those who count by the answer, exclusive for those who change it. A place that nobody has
        named yet is made first, because a lock needs a row.
        """
        wanted = sorted(set(divisions))
        await self._conn.execute(_ENSURE_PLACES, wanted)
        rows = await self._conn.fetch(_LOCK_PLACES + ("FOR NO KEY UPDATE" if to_change else "FOR SHARE"), wanted)
        return {row["division"]: row["is_expected"] for row in rows}

    async def note_offices(self, states: Sequence[OfficeDay]) -> set[str]:
        """Keeps states of offices; returns every place where these offices are or were."""
        await self._conn.execute(_NOTE_OFFICES, *(list(column) for column in zip(*states, strict=True)))
        offices = list({state.office_id for state in states})
        rows = await self._conn.fetch("SELECT division FROM office_states WHERE office_id = ANY($1::uuid[])", offices)
        return {row["division"] for row in rows}

    async def office_states(self, divisions: Sequence[str]) -> list[OfficeDay]:
        """Every state of every office that is or was at one of the divisions."""
        return [OfficeDay(*row) for row in await self._conn.fetch(_OFFICE_STATES, list(divisions))]

    async def periods(self, divisions: Sequence[str]) -> dict[str, tuple[Period, ...]]:
        """When each of the places is expected; places that never are, are absent."""
        rows = await self._conn.fetch(
            "SELECT division, since, until FROM place_periods WHERE division = ANY($1::char(12)[]) "
            "ORDER BY division, since",
            list(divisions),
        )
        found: dict[str, tuple[Period, ...]] = {}
        for row in rows:
            found[row["division"]] = (*found.get(row["division"], ()), (row["since"], row["until"]))
        return found

    async def put_periods(self, periods: Mapping[str, Sequence[Period]]) -> None:
        """Writes the periods of held places."""
        divisions = sorted(periods)
        await self._conn.execute("DELETE FROM place_periods WHERE division = ANY($1::char(12)[])", divisions)
        rows = [(code, *period) for code in divisions for period in periods[code]]
        columns = ("division", "since", "until")
        await self._conn.copy_records_to_table("place_periods", records=rows, columns=columns)
        open_ones = {code for code in divisions if any(until is None for _, until in periods[code])}
        await self._conn.execute(
            "UPDATE places SET is_expected = division = ANY($2::char(12)[]) WHERE division = ANY($1::char(12)[])",
            divisions,
            sorted(open_ones),
        )

    async def heard(self, divisions: Sequence[str]) -> list[PlaceDay]:
        """Every day on which any level has heard from one of the places."""
        rows = await self._conn.fetch(_HEARD, _LEVELS, list(divisions))
        return [(row["level"], row["division"], row["day"]) for row in rows]

    async def counts(
        self, divisions: Sequence[str], *, level: str, first: date, last: date, scope: tuple[str, str]
    ) -> Sequence[Any]:
        """(division, expected, place_days, reported) of divisions within the scope."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _COUNTED, list(divisions), level, first, last, *scope
        )

    async def coverage(self, arguments: Sequence[Any]) -> Sequence[Any]:
        """The same as `covered_division`; how fresh the level's figures are; and what one division is called."""
        return await self._conn.fetch(_COVERAGE_ALONE, *arguments)  # type: ignore[no-any-return]

    async def expected(self, divisions: Sequence[str], on: date, *, own: bool) -> dict[str, int]:
        """How many places of each subtree, or which of the divisions themselves, have an operating office on a day."""
        rows = await self._conn.fetch(_EXPECTED_THERE if own else _EXPECTED, list(divisions), on)
        return {row["division"]: row["expected"] for row in rows}

    async def expected_above_villages(self, divisions: Sequence[str], on: date) -> dict[str, int]:
        """How many of them are no villages."""
        bounds = [subtree_range(code) for code in divisions]
        lows, highs = [low for low, _ in bounds], [high for _, high in bounds]
        rows = await self._conn.fetch(_EXPECTED_ABOVE_VILLAGES, lows, highs, on)
        return {row["division"]: row["expected"] for row in rows}

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
