"""Looking at everything once per working day, page by page; at one case at once when somebody asks."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

import structlog

from casework.accountability.domain import Rule
from casework.accountability.repository import Progress, Runs, cases_after
from casework.accountability.service.cases import find_case, get_case
from casework.accountability.service.proceedings import finalise_lapsed
from casework.accountability.service.rules import standing_rules
from casework.accountability.service.warnings import settle_warnings
from casework.accountability.service.watching import (
    OPEN_RECORDS,
    subject_of_case,
    subject_of_record,
    warned_of_case,
    warned_of_record,
)
from casework.calendar.service import current_calendar
from casework.cases.service import apart
from casework.clock.domain import Calendar
from common.auth import Actor, Role, require_role
from common.clock import now, today
from common.contracts import record_of
from common.contracts.casework import CASE_RECORD
from common.contracts.casework.accountability import WarningState
from common.contracts.record import StoredState
from common.records.errors import RecordNotFound
from common.records.service import Wanted, get_record, list_records
from common.uow import UnitOfWork

LOOKERS = (Role.STATION_AGENT, Role.WINDOW_CLERK, Role.OFFICE_HEAD, Role.BUREAU_SUPERVISOR)
log = structlog.get_logger(__name__)
_WATCHED = tuple(OPEN_RECORDS)
_MODELS = {record_of(model).name: model for model in _WATCHED}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at everything needs to know."""

    uow: UnitOfWork
    calendar: Calendar
    rules: tuple[Rule, ...]
    on: date
    limit: int


async def look_at_case(uow: UnitOfWork, *, actor: Actor, case_id: UUID) -> tuple[WarningState, ...]:
    """Looks at one case now and gives the warnings that stand.

    Source: O4.3c.

    Raises:
        RoleRequired, CaseNotFound: the actor's roles read no cases; not there, or not the actor's to see.

    Events: casework.warning.changed.v1, one per warning that is raised or lifted.
    Idempotency: a second look changes nothing.
    """
    require_role(actor, *LOOKERS)
    case = await get_case(uow.conn, case_id, actor=actor)
    look = await _look(uow, today(), limit=1)
    warned = warned_of_case(case, look.calendar, look.rules, look.on)
    return await settle_warnings(uow, subject_of_case(case), warned, on=look.on)


async def look_at_page(uow: UnitOfWork, *, on: date, limit: int) -> bool:
    """Does one page of the day's look at everything; True while there is more for this worker to do.

    Nothing happens on rest days: no working day has passed.

    Source: O4.3c, O4.3d; standards.md §6.

    Events: casework.warning.changed.v1, casework.proceeding.changed.v1, casework.ledger-entry.changed.v1.
    Idempotency: what is done is done again without effect.
    Locks: the day's run; another worker finds it taken and does nothing.
    """
    if not (await current_calendar(uow.conn)).is_working(on):
        return False
    runs = Runs(uow.conn)
    progress = await runs.hold(on)
    if progress is None:
        return False
    page = await _STAGES[progress.stage](await _look(uow, on, limit=limit), progress.after)
    has_more = len(page) == limit
    following = Progress(progress.stage, page[-1]) if has_more else Progress(progress.stage + 1, None)
    is_finished = following.stage == len(_STAGES)
    await runs.store(on, following, finished_at=now() if is_finished else None)
    return not is_finished


async def _look(uow: UnitOfWork, on: date, *, limit: int) -> Look:
    return Look(uow, await current_calendar(uow.conn), await standing_rules(uow.session, on), on, limit)


async def _raised(look: Look, after: UUID | None) -> Sequence[UUID]:
    """What is warned of already: whether the reason still stands."""
    wanted = Wanted(statuses=("raised",))
    page = await list_records(look.uow.session, WarningState, wanted, after=after, limit=look.limit)
    for one in page:
        await _safely(look, partial(_again, look, one), one.subject_id)
    return [one.id for one in page]


async def _again(look: Look, warning: WarningState) -> None:
    if warning.subject == CASE_RECORD:
        await _case(look, warning.subject_id, is_known=True)
        return
    model = _MODELS.get(warning.subject)
    if model is not None:
        try:
            state = await get_record(look.uow.session, model, warning.subject_id)
        except RecordNotFound:
            log.warning("warned_of_nothing", warning=str(warning.id))
            return
        await _record(look, state, is_known=True)


async def _cases(look: Look, after: UUID | None) -> Sequence[UUID]:
    page = await cases_after(look.uow.conn, after, limit=look.limit)
    for case_id in page:
        await _safely(look, partial(_case, look, case_id, is_known=False), case_id)
    return page


async def _case(look: Look, case_id: UUID, *, is_known: bool) -> None:
    """What is not warned of yet and gives no reason costs one read; most cases are so."""
    case = await find_case(look.uow.conn, case_id)
    if case is not None:
        warned = warned_of_case(case, look.calendar, look.rules, look.on)
        if warned or is_known:
            await settle_warnings(look.uow, subject_of_case(case), warned, on=look.on)


def _records(model: type[StoredState]) -> Callable[[Look, UUID | None], Awaitable[Sequence[UUID]]]:
    async def stage(look: Look, after: UUID | None) -> Sequence[UUID]:
        wanted = Wanted(statuses=tuple(sorted(OPEN_RECORDS[model])))
        page = await list_records(look.uow.session, model, wanted, after=after, limit=look.limit)
        for state in page:
            await _safely(look, partial(_record, look, state, is_known=False), state.id)
        return [state.id for state in page]

    return stage


async def _record(look: Look, state: StoredState, *, is_known: bool) -> None:
    warned = warned_of_record(state, look.calendar, look.rules, look.on)
    if warned or is_known:
        subject = subject_of_record(state, record_of(type(state)).name)
        await settle_warnings(look.uow, subject, warned, on=look.on)


async def _lapsed(look: Look, after: UUID | None) -> Sequence[UUID]:
    return [one.id for one in await finalise_lapsed(look.uow, after=after, limit=look.limit)]


async def _safely(look: Look, work: Callable[[], Awaitable[None]], record_id: UUID) -> None:
    """One thing that makes no sense does not keep the rest from being looked at, and leaves nothing half written."""
    await apart(look.uow, "warnings", record_id, work)


_STAGES: tuple[Callable[[Look, UUID | None], Awaitable[Sequence[UUID]]], ...] = (
    _raised,
    _cases,
    *(_records(model) for model in _WATCHED),
    _lapsed,
)
