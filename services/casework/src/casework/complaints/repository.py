"""All SQL of complaints beside the store of records."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from casework.complaints.models import FilingRow


@dataclass(frozen=True, slots=True)
class Filing:
    """What a key was used for."""

    content_index: bytes
    complaint_id: UUID


class Filings:
    """Keys under which complaints were filed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, keys: Sequence[bytes]) -> Filing | None:
        """What one of these keys was used for."""
        row = await self._session.scalar(select(FilingRow).where(FilingRow.filing_key.in_(keys)))
        return None if row is None else Filing(row.content_index, row.complaint_id)

    async def claim(self, key: bytes, filing: Filing) -> bool:
        """Takes the key; False when it is taken.

        Locks: waits for another transaction that is about to take it.
        """
        added = (
            insert(FilingRow)
            .values(filing_key=key, content_index=filing.content_index, complaint_id=filing.complaint_id)
            .on_conflict_do_nothing()
            .returning(FilingRow.complaint_id)
        )
        return await self._session.scalar(added) is not None
