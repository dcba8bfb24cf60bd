"""SQL of periods: the gate that every act passes, and the places that report, which are also the locks of reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_bounds
from common.contracts.reporting.reports import PeriodState, PeriodStatus, ReportState, ReportStatus
from common.db import Connection
from common.directory import WITHIN
from common.divisions import LEVELS, Level, subtree_range
from reporting.reports.domain.templates import Place

_COLUMNS = "period_id, division, level, parent, is_top, due_on, status, approved_edition, approved_version"
_DIVISIONS = """
SELECT DISTINCT code FROM directory_divisions, unnest($1::text[], $2::text[]) AS root (low, high)
WHERE code BETWEEN root.low AND root.high AND level = ANY($3::text[]) AND kind <> 'filler'
    AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
"""
_PUT_PLACE = """
UPDATE report_places SET status = $3, first_submitted_at = $4, approved_edition = $5, approved_version = $6
WHERE period_id = $1 AND division = $2
"""
_SEEN = f"""(
    {WITHIN.format(column="g.division", low="$1", high="$2")}
    OR EXISTS (SELECT FROM report_places p WHERE p.period_id = g.id AND p.division BETWEEN $1 AND $2)
    OR EXISTS (SELECT FROM report_places p JOIN directory_heirs h ON h.code = p.division
               WHERE p.period_id = g.id AND h.heir BETWEEN $1 AND $2)
)"""  # noqa: S608 - constants
_FIND = f"SELECT r.state::text AS state FROM report_periods g JOIN records r ON r.id = g.id WHERE g.id = $3 AND {_SEEN}"  # noqa: S608
_PAGE = f"""
SELECT r.state::text AS state FROM report_periods g JOIN records r ON r.id = g.id
WHERE {_SEEN} AND ($3::uuid IS NULL OR g.id > $3) AND ($4::text IS NULL OR g.status = $4)
    AND ($5::uuid IS NULL OR g.programme_id = $5)
ORDER BY g.id LIMIT $6
"""  # noqa: S608
_REMIND = """
SELECT p.period_id, p.division, p.due_on, p.reminded, r.state ->> 'title' AS title
FROM report_places p JOIN report_periods g ON g.id = p.period_id JOIN records r ON r.id = g.id
WHERE g.status = 'open' AND p.first_submitted_at IS NULL AND p.due_on <= $1
    AND NOT (CASE WHEN p.due_on < $2 THEN 'overdue' WHEN p.due_on = $2 THEN 'due' ELSE 'before' END = ANY(p.reminded))
ORDER BY p.period_id, p.division LIMIT $3 FOR NO KEY UPDATE OF p SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class ReportingPlace:
    """A division that reports in a period, with how far its report is.

    Attributes:
        status: None before the report is begun.
        approved_version: of the record, when the edition in force was approved.
    """

    period_id: UUID
    division: str
    level: Level
    parent: str
    is_top: bool
    due_on: date
    status: ReportStatus | None
    approved_edition: int | None
    approved_version: int | None


async def connection_of(session: AsyncSession) -> Connection:
    """The raw connection under a session, in the same transaction."""
    wrapped = await session.connection()
    return cast("Connection", (await wrapped.get_raw_connection()).driver_connection)


class Periods:
    """Gates and places on one connection."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    async def divisions(self, roots: Sequence[str], levels: Sequence[Level], on: date) -> list[str]:
        """Divisions of today's directory below some roots, of some levels, by code."""
        ranges = [subtree_range(root) for root in roots]
        names = [level.value for level in levels]
        rows = await self._conn.fetch(_DIVISIONS, [low for low, _ in ranges], [high for _, high in ranges], names, on)
        return sorted(row["code"] for row in rows)

    async def add(self, state: PeriodState, places: Sequence[Place]) -> None:
        """Makes the gate and the places of a new period."""
        await self._conn.execute(
            "INSERT INTO report_periods (id, division, status, programme_id, as_of) VALUES ($1, $2, $3, $4, $5)",
            state.id, state.division, state.status, state.programme_id, state.as_of,
        )  # fmt: skip
        rows: list[tuple[Any, ...]] = [
            (state.id, one.division, one.level.value, one.parent, one.is_top, one.due_on, []) for one in places
        ]
        columns = ("period_id", "division", "level", "parent", "is_top", "due_on", "reminded")
        await self._conn.copy_records_to_table("report_places", records=rows, columns=columns)

    async def exists(self, period_id: UUID) -> bool:
        """Whether a period is there already."""
        return bool(await self._conn.fetchval("SELECT EXISTS (SELECT FROM report_periods WHERE id = $1)", period_id))

    async def pass_gate(self, period_id: UUID) -> PeriodStatus | None:
        """The state of the period, which stays so until the transaction ends; None: there is no such period.

        Locks: the gate, shared with everybody who acts in the period.
        """
        found = await self._conn.fetchval("SELECT status FROM report_periods WHERE id = $1 FOR SHARE", period_id)
        return cast("PeriodStatus | None", found)

    async def hold_gate(self, period_id: UUID) -> PeriodStatus | None:
        """The same for whoever changes it: waits until all acts in the period have ended, and lets none begin.

        Locks: the gate, alone.
        """
        found = await self._conn.fetchval("SELECT status FROM report_periods WHERE id = $1 FOR UPDATE", period_id)
        return cast("PeriodStatus | None", found)

    async def put_status(self, period_id: UUID, status: PeriodStatus) -> None:
        """Writes the state of a gate that is held."""
        await self._conn.execute("UPDATE report_periods SET status = $2 WHERE id = $1", period_id, status)

    async def hold_place(self, period_id: UUID, division: str) -> ReportingPlace | None:
        """The place of a division, held until the transaction ends; None: it does not report.

        Locks: the place. Whoever needs several takes the lower one first.
        """
        row = await self._conn.fetchrow(
            f"SELECT {_COLUMNS} FROM report_places WHERE period_id = $1 AND division = $2 FOR UPDATE",  # noqa: S608
            period_id,
            division,
        )
        return None if row is None else _place(row)

    async def below(self, period_id: UUID, division: str) -> list[ReportingPlace]:
        """The places that report to a division, by code; itself, where it is on top, is none of them."""
        rows = await self._conn.fetch(
            f"SELECT {_COLUMNS} FROM report_places "  # noqa: S608
            "WHERE period_id = $1 AND parent = $2 AND division <> $2 ORDER BY division",
            period_id,
            division,
        )
        return [_place(row) for row in rows]

    async def put_place(self, state: ReportState) -> None:
        """Brings a held place to what its report is now."""
        await self._conn.execute(
            _PUT_PLACE, state.period_id, state.division, state.status, state.first_submitted_at,
            state.approved_edition, state.approved_version,
        )  # fmt: skip

    async def approved_page(self, period_id: UUID, limit: int) -> list[str]:
        """Divisions whose report is approved and not locked, those below before those above (codes descending)."""
        rows = await self._conn.fetch(
            "SELECT division FROM report_places WHERE period_id = $1 AND status = 'approved' "
            "ORDER BY division DESC LIMIT $2",
            period_id,
            limit,
        )
        return [row["division"] for row in rows]

    async def unlocked_closed(self) -> list[UUID]:
        """Closed periods in which approved reports are left that are not locked."""
        rows = await self._conn.fetch(
            "SELECT g.id FROM report_periods g WHERE g.status = 'closed' AND EXISTS ("
            "SELECT FROM report_places p WHERE p.period_id = g.id AND p.status = 'approved') ORDER BY g.id"
        )
        return [row["id"] for row in rows]

    async def find_seen(self, period_id: UUID, actor: Actor) -> PeriodState | None:
        """The period, if the actor's division opened it, reports in it, or has somebody below who does."""
        found = await self._conn.fetchval(_FIND, *scope_bounds(actor), period_id)
        return None if found is None else PeriodState.model_validate_json(found)

    async def page_seen(
        self, actor: Actor, *, status: str | None, programme_id: UUID | None, after: UUID | None, limit: int
    ) -> list[PeriodState]:
        """The same of all periods, in the order of their opening."""
        rows = await self._conn.fetch(_PAGE, *scope_bounds(actor), after, status, programme_id, limit)
        return [PeriodState.model_validate_json(row["state"]) for row in rows]

    async def to_remind(self, *, until: date, today: date, limit: int) -> Sequence[Any]:
        """Places that have handed in nothing and lack the reminder of today, held; those held elsewhere are skipped.

        Locks: the places.
        """
        return await self._conn.fetch(_REMIND, until, today, limit)  # type: ignore[no-any-return]

    async def note_reminded(self, period_id: UUID, division: str, kinds: Sequence[str]) -> None:
        """Keeps which reminders a held place has had."""
        await self._conn.execute(
            "UPDATE report_places SET reminded = $3 WHERE period_id = $1 AND division = $2",
            period_id,
            division,
            list(kinds),
        )


def levels_from(top: Level, down_to: Level) -> list[Level]:
    """The levels from one down to another, both included."""
    return list(LEVELS[LEVELS.index(top) : LEVELS.index(down_to) + 1])


def _place(row: Any) -> ReportingPlace:
    values = dict(row)
    return ReportingPlace(**{**values, "level": Level(values["level"])})
