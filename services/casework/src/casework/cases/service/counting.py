"""Counting cases for those who ask how many there were."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.repository.counting import CaseGroup, CountedCases, count_accepted


async def count_accepted_cases(
    session: AsyncSession,
    *,
    since: date,
    until: date,
    by: CaseGroup,
    bounds: tuple[str, str] | None = None,
    office_id: UUID | None = None,
) -> dict[str, int]:
    """Cases registered between two Beijing days and accepted by now: what could be rated.

    Source: O4.3f.

    Args:
        by: `office`, `item`, `duty`, `day`, or `all` together.
        bounds: of divisions, inclusive; who may ask is the caller's matter.
    """
    return await count_accepted(session, CountedCases(since, until, by, bounds, office_id))
