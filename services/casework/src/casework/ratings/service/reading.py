"""Reading single ratings: for those who lead and supervise, never for those who were rated. Source: O4.3f."""

from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.ratings.domain import excluded, occasion_key
from casework.ratings.errors import MaliceNotProven, NoTextToMask
from casework.ratings.repository import Ratings
from casework.ratings.service.tokens import Proof, prove, require_rater
from common.auth import Actor, OutOfScope, Role, require_role
from common.clock import now
from common.contracts.casework.ratings import RatingState, RectificationState
from common.crypto import FieldCipher
from common.errors import PreconditionFailed
from common.records.errors import RecordNotFound
from common.records.service import (
    Wanted,
    get_record,
    hold_record,
    list_records,
    next_state,
    open_sealed,
    store_record,
)
from common.uow import UnitOfWork

READERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR, Role.AUDITOR)
DISCLOSERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
S = TypeVar("S", RatingState, RectificationState)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which record is meant, and the version that was seen."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rating and what became of it.

    Attributes:
        is_receipt: whoever asks has shown a code only, and is told that it was received and nothing of what it says.
    """

    state: RatingState
    rectification: RectificationState | None
    is_receipt: bool


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; the endpoints of these use cases ask for a token."""
    assert uow.actor is not None, "the endpoint asks for a token"  # noqa: S101
    return uow.actor


def unrated(wanted: Wanted, actor: Actor) -> Wanted:
    """The same without what is about the actor: the rated never see who rated."""
    return replace(wanted, unlike=(*wanted.unlike, ("rated_accounts", [actor.subject])))


def require_unrated(state: RatingState | RectificationState, actor: Actor) -> None:
    """Raises RecordNotFound to whom it is about."""
    if actor.subject in state.rated_accounts:
        raise RecordNotFound


async def hold_unrated(session: AsyncSession, model: type[S], seen: Seen, *, actor: Actor) -> S:
    """The record for a change; to whom it is about it does not exist, whatever version they name.

    Locks: the record until the transaction ends.
    """
    held = await hold_record(session, model, seen.id, expected_version=None, actor=actor)
    require_unrated(held, actor)
    if held.version != seen.version:
        raise PreconditionFailed(current_version=held.version)
    return held


async def get_rating(session: AsyncSession, *, actor: Actor, rating_id: UUID) -> RatingState:
    """One rating, without its text.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
        RecordNotFound: none, outside the scope, or about the actor.
    """
    require_role(actor, *READERS)
    state = await get_record(session, RatingState, rating_id, actor=actor)
    require_unrated(state, actor)
    return state


async def list_ratings(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[RatingState]:
    """Ratings of the scope, the oldest first; not those about the actor.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *READERS)
    return await list_records(session, RatingState, unrated(wanted, actor), actor=actor, after=after, limit=limit)


async def list_outcomes(uow: UnitOfWork, *, cipher: FieldCipher, proof: Proof) -> list[Outcome]:
    """What became of the ratings of a matter, for its applicant; by a visit's code, whether that visit was rated.

    Paper changes hands, and staff give codes out: a code opens the content of no rating.

    Source: O4.3f.

    Raises:
        StaffCannotRate: the token is of an office.
        MatterNotFound: whatever is wrong with the proof.
    """
    require_rater(uow.actor)
    matter, visit_on = await prove(uow, cipher, proof, uow.actor)
    occasion = None if visit_on is None else occasion_key("visit", visit_on)
    found: list[Outcome] = []
    for rating_id in await Ratings(uow.session).ids_of(matter.id, occasion=occasion):
        state = await get_record(uow.session, RatingState, rating_id)
        rectification = None if occasion else await _rectification_of(uow.session, state)
        found.append(Outcome(state, rectification, is_receipt=occasion is not None))
    return found


async def disclose_text(uow: UnitOfWork, *, cipher: FieldCipher, rating_id: UUID, reason: str) -> str:
    """What the rater wrote, in clear: an audited act of its own, with its reason.

    Source: O4.3f; standards.md §9.

    Raises:
        RoleRequired, RecordNotFound: not this actor's to read.
        NoTextToMask: the rater wrote nothing.
    """
    actor = actor_of(uow)
    require_role(actor, *DISCLOSERS)
    state = await get_rating(uow.session, actor=actor, rating_id=rating_id)
    opened = await open_sealed(uow.session, cipher, rating_id)
    text = opened.get("text")
    if not state.has_text or text is None:
        raise NoTextToMask
    await uow.record_audit(
        "casework.rating.disclose-text", "casework.rating", str(rating_id), division=state.division, reason=reason
    )
    return text


async def mask_text(uow: UnitOfWork, *, seen: Seen, masked: str) -> RatingState:
    """The text as those may read it who handle the rectification: without names and numbers.

    Source: O4.3f; standards.md §9.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        NoTextToMask: the rater wrote nothing.

    Events: casework.rating.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *DISCLOSERS)
    held = await hold_unrated(uow.session, RatingState, seen, actor=actor)
    if not held.has_text:
        raise NoTextToMask
    state = next_state(held, masked_text=masked)
    return await store_record(uow, state, previous=held, action="casework.rating.mask")


async def exclude_rating(uow: UnitOfWork, *, seen: Seen, reason: str) -> RatingState:
    """A supervisor above the office decides that a rating was malicious; it stays, and counts no longer.

    Source: O4.3f.

    Raises:
        RoleRequired, OutOfScope: no supervisor above.
        RecordNotFound, PreconditionFailed: none, or changed meanwhile.
        RatingAlreadyExcluded, MaliceNotProven: once is enough; its rectification has not found it so.

    Events: casework.rating.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, Role.BUREAU_SUPERVISOR)
    held = await hold_unrated(uow.session, RatingState, seen, actor=actor)
    if held.division == actor.division:
        raise OutOfScope
    rectification = await _rectification_of(uow.session, held)
    if rectification is not None and rectification.holder == actor.subject:
        raise MaliceNotProven("认定恶意评价的，不得是整改承办人")
    changes = excluded(held, rectification, by=actor.subject, at=now(), reason=reason)
    await Ratings(uow.session).exclude(held.id)
    state = next_state(held, **changes)
    return await store_record(uow, state, previous=held, action="casework.rating.exclude", reason=reason)


async def _rectification_of(session: AsyncSession, state: RatingState) -> RectificationState | None:
    if state.rectification_id is None:
        return None
    return await get_record(session, RectificationState, state.rectification_id)
