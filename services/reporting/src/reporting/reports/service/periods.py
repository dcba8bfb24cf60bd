"""Opening, closing and reopening periods, by order or by schedule. Source: O6.3a, S6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog

from common.auth import Actor, require_role, require_scope
from common.clock import now, today
from common.contracts.reporting.reports import (
    Cycle,
    LevelDays,
    LevelDue,
    PeriodAct,
    PeriodState,
    PeriodStatus,
    ScheduleState,
    TemplateLine,
)
from common.directory import require_division
from common.divisions import Level, level_of
from common.ids import uuid7
from common.records.errors import RecordNotFound
from common.records.service import Wanted, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork
from reporting.indicators.service import list_definitions
from reporting.programmes.service import get_decided
from reporting.reports.domain.states import OPENERS, require_period_step
from reporting.reports.domain.templates import (
    Place,
    cycle_containing,
    cycles_due,
    due_after,
    places_of,
    require_days,
    require_template,
)
from reporting.reports.errors import NobodyReports, PeriodDatesInvalid, ScheduleEnded
from reporting.reports.repository import Periods, levels_from
from reporting.reports.service.deciding import lock_page
from reporting.reports.service.keeping import Seen, actor_of

_log = structlog.get_logger("reporting.reports")


@dataclass(frozen=True, slots=True)
class Call:
    """Who is asked for what, by when.

    Attributes:
        roots: the divisions whose subtrees report.
        down_to: the lowest level that reports.
    """

    title: str
    programme_id: UUID | None
    first_on: date
    as_of: date
    roots: tuple[str, ...]
    down_to: Level
    due: tuple[LevelDue, ...]
    lines: tuple[TemplateLine, ...]


@dataclass(frozen=True, slots=True)
class Scheduling:
    """A regular call as data."""

    title: str
    programme_id: UUID | None
    cycle: Cycle
    starts_on: date
    ends_on: date | None
    roots: tuple[str, ...]
    down_to: Level
    due_days: tuple[LevelDays, ...]
    lines: tuple[TemplateLine, ...]


async def open_period(uow: UnitOfWork, *, call: Call) -> PeriodState:
    """Opens an ad hoc period for divisions below the actor's own; template and places are frozen with it.

    Source: O6.3a, S6, S4.

    Raises:
        RoleRequired, OutOfScope, DivisionUnknown, DivisionRetired: not this actor's to ask.
        ProgrammeNotFound, ProgrammeNotInState: no programme that concerns the actor; it is a draft.
        TemplateInvalid, PeriodDatesInvalid, NobodyReports: with what is wrong.

    Events: reporting.report-period.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *OPENERS)
    await _require_template(uow, call.lines, on=call.as_of)
    await _require_roots(uow, actor, call.roots)
    await _require_programme(uow, actor, call.programme_id)
    places = await _places(uow, call, opener=actor.division)
    return await _open(uow, call, places, period_id=uuid7(), division=actor.division, by=actor.subject)


async def begin_closing(uow: UnitOfWork, *, seen: Seen) -> PeriodState:
    """From now on only what was handed in moves on.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, PeriodNotInState.

    Events: reporting.report-period.changed.v1.
    Locks: the gate, alone.
    """
    return await _step(uow, seen, "closing", None)


async def close_period(uow: UnitOfWork, *, seen: Seen) -> PeriodState:
    """Closes it: what is approved is locked, the first of it at once, the rest by the job; nothing else moves.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, PeriodNotInState.

    Events: reporting.report-period.changed.v1, reporting.report.changed.v1.
    Locks: the gate, alone.
    """
    state = await _step(uow, seen, "closed", None)
    await lock_page(uow, state.id)
    return state


async def reopen_period(uow: UnitOfWork, *, seen: Seen, reason: str) -> PeriodState:
    """Opens it again, with a reason; what is locked stays so.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, PeriodNotInState.

    Events: reporting.report-period.changed.v1.
    Locks: the gate, alone.
    """
    return await _step(uow, seen, "open", reason)


async def add_schedule(uow: UnitOfWork, *, scheduling: Scheduling) -> ScheduleState:
    """A regular report as data: its periods open by themselves when their cycle has ended.

    Source: O6.3a.

    Raises:
        RoleRequired, OutOfScope, DivisionUnknown, DivisionRetired: not this actor's to ask.
        ProgrammeNotFound, ProgrammeNotInState: no programme that concerns the actor; it is a draft.
        TemplateInvalid, PeriodDatesInvalid, NobodyReports: with what is wrong.

    Events: reporting.report-schedule.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *OPENERS)
    await _require_template(uow, scheduling.lines, on=today())
    await _require_roots(uow, actor, scheduling.roots)
    await _require_programme(uow, actor, scheduling.programme_id)
    first, last = cycle_containing(scheduling.cycle, today())
    oldest, _ = cycle_containing(scheduling.cycle, date.fromordinal(first.toordinal() - 1))
    if scheduling.starts_on < oldest or (scheduling.ends_on or scheduling.starts_on) < scheduling.starts_on:
        raise PeriodDatesInvalid("报送安排不得早于上一周期开始，也不得先终止后开始", wrong="starts_on")
    await _places(uow, _call_of(scheduling, first, last), opener=actor.division)
    state = ScheduleState(
        id=uuid7(),
        version=1,
        division=actor.division,
        level=actor.level,
        changed_at=now(),
        **{name: getattr(scheduling, name) for name in Scheduling.__dataclass_fields__},
    )
    return await store_record(uow, state, previous=None, action="reporting.report-schedule.add")


async def end_schedule(uow: UnitOfWork, *, seen: Seen, reason: str) -> ScheduleState:
    """No more periods open by it; those that did, go on.

    Source: O6.3a.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed, ScheduleEnded.

    Events: reporting.report-schedule.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *OPENERS)
    held = await hold_record(uow.session, ScheduleState, seen.id, expected_version=seen.version, actor=actor)
    if held.status == "ended":
        raise ScheduleEnded
    state = next_state(held, status="ended")
    return await store_record(uow, state, previous=held, action="reporting.report-schedule.end", reason=reason)


async def open_scheduled(uow: UnitOfWork) -> int:
    """Opens every period whose cycle has ended and that is not there yet; returns how many.

    Source: O6.3a.

    Events: reporting.report-period.changed.v1.
    Idempotency: a cycle of a schedule has one period, whoever opens it.
    Locks: the schedules.
    """
    opened = 0
    for known in await list_records(uow.session, ScheduleState, Wanted(statuses=("active",))):
        cycles = cycles_due(known.cycle, starts_on=known.starts_on, ends_on=known.ends_on, today=today())
        ids = {_period_id(known.id, first): (first, last) for first, last in cycles}
        lacking = [one for one in ids if not await Periods(uow.conn).exists(one)]
        if not lacking:
            continue
        held = await hold_record(uow.session, ScheduleState, known.id, expected_version=None)
        if held.status == "active":
            opened += sum([await _open_cycle(uow, held, *ids[one]) for one in lacking])
    return opened


async def _open_cycle(uow: UnitOfWork, schedule: ScheduleState, first: date, last: date) -> bool:
    period_id = _period_id(schedule.id, first)
    if await Periods(uow.conn).exists(period_id):
        return False
    call = _call_of(schedule, first, last)
    try:
        places = await _places(uow, call, opener=schedule.division)
    except (NobodyReports, PeriodDatesInvalid) as refused:
        _log.warning("reporting.period-not-opened", schedule=str(schedule.id), code=refused.code)
        return False
    await _open(
        uow, call, places, period_id=period_id, division=schedule.division, by="system", schedule_id=schedule.id
    )
    return True


def _call_of(what: ScheduleState | Scheduling, first: date, last: date) -> Call:
    same = ("programme_id", "roots", "down_to", "lines")
    return Call(
        title=f"{what.title}（{first.isoformat()}至{last.isoformat()}）",
        first_on=first,
        as_of=last,
        due=due_after(last, what.due_days),
        **{name: getattr(what, name) for name in same},
    )


def _period_id(schedule_id: UUID, first: date) -> UUID:
    return uuid5(NAMESPACE_OID, f"report-period {schedule_id} {first.isoformat()}")


async def _require_roots(uow: UnitOfWork, actor: Actor, roots: Sequence[str]) -> None:
    for root in roots:
        require_scope(actor, root)
        await require_division(uow.conn, root)


async def _require_template(uow: UnitOfWork, lines: Sequence[TemplateLine], *, on: date) -> None:
    known = {one.spec.code for one in await list_definitions(uow.conn, on)}
    require_template(lines, known)


async def _require_programme(uow: UnitOfWork, actor: Actor, programme_id: UUID | None) -> None:
    if programme_id is not None:
        await get_decided(uow.conn, programme_id, actor=actor)


async def _places(uow: UnitOfWork, call: Call, *, opener: str) -> list[Place]:
    top = min((level_of(root) for root in call.roots), key=list(Level).index)
    codes = await Periods(uow.conn).divisions(call.roots, levels_from(top, call.down_to), today())
    require_days(call.first_on, call.as_of, call.due, [level_of(code) for code in codes])
    return places_of(codes, opener=opener, due=call.due)


async def _open(
    uow: UnitOfWork,
    call: Call,
    places: Sequence[Place],
    *,
    period_id: UUID,
    division: str,
    by: str,
    schedule_id: UUID | None = None,
) -> PeriodState:
    at = now()
    state = PeriodState(
        id=period_id,
        version=1,
        division=division,
        level=level_of(division),
        changed_at=at,
        kind="ad_hoc" if schedule_id is None else "regular",
        schedule_id=schedule_id,
        expected=len(places),
        due_on=max(one.due_on for one in call.due),
        acts=(PeriodAct(status="open", at=at, by=by),),
        **{name: getattr(call, name) for name in Call.__dataclass_fields__},
    )
    await store_record(uow, state, previous=None, action="reporting.report-period.open")
    await Periods(uow.conn).add(state, places)
    return state


async def _step(uow: UnitOfWork, seen: Seen, to: PeriodStatus, reason: str | None) -> PeriodState:
    actor = actor_of(uow)
    require_role(actor, *OPENERS)
    if await Periods(uow.conn).hold_gate(seen.id) is None:
        raise RecordNotFound
    held = await hold_record(uow.session, PeriodState, seen.id, expected_version=seen.version, actor=actor)
    require_scope(actor, held.division)
    require_period_step(held.status, to)
    at = now()
    acts = (*held.acts, PeriodAct(status=to, at=at, by=actor.subject, reason=reason))
    state = next_state(held, status=to, acts=acts)
    await store_record(uow, state, previous=held, action=f"reporting.report-period.{to}", reason=reason)
    await Periods(uow.conn).put_status(state.id, to)
    return state
