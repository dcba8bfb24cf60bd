"""Registers of consultations, complaints and warnings go out as rows of a standard's tables: an audited act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from casework.complaints.service import unconcerned
from casework.exchange.domain import WRITERS, Handling, RegisterName
from casework.exchange.errors import NothingToExport
from casework.exchange.repository import find_matters
from casework.exchange.service.access import EXPORT_RECORD, EXPORTERS, actor_of, offices_of
from common.auth import require_role
from common.clock import BEIJING
from common.contracts.casework.accountability import WarningState
from common.contracts.casework.complaints import ComplaintState
from common.ids import first_uuid7
from common.records.service import Wanted, list_records
from common.uow import UnitOfWork

_KINDS: dict[str, tuple[str, ...]] = {"consultations": ("consultation",), "complaints": ("complaint", "report")}


@dataclass(frozen=True, slots=True)
class AskedRegister:
    """Which rows are to go out.

    Attributes:
        from_on: filed or raised on this Beijing day or later.
        until_on: before this Beijing day.
        division: only of this subtree.
        after: id of the last record of the page before.
        limit: most rows of a page.
        reason: why, without personal data; it goes into the audit.
    """

    register: RegisterName
    reason: str
    from_on: date
    until_on: date
    division: str | None = None
    after: UUID | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ExportedRegister:
    """One page; `last` is the id of its last record if there are more."""

    rows: list[dict[str, Any]]
    last: UUID | None


async def export_register(uow: UnitOfWork, *, asked: AskedRegister) -> ExportedRegister:
    """A page of a register, the oldest first. Who complained and what was written is not in it.

    Source: O4.3c, O4.3f; GB/T 39046-2020 tables 10, 11.

    Raises:
        RoleRequired: the actor exports nothing.
        NothingToExport: the period has none that the actor may see.

    Idempotency: none on purpose; every export is an act.
    """
    actor = actor_of(uow)
    require_role(actor, *EXPORTERS)
    found = await _find(
        uow, asked, after=asked.after or first_uuid7(_midnight(asked.from_on) - timedelta(milliseconds=1))
    )
    if not found:
        raise NothingToExport
    page = found[: asked.limit]
    told = f"{asked.register}:{len(page)}"
    await uow.record_audit("casework.exchange.export-register", EXPORT_RECORD, told, reason=asked.reason)
    offices = await offices_of(uow.conn, {one.division for one in page})
    about = {one.id: one.case_id for one in page if isinstance(one, WarningState) and one.case_id is not None}
    matters = await find_matters(uow.conn, about)
    rows = []
    for one in page:
        office = offices.get(one.division)
        case_number, item_type = matters.get(one.id, (None, None))
        handling = Handling(
            office_name=None if office is None else office.name,
            office_code=None if office is None else office.uscc,
            case_number=case_number,
            item_type=item_type,
        )
        rows.append(WRITERS[asked.register](one, handling))
    return ExportedRegister(rows, page[-1].id if len(found) > asked.limit else None)


async def _find(uow: UnitOfWork, asked: AskedRegister, *, after: UUID) -> Sequence[ComplaintState | WarningState]:
    """One more than the page holds. Ids grow with time, so that a period begins at one of them."""
    actor, end = actor_of(uow), _midnight(asked.until_on)
    wanted, limit = Wanted(within=asked.division), asked.limit + 1
    found: Sequence[ComplaintState | WarningState]
    if asked.register == "supervision":
        found = await list_records(uow.session, WarningState, wanted, actor=actor, after=after, limit=limit)
    else:
        wanted = unconcerned(replace(wanted, one_of=(("kind", _KINDS[asked.register]),)), actor)
        found = await list_records(uow.session, ComplaintState, wanted, actor=actor, after=after, limit=limit)
    return [one for one in found if (one.raised_at if isinstance(one, WarningState) else one.filed_at) < end]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BEIJING)
