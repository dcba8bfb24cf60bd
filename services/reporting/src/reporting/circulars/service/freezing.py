"""Freezing figures: the tables of a circular, from the sources, as they tell them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.reporting.circulars import CircularState, QueryState, SnapshotReference
from common.directory import DivisionUnknown
from common.errors import PreconditionFailed
from common.ids import uuid7
from common.uow import UnitOfWork
from reporting.circulars.domain import Cell, Row, Snapshot, Table, canonical, digest_of, ranked, read_snapshot
from reporting.circulars.errors import QueryNotRankable, QueryUnknown, ScopeWithoutChildren, SnapshotNotFound
from reporting.circulars.repository import Circulars
from reporting.circulars.service.sources import SOURCES, Found, Question, moment_of


@dataclass(frozen=True, slots=True)
class Taken:
    """Figures that were asked for a version of a circular, at one moment.

    Attributes:
        version: of the circular whose question it is.
        asked_at: when.
    """

    version: int
    asked_at: datetime
    snapshot: Snapshot


def require_taken_for(taken: Taken, state: CircularState) -> None:
    """Figures are of the question that the circular still asks.

    Source: O6.3b.

    Raises:
        PreconditionFailed: it was changed while they were asked.
    """
    if taken.version != state.version:
        raise PreconditionFailed(current_version=state.version)


async def take_snapshot(uow: UnitOfWork, state: CircularState, *, asked_at: datetime) -> Snapshot:
    """The tables as the sources tell them now, each for the children of the scope on the day, and for the scope.

    The unit of work is a still one: all tables, and the parts and the whole of each, are of one moment.

    Source: S5, O6.3b.

    Raises:
        DivisionUnknown, ScopeWithoutChildren: there is nothing to compare.
        QueryUnknown, QueryNotRankable: a query makes no sense.
    """
    scope, on = state.scope, state.on
    circulars = Circulars(uow.session)
    name = await circulars.name(scope, on)
    if name is None:
        raise DivisionUnknown(division=scope)
    children = await circulars.children(scope, on)
    if not children:
        raise ScopeWithoutChildren
    divisions = tuple(code for code, _ in children)
    tables = []
    for query in state.queries:
        source = SOURCES.get(query.kind)
        if source is None:
            raise QueryUnknown(query=query.code)
        found = await source(Question(uow.session, uow.conn, query, state.level, scope, divisions, on, asked_at))
        tables.append(_table(query, found, children, (scope, name)))
    return Snapshot(scope, on, tuple(tables), moment_of(on, asked_at))


async def keep_snapshot(uow: UnitOfWork, circular_id: UUID, taken: Taken) -> SnapshotReference:
    """Stores a snapshot in its canonical form.

    Source: O6.3b.
    """
    content = canonical(taken.snapshot)
    kept = SnapshotReference(id=uuid7(), on=taken.snapshot.on, taken_at=taken.asked_at, digest=digest_of(content))
    await Circulars(uow.session).add_snapshot(
        kept.id, circular_id, taken_at=kept.taken_at, digest=kept.digest, content=content
    )
    return kept


async def stored_content(session: AsyncSession, state: CircularState) -> bytes:
    """The canonical form of a circular's snapshot, as it was stored.

    Source: O6.3b.

    Raises:
        SnapshotNotFound: nothing is frozen.
    """
    if state.snapshot is None:
        raise SnapshotNotFound
    return await Circulars(session).snapshot(state.snapshot.id)


async def stored_snapshot(session: AsyncSession, state: CircularState) -> Snapshot:
    """A circular's snapshot, as it was stored.

    Source: O6.3b.

    Raises:
        SnapshotNotFound: nothing is frozen.
    """
    return read_snapshot(await stored_content(session, state))


def _table(query: QueryState, found: Found, children: Sequence[tuple[str, str]], whole: tuple[str, str]) -> Table:
    if query.better is not None and not found.columns[0].is_number:
        raise QueryNotRankable(query=query.code)
    nothing = tuple(Cell(None) for _ in found.columns)
    rows = ranked((Row(code, name, found.cells.get(code, nothing)) for code, name in children), query.better)
    total = found.cells.get(whole[0])
    return Table(query, found.columns, rows, None if total is None else Row(*whole, total))
