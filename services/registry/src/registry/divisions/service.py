"""Use cases of divisions."""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry import DivisionState
from common.divisions import Level
from common.uow import UnitOfWork
from registry.data.rows import DivisionKind, DivisionRow
from registry.divisions.domain import first_state
from registry.divisions.errors import DivisionNotFound, DivisionNotInForce
from registry.divisions.models import Division
from registry.divisions.repository import DivisionFilter, Divisions, insert_missing
from registry.history.service import tell_divisions

__all__ = ["DivisionFilter"]


async def get_division(session: AsyncSession, *, code: str, on: date) -> Division:
    """The division that has the code on a Beijing day.

    Raises:
        DivisionNotFound: no division ever had it.
        DivisionNotInForce: none has it on that day.
    """
    found = await Divisions(session).find(code, on=on)
    return found or await _refuse(session, code, on)


async def hold_division(session: AsyncSession, *, code: str, on: date) -> Division:
    """The same for a use case that writes what hangs on the division.

    Locks: the division, so that two such use cases follow one another.

    Raises:
        DivisionNotFound, DivisionNotInForce: as get_division.
    """
    found = await Divisions(session).hold(code, on=on)
    return found or await _refuse(session, code, on)


async def get_path(session: AsyncSession, *, code: str, on: date) -> list[Division]:
    """The division and everything above it in the tree of the day: itself first, the province last.

    Source: O1.3a.

    Raises:
        DivisionNotFound, DivisionNotInForce: as get_division.
    """
    path = await Divisions(session).path(code, on=on)
    return path or await _refuse(session, code, on)


async def get_rows(session: AsyncSession, *, code: str, on: date) -> list[DivisionRow]:
    """The same path as the naming rules read it.

    Raises:
        DivisionNotFound, DivisionNotInForce: as get_division.
    """
    path = await get_path(session, code=code, on=on)
    return [DivisionRow(one.code, Level(one.level), one.name, DivisionKind(one.kind)) for one in path]


async def count_divisions(session: AsyncSession, *, on: date) -> dict[tuple[Level, DivisionKind], int]:
    """How many divisions of each level and kind there are on the day, fillers included."""
    return await Divisions(session).count(on=on)


async def list_divisions(
    session: AsyncSession, *, wanted: DivisionFilter, after: str | None, limit: int
) -> list[Division]:
    """Divisions as of a day in the order of the tree; fillers only when their kind is asked for."""
    return await Divisions(session).page(wanted, after=after, limit=limit)


async def load_divisions(uow: UnitOfWork, *, rows: Sequence[DivisionRow], valid_from: date, reason: str) -> int:
    """Takes in the divisions of a file that are not there yet; returns how many.

    Source: ADR 0006.

    Events: registry.division.changed.v1 for every new one, top level first.
    Idempotency: a division is known by code, level and first day; known ones stay as they are.
    """
    states = [first_state(row, valid_from) for row in rows]
    added = await insert_missing(uow.conn, states)
    if added:
        await _tell(uow, [state for state in states if state.id in added], reason)
    return len(added)


async def _refuse(session: AsyncSession, code: str, on: date) -> NoReturn:
    if await Divisions(session).is_known(code):
        raise DivisionNotInForce(on=on.isoformat())
    raise DivisionNotFound


async def _tell(uow: UnitOfWork, states: Sequence[DivisionState], reason: str) -> None:
    await tell_divisions(uow, states)
    await uow.record_audit("registry.division.load", "registry.division", "*", reason=reason)
