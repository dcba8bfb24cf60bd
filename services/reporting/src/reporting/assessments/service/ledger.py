"""The ledger of rewards and penalties: entries are added, never changed; a reversal is an entry of its own.

Source: O4.3g.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, Role, require_role, require_scope
from common.clock import beijing_day, now
from common.contracts.casework.accountability import LedgerEntryState
from common.contracts.reporting.assessments import (
    AssessmentResultState,
    AssessmentState,
    LedgerDirection,
    ReportingLedgerEntryState,
    ReportingLedgerSource,
    SchemeGradeState,
)
from common.contracts.reporting.campaigns import WindowAwardState
from common.contracts.reporting.inspections import InspectionVisitState
from common.db import Connection
from common.directory import require_operating_office
from common.divisions import level_of
from common.ids import uuid7
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import Wanted, get_record, list_records, store_record
from common.uow import UnitOfWork
from reporting.assessments.domain import rounds
from reporting.assessments.errors import AlreadyReversed, SourceUnknown
from reporting.assessments.repository import CaseworkLedger

_ENTRY = "reporting.ledger-entry"
READERS = (Role.BUREAU_SUPERVISOR, Role.OFFICE_HEAD, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as somebody makes it.

    Attributes:
        source_id: the award of an award or its withdrawal, the visit of an inspection; None of what is entered freely.
    """

    division: str
    staff_member_id: UUID | None
    source: ReportingLedgerSource
    source_id: UUID | None
    direction: LedgerDirection
    title: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class OfficeLedger:
    """What two services have entered about one division itself in a year.

    Attributes:
        entries: ours.
        casework: a page of those of the window service: accountability cases and what it enters itself, as told.
        points: of ours; those of the window service count by its own scale and are told apart.
        casework_points: of all its entries, not only of the page.
    """

    entries: tuple[ReportingLedgerEntryState, ...]
    casework: tuple[LedgerEntryState, ...]
    points: int
    casework_points: int


async def enter(uow: UnitOfWork, *, actor: Actor, new: NewEntry) -> ReportingLedgerEntryState:
    """Enters a reward or a penalty of an office or a person below.

    Source: O4.3a, O4.3g.

    Raises:
        RoleRequired, OutOfScope, NotAboveLedger: not the actor's to enter.
        PointsUnfit, SourceUnknown: it makes no sense.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: there is no such office.

    Events: reporting.ledger-entry.changed.v1.
    """
    require_role(actor, Role.BUREAU_SUPERVISOR)
    require_scope(actor, new.division)
    rounds.require_overseer(actor.division, new.division)
    rounds.require_points(new.direction, new.points)
    source_record = await _source_of(uow.session, new)
    office = await require_operating_office(uow.conn, new.division)
    at = now()
    on = beijing_day(at)
    state = ReportingLedgerEntryState(
        id=uuid7(),
        version=1,
        division=new.division,
        level=level_of(new.division),
        office_id=office.id,
        changed_at=at,
        subject="office" if new.staff_member_id is None else "person",
        staff_member_id=new.staff_member_id,
        source=new.source,
        source_record=source_record,
        source_id=new.source_id,
        direction=new.direction,
        title=new.title,
        points=new.points,
        year=on.year,
        entered_on=on,
        entered_by=actor.subject,
        entered_for=actor.division,
        reason=new.reason,
    )
    return await store_record(uow, state, previous=None, action=f"{_ENTRY}.enter", reason=new.reason)


async def enter_result(
    uow: UnitOfWork,
    *,
    actor: Actor,
    assessment: AssessmentState,
    result: AssessmentResultState,
    graded: SchemeGradeState,
    on: date,
) -> ReportingLedgerEntryState:
    """Enters what a confirmed result earns, once; it counts for the year in which the period ends.

    Source: O4.3g.

    Events: reporting.ledger-entry.changed.v1.
    """
    state = ReportingLedgerEntryState(
        id=uuid5(result.id, "ledger"),
        version=1,
        division=result.division,
        level=result.level,
        office_id=result.office_id,
        changed_at=now(),
        subject=result.subject,
        staff_member_id=result.staff_member_id,
        source="assessment",
        source_record="reporting.assessment-result",
        source_id=result.id,
        direction="reward" if graded.points > 0 else "penalty",
        title=f"{assessment.title}：{graded.label}",
        points=graded.points,
        year=assessment.period_until.year,
        entered_on=on,
        entered_by=actor.subject,
        entered_for=assessment.division,
        reason=graded.label,
    )
    return await store_record(uow, state, previous=None, action=f"{_ENTRY}.enter")


async def reverse_entry(uow: UnitOfWork, *, actor: Actor, entry_id: UUID, reason: str) -> ReportingLedgerEntryState:
    """Takes an entry back by another one, in the year that it counts for; by who entered it or a level above.

    Source: O4.3g.

    Raises:
        RoleRequired, RecordNotFound, NotAboveLedger, ReversalOfReversal, AlreadyReversed.

    Events: reporting.ledger-entry.changed.v1.
    """
    require_role(actor, Role.BUREAU_SUPERVISOR)
    taken = await get_record(uow.session, ReportingLedgerEntryState, entry_id, actor=actor)
    rounds.require_reverser(actor.division, taken)
    rounds.require_reversible(taken)
    at = now()
    state = taken.model_copy(
        update={
            "id": uuid5(taken.id, "reversal"),
            "changed_at": at,
            "source": "reversal",
            "points": -taken.points,
            "entered_on": beijing_day(at),
            "entered_by": actor.subject,
            "entered_for": actor.division,
            "reason": reason,
            "reverses": taken.id,
        }
    )
    try:
        return await store_record(uow, state, previous=None, action=f"{_ENTRY}.reverse", reason=reason)
    except RecordExists:
        raise AlreadyReversed from None


async def list_entries(
    session: AsyncSession, wanted: Wanted, *, actor: Actor, after: UUID | None, limit: int
) -> list[ReportingLedgerEntryState]:
    """Our entries of the actor's subtree, the oldest first.

    Source: O4.3g.

    Raises:
        RoleRequired.
    """
    require_role(actor, *READERS)
    return await list_records(session, ReportingLedgerEntryState, wanted, actor=actor, after=after, limit=limit)


async def get_office_ledger(
    session: AsyncSession, conn: Connection, *, actor: Actor, division: str, year: int, after: UUID | None, limit: int
) -> OfficeLedger:
    """Both ledgers of one division itself in a year, side by side; that of the window service page by page.

    Source: O4.3d, O4.3g.

    Raises:
        RoleRequired, OutOfScope.
    """
    require_role(actor, *READERS)
    require_scope(actor, division)
    wanted = Wanted(equal=(("division", division), ("year", year)))
    entries = await list_records(session, ReportingLedgerEntryState, wanted, actor=actor)
    casework = CaseworkLedger(conn)
    return OfficeLedger(
        tuple(entries),
        tuple(await casework.page(actor=actor, division=division, year=year, after=after, limit=limit)),
        sum(one.points for one in entries),
        await casework.points(actor=actor, division=division, year=year),
    )


async def keep_casework_entries(conn: Connection, entries: Sequence[LedgerEntryState]) -> None:
    """Keeps what casework has told of its ledger.

    Source: O4.3d, O4.3g.

    Idempotency: the newest version of each entry stays, whatever the order.
    """
    await CaseworkLedger(conn).keep(entries)


async def _source_of(session: AsyncSession, new: NewEntry) -> str | None:
    """The kind of record that an entry follows from; the record must be there and be about that division."""
    if new.source == "entered" and new.source_id is None:
        return None
    if new.source_id is None:
        raise SourceUnknown
    try:
        if new.source in ("award", "award_withdrawal"):
            award = await get_record(session, WindowAwardState, new.source_id)
            record, division = "reporting.window-award", award.division
        else:
            visit = await get_record(session, InspectionVisitState, new.source_id)
            record, division = "reporting.inspection-visit", visit.division
    except RecordNotFound:
        raise SourceUnknown from None
    if division != new.division:
        raise SourceUnknown
    return record
