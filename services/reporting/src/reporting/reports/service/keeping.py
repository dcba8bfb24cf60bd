"""What all acts on reports share: the gate, the locks, the template, and keeping what became of it.

Locks: always the gate of the period (shared), then places from the lower division to the higher, then the records of
these places. Closing takes the gate alone, so that an act comes wholly before it or not at all.
"""

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.contracts.reporting.reports import Base, PeriodState, PeriodStatus, ReportState, TemplateLine
from common.db import Connection
from common.directory import find_heirs
from common.records.errors import RecordNotFound
from common.records.service import get_record, hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.reports.domain.composing import compose
from reporting.reports.domain.states import REPORTERS, Act, require_act, require_period_takes
from reporting.reports.errors import ReportNotExpected
from reporting.reports.repository import Periods, ReportingPlace, Versions, connection_of


@dataclass(frozen=True, slots=True)
class Seen:
    """Which report is meant, and the version that was seen."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A report that is held for an act, with its place and its period."""

    status: PeriodStatus
    place: ReportingPlace
    period: PeriodState
    held: ReportState

    @property
    def template(self) -> tuple[TemplateLine, ...]:
        """The lines, as they were when the period was opened."""
        return self.period.lines


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; the endpoints of these use cases ask for a token."""
    assert uow.actor is not None, "the endpoint asks for a token"  # noqa: S101
    return uow.actor


def report_id_of(period_id: UUID, division: str) -> UUID:
    """A division has one report in a period, so it has one id."""
    return uuid5(NAMESPACE_OID, f"report {period_id} {division}")


async def heir_of(conn: Connection, division: str) -> str:
    """The division, or who took over from a retired one. Source: standards.md §1."""
    return (await find_heirs(conn, [division])).get(division, division)


async def find_seen(session: AsyncSession, report_id: UUID, actor: Actor) -> ReportState:
    """A report of the actor's subtree, or one that the actor's division reviews: the tree of a period is frozen.

    Source: O6.3a, standards.md §1.

    Raises:
        RecordNotFound: none that the actor sees.
    """
    found = await get_record(session, ReportState, report_id)
    if await heir_of(await connection_of(session), found.parent) == actor.division:
        return found
    return await get_record(session, ReportState, report_id, actor=actor)


async def pass_gate(uow: UnitOfWork, period_id: UUID) -> tuple[PeriodStatus, PeriodState]:
    """The period as it stays until the transaction ends.

    Locks: the gate, shared.

    Raises:
        RecordNotFound: there is none.
    """
    status = await Periods(uow.conn).pass_gate(period_id)
    if status is None:
        raise RecordNotFound
    return status, await get_record(uow.session, PeriodState, period_id)


async def hold_place(uow: UnitOfWork, period_id: UUID, division: str) -> ReportingPlace:
    """The place of a division, held.

    Raises:
        ReportNotExpected: it does not report in this period.
    """
    place = await Periods(uow.conn).hold_place(period_id, division)
    if place is None:
        raise ReportNotExpected(division=division)
    return place


async def open_report(uow: UnitOfWork, seen: Seen, act: Act) -> Opened:
    """The report for an act by somebody who saw that version.

    Locks: gate (shared), place, record.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: none that the actor sees; changed meanwhile.
        ReportNotInState, PeriodShut: the act does not begin there.
    """
    actor = actor_of(uow)
    require_role(actor, *REPORTERS)
    known = await find_seen(uow.session, seen.id, actor)
    status, period = await pass_gate(uow, known.period_id)
    place = await hold_place(uow, known.period_id, known.division)
    held = await hold_record(uow.session, ReportState, seen.id, expected_version=seen.version)
    require_act(held, act)
    require_period_takes(status, held, act)
    return Opened(status, place, period, held)


async def change_report(
    uow: UnitOfWork, held: ReportState, act: Act, changes: dict[str, Any], *, reason: str | None = None
) -> ReportState:
    """The next state of a held report, kept."""
    return await keep_report(uow, next_state(held, **changes), previous=held, act=act, reason=reason)


async def keep_report(
    uow: UnitOfWork, state: ReportState, *, previous: ReportState | None, act: Act, reason: str | None = None
) -> ReportState:
    """Stores and tells a state, keeps it as a version, and brings place, bases and lines in force to it.

    Events: reporting.report.changed.v1.
    """
    await store_record(uow, state, previous=previous, action=f"reporting.report.{act}", reason=reason)
    versions = Versions(uow.conn)
    await versions.add(state, act=act, by=uow.actor.subject if uow.actor else None, reason=reason)
    await Periods(uow.conn).put_place(state)
    if previous is None or (state.edition, state.bases) != (previous.edition, previous.bases):
        await versions.put_bases(state)
    if act == "approve":
        await versions.put_in_force(state)
    return state


async def composed(uow: UnitOfWork, period: PeriodState, held: ReportState) -> dict[str, Any]:
    """The members of a report that are composed from what is approved below it now."""
    below, missing = await Versions(uow.conn).approved_below(held.period_id, held.division)
    found = compose(period.lines, held.lines, below, missing)
    return {"lines": found.lines, "bases": found.bases, "missing": found.missing}


def bases_behind(bases: tuple[Base, ...], fresh: tuple[Base, ...]) -> list[str]:
    """Divisions below whose edition in force is not the one that a report is composed from."""
    used = {base.division: base.edition for base in bases}
    return [base.division for base in fresh if used.get(base.division) != base.edition]
