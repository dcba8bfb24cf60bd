"""Uploads and whose they are: added, given to a case, shown, removed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.uploads.errors import TooManyOfCase, TooManyPending, UploadAttached, UploadNotFound, UploadRemoved
from casework.uploads.repository import UploadFiles
from casework.uploads.service.receiving import Received, context_of
from casework.uploads.stores import Store
from common.auth import Actor, Role, require_role, require_scope
from common.clock import now, today
from common.contracts import record_of
from common.contracts.casework.online import UploadState
from common.crypto import FieldCipher, FileOpener
from common.directory import DirectoryOffice, require_operating_office
from common.divisions import level_of
from common.errors import DomainError, Unavailable
from common.policy import parameter
from common.records.service import (
    Wanted,
    citizen_index,
    citizen_indexes,
    hold_record,
    list_records,
    next_state,
    store_record,
)
from common.uow import UnitOfWork

DAY = timedelta(days=1)
MOST_OF_A_CASE = "case_files_most"
"""The parameter: how many files a case may have."""
_STAFF = (Role.STATION_AGENT, Role.WINDOW_CLERK, Role.OFFICE_HEAD)
UPLOADERS = (*_STAFF, Role.CITIZEN)
READERS = (*_STAFF, Role.BUREAU_SUPERVISOR, Role.CITIZEN)


@dataclass(frozen=True, slots=True)
class ReceivingCase:
    """The case that files are given to, by who has asked for it and may change it."""

    id: UUID
    division: str
    office_id: UUID


@dataclass(frozen=True, slots=True)
class Content:
    """A file in clear, as it is sent."""

    upload: UploadState
    pieces: AsyncIterator[bytes]


def actor_of(uow: UnitOfWork) -> Actor:
    """Who acts; use cases of uploads always act for somebody."""
    assert uow.actor is not None, "use cases of uploads act for somebody"  # noqa: S101
    return uow.actor


def is_citizen(actor: Actor) -> bool:
    """Who is of no office's staff owns what they handed in and nothing else, wherever a token places them."""
    return actor.has_role(Role.CITIZEN) and not actor.has_role(*_STAFF)


async def require_welcome(uow: UnitOfWork, *, cipher: FieldCipher, division: str, max_pending: int) -> None:
    """Asks whether a file may be handed in before it is stored: a short look, asked again when it is written down.

    Source: O4.2b.

    Raises:
        As `add_upload`.
    """
    await _require_welcome(uow, cipher, division, max_pending)


@asynccontextmanager
async def kept(store: Store, received: Received) -> AsyncIterator[None]:
    """The file is in the store while its row is written, and no transaction waits for the store.

    What is refused after all is taken out again. A crash, or an end that nobody knows, leaves a file of nobody, which
    the sweep removes; so no row ever names a file that was never kept.

    Source: O4.2b.

    Raises:
        StoreUnavailable, StoreNotConfigured: the file cannot be kept now.
    """
    await store.put(received.key, received.path)
    try:
        yield
    except Unavailable:
        raise
    except DomainError:
        with suppress(Unavailable):
            await store.remove(received.key)
        raise


async def add_upload(
    uow: UnitOfWork, *, cipher: FieldCipher, received: Received, division: str, max_pending: int
) -> UploadState:
    """Writes down whose a file is that the store has already (`kept`).

    Source: O4.2b.

    Args:
        division: whose office it is meant for.
        max_pending: files of one citizen that belong to no case yet; also of all that came within a day.

    Raises:
        RoleRequired, OutOfScope: the actor may not.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        TooManyPending: a citizen has handed in too much already.

    Events: casework.upload.changed.v1.
    """
    actor = actor_of(uow)
    office, owner = await _require_welcome(uow, cipher, division, max_pending)
    await UploadFiles(uow.conn).add(received.key, received.id)
    state = UploadState(
        id=received.id,
        version=1,
        division=office.division,
        level=office.level,
        office_id=office.id,
        changed_at=now(),
        status="uploaded",
        kind=received.kind,
        size_bytes=received.size_bytes,
        sha256=fingerprint(cipher, received),
        is_submitted=owner is None,
        by=actor.subject if owner is None else None,
    )
    return await store_record(uow, state, previous=None, action="casework.upload.add", subject_index=owner)


def fingerprint(cipher: FieldCipher, received: Received) -> str:
    """What the state tells of the content: under the service's key and bound to the upload.

    A bare hash would tell whoever has a document of somebody's that it was handed in here, and two people's same ones.

    Source: ADR 0005.
    """
    return cipher.blind_index(received.sha256, context=f"casework.upload.sha256:{received.id}").hex()


async def attach_uploads(
    uow: UnitOfWork, *, cipher: FieldCipher, case: ReceivingCase, files: Sequence[tuple[UUID, str]]
) -> list[UploadState]:
    """Gives files to a case, each as one of its materials; from now on they are seen where the case is seen.

    Source: O4.2b; standards.md §5 (SBCL).

    Args:
        files: upload and name of the material.

    Raises:
        UploadNotFound: one of them is not there, or not the actor's to give.
        UploadAttached, UploadRemoved: one of them belongs to a case, or is gone.
        TooManyOfCase: the case has so many files as a case may have.

    Locks: the uploads, in the order of their ids; the caller holds the case.

    Events: casework.upload.changed.v1.
    """
    most = parameter(MOST_OF_A_CASE, on=today()).number
    there = Wanted(case_id=case.id, statuses=("attached",))
    if len(await list_records(uow.session, UploadState, there, limit=most)) + len(files) > most:
        raise TooManyOfCase(limit=most)
    attached = []
    for upload_id, material in sorted(files):
        held = await _hold(uow, cipher, upload_id, version=None)
        given = next_state(
            held,
            status="attached",
            case_id=case.id,
            material=material,
            is_submitted=True,
            division=case.division,
            level=level_of(case.division),
            office_id=case.office_id,
        )
        attached.append(await store_record(uow, given, previous=held, action="casework.upload.attach"))
    return attached


async def remove_upload(uow: UnitOfWork, *, cipher: FieldCipher, upload_id: UUID, version: int) -> UploadState:
    """Forgets a file that belongs to no case; its bytes go with the next sweep of the store.

    Source: O4.2b.

    Raises:
        UploadNotFound, PreconditionFailed: not there or not the actor's; somebody was quicker.
        UploadAttached, UploadRemoved: it belongs to a case, or is gone already.

    Events: casework.upload.changed.v1.
    """
    require_role(actor_of(uow), *UPLOADERS)
    held = await _hold(uow, cipher, upload_id, version=version)
    await UploadFiles(uow.conn).forget(upload_id)
    removed = next_state(held, status="removed")
    return await store_record(uow, removed, previous=held, action="casework.upload.remove")


async def get_upload(session: AsyncSession, *, cipher: FieldCipher, actor: Actor, upload_id: UUID) -> UploadState:
    """One upload, without its file, for its owner or the office that it was taken in for.

    Raises:
        RoleRequired: the actor's roles see no files.
        UploadNotFound: not there, or not the actor's to see.
    """
    require_role(actor, *READERS)
    wanted = _visible(cipher, actor, ("id", str(upload_id)))
    found = await list_records(session, UploadState, wanted, actor=_scope(actor), limit=1)
    if not found:
        raise UploadNotFound
    return found[0]


async def find_upload(session: AsyncSession, upload_id: UUID) -> UploadState:
    """One upload, whosever it is; who may see it is asked where cases are known.

    Raises:
        UploadNotFound: there is none.
    """
    found = await list_records(session, UploadState, Wanted(equal=(("id", str(upload_id)),)), limit=1)
    if not found:
        raise UploadNotFound
    return found[0]


async def list_uploads(
    session: AsyncSession,
    *,
    cipher: FieldCipher,
    actor: Actor,
    case_id: UUID | None,
    after: UUID | None,
    limit: int | None,
) -> list[UploadState]:
    """Uploads that are there, the oldest first: a citizen's own; an office's as far as they belong to no case.

    Raises:
        RoleRequired: the actor's roles see no files.
    """
    require_role(actor, *READERS)
    statuses = ("uploaded", "attached") if is_citizen(actor) else ("uploaded",)
    wanted = replace(_visible(cipher, actor), case_id=case_id, statuses=statuses)
    return await list_records(session, UploadState, wanted, actor=_scope(actor), after=after, limit=limit)


async def list_case_uploads(
    session: AsyncSession, *, case_id: UUID, after: UUID | None, limit: int | None
) -> list[UploadState]:
    """The files of a case, the oldest first; that the actor sees the case, the caller has asked before."""
    wanted = Wanted(case_id=case_id, statuses=("attached",))
    return await list_records(session, UploadState, wanted, after=after, limit=limit)


async def open_content(
    uow: UnitOfWork, *, cipher: FieldCipher, store: Store, upload: UploadState, reason: str | None
) -> Content:
    """The file in clear: an audited act, whoever looks. Nothing of the database is held while it is sent.

    Source: O4.2b; ADR 0005.

    Args:
        upload: that the actor may read, the caller has asked before.
        reason: why somebody else than its owner looks; None for the owner.

    Raises:
        UploadRemoved: it is gone.
        UploadLost, StoreUnavailable, CiphertextRefused: it cannot be read now, or is not what was kept.
    """
    key = await UploadFiles(uow.conn).key_of(upload.id)
    if key is None:
        raise UploadRemoved
    action = "casework.upload.read" if reason is None else "casework.upload.disclose"
    await uow.record_audit(action, record_of(UploadState).name, str(upload.id), division=upload.division, reason=reason)
    return Content(upload, await clear_pieces(store, cipher, key, upload.id))


async def clear_pieces(store: Store, cipher: FieldCipher, key: str, upload_id: UUID) -> AsyncIterator[bytes]:
    """The file in clear, once its beginning has been read; who may look, and the audit, are the caller's matter."""
    pieces = _opened(store, cipher, key, upload_id)
    return _together(await anext(pieces, b""), pieces)


async def _opened(store: Store, cipher: FieldCipher, key: str, upload_id: UUID) -> AsyncIterator[bytes]:
    opener = FileOpener(cipher, context=context_of(upload_id))
    async for sealed in store.get(key):
        opened = opener.update(sealed)
        if opened:
            yield opened
    yield opener.finish()


async def _together(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece


async def _hold(uow: UnitOfWork, cipher: FieldCipher, upload_id: UUID, *, version: int | None) -> UploadState:
    """The upload for a change, if the actor may see it and it belongs to no case."""
    await get_upload(uow.session, cipher=cipher, actor=actor_of(uow), upload_id=upload_id)
    held = await hold_record(uow.session, UploadState, upload_id, expected_version=version)
    if held.status == "attached" or await UploadFiles(uow.conn).evidence([upload_id]):
        raise UploadAttached
    if held.status == "removed":
        raise UploadRemoved
    return held


async def _require_welcome(
    uow: UnitOfWork, cipher: FieldCipher, division: str, max_pending: int
) -> tuple[DirectoryOffice, bytes | None]:
    """The office that the file is meant for, and the owner's index where a citizen hands it in."""
    actor = actor_of(uow)
    require_role(actor, *UPLOADERS)
    owner = citizen_index(cipher, actor) if is_citizen(actor) else None
    if owner is None:
        require_scope(actor, division)
    office = await require_operating_office(uow.conn, division)
    if owner is not None:
        await _require_few_pending(uow, cipher, actor, owner, max_pending)
    return office, owner


async def _require_few_pending(
    uow: UnitOfWork, cipher: FieldCipher, actor: Actor, owner: bytes, max_pending: int
) -> None:
    await UploadFiles(uow.conn).hold_person(owner)
    wanted = Wanted(subject_indexes=citizen_indexes(cipher, actor), statuses=("uploaded",))
    pending = {upload.id for upload in await list_records(uow.session, UploadState, wanted)}
    if len(pending - await UploadFiles(uow.conn).evidence(pending)) >= max_pending:
        raise TooManyPending(limit=max_pending)
    lately = replace(wanted, statuses=())
    since = UUID(int=int((now() - DAY).timestamp() * 1000) << 80)  # ids begin with the milliseconds of reception
    if len(await list_records(uow.session, UploadState, lately, after=since, limit=max_pending)) >= max_pending:
        raise TooManyPending("一日内上传的材料文件过多，请明日再试", limit=max_pending)


def _scope(actor: Actor) -> Actor | None:
    return None if is_citizen(actor) else actor


def _visible(cipher: FieldCipher, actor: Actor, *equal: tuple[str, str]) -> Wanted:
    if is_citizen(actor):
        return Wanted(subject_indexes=citizen_indexes(cipher, actor), equal=equal)
    return Wanted(equal=(*equal, ("is_submitted", True)))
