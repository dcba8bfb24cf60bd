"""All SQL of what levels know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.db import Connection

_ADVANCE = """
INSERT INTO freshness AS known (level, as_of, accepted_at, updated_at)
SELECT level, as_of, accepted_at, clock_timestamp()
FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS incoming (level, as_of, accepted_at)
ON CONFLICT (level) DO UPDATE SET
    as_of = greatest(known.as_of, excluded.as_of),
    accepted_at = greatest(known.accepted_at, excluded.accepted_at),
    updated_at = excluded.updated_at
"""
_FRESHNESS = "SELECT as_of, accepted_at, updated_at FROM freshness WHERE level = $1"
_NAMES = """
SELECT DISTINCT ON (code) code, name FROM directory_divisions
WHERE code = ANY($1::char(12)[]) AND kind <> 'filler' ORDER BY code, valid_from DESC, version DESC
"""
BELOW = """
SELECT DISTINCT ON (code) code, name, valid_from <= {last} AND (valid_to IS NULL OR valid_to > {first}) AS is_open
FROM (SELECT * FROM directory_divisions WHERE parent_code = {division} AND kind <> 'filler' OFFSET 0) children
WHERE code BETWEEN {low} AND {high}
ORDER BY code, valid_from DESC, version DESC
"""
"""Divisions directly below one, within bounds, also those that are no more; `is_open` of who was there in the days.

Without OFFSET 0 a plan for any bounds would read the whole tree by its codes (1.4 ms instead of 0.3).
"""


class Levels:
    """Freshness and names on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def advance(self, rows: Sequence[tuple[str, datetime, datetime]]) -> None:
        """Moves levels forward, never back; rows are (level, as_of, accepted_at) in the order of levels."""
        await self._conn.execute(_ADVANCE, *map(list, zip(*rows, strict=True)))

    async def find_freshness(self, level: str) -> Any | None:
        """The row of one level."""
        return await self._conn.fetchrow(_FRESHNESS, level)

    async def names(self, codes: Sequence[str]) -> dict[str, str]:
        """The newest name of each division that the directory knows."""
        return {row["code"]: row["name"] for row in await self._conn.fetch(_NAMES, list(codes))}
