"""All SQL of indicators beside the sums of other features: definitions, the tree, and who took over whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from common.contracts import record_of
from common.contracts.reporting.indicators import IndicatorDefinitionState
from common.db import Connection
from common.divisions import subtree_range
from reporting.indicators.domain import Transfer

_RECORD = record_of(IndicatorDefinitionState).name
_DEFINITIONS = """
SELECT state::text FROM records WHERE record = $1 AND ($2::text IS NULL OR state @> jsonb_build_object('code', $2))
"""
_TRANSFERS = """
SELECT h.code, h.heir FROM unnest($1::char(12)[], $2::char(12)[]) AS asked (low, high)
JOIN directory_heirs h ON h.heir BETWEEN asked.low AND asked.high
WHERE h.code NOT BETWEEN asked.low AND asked.high
UNION
SELECT h.code, h.heir FROM unnest($1::char(12)[], $2::char(12)[]) AS asked (low, high)
JOIN directory_heirs h ON h.code BETWEEN asked.low AND asked.high
WHERE h.heir NOT BETWEEN asked.low AND asked.high
"""
_PLACES = """
SELECT DISTINCT ON (code) code, name, parent_code FROM directory_divisions
WHERE level = $1 AND code BETWEEN $2 AND $3 AND code BETWEEN $4 AND $5 AND kind <> 'filler'
    AND valid_from <= $6 AND (valid_to IS NULL OR valid_to > $6)
ORDER BY code, valid_from DESC, version DESC
"""
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
        """Retired codes that have come into one of the subtrees, or have left it."""
        bounds = [subtree_range(code) for code in divisions]
        rows = await self._conn.fetch(_TRANSFERS, [low for low, _ in bounds], [high for _, high in bounds])
        return [Transfer(row["code"], row["heir"]) for row in rows]

    async def places(self, level: str, *, within: tuple[str, str], scope: tuple[str, str], on: date) -> Sequence[Any]:
        """(code, name, parent_code) of the divisions of a level on a day, by code."""
        return await self._conn.fetch(_PLACES, level, *within, *scope, on)  # type: ignore[no-any-return]
