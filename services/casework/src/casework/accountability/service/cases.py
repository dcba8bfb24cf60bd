"""Where accountability meets cases."""

from enum import Enum
from typing import Any
from uuid import UUID

from casework.cases import service as cases
from casework.cases.errors import CaseNotFound
from common.auth import Actor
from common.contracts.casework import CaseState
from common.db import Connection
from common.divisions import Level

get_case_state: Any = getattr(cases, "get_case_state", None)


async def get_case(conn: Connection, case_id: UUID, *, actor: Actor | None = None) -> CaseState:
    """A case as its events tell it, without anything of the applicant; with an actor, only within their subtree.

    Raises:
        CaseNotFound: not there, or not the actor's to see.
    """
    case = await get_case_state(conn, case_id, actor=actor)
    return CaseState.model_validate({name: _told(getattr(case, name)) for name in CaseState.model_fields})


async def find_case(conn: Connection, case_id: UUID) -> CaseState | None:
    """The same for jobs; None if it is not there."""
    try:
        return await get_case(conn, case_id)
    except CaseNotFound:
        return None


def _told(value: object) -> object:
    return value.value if isinstance(value, Enum) and not isinstance(value, Level) else value
