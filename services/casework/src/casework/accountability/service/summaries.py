"""How many cases offices and persons closed in time, for who supervises them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from casework.accountability.domain import Tally
from casework.accountability.repository import Span, tallies
from casework.accountability.service.warnings import SUPERVISORS
from common.auth import Actor, require_role, require_scope, scope_bounds
from common.clock import BEIJING, today
from common.db import Connection
from common.divisions import subtree_range

SummaryBy = Literal["office", "person"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One office's or one person's cases.

    Attributes:
        key: division code or account.
        tally: of those that were closed within the days asked for.
        open: not ended yet, now.
        overdue: of the open ones, now.
    """

    key: str
    tally: Tally
    open: int
    overdue: int


async def summarise_cases(
    conn: Connection,
    *,
    actor: Actor,
    by: SummaryBy,
    division: str | None,
    first: date,
    last: date,
    after: str,
    limit: int,
) -> list[Summary]:
    """Cases closed from one day to another, by office or by who closed them, and those that are open now.

    Source: O4.3c, O4.3g.

    Raises:
        RoleRequired, OutOfScope, InvalidDivisionCode: the actor may not see it; no division.
    """
    require_role(actor, *SUPERVISORS)
    if division is not None:
        require_scope(actor, division)
    bounds = scope_bounds(actor) if division is None else subtree_range(division)
    span = Span(bounds, _midnight(first), _midnight(last + timedelta(days=1)), today())
    rows = await tallies(conn, by, span, after=after, limit=limit)
    return [Summary(row["key"], Tally(row["closed"], row["on_time"]), row["open"], row["overdue"]) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
