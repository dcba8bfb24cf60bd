"""Filing a consultation, a complaint or a report; nobody needs a token, and nobody is named."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.cases.service import find_case_by_number
from casework.complaints import repository
from casework.complaints.domain import FIRST, NUMBER_PREFIXES, acceptance_days, divisions_above, is_about
from casework.complaints.errors import AttachmentsNeedOwner, FilingKeyReused, NobodyAbove
from casework.complaints.service.sealing import access_index, access_indexes, join_ids, seal_complaint, secrets_of
from casework.uploads.service import give_evidence
from common.auth import Actor, Role
from common.clock import beijing_day, now
from common.contracts.casework.complaints import ComplaintKind, ComplaintState, ComplaintSubject
from common.crypto import FieldCipher
from common.directory import (
    DirectoryOffice,
    DivisionRetired,
    DivisionUnknown,
    OfficeNotOperating,
    OfficeUnknown,
    require_division,
    require_operating_office,
)
from common.ids import uuid7
from common.records.service import Wanted, get_record, list_records, store_record
from common.uow import UnitOfWork

_KEY = "casework.complaint.filing-key"
_CONTENT = "casework.complaint.filing-content"
_SERIALS = 10**8


@dataclass(frozen=True, slots=True)
class Filing:
    """What somebody files; it never shows in a representation.

    Attributes:
        division: whose office is asked, when no office is complained of.
        accused_division: whose office is complained of.
        accused_person: in the complainant's words.
        case_number, identifier: the case that it is about, with the applicant's number.
        who: name, phone, id_number of the complainant; None for an anonymous one.
    """

    kind: ComplaintKind
    subject: ComplaintSubject
    title: str
    content: str
    division: str | None = None
    accused_division: str | None = None
    accused_person: str | None = None
    case_number: str | None = None
    identifier: str | None = None
    who: dict[str, str | None] | None = None
    attachments: tuple[UUID, ...] = field(default=())

    def __repr__(self) -> str:
        return f"Filing({self.kind!r}, {self.subject!r})"


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed, and the secret that its number is asked with."""

    state: ComplaintState
    secret: str
    is_repeated: bool

    def __repr__(self) -> str:
        return f"Filed({self.state.number!r})"


async def file_complaint(uow: UnitOfWork, *, cipher: FieldCipher, filing: Filing, key: str) -> Filed:
    """Files it with the office that is asked, or with the one above the office complained of.

    Source: O1.3a, O4.3c, O4.3f; standards.md §6.

    Args:
        key: the caller's own for this filing; the same key and content give the same number and secret again.

    Raises:
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody is there to ask.
        NobodyAbove: no office above the accused one.
        FilingKeyReused: the key was used for something else.
        AttachmentsNeedOwner, UploadNotFound, UploadAttached, UploadRemoved: files that are not the caller's to give.

    Events: casework.complaint.changed.v1.
    """
    told = json.dumps(asdict(filing), ensure_ascii=False, default=str, sort_keys=True)
    claim = repository.Filing(cipher.blind_index(told, context=_CONTENT), uuid7())
    if not await _claim(uow, cipher, key, claim):
        return await _repeated(uow, cipher, key, told)
    at = now()
    office, accused = await _offices(uow, filing)
    caller, uow.actor = uow.actor, None  # neither the audit nor an event names who complains
    await _attach(uow, cipher, filing, caller)
    state = await _first_state(uow, filing, claim.complaint_id, office, accused, at)
    secret = secrets_of(cipher, state.id, key)[0]
    who = await _who(uow, cipher, filing, caller)
    texts = {"title": filing.title, "content": filing.content, "accused": filing.accused_person}
    await store_record(
        uow,
        state,
        previous=None,
        action="casework.complaint.file",
        sealed=seal_complaint(cipher, state.id, texts, who),
        subject_index=access_index(cipher, state.number, secret),
    )
    return Filed(state, secret, is_repeated=False)


async def _attach(uow: UnitOfWork, cipher: FieldCipher, filing: Filing, caller: Actor | None) -> None:
    """Gives the caller's files to the complaint: from now on its handler sees them, and nobody else."""
    if not filing.attachments:
        return
    if caller is None or caller.roles != {Role.CITIZEN}:
        raise AttachmentsNeedOwner
    await give_evidence(uow, cipher=cipher, owner=caller, upload_ids=tuple(dict.fromkeys(filing.attachments)))


async def _who(
    uow: UnitOfWork, cipher: FieldCipher, filing: Filing, caller: Actor | None
) -> dict[str, str | None] | None:
    """Whatever tells who complains: name, account, the case, the files; None where nothing does."""
    case_id = await _case_id(uow, cipher, filing)
    told = {
        **(filing.who or {}),
        "account": caller.subject if caller else None,
        "case_id": str(case_id) if case_id else None,
        "attachments": join_ids(dict.fromkeys(filing.attachments)),
    }
    return told if any(told.values()) else None


async def _claim(uow: UnitOfWork, cipher: FieldCipher, key: str, claim: repository.Filing) -> bool:
    filings = repository.Filings(uow.session)
    if await filings.find(cipher.blind_indexes(key, context=_KEY)[1:]) is not None:
        return False
    return await filings.claim(cipher.blind_index(key, context=_KEY), claim)


async def _repeated(uow: UnitOfWork, cipher: FieldCipher, key: str, told: str) -> Filed:
    """What the key was used for, with the secret made again; under an older key of ours it is made from that one."""
    found = await repository.Filings(uow.session).find(cipher.blind_indexes(key, context=_KEY))
    if found is None or found.content_index not in cipher.blind_indexes(told, context=_CONTENT):
        raise FilingKeyReused
    state = await get_record(uow.session, ComplaintState, found.complaint_id)
    for secret in secrets_of(cipher, state.id, key):
        known = Wanted(subject_indexes=tuple(access_indexes(cipher, state.number, secret)))
        if await list_records(uow.session, ComplaintState, known, limit=1):
            return Filed(state, secret, is_repeated=True)
    raise FilingKeyReused


async def _offices(uow: UnitOfWork, filing: Filing) -> tuple[DirectoryOffice, DirectoryOffice | None]:
    """Who handles it, and who is complained of, as far as the directory knows."""
    if filing.accused_division is None:
        return await require_operating_office(uow.conn, filing.division or ""), None
    accused = await _accused(uow, filing.accused_division)
    above = divisions_above(filing.accused_division, accused.guidance_division if accused else None)
    return await handling_office(uow, above), accused


async def handling_office(uow: UnitOfWork, divisions: list[str]) -> DirectoryOffice:
    """The first of these divisions that has an operating office.

    Raises:
        NobodyAbove: none has.
    """
    for division in divisions:
        try:
            return await require_operating_office(uow.conn, division)
        except (DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating):
            continue
    raise NobodyAbove


async def _accused(uow: UnitOfWork, division: str) -> DirectoryOffice | None:
    """The office complained of; also one that serves no longer can be complained of."""
    await require_division(uow.conn, division)
    try:
        return await require_operating_office(uow.conn, division)
    except (OfficeUnknown, OfficeNotOperating):
        return None


async def _first_state(
    uow: UnitOfWork,
    filing: Filing,
    complaint_id: UUID,
    office: DirectoryOffice,
    accused: DirectoryOffice | None,
    at: datetime,
) -> ComplaintState:
    number = f"{NUMBER_PREFIXES[filing.kind]}{beijing_day(at):%Y%m%d}{secrets.randbelow(_SERIALS):08d}"
    return ComplaintState(
        **await received(uow, complaint_id, office, at),
        number=number,
        kind=filing.kind,
        subject=filing.subject,
        round=FIRST,
        accused_office_id=accused.id if accused else None,
        accused_division=filing.accused_division,
        is_anonymous=not filing.who,
        attachment_count=len(set(filing.attachments)),
    )


async def received(uow: UnitOfWork, complaint_id: UUID, office: DirectoryOffice, at: datetime) -> dict[str, Any]:
    """What a new record begins with: whose it is, and until when it is decided. Source: O4.3c; standards.md §6."""
    on = beijing_day(at)
    days, calendar = acceptance_days(on=on), await current_calendar(uow.conn)
    due_on = calendar.add_working_days(on, days)
    return {
        "id": complaint_id,
        "version": 1,
        "division": office.division,
        "level": office.level,
        "office_id": office.id,
        "changed_at": at,
        "status": "received",
        "filed_at": at,
        "promised_days": days,
        "due_on": due_on,
        "is_due_provisional": calendar.is_provisional(due_on),
    }


async def _case_id(uow: UnitOfWork, cipher: FieldCipher, filing: Filing) -> UUID | None:
    """The case that it is about, for whoever knows its number and whose it is; otherwise none, and nobody is told."""
    if filing.case_number is None or filing.identifier is None or filing.accused_division is None:
        return None
    found = await find_case_by_number(uow.conn, cipher, case_number=filing.case_number, identifier=filing.identifier)
    if found is None or not is_about(filing.accused_division, found.case.division):
        return None
    return found.case.id
