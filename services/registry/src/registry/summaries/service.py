"""Use case of the summary."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from common.divisions import Level
from registry.divisions import service as divisions
from registry.divisions.domain import DivisionKind
from registry.offices import service as offices
from registry.offices.domain import OfficeKind


@dataclass(frozen=True, slots=True)
class Summary:
    """How many there are.

    Attributes:
        divisions: rows per level, fillers and informal units included.
        fillers: county rows that only repeat a city without counties.
        formal_towns: towns and streets, without units like a town.
        offices: offices that are not closed, per kind.
        naming_reports: divisions that wait for a name or have no office by rule.
    """

    divisions: dict[str, int]
    fillers: int
    formal_towns: int
    offices: dict[str, int]
    naming_reports: int


async def get_summary(session: AsyncSession, *, on: date) -> Summary:
    """Counts divisions of a day, and offices.

    Source: O4.3e.
    """
    counted = await divisions.count_divisions(session, on=on)
    per_level: Counter[str] = Counter()
    for (level, _), number in counted.items():
        per_level[level.value] += number
    open_offices = await offices.count_offices(session)
    return Summary(
        divisions=dict(per_level),
        fillers=counted.get((Level.COUNTY, DivisionKind.FILLER), 0),
        formal_towns=counted.get((Level.TOWN, DivisionKind.STANDARD), 0),
        offices={kind.value: open_offices.get(kind, 0) for kind in OfficeKind},
        naming_reports=sum((await offices.count_unsettled(session)).values()),
    )
