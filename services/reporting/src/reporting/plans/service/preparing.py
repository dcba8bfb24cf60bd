"""A city prepares its plan and approves it. Source: O6.2c, S4."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from common.auth import Actor
from common.clock import now, today
from common.contracts.reporting.plans import Approval, FilingState, PlanLine, PlanStage, PlanState
from common.contracts.reporting.programmes import ProgrammeState
from common.divisions import Level
from common.ids import uuid7
from common.records.service import hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.plans import domain
from reporting.plans.domain import PlanContent
from reporting.plans.errors import DayOutOfOrder
from reporting.plans.repository import Plans
from reporting.plans.service.access import Whose, get_plan_of, hold_filing, require_city
from reporting.programmes.domain import filing_due_on
from reporting.programmes.service import DECIDERS, PREPARERS


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line as somebody writes it; with an id it is one of a version before."""

    item: str
    measure: str
    owner: str
    stage: str
    due_on: date
    owner_division: str | None = None
    towns: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GivenPlan:
    """A plan as somebody writes it."""

    title: str
    stages: tuple[PlanStage, ...]
    lines: tuple[GivenLine, ...]
    reason: str = field(compare=False)

    def to_content(self) -> PlanContent:
        """New lines get an id that stays theirs."""
        lines = tuple(
            PlanLine(
                **{name: getattr(one, name) for name in PlanLine.model_fields if name != "id"}, id=one.id or uuid7()
            )
            for one in self.lines
        )
        return PlanContent(self.title, self.stages, lines)

    def given_ids(self) -> list[UUID]:
        """The ids of lines of before."""
        return [one.id for one in self.lines if one.id is not None]


async def begin_plan(uow: UnitOfWork, *, actor: Actor, whose: Whose, given: GivenPlan) -> PlanState:
    """The next version of a city's plan, as a draft on the newest one; the first one opens the filing.

    Source: O6.2b, O6.2c, S4.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound: not this actor's.
        NotAFilingCity, ProgrammeNotOpen: nobody files this.
        PlanInvalid, NothingChanged, PlanNotInState, RecordExists: it does not fit, or one is being prepared.

    Events: reporting.plan.changed.v1, reporting.plan-filing.changed.v1.
    Locks: the filing.
    """
    programme = await require_city(uow, actor, whose, *PREPARERS)
    exists = await Plans(uow.conn).find(FilingState, whose.filing_id, actor=None) is not None
    filing = await hold_filing(uow, whose, expected_version=None) if exists else None
    domain.require_asked(filing, programme=programme.status)
    before = await get_plan_of(uow, whose, filing.versions) if filing else None
    content = await _checked(uow, whose, programme, given, before)
    if before is not None:
        domain.require_change(_content(before), content)
    if filing is None:
        filing = await store_record(
            uow, _first_filing(actor, whose, programme), previous=None, action="reporting.plan-filing.open"
        )
    else:
        opened = next_state(filing, **domain.begun(filing))
        filing = await store_record(uow, opened, previous=filing, action="reporting.plan-filing.prepare")
    plan = PlanState(
        id=whose.plan_id(filing.versions),
        version=1,
        division=whose.city,
        level=Level.CITY,
        office_id=actor.office_id,
        changed_at=now(),
        filing_id=filing.id,
        programme_id=programme.id,
        number=filing.versions,
        based_on=before.number if before else None,
        **_members(content),
        changes=domain.changes_between(before.lines if before else (), content.lines),
        reason=given.reason,
    )
    return await store_record(uow, plan, previous=None, action="reporting.plan.begin", reason=given.reason)


async def edit_plan(
    uow: UnitOfWork, *, actor: Actor, whose: Whose, number: int, expected_version: int, given: GivenPlan
) -> PlanState:
    """The version being prepared says something else; an approval falls with it.

    Source: O6.2c, S4.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotInState, PlanInvalid, NothingChanged: it does not fit.

    Events: reporting.plan.changed.v1.
    Locks: the filing, the version.
    """
    programme = await require_city(uow, actor, whose, *PREPARERS)
    filing = await hold_filing(uow, whose, expected_version=None)
    plan = await hold_record(uow.session, PlanState, whose.plan_id(number), expected_version=expected_version)
    domain.require_editable(filing, plan)
    before = await get_plan_of(uow, whose, plan.based_on) if plan.based_on else None
    content = await _checked(uow, whose, programme, given, plan)
    domain.require_change(_content(plan), content)
    state = next_state(
        plan,
        **_members(content),
        changes=domain.changes_between(before.lines if before else (), content.lines),
        reason=given.reason,
        status="draft",
        approval=None,
    )
    return await store_record(uow, state, previous=plan, action="reporting.plan.edit", reason=given.reason)


async def approve_plan(
    uow: UnitOfWork,
    *,
    actor: Actor,
    whose: Whose,
    number: int,
    expected_version: int,
    body: str,
    document: str | None,
    on: date | None,
) -> PlanState:
    """The city's authority has approved the version that is being prepared.

    Source: O6.2c.

    Raises:
        RoleRequired, OutOfScope, ProgrammeNotFound, RecordNotFound, PreconditionFailed: not theirs, or changed.
        PlanNotInState, DayOutOfOrder: it is no draft, or the day is to come.

    Events: reporting.plan.changed.v1.
    Locks: the filing, the version.
    """
    await require_city(uow, actor, whose, *DECIDERS)
    filing = await hold_filing(uow, whose, expected_version=None)
    plan = await hold_record(uow.session, PlanState, whose.plan_id(number), expected_version=expected_version)
    domain.require_editable(filing, plan)
    day = on or today()
    if day > today():
        raise DayOutOfOrder(earliest=None, latest=today().isoformat())
    approval = Approval(body=body, document=document, on=day, at=now(), by=actor.subject)
    state = next_state(plan, **domain.approved(plan, approval))
    return await store_record(uow, state, previous=plan, action="reporting.plan.approve")


def _first_filing(actor: Actor, whose: Whose, programme: ProgrammeState) -> FilingState:
    return FilingState(
        id=whose.filing_id,
        version=1,
        division=whose.city,
        level=Level.CITY,
        office_id=actor.office_id,
        changed_at=now(),
        programme_id=programme.id,
        due_on=filing_due_on(programme),
        draft=1,
        versions=1,
    )


async def _checked(
    uow: UnitOfWork, whose: Whose, programme: ProgrammeState, given: GivenPlan, newest: PlanState | None
) -> PlanContent:
    content = given.to_content()
    known: Sequence[UUID] = ()
    if newest is not None:
        versions = await Plans(uow.conn).all_of(PlanState, "filing_id", whose.filing_id, actor=None)
        known = [line.id for one in versions for line in one.lines]
    domain.require_known_lines(content.lines, given.given_ids(), known)
    domain.require_sound(content, division=whose.city, starts_on=programme.starts_on, ends_on=programme.ends_on)
    return content


def _members(content: PlanContent) -> dict[str, Any]:
    return {"title": content.title, "stages": content.stages, "lines": content.lines}


def _content(plan: PlanState) -> PlanContent:
    return PlanContent(plan.title, plan.stages, plan.lines)
