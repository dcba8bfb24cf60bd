"""Use cases of titles: register, re-check, withdrawal after the office was heard. Source: O4.3a."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role
from common.clock import now, today
from common.contracts.reporting.campaigns import RecheckState, WindowAwardState
from common.contracts.reporting.orders import EvidenceState
from common.divisions import contains
from common.policy import parameter
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.campaigns import domain
from reporting.campaigns.errors import NotTheOffice, NotTheOrganiser
from reporting.campaigns.repository import Awards
from reporting.campaigns.service.access import OFFICES, ORGANISERS, READERS

_RECORD = "reporting.window-award"


async def recheck_award(
    uow: UnitOfWork,
    *,
    actor: Actor,
    award_id: UUID,
    expected_version: int,
    on: date,
    is_passed: bool,
    remark: str,
    evidence: tuple[EvidenceState, ...],
) -> WindowAwardState:
    """A level between organiser and office, or the organiser, looks at a holder again.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, AwardNotInState.
    """
    held = await _hold_above(uow, actor, award_id, expected_version)
    recheck = RecheckState(
        on=min(on, today()), is_passed=is_passed, remark=remark, evidence=evidence, by=actor.subject, at=now()
    )
    state = next_state(held, **domain.rechecked(held, recheck=recheck))
    return await store_record(uow, state, previous=held, action=f"{_RECORD}.recheck", reason=remark)


async def propose_withdrawal(
    uow: UnitOfWork, *, actor: Actor, award_id: UUID, expected_version: int, reason: str
) -> WindowAwardState:
    """A withdrawal is proposed; the office is heard first.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, AwardNotInState.
    """
    held = await _hold_above(uow, actor, award_id, expected_version)
    days = parameter("award_withdrawal_statement_days", on=today()).number
    changes = domain.withdrawal_proposed(held, by=actor.subject, at=now(), reason=reason, statement_days=days)
    return await store_record(
        uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.propose-withdrawal", reason=reason
    )


async def state_on_withdrawal(
    uow: UnitOfWork, *, actor: Actor, award_id: UUID, expected_version: int, text: str
) -> WindowAwardState:
    """The office states its side.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOffice, PreconditionFailed, AwardNotInState.
    """
    require_role(actor, *OFFICES, Role.BUREAU_SUPERVISOR)
    held = await hold_record(uow.session, WindowAwardState, award_id, expected_version=expected_version, actor=actor)
    if held.division != actor.division:
        raise NotTheOffice
    changes = domain.withdrawal_stated(held, by=actor.subject, at=now(), text=text)
    return await store_record(uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.state")


async def decide_withdrawal(
    uow: UnitOfWork, *, actor: Actor, award_id: UUID, expected_version: int, withdraws: bool, reason: str
) -> WindowAwardState:
    """The organiser decides, by somebody else than who proposed it.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound, NotTheOrganiser, PreconditionFailed, AwardNotInState, ProposerDecides,
        StatementPending.
    """
    held = await _hold_above(uow, actor, award_id, expected_version)
    if held.organiser != actor.division:
        raise NotTheOrganiser
    changes = domain.withdrawal_decided(held, by=actor.subject, at=now(), withdraws=withdraws, reason=reason)
    return await store_record(
        uow, next_state(held, **changes), previous=held, action=f"{_RECORD}.decide-withdrawal", reason=reason
    )


async def get_award(session: AsyncSession, award_id: UUID, *, actor: Actor) -> WindowAwardState:
    """A title with its re-checks and withdrawals, within the actor's subtree.

    Source: O4.3a.

    Raises:
        RoleRequired, RecordNotFound.
    """
    require_role(actor, *READERS)
    return await get_record(session, WindowAwardState, award_id, actor=actor)


async def list_awards(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[WindowAwardState]:
    """Titles of the actor's subtree, whatever became of them.

    Source: O4.3a.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await list_records(session, WindowAwardState, wanted, actor=actor, after=after, limit=limit)


async def list_holders(
    session: AsyncSession, *, on: date, within: str | None, after: UUID | None, limit: int
) -> list[WindowAwardState]:
    """Who holds a title on a day; everybody may know.

    Source: O4.3a, O4.3e.
    """
    return await Awards(session).holders(on=on, within=within, after=after, limit=limit)


async def _hold_above(uow: UnitOfWork, actor: Actor, award_id: UUID, expected_version: int) -> WindowAwardState:
    require_role(actor, *ORGANISERS)
    held = await hold_record(uow.session, WindowAwardState, award_id, expected_version=expected_version, actor=actor)
    if actor.division == held.division or not contains(held.organiser, actor.division):
        raise NotTheOrganiser
    return held
