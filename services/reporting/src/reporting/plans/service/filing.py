"""A city files, the province accepts or returns. Source: O6.2b."""

from datetime import date

from common.auth import Actor
from common.clock import now, today
from common.contracts.reporting.plans import ExecutionState, FilingState, PlanState, ReturnReason
from common.divisions import Level
from common.records.service import get_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.plans import domain
from reporting.plans.errors import FilingNumberTaken, PlanNotInState
from reporting.plans.repository import Plans
from reporting.plans.service.access import Whose, get_plan_of, hold_filing, require_city, require_upper
from reporting.programmes.domain import filing_due_on
from reporting.programmes.service import DECIDERS


async def file_plan(
    uow: UnitOfWork, *, actor: Actor, whose: Whose, expected_version: int, on: date | None
) -> FilingState:
    """The city hands in the version that it has approved, today. Late is recorded with its days, never refused.

    What it handed in on paper on a day gone by is entered by the province, which has it; lateness counts from that day.

    Source: O6.2b, O6.2c.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotInState, NotApproved, DayOutOfOrder: there is nothing to file, or not on that day.

    Events: reporting.plan-filing.changed.v1, reporting.plan.changed.v1.
    Locks: the filing.
    """
    day = on or today()
    if actor.division == whose.city:
        programme = await require_city(uow, actor, whose, *DECIDERS)
        domain.require_today(day, today=today())
    else:
        programme = await require_upper(uow, actor, whose)
    filing = await hold_filing(uow, whose, expected_version=expected_version)
    if filing.draft is None:
        raise PlanNotInState(status=filing.status)
    plan = await get_plan_of(uow, whose, filing.draft)
    domain.require_day(filing, day, today=today(), approval=plan.approval)
    changes = domain.filed(filing, plan, by=actor.subject, at=now(), on=day, due_on=filing_due_on(programme))
    return await _store(uow, filing, plan, changes, "file")


async def return_plan(
    uow: UnitOfWork,
    *,
    actor: Actor,
    whose: Whose,
    expected_version: int,
    on: date | None,
    reasons: tuple[ReturnReason, ...],
    correct_by: date | None,
) -> FilingState:
    """The province returns what was filed, with all its reasons at once; what is in force stays.

    Source: O6.2b.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotInState, PlanNotFound, DayOutOfOrder: nothing waits, a reason names no line of it, not on that day.

    Events: reporting.plan-filing.changed.v1, reporting.plan.changed.v1.
    Locks: the filing.
    """
    await require_upper(uow, actor, whose)
    filing = await hold_filing(uow, whose, expected_version=expected_version)
    plan, day = await get_plan_of(uow, whose, domain.pending_of(filing)), on or today()
    for reason in reasons:
        if reason.line_id is not None:
            domain.line_of(plan, reason.line_id)
    domain.require_day(filing, day, today=today())
    changes = domain.returned(filing, by=actor.subject, at=now(), on=day, reasons=reasons, correct_by=correct_by)
    return await _store(uow, filing, plan, changes, "return")


async def accept_plan(
    uow: UnitOfWork, *, actor: Actor, whose: Whose, expected_version: int, on: date | None, number: str
) -> FilingState:
    """The province puts the version on file under a number; it supersedes the one that was in force.

    Source: O6.2b.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotInState, FilingNumberTaken, DayOutOfOrder: nothing waits, the number is used, not on that day.

    Events: reporting.plan-filing.changed.v1, reporting.plan.changed.v1, reporting.plan-execution.changed.v1.
    Locks: the filing, then acceptances one after another.
    """
    await require_upper(uow, actor, whose)
    filing = await hold_filing(uow, whose, expected_version=expected_version)
    plan, day = await get_plan_of(uow, whose, domain.pending_of(filing)), on or today()
    domain.require_day(filing, day, today=today())
    if await Plans(uow.conn).is_number_taken(whose.programme_id, number):
        raise FilingNumberTaken
    changes = domain.accepted(filing, by=actor.subject, at=now(), on=day, number=number)
    state = await _store(uow, filing, plan, changes, "accept")
    if filing.in_force is not None:
        before = await get_plan_of(uow, whose, filing.in_force)
        old = next_state(before, status="superseded")
        await store_record(uow, old, previous=before, action="reporting.plan.supersede")
    await _carry_out(uow, whose, plan, is_first=filing.in_force is None)
    return state


async def _store(
    uow: UnitOfWork, filing: FilingState, plan: PlanState, changes: dict[str, object], verb: str
) -> FilingState:
    state = next_state(filing, **changes)
    await store_record(uow, state, previous=filing, action=f"reporting.plan-filing.{verb}")
    follows = next_state(plan, status=state.status)
    await store_record(uow, follows, previous=plan, action=f"reporting.plan.{verb}")
    return state


async def _carry_out(uow: UnitOfWork, whose: Whose, plan: PlanState, *, is_first: bool) -> None:
    """What is in force is carried out; what was reached under the version before goes on."""
    if is_first:
        new = ExecutionState(
            id=whose.execution_id,
            version=1,
            division=whose.city,
            level=Level.CITY,
            changed_at=now(),
            filing_id=whose.filing_id,
            programme_id=plan.programme_id,
            plan=plan.number,
            stages=domain.first_stages(plan),
        )
        await store_record(uow, new, previous=None, action="reporting.plan-execution.begin")
        return
    held = await get_record(uow.session, ExecutionState, whose.execution_id)
    state = next_state(held, **domain.carried_over(held, plan))
    await store_record(uow, state, previous=held, action="reporting.plan-execution.follow")
