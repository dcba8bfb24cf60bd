"""Use cases of visits: begun, findings, statement, signatures; failures become orders. Source: S5, S6."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import now, today
from common.contracts.reporting.inspections import (
    InspectionState,
    InspectionTemplateState,
    InspectionVisitState,
    InspectorState,
)
from common.divisions import level_of
from common.ids import uuid7
from common.policy import parameter
from common.records.service import get_record, hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.inspections.domain import Found, running, visits
from reporting.inspections.errors import AlreadyVisited, NotAnInspector, NotInSample, NotInspected
from reporting.inspections.service.access import (
    INSPECTED,
    INSPECTORS,
    hold_as_inspector,
    hold_visit,
    template_of,
    visits_of,
)
from reporting.inspections.service.declared import declared_for
from reporting.inspections.service.planning import Seen, withdraw_open_visit
from reporting.orders.service import issue_order

_RECORD = "reporting.inspection-visit"


async def begin_visit(
    uow: UnitOfWork,
    *,
    actor: Actor,
    inspection_id: UUID,
    division: str,
    team: Sequence[str],
    reinspects: UUID | None = None,
) -> InspectionVisitState:
    """Begins the visit at an office of the sample; from now on the office sees it.

    Source: S5.

    Args:
        team: accounts of the inspection's inspectors, the actor among them.
        reinspects: the signed visit whose failures are looked at again; it is done also after publication.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector: not this actor's to visit.
        InspectionNotInState, NotInSample, AlreadyVisited, VisitNotInState, NothingToReinspect: nothing to visit.
        TeamTooSmall, InspectorConcerned: not these inspectors.

    Events: reporting.inspection-visit.changed.v1, of the first visit reporting.inspection.changed.v1 too.
    Locks: the inspection.
    """
    require_role(actor, *INSPECTORS)
    held = await hold_record(uow.session, InspectionState, inspection_id, expected_version=None)
    members = _members(held, actor, team)
    visits.require_team(members, division)
    office = await _office(uow.session, held, division, reinspects)
    at = now()
    changes = running.begun(held, at=at) if reinspects is None else None
    if changes is not None:
        await store_record(uow, next_state(held, **changes), previous=held, action="reporting.inspection.begin")
    template = await template_of(uow.session, held.template_id)
    visit = InspectionVisitState(
        id=uuid7(),
        version=1,
        division=division,
        level=level_of(division),
        office_id=office,
        changed_at=at,
        inspection_id=held.id,
        template_id=held.template_id,
        organiser=held.division,
        status="under_way",
        team=members,
        begun_at=at,
        visited_on=today(),
        declared=await declared_for(uow, held, template, division),
        reinspects=reinspects,
    )
    return await store_record(uow, visit, previous=None, action="reporting.inspection-visit.begin")


async def record_findings(uow: UnitOfWork, *, actor: Actor, seen: Seen, found: Sequence[Found]) -> InspectionVisitState:
    """Writes down what was found for some criteria, beside what was declared.

    Source: S5, O6.3a.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed, VisitNotInState, FindingUnfit.
    """
    _, held = await hold_as_inspector(uow, actor, seen.id, seen.version)
    template = await template_of(uow.session, held.template_id)
    changes = visits.recorded(held, template, found, by=actor.subject, at=now())
    return await store_record(uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.record")


async def present_findings(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> InspectionVisitState:
    """Shows the complete findings to the office.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed, VisitNotInState, FindingsMissing.
    """
    _, held = await hold_as_inspector(uow, actor, seen.id, seen.version)
    template = await template_of(uow.session, held.template_id)
    days = parameter("inspection_statement_days", on=today()).number
    changes = visits.presented(held, template, at=now(), statement_days=days)
    return await store_record(uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.present")


async def reopen_findings(uow: UnitOfWork, *, actor: Actor, seen: Seen, reason: str) -> InspectionVisitState:
    """Looks again after what the office has said.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed, VisitNotInState.
    """
    _, held = await hold_as_inspector(uow, actor, seen.id, seen.version)
    state = next_state(held, **visits.reopened(held))
    return await store_record(uow, state, previous=held, action=f"{_RECORD}.reopen", reason=reason)


async def state_side(uow: UnitOfWork, *, actor: Actor, seen: Seen, text: str, accepts: bool) -> InspectionVisitState:
    """The office says what it thinks of the findings.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotInspected, PreconditionFailed, VisitNotInState, AlreadyStated.
    """
    require_role(actor, *INSPECTED)
    _, held = await hold_visit(uow, actor, seen.id, seen.version)
    if actor.division != held.division:
        raise NotInspected
    changes = visits.stated(held, by=actor.subject, at=now(), text=text, accepts=accepts)
    return await store_record(uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.state")


async def sign_visit(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> InspectionVisitState:
    """Signs the findings; with the second signature the score stands, and failures become orders of rectification.

    Source: S5, S6.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed, VisitNotInState, StatementPending,
        AlreadySigned, NothingApplicable.

    Events: reporting.inspection-visit.changed.v1, reporting.order.changed.v1 for each failure.
    Locks: the inspection, then the visit: of two who sign at once the later learns it, and a withdrawal comes before
        or after as a whole.
    """
    _, held = await hold_as_inspector(uow, actor, seen.id, seen.version)
    template = await template_of(uow.session, held.template_id)
    signed = next_state(held, **visits.signed(held, template, by=actor.subject, at=now()))
    orders = await _rectify(uow, actor, template, signed)
    return await store_record(
        uow, signed.model_copy(update={"orders": orders}), previous=held, action=f"{_RECORD}.sign"
    )


async def withdraw_visit(uow: UnitOfWork, *, actor: Actor, seen: Seen, reason: str) -> InspectionVisitState:
    """Breaks a visit off, with the reason; the office may be visited again.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed, VisitNotInState.
    """
    _, held = await hold_as_inspector(uow, actor, seen.id, seen.version)
    return await withdraw_open_visit(uow, held, reason)


async def _rectify(
    uow: UnitOfWork, actor: Actor, template: InspectionTemplateState, visit: InspectionVisitState
) -> tuple[UUID, ...]:
    due_on = today() + timedelta(days=parameter("inspection_rectification_days", on=today()).number)
    issued = []
    for code in visits.failures_of(visit):
        title, demand, clause = visits.demand_of(template, visit, code)
        order = await issue_order(
            uow,
            actor=actor,
            to_division=visit.division,
            title=title,
            demand=demand,
            clause=clause,
            due_on=due_on,
            about=(_RECORD, visit.id),
            issuer=visit.organiser,
        )
        issued.append(order.id)
    return tuple(issued)


def _members(held: InspectionState, actor: Actor, team: Sequence[str]) -> tuple[InspectorState, ...]:
    """The named inspectors; the actor must be one of them, and still belong where the plan says."""
    named = tuple(one for one in held.inspectors if one.account in team)
    if len(named) != len(set(team)) or not any(
        (one.account, one.division) == (actor.subject, actor.division) for one in named
    ):
        raise NotAnInspector
    return named


async def _office(session: AsyncSession, held: InspectionState, division: str, reinspects: UUID | None) -> UUID:
    if reinspects is not None:
        earlier = await get_record(session, InspectionVisitState, reinspects)
        if (earlier.inspection_id, earlier.division) != (held.id, division) or earlier.office_id is None:
            raise NotInSample
        running.require(held, "under_way", "concluded", "published")
        visits.require_reinspectable(earlier)
        again = [one for one in await visits_of(session, held.id) if one.reinspects == reinspects]
        if any(one.status in visits.OPEN for one in again):
            raise AlreadyVisited
        return earlier.office_id
    running.require(held, *running.VISITING)
    office = running.sampled(held, division)
    for one in await visits_of(session, held.id):
        if one.office_id == office.office_id and one.status != "withdrawn":
            raise AlreadyVisited
    return office.office_id
