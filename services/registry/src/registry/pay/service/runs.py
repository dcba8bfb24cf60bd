"""Pay runs: drafted, settled under the guard, or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import now, today
from common.contracts.registry.money import PayLine, PayRateState, PayRunState
from common.contracts.registry.people import StaffMemberState
from common.divisions import Level, node_at
from common.errors import JSON
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, get_record, list_records, store_record
from registry.offices.domain import Edge
from registry.offices.service import hold_office, hold_owned
from registry.pay.domain import (
    Period,
    Piece,
    Task,
    TaskStatus,
    block_of,
    pay_line,
    rate_of,
    require_draft,
    require_pay_office,
    require_payer,
    require_period,
    require_unblocked,
    total_of,
)
from registry.pay.errors import NothingToPay, RateMissing, RunOutdated
from registry.pay.repository import Facts, Tasks, pays_of, put_pays
from registry.pay.service.facts import facts_of
from registry.pay.service.tasks import map_handlers
from registry.staff.domain import require_impersonal

_NAMED_IN_ANSWER = 20
Pieces = Mapping[UUID, Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run as somebody wants it drafted.

    Attributes:
        only_staff: for these posts alone; None for everybody with accepted tasks.
    """

    office_id: UUID
    period: Period
    only_staff: tuple[UUID, ...] | None


async def draft_run(uow: UnitOfWork, *, actor: Actor, new: NewRun, reason: str | None) -> PayRunState:
    """Works out what a period's accepted and unpaid tasks are worth, line by line; nothing is paid by it.

    Source: O1.4f, O1.4g.

    Raises:
        OfficeNotFound, RoleRequired, OutOfScope, PayNotOwn, OfficeClosed: not there, or not this actor's to pay.
        PayOfficeRefused, PeriodRefused, NothingToPay, RateMissing: it cannot be worked out.
        PayRefused: somebody is named whom a rule bars from pay.

    Events: registry.pay-run.changed.v1.
    Locks: the office.
    """
    require_impersonal(reason)
    session = uow.session
    office = await hold_office(session, actor=actor, office_id=new.office_id, edge=Edge.LEADERSHIP)
    level = Level(office.level)
    require_pay_office(level)
    require_payer(actor, leadership_division=office.leadership_division, division=office.division, level=level)
    require_period(new.period, today=today())
    await map_handlers(session, within=office.division, period=new.period)
    only = office.id if level is Level.VILLAGE else None
    tasks = await Tasks(session).payable(
        within=office.division, office_id=only, period=new.period, staff=new.only_staff
    )
    pieces = await _priced(session, tasks)
    if not pieces or set(new.only_staff or ()) - pieces.keys():
        raise NothingToPay
    run_id = uuid7()
    lines = await _lines(session, division=office.division, period=new.period, pieces=pieces)
    if new.only_staff is not None:
        require_unblocked(lines)
    state = PayRunState(
        id=run_id,
        version=1,
        office_id=office.id,
        division=office.division,
        level=level,
        effective_on=today(),
        period_from=new.period.first,
        period_to=new.period.last,
        status="draft",
        lines=lines,
        total_fen=total_of(lines),
        settled_at=None,
        only_staff=new.only_staff,
    )
    await store_record(uow, state, previous=None, action="registry.pay-run.draft", reason=reason)
    return state


async def settle_run(uow: UnitOfWork, *, actor: Actor, run_id: UUID, expected_version: int) -> PayRunState:
    """Pays a draft: each task once, and nobody whom a rule bars; final.

    The guard is asked once more, with everything that is known by now: a line whose person must not be paid stays in
    the run with nothing to pay and the reason. Settlements of the same persons follow one another.

    Source: O1.4e, O1.4f, O1.4g.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, OutOfScope, PayNotOwn, OfficeClosed: not this actor's to pay.
        RunNotDraft: settled or cancelled already.
        RunOutdated: tasks or rates are not what they were, or another run has paid them.
        PayRefused: the run names somebody whom a rule bars from pay.

    Events: registry.pay-run.changed.v1.
    Locks: the office, the run, its tasks, its persons.
    """
    run = await _hold_run(uow.session, actor, run_id, expected_version)
    period = Period(run.period_from, run.period_to)
    tasks = await Tasks(uow.session).hold([case for line in run.lines for case in line.case_ids])
    if any(task.status is not TaskStatus.ACCEPTED or task.pay_run_id is not None for task in tasks):
        raise RunOutdated
    pieces = await _priced(uow.session, tasks)
    lines = await _lines(uow.session, division=run.division, period=period, pieces=pieces)
    if _earned(lines) != _earned(run.lines):
        raise RunOutdated
    if run.only_staff is not None:
        require_unblocked(lines)
    paid = [
        (line.staff_member_id, one) for line in lines if not line.blocked_by for one in pieces[line.staff_member_id]
    ]
    if await Tasks(uow.session).pay(pay_run_id=run.id, pieces=paid) != len(paid):
        raise RunOutdated
    changes = {"status": "settled", "lines": lines, "total_fen": total_of(lines), "settled_at": now()}
    settled = next_state(run, effective_on=today(), **changes)
    await put_pays(uow.conn, pays_of(settled))
    await store_record(uow, settled, previous=run, action="registry.pay-run.settle")
    return settled


async def cancel_run(uow: UnitOfWork, *, actor: Actor, run_id: UUID, expected_version: int, reason: str) -> PayRunState:
    """Gives up a draft; its tasks wait for another run.

    Source: O1.4f.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, OutOfScope, PayNotOwn, OfficeClosed, RunNotDraft: as
            settle_run.

    Events: registry.pay-run.changed.v1.
    Locks: the office, the run.
    """
    require_impersonal(reason)
    run = await _hold_run(uow.session, actor, run_id, expected_version)
    cancelled = next_state(run, effective_on=today(), status="cancelled", cancel_reason=reason)
    await store_record(uow, cancelled, previous=run, action="registry.pay-run.cancel", reason=reason)
    return cancelled


async def _hold_run(session: AsyncSession, actor: Actor, run_id: UUID, expected_version: int) -> PayRunState:
    run, office = await hold_owned(
        session, PayRunState, run_id, expected_version=expected_version, actor=actor, edge=Edge.LEADERSHIP
    )
    require_payer(
        actor, leadership_division=office.leadership_division, division=office.division, level=Level(office.level)
    )
    require_draft(run)
    return run


async def _priced(session: AsyncSession, tasks: Sequence[Task]) -> dict[UUID, list[Piece]]:
    """Tasks with their rates, by the post that is paid for them."""
    rates: dict[str, list[PayRateState]] = {}
    pieces: dict[UUID, list[Piece]] = {}
    missing: list[JSON] = []
    for task in tasks:
        town = node_at(task.division, Level.TOWN) or task.division
        if town not in rates:
            rates[town] = await list_records(session, PayRateState, Wanted(within=town))
        rate = rate_of(rates[town], task)
        if rate is None:
            missing.append({"duty": task.duty, "item_code": task.item_code, "closed_on": task.closed_on.isoformat()})
        elif task.staff_member_id is not None and task.quality_permille is not None:
            piece = Piece(task.case_id, rate.id, rate.fen_per_task, task.quality_permille)
            pieces.setdefault(task.staff_member_id, []).append(piece)
    if missing:
        raise RateMissing(tasks=len(missing), without_rate=missing[:_NAMED_IN_ANSWER])
    return pieces


async def _lines(session: AsyncSession, *, division: str, period: Period, pieces: Pieces) -> tuple[PayLine, ...]:
    """The line of each post under the guard. Locks: the persons."""
    posts = [await get_record(session, StaffMemberState, one) for one in sorted(pieces)]
    pseudonyms = {post.pseudonym for post in posts}
    await Facts(session).hold(pseudonyms)
    facts = await facts_of(session, pseudonyms)
    lines = []
    for post in posts:
        block = block_of(facts[post.pseudonym], staff_member_id=post.id, division=division, period=period)
        line = pay_line(staff_member_id=post.id, pseudonym=post.pseudonym, pieces=pieces[post.id], block=block)
        lines.append(line)
    return tuple(lines)


def _earned(lines: Sequence[PayLine]) -> set[tuple[UUID, int | None, tuple[UUID, ...]]]:
    return {(line.staff_member_id, line.earned_fen, line.case_ids) for line in lines}
