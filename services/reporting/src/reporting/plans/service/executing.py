"""A plan is carried out, and stands in five-year plans. Source: S4, O6.2a, O6.2c."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from common.auth import Actor
from common.clock import now, today
from common.contracts.reporting.plans import (
    Evidence,
    ExecutionState,
    InclusionState,
    LineEntryState,
    LineProgress,
    LineStatus,
)
from common.directory import require_division
from common.divisions import Level
from common.ids import uuid7
from common.records.errors import RecordExists
from common.records.service import get_record, hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.plans import domain
from reporting.plans.errors import DayOutOfOrder, InclusionExists, NotAFilingCity
from reporting.plans.service.access import (
    Whose,
    get_plan_of,
    hold_filing,
    require_city,
    require_upper,
)
from reporting.programmes.service import DECIDERS, PREPARERS, get_programme, require_own


@dataclass(frozen=True, slots=True)
class GivenProgress:
    """How far a line is, as somebody writes it."""

    status: LineStatus
    on: date | None
    note: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class GivenInclusion:
    """Where the programme stands in a five-year plan."""

    five_year_plan: str
    title: str
    number: str | None
    clause: str
    included_on: date


async def note_progress(
    uow: UnitOfWork, *, actor: Actor, whose: Whose, line_id: UUID, expected_version: int, given: GivenProgress
) -> ExecutionState:
    """The city says how far a line of the plan in force is, and shows it.

    Source: S4, O6.2c.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotFound, StageNotOpen, EvidenceMissing, DayOutOfOrder: it does not fit.

    Events: reporting.plan-execution.changed.v1, reporting.plan-progress.changed.v1.
    Locks: the filing, the execution.
    """
    await require_city(uow, actor, whose, *PREPARERS)
    held, day = await _hold(uow, whose, expected_version), _day(given.on)
    plan = await get_plan_of(uow, whose, held.plan)
    changes, entry = domain.noted(
        held,
        plan,
        line_id=line_id,
        status=given.status,
        on=day,
        at=now(),
        by=actor.subject,
        note=given.note,
        evidence=given.evidence,
    )
    await store_record(uow, _entry(held, entry), previous=None, action="reporting.plan-progress.note")
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action="reporting.plan-execution.note")


async def pass_stage(
    uow: UnitOfWork, *, actor: Actor, whose: Whose, stage: str, expected_version: int, on: date | None
) -> ExecutionState:
    """The city closes a stage whose lines are all done; the next one opens.

    Source: S4.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotFound, StageNotOpen, StageNotReady, PlanNotInState, DayOutOfOrder: it does not fit.

    Events: reporting.plan-execution.changed.v1.
    Locks: the filing, the execution.
    """
    await require_city(uow, actor, whose, *DECIDERS)
    held, day = await _hold(uow, whose, expected_version), _day(on)
    plan = await get_plan_of(uow, whose, held.plan)
    state = next_state(held, **domain.passed(held, plan, stage=stage, by=actor.subject, at=now(), on=day))
    return await store_record(uow, state, previous=held, action="reporting.plan-execution.pass")


async def waive_stage(
    uow: UnitOfWork,
    *,
    actor: Actor,
    whose: Whose,
    stage: str,
    expected_version: int,
    on: date | None,
    reason: str,
    document: str | None,
) -> ExecutionState:
    """Whoever put the plan on file lets the next stage open although this one is not passed.

    Source: S4.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotFound, StageNotOpen, PlanNotInState, DayOutOfOrder: it does not fit.

    Events: reporting.plan-execution.changed.v1.
    Locks: the filing, the execution.
    """
    await require_upper(uow, actor, whose)
    held, day = await _hold(uow, whose, expected_version), _day(on)
    changes = domain.waived(held, stage=stage, by=actor.subject, at=now(), on=day, reason=reason, document=document)
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action="reporting.plan-execution.waive", reason=reason)


async def enter_inclusion(
    uow: UnitOfWork, *, actor: Actor, programme_id: UUID, given: GivenInclusion
) -> InclusionState:
    """A government says where in its five-year plan (“十二五”规划) the programme stands.

    Source: O6.2a.

    Raises:
        RoleRequired, ProgrammeNotFound: not this actor's.
        NotAFilingCity: neither a city nor a county.
        InclusionExists, DayOutOfOrder, DivisionUnknown, DivisionRetired: it does not fit.

    Events: reporting.plan-inclusion.changed.v1.
    """
    require_own(actor, actor.division, *PREPARERS)
    programme = await get_programme(uow.conn, programme_id, actor=actor)
    if actor.level not in (Level.CITY, Level.COUNTY):
        raise NotAFilingCity("由市、县（市、区）各自登记")
    await require_division(uow.conn, actor.division)
    _day(given.included_on)
    key = f"{actor.division}/{given.five_year_plan}/{given.number or given.title}/{given.clause}"
    state = InclusionState(
        id=uuid5(programme.id, key),
        version=1,
        division=actor.division,
        level=actor.level,
        office_id=actor.office_id,
        changed_at=now(),
        programme_id=programme.id,
        five_year_plan=given.five_year_plan,
        title=given.title,
        number=given.number,
        clause=given.clause,
        included_on=given.included_on,
        entered_by=actor.subject,
    )
    try:
        return await store_record(uow, state, previous=None, action="reporting.plan-inclusion.enter")
    except RecordExists:
        raise InclusionExists from None


async def _hold(uow: UnitOfWork, whose: Whose, expected_version: int) -> ExecutionState:
    await get_record(uow.session, ExecutionState, whose.execution_id)
    await hold_filing(uow, whose, expected_version=None)
    return await hold_record(uow.session, ExecutionState, whose.execution_id, expected_version=expected_version)


def _day(on: date | None) -> date:
    day = on or today()
    if day > today():
        raise DayOutOfOrder(earliest=None, latest=today().isoformat())
    return day


def _entry(held: ExecutionState, entry: LineProgress) -> LineEntryState:
    return LineEntryState(
        id=uuid7(),
        version=1,
        division=held.division,
        level=held.level,
        changed_at=entry.at,
        filing_id=held.filing_id,
        plan=held.plan,
        entry=entry,
    )
