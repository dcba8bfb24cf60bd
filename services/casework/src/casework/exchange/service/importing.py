"""Cases of a predecessor, or of another site, become cases here: a whole file or nothing of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from casework.cases.domain import Applicant, Case, event_of
from casework.cases.service import Cases
from casework.exchange.domain import ReadCase, find_obstacle, import_case, make_arrival
from casework.exchange.errors import DocumentInvalid, ImportRefused
from casework.exchange.service.access import NO_OFFICE
from casework.items.errors import ItemNotFound
from casework.items.service import get_item
from common.audit import AuditEntry
from common.auth import Actor, Role, require_role, scope_bounds
from common.clock import beijing_day, today
from common.contracts.casework import CASE_RECORD, CASE_TOPIC
from common.crypto import FieldCipher
from common.directory import require_operating_office
from common.errors import JSON
from common.ids import uuid7
from common.telemetry import current_trace_id, current_traceparent
from common.uow import UnitOfWork

IMPORTERS = (Role.SYSTEM_CLIENT,)
_NOWHERE = str(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Given:
    """What the importer tells of documents that lack the extension fields.

    Attributes:
        division: whose office the cases belong to.
        item_code: of the catalogue here.
        applicant_kind: of all of them.
    """

    division: str | None = None
    item_code: str | None = None
    applicant_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """A case as it stands here now."""

    id: UUID
    case_number: str


async def import_cases(
    uow: UnitOfWork, *, cipher: FieldCipher, documents: Sequence[Mapping[str, Any]], given: Given, reason: str
) -> list[Imported]:
    """Makes cases of documents, with their history; each is told and audited as every other change.

    Ratings are not taken over: they belong to those who rated, and nobody here can ask them.

    Source: O4.2a; standards.md §9.

    Raises:
        RoleRequired: the actor imports nothing.
        ImportRefused: some documents cannot become cases; the findings tell which and why, and nothing is written.

    Events: casework.case.closed.v1, casework.case.refused.v1, casework.case.withdrawn.v1.
    """
    actor = _actor_of(uow)
    require_role(actor, *IMPORTERS)
    findings: list[JSON] = []
    imported: list[Imported] = []
    for number, document in enumerate(documents, 1):
        try:
            case, applicant = await _arrival(
                uow, actor, await asyncio.to_thread(import_case, document, known=_known(given))
            )
            await _write(uow, Cases(uow.conn, cipher), case, applicant, reason)
            imported.append(Imported(case.id, case.case_number))
        except DocumentInvalid as error:
            told: Any = error.facts["findings"]
            findings += [{"document": number, **one} for one in told]
    if findings:
        raise ImportRefused(findings=findings)
    uow.wake_relay()
    return imported


async def _arrival(uow: UnitOfWork, actor: Actor, read: ReadCase) -> tuple[Case, Applicant]:
    """The case that a document becomes, and its applicant.

    Raises:
        DocumentInvalid: it cannot.
    """
    obstacle = find_obstacle(read, on=today())
    if obstacle is not None:
        raise _refused(obstacle.code, obstacle.reason)
    low, high = scope_bounds(actor)
    if not low <= read.state.division <= high:
        raise _refused("out-of-scope", "不在本系统的管辖范围内")
    try:
        office = await require_operating_office(uow.conn, read.state.division)
        on = beijing_day(read.state.registered_at)
        item = await get_item(uow.conn, read.state.item_code, on=on, division=None)
    except ItemNotFound:
        raise _refused("item-unknown", "事项目录中没有该事项") from None
    except NO_OFFICE:
        raise _refused("office-unknown", "该区划没有正在运行的机构") from None
    return make_arrival(read, office_id=office.id, duty=item.summary.duty, on=today())


async def _write(uow: UnitOfWork, cases: Cases, case: Case, applicant: Applicant, reason: str) -> None:
    """Writes one case; whatever stands here already, or earlier in the file, stops it.

    Raises:
        DocumentInvalid: the number or the id is taken.
    """
    actor = _actor_of(uow)
    audit = AuditEntry(
        actor=actor.subject,
        actor_division=actor.division,
        action="casework.case.import",
        object_type=CASE_RECORD,
        object_id=str(case.id),
        division=case.division,
        reason=reason,
        trace_id=current_trace_id(),
    )
    event = event_of(case, before=None, traceparent=current_traceparent())
    try:
        async with uow.conn.transaction():
            await cases.add(case, applicant, audit=audit, topic=CASE_TOPIC, event=event, once=None)
    except asyncpg.UniqueViolationError:
        raise _refused("duplicate", "办件编号已经存在") from None


def _known(given: Given) -> dict[str, Any]:
    """What stands in for members that a document of another system cannot tell; office and duty are looked up later."""
    told = {"division": given.division, "item_code": given.item_code, "applicant_kind": given.applicant_kind}
    found = {name: value for name, value in told.items() if value is not None}
    return {"id": str(uuid7()), "version": 1, "office_id": _NOWHERE, "duty": "employment_services", **found}


def _refused(code: str, reason: str) -> DocumentInvalid:
    findings: list[JSON] = [{"code": code, "reason": reason}]
    return DocumentInvalid(findings=findings)


def _actor_of(uow: UnitOfWork) -> Actor:
    assert uow.actor is not None, "somebody imports"  # noqa: S101
    return uow.actor
