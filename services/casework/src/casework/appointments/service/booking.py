"""Booking a time, taking it back, coming, not coming."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from casework.appointments.domain import citizen_number, require_arrival, require_future, require_open, ticket_number
from casework.appointments.errors import BookingExists, DutyNotServed, SlotFull, SlotNotFound, TooManyBookings
from casework.appointments.repository import Appointments, Queue, Slot
from casework.appointments.service.roles import ARRIVERS, BOOKERS, DISCLOSERS, READERS, actor_of, is_citizen
from common.auth import Actor, require_role, require_scope
from common.clock import BEIJING, beijing_day, now, today
from common.contracts import record_of
from common.contracts.casework.appointments import BookingState, ServiceWindowState
from common.contracts.casework.cases import Duty
from common.crypto import FieldCipher
from common.directory import require_operating_office
from common.divisions import level_of
from common.ids import uuid7
from common.records.errors import RecordNotFound
from common.records.service import (
    Wanted,
    citizen_index,
    citizen_indexes,
    hold_record,
    list_records,
    next_state,
    open_sealed,
    seal,
    store_record,
)
from common.uow import UnitOfWork

PERSON = "casework.appointment.person"
PAGE = 200


@dataclass(frozen=True, slots=True)
class PersonInput:
    """Who comes, as typed; kept sealed."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)


async def book(
    uow: UnitOfWork, *, cipher: FieldCipher, slot_id: UUID, duty: Duty, person: PersonInput, max_open: int
) -> BookingState:
    """Books one place of a slot for a person: a citizen at any office, a clerk at an own one.

    Who comes, an account merely says: so what somebody else has booked for the same person neither refuses nor shows.

    Source: O4.1c, O4.2b.

    Args:
        max_open: bookings that one citizen's account may have open.

    Raises:
        RoleRequired, OutOfScope, SlotNotFound: the actor may not; not there.
        TooManyBookings: the account has so many already.
        PersonInvalid: the number is none.
        SlotPast, SlotFull: too late.
        DutyNotServed: no open window of the office does it.
        BookingExists: this account, or for clerks the office, has an open booking for the person on this day.

    Locks: the account; the slot; the person's hold.

    Events: casework.booking.changed.v1.
    """
    actor, at = actor_of(uow), now()
    require_role(actor, *BOOKERS)
    number = citizen_number(person.id_number, on=beijing_day(at))
    appointments = Appointments(uow.conn)
    slot = await appointments.slot(slot_id)
    if slot is None:
        raise SlotNotFound
    if not is_citizen(actor):
        require_scope(actor, slot.division)
    require_future(slot.day, slot.starts, at=at)
    await require_operating_office(uow.conn, slot.division)
    await require_served(uow.session, slot.division, duty)
    state = _booking(slot, duty, at=at, by=None if is_citizen(actor) else actor.subject)
    owner = citizen_index(cipher, actor) if is_citizen(actor) else None
    if owner is not None:
        await appointments.hold_account(owner)
        await _require_few_open(uow, cipher, actor, max_open)
    if not await appointments.seize(slot.id):
        raise SlotFull
    if not await appointments.hold(slot, state.id, _indexes(cipher, actor, number)):
        raise BookingExists(day=slot.day.isoformat())
    sealed = seal(cipher, state.id, {"name": person.name, "id_number": number, "phone": person.phone})
    return await store_record(
        uow, state, previous=None, action="casework.booking.book", sealed=sealed, subject_index=owner
    )


async def cancel_booking(uow: UnitOfWork, *, cipher: FieldCipher, booking_id: UUID, version: int) -> BookingState:
    """Takes a booking back before its time, so that somebody else may come.

    Source: O4.1c.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: may not; not there or not theirs; saw an older version.
        BookingNotOpen, SlotPast: it is over.

    Events: casework.booking.changed.v1.
    """
    require_role(actor_of(uow), *BOOKERS)
    held = await _hold(uow, cipher, booking_id, version=version)
    require_open(held)
    require_future(held.day, time.fromisoformat(held.starts), at=now())
    await Appointments(uow.conn).free(held.slot_id)
    return await _end(uow, held, "cancelled", "cancel")


async def arrive(uow: UnitOfWork, *, cipher: FieldCipher, booking_id: UUID, version: int) -> BookingState:
    """Who has booked has come, and draws a ticket that is called first once the booked time has come.

    Source: O4.1c.

    Raises:
        RoleRequired, RecordNotFound, PreconditionFailed: may not; not there or not theirs; saw an older version.
        BookingNotOpen, BookingNotToday: it is over, or another day.

    Events: casework.booking.changed.v1.
    """
    require_role(actor_of(uow), *ARRIVERS)
    held = await _hold(uow, cipher, booking_id, version=version)
    at = now()
    require_arrival(held, at=at)
    office = await require_operating_office(uow.conn, held.division)
    booked_for = datetime.combine(held.day, time.fromisoformat(held.starts), BEIJING)
    ticket = await Queue(uow.conn).take(office, held.day, held.duty, booked_for=booked_for, at=at)
    return await _end(uow, held, "arrived", "arrive", ticket=ticket_number(held.duty, ticket.number))


async def get_booking(session: AsyncSession, *, cipher: FieldCipher, actor: Actor, booking_id: UUID) -> BookingState:
    """One booking: a citizen's own, or of an office in scope.

    Raises:
        RoleRequired, RecordNotFound: may not; not there or not theirs.
    """
    require_role(actor, *READERS)
    found = await list_records(
        session, BookingState, _visible(cipher, actor, ("id", str(booking_id))), actor=_scope(actor), limit=1
    )
    if not found:
        raise RecordNotFound
    return found[0]


async def list_bookings(
    session: AsyncSession, *, cipher: FieldCipher, actor: Actor, day: date | None, after: UUID | None, limit: int
) -> list[BookingState]:
    """Bookings: a citizen's own, or of the offices in scope.

    Raises:
        RoleRequired: the actor's roles see none.
    """
    require_role(actor, *READERS)
    equal = () if day is None else (("day", day.isoformat()),)
    return await list_records(
        session, BookingState, _visible(cipher, actor, *equal), actor=_scope(actor), after=after, limit=limit
    )


async def disclose_person(uow: UnitOfWork, *, cipher: FieldCipher, booking_id: UUID, reason: str) -> PersonInput:
    """Who has booked, in clear: an audited act of its own, with its reason.

    Source: ADR 0005; standards.md §9.

    Raises:
        RoleRequired, RecordNotFound: the actor may not; not there or not in scope.

    Idempotency: none on purpose; every look is an act.
    """
    actor = actor_of(uow)
    require_role(actor, *DISCLOSERS)
    booking = await get_booking(uow.session, cipher=cipher, actor=actor, booking_id=booking_id)
    await uow.record_audit(
        "casework.booking.disclose",
        record_of(BookingState).name,
        str(booking_id),
        division=booking.division,
        reason=reason,
    )
    opened = await open_sealed(uow.session, cipher, booking_id)
    return PersonInput(opened.get("name") or "", opened.get("id_number") or "", opened.get("phone"))


async def mark_no_shows(uow: UnitOfWork) -> int:
    """Ends the open bookings of days that are over: nobody came; returns how many.

    Source: O4.1c.

    Events: casework.booking.changed.v1.
    """
    rows = await uow.conn.fetch("SELECT booking_id FROM appointment_holds WHERE day < $1 LIMIT $2", today(), PAGE)
    for row in rows:
        held = await hold_record(uow.session, BookingState, row["booking_id"], expected_version=None)
        if held.status != "booked":
            continue
        await _end(uow, held, "no_show", "miss")
    return len(rows)


async def require_served(session: AsyncSession, division: str, duty: Duty) -> None:
    """Some open window of the office does the duty.

    Source: O2.2b.

    Raises:
        DutyNotServed: none does.
    """
    open_windows = Wanted(equal=(("division", division), ("is_open", True), ("duties", [duty])))
    if not await list_records(session, ServiceWindowState, open_windows, limit=1):
        raise DutyNotServed(duty=duty)


async def _require_few_open(uow: UnitOfWork, cipher: FieldCipher, actor: Actor, max_open: int) -> None:
    wanted = Wanted(subject_indexes=citizen_indexes(cipher, actor), statuses=("booked",))
    if len(await list_records(uow.session, BookingState, wanted, limit=max_open)) >= max_open:
        raise TooManyBookings(limit=max_open)


def _indexes(cipher: FieldCipher, actor: Actor, number: str) -> Sequence[bytes]:
    """A person as one account, or the office, has booked for them; of other accounts' bookings it tells nothing."""
    told = f"{number}:{actor.subject.encode().hex()}" if is_citizen(actor) else number
    return cipher.blind_indexes(told, context=PERSON)


def _booking(slot: Slot, duty: Duty, *, at: datetime, by: str | None) -> BookingState:
    return BookingState(
        id=uuid7(),
        version=1,
        division=slot.division,
        level=level_of(slot.division),
        office_id=slot.office_id,
        changed_at=at,
        slot_id=slot.id,
        day=slot.day,
        starts=f"{slot.starts:%H:%M}",
        ends=f"{slot.ends:%H:%M}",
        duty=duty,
        status="booked",
        by=by,
    )


async def _end(
    uow: UnitOfWork, held: BookingState, status: str, verb: str, *, ticket: str | None = None
) -> BookingState:
    await Appointments(uow.conn).release(held.id)
    ended = next_state(held, status=status, ticket=ticket)
    return await store_record(uow, ended, previous=held, action=f"casework.booking.{verb}")


async def _hold(uow: UnitOfWork, cipher: FieldCipher, booking_id: UUID, *, version: int) -> BookingState:
    actor = actor_of(uow)
    wanted = _visible(cipher, actor, ("id", str(booking_id)))
    if not await list_records(uow.session, BookingState, wanted, actor=_scope(actor), limit=1):
        raise RecordNotFound
    return await hold_record(uow.session, BookingState, booking_id, expected_version=version)


def _visible(cipher: FieldCipher, actor: Actor, *equal: tuple[str, str]) -> Wanted:
    wanted = Wanted(equal=equal)
    return replace(wanted, subject_indexes=citizen_indexes(cipher, actor)) if is_citizen(actor) else wanted


def _scope(actor: Actor) -> Actor | None:
    return None if is_citizen(actor) else actor
