"""SQL of completeness and timeliness: counted from the versions, so that every moment can be asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from common.db import Connection
from common.directory import WITHIN
from common.divisions import subtree_range
from reporting.completeness.domain import EXPECTED_KINDS

_THEN = """
LEFT JOIN LATERAL (
    SELECT status, edition, first_submitted_at, approved_edition FROM report_versions v
    WHERE v.period_id = p.period_id AND v.division = p.division AND v.at <= $2
    ORDER BY v.version DESC LIMIT 1) r ON true
"""
_DAY = "((r.first_submitted_at AT TIME ZONE 'UTC') + interval '8 hours')::date"
_LATE = f"greatest({_DAY} - p.due_on, 0)"
_PROGRESS = f"""
SELECT k.key, count(p.division) AS expected, count(r.first_submitted_at) AS reported,
    count(*) FILTER (WHERE {_DAY} <= p.due_on) AS on_time,
    coalesce(sum({_LATE}), 0)::bigint AS late_days, coalesce(max({_LATE}), 0) AS late_days_most,
    count(*) FILTER (WHERE r.status = 'returned') AS returned, count(r.approved_edition) AS approved,
    count(*) FILTER (WHERE r.edition > r.approved_edition) AS restating,
    count(*) FILTER (WHERE p.division IS NOT NULL AND r.first_submitted_at IS NULL AND p.due_on < $3) AS overdue
FROM unnest($4::text[], $5::text[], $6::text[]) AS k (key, low, high)
LEFT JOIN report_places p ON p.period_id = $1 AND p.division BETWEEN k.low AND k.high
{_THEN}
GROUP BY k.key
"""  # noqa: S608 - constants
_NAME = """
(SELECT d.name FROM directory_divisions d WHERE d.code = {0} AND d.kind <> 'filler'
 ORDER BY d.valid_from DESC, d.version DESC LIMIT 1)
"""
_CHILDREN = f"""
SELECT p.division, p.level, {_NAME.format("p.division")} AS name,
    EXISTS (SELECT FROM report_places b WHERE b.period_id = p.period_id AND b.parent = p.division
            AND b.division <> p.division) AS has_children
FROM report_places p WHERE p.period_id = $1 AND p.parent = $2 AND p.division <> $2 AND p.division > $3
ORDER BY p.division LIMIT $4
"""  # noqa: S608
_MISSING = f"""
SELECT p.division, p.level, p.due_on, r.status, {_NAME.format("p.division")} AS name, o.name AS office_name
FROM report_places p
{_THEN}
LEFT JOIN LATERAL (
    SELECT name FROM directory_offices WHERE division = p.division AND (kind = 'bureau' OR kind = ANY($10::text[]))
    ORDER BY (status = 'operating') DESC, id LIMIT 1) o ON true
WHERE p.period_id = $1 AND r.first_submitted_at IS NULL
    AND p.division BETWEEN $3 AND $4 AND {WITHIN.format(column="p.division", low="$5", high="$6")}
    AND p.division > $7 AND ($8::date IS NULL OR p.due_on < $8)
ORDER BY p.division LIMIT $9
"""  # noqa: S608


class ProgressRows:
    """Counts and lists of one period on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def counts(self, period_id: UUID, divisions: Sequence[str], *, at: datetime, on: date) -> Sequence[Any]:
        """One row of counts for each division with all below it."""
        ranges = [subtree_range(code) for code in divisions]
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PROGRESS, period_id, at, on, list(divisions), [low for low, _ in ranges], [high for _, high in ranges]
        )

    async def children(self, period_id: UUID, division: str, *, after: str, limit: int) -> Sequence[Any]:
        """The places that report to a division, by code, after one."""
        return await self._conn.fetch(_CHILDREN, period_id, division, after, limit)  # type: ignore[no-any-return]

    async def missing(
        self,
        period_id: UUID,
        *,
        at: datetime,
        within: str,
        scope: tuple[str, str],
        after: str,
        due_before: date | None,
        limit: int,
    ) -> Sequence[Any]:
        """Places that had handed in nothing at a moment, by code, after one."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _MISSING, period_id, at, *subtree_range(within), *scope, after, due_before, limit, list(EXPECTED_KINDS)
        )
