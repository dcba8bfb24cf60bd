"""How far a period is, who is missing, and what its reports in force say. Source: O6.3a, S6."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role, require_scope, scope_bounds
from common.clock import beijing_day, now, today
from common.contracts.reporting.reports import PeriodState, ReportState
from common.db import Connection
from common.divisions import Level
from common.records.errors import RecordNotFound
from reporting.reports.domain.progress import PlaceReport, Progress
from reporting.reports.domain.states import READERS
from reporting.reports.errors import SheetTooLarge
from reporting.reports.rendering import write_reports
from reporting.reports.repository import Periods, ProgressRows, Versions, connection_of

MOST_IN_A_SHEET = 5_000
_COUNTS = (
    "expected", "reported", "on_time", "late_days", "late_days_most", "returned", "approved", "restating", "overdue",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChildProgress:
    """A division directly below, with how far its subtree is."""

    division: str
    name: str
    level: Level
    has_children: bool
    progress: Progress


@dataclass(frozen=True, slots=True)
class MissingReport:
    """A division that has handed in nothing. `status` None: it has not even begun."""

    division: str
    name: str
    level: Level
    office_name: str
    due_on: date
    status: str | None


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """One line of a report in force."""

    division: str
    name: str
    edition: int
    version: int
    own: Decimal | None
    below: Decimal | None
    total: Decimal | None
    answered: int
    computed: Decimal | None
    text: str | None


async def report_progress(
    session: AsyncSession, period_id: UUID, within: str, *, at: datetime | None = None
) -> Progress:
    """Expected, reported, on time, late, returned, approved of a division with all below it, at a moment.

    Source: O6.3a.
    """
    return (await _progress(await connection_of(session), period_id, [within], at or now()))[within]


async def report_progress_of(
    session: AsyncSession, period_id: UUID, within: Sequence[str], *, at: datetime
) -> dict[str, Progress]:
    """The same of several divisions, all of one question: parts and their whole belong together.

    Source: O6.3a, O6.3b.
    """
    return await _progress(await connection_of(session), period_id, within, at)


async def get_period(conn: Connection, *, actor: Actor, period_id: UUID) -> PeriodState:
    """A period that the actor opened, reports in, or oversees a part of.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound: none that the actor sees.
    """
    require_role(actor, *READERS)
    found = await Periods(conn).find_seen(period_id, actor)
    if found is None:
        raise RecordNotFound
    return found


async def list_periods(
    conn: Connection,
    *,
    actor: Actor,
    status: str | None,
    programme_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[PeriodState]:
    """The periods that the actor sees.

    Source: O6.3a.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await Periods(conn).page_seen(actor, status=status, programme_id=programme_id, after=after, limit=limit)


async def get_progress(
    conn: Connection, *, actor: Actor, period_id: UUID, within: str, at: datetime | None
) -> Progress:
    """Completeness and timeliness of a division with all below it, at a moment.

    Source: O6.3a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound: not this actor's to see.
    """
    await get_period(conn, actor=actor, period_id=period_id)
    require_scope(actor, within)
    return (await _progress(conn, period_id, [within], at or now()))[within]


async def list_child_progress(
    conn: Connection, *, actor: Actor, period_id: UUID, within: str, at: datetime | None, after: str, limit: int
) -> list[ChildProgress]:
    """The same of every division directly below, by code: the way down to who is late.

    Source: O6.3a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound: not this actor's to see.
    """
    await get_period(conn, actor=actor, period_id=period_id)
    require_scope(actor, within)
    rows = await ProgressRows(conn).children(period_id, within, after=after, limit=limit)
    found = await _progress(conn, period_id, [row["division"] for row in rows], at or now())
    return [
        ChildProgress(
            row["division"], row["name"] or row["division"], Level(row["level"]), row["has_children"],
            found[row["division"]],
        )
        for row in rows
    ]  # fmt: skip


async def list_missing(
    conn: Connection,
    *,
    actor: Actor,
    period_id: UUID,
    within: str,
    at: datetime | None,
    is_overdue: bool,
    after: str,
    limit: int,
) -> list[MissingReport]:
    """Who had handed in nothing at a moment, by code; with `is_overdue` only those whose day was over.

    Source: O6.3a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound: not this actor's to see.
    """
    await get_period(conn, actor=actor, period_id=period_id)
    require_scope(actor, within)
    moment = at or now()
    rows = await ProgressRows(conn).missing(
        period_id,
        at=moment,
        within=within,
        scope=scope_bounds(actor),
        after=after,
        due_before=beijing_day(moment) if is_overdue else None,
        limit=limit,
    )
    return [
        MissingReport(
            row["division"], row["name"] or row["division"], Level(row["level"]), row["office_name"] or "",
            row["due_on"], row["status"],
        )
        for row in rows
    ]  # fmt: skip


async def list_line_values(
    conn: Connection,
    *,
    actor: Actor,
    period_id: UUID,
    line: str,
    within: str,
    level: Level | None,
    after: str,
    limit: int,
) -> list[DeclaredLine]:
    """One line of all reports in force of a subtree, by division.

    Source: O6.3a.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound: not this actor's to see, or no such line.
    """
    period = await get_period(conn, actor=actor, period_id=period_id)
    require_scope(actor, within)
    if line not in {one.code for one in period.lines}:
        raise RecordNotFound
    rows = await Versions(conn).line_values(
        period_id, line, within=within, level=level.value if level else None, actor=actor, after=after, limit=limit
    )
    return [_declared(row) for row in rows]


async def export_reports(
    conn: Connection, *, actor: Actor, period_id: UUID, within: str
) -> tuple[PeriodState, IO[bytes]]:
    """A workbook of the newest report of every place of a subtree; whoever asked closes the file.

    Source: O6.3a; ADR 0015.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound: not this actor's to see.
        SheetTooLarge: more than one workbook takes.
    """
    period = await get_period(conn, actor=actor, period_id=period_id)
    require_scope(actor, within)
    rows = await Versions(conn).newest(period_id, within=within, actor=actor, limit=MOST_IN_A_SHEET + 1)
    if len(rows) > MOST_IN_A_SHEET:
        raise SheetTooLarge(most=MOST_IN_A_SHEET)
    progress = (await _progress(conn, period_id, [within], now()))[within]
    places = [_placed(row) for row in rows]
    return period, await asyncio.to_thread(write_reports, period, within, places, progress, made_on=today())


async def _progress(conn: Connection, period_id: UUID, divisions: Sequence[str], at: datetime) -> dict[str, Progress]:
    rows = await ProgressRows(conn).counts(period_id, divisions, at=at, on=beijing_day(at))
    return {row["key"]: Progress(**{name: row[name] for name in _COUNTS}) for row in rows}


def _declared(row: Any) -> DeclaredLine:
    return DeclaredLine(
        row["division"], row["name"] or row["division"], row["approved_edition"], row["approved_version"],
        row["own"], row["below"], row["total"], row["answered"], row["computed"], row["words"],
    )  # fmt: skip


def _placed(row: Any) -> PlaceReport:
    state = None if row["state"] is None else ReportState.model_validate_json(row["state"])
    return PlaceReport(row["division"], row["name"] or row["division"], Level(row["level"]), row["due_on"], state)
