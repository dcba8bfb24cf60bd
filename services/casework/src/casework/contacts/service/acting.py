"""What happens to a first contact: the holder acts; responsibility passes on only by acceptance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.cases.service.roles import HANDLERS, actor_of
from casework.contacts import domain
from casework.contacts.domain import Changes, Doer
from casework.contacts.service.reading import doer_of, get_contact
from casework.records.service import hold_record, next_state, store_record
from common.auth import require_role
from common.clock import now
from common.contracts.casework.contacts import FirstContactState
from common.directory import require_operating_office
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class SeenContact:
    """A contact and the version in which somebody saw it."""

    id: UUID
    version: int


async def offer_contact(
    uow: UnitOfWork, *, seen: SeenContact, division: str, account: str | None, reason: str
) -> FirstContactState:
    """Asks another office, or an account there, to take over. The actor stays responsible until it accepts.

    Source: O4.3b.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        ContactEnded, OfferOpen, OfferToHolder: nothing to hand over, or not so.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    office = await require_operating_office(uow.conn, division)

    def change(state: FirstContactState, doer: Doer, at: datetime) -> Changes:
        return domain.offer(
            state, division=division, office_id=office.id, account=account, reason=reason, by=doer.account, at=at
        )

    return await _act(uow, seen, "offer", change, reason=reason)


async def accept_contact(uow: UnitOfWork, *, seen: SeenContact) -> FirstContactState:
    """Takes a contact over that was offered to the actor, or to anybody of the actor's office.

    Source: O4.3b.

    Raises:
        RoleRequired, RecordNotFound, NotOffered, PreconditionFailed: not this actor's to do, or changed meanwhile.
        NoOffer, OfferToHolder: nothing is offered; it is the actor's already.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    return await _act(
        uow, seen, "accept", lambda state, doer, at: domain.accept_offer(state, doer, at=at), by_holder=False
    )


async def decline_contact(uow: UnitOfWork, *, seen: SeenContact, reason: str) -> FirstContactState:
    """Does not take it over; who offered it is as responsible as before.

    Source: O4.3b.

    Raises:
        RoleRequired, RecordNotFound, NotOffered, PreconditionFailed: not this actor's to do, or changed meanwhile.
        NoOffer: nothing is offered.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """

    def change(state: FirstContactState, doer: Doer, at: datetime) -> Changes:
        return domain.decline_offer(state, doer, reason=reason, at=at)

    return await _act(uow, seen, "decline", change, reason=reason, by_holder=False)


async def withdraw_offer(uow: UnitOfWork, *, seen: SeenContact) -> FirstContactState:
    """Takes an unanswered offer back.

    Source: O4.3b.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        NoOffer: nothing is offered.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    return await _act(
        uow, seen, "withdraw-offer", lambda state, doer, at: domain.withdraw_offer(state, by=doer.account, at=at)
    )


async def settle_contact(uow: UnitOfWork, *, seen: SeenContact, told: str) -> FirstContactState:
    """Ends a contact with what the asker was told.

    Source: O4.3b.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        ContactEnded: it has ended.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    return await _act(
        uow, seen, "settle", lambda state, doer, at: domain.settle(state, told=told, by=doer.account, at=at)
    )


async def refer_contact(
    uow: UnitOfWork, *, seen: SeenContact, body: str, phone: str | None, address: str | None
) -> FirstContactState:
    """Ends a contact by telling which body does it and how to reach it.

    Source: O4.3b; standards.md §6.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        ContactEnded, ReferralUnreachable: it has ended; neither phone nor address.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """

    def change(state: FirstContactState, doer: Doer, at: datetime) -> Changes:
        return domain.refer(state, body=body, phone=phone, address=address, by=doer.account, at=at)

    return await _act(uow, seen, "refer", change)


async def return_materials(uow: UnitOfWork, *, seen: SeenContact, names: Sequence[str]) -> FirstContactState:
    """Notes which materials were given back.

    Source: O4.3b; standards.md §6.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        MaterialNotHeld: one of them is not in the office's hands.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    return await _act(
        uow, seen, "return-materials", lambda state, _doer, at: domain.return_materials(state, names, at=at)
    )


async def _act(
    uow: UnitOfWork,
    seen: SeenContact,
    verb: str,
    change: Callable[[FirstContactState, Doer, datetime], Changes],
    *,
    reason: str | None = None,
    by_holder: bool = True,
) -> FirstContactState:
    """Holds the contact, asks whether the actor may, applies the rule, stores it."""
    require_role(actor_of(uow), *HANDLERS)
    await get_contact(uow, contact_id=seen.id)
    state = await hold_record(uow.session, FirstContactState, seen.id, expected_version=seen.version)
    doer = await doer_of(uow, state)
    if by_holder and domain.require_responsible(state, doer):
        verb = f"{verb}-for-holder"
    changed = next_state(state, **change(state, doer, now()))
    return await store_record(uow, changed, previous=state, action=f"casework.contact.{verb}", reason=reason)
