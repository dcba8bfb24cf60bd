"""All SQL of indicators beside the sums of other features: definitions, the tree, and who took over whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from common.contracts import record_of
from common.contracts.reporting.indicators import IndicatorDefinitionState
from common.db import Connection
from common.divisions import Level, level_of, subtree_range
from reporting.indicators.domain import Transfer

_RECORD = record_of(IndicatorDefinitionState).name
_DEFINITIONS = """
SELECT state::text FROM records WHERE record = $1 AND ($2::text IS NULL OR state @> jsonb_build_object('code', $2))
"""
_TRANSFERS = """
SELECT h.code, h.heir FROM unnest($1::char(12)[], $2::char(12)[]) AS asked (low, high)
JOIN directory_heirs h ON h.heir BETWEEN asked.low AND asked.high
WHERE h.code NOT BETWEEN asked.low AND asked.high OR h.heir = asked.low
UNION
SELECT h.code, h.heir FROM unnest($1::char(12)[], $2::char(12)[]) AS asked (low, high)
JOIN directory_heirs h ON h.code BETWEEN asked.low AND asked.high
WHERE h.heir NOT BETWEEN asked.low AND asked.high OR h.code = asked.low
"""
_TRANSFERS_OF_MANY = """
SELECT code, heir FROM directory_heirs
WHERE code BETWEEN ($1::char(12)[])[1] AND ($2::char(12)[])[1]
   OR heir BETWEEN ($1::char(12)[])[1] AND ($2::char(12)[])[1]
"""
_TRANSFERS_BELOW = """
SELECT h.code, h.heir FROM unnest($1::char(12)[], $2::char(12)[]) AS moved (low, high)
JOIN directory_heirs h ON h.code BETWEEN moved.low AND moved.high
"""
MANY = 64
"""Of more divisions, every transfer that touches their range is read at once."""
_LISTED = """
(d.valid_to IS NULL OR d.valid_to > {on}) AND d.code NOT IN (SELECT code FROM directory_heirs)
AND (d.valid_from <= {on} OR d.code IN (SELECT heir FROM directory_heirs))
"""
"""A division that stands in a list of a day: there on that day, or today in the place of one that was."""
_PLACES = f"""
SELECT DISTINCT ON (d.code) d.code, d.name, d.parent_code FROM directory_divisions d
WHERE d.level = $1 AND d.code BETWEEN $2 AND $3 AND d.code BETWEEN $4 AND $5 AND d.kind <> 'filler'
    AND {_LISTED.format(on="$6")}
ORDER BY d.code, (d.valid_from <= $6) DESC, d.valid_from DESC, d.version DESC
"""  # noqa: S608 - constants
_LISTED_OF = f"""
SELECT DISTINCT d.code FROM directory_divisions d
WHERE d.code = ANY($1::char(12)[]) AND d.kind <> 'filler' AND {_LISTED.format(on="$2")}
"""  # noqa: S608
_LOCK = 0x4A43_0301


class Indicators:
    """What indicators ask for, on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def definitions(self, code: str | None = None) -> list[IndicatorDefinitionState]:
        """Every version that the province has added, or those of one indicator; no order."""
        rows = await self._conn.fetch(_DEFINITIONS, _RECORD, code)
        return [IndicatorDefinitionState.model_validate_json(row[0]) for row in rows]

    async def hold(self) -> None:
        """Puts those who change definitions into a line, so that each version follows the one before."""
        await self._conn.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)

    async def transfers(self, divisions: Sequence[str]) -> list[Transfer]:
        """Retired codes that matter for the bounds of divisions.

        Their own, those that have come into one of the subtrees or have left it, and all below those.
        """
        if not divisions:
            return []
        bounds = [subtree_range(code) for code in divisions]
        if len(bounds) > MANY:
            bounds = [(min(low for low, _ in bounds), max(high for _, high in bounds))]
        statement = _TRANSFERS if len(divisions) <= MANY else _TRANSFERS_OF_MANY
        rows = await self._conn.fetch(statement, *_columns(bounds))
        moved = [subtree_range(row["code"]) for row in rows if level_of(row["code"]) is not Level.VILLAGE]
        if moved:
            rows += await self._conn.fetch(_TRANSFERS_BELOW, *_columns(moved))
        return [Transfer(code, heir) for code, heir in {row["code"]: row["heir"] for row in rows}.items()]

    async def listed(self, codes: Sequence[str], on: date) -> set[str]:
        """Those of the codes that stand in a list of a day by today's borders."""
        return {row["code"] for row in await self._conn.fetch(_LISTED_OF, list(codes), on)}

    async def places(self, level: str, *, within: tuple[str, str], scope: tuple[str, str], on: date) -> Sequence[Any]:
        """(code, name, parent_code) of the divisions of a level on a day by today's borders, by code."""
        return await self._conn.fetch(_PLACES, level, *within, *scope, on)  # type: ignore[no-any-return]


def _columns(bounds: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [low for low, _ in bounds], [high for _, high in bounds]
