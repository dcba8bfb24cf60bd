"""The ledger of rewards and penalties: entries are added, never changed; a reversal is an entry of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.catalogue import NAMESPACE, Catalogue, load_catalogue
from casework.accountability.domain import (
    DecisionKind,
    Grade,
    grade_of,
    ledger_kind_of,
    quarter_of,
    require_overseer,
    require_reversible,
    require_unconcerned,
    scale_on,
)
from casework.accountability.errors import AlreadyReversed, NotOverseer
from casework.accountability.service.roles import OVERSEERS, asker_of
from common.auth import Actor, Role
from common.clock import beijing_day, now, today
from common.contracts.casework.accountability import LedgerEntryState, LedgerSubject, ProceedingState
from common.directory import require_operating_office
from common.divisions import level_of
from common.ids import uuid7
from common.records.errors import RecordExists, RecordNotFound
from common.records.service import Wanted, count_records, get_record, list_records, store_record
from common.uow import UnitOfWork

QUARTERS = (1, 2, 3, 4)
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as somebody makes it.

    Attributes:
        person: the account; None for the office.
        source_id: the assessment or the award.
    """

    division: str
    person: str | None
    source: Literal["assessment", "award"]
    source_id: UUID | None
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """What one person or office has in a year.

    Attributes:
        quarters: points of each quarter that is over or running, with the grade; None without a scale.
    """

    subject: LedgerSubject
    person: str | None
    division: str
    year: int
    points: int
    quarters: Mapping[int, tuple[int, Grade | None]]


async def enter(uow: UnitOfWork, *, actor: Actor, new: NewEntry) -> LedgerEntryState:
    """Enters a reward or a penalty of an assessment or an award; of an office only a supervisor above it.

    Source: O4.3a, O4.3g.

    Raises:
        InvalidDivisionCode, DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: no such office.
        NotOverseer, ConcernedThemselves: the actor may not.
        LedgerKindUnknown: the kind is not in force.

    Events: casework.ledger-entry.changed.v1.
    """
    level = level_of(new.division)
    require_overseer(asker_of(actor), new.division)
    require_unconcerned(asker_of(actor), (new.person,))
    if new.person is None and not (actor.has_role(Role.BUREAU_SUPERVISOR) and actor.division != new.division):
        raise NotOverseer
    office = await require_operating_office(uow.conn, new.division)
    at = now()
    day = beijing_day(at)
    kind = ledger_kind_of(load_catalogue().ledger_kinds, new.kind, on=day)
    state = LedgerEntryState(
        id=uuid7(),
        version=1,
        division=new.division,
        level=level,
        office_id=office.id,
        changed_at=at,
        subject="office" if new.person is None else "person",
        person=new.person,
        source=new.source,
        source_id=new.source_id,
        direction=kind.direction,
        kind=kind.code,
        title=kind.label,
        points=kind.points,
        year=day.year,
        quarter=quarter_of(day),
        entered_on=day,
        entered_by=actor.subject,
        reason=new.reason,
    )
    return await store_record(uow, state, previous=None, action="casework.ledger-entry.enter", reason=new.reason)


async def enter_decision(
    uow: UnitOfWork, held: ProceedingState, kind: DecisionKind, *, at: datetime
) -> LedgerEntryState:
    """Enters what stands of a proceeding when it has become final, once.

    Source: O4.3d, O4.3g.

    Events: casework.ledger-entry.changed.v1.
    """
    day = beijing_day(at)
    state = LedgerEntryState(
        id=uuid5(NAMESPACE, f"ledger:{held.id}"),
        version=1,
        division=held.division,
        level=held.level,
        office_id=held.office_id,
        changed_at=at,
        subject="person",
        person=held.person,
        source="accountability",
        source_id=held.id,
        direction="penalty",
        kind=kind.code,
        title=kind.label,
        points=kind.points,
        year=day.year,
        quarter=quarter_of(day),
        entered_on=day,
        entered_by=None if uow.actor is None else uow.actor.subject,
        reason=kind.label,
    )
    return await store_record(uow, state, previous=None, action="casework.ledger-entry.enter")


async def reverse_entry(uow: UnitOfWork, *, actor: Actor, entry_id: UUID, reason: str) -> LedgerEntryState:
    """Takes an entry back by another one, in the year and quarter that it counts for; a supervisor above does it.

    Source: O4.3g.

    Raises:
        RecordNotFound: not there, or not the actor's to see.
        NotOverseer, ConcernedThemselves: the actor may not.
        ReversalOfReversal, AlreadyReversed: it cannot be taken back, or was.

    Events: casework.ledger-entry.changed.v1.
    """
    taken = await get_entry(uow.session, entry_id, actor=actor)
    require_unconcerned(asker_of(actor), (taken.person,))
    if not (actor.has_role(Role.BUREAU_SUPERVISOR) and actor.division != taken.division):
        raise NotOverseer
    require_reversible(taken)
    at = now()
    state = taken.model_copy(
        update={
            "id": uuid5(NAMESPACE, f"reversal:{taken.id}"),
            "changed_at": at,
            "source": "reversal",
            "source_id": taken.source_id,
            "points": -taken.points,
            "entered_on": beijing_day(at),
            "entered_by": actor.subject,
            "reason": reason,
            "reverses": taken.id,
        }
    )
    try:
        return await store_record(uow, state, previous=None, action="casework.ledger-entry.reverse", reason=reason)
    except RecordExists:
        raise AlreadyReversed from None


async def get_entry(session: AsyncSession, entry_id: UUID, *, actor: Actor) -> LedgerEntryState:
    """One entry, for the person concerned, the head of the office and supervisors above.

    Source: O4.3g.

    Raises:
        RecordNotFound: none of this id, or not the actor's to see.
    """
    if actor.has_role(*OVERSEERS):
        return await get_record(session, LedgerEntryState, entry_id, actor=actor)
    found = await get_record(session, LedgerEntryState, entry_id)
    if found.person != actor.subject:
        raise RecordNotFound
    return found


async def list_entries(
    session: AsyncSession,
    *,
    actor: Actor,
    division: str | None,
    person: str | None,
    year: int | None,
    after: UUID | None,
    limit: int,
) -> list[LedgerEntryState]:
    """Entries of the actor's subtree, for heads and supervisors; of themselves, for everybody. Source: O4.3g."""
    wanted, scope = _seen(actor, division=division, person=person, year=year)
    return await list_records(session, LedgerEntryState, wanted, actor=scope, after=after, limit=limit)


async def sum_entries(
    session: AsyncSession, *, actor: Actor, division: str | None, person: str | None, year: int
) -> list[PeriodSums]:
    """Points of a year by person and office, with the grade of each quarter that has begun. Source: O4.3g."""
    wanted, scope = _seen(actor, division=division, person=person, year=year)
    by = ("subject", "person", "division", "quarter", "points")
    counted = await count_records(session, LedgerEntryState, wanted, by=by, actor=scope)
    found: dict[tuple[str, str | None, str], dict[int, int]] = {}
    for (subject, who, where, quarter, points), count in counted.items():
        quarters = found.setdefault((str(subject), who, str(where)), dict.fromkeys(QUARTERS, 0))
        quarters[int(quarter or 0)] += int(points or 0) * count
    return [_sums(key, quarters, year) for key, quarters in sorted(found.items(), key=lambda pair: str(pair[0]))]


def _sums(key: tuple[str, str | None, str], quarters: Mapping[int, int], year: int) -> PeriodSums:
    subject, person, division = key
    graded = {}
    for quarter, points in quarters.items():
        first = date(year, (quarter - 1) * _MONTHS + 1, 1)
        scale = scale_on(load_catalogue().grade_scales, first)
        if first <= today():
            graded[quarter] = (points, None if scale is None else grade_of(scale.base + points, scale.grades))
    return PeriodSums(
        subject="office" if subject == "office" else "person",
        person=person,
        division=division,
        year=year,
        points=sum(quarters.values()),
        quarters=graded,
    )


def _seen(actor: Actor, *, division: str | None, person: str | None, year: int | None) -> tuple[Wanted, Actor | None]:
    is_overseer = actor.has_role(*OVERSEERS)
    who = person if is_overseer else actor.subject
    equal = {"person": who, "year": year}
    wanted = Wanted(within=division, equal=tuple((name, value) for name, value in equal.items() if value is not None))
    return wanted, actor if is_overseer and who != actor.subject else None


def list_kinds() -> Catalogue:
    """The kinds of decisions, rewards and penalties with how sure each is; anybody may know them. Source: O4.3e."""
    return load_catalogue()
