"""All SQL of the first load that is not divisions' or offices' own."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from registry.seeding.models import SeedLoad

_LOCK = 0x4A43_0101
_COUNTS = text(
    "SELECT 'division.' || level || '.' || kind AS what, count(*) FROM divisions GROUP BY level, kind "
    "UNION ALL SELECT 'office.' || kind, count(*) FROM offices GROUP BY kind "
    "UNION ALL SELECT 'unnamed.' || reason, count(*) FROM naming_report_entries GROUP BY reason ORDER BY 1"
)


class SeedLoads:
    """What was loaded."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, part: str) -> bool:
        """True if the part has to be loaded; no other seeding runs until the transaction ends."""
        await self._session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        return await self._session.scalar(select(SeedLoad.part).where(SeedLoad.part == part)) is None

    def add(self, load: SeedLoad) -> None:
        """Notes a finished load; written when the unit of work flushes."""
        self._session.add(load)

    async def count_all(self) -> dict[str, int]:
        """Rows per table and kind, for the operator's eyes."""
        return {str(what): int(count) for what, count in await self._session.execute(_COUNTS)}
