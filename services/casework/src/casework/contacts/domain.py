"""Rules of first contacts: who acts, how one passes on, how one ends. Pure.

Transitions give the members of the state that change; one that is not allowed raises. No transition leaves a contact
without exactly one holder.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casework.cases.domain import ApplicantKind, Brought, heads, normalise_identifier
from casework.clock.domain import Calendar
from casework.contacts.errors import (
    AskerNameInvalid,
    AskerPhoneInvalid,
    ContactEnded,
    MaterialNotHeld,
    NoOffer,
    NotHolder,
    NotOffered,
    OfferOpen,
    OfferToHolder,
    PromiseTooLong,
    ReferralUnreachable,
)
from common.clock import beijing_day
from common.contracts.casework.contacts import (
    ContactHolder,
    ContactOffer,
    FirstContactState,
    OfferAnswer,
    Referral,
    Settlement,
)

CHANNEL_LABELS: Mapping[str, str] = {
    "window": "窗口",
    "phone": "电话",
    "online": "网上",
    "letter": "来信",
    "other": "其他",
}
STATUS_LABELS: Mapping[str, str] = {
    "open": "待答复",
    "settled": "已答复",
    "case": "已转为办件",
    "referred": "已告知承办单位",
}
OFFER_LABELS: Mapping[str, str] = {"accepted": "已接收", "declined": "不接收", "withdrawn": "已收回"}
ANSWER_LIMIT = "first_asked_answer_working_days"
"""The parameter: within how many working days whoever asked is answered."""

Changes = dict[str, Any]
_PHONE = re.compile(r"\+?[0-9][0-9-]{5,18}[0-9]")
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked, in clear: lives for one request, never in a log, an event or an error."""

    name: str = field(repr=False)
    phone: str | None = field(repr=False)
    id_number: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts on a contact.

    Attributes:
        account: the token's subject.
        division: of the doer's office.
        is_head: of that office.
        heirs: retired divisions that the contact names → those that took over.
    """

    account: str
    division: str
    is_head: bool
    heirs: Mapping[str, str] = field(default_factory=dict)

    def is_at(self, division: str) -> bool:
        """Whether the doer's office is the one there, or took over from it."""
        return self.heirs.get(division, division) == self.division

    def heads(self, division: str) -> bool:
        """Whether the doer answers for the office there: its head, or of a station the head of the office above."""
        return self.is_head and heads(self.heirs.get(division, division), self.division)


@dataclass(frozen=True, slots=True)
class ContactClock:
    """What the promise shows on a day.

    Attributes:
        remaining_working_days: until the promised day; below 0 after it; None once the contact has ended.
        is_overdue: it is open after the promised day, or ended after it.
    """

    remaining_working_days: int | None
    is_overdue: bool


def make_asker(*, name: str, phone: str | None, id_number: str | None, on: date) -> Asker:
    """Checks what was typed and gives it in its one normal form; who cannot be reached again may come back.

    Source: O4.3b; standards.md §2 (GB 11643), §6.

    Raises:
        AskerNameInvalid, AskerPhoneInvalid, IdNumberInvalid: the value is none.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(plain) <= _LONGEST_NAME or any(unicodedata.category(char) in _UNWRITTEN for char in plain):
        raise AskerNameInvalid
    number = None if phone is None else "".join(unicodedata.normalize("NFKC", phone).split())
    if number is not None and _PHONE.fullmatch(number) is None:
        raise AskerPhoneInvalid
    known = None if id_number is None else normalise_identifier(id_number, kind=ApplicantKind.NATURAL_PERSON, on=on)
    return Asker(plain, number, known)


def require_promise(wanted: int | None, *, rule: int) -> int:
    """The promise in working days: the rule's, or a shorter one.

    Source: O4.3b, O4.1b.

    Raises:
        PromiseTooLong: longer than the rule.
    """
    if wanted is not None and wanted > rule:
        raise PromiseTooLong(longest_working_days=rule)
    return rule if wanted is None else wanted


def require_responsible(state: FirstContactState, doer: Doer) -> bool:
    """Lets through the holder, and whoever heads the holder's office; True for the latter, whose act says so.

    Source: O4.3b, O1.3c.

    Raises:
        NotHolder: anybody else.
    """
    if doer.account == state.holder:
        return False
    if not doer.heads(state.holder_division):
        raise NotHolder
    return True


def is_party(state: FirstContactState, doer: Doer) -> bool:
    """Whether somebody outside the office's subtree may read it: who holds or held it, or is asked to take it.

    Source: O4.3b.
    """
    if any(doer.account == holder.account for holder in state.holders) or doer.is_at(state.holder_division):
        return True
    return doer.heads(state.holder_division) or (
        state.offered_to is not None and (doer.is_at(state.offered_to) or doer.heads(state.offered_to))
    )


def offer(
    state: FirstContactState, *, division: str, office_id: UUID, account: str | None, reason: str, by: str, at: datetime
) -> Changes:
    """Asks an office, or an account there, to take over; nothing else changes until it accepts.

    Source: O4.3b.

    Raises:
        ContactEnded, OfferOpen: there is nothing to hand over, or it is offered already.
        OfferToHolder: to who is responsible already.
    """
    require_open(state)
    if state.offered_to is not None:
        raise OfferOpen
    if account == state.holder:
        raise OfferToHolder
    made = ContactOffer(division=division, office_id=office_id, account=account, reason=reason, by=by, offered_at=at)
    return {"offers": (*state.offers, made), "offered_to": division}


def accept_offer(state: FirstContactState, doer: Doer, *, at: datetime) -> Changes:
    """Takes over: from now on this account is responsible, and nobody else.

    Source: O4.3b.

    Raises:
        NoOffer: nothing is offered.
        NotOffered: to another account or office.
        OfferToHolder: who is responsible already accepts nothing.
    """
    made = open_offer(state)
    if doer.account == state.holder:
        raise OfferToHolder
    if made.account not in (None, doer.account) or not doer.is_at(made.division):
        raise NotOffered
    taken = ContactHolder(account=doer.account, division=doer.division, office_id=made.office_id, since=at)
    return {
        "holder": doer.account,
        "holder_division": doer.division,
        "holders": (*state.holders, taken),
        **_answered(state, "accepted", by=doer.account, at=at),
    }


def decline_offer(state: FirstContactState, doer: Doer, *, reason: str, at: datetime) -> Changes:
    """Does not take over, and says why; the holder is as responsible as before.

    Source: O4.3b.

    Raises:
        NoOffer, NotOffered: nothing is offered, or to somebody else.
    """
    made = open_offer(state)
    is_asked = made.account in (None, doer.account) and doer.is_at(made.division)
    if not (is_asked or doer.heads(made.division)):
        raise NotOffered
    return _answered(state, "declined", by=doer.account, at=at, reason=reason)


def withdraw_offer(state: FirstContactState, *, by: str, at: datetime) -> Changes:
    """Takes an offer back that nobody has answered.

    Source: O4.3b.

    Raises:
        NoOffer: nothing is offered.
    """
    open_offer(state)
    return _answered(state, "withdrawn", by=by, at=at)


def settle(state: FirstContactState, *, told: str, by: str, at: datetime) -> Changes:
    """Ends it with what the asker was told, or done for.

    Source: O4.3b.

    Raises:
        ContactEnded: it has ended.
    """
    require_open(state)
    return {**_ended(state, by=by, at=at), "status": "settled", "settlement": Settlement(told=told, by=by, at=at)}


def refer(
    state: FirstContactState, *, body: str, phone: str | None, address: str | None, by: str, at: datetime
) -> Changes:
    """Ends it by telling which body does it, and how to reach it.

    Source: O4.3b; standards.md §6.

    Raises:
        ContactEnded: it has ended.
        ReferralUnreachable: neither phone nor address.
    """
    require_open(state)
    if phone is None and address is None:
        raise ReferralUnreachable
    told = Referral(body=body, phone=phone, address=address, by=by, at=at)
    return {**_ended(state, by=by, at=at), "status": "referred", "referral": told}


def link_cases(state: FirstContactState, case_ids: Sequence[UUID], *, by: str, at: datetime) -> Changes:
    """Ends it with cases; more of them may come of it later.

    Source: O4.3b, O4.1c.

    Raises:
        ContactEnded: it was settled or referred.
    """
    require_linkable(state)
    linked = tuple(dict.fromkeys((*state.case_ids, *case_ids)))
    if state.status == "case":
        return {"case_ids": linked}
    return {**_ended(state, by=by, at=at), "status": "case", "case_ids": linked}


def require_linkable(state: FirstContactState) -> None:
    """Raises ContactEnded if no case can come of it any more. Source: O4.3b."""
    if state.status != "case":
        require_open(state)


def held_materials(state: FirstContactState) -> tuple[Brought, ...]:
    """What the office has of what was handed over: it is received with the case that comes of it.

    Source: O4.3b.
    """
    held = [one for one in state.materials if one.returned_at is None]
    originals = [Brought(one.name, "original", one.originals) for one in held if one.originals]
    return (*originals, *(Brought(one.name, "copy", one.copies) for one in held if one.copies))


def return_materials(state: FirstContactState, names: Collection[str], *, at: datetime) -> Changes:
    """Notes what was given back, also after the end.

    Source: O4.3b; standards.md §6.

    Raises:
        MaterialNotHeld: one of them is not in the office's hands.
    """
    held = {material.name for material in state.materials if material.returned_at is None}
    if not names or not set(names) <= held:
        raise MaterialNotHeld
    back = tuple(
        one.model_copy(update={"returned_at": at}) if one.returned_at is None and one.name in names else one
        for one in state.materials
    )
    return {"materials": back}


def require_open(state: FirstContactState) -> None:
    """Raises ContactEnded unless somebody still waits for an answer. Source: O4.3b."""
    if state.status != "open":
        raise ContactEnded(status=state.status, status_label=STATUS_LABELS[state.status])


def open_offer(state: FirstContactState) -> ContactOffer:
    """The offer that nobody has answered yet.

    Source: O4.3b.

    Raises:
        NoOffer: there is none.
    """
    if state.offered_to is None:
        raise NoOffer
    return state.offers[-1]


def read_clock(state: FirstContactState, calendar: Calendar, *, on: date) -> ContactClock:
    """What the promise shows on a day.

    Source: O4.3b, O4.3c.
    """
    if state.ended_at is not None:
        return ContactClock(None, is_overdue=beijing_day(state.ended_at) > state.promised_on)
    left = calendar.working_days_between(on, state.promised_on)
    return ContactClock(left, is_overdue=on > state.promised_on)


def _answered(
    state: FirstContactState, answer: OfferAnswer, *, by: str, at: datetime, reason: str | None = None
) -> Changes:
    told = {"answer": answer, "answered_by": by, "answered_at": at, "answer_reason": reason}
    return {"offers": (*state.offers[:-1], state.offers[-1].model_copy(update=told)), "offered_to": None}


def _ended(state: FirstContactState, *, by: str, at: datetime) -> Changes:
    """An offer that nobody has answered ends with the contact: the holder has done it."""
    left = _answered(state, "withdrawn", by=by, at=at) if state.offered_to is not None else {}
    return {**left, "ended_at": at, "due_on": None}
