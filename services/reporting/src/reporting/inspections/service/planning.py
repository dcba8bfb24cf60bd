"""Use cases of an inspection: planned with its seed, drawn from a frozen frame, concluded, published. Source: S5."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.auth import Actor, require_role
from common.clock import now, today
from common.contracts.reporting.inspections import (
    FrameState,
    InspectionState,
    InspectionVisitState,
    InspectorState,
    OfficeKind,
    SamplingState,
    StratumKind,
)
from common.directory import require_division
from common.divisions import Level, level_of, node_at
from common.ids import uuid7
from common.policy import CLAUSES
from common.records.service import next_state, store_record
from common.uow import UnitOfWork
from reporting.inspections.domain import (
    FrameOffice,
    digest_of,
    draw,
    replaced,
    require_scope_below,
    running,
    visits,
)
from reporting.inspections.errors import FrameEmpty, StratumUnknown
from reporting.inspections.repository import Frames
from reporting.inspections.service.access import ORGANISERS, hold_as_organiser, visits_of
from reporting.inspections.service.templates import usable_template
from reporting.orders.errors import ClauseUnknown
from reporting.programmes.service import get_decided, get_programme, members_of

_SEED_BYTES = 16
_NO_COHORT = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """An inspection as it is planned.

    Attributes:
        seed: given by whoever is trusted with it, a draw of lots for example; None lets the platform draw one.
    """

    title: str
    purpose: str
    clause: str
    is_announced: bool
    scope: tuple[str, ...]
    template_id: UUID
    programme_id: UUID | None
    strata: StratumKind
    size: int
    kinds: tuple[OfficeKind, ...]
    inspectors: tuple[InspectorState, ...]
    seed: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An inspection or a visit at the version that somebody saw."""

    id: UUID
    version: int


async def plan_inspection(uow: UnitOfWork, *, actor: Actor, plan: Plan) -> InspectionState:
    """Plans an inspection; its seed is recorded now, before anybody can know the frame.

    Source: S5.

    Raises:
        RoleRequired, ScopeNotBelow: not this actor's to inspect.
        RecordNotFound, TemplateSuperseded, StratumUnknown, ClauseUnknown, DivisionUnknown, DivisionRetired,
            ProgrammeNotFound, ProgrammeNotInState: the plan cannot be carried out.

    Events: reporting.inspection.changed.v1.
    """
    require_role(actor, *ORGANISERS)
    require_scope_below(actor.division, plan.scope)
    for root in plan.scope:
        await require_division(uow.conn, root)
    if plan.clause not in CLAUSES:
        raise ClauseUnknown
    if plan.strata == "cohort" and plan.programme_id is None:
        raise StratumUnknown
    if plan.programme_id is not None:
        await get_decided(uow.session, plan.programme_id, actor=actor)
    template = await usable_template(uow.session, plan.template_id, actor=actor)
    at = now()
    state = InspectionState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        changed_at=at,
        title=plan.title,
        purpose=plan.purpose,
        clause=plan.clause,
        status="planned",
        is_announced=plan.is_announced,
        scope=plan.scope,
        template_id=template.id,
        programme_id=plan.programme_id,
        sampling=SamplingState(
            strata=plan.strata,
            size=plan.size,
            kinds=plan.kinds,
            seed=plan.seed or secrets.token_hex(_SEED_BYTES),
        ),
        inspectors=plan.inspectors,
        planned_by=actor.subject,
        planned_at=at,
    )
    return await store_record(uow, state, previous=None, action="reporting.inspection.plan")


async def draw_sample(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> InspectionState:
    """Freezes the frame of today and draws the sample by the seed, once.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, InspectionNotInState, FrameEmpty.

    Events: reporting.inspection.changed.v1.
    Locks: the inspection.
    """
    held = await hold_as_organiser(uow, actor, seen.id, seen.version)
    running.require(held, "planned")
    offices = await Frames(uow.conn).operating(organiser=held.division, roots=held.scope, kinds=held.sampling.kinds)
    strata = await _strata(uow, held)
    frame = [
        FrameOffice(office_id, division, kind, name, strata.of(division, kind))
        for office_id, division, kind, name in offices
    ]
    if not frame:
        raise FrameEmpty
    await Frames(uow.conn).freeze(held.id, frame)
    frozen = FrameState(frozen_on=today(), size=len(frame), digest=digest_of(frame))
    sample = draw(frame, seed=held.sampling.seed, size=held.sampling.size)
    state = next_state(held, **running.drawn(held, frame=frozen, sample=sample))
    return await store_record(uow, state, previous=held, action="reporting.inspection.draw")


async def replace_office(uow: UnitOfWork, *, actor: Actor, seen: Seen, office_id: UUID, reason: str) -> InspectionState:
    """Takes the next office of the stratum instead of one that cannot be visited, with the reason.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, InspectionNotInState, NotInSample,
        NoReplacementLeft, VisitsOpen: it is being visited.
    """
    held = await hold_as_organiser(uow, actor, seen.id, seen.version)
    running.require(held, *running.VISITING)
    running.require_unvisited(office_id, await visits_of(uow.session, held.id))
    frame = await Frames(uow.conn).page(held.id)
    sample = replaced(held.sample, frame, seed=held.sampling.seed, office_id=office_id, reason=reason)
    state = next_state(held, sample=sample)
    return await store_record(uow, state, previous=held, action="reporting.inspection.replace", reason=reason)


async def conclude_inspection(uow: UnitOfWork, *, actor: Actor, seen: Seen) -> InspectionState:
    """Ends the visits.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, InspectionNotInState, VisitsOpen,
        NothingFound.
    """
    held = await hold_as_organiser(uow, actor, seen.id, seen.version)
    state = next_state(held, **running.concluded(held, await visits_of(uow.session, held.id), at=now()))
    return await store_record(uow, state, previous=held, action="reporting.inspection.conclude")


async def publish_result(uow: UnitOfWork, *, actor: Actor, seen: Seen, scope: Sequence[str]) -> InspectionState:
    """Publishes the ranking in a scope; it goes down the levels and is readable there.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, InspectionNotInState, ScopeNotBelow.

    Events: reporting.inspection.changed.v1 with the order of dispatch.
    """
    held = await hold_as_organiser(uow, actor, seen.id, seen.version)
    found = await visits_of(uow.session, held.id)
    changes = running.published(held, found, scope=scope, by=actor.subject, at=now())
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.inspection.publish")


async def withdraw_inspection(uow: UnitOfWork, *, actor: Actor, seen: Seen, reason: str) -> InspectionState:
    """Withdraws an inspection with its visits that nobody has signed off; what was signed off stays as it is.

    Source: S5.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, InspectionNotInState.

    Locks: the inspection, then its visits.
    """
    held = await hold_as_organiser(uow, actor, seen.id, seen.version)
    state = next_state(held, **running.withdrawn(held, at=now(), reason=reason))
    await store_record(uow, state, previous=held, action="reporting.inspection.withdraw", reason=reason)
    for visit in await visits_of(uow.session, held.id):
        if visit.status in visits.OPEN:
            await withdraw_open_visit(uow, visit, reason)
    return state


async def withdraw_open_visit(uow: UnitOfWork, visit: InspectionVisitState, reason: str) -> InspectionVisitState:
    """Withdraws a visit under the lock of its inspection.

    Source: S5.

    Raises:
        VisitNotInState, PreconditionFailed.
    """
    ended = next_state(visit, **visits.withdrawn(visit, reason=reason))
    return await store_record(uow, ended, previous=visit, action="reporting.inspection-visit.withdraw", reason=reason)


@dataclass(frozen=True, slots=True)
class _Strata:
    kind: StratumKind
    cohorts: dict[str, str]

    def of(self, division: str, office_kind: OfficeKind) -> str:
        if self.kind == "city":
            return node_at(division, Level.CITY) or division
        if self.kind == "kind":
            return office_kind
        if self.kind == "cohort":
            return self.cohorts.get(node_at(division, Level.TOWN) or division, _NO_COHORT)
        return "all"


async def _strata(uow: UnitOfWork, held: InspectionState) -> _Strata:
    if held.sampling.strata != "cohort" or held.programme_id is None:
        return _Strata(held.sampling.strata, {})
    programme = await get_programme(uow.session, held.programme_id)
    cohorts = {
        town: cohort.code
        for cohort in programme.cohorts
        for town in await members_of(uow.session, programme, cohort.code)
    }
    return _Strata("cohort", cohorts)
