"""All SQL of the figures by day, of the records behind them, and of what is added per month.

Batches are staged by COPY and applied sorted by key: every writer takes row locks in the same order, so that two of
them wait for one another and never for each other. (Arrays and `unnest` cost asyncpg two type checks per element.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.db import Connection
from reporting.completeness.service import covered
from reporting.figures.domain import MONTH_MEASURES, FigureKey, MonthKey
from reporting.levels.service import BELOW

_FACT_COLUMNS = ("level", "record_id", "record", "version", "division", "duty", "item_code", "facts")
_FIGURE_COLUMNS = ("level", "division", "day", "duty", "item_code", "measure", "value", "own")
_MONTH_KEY = ("level", "division", "part", "item_code", "duty", "month")
_MONTH_COLUMNS = (*_MONTH_KEY, *MONTH_MEASURES)
_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged_{0} (LIKE {0}) ON COMMIT DELETE ROWS; DELETE FROM staged_{0}"
"""Made once per connection; emptied for a transaction that applies several batches."""

_KEEP = """
INSERT INTO accepted_facts AS known (level, record_id, record, version, division, duty, item_code, facts)
SELECT level, record_id, record, version, division, duty, item_code, facts
FROM staged_accepted_facts ORDER BY level, record_id
ON CONFLICT (level, record_id) DO UPDATE SET
    version = excluded.version, division = excluded.division, duty = excluded.duty, item_code = excluded.item_code,
    facts = excluded.facts
WHERE known.version < excluded.version AND known.record = excluded.record
RETURNING new.level, new.record_id, old.version, old.division, old.duty, old.item_code, old.facts
"""
_ADD = """
INSERT INTO figures AS known (level, division, day, duty, item_code, measure, value, own)
SELECT level, division, day, duty, item_code, measure, value, own
FROM staged_figures ORDER BY level, division, day, duty, item_code, measure
ON CONFLICT (level, division, day, duty, item_code, measure) DO UPDATE SET
    value = known.value + excluded.value, own = known.own + excluded.own
"""
_SUM = "{0} = coalesce(known.{0} + excluded.{0}, known.{0}, excluded.{0})"
_ADD_MONTHS = f"""
INSERT INTO figure_months AS known ({", ".join(_MONTH_COLUMNS)})
SELECT {", ".join(_MONTH_COLUMNS)} FROM staged_figure_months ORDER BY {", ".join(_MONTH_KEY)}
ON CONFLICT ({", ".join(_MONTH_KEY)}) DO UPDATE SET
    {", ".join(_SUM.format(name) for name in MONTH_MEASURES)}
"""  # noqa: S608 - names of columns
"""Nothing has happened yet where a measure is null: a row costs what it tells."""
_ASKED = """
level = $1 AND division = ANY($2::char(12)[]) AND division BETWEEN $3 AND $4 AND day BETWEEN $5 AND $6
AND ($7::text IS NULL OR duty = $7) AND ($8::text IS NULL OR item_code = $8)
AND ($9::text IS NULL OR measure = $9)
"""
_SUMS = "sum(value)::bigint AS value, sum(own)::bigint AS own"
_BY = {
    "day": f"SELECT day AS key, measure, {_SUMS} FROM figures WHERE {_ASKED} GROUP BY day, measure",  # noqa: S608
    "duty": f"SELECT duty AS key, measure, {_SUMS} FROM figures WHERE {_ASKED} GROUP BY duty, measure",  # noqa: S608
    "item": (
        f"SELECT item_code AS key, duty, measure, {_SUMS} FROM figures WHERE {_ASKED} "  # noqa: S608
        "GROUP BY item_code, duty, measure"
    ),
    "division": (
        f"SELECT division AS key, measure, {_SUMS} FROM figures WHERE {_ASKED} GROUP BY division, measure"  # noqa: S608
    ),
}
_COVERED = {by: covered(sql, taken=9) for by, sql in _BY.items()}
_CHILDREN = f"""
SELECT children.code, children.name, children.is_open, EXISTS (
    SELECT FROM directory_divisions below
    WHERE below.parent_code = children.code AND below.kind <> 'filler') AS has_children
FROM ({BELOW.format(division="$1", first="$2", last="$3", low="$4", high="$5")}) children
ORDER BY children.code
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are meant.

    Attributes:
        scope: bounds of the actor's divisions; part of every statement.
    """

    level: str
    divisions: Sequence[str]
    first: date
    last: date
    scope: tuple[str, str]
    duty: str | None = None
    item_code: str | None = None
    measure: str | None = None


class Figures:
    """Figures and the cases behind them, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def keep(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        """Keeps newer versions, drops all others; tells of each that was kept what was there before.

        `old` is the row as it was when its lock was obtained, not as the statement's snapshot saw it: two writers of
        one record each get the other's true predecessor.

        Args:
            rows: (level, record_id, record, version, division, duty, item_code, facts), no key twice.
        """
        await self._stage("accepted_facts", _FACT_COLUMNS, rows)
        return await self._conn.fetch(_KEEP)  # type: ignore[no-any-return]

    async def add(self, value: Mapping[FigureKey, int], own: Mapping[FigureKey, int]) -> None:
        """Adds to figures by day; every key of `own` is one of `value`."""
        rows = [(*key, change, own.get(key, 0)) for key, change in value.items() if change or own.get(key)]
        if rows:
            await self._stage("figures", _FIGURE_COLUMNS, rows)
            await self._conn.execute(_ADD)

    async def add_months(self, months: Mapping[MonthKey, Mapping[str, int]]) -> None:
        """Adds to figures by month."""
        rows = [
            (*key, *(changes.get(name) or None for name in MONTH_MEASURES))
            for key, changes in months.items()
            if any(changes.values())
        ]
        if rows:
            await self._stage("figure_months", _MONTH_COLUMNS, rows)
            await self._conn.execute(_ADD_MONTHS)

    async def _stage(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        await self._conn.execute(_STAGE.format(table))
        await self._conn.copy_records_to_table(f"staged_{table}", records=rows, columns=columns)

    async def sums(self, asked: Asked, *, by: str, covering: Sequence[Any] = ()) -> Sequence[Any]:
        """(key, measure, value, own) summed by day, item (with its duty), duty or division; no order.

        Args:
            covering: from `coverage_arguments`: each row has the coverage too, and without sums there is one without
                a key.
        """
        return await self._conn.fetch(  # type: ignore[no-any-return]
            _COVERED[by] if covering else _BY[by],
            asked.level,
            list(asked.divisions),
            *asked.scope,
            asked.first,
            asked.last,
            asked.duty,
            asked.item_code,
            asked.measure,
            *covering,
        )

    async def children(self, division: str, *, first: date, last: date, scope: tuple[str, str]) -> Sequence[Any]:
        """Divisions directly below, by code: also those that are no more; `is_open` tells who was there in the days."""
        return await self._conn.fetch(_CHILDREN, division, first, last, *scope)  # type: ignore[no-any-return]
