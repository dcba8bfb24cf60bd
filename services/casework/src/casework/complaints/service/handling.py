"""Moving a complaint on. Whoever is complained of, and their office, does not even find it. Source: O4.3f."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.cases.service import HANDLERS
from casework.clock.domain import Calendar
from casework.complaints import domain
from casework.complaints.service.reading import LEADERS, actor_of, require_visible
from casework.complaints.service.sealing import open_complainant, seal_complaint
from common.auth import Role, require_role
from common.clock import now, today
from common.contracts.casework.complaints import ComplaintState, Finding
from common.crypto import FieldCipher
from common.errors import PreconditionFailed
from common.records.service import hold_record, next_state, open_sealed, store_record
from common.uow import UnitOfWork

WORKERS = (*HANDLERS, Role.BUREAU_SUPERVISOR)
Change = Callable[[ComplaintState], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Which complaint is meant, and the version that was seen."""

    id: UUID
    version: int


async def accept_complaint(uow: UnitOfWork, *, seen: Seen, handler: str) -> ComplaintState:
    """Whoever leads takes it on and names its handler; the clock of the reply starts.

    Source: O4.3b, O4.3c, O4.3f; standards.md §6.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        ComplaintNotInState, AccusedCannotHandle: decided before; the handler is complained of.

    Events: casework.complaint.changed.v1.
    """
    by, at, on = actor_of(uow).subject, now(), today()
    days, calendar = domain.reply_days(on=on), await current_calendar(uow.conn)
    due_on = calendar.add_working_days(on, days)

    def change(held: ComplaintState) -> dict[str, Any]:
        is_provisional = calendar.is_provisional(due_on)
        return domain.accepted(
            held, by=by, at=at, handler=handler, days=days, due_on=due_on, is_provisional=is_provisional
        )

    return await _change(uow, seen, "accept", change, roles=LEADERS)


async def refer_complaint(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: Seen, referred_to: str, reply: str
) -> ComplaintState:
    """It is somebody else's; the complainant is told whose, and why.

    Source: O4.3b, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState.

    Events: casework.complaint.changed.v1.
    """
    at, calendar = now(), await current_calendar(uow.conn)

    def change(held: ComplaintState) -> dict[str, Any]:
        return domain.not_ours(held, at=at, referred_to=referred_to, overdue_days=_late(held, calendar, today()))

    return await _answer(uow, cipher, seen, "refer", change, reply, roles=LEADERS)


async def reassign_complaint(uow: UnitOfWork, *, seen: Seen, handler: str, reason: str) -> ComplaintState:
    """Somebody else handles it; who did has no longer a right to know who complained.

    Source: O4.3b, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState, AccusedCannotHandle.

    Events: casework.complaint.changed.v1.
    """
    return await _change(
        uow, seen, "reassign", lambda held: domain.reassigned(held, handler=handler), roles=LEADERS, reason=reason
    )


async def take_up_complaint(uow: UnitOfWork, *, seen: Seen) -> ComplaintState:
    """Its handler begins.

    Source: O4.3f; standards.md §4 (表10).

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState, NotTheHandler.

    Events: casework.complaint.changed.v1.
    """
    by, at = actor_of(uow).subject, now()
    return await _change(uow, seen, "take-up", lambda held: domain.taken_up(held, by=by, at=at))


async def extend_complaint(uow: UnitOfWork, *, seen: Seen, working_days: int, reason: str) -> ComplaintState:
    """Whoever leads gives more time, once.

    Source: O4.3c; standards.md §4 (表10).

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState, AlreadyExtended, ExtensionRefused.

    Events: casework.complaint.changed.v1.
    """
    by, at, calendar = actor_of(uow).subject, now(), await current_calendar(uow.conn)

    def change(held: ComplaintState) -> dict[str, Any]:
        due_on = calendar.add_working_days(held.due_on or today(), working_days)
        is_provisional = calendar.is_provisional(due_on)
        return domain.extended(
            held, by=by, at=at, days=working_days, reason=reason, due_on=due_on, is_provisional=is_provisional
        )

    return await _change(uow, seen, "extend", change, roles=LEADERS, reason=reason)


async def reply_to_complaint(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: Seen, reply: str, finding: Finding | None, accused: str | None
) -> ComplaintState:
    """Its handler answers; what was complained of is found true or not. The answer is sealed, it may name people.

    Source: O4.3c, O4.3d, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState, NotTheHandler.
        FindingDoesNotFit, AccusedCannotHandle: a finding where none belongs, none where one does; themselves.

    Events: casework.complaint.changed.v1.
    """
    by, at, calendar = actor_of(uow).subject, now(), await current_calendar(uow.conn)

    def change(held: ComplaintState) -> dict[str, Any]:
        late = _late(held, calendar, today())
        return domain.replied(held, by=by, at=at, finding=finding, accused=accused, overdue_days=late)

    return await _answer(uow, cipher, seen, "reply", change, reply, roles=WORKERS)


async def close_complaint(uow: UnitOfWork, *, seen: Seen) -> ComplaintState:
    """It is filed away.

    Source: O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ComplaintNotInState.

    Events: casework.complaint.changed.v1.
    """
    at = now()
    return await _change(uow, seen, "close", lambda held: domain.closed(held, at=at), roles=LEADERS)


async def publish_consultation(uow: UnitOfWork, *, seen: Seen, question: str, answer: str) -> ComplaintState:
    """Question and answer become public, in words without anybody's data.

    Source: O4.3e, O4.3f.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, NotPublishable.

    Events: casework.complaint.changed.v1.
    """
    by, at = actor_of(uow).subject, now()
    return await _change(
        uow,
        seen,
        "publish",
        lambda held: domain.published(held, by=by, at=at, question=question, answer=answer),
        roles=LEADERS,
    )


async def _hold(uow: UnitOfWork, seen: Seen, roles: tuple[Role, ...]) -> ComplaintState:
    """The complaint for a change; to whom it is about it does not exist, whatever version they name."""
    actor = actor_of(uow)
    require_role(actor, *roles)
    held = await hold_record(uow.session, ComplaintState, seen.id, expected_version=None, actor=actor)
    require_visible(held, actor)
    if held.version != seen.version:
        raise PreconditionFailed(current_version=held.version)
    return held


async def _change(
    uow: UnitOfWork,
    seen: Seen,
    verb: str,
    change: Change,
    *,
    roles: tuple[Role, ...] = WORKERS,
    reason: str | None = None,
) -> ComplaintState:
    held = await _hold(uow, seen, roles)
    state = next_state(held, **change(held))
    return await store_record(uow, state, previous=held, action=f"casework.complaint.{verb}", reason=reason)


async def _answer(
    uow: UnitOfWork,
    cipher: FieldCipher,
    seen: Seen,
    verb: str,
    change: Change,
    reply: str,
    *,
    roles: tuple[Role, ...],
) -> ComplaintState:
    """A change that tells the complainant something: sealed with what they wrote."""
    held = await _hold(uow, seen, roles)
    state = next_state(held, **change(held))
    opened = await open_sealed(uow.session, cipher, held.id)
    who = open_complainant(cipher, held.id, opened)
    sealed = seal_complaint(cipher, held.id, {**opened, "reply": reply}, who)
    return await store_record(uow, state, previous=held, action=f"casework.complaint.{verb}", sealed=sealed)


def _late(held: ComplaintState, calendar: Calendar, on: date) -> int:
    """超期天数: working days after the due day."""
    is_late = held.due_on is not None and on > held.due_on
    return calendar.working_days_between(held.due_on, on) if is_late and held.due_on is not None else 0
