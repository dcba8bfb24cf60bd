"""Reading rounds and results. Source: O4.3g."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.contracts.reporting.assessments import AssessmentResultState, AssessmentState
from common.divisions import contains
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, list_records

READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATION_AGENT, Role.STATISTICIAN, Role.AUDITOR)


async def get_round(session: AsyncSession, assessment_id: UUID, *, actor: Actor) -> AssessmentState:
    """A round of the actor's subtree, or one that the actor's division is assessed in.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS, Role.WINDOW_CLERK)
    found = await get_record(session, AssessmentState, assessment_id)
    if actor.division and (contains(found.scope, actor.division) or contains(actor.division, found.division)):
        return found
    raise RecordNotFound


async def list_rounds(session: AsyncSession, *, actor: Actor, after: UUID | None, limit: int) -> list[AssessmentState]:
    """Rounds that the actor's division and those below have opened.

    Source: O4.3g.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await list_records(session, AssessmentState, Wanted(), actor=actor, after=after, limit=limit)


async def get_result(session: AsyncSession, result_id: UUID, *, actor: Actor) -> AssessmentResultState:
    """A result: for readers of the subtree, and for the person that it is about.

    Source: O4.3g.

    Raises:
        RecordNotFound.
    """
    if actor.has_role(*READERS):
        return await get_record(session, AssessmentResultState, result_id, actor=actor)
    found = await get_record(session, AssessmentResultState, result_id)
    if found.account != actor.subject:
        raise RecordNotFound
    return found


async def list_results(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[AssessmentResultState]:
    """Results of the actor's subtree, in the order of ids.

    Source: O4.3g.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await list_records(session, AssessmentResultState, wanted, actor=actor, after=after, limit=limit)
