"""All SQL of the statistics: sums over the figures of months, each an index range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.db import Connection
from reporting.completeness.service import covered
from reporting.figures.domain import MONTH_MEASURES
from reporting.levels.service import BELOW
from reporting.statistics.domain import PENDING_MEASURES

_RANGE = """
level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND part = $5 AND month BETWEEN $6 AND $7
"""
_EVERYTHING = "item_code = '' AND coalesce({duty}::text, {item}::text) IS NULL"
_OF_ITEMS = (
    "item_code <> '' AND ({duty}::text IS NULL OR duty = {duty}) AND ({item}::text IS NULL OR item_code = {item})"
)
_WHICH = {of_items: (_OF_ITEMS if of_items else _EVERYTHING).format(duty="$8", item="$9") for of_items in (True, False)}
_SUMMED = ", ".join(f"sum({name})::bigint AS {name}" for name in MONTH_MEASURES)
_KEYS = {"division": "division", "duty": "duty", "item": "item_code, duty"}
_SUMS = {
    (by, of_items): f"SELECT {key}, {_SUMMED} FROM figure_months WHERE {_RANGE} AND {which} GROUP BY {key}"  # noqa: S608
    for by, key in _KEYS.items()
    for of_items, which in _WHICH.items()
}
_PERIODS = {
    of_items: covered(
        f"""
    SELECT part, CASE WHEN month >= $6 THEN month END AS month, {_SUMMED} FROM figure_months
    WHERE level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND part = ANY($5::text[])
        AND month <= $7 AND {which}
    GROUP BY 1, 2""",  # noqa: S608
        taken=9,
    )
    for of_items, which in _WHICH.items()
}
_IN_PERIOD = ", ".join(f"(sum({name}) FILTER (WHERE month >= $5))::bigint AS {name}" for name in MONTH_MEASURES)
_SO_FAR = ", ".join(f"sum({name})::bigint AS {name}_so_far" for name in PENDING_MEASURES)
_BELOW = BELOW.format(division="$2", first="$5", last="$7", low="$3", high="$4")
_FAMILY = {
    of_items: covered(
        f"""
    SELECT family.*, sums.*
    FROM (
        SELECT 'all' AS part, $2::char(12) AS code, NULL::text AS name, true AS is_open
        UNION ALL SELECT 'own', $2::char(12), NULL, true
        UNION ALL SELECT 'child', code, name, is_open FROM ({_BELOW}) below) family
    CROSS JOIN LATERAL (
        SELECT {_IN_PERIOD}, {_SO_FAR} FROM figure_months
        WHERE level = $1 AND division = family.code AND division BETWEEN $3 AND $4
            AND part = CASE family.part WHEN 'own' THEN 'own' ELSE 'all' END AND month <= $6 AND {which}) sums""",  # noqa: S608
        taken=9,
    )
    for of_items, which in _WHICH.items()
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

    @property
    def of_items(self) -> bool:
        """Only of some items; complaints and consultations belong to none."""
        return self.duty is not None or self.item_code is not None


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
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PERIODS[asked.of_items],
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

    async def family(self, asked: AskedSums, *, last_day: date, covering: Sequence[Any]) -> Sequence[Any]:
        """Every measure summed over the months for one division (`all`, `own`) and each directly below it (`child`).

        Each row with the coverage, and `…_so_far` for what is pending; no order.

        Args:
            last_day: of the months.
            covering: from `coverage_arguments`.
        """
        (division,) = asked.divisions
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _FAMILY[asked.of_items],
            asked.level,
            division,
            *asked.scope,
            asked.first,
            asked.last,
            last_day,
            asked.duty,
            asked.item_code,
            *covering,
        )

    async def sums(self, asked: AskedSums, *, by: str) -> Sequence[Any]:
        """Every measure summed by `division`, `duty`, or `item` (with its duty); no order."""
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _SUMS[by, by in {"duty", "item"} or asked.of_items],
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
        which = (_EVERYTHING if duty is None and item_code is None else _OF_ITEMS).format(duty="$7", item="$8")
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _PLACES.format(summed, which), *bounds, of_level, first, until, level, duty, item_code
        )
