"""Steps of problems: from any office straight to the province, and back. Source: G2."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import beijing_day, now
from common.contracts.reporting.problems import ProblemState, Urgency
from common.directory import find_heirs, require_division
from common.divisions import level_of
from common.ids import uuid7
from common.policy import CLAUSES
from common.records.service import (
    Wanted,
    hold_record,
    list_records,
    next_state,
    store_record,
)
from common.uow import UnitOfWork
from reporting.orders.service import issue_order
from reporting.problems import domain
from reporting.problems.errors import ClauseUnknown, ProgrammeUnknown
from reporting.programmes.service import find_programme

REPORTERS = (
    Role.WINDOW_CLERK,
    Role.OFFICE_HEAD,
    Role.STATION_AGENT,
    Role.BUREAU_SUPERVISOR,
    Role.STATISTICIAN,
)
HANDLERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
_RECORD = "reporting.problem"
Change = Callable[[ProblemState], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Which problem is meant, and the version that was seen."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is reported."""

    title: str
    text: str
    clause: str | None
    programme: str | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Order:
    """A supervision order (督办) about a problem."""

    to_division: str
    title: str
    demand: str
    clause: str
    due_on: date


async def report_problem(uow: UnitOfWork, *, told: Told) -> ProblemState:
    """Any office, down to a station, reports a problem straight to the province (径向省厅反映).

    Source: G2.

    Raises:
        RoleRequired, ProvinceItself, DivisionUnknown, DivisionRetired: not this actor's to report.
        ClauseUnknown, ProgrammeUnknown: it concerns nothing that there is.

    Events: reporting.problem.changed.v1.
    """
    actor = _actor_of(uow)
    require_role(actor, *REPORTERS)
    addressee = domain.addressee_of(actor.division)
    await require_division(uow.conn, actor.division)
    if told.clause is not None and told.clause not in CLAUSES:
        raise ClauseUnknown
    if told.programme is not None and await find_programme(uow.conn, addressee, told.programme) is None:
        raise ProgrammeUnknown
    at, problem_id = now(), uuid7()
    on = beijing_day(at)
    state = ProblemState(
        id=problem_id,
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        office_id=actor.office_id,
        changed_at=at,
        number=f"WT{on:%Y%m%d}-{problem_id.hex[-8:].upper()}",
        title=told.title,
        text=told.text,
        clause=told.clause,
        programme=told.programme,
        urgency=told.urgency,
        status="reported",
        reported_by=actor.subject,
        reported_at=at,
        addressed_to=addressee,
        due_on=domain.take_up_due(on=on),
    )
    return await store_record(uow, state, previous=None, action="reporting.problem.report")


async def take_up_problem(uow: UnitOfWork, *, seen: Seen) -> ProblemState:
    """The province takes it up; the clock of the answer starts.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_province(uow, seen, "take-up", lambda held: domain.taken_up(held, by=by, at=at))


async def ask_back(uow: UnitOfWork, *, seen: Seen, text: str) -> ProblemState:
    """The province asks the reporter for more.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_province(uow, seen, "ask-back", lambda held: domain.asked_back(held, by=by, at=at, text=text))


async def supplement_problem(uow: UnitOfWork, *, seen: Seen, text: str) -> ProblemState:
    """The reporter's office says more.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheReporter, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_reporter(uow, seen, "supplement", lambda held: domain.supplemented(held, by=by, at=at, text=text))


async def answer_problem(uow: UnitOfWork, *, seen: Seen, text: str) -> ProblemState:
    """The province answers; those merged into it get the same answer, each in its own file.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1, of each that is answered.
    Locks: the problem, then those merged into it in the order of their ids.
    """
    by, at = _actor_of(uow).subject, now()
    state = await _at_province(uow, seen, "answer", lambda held: domain.answered(held, by=by, at=at, text=text))
    for follower in await _followers(uow.session, state.id):
        held = await hold_record(uow.session, ProblemState, follower.id, expected_version=None)
        if held.merged_into == state.id and held.status == "merged":
            changes = domain.answered_with(held, by=by, at=at, text=text)
            await store_record(uow, _acted(held, changes), previous=held, action="reporting.problem.answer")
    return state


async def merge_problem(uow: UnitOfWork, *, seen: Seen, into: UUID) -> ProblemState:
    """The province answers a duplicate together with another one; all reporters get the answer.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState, CannotMerge.

    Events: reporting.problem.changed.v1.
    Locks: both, in the order of their ids, so that two merges at once make no circle and no answer misses one.
    """
    actor, at = _actor_of(uow), now()
    require_role(actor, *HANDLERS)
    if into < seen.id:
        await hold_record(uow.session, ProblemState, into, expected_version=None, actor=actor)
    held = await _hold(uow, seen, HANDLERS)
    domain.require_province(held, actor.division)
    changes = domain.merged(held, into=into, by=actor.subject, at=at)  # before the second lock: who follows waits not
    leading = await hold_record(uow.session, ProblemState, into, expected_version=None, actor=actor)
    domain.require_province(leading, actor.division)
    is_leading = bool(await _followers(uow.session, held.id))
    domain.require_leading(leading, is_leading=is_leading, of=held.id)
    return await store_record(uow, _acted(held, changes), previous=held, action="reporting.problem.merge")


async def separate_problem(uow: UnitOfWork, *, seen: Seen, reason: str) -> ProblemState:
    """It was no duplicate; the province answers it by itself.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by = _actor_of(uow).subject
    return await _at_province(uow, seen, "separate", lambda held: domain.separated(held, by=by), reason=reason)


async def close_problem(uow: UnitOfWork, *, seen: Seen, is_satisfied: bool, remark: str | None) -> ProblemState:
    """The reporter's office closes it, satisfied or not.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheReporter, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_reporter(
        uow, seen, "close", lambda held: domain.closed(held, by=by, at=at, is_satisfied=is_satisfied, remark=remark)
    )


async def reopen_problem(uow: UnitOfWork, *, seen: Seen, reason: str) -> ProblemState:
    """The reporter's office is not satisfied and reopens it, once.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, NotTheReporter, PreconditionFailed, ProblemNotInState.
        SatisfiedReporter, AlreadyReopened.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_reporter(
        uow, seen, "reopen", lambda held: domain.reopened(held, by=by, at=at, reason=reason), reason=reason
    )


async def note_problem(uow: UnitOfWork, *, seen: Seen, text: str) -> ProblemState:
    """An office between the reporter and the province remarks something; it stops nothing.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, NotBetween, NotesExhausted.

    Events: reporting.problem.changed.v1.
    """
    actor, at = _actor_of(uow), now()
    held = await _hold(uow, seen, REPORTERS)
    kept = held.acted_version or held.version
    changes = domain.noted(held, division=actor.division, by=actor.subject, at=at, text=text)
    return await store_record(
        uow, next_state(held, **changes, acted_version=kept), previous=held, action="reporting.problem.note"
    )


async def order_about_problem(uow: UnitOfWork, *, seen: Seen, order: Order) -> ProblemState:
    """The province issues a supervision order (督办) about it to somebody below.

    Source: G2, S6.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState, and those of the order.

    Events: reporting.problem.changed.v1, reporting.order.changed.v1.
    """
    actor = _actor_of(uow)
    held = await _hold(uow, seen, HANDLERS)
    domain.require_province(held, actor.division)
    issued = await issue_order(
        uow,
        actor=actor,
        to_division=order.to_division,
        title=order.title,
        demand=order.demand,
        clause=order.clause,
        due_on=order.due_on,
        about=(_RECORD, held.id),
    )
    state = _acted(held, domain.ordered(held, order_id=issued.id))
    return await store_record(uow, state, previous=held, action="reporting.problem.order")


async def publish_problem(uow: UnitOfWork, *, seen: Seen, question: str, answer: str) -> ProblemState:
    """The province makes question and answer public (常见问题).

    Source: G2, O4.3e.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    by, at = _actor_of(uow).subject, now()
    return await _at_province(
        uow, seen, "publish", lambda held: domain.published(held, by=by, at=at, question=question, answer=answer)
    )


async def unpublish_problem(uow: UnitOfWork, *, seen: Seen, reason: str) -> ProblemState:
    """The province takes it back from the public.

    Source: G2, O4.3e.

    Raises:
        RoleRequired, RecordNotFound, NotTheProvince, PreconditionFailed, ProblemNotInState.

    Events: reporting.problem.changed.v1.
    """
    return await _at_province(uow, seen, "unpublish", domain.unpublished, reason=reason)


async def _at_province(
    uow: UnitOfWork, seen: Seen, verb: str, change: Change, *, reason: str | None = None
) -> ProblemState:
    held = await _hold(uow, seen, HANDLERS)
    domain.require_province(held, _actor_of(uow).division)
    return await _store(uow, held, verb, change, reason)


async def _at_reporter(
    uow: UnitOfWork, seen: Seen, verb: str, change: Change, *, reason: str | None = None
) -> ProblemState:
    held = await _hold(uow, seen, REPORTERS)
    heirs = await find_heirs(uow.conn, [held.division])
    domain.require_reporter(held, _actor_of(uow).division, heir=heirs.get(held.division))
    return await _store(uow, held, verb, change, reason)


async def _hold(uow: UnitOfWork, seen: Seen, roles: tuple[Role, ...]) -> ProblemState:
    actor = _actor_of(uow)
    require_role(actor, *roles)
    held = await hold_record(uow.session, ProblemState, seen.id, expected_version=None, actor=actor)
    domain.require_seen(held, seen.version)
    return held


async def _store(uow: UnitOfWork, held: ProblemState, verb: str, change: Change, reason: str | None) -> ProblemState:
    state = _acted(held, change(held))
    return await store_record(uow, state, previous=held, action=f"reporting.problem.{verb}", reason=reason)


def _acted(held: ProblemState, changes: dict[str, Any]) -> ProblemState:
    return next_state(held, **{**changes, "acted_version": held.version + 1})


async def _followers(session: AsyncSession, problem_id: UUID) -> list[ProblemState]:
    wanted = Wanted(statuses=("merged",), equal=(("merged_into", str(problem_id)),))
    return await list_records(session, ProblemState, wanted)


def _actor_of(uow: UnitOfWork) -> Actor:
    assert uow.actor is not None, "somebody works on problems"  # noqa: S101
    return uow.actor
