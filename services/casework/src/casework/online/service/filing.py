"""Looking at files: a citizen's own, and those of cases by who sees the case; in clear as an audited act."""

from uuid import UUID

from casework.cases.domain import make_reason
from casework.cases.errors import CaseNotFound
from casework.cases.service import DISCLOSERS, HANDLERS, get_case_state
from casework.online.service.owning import actor_of
from casework.uploads.errors import UploadNotFound
from casework.uploads.service import (
    READERS,
    Content,
    Store,
    find_upload,
    get_upload,
    is_citizen,
    list_case_uploads,
    list_uploads,
    open_content,
)
from common.auth import Role, require_role
from common.contracts.casework.online import UploadState
from common.crypto import FieldCipher
from common.uow import UnitOfWork


async def see_file(uow: UnitOfWork, *, cipher: FieldCipher, upload_id: UUID) -> UploadState:
    """One upload, without its file: a citizen's own; of a case, for who sees the case; else for the office's people.

    Source: O4.2b; ADR 0005.

    Raises:
        RoleRequired, UploadNotFound: the actor's roles see no files; not there, or not the actor's to see.
    """
    upload, _ = await _seen(uow, cipher, upload_id)
    return upload


async def list_files(
    uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID | None, after: UUID | None, limit: int
) -> list[UploadState]:
    """Uploads, the oldest first: a citizen's own; for staff those of one case that they see, or of no case.

    Source: O4.2b; ADR 0005.

    Raises:
        RoleRequired, CaseNotFound: the actor's roles see no files; the case is not there, or not theirs to see.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    if case_id is None or is_citizen(actor):
        return await list_uploads(uow.session, cipher=cipher, actor=actor, case_id=case_id, after=after, limit=limit)
    case = await get_case_state(uow.conn, case_id, actor=actor)
    return await list_case_uploads(uow.session, case_id=case.id, after=after, limit=limit)


async def open_own_file(uow: UnitOfWork, *, cipher: FieldCipher, store: Store, upload_id: UUID) -> Content:
    """A citizen's own file, in clear.

    Source: O4.2b.

    Raises:
        RoleRequired, UploadNotFound: no citizen; not there, or somebody else's.
        As `open_content`: it cannot be read.
    """
    actor = actor_of(uow)
    if not is_citizen(actor):
        require_role(actor, Role.CITIZEN)
        raise UploadNotFound
    upload = await get_upload(uow.session, cipher=cipher, actor=actor, upload_id=upload_id)
    return await open_content(uow, cipher=cipher, store=store, upload=upload, reason=None)


async def disclose_file(uow: UnitOfWork, *, cipher: FieldCipher, store: Store, upload_id: UUID, reason: str) -> Content:
    """A file in clear for a clerk, a head, or who holds the case or took the file in: an act with its reason.

    Source: ADR 0005; standards.md §9.

    Raises:
        RoleRequired: the actor may not.
        UploadNotFound: not there, or not the actor's to see.
        ReasonHoldsPersonalData: the reason names somebody's number.
        As `open_content`: it cannot be read.

    Idempotency: none on purpose; every look is an act.
    """
    actor = actor_of(uow)
    require_role(actor, *HANDLERS)
    told = make_reason(reason)
    upload, holder = await _seen(uow, cipher, upload_id)
    if holder != actor.subject:
        require_role(actor, *DISCLOSERS)
    return await open_content(uow, cipher=cipher, store=store, upload=upload, reason=told)


async def _seen(uow: UnitOfWork, cipher: FieldCipher, upload_id: UUID) -> tuple[UploadState, str | None]:
    """The upload, and who is answerable for it: who holds its case, or who took it in."""
    actor = actor_of(uow)
    require_role(actor, *READERS)
    if is_citizen(actor):
        return await get_upload(uow.session, cipher=cipher, actor=actor, upload_id=upload_id), None
    upload = await find_upload(uow.session, upload_id)
    if upload.case_id is None:
        seen = await get_upload(uow.session, cipher=cipher, actor=actor, upload_id=upload_id)
        return seen, seen.by
    try:
        case = await get_case_state(uow.conn, upload.case_id, actor=actor)
    except CaseNotFound:
        raise UploadNotFound from None
    return upload, case.holder.account
