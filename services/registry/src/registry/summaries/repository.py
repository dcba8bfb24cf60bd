"""All SQL of the summary."""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_DIVISIONS = text(
    "SELECT level, kind, count(*) AS n FROM divisions "
    "WHERE valid_from <= :on AND (valid_to IS NULL OR valid_to > :on) GROUP BY level, kind"
)
_OFFICES = text("SELECT kind, status, count(*) AS n FROM offices GROUP BY kind, status")
_REPORTS = text("SELECT count(*) FROM naming_report_entries WHERE office_id IS NULL")


async def count_divisions(session: AsyncSession, on: date) -> list[Any]:
    """(level, kind, n) on a day."""
    return list(await session.execute(_DIVISIONS, {"on": on}))


async def count_offices(session: AsyncSession) -> list[Any]:
    """(kind, status, n)."""
    return list(await session.execute(_OFFICES))


async def count_reports(session: AsyncSession) -> int:
    """Divisions that the naming rule left without an office and that have none since."""
    return int(await session.scalar(_REPORTS) or 0)
