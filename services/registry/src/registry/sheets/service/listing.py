"""What can be exported: every list with its columns, its filters and its readers, page by page."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import today
from common.contracts.registry.record import RecordState
from common.divisions import Level, subtree_range
from registry.divisions import service as divisions
from registry.history import service as history
from registry.history.service import Wanted
from registry.offices import service as offices
from registry.offices.domain import OfficeKind, OfficeStatus, words_of
from registry.sheets.domain.columns import Column
from registry.sheets.domain.offices import OFFICES
from registry.sheets.domain.tree import DIVISIONS, NAMING_REPORTS
from registry.sheets.errors import FilterUnknown

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a list are wanted; each list knows some of these.

    Args:
        division: only in this division and below.
        office_id: only of this office.
        on: as of this Beijing day; None as things stand now.
        parent_code: only divisions right below this one.
        q: what people type to find an office; with `on`, parts of its name.
        level, kind, status, form, management_mode, readiness, missing_equipment: of offices; the last two only as
            things stand now.
    """

    division: str | None = None
    office_id: UUID | None = None
    on: date | None = None
    parent_code: str | None = None
    q: str | None = None
    level: Level | None = None
    kind: OfficeKind | None = None
    status: OfficeStatus | None = None
    form: str | None = None
    management_mode: str | None = None
    readiness: str | None = None
    missing_equipment: str | None = None

    def require_only(self, known: frozenset[str]) -> None:
        """Raises FilterUnknown for a filter that the list does not have."""
        unknown = [one.name for one in fields(self) if getattr(self, one.name) is not None and one.name not in known]
        if unknown:
            raise FilterUnknown(filters=[*sorted(unknown)], allowed=[*sorted(known)])


Pages: TypeAlias = Callable[[AsyncSession, Asked, Actor | None], AsyncIterator[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One list.

    Attributes:
        name: in the address.
        title: of the sheet, Chinese.
        filters: which members of Asked it knows.
        readers: roles that may read it within their subtree; None if it is public information.
        pages: its rows in the order of the file.
    """

    name: str
    title: str
    columns: Sequence[Column]
    filters: frozenset[str]
    readers: tuple[Role, ...] | None
    pages: Pages

    @property
    def is_public(self) -> bool:
        """True if it needs no token."""
        return self.readers is None

    def require_reader(self, actor: Actor | None) -> None:
        """Raises RoleRequired if somebody may not read it; the endpoint has made sure of a token."""
        if self.readers is not None and actor is not None:
            require_role(actor, *self.readers)


async def _division_pages(session: AsyncSession, asked: Asked, _: Actor | None) -> AsyncIterator[Sequence[Any]]:
    wanted = divisions.DivisionFilter(on=asked.on or today(), parent_code=asked.parent_code, level=asked.level)
    low, high = subtree_range(asked.division) if asked.division else ("", "9")
    after: str | None = None
    while rows := await divisions.list_divisions(session, wanted=wanted, after=after, limit=PAGE):
        after = rows[-1].code
        yield [row for row in rows if low <= row.code <= high]
        session.expunge_all()


async def _report_pages(session: AsyncSession, asked: Asked, actor: Actor | None) -> AsyncIterator[Sequence[Any]]:
    assert actor is not None  # noqa: S101 - the list is not public
    wanted = offices.ReportFilter(within=asked.division)
    after: tuple[str, str] | None = None
    while rows := await offices.list_report_entries(session, actor=actor, wanted=wanted, after=after, limit=PAGE):
        after = (rows[-1].code, rows[-1].level)
        yield rows
        session.expunge_all()


async def office_pages(session: AsyncSession, asked: Asked, _: Actor | None) -> AsyncIterator[Sequence[Any]]:
    """Offices as they are, or were on a day, in the order of the tree."""
    if asked.on is not None:
        replace(asked, on=None).require_only(OFFICE_FILTERS - {"readiness", "missing_equipment"})
        for state in _chunks(await history.list_office_states(session, Wanted(within=asked.division), on=asked.on)):
            yield [one for one in state if _is_asked(one, asked)]
        return
    shared = ("level", "kind", "status", "form", "management_mode", "readiness", "missing_equipment")
    values = {name: getattr(asked, name) for name in shared}
    wanted = offices.OfficeFilter(**values, within=asked.division, words=words_of(asked.q or ""))
    after: tuple[str, UUID] | None = None
    while rows := await offices.list_offices(session, wanted=wanted, after=after, limit=PAGE):
        after = (rows[-1].division, rows[-1].id)
        yield rows
        session.expunge_all()


def _chunks(states: Sequence[Any]) -> list[Sequence[Any]]:
    return [states[at : at + PAGE] for at in range(0, len(states), PAGE)]


def _is_asked(state: Any, asked: Asked) -> bool:
    equal = ("level", "kind", "status", "form", "management_mode")
    return all(getattr(asked, name) in {None, getattr(state, name)} for name in equal) and (
        asked.q is None or all(word in state.name for word in asked.q.split())
    )


class RecordRow:
    """A record with the name of its office."""

    __slots__ = ("office_name", "state")

    def __init__(self, state: RecordState, office_name: str) -> None:
        self.state = state
        self.office_name = office_name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.state, name)


def record_pages(model: type[RecordState], *, is_public: bool = False) -> Pages:
    """Records of one kind by id; in the reader's subtree unless they are public information."""

    async def pages(session: AsyncSession, asked: Asked, actor: Actor | None) -> AsyncIterator[Sequence[Any]]:
        wanted = Wanted(office_id=asked.office_id, within=asked.division, on=asked.on)
        scope = None if is_public else actor
        assert is_public or scope is not None  # noqa: S101 - whoever is not known reads only what is public
        after: UUID | None = None
        while states := await history.list_records(session, model, wanted, actor=scope, after=after, limit=PAGE):
            after = states[-1].id
            ids = {state.office_id for state in states}
            names = await history.get_office_names(session, ids, on=asked.on or today())
            yield [RecordRow(state, names.get(state.office_id, "")) for state in states]

    return pages


RECORD_FILTERS = frozenset({"division", "office_id", "on"})
OFFICE_FILTERS = frozenset(
    {"division", "on", "q", "level", "kind", "status", "form", "management_mode", "readiness", "missing_equipment"}
)
DIVISION_FILTERS = frozenset({"on", "division", "parent_code", "level"})
SIGNED_IN = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.STATISTICIAN, Role.AUDITOR)
"""Whoever may read records of staff and money."""
REPORT_READERS = (*SIGNED_IN, Role.ADMINISTRATOR)


def record_listing(
    name: str, title: str, columns: Sequence[Column], model: type[RecordState], *, is_public: bool = False
) -> Listing:
    """A list of records of one kind."""
    readers = None if is_public else SIGNED_IN
    return Listing(name, title, columns, RECORD_FILTERS, readers, record_pages(model, is_public=is_public))


TREE: tuple[Listing, ...] = (
    Listing("divisions", "行政区划", DIVISIONS, DIVISION_FILTERS, None, _division_pages),
    Listing("offices", "机构", OFFICES, OFFICE_FILTERS, None, office_pages),
    Listing("naming_reports", "命名核定清单", NAMING_REPORTS, frozenset({"division"}), REPORT_READERS, _report_pages),
)
