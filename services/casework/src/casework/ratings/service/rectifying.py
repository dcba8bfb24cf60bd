"""Moving a rectification on. Whoever was rated neither sees nor handles it. Source: O4.3f."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.calendar.service import current_calendar
from casework.cases.service import HANDLERS
from casework.ratings.domain import rectifying as rules
from casework.ratings.service.reading import Seen, actor_of, hold_unrated, require_unrated, unrated
from common.auth import Actor, Role, require_role
from common.clock import now, today
from common.contracts.casework.ratings import Contact, FollowUp, RectificationFinding, RectificationState
from common.records.service import Wanted, get_record, list_records, next_state, store_record
from common.uow import UnitOfWork

WORKERS = (*HANDLERS, Role.BUREAU_SUPERVISOR)
LEADERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
READERS = (*WORKERS, Role.AUDITOR)


async def get_rectification(session: AsyncSession, *, actor: Actor, rectification_id: UUID) -> RectificationState:
    """One rectification.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
        RecordNotFound: none, outside the scope, or about the actor.
    """
    require_role(actor, *READERS)
    state = await get_record(session, RectificationState, rectification_id, actor=actor)
    require_unrated(state, actor)
    return state


async def list_rectifications(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[RectificationState]:
    """Rectifications of the scope, the oldest first; not those about the actor.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await list_records(
        session, RectificationState, unrated(wanted, actor), actor=actor, after=after, limit=limit
    )


async def accept_rectification(uow: UnitOfWork, *, seen: Seen) -> RectificationState:
    """Somebody of the office, or of one above, takes it on.

    Source: O4.3b, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: not this actor's, or somebody was faster.
        RectificationNotInState: somebody has it.

    Events: casework.rectification.changed.v1.
    """
    by, at = actor_of(uow).subject, now()
    return await _change(uow, seen, "accept", lambda held: rules.accepted(held, by=by, at=at))


async def release_rectification(uow: UnitOfWork, *, seen: Seen, reason: str) -> RectificationState:
    """Whoever leads takes it from its handler, so that another one can accept it.

    Source: O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, RectificationNotInState.

    Events: casework.rectification.changed.v1.
    """
    return await _change(uow, seen, "release", rules.released, roles=LEADERS, reason=reason)


async def verify_rectification(
    uow: UnitOfWork, *, seen: Seen, contact: Contact, note: str | None
) -> RectificationState:
    """The handler has asked the rater, or could not.

    Source: O4.3f; standards.md §7.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, RectificationNotInState, NotTheHandler.

    Events: casework.rectification.changed.v1.
    """
    by, at = actor_of(uow).subject, now()
    return await _change(
        uow, seen, "verify", lambda held: rules.verified(held, by=by, at=at, contact=contact, note=note)
    )


async def record_measures(uow: UnitOfWork, *, seen: Seen, measures: str) -> RectificationState:
    """What was done about it; a second entry replaces the first, both are in the events.

    Source: O4.3f; standards.md §7.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, RectificationNotInState, NotTheHandler.

    Events: casework.rectification.changed.v1.
    """
    by = actor_of(uow).subject
    return await _change(uow, seen, "measure", lambda held: rules.measured(held, by=by, measures=measures))


async def close_rectification(
    uow: UnitOfWork, *, seen: Seen, finding: RectificationFinding, reply: str
) -> RectificationState:
    """It ends with a finding and a reply; how late it came stays with it.

    Source: O4.3c, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, RectificationNotInState, NotTheHandler.
        MeasuresMissing: it was right, and nothing was done.

    Events: casework.rectification.changed.v1.
    """
    by, at, on = actor_of(uow).subject, now(), today()
    calendar = await current_calendar(uow.conn)

    def change(held: RectificationState) -> dict[str, Any]:
        late = calendar.working_days_between(held.due_on, on) if on > held.due_on else 0
        return rules.closed(held, by=by, at=at, finding=finding, reply=reply, overdue_days=late)

    return await _change(uow, seen, "close", change)


async def call_back(uow: UnitOfWork, *, seen: Seen, result: FollowUp, note: str | None) -> RectificationState:
    """The rater was called back (回访) after the end.

    Source: O4.3f; standards.md §7.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, RectificationNotInState.

    Events: casework.rectification.changed.v1.
    """
    by, at = actor_of(uow).subject, now()
    return await _change(
        uow, seen, "call-back", lambda held: rules.called_back(held, by=by, at=at, result=result, note=note)
    )


async def _change(
    uow: UnitOfWork,
    seen: Seen,
    verb: str,
    change: Callable[[RectificationState], dict[str, Any]],
    *,
    roles: tuple[Role, ...] = WORKERS,
    reason: str | None = None,
) -> RectificationState:
    """Holds the rectification in the actor's scope, applies the rule, stores what follows."""
    actor = actor_of(uow)
    require_role(actor, *roles)
    held = await hold_unrated(uow.session, RectificationState, seen, actor=actor)
    state = next_state(held, **change(held))
    return await store_record(uow, state, previous=held, action=f"casework.rectification.{verb}", reason=reason)
