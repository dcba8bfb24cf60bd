"""From receipt to acceptance: what is missing, acceptance, refusal, silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from casework.calendar.service import current_calendar
from casework.cases.domain import (
    APPLICANT,
    Brought,
    Case,
    accept,
    add_received,
    ask_supplement,
    deem_accepted,
    event_of,
    make_reason,
    refuse,
    supply,
    supply_tolerated,
)
from casework.cases.errors import NotSilent
from casework.cases.repository import CaseStates, LockedCase
from casework.cases.service.apart import apart
from casework.cases.service.context import Act, SeenCase, change_case
from casework.cases.service.registering import checked
from casework.cases.service.roles import actor_of, entry_of, system_entry
from casework.cases.service.views import CaseView, Remember
from casework.clock.domain import Calendar
from common.clock import now, today
from common.contracts.casework import CASE_TOPIC
from common.crypto import FieldCipher
from common.policy import parameter
from common.telemetry import current_traceparent
from common.uow import UnitOfWork

SUPPLEMENT_DAYS = "case_supplement_days"


async def accept_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    tolerated: Sequence[tuple[str, date]] = (),
    remember: Remember | None = None,
) -> CaseView:
    """Takes a registered case on; some materials may come later (容缺受理).

    Source: O4.1b, O4.3c.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version; not theirs.
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.
        NotSupplementing, ToleranceRefused: something is missing; the day of a material is over.

    Events: casework.case.accepted.v1.
    """
    later = [(make_reason(name), day) for name, day in tolerated]
    act = Act("accept", lambda case, m: accept(case, by=m.by, at=m.at, calendar=m.calendar, tolerated=later))
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def refuse_case(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, reason: str, remember: Remember | None = None
) -> CaseView:
    """Declines a registered case, telling why.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version; not theirs.
        ReasonHoldsPersonalData: the reason names somebody's number.
        CaseAlreadyAccepted, CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: the state forbids.
        AcceptanceLapsed: the law has accepted it.

    Events: casework.case.refused.v1.
    """
    told = make_reason(reason)
    act = Act("refuse", lambda case, m: refuse(case, reason=told, by=m.by, at=m.at, calendar=m.calendar), reason=told)
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def ask_for_supplement(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    materials: Sequence[str] = (),
    days: int | None = None,
    remember: Remember | None = None,
) -> CaseView:
    """Tells the applicant everything that is missing (一次性告知).

    Source: O4.3c; standards.md §6.

    Args:
        materials: what is missing beside what the item requires and the office has not received.
        days: working days that the applicant has; None takes the parameter.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version; not theirs.
        ReasonHoldsPersonalData: a material names somebody's number.
        CaseAlreadyAccepted, …, NothingMissing, SupplementNotAtOnce, AcceptanceLapsed: the state or a rule forbids.

    Events: casework.case.changed.v1.
    """
    missing = [make_reason(name) for name in materials]
    given = days if days is not None else parameter(SUPPLEMENT_DAYS, on=today()).number
    act = Act(
        "ask_supplement",
        lambda case, m: ask_supplement(
            case,
            materials=missing,
            due_on=m.calendar.add_working_days(m.on, given),
            by=m.by,
            at=m.at,
            calendar=m.calendar,
        ),
    )
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def supply_case(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenCase,
    brought: Sequence[Brought] = (),
    is_applicant: bool = False,
    remember: Remember | None = None,
) -> CaseView:
    """Everything that was missing has come.

    Source: O4.3c.

    Args:
        brought: the pieces that came; none says that all came that were missing.
        is_applicant: the applicant brings it online; that the case is theirs is asked before.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version; not theirs.
        NotSupplementing, CaseAlready…: the state forbids.
        StillMissing, ReasonHoldsPersonalData: the pieces told are too few; a material names somebody's number.

    Events: casework.case.changed.v1.
    """
    pieces = checked(brought)
    act = Act("supply", lambda case, m: supply(case, by=m.by, at=m.at, calendar=m.calendar, brought=pieces))
    if is_applicant:
        act = act.by_applicant()
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


async def receive_materials(uow: UnitOfWork, *, held: Case, brought: Sequence[Brought], is_applicant: bool) -> Case:
    """Notes materials that came while nothing was asked for; who may bring them, the caller has asked before.

    Source: O4.2b, O4.3b.

    Args:
        held: the case, locked.
        is_applicant: the applicant brings them online.

    Raises:
        ReasonHoldsPersonalData: a material names somebody's number.
        CaseAlreadyRefused, CaseAlreadyWithdrawn, CaseAlreadyClosed: it has ended.

    Events: casework.case.changed.v1.
    """
    actor = actor_of(uow)
    by = APPLICANT if is_applicant else actor.subject
    case = add_received(held, brought=checked(brought), by=by, at=now())
    event = event_of(case, before=held.status, traceparent=current_traceparent())
    audit = entry_of(actor, "receive", case)
    await CaseStates(uow.conn).change_as_system(case, audit=audit, topic=CASE_TOPIC, event=event)
    uow.wake_relay()
    return case


async def supply_tolerated_material(
    uow: UnitOfWork, *, cipher: FieldCipher, seen: SeenCase, material: str, remember: Remember | None = None
) -> CaseView:
    """A material that was allowed to come later has come.

    Source: O4.1b.

    Raises:
        RoleRequired, CaseNotFound, PreconditionFailed, NotHolder: may not; not there; saw an older version; not theirs.
        MaterialsUnknown: it is not awaited.

    Events: casework.case.changed.v1.
    """
    act = Act("supply_tolerated", lambda case, m: supply_tolerated(case, material=material, by=m.by, at=m.at))
    return await change_case(uow, cipher=cipher, seen=seen, act=act, remember=remember)


@dataclass(frozen=True, slots=True)
class Deemed:
    """What one batch did.

    Attributes:
        accepted: how many cases.
        after: where the next batch begins; None when there is none.
    """

    accepted: int
    after: tuple[date, UUID] | None


async def deem_silent_cases(uow: UnitOfWork, *, limit: int, after: tuple[date, UUID] | None = None) -> Deemed:
    """Accepts by law the cases about which their office was silent too long; looks at `limit` of them at most.

    A case that fails is told, counted and left as it is.

    Source: O4.3c; standards.md §6 (行政许可法32条).

    Args:
        after: where the batch before ended.

    Events: casework.case.accepted.v1 for each.
    Locks: their rows; those that somebody else works on are left for the next time.
    """
    calendar, cases, at = await current_calendar(uow.conn), CaseStates(uow.conn), now()
    found = await cases.lock_silent(on=today(), after=after, limit=limit)
    done = 0
    for one in found:
        done += await apart(uow, "accept_silent_cases", one.id, partial(_deem, cases, one, calendar, at)) or 0
    if done:
        uow.wake_relay()
    last = found[-1] if len(found) == limit else None
    return Deemed(done, None if last is None or last.due_on is None else (last.due_on, last.id))


async def _deem(cases: CaseStates, locked: LockedCase, calendar: Calendar, at: datetime) -> int:
    case = locked.read()
    try:
        accepted = deem_accepted(case, at=at, calendar=calendar)
    except NotSilent:
        # Its day was counted with an older calendar; the recalculation of that calendar will move it.
        return 0
    event = event_of(accepted, before=case.status, traceparent=None)
    await cases.change_as_system(accepted, audit=system_entry("deem_accepted", case), topic=CASE_TOPIC, event=event)
    return 1
