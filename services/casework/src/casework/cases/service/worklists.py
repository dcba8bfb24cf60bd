"""What is to be done next, and how many there are, within what somebody may see."""

from datetime import date
from typing import Literal
from uuid import UUID

from casework.cases.domain import Stage
from casework.cases.repository import CaseFilter, Narrowed, Tally, Whose, Worklists
from casework.cases.service.roles import HANDLERS, READERS
from casework.cases.service.views import CaseView, view_of
from common.auth import Actor, require_role, scope_bounds
from common.crypto import FieldCipher
from common.db import Connection
from common.divisions import Level, level_of, subtree_range

ListKind = Literal["mine", "offered", "office", "subtree"]
_BY_TOWN = (Level.PROVINCE, Level.CITY, Level.COUNTY)


async def list_next_cases(
    conn: Connection,
    cipher: FieldCipher,
    actor: Actor,
    *,
    kind: ListKind,
    narrowed: Narrowed,
    division: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[CaseView]:
    """Open cases in the order of their last day: the actor's, those offered to them, their office's, their subtree's.

    Source: O4.3b, O4.3c.

    Raises:
        RoleRequired: the actor's roles have no worklist; only handlers have one of their own.
        InvalidDivisionCode: the filter is no division code.
    """
    require_role(actor, *(READERS if kind == "subtree" else HANDLERS))
    whose = {
        "mine": Whose(holder=actor.subject),
        "offered": Whose(offered=(actor.division, actor.subject)),
        "office": Whose(office=actor.division),
        "subtree": Whose(scope=_scope(actor, division)),
    }[kind]
    found = await Worklists(conn, cipher).next(whose, narrowed, after=after, limit=limit)
    return [view_of(stored) for stored in found]


async def tally_open_cases(
    conn: Connection, cipher: FieldCipher, actor: Actor, *, division: str, days: tuple[date, ...]
) -> list[Tally]:
    """How many open cases there are below a division: by town, or by place below a town.

    Source: O4.3c.

    Args:
        days: of each, how many cases have their last day by then.

    Raises:
        RoleRequired: the actor's roles read no cases.
        InvalidDivisionCode: it is no division code.
    """
    require_role(actor, *READERS)
    is_by_town = level_of(division) in _BY_TOWN
    return await Worklists(conn, cipher).tally(_scope(actor, division), days=days, is_by_town=is_by_town)


def narrowed_to(
    *,
    item_code: str | None = None,
    stage: str | None = None,
    due_from: date | None = None,
    due_until: date | None = None,
) -> Narrowed:
    """Which of the cases of a worklist."""
    return Narrowed(item_code, None if stage is None else Stage(stage), due_from, due_until)


def _scope(actor: Actor, division: str | None) -> CaseFilter:
    return CaseFilter(scope_bounds(actor), within=None if division is None else subtree_range(division))
