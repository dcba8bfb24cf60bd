"""Use cases of divisions."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.registry import DivisionState
from common.divisions import Level, ancestors_of
from common.errors import PreconditionFailed
from common.uow import UnitOfWork
from registry.data.rows import DivisionKind, DivisionRow
from registry.divisions.domain import Periods, first_state, heirs_on, origins_on
from registry.divisions.errors import DivisionNotFound, DivisionNotInForce
from registry.divisions.models import Division
from registry.divisions.repository import DivisionFilter, Divisions, insert_missing, supersede
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


async def list_periods(
    session: AsyncSession, codes: Collection[str], *, within: Collection[str] = ()
) -> list[DivisionState]:
    """Every state that ever stood under some codes, and in some subtrees, by code and day; fillers left out."""
    return await Divisions(session).periods(codes, within=within)


async def list_rows(session: AsyncSession, codes: Collection[str], *, on: date) -> dict[str, DivisionRow]:
    """Code → division of the day, of some codes and of everything above them."""
    wanted = {one for code in codes for one in (code, *ancestors_of(code))}
    rows = await Divisions(session).in_force(wanted, on=on)
    return {one.code: DivisionRow(one.code, Level(one.level), one.name, DivisionKind(one.kind)) for one in rows}


async def list_heirs(session: AsyncSession, *, code: str, on: date) -> list[Division]:
    """The divisions that have the territory of a code on a day: a retired code leads to those that took over.

    The main heir comes first; a code that is in force leads to itself, one that nobody took over to nothing.

    Source: standards.md §1 (Order 79).

    Raises:
        DivisionNotFound: no division ever had it.
        DivisionNotInForce: its division began later.
    """
    periods = await _periods_on_the_way(session, code, on, heirs_on)
    if periods[code][0].valid_from > on:
        raise DivisionNotInForce(on=on.isoformat())
    return await _in_order(session, heirs_on(code, periods, on=on)[0], on)


async def list_origins(session: AsyncSession, *, code: str, on: date) -> list[Division]:
    """The divisions that had the territory of a code on an earlier day.

    Source: standards.md §1 (Order 79).

    Raises:
        DivisionNotFound: no division ever had it.
    """
    periods = await _periods_on_the_way(session, code, on, origins_on)
    return await _in_order(session, origins_on(code, periods, on=on)[0], on)


async def replace_divisions(uow: UnitOfWork, *, ended: Sequence[DivisionState], begun: Sequence[DivisionState]) -> None:
    """Ends states and begins others, and tells it: what begins first, upper levels before lower ones.

    Source: standards.md §1 (Order 79), ADR 0014.

    Args:
        ended: open states at their next version, with their last day and who took over.
        begun: states at version 1.

    Raises:
        PreconditionFailed: one of them is no longer open, or has changed.

    Events: registry.division.changed.v1 for each.
    Locks: the rows that end.
    """
    await uow.flush()
    if await supersede(uow.conn, ended, begun) != len(ended):
        raise PreconditionFailed
    await tell_divisions(uow, [*sorted(begun, key=_from_the_top), *sorted(ended, key=_from_the_top)])


def _from_the_top(state: DivisionState) -> tuple[int, str]:
    return len(ancestors_of(state.code)), state.code


async def _periods_on_the_way(session: AsyncSession, code: str, on: date, walk: Any) -> Periods:
    """The states of every code that a walk passes, fetched as it goes on."""
    known: dict[str, list[DivisionState]] = {}
    wanted = {code}
    while wanted:
        found = await Divisions(session).periods(wanted)
        known |= {one: [] for one in wanted}
        for state in found:
            known[state.code].append(state)
        if not known[code]:
            raise DivisionNotFound
        wanted = walk(code, known, on=on)[1]
    return known


async def _in_order(session: AsyncSession, codes: Sequence[str], on: date) -> list[Division]:
    found = {one.code: one for one in await Divisions(session).in_force(codes, on=on)}
    return [found[code] for code in codes]


async def _refuse(session: AsyncSession, code: str, on: date) -> NoReturn:
    if await Divisions(session).is_known(code):
        raise DivisionNotInForce(on=on.isoformat())
    raise DivisionNotFound


async def _tell(uow: UnitOfWork, states: Sequence[DivisionState], reason: str) -> None:
    await tell_divisions(uow, states)
    await uow.record_audit("registry.division.load", "registry.division", "*", reason=reason)
