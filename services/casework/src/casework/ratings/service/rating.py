"""Rating a visit or a matter; a bad rating opens its rectification in the same transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.ratings.domain import (
    Matter,
    is_bad,
    occasion_key,
    occasion_of,
    require_aspects,
    require_open,
)
from casework.ratings.errors import AlreadyRated, AlreadySupplemented, NothingToSupplement
from casework.ratings.repository import Ratings
from casework.ratings.service.tokens import Proof, prove, require_rater
from common.auth import Actor
from common.clock import beijing_day, now
from common.contracts.casework.ratings import RatingChannel, RatingLevel, RatingState, RectificationState
from common.crypto import FieldCipher
from common.ids import uuid7
from common.policy import parameter
from common.records.service import citizen_index, seal, store_record
from common.uow import UnitOfWork

FIRST, SUPPLEMENT = 1, 2


@dataclass(frozen=True, slots=True)
class Given:
    """A rating as somebody gives it; the text may name people, so it never shows in a representation."""

    rating: RatingLevel
    channel: RatingChannel
    aspects: tuple[str, ...] = ()
    text: str | None = None
    terminal: str | None = None

    def __repr__(self) -> str:
        return f"Given({self.rating!r}, {self.channel!r})"


@dataclass(frozen=True, slots=True)
class Rated:
    """A stored rating, and what it opened."""

    state: RatingState
    rectification: RectificationState | None


async def rate_matter(uow: UnitOfWork, *, cipher: FieldCipher, proof: Proof, given: Given) -> Rated:
    """The first rating of a visit or of a matter. Closing never waits for it.

    Source: O4.3f; standards.md §7.

    Raises:
        StaffCannotRate: the token is of an office.
        MatterNotFound: whatever is wrong with the proof.
        RatingNotOpenYet, RatingNoLongerOpen: not accepted yet, or ended too long ago.
        VisitNotProven, AspectsDoNotFit: the rating makes no sense.
        AlreadyRated: somebody has; of two at once one wins.

    Events: casework.rating.changed.v1, casework.rectification.changed.v1.

    Idempotency: the occasion itself; a second sending is AlreadyRated.
    """
    return await _rate(uow, cipher, proof, given, FIRST)


async def supplement_rating(uow: UnitOfWork, *, cipher: FieldCipher, proof: Proof, given: Given) -> Rated:
    """The one supplement (追评) to a first rating, which stays as it is.

    Source: O4.3f; standards.md §7 (评价次数).

    Raises:
        NothingToSupplement: there is no first rating of this occasion.
        AlreadySupplemented: there is a supplement.
        As rate_matter.

    Events: casework.rating.changed.v1, casework.rectification.changed.v1.
    """
    return await _rate(uow, cipher, proof, given, SUPPLEMENT)


async def _rate(uow: UnitOfWork, cipher: FieldCipher, proof: Proof, given: Given, number: int) -> Rated:
    at = now()
    require_rater(uow.actor)
    rater, uow.actor = uow.actor, None  # the audit does not name the rater
    matter, visit_on = await prove(uow, cipher, proof, rater)
    require_open(matter, at=at)
    occasion = occasion_of(given.channel, visit_on)
    require_aspects(given.rating, given.aspects)
    day = visit_on if occasion == "visit" else None
    ratings, key, rating_id = Ratings(uow.session), occasion_key(occasion, day), uuid7()
    if number == SUPPLEMENT and not await ratings.has_first(matter.id, key):
        raise NothingToSupplement
    row = {"case_id": matter.id, "occasion": key, "number": number, **_counted(matter, given, rating_id, at)}
    if not await ratings.add(row):
        raise AlreadyRated if number == FIRST else AlreadySupplemented
    rectification = await _open(uow, matter, given, rating_id, at)
    state = RatingState(
        **_common(matter, rating_id, at),
        occasion=occasion,
        visit_on=day,
        number=number,
        rating=given.rating,
        aspects=given.aspects,
        channel=given.channel,
        terminal=given.terminal,
        rated_at=at,
        rated_on=beijing_day(at),
        has_text=given.text is not None,
        rectification_id=rectification.id if rectification else None,
        status="counted",
    )
    await _store(uow, cipher, state, text=given.text, rater=rater)
    if rectification is not None:
        await store_record(uow, rectification, previous=None, action="casework.rectification.open")
    return Rated(state, rectification)


async def _store(
    uow: UnitOfWork, cipher: FieldCipher, state: RatingState, *, text: str | None, rater: Actor | None
) -> None:
    """What the rater wrote, and under which account, is sealed; the account also as a blind index."""
    fields = {"text": text, "account": rater.subject if rater else None}
    sealed = seal(cipher, state.id, fields) if text or rater else None
    index = citizen_index(cipher, rater) if rater else None
    await store_record(uow, state, previous=None, action="casework.rating.rate", sealed=sealed, subject_index=index)


def _common(matter: Matter, record_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": record_id,
        "version": 1,
        "division": matter.division,
        "level": matter.level,
        "office_id": matter.office_id,
        "changed_at": at,
        "case_id": matter.id,
        "item_code": matter.item_code,
        "duty": matter.duty,
        "rated_accounts": matter.accounts,
    }


def _counted(matter: Matter, given: Given, rating_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": rating_id,
        "division": matter.division,
        "office_id": matter.office_id,
        "item_code": matter.item_code,
        "duty": matter.duty,
        "rating": given.rating,
        "terminal": given.terminal,
        "rated_at": at,
        "rated_on": beijing_day(at),
        "registered_on": beijing_day(matter.registered_at),
        "ended_at": matter.ended_at,
        "is_excluded": False,
    }


async def _open(
    uow: UnitOfWork, matter: Matter, given: Given, rating_id: UUID, at: datetime
) -> RectificationState | None:
    """The rectification of a bad rating, with its own clock. Source: O4.3c, O4.3f."""
    on = beijing_day(at)
    if not is_bad(given.rating, on=on):
        return None
    calendar = await current_calendar(uow.conn)
    due_on = calendar.add_working_days(on, parameter("rectification_working_days", on=on).number)
    return RectificationState(
        **_common(matter, uuid7(), at),
        rating_id=rating_id,
        rating=given.rating,
        status="open",
        opened_at=at,
        due_on=due_on,
        is_due_provisional=calendar.is_provisional(due_on),
    )
