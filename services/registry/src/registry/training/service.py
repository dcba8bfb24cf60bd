"""Use cases of trainings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import today
from common.contracts.registry.people import (
    StaffMemberState,
    TrainingAttendance,
    TrainingMode,
    TrainingResult,
    TrainingSubject,
)
from common.ids import uuid7
from common.uow import UnitOfWork
from registry.history.domain import Owner, first_state, next_state, require_effective
from registry.history.service import (
    Wanted,
    get_record,
    hold_record,
    list_records,
    list_versions,
    store_record,
    store_records,
)
from registry.offices.domain import READERS, Edge
from registry.offices.service import hold_office
from registry.staff.domain import require_impersonal
from registry.training.domain import (
    HoursTotal,
    RecencyGap,
    hours_by_kind,
    recency_days,
    recency_gaps,
    require_attendance,
)
from registry.training.errors import PostMoved


@dataclass(frozen=True, slots=True)
class NewSession:
    """A training session as somebody wants it recorded.

    Attributes:
        hours: of the session (学时).
        results: by the id of the post of who took part.
    """

    title: str | None
    subject: TrainingSubject
    mode: TrainingMode
    hours: int
    held_on: date
    results: Mapping[UUID, TrainingResult]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Recency:
    """What a warning about an office is made of."""

    on: date
    days: int | None
    gaps: Sequence[RecencyGap]


async def record_session(uow: UnitOfWork, *, actor: Actor, new: NewSession) -> list[TrainingAttendance]:
    """Records a session with everybody who took part, also of several offices of the actor's subtree.

    Source: O3.2b, O1.3a.

    Raises:
        RecordNotFound: no such post in the actor's subtree.
        RoleRequired, OutOfScope, OfficeClosed: not this actor's to record.
        EffectiveDateRefused: it lies after today.
        AttendanceRefused: somebody did not hold the post on that day.
        PostMoved: a post went to another office while this waited for its own.
        TextHoldsPersonalData: title or reason names a number.

    Events: registry.training-attendance.changed.v1 for each.
    Locks: the offices, in the order of their ids.
    """
    require_effective(new.held_on, today=today(), previous=None)
    require_impersonal(new.title, new.reason)
    held = await _hold_posts(uow, actor, list(new.results))
    session_id, states = uuid7(), []
    for post, office in held:
        require_attendance(post, held_on=new.held_on)
        states.append(
            first_state(
                TrainingAttendance,
                office,
                effective_on=new.held_on,
                staff_member_id=post.id,
                session_id=session_id,
                subject=new.subject,
                mode=new.mode,
                hours=new.hours,
                held_on=new.held_on,
                result=new.results[post.id],
                title=new.title,
            )
        )
    return await store_records(uow, states, action="registry.training-attendance.record", reason=new.reason)


async def _hold_posts(uow: UnitOfWork, actor: Actor, post_ids: Sequence[UUID]) -> list[tuple[StaffMemberState, Owner]]:
    """The posts as they stand once nobody else can change their offices any more, each with its office."""
    seen = [await get_record(uow.session, StaffMemberState, post_id, actor=actor) for post_id in post_ids]
    offices = {
        office_id: await hold_office(uow.session, actor=actor, office_id=office_id, edge=Edge.GUIDANCE)
        for office_id in sorted({post.office_id for post in seen})
    }
    posts = [await get_record(uow.session, StaffMemberState, post_id, actor=actor) for post_id in post_ids]
    for before, post in zip(seen, posts, strict=True):
        if post.office_id != before.office_id:
            raise PostMoved(staff_member_id=str(post.id))
    return [(post, offices[post.office_id]) for post in posts]


async def assess_attendance(
    uow: UnitOfWork,
    *,
    actor: Actor,
    attendance_id: UUID,
    expected_version: int,
    result: TrainingResult,
    effective_on: date,
    reason: str | None,
) -> TrainingAttendance:
    """Enters how somebody was assessed, or corrects it.

    Source: O3.2b.

    Raises:
        RecordNotFound, RoleRequired, OutOfScope: none, or not the actor's.
        PreconditionFailed: somebody else changed it meanwhile.
        EffectiveDateRefused: after today or before the training.

    Events: registry.training-attendance.changed.v1.
    Locks: the office and the record.
    """
    seen = await get_record(uow.session, TrainingAttendance, attendance_id, actor=actor)
    await hold_office(uow.session, actor=actor, office_id=seen.office_id, edge=Edge.GUIDANCE)
    current = await hold_record(uow.session, TrainingAttendance, attendance_id, expected_version=expected_version)
    require_impersonal(reason)
    state = next_state(current, effective_on=effective_on, result=result)
    await store_record(uow, state, previous=current, action="registry.training-attendance.assess", reason=reason)
    return state


async def get_attendance(session: AsyncSession, *, actor: Actor, attendance_id: UUID) -> TrainingAttendance:
    """One person's part in a training.

    Raises:
        RoleRequired, RecordNotFound: not the actor's to see.
    """
    require_role(actor, *READERS)
    return await get_record(session, TrainingAttendance, attendance_id, actor=actor)


async def list_attendance_versions(
    session: AsyncSession, *, actor: Actor, attendance_id: UUID
) -> list[TrainingAttendance]:
    """Every state of one person's part in a training.

    Raises:
        RoleRequired, RecordNotFound: not the actor's to see.
    """
    require_role(actor, *READERS)
    return await list_versions(session, TrainingAttendance, attendance_id, actor=actor)


async def list_attendances(
    session: AsyncSession, *, actor: Actor, wanted: Wanted, after: UUID | None, limit: int
) -> list[TrainingAttendance]:
    """Parts in trainings of the actor's subtree, by id.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    return await list_records(session, TrainingAttendance, wanted, actor=actor, after=after, limit=limit)


async def get_recency(session: AsyncSession, *, actor: Actor, office_id: UUID, on: date) -> Recency:
    """Who at an office has had no training of a subject for too long.

    Source: O3.2b.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    wanted = Wanted(office_id=office_id, on=on)
    posts = await list_records(session, StaffMemberState, wanted, actor=actor)
    attendances = await list_records(session, TrainingAttendance, wanted, actor=actor)
    return Recency(on, recency_days(on), recency_gaps(posts, attendances, on=on))


async def get_hours(session: AsyncSession, *, actor: Actor, office_id: UUID, year: int) -> tuple[HoursTotal, ...]:
    """What an office's people were taught in a year, by subject and mode.

    Source: O3.2b.

    Raises:
        RoleRequired: the actor's roles read no staff data.
    """
    require_role(actor, *READERS)
    attendances = await list_records(session, TrainingAttendance, Wanted(office_id=office_id), actor=actor)
    return hours_by_kind(attendances, year=year)
