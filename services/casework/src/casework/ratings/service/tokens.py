"""Who may rate: who holds the code of a visit, knows a case's number and whose it is, or applied for it online."""

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.cases.service import HANDLERS, find_case_by_number, get_case_state
from casework.ratings.domain import Matter, matter_of, require_open, require_visit
from casework.ratings.errors import MatterNotFound, StaffCannotRate
from common.auth import Actor, Role, require_role
from common.clock import beijing_day, now
from common.contracts.casework import CASE_RECORD
from common.contracts.casework.online import OnlineApplicationState
from common.crypto import FieldCipher
from common.errors import NotFound
from common.records.service import Wanted, citizen_indexes, list_records
from common.uow import UnitOfWork

_CONTEXT = "casework.rating.token"
_ID_BYTES, _DAY_BYTES, _MAC_BYTES = 16, 4, 16
_BODY_BYTES = _ID_BYTES + _DAY_BYTES
TOKEN_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows to rate: a token, a number with an identity, or a case of their own account."""

    token: str | None = None
    case_number: str | None = None
    identifier: str | None = None
    case_id: UUID | None = None

    def __repr__(self) -> str:
        return "Proof()"


def issue_rating_token(cipher: FieldCipher, case_id: UUID, visit_on: date) -> str:
    """The code of one visit, for the receipt: the case, the day and a keyed check; nothing personal.

    The same visit always gets the same code, so printing again makes no second rating possible.

    Source: O4.3f; standards.md §7.
    """
    body = case_id.bytes + visit_on.toordinal().to_bytes(_DAY_BYTES)
    check = cipher.blind_index(body.hex(), context=_CONTEXT)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(body + check).decode("ascii")


def read_rating_token(cipher: FieldCipher, token: str) -> tuple[UUID, date] | None:
    """Case and day of a code that we have issued, under this key or an older one; None of any other.

    Source: O4.3f.
    """
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, check = raw[:_BODY_BYTES], raw[_BODY_BYTES:]
    known = cipher.blind_indexes(body.hex(), context=_CONTEXT)
    if not any(hmac.compare_digest(one[:_MAC_BYTES], check) for one in known):
        return None
    return UUID(bytes=body[:_ID_BYTES]), date.fromordinal(int.from_bytes(body[_ID_BYTES:]))


async def give_token(uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID) -> tuple[str, date]:
    """The code of today's visit for a case of the actor's scope; an audited act, for it lets somebody rate.

    Who has served in the case gets none, and a day without a visit on record has none.

    Source: O4.3f.

    Raises:
        RoleRequired, CaseNotFound: not this actor's to give.
        RatingNotOpenYet, RatingNoLongerOpen: nothing to rate.
        ServedInTheCase, NoVisitToday: not this actor's to give, nobody's today.
    """
    actor, at = uow.actor, now()
    assert actor is not None, "the endpoint asks for a token"  # noqa: S101
    require_role(actor, *HANDLERS)
    matter = matter_of(await get_case_state(uow.conn, case_id, actor=actor))
    require_open(matter, at=at)
    require_visit(matter, by=actor.subject, on=beijing_day(at))
    await uow.record_audit("casework.rating.give-token", CASE_RECORD, str(case_id), division=matter.division)
    return issue_rating_token(cipher, case_id, beijing_day(at)), beijing_day(at)


def require_rater(actor: Actor | None) -> None:
    """Lets the public through, with a citizen's token or without any; never staff.

    Source: O4.3f; standards.md §7.

    Raises:
        StaffCannotRate: the token is somebody's of an office.
    """
    if actor is not None and actor.roles != {Role.CITIZEN}:
        raise StaffCannotRate


async def prove(uow: UnitOfWork, cipher: FieldCipher, proof: Proof, rater: Actor | None) -> tuple[Matter, date | None]:
    """The matter that somebody may rate, and the day of the visit where a token names one.

    Source: O4.3f.

    Raises:
        MatterNotFound: of whatever is wrong, the same.
    """
    if proof.token is not None:
        read = read_rating_token(cipher, proof.token)
        if read is None:
            raise MatterNotFound
        matter = await _known(uow, read[0])
        if read[1] not in matter.visits:
            raise MatterNotFound
        return matter, read[1]
    if proof.case_id is not None:
        await _require_own(uow, cipher, proof.case_id, rater)
        return await _known(uow, proof.case_id), None
    found = await find_case_by_number(
        uow.conn, cipher, case_number=proof.case_number or "", identifier=proof.identifier or ""
    )
    if found is None:
        raise MatterNotFound
    return matter_of(found.case), None


async def _known(uow: UnitOfWork, case_id: UUID) -> Matter:
    try:
        return matter_of(await get_case_state(uow.conn, case_id))
    except NotFound:
        raise MatterNotFound from None


async def _require_own(uow: UnitOfWork, cipher: FieldCipher, case_id: UUID, rater: Actor | None) -> None:
    """Raises MatterNotFound unless this account has opened the case online."""
    if rater is None:
        raise MatterNotFound
    wanted = Wanted(subject_indexes=citizen_indexes(cipher, rater), case_id=case_id)
    if not await list_records(uow.session, OnlineApplicationState, wanted, limit=1):
        raise MatterNotFound
