"""What happens to a first contact: the holder acts; responsibility passes on only by acceptance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.cases.domain import ApplicantKind
from casework.cases.service import ApplicantInput, CaseView, register_case
from casework.cases.service.roles import HANDLERS, actor_of
from casework.contacts import domain
from casework.contacts.domain import Changes, Doer
from casework.contacts.errors import AskerUnidentified
from casework.contacts.service.reading import doer_of, get_contact
from common.auth import require_role
from common.clock import now
from common.contracts.casework.cases import Channel, HandlingType
from common.contracts.casework.contacts import FirstContactState
from common.crypto import FieldCipher
from common.directory import require_operating_office
from common.records.service import hold_record, next_state, open_sealed, store_record
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class SeenContact:
    """A contact and the version in which somebody saw it; None takes it as it stands."""

    id: UUID
    version: int | None


@dataclass(frozen=True, slots=True)
class ContactCase:
    """A case that comes of a contact.

    Attributes:
        division: None for the actor's office.
        applicant: None for who asked.
    """

    item_code: str
    division: str | None
    applicant: ApplicantInput | None
    channel: Channel
    handling: HandlingType | None


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


async def register_contact_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenContact, new: ContactCase
) -> tuple[FirstContactState, CaseView]:
    """Registers a case for what was asked; it ends the contact, or adds to the cases that it ended with.

    Who asked applies, unless another applicant is told.

    Source: O4.3b, O4.1c.

    Raises:
        RoleRequired, RecordNotFound, NotHolder, PreconditionFailed: not this actor's to do, or changed meanwhile.
        ContactEnded: it was settled or referred.
        AskerUnidentified: the asker's number was never told, and no applicant is.
        And what register_case raises.

    Events: casework.case.registered.v1, casework.first-contact.changed.v1.
    Locks: the contact.
    """
    state, verb = await _held(uow, seen, "case")
    domain.require_linkable(state)
    applicant = new.applicant or await _asker_applies(uow, cipher, state)
    view = await register_case(
        uow,
        cipher=cipher,
        division=new.division or actor_of(uow).division,
        item_code=new.item_code,
        applicant=applicant,
        channel=new.channel,
        handling=new.handling,
        brought=domain.held_materials(state),
    )
    changed = domain.link_cases(state, [view.case.id], by=actor_of(uow).subject, at=now())
    return await _store(uow, state, changed, verb), view


async def link_contact_cases(uow: UnitOfWork, *, contact_id: UUID, case_ids: Sequence[UUID]) -> FirstContactState:
    """Ends a contact with cases that were registered for it, by who is responsible for it.

    Source: O4.3b, O4.1c.

    Raises:
        RoleRequired, RecordNotFound, NotHolder: not this actor's to do.
        ContactEnded: it was settled or referred.

    Events: casework.first-contact.changed.v1.
    Locks: the contact.
    """
    state, verb = await _held(uow, SeenContact(contact_id, None), "case")
    domain.require_linkable(state)
    return await _store(uow, state, domain.link_cases(state, case_ids, by=actor_of(uow).subject, at=now()), verb)


async def _asker_applies(uow: UnitOfWork, cipher: FieldCipher, state: FirstContactState) -> ApplicantInput:
    opened = await open_sealed(uow.session, cipher, state.id)
    if opened["id_number"] is None:
        raise AskerUnidentified
    return ApplicantInput(
        kind=ApplicantKind.NATURAL_PERSON,
        name=opened["name"] or "",
        id_number=opened["id_number"],
        uscc=None,
        phone=opened["phone"],
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
    state, verb = await _held(uow, seen, verb, by_holder=by_holder)
    changed = change(state, await doer_of(uow, state), now())
    return await _store(uow, state, changed, verb, reason=reason)


async def _held(
    uow: UnitOfWork, seen: SeenContact, verb: str, *, by_holder: bool = True
) -> tuple[FirstContactState, str]:
    """The contact, locked for somebody who may act, and what the audit calls the act."""
    require_role(actor_of(uow), *HANDLERS)
    await get_contact(uow, contact_id=seen.id)
    state = await hold_record(uow.session, FirstContactState, seen.id, expected_version=seen.version)
    is_for_holder = by_holder and domain.require_responsible(state, await doer_of(uow, state))
    return state, f"{verb}-for-holder" if is_for_holder else verb


async def _store(
    uow: UnitOfWork, state: FirstContactState, changes: Changes, verb: str, *, reason: str | None = None
) -> FirstContactState:
    return await store_record(
        uow, next_state(state, **changes), previous=state, action=f"casework.contact.{verb}", reason=reason
    )
