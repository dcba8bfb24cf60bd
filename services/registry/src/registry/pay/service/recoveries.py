"""Pay that turned out to be wrong after it was settled: found by itself, closed by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor
from common.clock import today
from common.contracts.registry.money import PayLine, PayRecoveryState, PayRunState
from common.uow import UnitOfWork
from registry.history.domain import next_state
from registry.history.errors import RecordNotFound
from registry.history.service import Wanted, get_record, list_records, store_record
from registry.offices.domain import Edge
from registry.offices.service import hold_owned
from registry.pay.domain import Block, PayFact, PersonFacts, block_of, recovery_id, require_grounds, worth_of
from registry.pay.errors import RecoveryClosed
from registry.pay.repository import Facts, Tasks
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

    Unpaid tasks go where their office has gone.

    A line that the guard would block now is recovered whole, once; of a line whose task was taken back, the worth of
    the task.

    Source: O1.4f, O1.4g.

    Events: registry.pay-recovery.changed.v1 for each.
    Idempotency: a recovery's id follows from run, post and task; what is there is left alone.
    Locks: the persons, so that no settlement under way is overlooked.
    """
    facts, tasks = Facts(uow.session), Tasks(uow.session)
    checks = await facts.take_checks(limit)
    for office_id in sorted(checks.offices):
        await follow_office(uow.session, office_id)
    lines = await tasks.lines_of_cases(checks.cases)
    by_run = {run_id: await _find_run(uow.session, run_id) for run_id, _ in sorted(lines)}
    touched = {
        line.pseudonym: None
        for run_id, staff in sorted(lines)
        if (run := by_run[run_id]) is not None and (line := _line(run, staff)) is not None
    }
    everybody = sorted(checks.pseudonyms | touched.keys())
    await facts.hold(everybody)
    for pseudonym, known in (await facts_of(uow.session, everybody)).items():
        if pseudonym in checks.pseudonyms:
            await _recover_lines(uow, known)
    for run_id, staff in sorted(lines):
        found = by_run[run_id]
        if found is not None:
            await _recover_tasks(uow, found, staff)
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
    return closed


async def _recover_lines(uow: UnitOfWork, known: PersonFacts) -> None:
    """Settled pay of this site that the guard would block now."""
    for pay in sorted(known.pays, key=lambda one: (one.settled_at, one.pay_run_id)):
        run = await _find_run(uow.session, pay.pay_run_id)
        if run is None:
            continue
        block = _block_of(known, pay)
        line = _line(run, pay.staff_member_id)
        if block is not None and line is not None:
            opened = await _opened(uow.session, run.id, line.staff_member_id)
            remaining = line.amount_fen - sum(one.amount_fen for one in opened)
            if remaining > 0 and all(one.case_id is not None for one in opened):
                await _open(uow, run, line, amount_fen=remaining, block=block)


async def _recover_tasks(uow: UnitOfWork, run: PayRunState, staff_member_id: UUID) -> None:
    """What a line would be less without the tasks that were taken back."""
    line = _line(run, staff_member_id)
    opened = await _opened(uow.session, run.id, staff_member_id)
    if line is None or any(one.case_id is None for one in opened):
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


async def _find_run(session: AsyncSession, run_id: UUID) -> PayRunState | None:
    """The run, if it is of this site."""
    try:
        return await get_record(session, PayRunState, run_id)
    except RecordNotFound:
        return None


def _line(run: PayRunState, staff_member_id: UUID) -> PayLine | None:
    return next((line for line in run.lines if line.staff_member_id == staff_member_id), None)
