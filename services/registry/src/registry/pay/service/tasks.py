"""Tasks: taken in from closed cases, accepted or rejected, assigned to a post."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from common.auth import Actor, require_role
from common.clock import now
from common.contracts.registry.people import StaffMemberState
from common.db import Connection
from common.divisions import Level
from common.errors import PreconditionFailed
from common.uow import UnitOfWork
from registry.history.errors import RecordNotFound
from registry.history.service import list_versions
from registry.offices.domain import READERS
from registry.offices.errors import OfficeNotFound
from registry.offices.service import get_office
from registry.pay.domain import (
    Period,
    Task,
    TaskStatus,
    handler_of,
    require_assignee,
    require_decidable,
    require_payer,
    require_quality,
)
from registry.pay.errors import AssigneeRefused, TaskNotFound
from registry.pay.repository import Claim, TaskFilter, Tasks, insert_checks, put_claims, withdraw_claims
from registry.staff.domain import require_impersonal
from registry.staff.service import list_posts_at

RECORD = "registry.pay_task"
_UNPAID = (TaskStatus.OPEN, TaskStatus.ACCEPTED, TaskStatus.REJECTED)


async def keep_tasks(conn: Connection, *, claims: Sequence[Claim], reopened: Sequence[tuple[UUID, int]]) -> None:
    """Keeps closed cases of stations as tasks; those that are closed no longer, or were never done, are taken back.

    Source: O1.4f.

    Args:
        reopened: cases and versions that are not closed.

    Idempotency: a version of a case that is here, or an older one, changes nothing.
    """
    taken_back = await put_claims(conn, claims) if claims else []
    if reopened:
        taken_back += await withdraw_claims(conn, reopened)
    await insert_checks(conn, cases=taken_back, offices={claim.office_id for claim in claims})


async def get_task(session: AsyncSession, *, actor: Actor, case_id: UUID) -> Task:
    """One task of the actor's subtree.

    Raises:
        RoleRequired: the actor's roles read no pay data.
        TaskNotFound: none, or not the actor's to see.
    """
    require_role(actor, *READERS)
    task = await Tasks(session).find(case_id, actor=actor)
    if task is None:
        raise TaskNotFound
    return task


async def list_tasks(
    session: AsyncSession, wanted: TaskFilter, *, actor: Actor, after: UUID | None, limit: int
) -> list[Task]:
    """Tasks of the actor's subtree by case.

    Raises:
        RoleRequired: the actor's roles read no pay data.
    """
    require_role(actor, *READERS)
    return await Tasks(session).page(wanted, actor=actor, after=after, limit=limit)


async def accept_task(
    uow: UnitOfWork, *, actor: Actor, case_id: UUID, expected_version: int, quality_permille: int, reason: str | None
) -> Task:
    """The town's office finds the task done, and how well.

    Source: O1.4f.

    Raises:
        TaskNotFound, RoleRequired, OutOfScope, PayNotOwn: no such task, or not this actor's to accept.
        PreconditionFailed: somebody else decided it meanwhile.
        TaskPaid, TaskDecided, QualityNeedsReason: it cannot be accepted so.

    Locks: the task.
    """
    require_impersonal(reason)
    task = await _hold_task(uow.session, actor, case_id, expected_version)
    require_decidable(task, *_UNPAID)
    require_quality(quality_permille, reason=reason, on=task.closed_on)
    values: dict[str, Any] = {"staff_member_id": task.staff_member_id or await _handler(uow.session, task)}
    values |= {"status": TaskStatus.ACCEPTED.value, "quality_permille": quality_permille, "decision_reason": reason}
    return await _decide(uow, actor, task, "accept", reason, values | {"decided_at": now()})


async def reject_task(uow: UnitOfWork, *, actor: Actor, case_id: UUID, expected_version: int, reason: str) -> Task:
    """The town's office finds the task not done, and tells why; it is not paid.

    Source: O1.4f.

    Raises:
        TaskNotFound, RoleRequired, OutOfScope, PayNotOwn, PreconditionFailed, TaskPaid, TaskDecided: as accept_task.

    Locks: the task.
    """
    require_impersonal(reason)
    task = await _hold_task(uow.session, actor, case_id, expected_version)
    require_decidable(task, *_UNPAID)
    values = {"status": TaskStatus.REJECTED.value, "quality_permille": None, "decision_reason": reason}
    return await _decide(uow, actor, task, "reject", reason, values | {"decided_at": now()})


async def assign_task(
    uow: UnitOfWork,
    *,
    actor: Actor,
    case_id: UUID,
    expected_version: int,
    staff_member_id: UUID,
    reason: str | None,
) -> Task:
    """Says whose task it was, where no account tells it, or another one than the account tells.

    Source: O1.4f.

    Raises:
        TaskNotFound, RoleRequired, OutOfScope, PayNotOwn, PreconditionFailed, TaskPaid, TaskDecided: as accept_task.
        AssigneeRefused: no post of the station, or not held on the day.

    Locks: the task.
    """
    require_impersonal(reason)
    task = await _hold_task(uow.session, actor, case_id, expected_version)
    require_decidable(task, *_UNPAID)
    try:
        versions = await list_versions(uow.session, StaffMemberState, staff_member_id)
    except RecordNotFound:
        raise AssigneeRefused(on=task.closed_on.isoformat()) from None
    require_assignee(versions, office_id=task.office_id, on=task.closed_on)
    return await _decide(uow, actor, task, "assign", reason, {"staff_member_id": staff_member_id})


async def follow_office(session: AsyncSession, office_id: UUID) -> int:
    """Takes the unpaid tasks of an office along: to its division of today, or to the office that it was merged into.

    Source: O1.4f, ADR 0014.
    """
    try:
        heir = await get_office(session, office_id=office_id)
        while heir.merged_into is not None:
            heir = await get_office(session, office_id=heir.merged_into)
    except OfficeNotFound:
        return 0
    return await Tasks(session).follow(office_id, heir_id=heir.id, division=heir.division)


async def map_handlers(session: AsyncSession, *, within: str, period: Period) -> None:
    """Gives tasks of a period to the posts of the accounts that closed their cases.

    Source: O1.4f.
    """
    tasks = Tasks(session)
    for task in await tasks.unmapped(within=within, period=period):
        found = await _handler(session, task)
        if found is not None:
            await tasks.decide(task.case_id, version=task.version, staff_member_id=found)


async def _handler(session: AsyncSession, task: Task) -> UUID | None:
    if task.handler is None:
        return None
    posts = await list_posts_at(session, office_id=task.office_id)
    return handler_of(posts, account=task.handler, office_id=task.office_id, on=task.closed_on)


async def _hold_task(session: AsyncSession, actor: Actor, case_id: UUID, expected_version: int) -> Task:
    if await Tasks(session).find(case_id, actor=actor) is None:
        raise TaskNotFound
    (task,) = await Tasks(session).hold([case_id])
    office = await get_office(session, office_id=task.office_id)
    require_payer(
        actor, leadership_division=office.leadership_division, division=office.division, level=Level(office.level)
    )
    if task.version != expected_version:
        raise PreconditionFailed(current_version=task.version)
    return task


async def _decide(
    uow: UnitOfWork, actor: Actor, task: Task, verb: str, reason: str | None, values: dict[str, Any]
) -> Task:
    tasks = Tasks(uow.session)
    if not await tasks.decide(task.case_id, version=task.version, **values):
        raise PreconditionFailed
    await uow.record_audit(f"{RECORD}.{verb}", RECORD, str(task.case_id), division=task.division, reason=reason)
    decided = await tasks.find(task.case_id, actor=actor)
    assert decided is not None  # noqa: S101 - it was there a moment ago, and is locked
    return decided
