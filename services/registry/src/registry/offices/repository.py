"""All SQL of offices and of the naming report."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    between,
    cast,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, scope_clause
from common.contracts.registry import OfficeState
from common.db import Connection
from common.divisions import Level, level_of, subtree_range
from registry.offices.domain import NEEDS_DECISION, OfficeKind, OfficeStatus, Word, WordKind, report_entry_id
from registry.offices.models import NamingReportEntry, Office, OfficeFacet
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
        words: what was typed; an office answers to all of them.
        readiness: as it was worked out last; `unknown` holds those too for which it never was.
        missing_equipment: a kind of equipment that an operating office of a town lacks, or has not told of.
    """

    level: Level | None = None
    kind: OfficeKind | None = None
    status: OfficeStatus | None = None
    within: str | None = None
    words: tuple[Word, ...] = ()
    form: str | None = None
    management_mode: str | None = None
    readiness: str | None = None
    missing_equipment: str | None = None


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

    async def find_many_for_change(self, office_ids: Collection[UUID], actor: Actor) -> list[Office]:
        """Those of some offices that lie in the actor's subtree, locked in the order of their ids."""
        query = select(Office).where(Office.id.in_(office_ids), scope_clause(Office.division, actor))
        return list(await self._session.scalars(query.order_by(Office.id).with_for_update()))

    async def hold(self, office_id: UUID) -> Office | None:
        """The office, locked until the transaction ends."""
        return await self._session.scalar(select(Office).where(Office.id == office_id).with_for_update())

    async def hold_all(self, office_ids: Collection[UUID]) -> None:
        """Locks offices in the order of their ids until the transaction ends."""
        query = select(Office.id).where(Office.id.in_(office_ids)).order_by(Office.id)
        await self._session.execute(query.with_for_update())

    async def last_day(self, division: str) -> date | None:
        """The last day of the last closed office of a division; a new one may begin on it."""
        end = await self._session.scalar(select(func.max(Office.valid_to)).where(Office.division == division))
        return None if end is None else end - timedelta(days=1)

    async def find_open(self, division: str) -> Office | None:
        """The office of a division that is not closed; there is at most one."""
        query = select(Office).where(Office.division == division, Office.status != OfficeStatus.CLOSED)
        return await self._session.scalar(query)

    async def served(self, divisions: Collection[str]) -> set[str]:
        """Those of the divisions that have an operating office."""
        query = select(Office.division).where(Office.division.in_(divisions), Office.status == OfficeStatus.OPERATING)
        return set(await self._session.scalars(query))

    async def hold_open(self, division: str) -> Office | None:
        """The same, and it cannot be closed until the transaction ends."""
        query = select(Office).where(Office.division == division, Office.status != OfficeStatus.CLOSED)
        return await self._session.scalar(query.with_for_update(read=True))

    async def hold_all_open(self, divisions: Collection[str]) -> list[Office]:
        """The offices of some divisions that are not closed, locked in the order of their ids."""
        query = select(Office).where(Office.division.in_(divisions), Office.status != OfficeStatus.CLOSED)
        fresh = query.order_by(Office.id).with_for_update().execution_options(populate_existing=True)
        return list(await self._session.scalars(fresh))

    async def list_names(self, towns: Collection[str]) -> list[tuple[str, str]]:
        """(division, name) of the offices that are not closed in some towns."""
        if not towns:
            return []
        below = or_(*(between(Office.division, *subtree_range(town)) for town in towns))
        query = select(Office.division, Office.name).where(below, Office.status != OfficeStatus.CLOSED)
        return [(division, name) for division, name in await self._session.execute(query)]

    async def guides_any(self, division: str) -> bool:
        """True if an office that is not closed has its business guidance from the office of this division."""
        below = between(Office.division, *subtree_range(division))
        query = select(literal(1)).where(
            below, Office.guidance_division == division, Office.status != OfficeStatus.CLOSED
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def take_unread(self, limit: int) -> dict[UUID, str]:
        """Names without search terms by office, locked until the transaction ends."""
        query = select(Office.id, Office.name).where(Office.search_terms.is_(None)).limit(limit)
        rows = await self._session.execute(query.with_for_update(skip_locked=True))
        return {row.id: row.name for row in rows}

    def add(self, office: Office) -> None:
        """Takes in a new office; written when the unit of work flushes."""
        self._session.add(office)

    async def count_open(self) -> dict[OfficeKind, int]:
        """How many offices of each kind are not closed."""
        counted = select(Office.kind, func.count()).where(Office.status != OfficeStatus.CLOSED).group_by(Office.kind)
        return {OfficeKind(kind): number for kind, number in await self._session.execute(counted)}

    async def count_readiness(self, within: str) -> dict[tuple[str, str], int]:
        """How many offices that are not closed stand where: by a code that lies in one child of the division each.

        The policy sets its standard for the offices of towns and the stations of villages, so bureaus do not count.
        """
        digits = {Level.PROVINCE: 4, Level.CITY: 9, Level.COUNTY: 9}.get(level_of(within), 12)
        group = func.rpad(func.left(Office.division, digits), 12, "0")
        status = func.coalesce(OfficeFacet.readiness, "unknown")
        query = (
            select(group, status, func.count())
            .outerjoin(OfficeFacet, OfficeFacet.office_id == Office.id)
            .where(Office.kind != OfficeKind.BUREAU, Office.status != OfficeStatus.CLOSED)
            .where(between(Office.division, *subtree_range(within)))
            .group_by(group, status)
        )
        return {(division, standing): count for division, standing, count in await self._session.execute(query)}

    async def page(self, wanted: OfficeFilter, *, after: tuple[str, UUID] | None, limit: int) -> list[Office]:
        """Up to `limit` offices in the order of the tree, beyond the (division, id) `after`.

        A frequent word is found soonest along the tree, a rare one over its index: which of the two it is, only a plan
        for this very word knows.
        """
        if wanted.words:
            await self._session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
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

    async def report(self, entries: Sequence[Unnamed], reported_on: date) -> None:
        """Puts divisions on the report; one that is on it already waits again."""
        for entry in entries:
            values = {"division_name": entry.name, "reason": entry.reason, "reported_on": reported_on}
            added = insert(NamingReportEntry).values(
                id=report_entry_id(entry), code=entry.code, level=entry.level, **values
            )
            waits = {**values, "office_id": None}
            await self._session.execute(added.on_conflict_do_update(index_elements=["code", "level"], set_=waits))

    async def drop_waiting(self, codes: Collection[str]) -> None:
        """Takes divisions that are no more off the report, where nobody has named their office."""
        table = NamingReportEntry
        await self._session.execute(delete(table).where(table.code.in_(codes), table.office_id.is_(None)))

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
    equal = {
        Office.level: wanted.level,
        Office.kind: wanted.kind,
        Office.status: wanted.status,
        Office.form: wanted.form,
        Office.management_mode: wanted.management_mode,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.within is not None:
        found.append(between(Office.division, *subtree_range(wanted.within)))
    for word in wanted.words:
        found += _answers_to(word)
    return found + _facets(wanted)


def _answers_to(word: Word) -> list[ColumnElement[bool]]:
    typed = word.text
    if word.kind is WordKind.CODE:
        return [between(Office.division, typed.ljust(12, "0"), typed.ljust(12, "9"))]
    if word.kind is WordKind.USCC:
        return [_uscc_begins(typed)]
    if word.kind is WordKind.READING:
        return [Office.search_terms.bool_op("@@")(cast(f"{typed}:*", TSQUERY))]
    if word.kind is WordKind.CHARACTER:
        characters = func.string_to_array(Office.name, null(), type_=ARRAY(Text))
        return [Office.name.contains(typed, autoescape=True), characters.contains([typed])]
    pairs = func.name_pairs(Office.name, type_=ARRAY(Text)).contains(pairs_of(typed))
    return [Office.name.contains(typed, autoescape=True), pairs]


def _uscc_begins(text: str) -> ColumnElement[bool]:
    """A range by bytes and no LIKE: a prepared statement finds its way over the index with it."""
    return Office.uscc.bool_op("~>=~")(text) & Office.uscc.bool_op("~<~")(text + "~")


def _facets(wanted: OfficeFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.readiness == "unknown":
        known = select(OfficeFacet.office_id).where(OfficeFacet.readiness != "unknown")
        found.append(Office.id.not_in(known))
    elif wanted.readiness is not None:
        found.append(Office.id.in_(select(OfficeFacet.office_id).where(OfficeFacet.readiness == wanted.readiness)))
    if wanted.missing_equipment is not None:
        has = ~OfficeFacet.missing_equipment.contains([wanted.missing_equipment])
        found += [Office.kind == OfficeKind.SERVICE_OFFICE, Office.status == OfficeStatus.OPERATING]
        found.append(Office.id.not_in(select(OfficeFacet.office_id).where(has)))
    return found


async def insert_missing(conn: Connection, records: Sequence[tuple[Any, ...]]) -> set[UUID]:
    """Adds the offices (values of COLUMNS, and the search terms) of divisions that never had one; returns new ids."""
    names = ", ".join(COLUMNS)
    await conn.execute("CREATE TEMP TABLE incoming_offices (LIKE offices INCLUDING DEFAULTS) ON COMMIT DROP")
    await conn.execute("ALTER TABLE incoming_offices ADD COLUMN terms text[]")
    await conn.copy_records_to_table("incoming_offices", records=records, columns=(*COLUMNS, "terms"))
    added = await conn.fetch(
        f"INSERT INTO offices ({names}, search_terms) "  # noqa: S608 - constants
        f"SELECT {names}, array_to_tsvector(terms) FROM incoming_offices AS i "
        "WHERE NOT EXISTS (SELECT FROM offices AS o WHERE o.division = i.division) ORDER BY division "
        "ON CONFLICT DO NOTHING RETURNING id"
    )
    return {row["id"] for row in added}


async def put_terms(conn: Connection, terms: Mapping[UUID, Sequence[str]]) -> None:
    """Writes the search terms of offices."""
    await conn.executemany(
        "UPDATE offices SET search_terms = array_to_tsvector($2::text[]) WHERE id = $1",
        [(office_id, list(found)) for office_id, found in terms.items()],
    )


async def put_facets(conn: Connection, office_id: UUID, readiness: str, missing: Sequence[str]) -> None:
    """Writes what a list is narrowed down by."""
    await conn.execute(
        "INSERT INTO office_facets (office_id, readiness, missing_equipment) VALUES ($1, $2, $3) "
        "ON CONFLICT (office_id) DO UPDATE SET readiness = excluded.readiness, "
        "missing_equipment = excluded.missing_equipment",
        office_id,
        readiness,
        list(missing),
    )


async def put_facets_of(conn: Connection, rows: Sequence[tuple[UUID, str, Sequence[str]]]) -> None:
    """Writes the same for many offices, where it differs."""
    await conn.executemany(
        "INSERT INTO office_facets AS known (office_id, readiness, missing_equipment) VALUES ($1, $2, $3) "
        "ON CONFLICT (office_id) DO UPDATE SET readiness = excluded.readiness, "
        "missing_equipment = excluded.missing_equipment "
        "WHERE (known.readiness, known.missing_equipment) IS DISTINCT FROM "
        "(excluded.readiness, excluded.missing_equipment)",
        [(office_id, readiness, list(missing)) for office_id, readiness, missing in sorted(rows)],
    )


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
