"""Where accountability meets cases."""

from uuid import UUID

from casework.cases.domain.events import state_of
from casework.cases.errors import CaseNotFound
from casework.cases.service import get_case_state
from common.auth import Actor
from common.contracts.casework import CaseState
from common.db import Connection


async def get_case(conn: Connection, case_id: UUID, *, actor: Actor | None = None) -> CaseState:
    """A case as its events tell it, without anything of the applicant; with an actor, only within their subtree.

    Raises:
        CaseNotFound: not there, or not the actor's to see.
    """
    return state_of(await get_case_state(conn, case_id, actor=actor))


async def find_case(conn: Connection, case_id: UUID) -> CaseState | None:
    """The same for jobs; None if it is not there."""
    try:
        return await get_case(conn, case_id)
    except CaseNotFound:
        return None
