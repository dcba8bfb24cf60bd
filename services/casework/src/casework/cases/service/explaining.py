"""Why a day: what the ledger and the calendar say, in words."""

from dataclasses import dataclass
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.cases.domain import Case
from casework.cases.service.reading import get_case_state
from casework.cases.service.roles import READERS
from casework.clock.domain import Line, Reading, explain, judge
from common.auth import Actor, require_role
from common.clock import today
from common.contracts.casework.cases import ClockName
from common.db import Connection

_CLOCKS: tuple[ClockName, ...] = ("acceptance", "handling")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One clock of a case: what it shows today, and each day and clause behind it."""

    clock: ClockName
    reading: Reading
    lines: list[Line]


async def explain_case(conn: Connection, actor: Actor, *, case_id: UUID) -> tuple[Case, list[Explanation]]:
    """The clocks of a case with their reasons.

    Source: O4.3c.

    Raises:
        RoleRequired: the actor's roles read no cases.
        CaseNotFound: not there, or outside the scope.
    """
    require_role(actor, *READERS)
    case = await get_case_state(conn, case_id, actor=actor)
    return case, await explain_ledger(conn, case)


async def explain_ledger(conn: Connection, case: Case) -> list[Explanation]:
    """The same for a case that the caller has. Source: O4.3c."""
    calendar, ledger = await current_calendar(conn), case.file.ledger
    started = [clock for clock in _CLOCKS if any(one.clock == clock for one in ledger)]
    return [
        Explanation(
            clock, judge(ledger, calendar, clock=clock, on=today()), list(explain(ledger, calendar, clock=clock))
        )
        for clock in started
    ]
