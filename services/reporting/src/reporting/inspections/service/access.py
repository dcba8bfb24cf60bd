"""Who may do what with inspections. Source: S5; architecture.md §6."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.contracts.reporting.inspections import InspectionState, InspectionTemplateState, InspectionVisitState
from common.divisions import contains
from common.records.service import Wanted, get_record, hold_record, list_records
from common.uow import UnitOfWork
from reporting.inspections.domain.visits import is_of_team
from reporting.inspections.errors import NotAnInspector, NotTheOrganiser

ORGANISERS = (Role.BUREAU_SUPERVISOR,)
INSPECTORS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATISTICIAN, Role.WINDOW_CLERK)
INSPECTED = (Role.OFFICE_HEAD, Role.STATION_AGENT, Role.BUREAU_SUPERVISOR)
READERS = (*INSPECTORS, Role.STATION_AGENT, Role.AUDITOR)


async def hold_as_organiser(
    uow: UnitOfWork, actor: Actor, inspection_id: UUID, expected_version: int | None
) -> InspectionState:
    """The inspection, for somebody of the division that organises it.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed.
    """
    require_role(actor, *ORGANISERS)
    held = await hold_record(
        uow.session, InspectionState, inspection_id, expected_version=expected_version, actor=actor
    )
    if held.division != actor.division:
        raise NotTheOrganiser
    return held


async def find_visit(session: AsyncSession, visit_id: UUID, actor: Actor) -> InspectionVisitState:
    """A visit in the actor's subtree, or one that the actor makes.

    Raises:
        RecordNotFound: neither.
    """
    visit = await get_record(session, InspectionVisitState, visit_id)
    if is_of_team(visit, account=actor.subject, division=actor.division):
        return visit
    return await get_record(session, InspectionVisitState, visit_id, actor=actor)


async def hold_visit(
    uow: UnitOfWork, actor: Actor, visit_id: UUID, expected_version: int
) -> tuple[InspectionState, InspectionVisitState]:
    """The inspection, then its visit, both locked: the order that everybody keeps.

    Raises:
        RecordNotFound, PreconditionFailed.
    """
    visit = await find_visit(uow.session, visit_id, actor)
    inspection = await hold_record(uow.session, InspectionState, visit.inspection_id, expected_version=None)
    held = await hold_record(uow.session, InspectionVisitState, visit_id, expected_version=expected_version)
    return inspection, held


async def hold_as_inspector(
    uow: UnitOfWork, actor: Actor, visit_id: UUID, expected_version: int
) -> tuple[InspectionState, InspectionVisitState]:
    """The same for one of the visit's team.

    Raises:
        RoleRequired, RecordNotFound, NotAnInspector, PreconditionFailed.
    """
    require_role(actor, *INSPECTORS)
    inspection, visit = await hold_visit(uow, actor, visit_id, expected_version)
    if not is_of_team(visit, account=actor.subject, division=actor.division):
        raise NotAnInspector
    return inspection, visit


async def template_of(session: AsyncSession, template_id: UUID) -> InspectionTemplateState:
    """The version of the template that an inspection works by."""
    return await get_record(session, InspectionTemplateState, template_id)


async def visits_of(session: AsyncSession, inspection_id: UUID) -> list[InspectionVisitState]:
    """All visits of an inspection, the first one first."""
    return await list_records(session, InspectionVisitState, Wanted(equal=(("inspection_id", str(inspection_id)),)))


def is_on_organisers_side(actor: Actor, organiser: str) -> bool:
    """Whether somebody belongs to who organises, or to a level above."""
    return bool(actor.division) and contains(actor.division, organiser)


def is_published_to(state: InspectionState, division: str) -> bool:
    """Whether the result was published to a division."""
    return (
        state.publication is not None
        and bool(division)
        and any(contains(root, division) for root in state.publication.scope)
    )
