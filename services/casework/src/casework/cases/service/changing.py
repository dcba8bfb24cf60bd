"""Moving a case on: accepted, refused, closed, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from casework.cases.domain import (
    Case,
    ClosingResult,
    accept,
    close,
    event_of,
    make_reason,
    refuse,
    withdraw,
)
from casework.cases.errors import CaseNotFound
from casework.cases.repository import Cases
from casework.cases.service.roles import HANDLERS, actor_of, entry_of
from casework.cases.service.views import CaseView, Remember, masked, require_written
from common.auth import require_role, scope_bounds
from common.clock import now
from common.contracts.casework import CASE_TOPIC
from common.crypto import FieldCipher
from common.errors import PreconditionFailed
from common.telemetry import current_traceparent
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class SeenCase:
    """Which case the actor means, and the version that they saw."""

    id: UUID
    version: int


async def accept_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, remember: Remember | None = None
) -> CaseView:
    """Takes a registered case on.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.

    Events: casework.case.accepted.v1.
    """
    at = now()
    return await _change(uow, cipher, seen, "accept", lambda case: accept(case, at=at), remember)


async def refuse_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str, remember: Remember | None = None
) -> CaseView:
    """Declines a registered case, telling why.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.

    Events: casework.case.refused.v1.
    """
    at, told = now(), make_reason(reason)
    return await _change(uow, cipher, seen, "refuse", lambda case: refuse(case, reason=told, at=at), remember)


async def close_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, result: ClosingResult, remember: Remember | None = None
) -> CaseView:
    """Ends an accepted case with its result; who closes it has handled it.

    Source: O1.4f, O4.1b; standards.md §5.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        CaseNotAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.

    Events: casework.case.closed.v1.
    """
    at, by = now(), actor_of(uow).subject
    return await _change(uow, cipher, seen, "close", lambda case: close(case, result=result, at=at, by=by), remember)


async def withdraw_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str, remember: Remember | None = None
) -> CaseView:
    """Ends a case at the applicant's wish.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed: may not; not there; saw an older version.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.

    Events: casework.case.withdrawn.v1.
    """
    at, told = now(), make_reason(reason)
    return await _change(uow, cipher, seen, "withdraw", lambda case: withdraw(case, reason=told, at=at), remember)


async def _change(
    uow: UnitOfWork,
    cipher: FieldCipher,
    seen: SeenCase,
    verb: str,
    transition: Callable[[Case], Case],
    remember: Remember | None,
) -> CaseView:
    """Reads the case in scope, applies the rule, writes it where nobody was quicker."""
    actor = actor_of(uow)
    require_role(actor, *HANDLERS)
    bounds = scope_bounds(actor)
    cases = Cases(uow.conn, cipher)
    stored = await cases.find(seen.id, bounds=bounds)
    if stored is None:
        raise CaseNotFound
    if stored.case.version != seen.version:
        raise PreconditionFailed(current_version=stored.case.version)
    case = transition(stored.case)
    view = CaseView(case, masked(stored.applicant), stored.item_name, stored.duty_label)
    written = await cases.change(
        case,
        bounds=bounds,
        audit=entry_of(actor, verb, case),
        topic=CASE_TOPIC,
        event=event_of(case, traceparent=current_traceparent()),
        once=None if remember is None else remember(view),
    )
    require_written(written)
    uow.wake_relay()
    return view
