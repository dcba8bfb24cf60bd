"""Changes of divisions, found again."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from registry.division_changes.errors import ChangeNotFound
from registry.division_changes.models import DivisionChange
from registry.division_changes.repository import ChangeFilter, DivisionChanges

__all__ = ["ChangeFilter", "get_change", "list_changes"]


async def get_change(session: AsyncSession, *, change_id: UUID) -> DivisionChange:
    """One change; the tree is public, and so is what changed it.

    Source: O4.3e, S0.

    Raises:
        ChangeNotFound: there is none.
    """
    found = await DivisionChanges(session).find(change_id)
    if found is None:
        raise ChangeNotFound
    return found


async def list_changes(
    session: AsyncSession, *, wanted: ChangeFilter, after: UUID | None, limit: int
) -> list[DivisionChange]:
    """Changes, the latest entered first. Source: O4.3e, S0."""
    return await DivisionChanges(session).page(wanted, after=after, limit=limit)
