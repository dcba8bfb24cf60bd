"""Reading rounds and results. Source: O4.3g."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.contracts.reporting.assessments import AssessmentResultState, AssessmentState
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, list_records
from reporting.assessments.repository import Assessments

READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.STATION_AGENT, Role.STATISTICIAN, Role.AUDITOR)


async def get_round(session: AsyncSession, assessment_id: UUID, *, actor: Actor) -> AssessmentState:
    """A round of the actor's subtree, or one that the actor's division is assessed in.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS, Role.WINDOW_CLERK)
    found = await Assessments(session).find_round(assessment_id, actor=actor)
    if found is None:
        raise RecordNotFound
    return found


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
    found = await Assessments(session).find_own(result_id, account=actor.subject)
    if found is None:
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


async def list_own_results(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[AssessmentResultState]:
    """The results of the person who asks, wherever that person worked, in the order of ids.

    Source: O4.3g.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS, Role.WINDOW_CLERK)
    own = replace(wanted, equal=(*wanted.equal, ("account", actor.subject)))
    return await list_records(session, AssessmentResultState, own, after=after, limit=limit)
