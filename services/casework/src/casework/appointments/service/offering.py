"""What an office offers: windows with their duties, and times at which people may come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.appointments.domain import SlotTime, require_slot_times, require_span
from casework.appointments.errors import SlotCapacityTaken, SlotNotFound, WindowNumberTaken
from casework.appointments.repository import Appointments, Slot
from casework.appointments.service.roles import HEADS, actor_of
from casework.calendar.service import current_calendar
from common.auth import require_role, require_scope
from common.clock import now
from common.contracts.casework.appointments import ServiceWindowState
from common.contracts.casework.cases import Duty
from common.db import Connection
from common.directory import require_operating_office
from common.ids import uuid7
from common.records.service import Wanted, hold_record, list_records, next_state, store_record
from common.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Offer:
    """Slots to be opened: the same times on every working day of a period.

    Attributes:
        capacity: people per slot.
    """

    division: str
    first: date
    last: date
    times: tuple[SlotTime, ...]
    capacity: int


async def open_window(uow: UnitOfWork, *, division: str, number: str, duties: Sequence[Duty]) -> ServiceWindowState:
    """Sets up a window of an office.

    Source: O2.2b, O4.1c.

    Raises:
        RoleRequired, OutOfScope: the actor may not.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating: nobody serves there.
        WindowNumberTaken: there is one of this number.

    Locks: the numbers of the office.

    Events: casework.service-window.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *HEADS)
    require_scope(actor, division)
    office = await require_operating_office(uow.conn, division)
    await uow.conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 7906004))", str(office.id))
    same = Wanted(within=division, equal=(("office_id", str(office.id)), ("number", number)))
    if await list_records(uow.session, ServiceWindowState, same, limit=1):
        raise WindowNumberTaken(number=number)
    state = ServiceWindowState(
        id=uuid7(),
        version=1,
        division=office.division,
        level=office.level,
        office_id=office.id,
        changed_at=now(),
        number=number,
        duties=tuple(dict.fromkeys(duties)),
        is_open=True,
    )
    return await store_record(uow, state, previous=None, action="casework.service-window.open")


async def change_window(
    uow: UnitOfWork, *, window_id: UUID, version: int, duties: Sequence[Duty] | None, is_open: bool | None
) -> ServiceWindowState:
    """Gives a window other duties, closes or opens it.

    Source: O2.2b, O4.1c.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: may not; not there or not in scope; saw an older version.

    Events: casework.service-window.changed.v1.
    """
    actor = actor_of(uow)
    require_role(actor, *HEADS)
    held = await hold_record(uow.session, ServiceWindowState, window_id, expected_version=version, actor=actor)
    changed = next_state(
        held,
        duties=held.duties if duties is None else tuple(dict.fromkeys(duties)),
        is_open=held.is_open if is_open is None else is_open,
    )
    return await store_record(uow, changed, previous=held, action="casework.service-window.change")


async def list_windows(session: AsyncSession, *, division: str) -> list[ServiceWindowState]:
    """The windows of an office, for everybody. Source: O4.3e."""
    found = await list_records(session, ServiceWindowState, Wanted(equal=(("division", division),)))
    return sorted(found, key=lambda window: (len(window.number), window.number))


async def open_slots(uow: UnitOfWork, *, offer: Offer) -> list[Slot]:
    """Opens slots on the working days of a period; where there are overlapping ones, these stay as they are.

    Source: O4.1c, O4.3c.

    Raises:
        RoleRequired, OutOfScope: the actor may not.
        SlotTimesInvalid: the times make no sense.
        DivisionUnknown, DivisionRetired, OfficeUnknown, OfficeNotOperating, CalendarMissing: nobody serves there.
    """
    actor = actor_of(uow)
    require_role(actor, *HEADS)
    require_scope(actor, offer.division)
    require_slot_times(offer.first, offer.last, offer.times)
    office = await require_operating_office(uow.conn, offer.division)
    calendar = await current_calendar(uow.conn)
    period = (offer.first + timedelta(days=number) for number in range((offer.last - offer.first).days + 1))
    days = [day for day in period if calendar.is_working(day)]
    appointments = Appointments(uow.conn)
    if days:
        await appointments.open(office, days, offer.times, offer.capacity)
    await uow.record_audit("casework.slot.open", "casework.slot", str(office.id), division=office.division)
    return await appointments.slots(offer.division, offer.first, offer.last)


async def change_slot(uow: UnitOfWork, *, slot_id: UUID, capacity: int) -> Slot:
    """Lets more or fewer people come at a time, never fewer than have booked.

    Source: O4.1c.

    Raises:
        RoleRequired, OutOfScope, SlotNotFound: the actor may not; not there.
        SlotCapacityTaken: more have booked.

    Locks: the slot.
    """
    actor = actor_of(uow)
    require_role(actor, *HEADS)
    appointments = Appointments(uow.conn)
    slot = await appointments.slot(slot_id, lock=True)
    if slot is None:
        raise SlotNotFound
    require_scope(actor, slot.division)
    if slot.booked > capacity:
        raise SlotCapacityTaken(booked=slot.booked)
    await appointments.set_capacity(slot_id, capacity)
    await uow.record_audit("casework.slot.change", "casework.slot", str(slot_id), division=slot.division)
    return await appointments.slot(slot_id) or slot


async def list_slots(conn: Connection, *, division: str, first: date, last: date) -> list[Slot]:
    """The slots of an office, for everybody.

    Source: O4.3e.

    Raises:
        SpanTooLong: too many days at once.
    """
    require_span(first, last)
    return await Appointments(conn).slots(division, first, last)
