"""All SQL of the first load that is not divisions' or offices' own."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from registry.seeding.models import SeedLoad

_LOCK = 0x4A43_0101


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
