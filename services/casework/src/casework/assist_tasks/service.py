"""Use cases of assist tasks: the office asks and decides, the station takes and reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from casework.assist_tasks import domain
from casework.assist_tasks.domain import Changes, Station
from casework.assist_tasks.errors import TaskItemUnknown
from casework.cases.service import get_case_state
from casework.cases.service.roles import HANDLERS, READERS, actor_of
from casework.items.service import find_item
from casework.uploads.service import ReceivingCase, attach_uploads
from common.auth import Role, require_role
from common.clock import now, today
from common.contracts.casework import Duty
from common.contracts.casework.assist_tasks import AssistTaskKind, AssistTaskState, AssistTaskStatus
from common.crypto import FieldCipher
from common.directory import DirectoryOffice, find_heirs, require_operating_office
from common.ids import uuid7
from common.records.service import Wanted, get_record, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork

DISPATCHERS = (Role.WINDOW_CLERK, Role.OFFICE_HEAD)
EVIDENCE = "协助任务完成情况证明"
"""What the file of a report is called among the uploads."""

View = Literal["station", "dispatched", "subtree"]


@dataclass(frozen=True, slots=True)
class NewTask:
    """What is asked, of which stations."""

    kind: AssistTaskKind
    asked: str
    stations: tuple[str, ...]
    due_on: date
    item_code: str | None
    duty: Duty | None
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task and the version in which somebody saw it."""

    id: UUID
    version: int


async def dispatch_tasks(uow: UnitOfWork, *, new: NewTask) -> list[AssistTaskState]:
    """Asks stations that the actor's office guides, each with a task of its own; all of them or none.

    Source: O1.1d, O1.3c.

    Raises:
        RoleRequired: neither clerk nor head of an office.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there, or here.
        StationsRepeat, NotOurStation, DueDayPast: not so.
        TaskItemUnknown, CaseNotFound: it is for no item, or for no case, that there is.

    Events: casework.assist-task.changed.v1, one for each.
    """
    actor, at = actor_of(uow), now()
    require_role(actor, *DISPATCHERS)
    domain.require_due_day(new.due_on, today=today())
    ours = await require_operating_office(uow.conn, actor.division)
    stations = [await require_operating_office(uow.conn, division) for division in new.stations]
    domain.require_guided(
        [Station(one.division, one.level, one.guidance_division) for one in stations], by=actor.division
    )
    duty = await _duty_of(uow, new)
    if new.case_id is not None:
        await get_case_state(uow.conn, new.case_id, actor=actor)
    made = [_first(new, duty, ours, station, by=actor.subject, at=at) for station in stations]
    return [await store_record(uow, state, previous=None, action="casework.assist-task.dispatch") for state in made]


async def get_task(uow: UnitOfWork, *, task_id: UUID) -> AssistTaskState:
    """One task of the actor's subtree: of the own station, or of a station below.

    Raises:
        RoleRequired: the actor's roles read no cases.
        RecordNotFound: none, or not the actor's to see.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    return await get_record(uow.session, AssistTaskState, task_id, actor=actor)


async def list_tasks(
    uow: UnitOfWork,
    *,
    view: View,
    status: AssistTaskStatus | None,
    within: str | None,
    case_id: UUID | None,
    is_overdue: bool,
    after: UUID | None,
    limit: int,
) -> list[AssistTaskState]:
    """Tasks in the order of their making.

    Source: O1.1d.

    Args:
        view: of the actor's station, asked by the actor's office, or of all stations of the subtree.
        is_overdue: only those that are not reported although their day is past.

    Raises:
        RoleRequired: the actor's roles read no cases.
    """
    actor = actor_of(uow)
    require_role(actor, *READERS)
    member = {"station": "division", "dispatched": "from_division"}.get(view)
    wanted = Wanted(
        within=within,
        case_id=case_id,
        statuses=() if status is None else (status,),
        equal=() if member is None else ((member, actor.division),),
        due_before=today() if is_overdue else None,
    )
    return await list_records(uow.session, AssistTaskState, wanted, actor=actor, after=after, limit=limit)


async def take_task(uow: UnitOfWork, *, seen: SeenTask) -> AssistTaskState:
    """The station takes it on.

    Source: O1.1d.

    Raises:
        RoleRequired, RecordNotFound, NotAtStation, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids: it waits for nobody.

    Events: casework.assist-task.changed.v1.
    Locks: the task.
    """
    return await _at_station(uow, seen, "take", lambda state, by, at: domain.take(state, by=by, at=at))


async def report_task(
    uow: UnitOfWork,
    *,
    cipher: FieldCipher,
    seen: SeenTask,
    is_done: bool,
    told: str,
    reason: str | None,
    evidence_file_id: UUID | None,
) -> AssistTaskState:
    """The station tells what came of it; an uploaded file that shows it belongs to the task from now on.

    Source: O1.1d, O1.4f.

    Raises:
        RoleRequired, RecordNotFound, NotAtStation, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids, ReasonRequired: not now, or not so.
        UploadNotFound, UploadAttached, UploadRemoved: the file is not there, or belongs to something else.

    Events: casework.assist-task.changed.v1, casework.upload.changed.v1.
    Locks: the task, the upload.
    """

    def change(state: AssistTaskState, by: str, at: datetime) -> Changes:
        return domain.report(
            state, is_done=is_done, told=told, reason=reason, evidence_file_id=evidence_file_id, by=by, at=at
        )

    state = await _at_station(uow, seen, "report", change)
    if evidence_file_id is not None:
        task = ReceivingCase(state.id, state.division, cast("UUID", state.office_id))
        await attach_uploads(uow, cipher=cipher, case=task, files=[(evidence_file_id, EVIDENCE)])
    return state


async def return_report(uow: UnitOfWork, *, seen: SeenTask, reason: str) -> AssistTaskState:
    """The office sends the report back.

    Source: O1.1d.

    Raises:
        RoleRequired, RecordNotFound, NotDispatcher, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids: there is no report.

    Events: casework.assist-task.changed.v1.
    Locks: the task.
    """

    def change(state: AssistTaskState, by: str, at: datetime) -> Changes:
        return domain.return_report(state, reason=reason, by=by, at=at)

    return await _by_office(uow, seen, "return", change, reason=reason)


async def accept_report(
    uow: UnitOfWork, *, seen: SeenTask, quality_permille: int | None, reason: str | None
) -> AssistTaskState:
    """The office accepts the report, with its quality where it was done.

    Source: O1.4f.

    Raises:
        RoleRequired, RecordNotFound, NotDispatcher, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids, QualityRequired, QualityNeedsReason: not now, or not so.

    Events: casework.assist-task.changed.v1.
    Locks: the task.
    """

    def change(state: AssistTaskState, by: str, at: datetime) -> Changes:
        return domain.accept(state, quality_permille=quality_permille, reason=reason, by=by, at=at)

    return await _by_office(uow, seen, "accept", change, reason=reason)


async def reject_report(uow: UnitOfWork, *, seen: SeenTask, reason: str) -> AssistTaskState:
    """The office does not accept it; it is not paid.

    Source: O1.4f.

    Raises:
        RoleRequired, RecordNotFound, NotDispatcher, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids: there is no report.

    Events: casework.assist-task.changed.v1.
    Locks: the task.
    """

    def change(state: AssistTaskState, by: str, at: datetime) -> Changes:
        return domain.reject(state, reason=reason, by=by, at=at)

    return await _by_office(uow, seen, "reject", change, reason=reason)


async def withdraw_task(uow: UnitOfWork, *, seen: SeenTask, reason: str) -> AssistTaskState:
    """The office no longer asks for it.

    Source: O1.1d.

    Raises:
        RoleRequired, RecordNotFound, NotDispatcher, PreconditionFailed: not this actor's to do, or changed meanwhile.
        TaskStateForbids: it is reported or has ended.

    Events: casework.assist-task.changed.v1.
    Locks: the task.
    """
    return await _by_office(
        uow, seen, "withdraw", lambda state, _by, at: domain.withdraw(state, reason=reason, at=at), reason=reason
    )


async def _duty_of(uow: UnitOfWork, new: NewTask) -> Duty | None:
    """The duty that it belongs to: its item's, where it is for one."""
    if new.item_code is None:
        return new.duty
    item = await find_item(uow.conn, new.item_code, on=today(), division=None)
    if item is None:
        raise TaskItemUnknown
    return cast("Duty", item.duty)


def _first(
    new: NewTask, duty: Duty | None, ours: DirectoryOffice, station: DirectoryOffice, *, by: str, at: datetime
) -> AssistTaskState:
    return AssistTaskState(
        id=uuid7(),
        version=1,
        division=station.division,
        level=station.level,
        office_id=station.id,
        changed_at=at,
        kind=new.kind,
        status="dispatched",
        asked=new.asked,
        item_code=new.item_code,
        duty=duty,
        case_id=new.case_id,
        from_division=ours.division,
        from_office_id=ours.id,
        dispatched_by=by,
        dispatched_at=at,
        asked_for_on=new.due_on,
        due_on=new.due_on,
    )


_Change = Callable[[AssistTaskState, str, datetime], Changes]


async def _at_station(uow: UnitOfWork, seen: SeenTask, verb: str, change: _Change) -> AssistTaskState:
    actor = actor_of(uow)
    require_role(actor, *HANDLERS)
    state = await hold_record(uow.session, AssistTaskState, seen.id, expected_version=seen.version, actor=actor)
    heirs = await find_heirs(uow.conn, (state.division,))
    domain.require_station(state, division=actor.division, heirs=heirs)
    return await _store(uow, state, verb, change(state, actor.subject, now()), reason=None)


async def _by_office(
    uow: UnitOfWork, seen: SeenTask, verb: str, change: _Change, *, reason: str | None
) -> AssistTaskState:
    actor = actor_of(uow)
    require_role(actor, *DISPATCHERS)
    state = await hold_record(uow.session, AssistTaskState, seen.id, expected_version=seen.version, actor=actor)
    heirs = await find_heirs(uow.conn, (state.from_division,))
    domain.require_dispatcher(state, division=actor.division, heirs=heirs)
    return await _store(uow, state, verb, change(state, actor.subject, now()), reason=reason)


async def _store(
    uow: UnitOfWork, state: AssistTaskState, verb: str, changes: Changes, *, reason: str | None
) -> AssistTaskState:
    return await store_record(
        uow, next_state(state, **changes), previous=state, action=f"casework.assist-task.{verb}", reason=reason
    )
