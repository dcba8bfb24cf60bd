"""The queue of a day: drawing a ticket, calling the next one, and what becomes of it."""

from dataclasses import dataclass
from uuid import UUID

from casework.appointments.domain import TicketAct, next_status
from casework.appointments.errors import QueueEmpty, TicketNotFound, WindowBusy, WindowClosed
from casework.appointments.repository import Queue, Ticket
from casework.appointments.service.booking import require_served
from casework.appointments.service.roles import STAFF, TAKERS, actor_of
from common.auth import require_role, require_scope, scope_bounds
from common.clock import now, today
from common.contracts.casework.appointments import ServiceWindowState
from common.contracts.casework.cases import Duty
from common.db import Connection
from common.directory import require_operating_office
from common.errors import PreconditionFailed
from common.records.service import hold_record
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket, and how many of its duty came before and wait."""

    ticket: Ticket
    ahead: int


@dataclass(frozen=True, slots=True)
class QueueView:
    """What the screen in the hall shows."""

    waiting: dict[str, int]
    shown: list[Ticket]


async def take_ticket(uow: UnitOfWork, *, division: str, duty: Duty) -> TicketView:
    """Draws the next number of a duty, for somebody who has come; a ticket knows nobody.

    Source: O4.1c.

    Raises:
        RoleRequired, OutOfScope: the actor may not.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating, DutyNotServed: nobody serves there.

    Locks: the duty's series of the day.
    """
    actor = actor_of(uow)
    require_role(actor, *TAKERS)
    require_scope(actor, division)
    office = await require_operating_office(uow.conn, division)
    await require_served(uow.session, division, duty)
    queue = Queue(uow.conn)
    ticket = await queue.take(office, today(), duty, booked_for=None, at=now())
    return TicketView(ticket, await queue.ahead(ticket))


async def call_next(uow: UnitOfWork, *, window_id: UUID) -> TicketView:
    """Calls to a window who is next there; two windows never call the same ticket.

    Source: O4.1c.

    Raises:
        RoleRequired, RecordNotFound: the actor may not; no such window in scope.
        WindowClosed, WindowBusy, QueueEmpty: it does not call now; it has somebody; nobody waits.

    Locks: the window, so that two clerks at one do not call at once; the ticket.
    """
    actor = actor_of(uow)
    require_role(actor, *STAFF)
    window = await hold_record(uow.session, ServiceWindowState, window_id, expected_version=None, actor=actor)
    if not window.is_open:
        raise WindowClosed
    assert window.office_id is not None, "a window belongs to an office"  # noqa: S101
    queue = Queue(uow.conn)
    at_window = await queue.at_window(window.id, today())
    if at_window is not None:
        raise WindowBusy(ticket_id=str(at_window.id))
    called = await queue.call(window.office_id, today(), window.duties, at=now(), window=(window.id, window.number))
    if called is None:
        raise QueueEmpty
    return TicketView(called, 0)


async def move_ticket(uow: UnitOfWork, *, ticket_id: UUID, version: int, act: TicketAct) -> TicketView:
    """Calls again, serves, passes over, or finishes with whoever was called.

    Source: O4.1c.

    Raises:
        RoleRequired, TicketNotFound, PreconditionFailed: may not; not there or not in scope; saw an older version.
        TicketStateForbids: not from where it stands.
    """
    actor = actor_of(uow)
    require_role(actor, *STAFF)
    queue = Queue(uow.conn)
    ticket = await queue.find(ticket_id, bounds=scope_bounds(actor))
    if ticket is None:
        raise TicketNotFound
    if ticket.version != version:
        raise PreconditionFailed(current_version=ticket.version)
    moved = await queue.move(ticket, next_status(ticket.status, act), act, at=now())
    if moved is None:
        raise PreconditionFailed
    return TicketView(moved, 0)


async def get_ticket(conn: Connection, *, ticket_id: UUID) -> TicketView:
    """One ticket, for whoever holds it.

    Raises:
        TicketNotFound: there is none.
    """
    queue = Queue(conn)
    ticket = await queue.find(ticket_id)
    if ticket is None:
        raise TicketNotFound
    return TicketView(ticket, await queue.ahead(ticket) if ticket.status == "waiting" else 0)


async def get_queue(conn: Connection, *, division: str) -> QueueView:
    """The queue of an office today, for everybody. Source: O4.3e."""
    queue = Queue(conn)
    return QueueView(await queue.waiting(division, today()), await queue.shown(division, today()))
