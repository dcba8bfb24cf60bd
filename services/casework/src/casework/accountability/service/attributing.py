"""Whose time a case took, for those who see the case."""

from uuid import UUID

from casework.accountability.domain import Attribution, attribute, overdue_by_step
from casework.accountability.service.cases import get_case
from casework.accountability.service.warnings import READERS
from casework.calendar.service import current_calendar
from common.auth import Actor, require_role
from common.clock import today
from common.contracts.casework.cases import StepName
from common.db import Connection
from common.directory import find_successions


async def attribute_case(
    conn: Connection, *, actor: Actor, case_id: UUID
) -> list[tuple[Attribution, dict[StepName, int]]]:
    """Every clock of a case, split up to today or its end; with the overdue days of each step.

    Source: O4.3c, O4.3d.

    Raises:
        RoleRequired, CaseNotFound: the actor's roles read no cases; not there, or not the actor's to see.
    """
    require_role(actor, *READERS)
    case = await get_case(conn, case_id, actor=actor)
    limits = {} if case.file.terms is None else case.file.terms.step_limits
    file = case.file
    named = {case.division, *(one.division for one in file.holders), *(one.division for one in file.offers)}
    if file.offer is not None:
        named.add(file.offer.division)
    found = attribute(case, await current_calendar(conn), today(), await find_successions(conn, named))
    return [(one, overdue_by_step(one, limits if one.clock == "handling" else {})) for one in found]
