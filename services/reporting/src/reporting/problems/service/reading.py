"""Who sees which problem. Source: G2, O4.3e."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.contracts.reporting.problems import ProblemState
from common.records.service import Wanted, get_record, list_records
from reporting.problems.service.acting import REPORTERS

READERS = (*REPORTERS, Role.AUDITOR, Role.SYSTEM_CLIENT)


async def get_problem(session: AsyncSession, *, actor: Actor, problem_id: UUID) -> ProblemState:
    """A problem of the actor's subtree: the reporter, the levels between and the province see it.

    Source: G2.

    Raises:
        RoleRequired, RecordNotFound: none that the actor sees.
    """
    require_role(actor, *READERS)
    return await get_record(session, ProblemState, problem_id, actor=actor)


async def list_problems(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ProblemState]:
    """The same, the oldest first.

    Source: G2.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await list_records(session, ProblemState, wanted, actor=actor, after=after, limit=limit)


async def list_faq(session: AsyncSession, *, after: UUID | None, limit: int) -> list[ProblemState]:
    """What the province has made public, for everybody.

    Source: G2, O4.3e.
    """
    wanted = Wanted(unlike=(("publication", None),))
    return await list_records(session, ProblemState, wanted, after=after, limit=limit)
