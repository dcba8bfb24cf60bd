"""Import of records of offices: every row is one call of the use case that the API calls, in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from common.clock import today
from common.contracts.registry.record import RecordState
from common.errors import DomainError, PreconditionFailed
from registry.history.errors import RecordNotFound
from registry.history.service import find_records, get_office_names
from registry.offices import service as offices
from registry.offices.domain import OfficeStatus
from registry.sheets.domain.columns import (
    ID,
    VERSION,
    Column,
    Row,
    RowWrong,
    changed_shown_only,
    differences,
)
from registry.sheets.service.importer import Work, no_such_office, refused
from registry.sheets.service.listing import RecordRow

CHUNK = 500
EFFECTIVE = "effective_on"


@dataclass(frozen=True, slots=True)
class Told:
    """What a row wants of its record.

    Attributes:
        values: of a new record all columns, of a change only what differs.
    """

    values: dict[str, Any]
    effective_on: date
    reason: str | None


Create: TypeAlias = Callable[[Work, UUID, Told], Awaitable[object]]
Change: TypeAlias = Callable[[Work, UUID, int, Told], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class RecordsImport:
    """How rows of one list become records.

    Attributes:
        create, change: the use cases.
        begins_with: the column whose day a new record holds from, where the row does not say; today without one.
    """

    model: type[RecordState]
    columns: Sequence[Column]
    create: Create
    change: Change
    begins_with: str | None = None
    headers: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", {column.key: column.header for column in self.columns})

    async def __call__(self, work: Work, rows: Sequence[Row]) -> list[RowWrong]:
        """Writes the rows, those of one division together; tells what is wrong with them.

        Source: ADR 0015.
        """
        ordered = sorted(rows, key=lambda row: (row.values["division"], str(row.values.get(ID) or ""), row.number))
        wrong: list[RowWrong] = []
        homes = _Homes(work)
        for at in range(0, len(ordered), CHUNK):
            chunk = ordered[at : at + CHUNK]
            held = await self._current(work, chunk)
            for row in chunk:
                wrong += await self._row(work, row, held, homes)
        return wrong

    async def _current(self, work: Work, rows: Sequence[Row]) -> dict[UUID, RecordRow]:
        ids = {row.values[ID] for row in rows if not row.is_new}
        found = await find_records(work.uow.session, self.model, ids, actor=work.actor) if ids else {}
        names = await get_office_names(work.uow.session, {one.office_id for one in found.values()}, on=today())
        return {key: RecordRow(state, names.get(state.office_id, "")) for key, state in found.items()}

    async def _row(self, work: Work, row: Row, held: Mapping[UUID, RecordRow], homes: "_Homes") -> Sequence[RowWrong]:
        try:
            if row.is_new:
                return await self._create(work, row, homes)
            current = held.get(row.values[ID])
            if current is None:
                raise RecordNotFound("编号不存在，或不在管辖范围内")
            return await self._change(work, row, current)
        except DomainError as error:
            work.uow.session.expunge_all()
            return [refused(row, error, self.headers)]

    async def _create(self, work: Work, row: Row, homes: "_Homes") -> Sequence[RowWrong]:
        office_id = await homes.find(row.values["division"])
        if office_id is None:
            return [no_such_office(row, self.headers["division"])]
        values = {
            column.key: row.values.get(column.key)
            for column in self.columns
            if not (column.is_shown_only or column.is_asked_only) and column.key != "division"
        }
        first = row.values.get(EFFECTIVE) or (values.get(self.begins_with) if self.begins_with else None) or today()
        await self.create(work, office_id, Told(values, first, row.values.get("reason") or work.reason))
        await work.checked(is_written=True)
        return []

    async def _change(self, work: Work, row: Row, current: RecordRow) -> Sequence[RowWrong]:
        if current.version != row.values[VERSION]:
            raise PreconditionFailed
        if wrong := changed_shown_only(self.columns, row, current):
            return wrong
        found = differences(self.columns, row, current)
        day = row.values.get(EFFECTIVE)
        if not found:
            if day not in {None, current.effective_on}:
                header, reason = self.headers[EFFECTIVE], "只改了生效日期，没有其他变动"
                return [RowWrong(row.number, header, "only-effective-on", reason)]
            await work.checked(is_written=False)
            return []
        if blank := [key for key in found if found[key] is None and key in _NEVER_BLANK]:
            return [RowWrong(row.number, self.headers[key], "required", "必填") for key in blank]
        on = day if day not in {None, current.effective_on} else today()
        told = Told(found, on, row.values.get("reason") or work.reason)
        await self.change(work, current.id, row.values[VERSION], told)
        await work.checked(is_written=True)
        return []


_NEVER_BLANK = frozenset({"windows"})


class _Homes:
    """The open offices of divisions, each looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[str, UUID | None] = {}

    async def find(self, division: str) -> UUID | None:
        """The office of a division that is not closed."""
        if division not in self._known:
            session = self._work.uow.session
            wanted = offices.OfficeFilter(within=division)
            first = await offices.list_offices(session, wanted=wanted, after=None, limit=20)
            own = [one.id for one in first if one.division == division and one.status != OfficeStatus.CLOSED]
            session.expunge_all()
            self._known[division] = own[0] if own else None
        return self._known[division]
