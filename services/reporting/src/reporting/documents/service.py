"""Use cases of documents: registered, received, forwarded, and asked for as a tree. Source: G1, S0."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from common.auth import SERVICE_ROLES, Actor, Role, require_role, require_scope
from common.clock import now, today
from common.contracts.record import DispatchOrder
from common.contracts.reporting.documents import DocumentReceiptState, DocumentState, FileReference
from common.db import Connection, Database
from common.divisions import Level, level_of
from common.ids import uuid7
from common.records.errors import RecordExists
from common.records.service import add_records, hold_record, next_state, store_record
from common.uow import UnitOfWork
from reporting.documents import domain
from reporting.documents.catalogue import packaged_documents
from reporting.documents.domain import Holder, Node, Words
from reporting.documents.errors import (
    AlreadyReceived,
    DocumentInvalid,
    DocumentNotFound,
    DocumentNotInState,
    DocumentNumberTaken,
    HasForwards,
)
from reporting.documents.repository import Documents
from reporting.programmes.service import Asked, raw, require_own

WRITERS = (Role.BUREAU_SUPERVISOR, Role.STATISTICIAN, Role.OFFICE_HEAD, Role.STATION_AGENT)
ISSUERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD)
PREPARERS = (*ISSUERS, Role.STATISTICIAN)


@dataclass(frozen=True, slots=True)
class SendDown:
    """The document goes to its addressees, who sign for it; by when is optional."""

    sign_by: date | None = None


async def register_document(
    uow: UnitOfWork,
    *,
    actor: Actor,
    words: Words,
    forwards: UUID | None = None,
    file: FileReference | None = None,
    entered_afterwards: bool = False,
    send: SendDown | None = None,
) -> DocumentState:
    """A body enters what it has issued; with `forwards` it passes on a document that was sent to it (转发).

    A 发文字号 is its body's: what another division has entered under the same number does not stand in its way.

    Source: G1, S0.

    Raises:
        RoleRequired, DocumentNotFound: not this actor's, or what it forwards is not.
        DocumentInvalid, DocumentNotInState, DocumentNumberTaken: it does not fit.

    Events: reporting.document.changed.v1.
    Locks: what it forwards, so that it is not taken back meanwhile; registrations of numbers, one after another.
    """
    require_role(actor, *(ISSUERS if send is not None else PREPARERS))
    documents = Documents(uow.conn)
    before = None
    if forwards is not None:
        await get_document(uow.conn, forwards, actor=actor)
        before = await hold_record(uow.session, DocumentState, forwards, expected_version=None)
        if before.status == "withdrawn":
            raise DocumentNotInState(status=before.status)
    domain.require_sound(words, division=actor.division, before=before, today=today())
    if words.number is not None and await documents.is_number_taken(words.number, division=actor.division):
        raise DocumentNumberTaken
    order = _order(words.title, words.number, words.addressees, words.down_to, send)
    new = uuid7()
    members = {name: getattr(words, name) for name in Words.__slots__}
    state = DocumentState(
        id=new,
        version=1,
        division=actor.division,
        level=level_of(actor.division),
        office_id=actor.office_id,
        changed_at=now(),
        forwards=forwards,
        root=before.root if before else new,
        file=file,
        entered_afterwards=entered_afterwards,
        status="published" if words.published_on else "registered",
        dispatch=order,
        is_sent=order is not None,
        **members,
    )
    return await store_record(uow, state, previous=None, action="reporting.document.register")


async def publish_document(
    uow: UnitOfWork,
    *,
    actor: Actor,
    document_id: UUID,
    expected_version: int,
    on: date | None,
    index_number: str | None,
    send: SendDown | None = None,
) -> DocumentState:
    """The document has been made public; with `send` this version goes down to its addressees.

    Source: G1, S0.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        DocumentNotInState, DocumentInvalid: it is public or taken back, or may not be public, or not on that day.

    Events: reporting.document.changed.v1.
    """
    held = await _hold(uow, actor, document_id, expected_version, ISSUERS)
    if held.status != "registered":
        raise DocumentNotInState(status=held.status)
    day = on or today()
    words = Words(**{name: getattr(held, name) for name in Words.__slots__ if name != "published_on"}, published_on=day)
    domain.require_sound(words, division=held.division, before=None, today=today())
    order = _order(held.title, held.number, held.addressees, held.down_to, send)
    changes: dict[str, Any] = {"published_on": day, "status": "published", "dispatch": order}
    is_sent = order is not None or domain.is_sent(held)
    state = next_state(held, **changes, is_sent=is_sent, index_number=index_number or held.index_number)
    return await store_record(uow, state, previous=held, action="reporting.document.publish")


async def withdraw_document(
    uow: UnitOfWork, *, actor: Actor, document_id: UUID, expected_version: int, reason: str
) -> DocumentState:
    """A document that was entered by mistake is taken back, as long as nobody has received or forwarded it.

    What has gone down the levels is followed by its withdrawal, to the same addressees.

    Source: G1.

    Raises:
        RoleRequired, OutOfScope, RecordNotFound, PreconditionFailed: not this actor's, or changed meanwhile.
        DocumentNotInState, HasForwards: it is taken back already, or others build on it.

    Events: reporting.document.changed.v1.
    """
    held = await _hold(uow, actor, document_id, expected_version, ISSUERS)
    if held.status == "withdrawn":
        raise DocumentNotInState(status=held.status)
    if await Documents(uow.conn).has_followers(held.id):
        raise HasForwards
    order = domain.withdrawal_order(held)
    state = next_state(held, status="withdrawn", withdrawal_reason=reason, dispatch=order)
    return await store_record(uow, state, previous=held, action="reporting.document.withdraw", reason=reason)


async def receive_document(
    uow: UnitOfWork,
    *,
    actor: Actor,
    document_id: UUID,
    division: str | None,
    on: date | None,
    note: str | None,
) -> DocumentReceiptState:
    """A division has received a document that was sent to it; who stands above may enter it for history.

    Source: G1.

    Raises:
        RoleRequired, OutOfScope, DocumentNotFound: not this actor's.
        NotAddressed, DocumentNotInState, DocumentInvalid: not sent there, taken back, or not on that day.
        AlreadyReceived: entered before.

    Events: reporting.document-receipt.changed.v1.
    Locks: the document, so that it is not taken back meanwhile.
    """
    require_role(actor, *WRITERS)
    receiver = division or actor.division
    require_scope(actor, receiver)
    await get_document(uow.conn, document_id, actor=actor)
    held = await hold_record(uow.session, DocumentState, document_id, expected_version=None)
    domain.require_addressed(held, receiver)
    day = on or today()
    if day > today() or (held.signed_on is not None and day < held.signed_on):
        problem = "接收日期晚于今天或者早于成文日期"
        raise DocumentInvalid(problem, problems=[problem])
    at = now()
    receipt = DocumentReceiptState(
        id=uuid5(held.id, receiver),
        version=1,
        division=receiver,
        level=level_of(receiver),
        changed_at=at,
        document_id=held.id,
        root=held.root,
        sender=held.division,
        received_on=day,
        received_by=actor.subject,
        days=domain.days_between(held.signed_on, day),
        entered_afterwards=day < today() or receiver != actor.division,
        note=note,
        entered_at=at,
    )
    try:
        return await store_record(uow, receipt, previous=None, action="reporting.document.receive")
    except RecordExists:
        raise AlreadyReceived from None


async def get_document(asked: Asked, document_id: UUID, *, actor: Actor | None = None) -> DocumentState:
    """A document; with an actor, one of theirs, of those below, or sent to them.

    Source: G1.

    Raises:
        RoleRequired, DocumentNotFound: not this actor's, or there is none.
    """
    if actor is not None:
        require_role(actor, *SERVICE_ROLES)
    found = await Documents(await raw(asked)).find(document_id, actor=actor)
    if found is None:
        raise DocumentNotFound
    return found


async def list_documents(
    conn: Connection,
    *,
    actor: Actor,
    classification: str | None,
    words: str | None,
    after: UUID | None,
    limit: int,
) -> list[DocumentState]:
    """Documents that concern the actor.

    Source: G1.

    Raises:
        RoleRequired: not this actor's.
    """
    require_role(actor, *SERVICE_ROLES)
    return await Documents(conn).page(actor=actor, classification=classification, words=words, after=after, limit=limit)


async def get_chain(asked: Asked, document_id: UUID, *, actor: Actor | None = None) -> list[Node]:
    """The tree of transmission that a document belongs to, from its first one, as far as it concerns the actor.

    Source: G1.

    Raises:
        RoleRequired, DocumentNotFound: not this actor's, or there is none.
    """
    conn = await raw(asked)
    document = await get_document(conn, document_id, actor=actor)
    documents = Documents(conn)
    return domain.chain_of(
        await documents.chain(document.root, actor=actor), await documents.receipts(document.root, actor=actor)
    )


async def list_holders(
    asked: Asked, document_id: UUID, *, actor: Actor, within: str | None, down_to: Level
) -> list[Holder]:
    """Who has the document, who passed it on, who has not: of a subtree of the actor's own, of today.

    Source: G1.

    Raises:
        RoleRequired, OutOfScope, DocumentNotFound: not this actor's, or there is none.
    """
    place = within or actor.division
    require_scope(actor, place)
    conn = await raw(asked)
    document = await get_document(conn, document_id, actor=actor)
    documents = Documents(conn)
    everything = domain.chain_of(
        await documents.chain(document.root, actor=None), await documents.receipts(document.root, actor=actor)
    )
    places = await documents.places(place, down_to=down_to, actor=actor)
    return domain.holders_of(everything, places)


async def seed_documents(db: Database) -> None:
    """The policy's own chain, once, as far as its text tells.

    Source: G1, S0.

    Events: reporting.document.changed.v1 for those that were not there.

    Idempotency: a document that is there is not touched.
    """
    async with db.transaction() as conn:
        new = [(document, None) for document in packaged_documents(at=now())]
        await add_records(conn, new, action="reporting.document.seed")


async def _hold(
    uow: UnitOfWork, actor: Actor, document_id: UUID, expected_version: int, roles: tuple[Role, ...]
) -> DocumentState:
    require_role(actor, *roles)
    held = await hold_record(uow.session, DocumentState, document_id, expected_version=expected_version, actor=actor)
    require_own(actor, held.division, *roles)
    return held


def _order(
    title: str, number: str | None, addressees: tuple[str, ...], down_to: Level, send: SendDown | None
) -> DispatchOrder | None:
    if send is None:
        return None
    if not addressees:
        problem = "没有主送区划，不能下发"
        raise DocumentInvalid(problem, problems=[problem])
    return DispatchOrder(title=title, reference_number=number, to=addressees, down_to=down_to, sign_by=send.sign_by)
