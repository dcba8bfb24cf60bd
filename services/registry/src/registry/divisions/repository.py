"""All SQL of divisions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, between, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from common.contracts.registry import DivisionState
from common.db import Connection
from common.divisions import Level, subtree_range
from registry.data.rows import DivisionKind
from registry.divisions.models import Division

_COLUMNS = ("id", "code", "level", "name", "kind", "parent_code", "valid_from", "valid_to", "version")


@dataclass(frozen=True, slots=True)
class DivisionFilter:
    """Which divisions a list shows; fillers only when their kind is asked for.

    Args:
        on: as of this Beijing day.
        parent_code: only the divisions right below.
    """

    on: date
    parent_code: str | None = None
    level: Level | None = None
    kind: DivisionKind | None = None


class Divisions:
    """Divisions as of a day."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, code: str, *, on: date) -> Division | None:
        """The division that has the code on the day; never a filler."""
        return await self._session.scalar(select(Division).where(Division.code == code, *_real_on(Division, on)))

    async def hold(self, code: str, *, on: date) -> Division | None:
        """As `find`, and nobody else holds or changes the division until the transaction ends."""
        query = select(Division).where(Division.code == code, *_real_on(Division, on))
        return await self._session.scalar(query.with_for_update(key_share=True))

    async def is_known(self, code: str) -> bool:
        """True if some division had the code on some day."""
        return await self._session.scalar(select(literal(1)).where(Division.code == code).limit(1)) is not None

    async def path(self, code: str, *, on: date) -> list[Division]:
        """The division and everything above it in the tree of the day, itself first."""
        first = select(Division.id, Division.parent_code, literal(0).label("depth"))
        chain = first.where(Division.code == code, *_real_on(Division, on)).cte(recursive=True)
        upper = aliased(Division)
        above = select(upper.id, upper.parent_code, chain.c.depth + 1).join(chain, upper.code == chain.c.parent_code)
        chain = chain.union_all(above.where(*_real_on(upper, on)))
        rows = select(Division).join(chain, chain.c.id == Division.id).order_by(chain.c.depth)
        return list(await self._session.scalars(rows))

    async def page(self, wanted: DivisionFilter, *, after: str | None, limit: int) -> list[Division]:
        """Up to `limit` divisions in code order, which is the order of the tree, beyond the code `after`."""
        kind = Division.kind == wanted.kind if wanted.kind else Division.kind != DivisionKind.FILLER
        query = select(Division).where(kind, *_in_force(Division, wanted.on))
        if wanted.parent_code is not None:
            query = query.where(Division.parent_code == wanted.parent_code)
        if wanted.level is not None:
            query = query.where(Division.level == wanted.level)
        if after is not None:
            query = query.where(Division.code > after)
        return list(await self._session.scalars(query.order_by(Division.code).limit(limit)))

    async def periods(self, codes: Collection[str], *, within: Collection[str] = ()) -> list[DivisionState]:
        """Every state that stood under some codes, and in some subtrees, by code and day; fillers left out."""
        wanted = [Division.code.in_(codes), *(between(Division.code, *subtree_range(root)) for root in within)]
        query = select(Division).where(Division.kind != DivisionKind.FILLER, or_(*wanted))
        query = query.order_by(Division.code, Division.valid_from).execution_options(populate_existing=True)
        rows = await self._session.scalars(query)
        return [state_of(row) for row in rows]

    async def in_force(self, codes: Collection[str], *, on: date) -> list[Division]:
        """The divisions that have one of some codes on the day."""
        query = select(Division).where(Division.code.in_(codes), *_real_on(Division, on))
        return list(await self._session.scalars(query.order_by(Division.code)))

    async def count(self, *, on: date) -> dict[tuple[Level, DivisionKind], int]:
        """How many divisions of each level and kind there are on the day, fillers included."""
        counted = select(Division.level, Division.kind, func.count()).where(*_in_force(Division, on))
        rows = await self._session.execute(counted.group_by(Division.level, Division.kind))
        return {(Level(level), DivisionKind(kind)): number for level, kind, number in rows}


def state_of(division: Division) -> DivisionState:
    """The row as the readers of its event get it."""
    values = {name: getattr(division, name) for name in DivisionState.model_fields}
    lists = {name: tuple(values[name] or ()) for name in ("predecessors", "successors")}
    return DivisionState.model_validate({**values, **lists, "level": Level(division.level)})


def _in_force(table: Any, on: date) -> tuple[ColumnElement[bool], ...]:
    return (table.valid_from <= on, or_(table.valid_to.is_(None), table.valid_to > on))


def _real_on(table: Any, on: date) -> tuple[ColumnElement[bool], ...]:
    return (table.kind != DivisionKind.FILLER, *_in_force(table, on))


async def insert_missing(conn: Connection, states: Sequence[DivisionState]) -> set[UUID]:
    """Adds the divisions that are not there yet, in one statement; returns the ids of the new ones."""
    names = ", ".join(_COLUMNS)
    await conn.execute("CREATE TEMP TABLE incoming_divisions (LIKE divisions INCLUDING DEFAULTS) ON COMMIT DROP")
    records = [tuple(getattr(state, name) for name in _COLUMNS) for state in states]
    await conn.copy_records_to_table("incoming_divisions", records=records, columns=_COLUMNS)
    added = await conn.fetch(
        f"INSERT INTO divisions ({names}) SELECT {names} FROM incoming_divisions ORDER BY code, level "  # noqa: S608
        "ON CONFLICT DO NOTHING RETURNING id"
    )
    return {row["id"] for row in added}


async def supersede(conn: Connection, ended: Sequence[DivisionState], begun: Sequence[DivisionState]) -> int:
    """Ends open states and begins new ones; returns how many were still as their versions say."""
    rows = [(one.id, one.version - 1, one.valid_to, list(one.successors), one.change_id) for one in ended]
    count = 0
    for row in rows:
        done = await conn.execute(
            "UPDATE divisions SET valid_to = $3, successors = $4, change_id = $5, version = version + 1 "
            "WHERE id = $1 AND version = $2 AND valid_to IS NULL",
            *row,
        )
        count += done == "UPDATE 1"
    columns = (*_COLUMNS, "predecessors", "change_id", "is_first")
    records = [
        (*(getattr(one, name) for name in _COLUMNS), list(one.predecessors), one.change_id, _is_first(one))
        for one in begun
    ]
    await conn.copy_records_to_table("divisions", records=records, columns=columns)
    return count


def _is_first(state: DivisionState) -> bool:
    return state.code not in state.predecessors
