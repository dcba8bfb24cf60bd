"""All SQL of the statistics: sums over the figures of months, each an index range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.db import Connection
from reporting.completeness.service import covered
from reporting.figures.domain import MONTH_MEASURES

_RANGE = """
level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND part = $5 AND month BETWEEN $6 AND $7
"""
_EVERYTHING = "item_code = '' AND coalesce($8::text, $9::text) IS NULL"
_OF_ITEMS = "item_code <> '' AND ($8::text IS NULL OR duty = $8) AND ($9::text IS NULL OR item_code = $9)"
_SUMMED = ", ".join(f"sum({name})::bigint AS {name}" for name in MONTH_MEASURES)
_KEYS = {"division": "division", "duty": "duty", "item": "item_code, duty"}
_SUMS = {
    (by, which): f"SELECT {key}, {_SUMMED} FROM figure_months WHERE {_RANGE} AND {which} GROUP BY {key}"  # noqa: S608
    for by, key in _KEYS.items()
    for which in (_EVERYTHING, _OF_ITEMS)
}
_PERIODS = {
    which: covered(
        f"""
    SELECT part, CASE WHEN month >= $6 THEN month END AS month, {_SUMMED} FROM figure_months
    WHERE level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND part = ANY($5::text[])
        AND month <= $7 AND {which}
    GROUP BY 1, 2""",  # noqa: S608
        taken=9,
    )
    for which in (_EVERYTHING, _OF_ITEMS)
}
_PLACES = """
SELECT places.code, places.name, places.parent_code, sums.*
FROM (
    SELECT DISTINCT ON (code) code, name, parent_code FROM directory_divisions
    WHERE code BETWEEN $1 AND $2 AND level = $3 AND kind <> 'filler'
        AND valid_from < $5 AND (valid_to IS NULL OR valid_to > $4)
    ORDER BY code, valid_from DESC, version DESC) places
CROSS JOIN LATERAL (
    SELECT {0} FROM figure_months
    WHERE level = $6 AND division = places.code AND part = 'all' AND month >= $4 AND month < $5
        AND {1}) sums
ORDER BY places.code
"""


@dataclass(frozen=True, slots=True)
class AskedSums:
    """Which sums are meant.

    Attributes:
        scope: bounds of the actor's divisions; part of every statement.
        part: `all`, or `own` for what a division's own office has made.
    """

    level: str
    divisions: Sequence[str]
    scope: tuple[str, str]
    first: date
    last: date
    duty: str | None = None
    item_code: str | None = None
    part: str = "all"


class Months:
    """Figures of months, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def periods(self, asked: AskedSums, *, parts: Sequence[str], covering: Sequence[Any]) -> Sequence[Any]:
        """Every measure summed by part and month; what lies before the first month as one, without a month.

        Each row with the coverage; without any sums, one row that has no part.

        Args:
            covering: from `coverage_arguments`.
        """
        of_items = asked.duty is not None or asked.item_code is not None
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PERIODS[_OF_ITEMS if of_items else _EVERYTHING],
            asked.level,
            list(asked.divisions),
            *asked.scope,
            list(parts),
            asked.first,
            asked.last,
            asked.duty,
            asked.item_code,
            *covering,
        )

    async def sums(self, asked: AskedSums, *, by: str) -> Sequence[Any]:
        """Every measure summed by `division`, `duty`, or `item` (with its duty); no order."""
        of_items = by in {"duty", "item"} or asked.duty is not None or asked.item_code is not None
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _SUMS[by, _OF_ITEMS if of_items else _EVERYTHING],
            asked.level,
            list(asked.divisions),
            *asked.scope,
            asked.part,
            asked.first,
            asked.last,
            asked.duty,
            asked.item_code,
        )

    async def places(
        self,
        bounds: tuple[str, str],
        *,
        of_level: str,
        first: date,
        until: date,
        level: str,
        duty: str | None,
        item_code: str | None,
        measures: Sequence[str],
    ) -> Sequence[Any]:
        """(code, name, parent_code, each measure) of all divisions of a level in a range; None where nothing was."""
        summed = ", ".join(f"sum({name})::bigint AS {name}" for name in MONTH_MEASURES if name in measures)
        which = (
            (_EVERYTHING if duty is None and item_code is None else _OF_ITEMS).replace("$8", "$7").replace("$9", "$8")
        )
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PLACES.format(summed, which), *bounds, of_level, first, until, level, duty, item_code
        )
