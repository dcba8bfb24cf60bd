"""Giving files to a case: by its applicant, or by the office that has it."""

from collections.abc import Sequence
from uuid import UUID

from casework.cases.domain import OPEN_STATUSES
from casework.cases.service import HANDLERS, hold_case_state, receive_materials
from casework.online.domain import uploaded
from casework.online.errors import CaseEnded
from casework.online.service.applying import receiving
from casework.online.service.owning import actor_of, require_own
from casework.uploads.service import attach_uploads
from common.auth import Role, require_role
from common.contracts.casework.online import UploadState
from common.crypto import FieldCipher
from common.uow import UnitOfWork


async def attach_materials(
    uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID, files: Sequence[tuple[UUID, str]]
) -> list[UploadState]:
    """Gives files to a case that is open, and notes them as received.

    Source: O4.1c, O4.2b.

    Raises:
        RoleRequired, ApplicationNotFound, CaseNotFound: the actor may not; not theirs; not in scope.
        CaseEnded: nothing is added any more.
        UploadNotFound, UploadAttached, UploadRemoved: a file is not theirs, or not to be given.

    Events: casework.upload.changed.v1, casework.case.changed.v1.
    Locks: the case first, so that it does not end meanwhile; then the uploads.
    """
    actor = actor_of(uow)
    if not actor.has_role(Role.CITIZEN) or actor.has_role(*HANDLERS):
        require_role(actor, *HANDLERS)
        case, is_applicant = await hold_case_state(uow, case_id, actor=actor), False
    else:
        await require_own(uow.session, cipher, actor, case_id)
        case, is_applicant = await hold_case_state(uow, case_id), True
    if case.status not in OPEN_STATUSES:
        raise CaseEnded(status=case.status.value)
    attached = await attach_uploads(uow, cipher=cipher, case=receiving(case), files=files)
    await receive_materials(uow, held=case, brought=uploaded(files), is_applicant=is_applicant)
    return attached
