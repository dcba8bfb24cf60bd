"""Looking at first contacts: who may, the asker masked, the receipt, the asker in clear as an audited act."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.service.roles import HANDLERS, READERS, actor_of
from casework.contacts import domain
from casework.contacts.domain import Asker, Doer
from common.auth import Role, require_role
from common.clock import today
from common.contracts.casework.contacts import ContactStatus, FirstContactState
from common.crypto import FieldCipher, mask_id_number, mask_name, mask_phone
from common.directory import find_heirs, find_places
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, list_records, open_sealed
from common.uow import UnitOfWork

RECORD = "casework.first-contact"
View = Literal["mine", "offered", "office", "subtree"]


@dataclass(frozen=True, slots=True)
class MaskedAsker:
    """Who asked, as every answer but a disclosure shows it. Source: ADR 0005."""

    name: str
    phone: str | None
    id_number: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the asker takes home. Source: O4.3b; standards.md §6.

    Attributes:
        first_asked_name: of who was asked first.
        first_asked_phone: of that office.
    """

    contact: FirstContactState
    first_asked_name: str
    first_asked_phone: str | None


async def get_contact(uow: UnitOfWork, *, contact_id: UUID) -> FirstContactState:
    """One contact: of the actor's subtree, or one that the actor or the actor's office holds or is asked to take.

    Raises:
        RoleRequired: the actor's roles read no cases.
        RecordNotFound: none, or not the actor's to see.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    try:
        return await get_record(uow.session, FirstContactState, contact_id, actor=actor)
    except RecordNotFound:
        state = await get_record(uow.session, FirstContactState, contact_id)
        if not actor.has_role(*HANDLERS) or not domain.is_party(state, await doer_of(uow, state)):
            raise
    return state


async def list_contacts(
    uow: UnitOfWork,
    *,
    view: View,
    status: ContactStatus | None,
    within: str | None,
    is_overdue: bool,
    after: UUID | None,
    limit: int,
) -> list[FirstContactState]:
    """Contacts in the order of their registration.

    Source: O4.3b.

    Args:
        view: held by the actor, offered to the actor's office, held by that office, or registered in the subtree;
            what a division left that the office took over is the office's.
        is_overdue: only open ones whose promised day is past.

    Raises:
        RoleRequired: the actor's roles read no cases, or hold none.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    if view != "subtree":
        require_role(actor, *HANDLERS)
    member = {"offered": "offered_to", "office": "holder_division"}.get(view)
    wanted = Wanted(
        within=within,
        statuses=() if status is None else (status,),
        holder=actor.subject if view == "mine" else None,
        due_before=today() if is_overdue else None,
        one_of=() if member is None else ((member, tuple(await find_places(uow.conn, actor.division))),),
    )
    return await list_records(
        uow.session, FirstContactState, wanted, actor=actor if view == "subtree" else None, after=after, limit=limit
    )


async def mask_asker(session: AsyncSession, cipher: FieldCipher, contact_id: UUID) -> MaskedAsker:
    """Who asked, masked; whoever may see the contact may see this."""
    opened = await open_sealed(session, cipher, contact_id)
    phone, id_number = opened["phone"], opened["id_number"]
    return MaskedAsker(
        name=mask_name(opened["name"] or ""),
        phone=None if phone is None else mask_phone(phone),
        id_number=None if id_number is None else mask_id_number(id_number),
    )


async def get_receipt(uow: UnitOfWork, *, cipher: FieldCipher, contact_id: UUID) -> Receipt:
    """What the asker takes home: who was asked, where to call, until when an answer comes, where to complain.

    Source: O4.3b; standards.md §6.

    Raises:
        RoleRequired, RecordNotFound: as get_contact.
    """
    state = await get_contact(uow, contact_id=contact_id)
    opened = await open_sealed(uow.session, cipher, contact_id)
    return Receipt(state, opened["first_asked_name"] or "", state.office_phone)


async def disclose_asker(uow: UnitOfWork, *, cipher: FieldCipher, contact_id: UUID, reason: str) -> Asker:
    """Who asked, in clear, for who has to answer: an audited act of its own, with its reason.

    Source: O4.3b, ADR 0005; standards.md §9.

    Raises:
        RoleRequired, RecordNotFound: as get_contact.
        NotHolder: neither the holder nor head of that office.

    Idempotency: none on purpose; a stored answer would be personal data in clear, and every look is an act.
    """
    require_role(actor_of(uow), *HANDLERS)
    state = await get_contact(uow, contact_id=contact_id)
    domain.require_responsible(state, await doer_of(uow, state))
    await uow.record_audit("casework.contact.disclose", RECORD, str(contact_id), division=state.division, reason=reason)
    opened = await open_sealed(uow.session, cipher, contact_id)
    return Asker(opened["name"] or "", opened["phone"], opened["id_number"])


async def doer_of(uow: UnitOfWork, state: FirstContactState) -> Doer:
    """Who acts, as the rules ask; retired divisions that the contact names are followed to their heirs."""
    actor = actor_of(uow)
    named = {state.holder_division, *([state.offered_to] if state.offered_to else [])}
    heirs = await find_heirs(uow.conn, named)
    return Doer(actor.subject, actor.division, is_head=actor.has_role(Role.OFFICE_HEAD), heirs=heirs)
