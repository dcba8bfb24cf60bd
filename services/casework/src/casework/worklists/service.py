"""Use cases of worklists."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.accountability.service import standing_rules
from casework.calendar.service import current_calendar
from casework.cases import service as cases
from casework.cases.domain import ClosingResult
from casework.cases.service import CaseView, ListKind, SeenCase, Tally
from casework.clock.domain import Calendar
from casework.worklists.domain import Colouring, WorkColour, colouring
from common.auth import Actor
from common.clock import today
from common.crypto import FieldCipher
from common.db import Connection
from common.divisions import ancestors_of
from common.errors import DomainError
from common.uow import UnitOfWork

BatchAct = Literal["take", "acceptance", "closure", "collection"]


@dataclass(frozen=True, slots=True)
class Task:
    """One case of a worklist.

    Attributes:
        remaining: working days until and with the last day; below 0 when it is over; None while it stands still.
    """

    view: CaseView
    colour: WorkColour
    remaining: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """How many open cases a place has, by urgency; `is_own` is the division's own office without what lies below."""

    place: str
    is_own: bool
    total: int
    red: int
    yellow: int
    reminder: int
    still: int
    registered: int
    supplementing: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case of a batch."""

    case_id: UUID
    view: CaseView | None
    refusal: DomainError | None


async def colours_of_today(conn: Connection, session: AsyncSession) -> tuple[Calendar, Colouring]:
    """The calendar, and the colours that the rules in force give today. Source: O4.3c."""
    calendar, on = await current_calendar(conn), today()
    return calendar, colouring(await standing_rules(session, on), calendar, on=on)


async def list_tasks(
    uow: UnitOfWork,
    cipher: FieldCipher,
    actor: Actor,
    *,
    kind: ListKind,
    colour: WorkColour | None,
    item_code: str | None,
    stage: str | None,
    division: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Task]:
    """Open cases in the order of their remaining working days, each with its colour.

    Source: O4.3b, O4.3c.

    Raises:
        RoleRequired, InvalidDivisionCode: the actor has no such list; no division.
    """
    calendar, colours = await colours_of_today(uow.conn, uow.session)
    first, last = colours.span(colour) if colour is not None else (None, None)
    narrowed = cases.narrowed_to(item_code=item_code, stage=stage, due_from=first, due_until=last)
    found = await cases.list_next_cases(
        uow.conn, cipher, actor, kind=kind, narrowed=narrowed, division=division, after=after, limit=limit
    )
    return [_task(view, calendar, colours) for view in found]


async def count_tasks(uow: UnitOfWork, cipher: FieldCipher, actor: Actor, *, division: str) -> list[Load]:
    """How many open cases each place directly below a division has, with everything below that place.

    Source: O4.3c.

    Raises:
        RoleRequired, InvalidDivisionCode: the actor reads no cases; no division.
    """
    _, colours = await colours_of_today(uow.conn, uow.session)
    tallies = await cases.tally_open_cases(uow.conn, cipher, actor, division=division, days=colours.days)
    loads: dict[tuple[str, bool], Load] = {}
    for tally in tallies:
        place = _child(division, tally.place.ljust(len(division), "0"))
        load = _load(place, tally, is_own=place == division)
        key = (place, load.is_own)
        loads[key] = load if key not in loads else _sum(loads[key], load)
    return [loads[key] for key in sorted(loads)]


async def act_on_many(
    uow: UnitOfWork, *, cipher: FieldCipher, act: BatchAct, seen: Sequence[SeenCase], result: ClosingResult | None
) -> list[Outcome]:
    """The same act on several cases; each succeeds or is refused by itself, and says so.

    Source: O4.1c.

    Events: what the act tells of each case.
    """
    outcomes = []
    for one in sorted(seen, key=lambda one: one.id):  # two batches never wait for each other
        try:
            async with uow.conn.transaction():
                outcomes.append(Outcome(one.id, await _work(act, result)(uow, cipher=cipher, seen=one), None))
        except DomainError as refusal:
            outcomes.append(Outcome(one.id, None, refusal))
    return outcomes


def _work(act: BatchAct, result: ClosingResult | None) -> Callable[..., Awaitable[CaseView]]:
    if act == "closure":
        return partial(cases.close_case, result=result or ClosingResult.OTHER)
    works: dict[BatchAct, Callable[..., Awaitable[CaseView]]] = {
        "take": cases.take_case,
        "acceptance": cases.accept_case,
        "collection": cases.collect_result,
    }
    return works[act]


def _task(view: CaseView, calendar: Calendar, colours: Colouring) -> Task:
    due = view.case.due_on
    remaining = None if due is None else calendar.working_days_between(colours.on, due)
    return Task(view, colours.of(due), remaining)


def _child(root: str, place: str) -> str:
    """The division directly below a root in which a place lies; the root itself for what is its own."""
    chain = [place, *ancestors_of(place)]
    return place if place == root or root not in chain else chain[chain.index(root) - 1]


def _load(place: str, tally: Tally, *, is_own: bool) -> Load:
    red, yellow, reminder = tally.by_due
    return Load(
        place,
        is_own,
        tally.total,
        red,
        yellow - red,
        reminder - yellow,
        tally.still,
        tally.registered,
        tally.supplementing,
    )


def _sum(left: Load, right: Load) -> Load:
    names = ("total", "red", "yellow", "reminder", "still", "registered", "supplementing")
    return replace(left, **{name: getattr(left, name) + getattr(right, name) for name in names})
