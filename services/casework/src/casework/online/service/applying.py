"""A citizen applies, looks, brings what was missing, withdraws."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.cases.domain import Case, CaseStatus
from casework.cases.service import (
    READERS,
    ApplicantInput,
    CaseView,
    SeenCase,
    get_case_state,
    register_online,
    supply_case,
    withdraw_case,
)
from casework.cases.service.explaining import Explanation, explain_ledger
from casework.cases.service.reading import find_open_cases, get_own_case
from casework.online.domain import require_supplement, uploaded
from casework.online.errors import ApplicationNotFound, DuplicateApplication
from casework.online.service.owning import actor_of, owned, require_own
from casework.uploads.service import ReceivingCase, attach_uploads
from common.auth import Actor, Role, require_role
from common.clock import now
from common.contracts import record_of
from common.contracts.casework.online import OnlineApplicationState, OnlineChannel
from common.crypto import FieldCipher
from common.db import Connection
from common.records.service import Wanted, citizen_index, list_records, store_record
from common.uow import UnitOfWork

Files = Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class ApplicationInput:
    """What somebody applies for.

    Attributes:
        files: uploads of theirs, each with the material that it is.
    """

    division: str
    item_code: str
    applicant: ApplicantInput
    channel: OnlineChannel
    files: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case as its applicant sees it, with the reasons of its due date."""

    view: CaseView
    clocks: list[Explanation]


async def apply_online(uow: UnitOfWork, *, cipher: FieldCipher, wanted: ApplicationInput) -> CaseView:
    """Registers what a citizen applies for at the office of the chosen division, with its files.

    Who somebody else is, an account merely says: so an open case that did not come from this account neither refuses
    the application nor shows in the answer. The office is told, and judges.

    Source: O4.2b, O4.3b.

    Raises:
        RoleRequired: the actor is no citizen.
        DuplicateApplication: this account has opened a case for the applicant about the item that is open.
        UploadNotFound, UploadAttached, UploadRemoved: a file is not theirs, or not to be given.
        As `register_online`: the applicant is told wrongly; nobody serves there; the catalogue.

    Locks: the applicant with the item.

    Events: casework.case.registered.v1, casework.online-application.changed.v1, casework.upload.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, Role.CITIZEN)
    is_duplicate = await _has_elsewhere(uow, cipher, wanted)
    view = await register_online(
        uow,
        cipher=cipher,
        division=wanted.division,
        item_code=wanted.item_code,
        applicant=wanted.applicant,
        channel=wanted.channel,
        brought=uploaded(wanted.files),
    )
    case = view.case
    await store_record(
        uow,
        _link(case, wanted.channel, is_duplicate=is_duplicate),
        previous=None,
        action="casework.online-application.apply",
        subject_index=citizen_index(cipher, actor),
    )
    if is_duplicate:
        await uow.record_audit(
            "casework.online-application.mark-duplicate",
            record_of(OnlineApplicationState).name,
            str(case.id),
            division=case.division,
        )
    await attach_uploads(uow, cipher=cipher, case=receiving(case), files=wanted.files)
    return view


def _link(case: Case, channel: OnlineChannel, *, is_duplicate: bool) -> OnlineApplicationState:
    return OnlineApplicationState(
        id=case.id,
        version=1,
        division=case.division,
        level=case.level,
        office_id=case.office_id,
        changed_at=now(),
        case_id=case.id,
        item_code=case.item_code,
        channel=channel,
        is_duplicate=is_duplicate,
    )


async def get_case_application(uow: UnitOfWork, *, case_id: UUID) -> OnlineApplicationState:
    """How a case came online, for who sees the case; with the mark of a duplicate.

    Source: O4.2b.

    Raises:
        RoleRequired, CaseNotFound: the actor sees no cases; not there, or outside the scope.
        ApplicationNotFound: it came otherwise.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    case = await get_case_state(uow.conn, case_id, actor=actor)
    found = await list_records(uow.session, OnlineApplicationState, Wanted(case_id=case.id), limit=1)
    if not found:
        raise ApplicationNotFound
    return found[0]


async def get_own_application(uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID) -> OwnCase:
    """One case of the actor's own applications.

    Source: O4.2b.

    Raises:
        RoleRequired, ApplicationNotFound: no citizen; not there, or somebody else's.
    """
    await require_own(uow.session, cipher, actor_of(uow), case_id)
    view = await get_own_case(uow.conn, cipher, case_id=case_id)
    return OwnCase(view, await explain_ledger(uow.conn, view.case))


async def list_own_applications(
    session: AsyncSession, conn: Connection, *, cipher: FieldCipher, actor: Actor, after: UUID | None, limit: int
) -> list[CaseView]:
    """The cases that the actor has applied for, the oldest first.

    Source: O4.2b.

    Raises:
        RoleRequired: the actor is no citizen.
    """
    links = await list_records(session, OnlineApplicationState, owned(cipher, actor), after=after, limit=limit)
    return [await get_own_case(conn, cipher, case_id=link.case_id) for link in links]


async def supply_own_case(uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, files: Files) -> CaseView:
    """Brings everything that was missing; the office goes on from here.

    Source: O4.2b, O4.3c.

    Raises:
        RoleRequired, ApplicationNotFound, PreconditionFailed: not theirs; saw an older version.
        SupplementIncomplete: something still lacks.
        UploadNotFound, UploadAttached, UploadRemoved: a file is not theirs, or not to be given.
        NotSupplementing, CaseAlready…: nothing is awaited.

    Events: casework.case.changed.v1, casework.upload.changed.v1.
    """
    await require_own(uow.session, cipher, actor_of(uow), seen.id)
    case = await get_case_state(uow.conn, seen.id)
    if case.status is CaseStatus.SUPPLEMENTING:
        require_supplement(case.file.supplements[-1].materials, [material for _, material in files])
    view = await supply_case(uow, cipher=cipher, seen=seen, brought=uploaded(files), is_applicant=True)
    await attach_uploads(uow, cipher=cipher, case=receiving(view.case), files=files)
    return view


async def withdraw_own_case(uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str) -> CaseView:
    """Ends a case at its applicant's own wish.

    Source: O4.2b.

    Raises:
        RoleRequired, ApplicationNotFound, PreconditionFailed: not theirs; saw an older version.
        ReasonHoldsPersonalData, CaseAlready…: the reason names somebody's number; it has ended.

    Events: casework.case.withdrawn.v1.
    """
    await require_own(uow.session, cipher, actor_of(uow), seen.id)
    return await withdraw_case(uow, cipher=cipher, seen=seen, reason=reason, is_applicant=True)


def receiving(case: Case) -> ReceivingCase:
    """The case as uploads know it."""
    return ReceivingCase(case.id, case.division, case.office_id)


async def _has_elsewhere(uow: UnitOfWork, cipher: FieldCipher, wanted: ApplicationInput) -> bool:
    """Has the applicant an open case about the item that came from elsewhere? Raises for one from this account."""
    applicant = wanted.applicant
    known = await find_open_cases(
        uow.conn,
        cipher,
        kind=applicant.kind,
        identifier=applicant.id_number or applicant.uscc or "",
        item_code=wanted.item_code,
    )
    for case in known:
        mine = owned(cipher, actor_of(uow), Wanted(case_id=case.id))
        if await list_records(uow.session, OnlineApplicationState, mine, limit=1):
            raise DuplicateApplication(case_number=case.case_number, case_id=str(case.id))
    return bool(known)
