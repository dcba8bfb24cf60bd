"""Reading complaints: for whoever leads or handles; what was written and who wrote it are acts of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.service import HANDLERS
from casework.complaints.domain import is_concerned
from casework.complaints.errors import AttachmentNotFound, NotTheHandler
from casework.complaints.service.sealing import open_complainant, split_ids
from casework.uploads.service import Content as Evidence
from casework.uploads.service import Store, open_evidence
from common.auth import Actor, Role, require_role
from common.contracts.casework.complaints import ComplaintState
from common.crypto import FieldCipher
from common.records.errors import RecordNotFound
from common.records.service import Wanted, count_records, get_record, list_records, open_sealed
from common.uow import UnitOfWork

LEADERS = (Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
OVERSEERS = (*LEADERS, Role.AUDITOR)
STAFF = (*HANDLERS, Role.BUREAU_SUPERVISOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Content:
    """What was written, in clear."""

    title: str | None
    content: str | None
    accused: str | None
    grounds: str | None
    reply: str | None

    def __repr__(self) -> str:
        return "Content()"


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who wrote it, in clear, and the case that tells it too; nothing for an anonymous one."""

    name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    case_id: str | None = None

    def __repr__(self) -> str:
        return "Complainant()"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a complaint, named after the complaint and never after who gave it."""

    name: str
    content: Evidence


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; the endpoints of these use cases ask for a token."""
    assert uow.actor is not None, "the endpoint asks for a token"  # noqa: S101
    return uow.actor


def unconcerned(wanted: Wanted, actor: Actor) -> Wanted:
    """What is not about the actor, nor about the actor's office. Source: O4.3f."""
    unlike: list[tuple[str, object]] = [("accused_account", actor.subject)]
    if actor.office_id is not None:
        unlike.append(("accused_office_id", str(actor.office_id)))
    return replace(wanted, unlike=(*wanted.unlike, *unlike))


def visible(wanted: Wanted, actor: Actor) -> Wanted:
    """What is not about the actor, nor about the actor's office; staff who do not lead see what they handle."""
    held = unconcerned(wanted, actor)
    return held if actor.has_role(*OVERSEERS) else replace(held, holder=actor.subject)


def require_visible(state: ComplaintState, actor: Actor) -> None:
    """Raises RecordNotFound to whom it is about, and to whoever neither leads nor handles it."""
    may_read = actor.has_role(*OVERSEERS) or state.holder == actor.subject
    if not may_read or is_concerned(state, account=actor.subject, office_id=actor.office_id):
        raise RecordNotFound


async def get_complaint(session: AsyncSession, *, actor: Actor, complaint_id: UUID) -> ComplaintState:
    """One complaint, without what was written and who wrote it.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
        RecordNotFound: none, outside the scope, about the actor, or somebody else's to handle.
    """
    require_role(actor, *STAFF)
    state = await get_record(session, ComplaintState, complaint_id, actor=actor)
    require_visible(state, actor)
    return state


async def list_complaints(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ComplaintState]:
    """Complaints of the scope, the oldest first.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles read none.
    """
    require_role(actor, *STAFF)
    return await list_records(session, ComplaintState, visible(wanted, actor), actor=actor, after=after, limit=limit)


async def count_complaints(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, by: Sequence[str]
) -> dict[tuple[str | None, ...], int]:
    """How many there are in the scope, by members of the state; what the actor must not see is not counted.

    Source: O4.3f.

    Raises:
        RoleRequired: the actor's roles count none.
    """
    require_role(actor, *OVERSEERS)
    return await count_records(session, ComplaintState, visible(wanted, actor), by=by, actor=actor)


async def list_publications(session: AsyncSession, *, after: UUID | None, limit: int) -> list[ComplaintState]:
    """Consultations that were made public.

    Source: O4.3e.
    """
    wanted = Wanted(equal=(("kind", "consultation"),), unlike=(("publication", None),))
    return await list_records(session, ComplaintState, wanted, after=after, limit=limit)


async def disclose_content(uow: UnitOfWork, *, cipher: FieldCipher, complaint_id: UUID, reason: str) -> Content:
    """What was written: for whoever decides or handles; an audited act with its reason.

    Source: O4.3f; standards.md §9.

    Raises:
        RoleRequired, RecordNotFound: not this actor's to read.
    """
    actor = actor_of(uow)
    require_role(actor, *HANDLERS, Role.BUREAU_SUPERVISOR)
    state = await get_complaint(uow.session, actor=actor, complaint_id=complaint_id)
    opened = await open_sealed(uow.session, cipher, complaint_id)
    await _record(uow, "disclose-content", state, reason)
    return Content(**{name: opened.get(name) for name in Content.__dataclass_fields__})


async def disclose_complainant(uow: UnitOfWork, *, cipher: FieldCipher, complaint_id: UUID, reason: str) -> Complainant:
    """Who wrote it: for the one who handles it, and nobody else; an audited act with its reason.

    Source: O4.3f (protected identity); standards.md §9.

    Raises:
        RoleRequired, RecordNotFound: not this actor's to read.
        NotTheHandler: somebody else handles it, or nobody yet.
    """
    state, who = await _handled(uow, cipher, complaint_id)
    await _record(uow, "disclose-complainant", state, reason)
    return Complainant(**{name: who.get(name) for name in Complainant.__dataclass_fields__})


async def open_attachment(
    uow: UnitOfWork, *, cipher: FieldCipher, store: Store, complaint_id: UUID, place: int, reason: str
) -> Attachment:
    """A file that came with it: for the one who handles it, and nobody else; an audited act with its reason.

    Source: O4.3f (protected identity); ADR 0005; standards.md §9.

    Args:
        place: from 1, in the order in which they were given.

    Raises:
        RoleRequired, RecordNotFound, NotTheHandler: as `disclose_complainant`.
        AttachmentNotFound: there are fewer.
        UploadLost, StoreUnavailable, CiphertextRefused: it cannot be read now, or is not what was kept.
    """
    state, who = await _handled(uow, cipher, complaint_id)
    ids = split_ids(who.get("attachments"))
    if place > len(ids):
        raise AttachmentNotFound
    await _record(uow, "disclose-attachment", state, reason)
    content = await open_evidence(uow, cipher=cipher, store=store, upload_id=ids[place - 1])
    return Attachment(f"{state.number}-{place}", content)


async def _handled(
    uow: UnitOfWork, cipher: FieldCipher, complaint_id: UUID
) -> tuple[ComplaintState, Mapping[str, str | None]]:
    """A complaint that the actor handles, with what tells who wrote it."""
    actor = actor_of(uow)
    require_role(actor, *HANDLERS, Role.BUREAU_SUPERVISOR)
    state = await get_complaint(uow.session, actor=actor, complaint_id=complaint_id)
    if state.holder != actor.subject:
        raise NotTheHandler
    opened = await open_sealed(uow.session, cipher, complaint_id)
    return state, open_complainant(cipher, complaint_id, opened) or {}


async def _record(uow: UnitOfWork, verb: str, state: ComplaintState, reason: str) -> None:
    await uow.record_audit(
        f"casework.complaint.{verb}", "casework.complaint", str(state.id), division=state.division, reason=reason
    )
