"""All SQL of calendars."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.clock.domain import SpecialDay, YearPlan
from common.db import Connection

CALENDAR_VERSION = "(SELECT v.id FROM calendar_versions v ORDER BY v.ordinal DESC LIMIT 1)"


class Calendars:
    """Calendars of one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def current(self) -> UUID | None:
        """The version that holds."""
        found: UUID | None = await self._conn.fetchval(f"SELECT {CALENDAR_VERSION}")
        return found

    async def lock(self) -> None:
        """Lets one transaction at a time make a version; readers go on."""
        await self._conn.execute("LOCK TABLE calendar_versions IN SHARE ROW EXCLUSIVE MODE")

    async def plans(self, version: UUID) -> list[YearPlan]:
        """The years of a version; none if there is no such version."""
        days: dict[int, list[SpecialDay]] = defaultdict(list)
        for row in await self._conn.fetch(
            "SELECT year, day, kind, name FROM calendar_days WHERE version = $1 ORDER BY day", version
        ):
            days[row["year"]].append(SpecialDay(row["day"], row["kind"], row["name"]))
        years = await self._conn.fetch(
            "SELECT year, is_official, document FROM calendar_years WHERE version = $1 ORDER BY year", version
        )
        return [YearPlan(row["year"], row["is_official"], row["document"], tuple(days[row["year"]])) for row in years]

    async def add(
        self, version: UUID, plans: Iterable[YearPlan], *, at: datetime, document: str, mark: str, note: str
    ) -> None:
        """Stores a version after all that are there."""
        await self._conn.execute(
            "INSERT INTO calendar_versions (id, ordinal, created_at, document, mark, note) "
            "SELECT $1, coalesce(max(ordinal), 0) + 1, $2, $3, $4, $5 FROM calendar_versions",
            version, at, document, mark, note,
        )  # fmt: skip
        plans = tuple(plans)
        years = [(version, plan.year, plan.is_official, plan.document) for plan in plans]
        days: list[tuple[Any, ...]] = [
            (version, plan.year, one.day, one.kind, one.name) for plan in plans for one in plan.days
        ]
        await self._conn.copy_records_to_table(
            "calendar_years", records=years, columns=("version", "year", "is_official", "document")
        )
        await self._conn.copy_records_to_table(
            "calendar_days", records=days, columns=("version", "year", "day", "kind", "name")
        )
