"""Use case of the summary."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from registry.summaries import repository


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
    """Counts divisions of a day and offices. Source: O4.3e; standards.md §11."""
    divisions = await repository.count_divisions(session, on)
    per_level: Counter[str] = Counter()
    for row in divisions:
        per_level[row.level] += row.n
    offices: Counter[str] = Counter({"bureau": 0, "service_office": 0, "service_station": 0})
    for row in await repository.count_offices(session):
        offices[row.kind] += 0 if row.status == "closed" else row.n
    return Summary(
        divisions=dict(per_level),
        fillers=sum(row.n for row in divisions if row.kind == "filler"),
        formal_towns=sum(row.n for row in divisions if row.level == "town" and row.kind == "standard"),
        offices=dict(offices),
        naming_reports=await repository.count_reports(session),
    )
