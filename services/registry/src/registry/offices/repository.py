"""All SQL of offices and of the naming report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, between, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_clause
from common.contracts.registry import OfficeState
from common.db import Connection
from common.divisions import Level, subtree_range
from registry.offices.domain import NEEDS_DECISION, OfficeKind, OfficeStatus, report_entry_id
from registry.offices.models import NamingReportEntry, Office
from registry.offices.naming import Unnamed, UnnamedReason

COLUMNS = (
    "id",
    "division",
    "level",
    "kind",
    "name",
    "name_source",
    "name_mark",
    "status",
    "leadership_division",
    "guidance_division",
    "valid_from",
    "effective_on",
    "form",
    "management_mode",
    "version",
)
"""What the load of the committed file fills."""

_ENTRY_COLUMNS = ("id", "code", "level", "division_name", "reason", "reported_on")


@dataclass(frozen=True, slots=True)
class OfficeFilter:
    """Which offices a list shows.

    Args:
        within: only in this division and below.
        q: part of the name, one character or more.
    """

    level: Level | None = None
    kind: OfficeKind | None = None
    status: OfficeStatus | None = None
    within: str | None = None
    q: str | None = None


class Offices:
    """Offices, the closed ones included."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, office_id: UUID) -> Office | None:
        """The office, whoever asks: what it says is public."""
        return await self._session.get(Office, office_id)

    async def find_for_change(self, office_id: UUID, actor: Actor) -> Office | None:
        """The office, if it lies in the actor's subtree, locked until the transaction ends."""
        query = select(Office).where(Office.id == office_id, scope_clause(Office.division, actor))
        return await self._session.scalar(query.with_for_update())

    async def hold(self, office_id: UUID) -> Office | None:
        """The office, locked until the transaction ends."""
        return await self._session.scalar(select(Office).where(Office.id == office_id).with_for_update())

    async def find_open(self, division: str) -> Office | None:
        """The office of a division that is not closed; there is at most one."""
        query = select(Office).where(Office.division == division, Office.status != OfficeStatus.CLOSED)
        return await self._session.scalar(query)

    async def hold_open(self, division: str) -> Office | None:
        """The same, and it cannot be closed until the transaction ends."""
        query = select(Office).where(Office.division == division, Office.status != OfficeStatus.CLOSED)
        return await self._session.scalar(query.with_for_update(read=True))

    async def guides_any(self, division: str) -> bool:
        """True if an office that is not closed has its business guidance from the office of this division."""
        below = between(Office.division, *subtree_range(division))
        query = select(literal(1)).where(
            below, Office.guidance_division == division, Office.status != OfficeStatus.CLOSED
        )
        return await self._session.scalar(query.limit(1)) is not None

    def add(self, office: Office) -> None:
        """Takes in a new office; written when the unit of work flushes."""
        self._session.add(office)

    async def count_open(self) -> dict[OfficeKind, int]:
        """How many offices of each kind are not closed."""
        counted = select(Office.kind, func.count()).where(Office.status != OfficeStatus.CLOSED).group_by(Office.kind)
        return {OfficeKind(kind): number for kind, number in await self._session.execute(counted)}

    async def page(self, wanted: OfficeFilter, *, after: tuple[str, UUID] | None, limit: int) -> list[Office]:
        """Up to `limit` offices in the order of the tree, beyond the (division, id) `after`."""
        query = select(Office).where(*_conditions(wanted))
        if after is not None:
            query = query.where(tuple_(Office.division, Office.id) > tuple_(literal(after[0]), literal(after[1])))
        return list(await self._session.scalars(query.order_by(Office.division, Office.id).limit(limit)))


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which entries a list shows.

    Args:
        within: only in this division and below.
        needs_decision: only those that wait, or do not wait, for people to name the office.
        is_settled: only those that have, or have not, got an office since.
    """

    reason: UnnamedReason | None = None
    within: str | None = None
    needs_decision: bool | None = None
    is_settled: bool | None = None


class NamingReports:
    """Entries of the naming report, in the scope of whoever reads."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(
        self, wanted: ReportFilter, *, actor: Actor, after: tuple[str, str] | None, limit: int
    ) -> list[NamingReportEntry]:
        """Up to `limit` entries by (code, level), beyond `after`."""
        table = NamingReportEntry
        query = select(table).where(scope_clause(table.code, actor))
        if wanted.reason is not None:
            query = query.where(table.reason == wanted.reason)
        if wanted.within is not None:
            query = query.where(between(table.code, *subtree_range(wanted.within)))
        if wanted.needs_decision is not None:
            waits = table.reason.in_(sorted(NEEDS_DECISION)) & table.office_id.is_(None)
            query = query.where(waits if wanted.needs_decision else ~waits)
        if wanted.is_settled is not None:
            query = query.where(table.office_id.is_not(None) if wanted.is_settled else table.office_id.is_(None))
        if after is not None:
            query = query.where(tuple_(table.code, table.level) > tuple_(literal(after[0]), literal(after[1])))
        return list(await self._session.scalars(query.order_by(table.code, table.level).limit(limit)))

    async def settle(self, code: str, office_id: UUID) -> None:
        """Notes the office that a reported division has got."""
        table = NamingReportEntry
        await self._session.execute(update(table).where(table.code == code).values(office_id=office_id))

    async def count_unsettled(self) -> dict[UnnamedReason, int]:
        """How many divisions have no office for each reason."""
        table = NamingReportEntry
        counted = select(table.reason, func.count()).where(table.office_id.is_(None)).group_by(table.reason)
        return {UnnamedReason(reason): number for reason, number in await self._session.execute(counted)}


def state_of(office: Office) -> OfficeState:
    """The row as history and the readers of its event get it."""
    values = {name: getattr(office, name) for name in OfficeState.model_fields}
    duties = None if office.duties is None else tuple(office.duties)
    return OfficeState.model_validate({**values, "level": Level(office.level), "duties": duties})


def pairs_of(part: str) -> list[str]:
    """What the index holds for every name that contains `part`; nothing for a single character."""
    return sorted({part[at : at + 2] for at in range(len(part) - 1)})


def _conditions(wanted: OfficeFilter) -> list[ColumnElement[bool]]:
    equal = {Office.level: wanted.level, Office.kind: wanted.kind, Office.status: wanted.status}
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.within is not None:
        found.append(between(Office.division, *subtree_range(wanted.within)))
    if wanted.q is not None:
        if pairs := pairs_of(wanted.q):
            found.append(func.name_pairs(Office.name, type_=ARRAY(Text)).contains(pairs))
        found.append(Office.name.contains(wanted.q, autoescape=True))
    return found


async def insert_missing(conn: Connection, records: Sequence[tuple[Any, ...]]) -> set[UUID]:
    """Adds the offices (values of COLUMNS) of divisions that never had one; returns the ids of the new ones."""
    names = ", ".join(COLUMNS)
    await conn.execute("CREATE TEMP TABLE incoming_offices (LIKE offices INCLUDING DEFAULTS) ON COMMIT DROP")
    await conn.copy_records_to_table("incoming_offices", records=records, columns=COLUMNS)
    added = await conn.fetch(
        f"INSERT INTO offices ({names}) SELECT {names} FROM incoming_offices AS i "  # noqa: S608 - constants
        "WHERE NOT EXISTS (SELECT FROM offices AS o WHERE o.division = i.division) ORDER BY division "
        "ON CONFLICT DO NOTHING RETURNING id"
    )
    return {row["id"] for row in added}


async def insert_entries(conn: Connection, entries: Sequence[Unnamed], reported_on: date) -> None:
    """Adds the entries; known ones stay as they are."""
    names = ", ".join(_ENTRY_COLUMNS)
    await conn.execute("CREATE TEMP TABLE incoming_entries (LIKE naming_report_entries) ON COMMIT DROP")
    records = [(report_entry_id(e), e.code, e.level, e.name, e.reason, reported_on) for e in entries]
    await conn.copy_records_to_table("incoming_entries", records=records, columns=_ENTRY_COLUMNS)
    await conn.execute(
        f"INSERT INTO naming_report_entries ({names}) SELECT {names} FROM incoming_entries "  # noqa: S608 - constants
        "ORDER BY code ON CONFLICT DO NOTHING"
    )
