"""Proceedings of accountability: opened, stated, decided, appealed, final; the person is always heard first."""

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.catalogue import NAMESPACE, load_catalogue
from casework.accountability.domain import (
    DecisionKind,
    appeal_division_of,
    days_after,
    is_lapsed,
    kind_of,
    may_see,
    require_appealable,
    require_decidable,
    require_hearable,
    require_opener,
    require_stateable,
    standing_kind,
    working_days_after,
)
from casework.accountability.errors import AlreadyOpened
from casework.accountability.service.grounds import NewProceeding, check_source
from casework.accountability.service.ledger import enter_decision
from casework.accountability.service.periods import periods_on
from casework.accountability.service.roles import OVERSEERS, asker_of
from casework.calendar.service import current_calendar
from common.auth import Actor
from common.clock import beijing_day, now, today
from common.contracts.casework.accountability import (
    AppealResult,
    DecisionState,
    OutcomeState,
    ProceedingState,
    ProceedingStatus,
)
from common.crypto import FieldCipher
from common.directory import require_division
from common.divisions import level_of
from common.ids import uuid7
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import (
    Wanted,
    get_record,
    hold_record,
    list_records,
    next_state,
    open_sealed,
    seal,
    store_record,
)
from common.uow import UnitOfWork


async def open_proceeding(uow: UnitOfWork, *, actor: Actor, new: NewProceeding) -> ProceedingState:
    """Opens a proceeding against an account, out of a warning, a complaint, a rectification or a finding.

    Source: O4.3d.

    Raises:
        InvalidDivisionCode, DivisionUnknown, DivisionRetired: no such division.
        NotOverseer, ConcernedThemselves: the actor may not.
        RecordNotFound, SourceUnfit: what it rests on is not there, or does not bear it.
        AlreadyOpened: the same source has led to one before.

    Events: casework.proceeding.changed.v1.
    """
    level = level_of(new.division)
    require_opener(asker_of(actor), person=new.person, division=new.division)
    await require_division(uow.conn, new.division)
    found = await check_source(uow.session, actor, new)
    at, calendar = now(), await current_calendar(uow.conn)
    due_on = working_days_after(calendar, beijing_day(at), periods_on(beijing_day(at)).statement_working_days)
    state = ProceedingState(
        id=_id_of(new),
        version=1,
        division=new.division,
        level=level,
        office_id=found.office_id,
        changed_at=at,
        source=new.source,
        source_id=new.source_id,
        case_id=found.case_id,
        person=new.person,
        grounds=new.grounds,
        opened_by=actor.subject,
        opened_at=at,
        barred=found.barred,
        status="awaiting_statement",
        statement_due_on=due_on,
        due_on=due_on,
    )
    try:
        return await store_record(uow, state, previous=None, action="casework.proceeding.open", reason=new.grounds)
    except RecordExists:
        raise AlreadyOpened from None


def _id_of(new: NewProceeding) -> UUID:
    if new.source_id is None:
        return uuid7()
    return uuid5(NAMESPACE, f"proceeding:{new.source}:{new.source_id}:{new.person}")


async def state_side(
    uow: UnitOfWork, cipher: FieldCipher, *, actor: Actor, proceeding_id: UUID, expected_version: int, statement: str
) -> ProceedingState:
    """The person states their side (陈述申辩); it is sealed.

    Source: O4.3d.

    Raises:
        RecordNotFound, PreconditionFailed: not there or not the actor's to see, changed meanwhile.
        NotThePerson, StatementClosed: may not, or no more.

    Events: casework.proceeding.changed.v1.
    Locks: the proceeding.
    """
    held = await _hold(uow, actor, proceeding_id, expected_version)
    require_stateable(asker_of(actor), held)
    at, calendar = now(), await current_calendar(uow.conn)
    day = beijing_day(at)
    state = next_state(
        held,
        status="awaiting_decision",
        stated_at=at,
        due_on=working_days_after(calendar, day, periods_on(day).decision_working_days),
    )
    sealed = await _sealed_with(uow, cipher, held.id, statement=statement)
    return await store_record(uow, state, previous=held, action="casework.proceeding.state", sealed=sealed)


async def decide(
    uow: UnitOfWork, *, actor: Actor, proceeding_id: UUID, expected_version: int, kind: str, reason: str
) -> ProceedingState:
    """Decides; without a sanction the proceeding ends at once, otherwise the person may appeal.

    Source: O4.3d.

    Raises:
        RecordNotFound, PreconditionFailed: not there or not the actor's to see, changed meanwhile.
        NotOverseer, ConcernedThemselves, AlreadyDecided, StatementPending: may not, or not yet.
        DecisionKindUnknown: the kind is not in force.

    Events: casework.proceeding.changed.v1.
    Locks: the proceeding.
    """
    held = await _hold(uow, actor, proceeding_id, expected_version)
    at = now()
    day = beijing_day(at)
    require_decidable(asker_of(actor), held, on=day)
    chosen = kind_of(load_catalogue().decision_kinds, kind, on=day)
    decision = DecisionState(kind=kind, reason=reason, by=actor.subject, division=actor.division, decided_at=at)
    changes: dict[str, Any] = {"decision": decision, "status": "decided"}
    if chosen.is_sanction:
        due_on = days_after(await current_calendar(uow.conn), day, periods_on(day).appeal_days)
        division = appeal_division_of(actor.division, held.division)
        changes |= {"appeal_due_on": due_on, "due_on": due_on, "appeal_division": division}
    else:
        changes |= {"status": "final", "due_on": None, "finalised_at": at}
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action="casework.proceeding.decide", reason=reason)


async def appeal(
    uow: UnitOfWork, cipher: FieldCipher, *, actor: Actor, proceeding_id: UUID, expected_version: int, grounds: str
) -> ProceedingState:
    """The person appeals to the level above, once and in time; the grounds are sealed.

    Source: O4.3d.

    Raises:
        RecordNotFound, PreconditionFailed: not there or not the actor's to see, changed meanwhile.
        NotThePerson, AppealNotOpen, AppealTooLate: may not, not now, no more.

    Events: casework.proceeding.changed.v1.
    Locks: the proceeding.
    """
    held = await _hold(uow, actor, proceeding_id, expected_version)
    at = now()
    day = beijing_day(at)
    require_appealable(asker_of(actor), held, on=day)
    due_on = days_after(await current_calendar(uow.conn), day, periods_on(day).outcome_days)
    state = next_state(held, status="appealed", appealed_at=at, due_on=due_on)
    sealed = await _sealed_with(uow, cipher, held.id, appeal=grounds)
    return await store_record(uow, state, previous=held, action="casework.proceeding.appeal", sealed=sealed)


async def hear_appeal(
    uow: UnitOfWork,
    *,
    actor: Actor,
    proceeding_id: UUID,
    expected_version: int,
    result: AppealResult,
    kind: str | None,
    reason: str,
) -> ProceedingState:
    """The level above upholds, changes or revokes; what stands is entered in the ledger.

    Source: O4.3d, O4.3g.

    Raises:
        RecordNotFound, PreconditionFailed: not there or not the actor's to see, changed meanwhile.
        NotOverseer, ConcernedThemselves, NotAppealed: may not, or nothing to hear.
        DecisionKindUnknown, AppealMadeWorse: what it is changed to.

    Events: casework.proceeding.changed.v1, casework.ledger-entry.changed.v1.
    Locks: the proceeding.
    """
    held = await _hold(uow, actor, proceeding_id, expected_version)
    require_hearable(asker_of(actor), held)
    at, kinds = now(), load_catalogue().decision_kinds
    assert held.decision is not None, "what is appealed has been decided"  # noqa: S101
    decided = kind_of(kinds, held.decision.kind, on=beijing_day(held.decision.decided_at))
    changed = None if kind is None else kind_of(kinds, kind, on=beijing_day(at))
    standing = standing_kind(result, decided, changed)
    outcome = OutcomeState(
        result=result, kind=kind, reason=reason, by=actor.subject, division=actor.division, heard_at=at
    )
    return await _finalise(uow, held, standing, action="casework.proceeding.hear", reason=reason, outcome=outcome)


async def finalise_lapsed(uow: UnitOfWork, *, after: UUID | None, limit: int) -> list[ProceedingState]:
    """Decisions that nobody has appealed against in time become final; gives the page that was looked at.

    Source: O4.3d, O4.3g.

    Events: casework.proceeding.changed.v1, casework.ledger-entry.changed.v1.
    Locks: each of them.
    """
    on, kinds = today(), load_catalogue().decision_kinds
    wanted = Wanted(statuses=("decided",))
    page = await list_records(uow.session, ProceedingState, wanted, after=after, limit=limit)
    for one in page:
        if not is_lapsed(one, on=on):
            continue
        held = await hold_record(uow.session, ProceedingState, one.id, expected_version=None)
        if is_lapsed(held, on=on) and held.decision is not None:
            decided = kind_of(kinds, held.decision.kind, on=beijing_day(held.decision.decided_at))
            await _finalise(uow, held, decided, action="casework.proceeding.finalise", reason=None)
    return page


async def _finalise(
    uow: UnitOfWork, held: ProceedingState, standing: DecisionKind | None, *, action: str, reason: str | None,
    **changes: Any,
) -> ProceedingState:  # fmt: skip
    at = now()
    is_entered = standing is not None and standing.is_sanction
    entry = await enter_decision(uow, held, standing, at=at) if standing is not None and is_entered else None
    state = next_state(
        held,
        **changes,
        status="final",
        due_on=None,
        finalised_at=at,
        standing_kind=None if standing is None else standing.code,
        ledger_entry_id=None if entry is None else entry.id,
    )
    return await store_record(uow, state, previous=held, action=action, reason=reason)


async def get_proceeding(session: AsyncSession, proceeding_id: UUID, *, actor: Actor) -> ProceedingState:
    """One proceeding, for the person concerned, the head of the office and supervisors above.

    Source: O4.3d; architecture.md §6.

    Raises:
        RecordNotFound: none of this id, or not the actor's to see.
    """
    if actor.has_role(*OVERSEERS):
        try:
            return await get_record(session, ProceedingState, proceeding_id, actor=actor)
        except RecordNotFound:
            pass
    found = await get_record(session, ProceedingState, proceeding_id)
    if not may_see(asker_of(actor), found):
        raise RecordNotFound
    return found


async def list_proceedings(
    session: AsyncSession,
    *,
    actor: Actor,
    status: ProceedingStatus | None,
    division: str | None,
    is_own: bool,
    after: UUID | None,
    limit: int,
) -> list[ProceedingState]:
    """Proceedings of the actor's subtree, for heads and supervisors; of themselves, for everybody.

    Source: O4.3d; architecture.md §6.
    """
    own = is_own or not actor.has_role(*OVERSEERS)
    wanted = Wanted(
        within=division,
        statuses=() if status is None else (status,),
        equal=(("person", actor.subject),) if own else (),
    )
    scope = None if own else actor
    return await list_records(session, ProceedingState, wanted, actor=scope, after=after, limit=limit)


async def disclose_texts(
    uow: UnitOfWork, cipher: FieldCipher, *, actor: Actor, proceeding_id: UUID, reason: str
) -> dict[str, str | None]:
    """The person's statement and grounds of appeal in clear: an audited act.

    Source: O4.3d; ADR 0005.

    Raises:
        RecordNotFound: none of this id, or not the actor's to see.
    """
    found = await get_proceeding(uow.session, proceeding_id, actor=actor)
    await uow.record_audit(
        "casework.proceeding.disclose", "casework.proceeding", str(found.id), division=found.division, reason=reason
    )
    return await open_sealed(uow.session, cipher, found.id)


async def _hold(uow: UnitOfWork, actor: Actor, proceeding_id: UUID, expected_version: int) -> ProceedingState:
    await get_proceeding(uow.session, proceeding_id, actor=actor)
    return await hold_record(uow.session, ProceedingState, proceeding_id, expected_version=expected_version)


async def _sealed_with(uow: UnitOfWork, cipher: FieldCipher, proceeding_id: UUID, **texts: str) -> bytes:
    return seal(cipher, proceeding_id, {**await open_sealed(uow.session, cipher, proceeding_id), **texts})


def decision_labels() -> dict[str, str]:
    """What people call the kinds of decisions, also those no longer in force."""
    return {kind.code: kind.label for kind in load_catalogue().decision_kinds}
