"""Writing a circular: begun, changed, its figures frozen, sent to review. Source: S5, O6.3b."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from common.auth import require_role, require_scope
from common.clock import now, today
from common.contracts.reporting.circulars import CircularState, QueryState, WordsState
from common.directory import require_division
from common.divisions import Level, level_of
from common.ids import uuid7
from common.records.service import get_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.circulars import domain
from reporting.circulars.service.freezing import Taken, keep_snapshot, require_taken_for, stored_snapshot
from reporting.circulars.service.marks import require_own_mark
from reporting.circulars.service.reading import DRAFTERS, Seen, actor_of, hold_own


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft says and asks.

    Attributes:
        scope: None is the issuer's own division.
    """

    scope: str | None
    on: date
    queries: tuple[QueryState, ...]
    words: WordsState
    is_public: bool
    down_to: Level
    sign_by: date | None


async def draft_circular(uow: UnitOfWork, *, content: Content) -> CircularState:
    """Begins a circular of a province's or a city's office.

    Source: S5, O6.3b.

    Raises:
        RoleRequired, OfficeTooLow, OutOfScope, DivisionUnknown, DivisionRetired: not this actor's to issue.
        DayNotOver: figures of a day ahead.
        PlaceholderUnknown, QueryUnknown, SecretDocument: the words and queries do not fit together.
        NumberMarkTaken, MarkNotEntered, IssuerNotOfMark: mark or name of another office.

    Events: reporting.circular.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *DRAFTERS)
    domain.require_issuer(actor.division)
    scope = content.scope or actor.division
    require_scope(actor, scope)
    await require_division(uow.conn, scope)
    domain.require_begun(content.on, today=today())
    domain.require_form(content.words, content.queries)
    await require_own_mark(uow, actor.division, content.words)
    state = CircularState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        office_id=actor.office_id,
        changed_at=now(),
        kind="circular",
        status="draft",
        scope=scope,
        holder=actor.subject,
        drafters=(actor.subject,),
        **_members(content),
    )
    return await store_record(uow, state, previous=None, action="reporting.circular.draft")


async def edit_circular(uow: UnitOfWork, *, seen: Seen, content: Content) -> CircularState:
    """Changes a draft. Another scope, day or query needs the figures frozen again; other words do not.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, OutOfScope: not this actor's.
        CircularNotInState: no draft.
        CorrectionAsksTheSame, CorrectionReachesLess: a correction of another question, or for fewer readers.
        DayNotOver: figures of a day ahead.
        PlaceholderUnknown, QueryUnknown, SecretDocument: the words and queries do not fit together.
        NumberMarkTaken, MarkNotEntered, IssuerNotOfMark: mark or name of another office.

    Events: reporting.circular.changed.v1.
    """
    actor = actor_of(uow)
    held = await hold_own(uow, seen, *DRAFTERS)
    scope = content.scope or held.scope
    require_scope(actor, scope)
    await require_division(uow.conn, scope)
    domain.require_begun(content.on, today=today())
    domain.require_form(content.words, content.queries)
    await require_own_mark(uow, held.division, content.words)
    is_same = (scope, content.on, content.queries) == (held.scope, held.on, held.queries)
    if held.kind == "correction":
        is_same = domain.require_same_question(held, scope=scope, on=content.on, queries=content.queries)
        corrected = await get_record(uow.session, CircularState, domain.require_correction(held))
        domain.require_same_reach(corrected, is_public=content.is_public, down_to=content.down_to)
    changes = domain.edited(held, by=actor.subject, is_same_question=is_same, scope=scope, **_members(content))
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.circular.edit")


async def freeze_circular(uow: UnitOfWork, *, seen: Seen, taken: Taken) -> CircularState:
    """Freezes the figures of a draft as they were taken; what was frozen before is kept, and used no more.

    A correction's figures are frozen by `refresh_correction`, because every change needs its reason.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed: not this actor's.
        CircularNotInState: no draft, or a correction.

    Events: reporting.circular.changed.v1.
    """
    held = await hold_own(uow, seen, *DRAFTERS)
    domain.require_no_correction(held)
    require_taken_for(taken, held)
    changes = domain.frozen(held, by=actor_of(uow).subject)
    changes["snapshot"] = await keep_snapshot(uow, held.id, taken)
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.circular.freeze")


async def submit_circular(uow: UnitOfWork, *, seen: Seen) -> CircularState:
    """Sends a draft to review; every number in its text is there.

    Source: O6.3b.

    Raises:
        RoleRequired, RecordNotFound, NotTheIssuer, PreconditionFailed, CircularNotInState.
        SnapshotMissing, PlaceholderUnknown, PlaceholderEmpty: a number is not there.
        SecretDocument: see `draft_circular`.

    Events: reporting.circular.changed.v1.
    """
    held = await hold_own(uow, seen, *DRAFTERS)
    changes = domain.submitted(held, by=actor_of(uow).subject, at=now())
    domain.require_form(held.words, held.queries)
    snapshot = await stored_snapshot(uow.session, held)
    domain.links_of(held.words, domain.numbers_of(snapshot))
    return await store_record(uow, next_state(held, **changes), previous=held, action="reporting.circular.submit")


def _members(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in ("on", "queries", "words", "is_public", "down_to", "sign_by")}
