"""Pay that turned out to be wrong after it was settled: found by itself, closed by people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry.money import PayLine, PayRecoveryState, PayRunState
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.service import Wanted, find_records, list_records, store_record
from registry.offices.domain import Edge
from registry.offices.service import hold_homes, hold_owned
from registry.pay.domain import Block, PayFact, PersonFacts, block_of, recovery_id, require_grounds, worth_of
from registry.pay.errors import RecoveryClosed
from registry.pay.repository import Facts, Tasks, insert_checks, insert_returns
from registry.pay.service.facts import facts_of
from registry.pay.service.tasks import follow_office
from registry.staff.domain import require_impersonal


@dataclass(frozen=True, slots=True)
class Closing:
    """How a recovery ends."""

    status: Literal["recovered", "waived"]
    reason: str | None
    document: str | None


async def look_through(uow: UnitOfWork, *, limit: int) -> int:
    """Looks through settled pay of persons of whom something new is known; returns how many checks were taken.

    Unpaid tasks go where their office has gone. Where a run is settled, or goes to another office, while the offices
    and persons are waited for, its office is not held: then the checks are put back for the next time.

    A line that the guard would block now is recovered whole, once; of a line whose task was taken back, the worth of
    the task.

    Source: O1.4f, O1.4g.

    Events: registry.pay-recovery.changed.v1 for each.
    Idempotency: a recovery's id follows from run, post and task; what is there is left alone.
    Locks: the offices of the runs in the order of their ids, so that a recovery goes where its office goes; the tasks
        that follow; the persons, so that no settlement under way is overlooked.
    """
    session, facts = uow.session, Facts(uow.session)
    checks = await facts.take_checks(limit)
    lines = sorted(await Tasks(session).lines_of_cases(checks.cases))
    paid_by = {run_id for run_id, _ in lines}
    seen = await _runs(session, paid_by, await facts.of(checks.pseudonyms))
    offices = {run.office_id for run in seen.values()}
    await hold_homes(session, offices)
    for office_id in sorted(checks.offices):
        await follow_office(session, office_id)
    named = {line.pseudonym for run_id, staff in lines if (line := _line(seen.get(run_id), staff)) is not None}
    await facts.hold(checks.pseudonyms | named)
    known = await facts_of(session, checks.pseudonyms)
    runs = await _runs(session, paid_by, known)
    if any(run.office_id not in offices for run in runs.values()):
        await insert_checks(uow.conn, pseudonyms=checks.pseudonyms, cases=checks.cases)
        return len(checks)
    for pseudonym in sorted(known):
        await _recover_lines(uow, known[pseudonym], runs)
    for run_id, staff in lines:
        await _recover_tasks(uow, runs.get(run_id), staff)
    return len(checks)


async def close_recovery(
    uow: UnitOfWork, *, actor: Actor, recovery_id: UUID, expected_version: int, closing: Closing
) -> PayRecoveryState:
    """The money is back, or is waived with reason and document.

    Source: O1.4g.

    Raises:
        RecordNotFound, PreconditionFailed, RoleRequired, OutOfScope, OfficeClosed: not there, or not this actor's.
        RecoveryClosed: it is closed already.
        WaiverNeedsGrounds: waived without reason or document.

    Events: registry.pay-recovery.changed.v1.
    Locks: the office, the recovery.
    """
    require_impersonal(closing.reason, closing.document)
    held, _ = await hold_owned(
        uow.session,
        PayRecoveryState,
        recovery_id,
        expected_version=expected_version,
        actor=actor,
        edge=Edge.LEADERSHIP,
    )
    if held.status != "open":
        raise RecoveryClosed(status=held.status)
    require_grounds(is_waived=closing.status == "waived", reason=closing.reason, document=closing.document)
    closed = next_state(
        held,
        effective_on=today(),
        status=closing.status,
        closed_on=today(),
        close_reason=closing.reason,
        close_document=closing.document,
    )
    await store_record(uow, closed, previous=held, action="registry.pay-recovery.close", reason=closing.reason)
    await insert_returns(uow.conn, [closed])
    return closed


async def _runs(
    session: AsyncSession, run_ids: Collection[UUID], known: Mapping[str, PersonFacts]
) -> dict[UUID, PayRunState]:
    """Some runs, and those that have paid some persons, by id, as far as they are of this site."""
    paying = {pay.pay_run_id for person in known.values() for pay in person.pays}
    return await find_records(session, PayRunState, {*run_ids, *paying})


async def _recover_lines(uow: UnitOfWork, known: PersonFacts, runs: Mapping[UUID, PayRunState]) -> None:
    """Settled pay of this site that the guard would block now."""
    for pay in sorted(known.pays, key=lambda one: (one.settled_at, one.pay_run_id)):
        run = runs.get(pay.pay_run_id)
        line = _line(run, pay.staff_member_id)
        if run is None or line is None:
            continue
        block = _block_of(known, pay)
        if block is not None:
            opened = await _opened(uow.session, run.id, line.staff_member_id)
            remaining = line.amount_fen - sum(one.amount_fen for one in opened)
            if remaining > 0 and all(one.case_id is not None for one in opened):
                await _open(uow, run, line, amount_fen=remaining, block=block)


async def _recover_tasks(uow: UnitOfWork, run: PayRunState | None, staff_member_id: UUID) -> None:
    """What a line would be less without the tasks that were taken back."""
    line = _line(run, staff_member_id)
    if run is None or line is None:
        return
    opened = await _opened(uow.session, run.id, staff_member_id)
    if any(one.case_id is None for one in opened):
        return
    pieces = await Tasks(uow.session).paid_pieces(run.id, staff_member_id)
    told = {one.case_id for one in opened}
    gone = [piece for piece, is_withdrawn in pieces if is_withdrawn and piece.case_id not in told]
    owed = line.amount_fen - sum(one.amount_fen for one in opened)
    kept = [piece for piece, _ in pieces if piece.case_id not in told]
    for piece in gone:
        kept = [one for one in kept if one.case_id != piece.case_id]
        amount = owed - worth_of(kept)
        if amount > 0:
            owed -= amount
            await _open(uow, run, line, amount_fen=amount, block=None, case_id=piece.case_id)


def _block_of(known: PersonFacts, pay: PayFact) -> Block | None:
    return block_of(
        known,
        staff_member_id=pay.staff_member_id,
        division=pay.division,
        period=pay.period,
        settled=(pay.settled_at, pay.pay_run_id),
    )


async def _open(
    uow: UnitOfWork,
    run: PayRunState,
    line: PayLine,
    *,
    amount_fen: int,
    block: Block | None,
    case_id: UUID | None = None,
) -> None:
    state = PayRecoveryState(
        id=recovery_id(run.id, line.staff_member_id, case_id),
        version=1,
        office_id=run.office_id,
        division=run.division,
        level=run.level,
        effective_on=today(),
        pay_run_id=run.id,
        staff_member_id=line.staff_member_id,
        pseudonym=line.pseudonym,
        amount_fen=amount_fen,
        found_on=today(),
        clause=block.clause if block else "O1.4f",
        status="open",
        found_reason=block.reason if block else "task_withdrawn",
        found_detail=block.detail if block else None,
        case_id=case_id,
    )
    await store_record(uow, state, previous=None, action="registry.pay-recovery.open")


async def _opened(session: AsyncSession, run_id: UUID, staff_member_id: UUID) -> Sequence[PayRecoveryState]:
    equal = (("pay_run_id", str(run_id)), ("staff_member_id", str(staff_member_id)))
    return await list_records(session, PayRecoveryState, Wanted(equal=equal))


def _line(run: PayRunState | None, staff_member_id: UUID) -> PayLine | None:
    """The line of a post; none in a run that is not of this site."""
    lines = () if run is None else run.lines
    return next((line for line in lines if line.staff_member_id == staff_member_id), None)
