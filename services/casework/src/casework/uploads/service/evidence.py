"""Files given to a complaint. Nothing is told of it: a state, an event or an audit entry would name who complains."""

from collections.abc import Sequence
from uuid import UUID

from casework.uploads.errors import UploadAttached, UploadNotFound, UploadRemoved
from casework.uploads.repository import UploadFiles
from casework.uploads.service.uploading import Content, clear_pieces, get_upload
from casework.uploads.stores import Store
from common.auth import Actor
from common.contracts.casework.online import UploadState
from common.crypto import FieldCipher
from common.records.service import get_record, hold_record
from common.uow import UnitOfWork


async def give_evidence(uow: UnitOfWork, *, cipher: FieldCipher, owner: Actor, upload_ids: Sequence[UUID]) -> None:
    """Keeps files of a citizen; to the offices they stay what they were, files that nobody has submitted.

    Source: O4.3f (protected identity).

    Args:
        owner: who gives them; the unit of work acts for nobody.

    Raises:
        UploadNotFound: one of them is not there, or not the owner's.
        UploadAttached, UploadRemoved: one of them belongs to a case or a complaint, or is gone.

    Locks: the uploads, in the order of their ids.
    """
    files = UploadFiles(uow.conn)
    for upload_id in sorted(upload_ids):
        await get_upload(uow.session, cipher=cipher, actor=owner, upload_id=upload_id)
        held = await hold_record(uow.session, UploadState, upload_id, expected_version=None)
        if held.status == "attached" or await files.evidence([upload_id]):
            raise UploadAttached
        if held.status == "removed" or not await files.keep_as_evidence(upload_id):
            raise UploadRemoved


async def open_evidence(uow: UnitOfWork, *, cipher: FieldCipher, store: Store, upload_id: UUID) -> Content:
    """The file in clear, for whoever handles the complaint; that it is so, and the audit, are the caller's matter.

    Source: O4.3f; ADR 0005.

    Raises:
        UploadNotFound: it is no evidence.
        UploadLost, StoreUnavailable, CiphertextRefused: it cannot be read now, or is not what was kept.
    """
    files = UploadFiles(uow.conn)
    key = await files.key_of(upload_id)
    if key is None or not await files.evidence([upload_id]):
        raise UploadNotFound
    upload = await get_record(uow.session, UploadState, upload_id)
    return Content(upload, await clear_pieces(store, cipher, key, upload_id))
