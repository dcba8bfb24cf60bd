"""Use cases of printing: a notice is printed as often as it is asked for, and every print is on record.

The applicant's name stands on the paper in clear, because the paper is handed to the applicant; so printing is an act
of those who handle cases, audited like a disclosure, and never an answer that is cached or repeated.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.cases.domain import Case, state_of
from casework.cases.errors import CaseNotFound
from casework.cases.service import HANDLERS, READERS, Cases, get_case_state
from casework.clock.domain import Line, explain, judge
from casework.contacts.service import disclose_asker, get_receipt
from casework.printing.catalogue import render_notice
from casework.printing.domain import (
    CaseNoticeKind,
    Desk,
    Notice,
    NoticeKind,
    find_document,
    write_first_contact_receipt,
    write_notice,
)
from common.auth import Actor, require_role, scope_bounds
from common.clock import beijing_day
from common.contracts.casework import CASE_RECORD
from common.contracts.casework.cases import ClockName, DocumentState
from common.crypto import FieldCipher
from common.db import Connection
from common.directory import DirectoryOffice, find_heirs, require_operating_office
from common.uow import UnitOfWork

PRINTED = "打印首问登记回执"
NOBODY = "申请人"
"""How somebody is addressed who asked without saying who they are."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A Word document, and the name of its file, which tells nothing of anybody."""

    content: bytes
    filename: str


async def list_documents(conn: Connection, actor: Actor, *, case_id: UUID) -> tuple[DocumentState, ...]:
    """The documents that a case's file holds, in the order of their issue.

    Source: O4.3b.

    Raises:
        RoleRequired, CaseNotFound: the actor reads no cases; not there, or outside the scope.
    """
    require_role(actor, *READERS)
    case = await get_case_state(conn, case_id, actor=actor)
    return case.file.documents


async def print_notice(
    uow: UnitOfWork, *, cipher: FieldCipher, case_id: UUID, kind: CaseNoticeKind, number: str | None
) -> Printed:
    """A document of a case as it was issued, for the applicant.

    Source: O4.3b, O4.3c; standards.md §6, §9.

    Args:
        number: of the document; None for the last one of the kind.

    Raises:
        RoleRequired, CaseNotFound: the actor handles no cases; not there, or outside the scope.
        NoticeNotIssued: the case's file has no such document.

    Idempotency: none on purpose; every print is an act, and a stored answer would be personal data in clear.
    """
    actor = _actor_of(uow)
    require_role(actor, *HANDLERS)
    stored = await Cases(uow.conn, cipher).find(case_id, bounds=scope_bounds(actor))
    if stored is None:
        raise CaseNotFound
    case = stored.case
    document, _ = find_document(state_of(case), kind, number)
    due_on, reasons = await _reasons_of(uow.conn, case, kind, document)
    notice = write_notice(
        state_of(case),
        kind,
        number=document.number,
        item_name=stored.item_name,
        applicant=stored.applicant.name,
        desk=_desk(await _office_of(uow.conn, case.division), actor if actor.subject == case.holder.account else None),
        due_on=due_on,
        reasons=reasons,
        next_office=await _next_office(uow.conn, case) if kind == "referral_notice" else None,
    )
    await uow.record_audit(
        "casework.document.print", CASE_RECORD, str(case_id), division=case.division, reason=f"{kind} {document.number}"
    )
    return await _set(notice)


async def print_first_contact(uow: UnitOfWork, *, cipher: FieldCipher, contact_id: UUID) -> Printed:
    """The receipt of a first contact, for whoever asked; printed by who is responsible.

    Source: O4.3b; standards.md §6.

    Raises:
        RoleRequired, RecordNotFound, NotHolder: as for a disclosure of who asked.
    """
    asker = await disclose_asker(uow, cipher=cipher, contact_id=contact_id, reason=PRINTED)
    receipt = await get_receipt(uow, cipher=cipher, contact_id=contact_id)
    state = receipt.contact
    desk = Desk(
        office=state.office_name,
        phone=receipt.first_asked_phone,
        complaint_phone=state.complaint_phone,
        clerk=receipt.first_asked_name or None,
    )
    return await _set(write_first_contact_receipt(state, asker=asker.name or NOBODY, desk=desk))


def filename_of(kind: NoticeKind) -> str:
    """Without a name or a number of anybody."""
    return f"{kind}.docx"


async def _set(notice: Notice) -> Printed:
    """Setting takes tens of milliseconds; other requests go on meanwhile."""
    return Printed(await asyncio.to_thread(render_notice, notice), filename_of(notice.kind))


async def _reasons_of(
    conn: Connection, case: Case, kind: NoticeKind, document: DocumentState
) -> tuple[date | None, list[Line]]:
    """The due date of the day of issue, and its reasons, by what the ledger held then."""
    clock: ClockName = "acceptance" if kind == "receipt" else "handling"
    ledger = tuple(entry for entry in case.file.ledger if entry.at <= document.issued_at)
    if not any(entry.clock == clock for entry in ledger):
        return None, []
    calendar = await current_calendar(conn)
    reading = judge(ledger, calendar, clock=clock, on=beijing_day(document.issued_at))
    return reading.due_on, list(explain(ledger, calendar, clock=clock))


async def _office_of(conn: Connection, division: str) -> DirectoryOffice:
    heirs = await find_heirs(conn, [division])
    return await require_operating_office(conn, heirs.get(division, division))


async def _next_office(conn: Connection, case: Case) -> str:
    offer = case.file.offer
    return (await _office_of(conn, case.holder.division if offer is None else offer.division)).name


def _desk(office: DirectoryOffice, clerk: Actor | None) -> Desk:
    return Desk(office.name, office.phone, office.complaint_phone, None if clerk is None else clerk.name)


def _actor_of(uow: UnitOfWork) -> Actor:
    assert uow.actor is not None, "somebody prints"  # noqa: S101
    return uow.actor
