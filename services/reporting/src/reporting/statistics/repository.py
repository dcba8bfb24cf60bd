"""All SQL of the statistics: sums over the figures of months, each an index range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.db import Connection

_RANGE = """
level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND month BETWEEN $5 AND $6
AND ($9::text[] IS NULL OR measure = ANY($9))
"""
_WHOLE = "item_code = coalesce($8, '') AND ($8 IS NOT NULL OR duty = coalesce($7, '')) AND ($7 IS NULL OR duty = $7)"
_BY = {
    "month": ("month", _WHOLE),
    "division": ("division", _WHOLE),
    "duty": ("duty", "item_code = coalesce($8, '') AND duty <> '' AND ($7::text IS NULL OR duty = $7)"),
    "item": (
        "item_code",
        "item_code <> '' AND ($8::text IS NULL OR item_code = $8) AND ($7::text IS NULL OR duty = $7)",
    ),
}
_SUMS = {
    by: f"SELECT {key} AS key, measure, sum(value)::bigint AS value, sum(own)::bigint AS own FROM figure_months "  # noqa: S608 - from the constants above
    f"WHERE {_RANGE} AND {which} GROUP BY {key}, measure"
    for by, (key, which) in _BY.items()
}
_DUTIES_OF_ITEMS = """
SELECT DISTINCT item_code, duty FROM figure_months
WHERE level = $1 AND division = $2 AND division BETWEEN $3 AND $4 AND item_code <> ''
"""
_PLACES = """
SELECT places.code, places.name, places.parent_code, sums.measure, sums.value
FROM (
    SELECT DISTINCT ON (code) code, name, parent_code FROM directory_divisions
    WHERE code BETWEEN $1 AND $2 AND level = $3 AND kind <> 'filler'
        AND valid_from < $5 AND (valid_to IS NULL OR valid_to > $4)
    ORDER BY code, valid_from DESC, version DESC) places
LEFT JOIN LATERAL (
    SELECT measure, sum(value)::bigint AS value FROM figure_months
    WHERE level = $6 AND division = places.code AND item_code = '' AND duty = coalesce($7, '')
        AND month >= $4 AND month < $5 AND measure = ANY($8)
    GROUP BY measure) sums ON true
ORDER BY places.code
"""


@dataclass(frozen=True, slots=True)
class AskedSums:
    """Which sums are meant.

    Attributes:
        scope: bounds of the actor's divisions; part of every statement.
        measures: None for all.
    """

    level: str
    divisions: Sequence[str]
    scope: tuple[str, str]
    first: date
    last: date
    duty: str | None = None
    item_code: str | None = None
    measures: Sequence[str] | None = None


class Months:
    """Figures of months, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def sums(self, asked: AskedSums, *, by: str) -> Sequence[Any]:
        """(key, measure, value, own) summed by month, duty, item or division; no order."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _SUMS[by],
            asked.level,
            list(asked.divisions),
            *asked.scope,
            asked.first,
            asked.last,
            asked.duty,
            asked.item_code,
            None if asked.measures is None else list(asked.measures),
        )

    async def duties_of_items(self, level: str, division: str, scope: tuple[str, str]) -> dict[str, str]:
        """To which duty each item of a division's figures belongs; the one told last by the alphabet if several."""
        rows = await self._conn.fetch(_DUTIES_OF_ITEMS, level, division, *scope)
        return {row["item_code"]: row["duty"] for row in sorted(rows, key=lambda row: row["duty"])}

    async def places(
        self,
        bounds: tuple[str, str],
        *,
        of_level: str,
        first: date,
        until: date,
        level: str,
        duty: str | None,
        measures: Sequence[str],
    ) -> Sequence[Any]:
        """(code, name, parent_code, measure, value) of all divisions of a level in a range; measure None: nothing."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PLACES, *bounds, of_level, first, until, level, duty, list(measures)
        )
