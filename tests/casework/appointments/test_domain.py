"""Rules of appointments and queues."""

from datetime import UTC, date, datetime, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments.domain import (
    BOOKING_LABELS,
    TICKET_LABELS,
    SlotTime,
    TicketAct,
    TicketStatus,
    citizen_number,
    duty_labels,
    letter_of,
    next_status,
    require_arrival,
    require_future,
    require_slot_times,
    ticket_number,
)
from casework.appointments.errors import (
    BookingNotOpen,
    BookingNotToday,
    PersonInvalid,
    SlotPast,
    SlotTimesInvalid,
    TicketStateForbids,
)
from common.contracts.casework.appointments import BookingState, BookingStatus
from common.contracts.casework.cases import Duty
from common.divisions import Level
from common.ids import uuid7
from common.testing.persons import synthetic_person

DAY = date(2026, 3, 2)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """An instant of March 2026, told in Beijing's hours, kept in UTC."""
    return datetime.fromisoformat(f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:00+08:00").astimezone(UTC)


def booking(status: BookingStatus = "booked") -> BookingState:
    return BookingState(
        id=uuid7(), version=1, division="440305001001", level=Level.VILLAGE, changed_at=at(8), slot_id=uuid7(),
        day=DAY, starts="09:00", ends="09:30", duty="social_insurance", status=status,
    )  # fmt: skip


def test_every_duty_has_its_letter_and_its_name() -> None:
    """O1.1a: the eight duties, each with a series of its own."""
    duties = get_args(Duty)
    assert [letter_of(duty) for duty in duties] == list("ABCDEFGH")
    assert set(duty_labels()) == set(duties)
    assert (ticket_number("social_insurance", 7), ticket_number("legal_publicity", 1234)) == ("C007", "H1234")


def test_every_status_has_a_label() -> None:
    assert set(TICKET_LABELS) == set(get_args(TicketStatus))
    assert set(BOOKING_LABELS) == set(get_args(BookingStatus))


def test_a_ticket_goes_its_way_and_no_other() -> None:
    """O4.1c: called, served or passed over, done with."""
    allowed = {
        ("called", "recall"): "called",
        ("called", "serve"): "serving",
        ("called", "skip"): "skipped",
        ("serving", "finish"): "finished",
    }
    for status in get_args(TicketStatus):
        for act in get_args(TicketAct):
            if (status, act) in allowed:
                assert next_status(status, act) == allowed[status, act]
            else:
                with pytest.raises(TicketStateForbids):
                    next_status(status, act)


def test_slots_of_a_day_may_touch_and_not_overlap() -> None:
    nine, ten, eleven = time(9), time(10), time(11)
    require_slot_times(DAY, DAY, [SlotTime(ten, eleven), SlotTime(nine, ten)])
    for times in ([SlotTime(ten, ten)], [SlotTime(ten, nine)], [SlotTime(nine, eleven), SlotTime(ten, eleven)]):
        with pytest.raises(SlotTimesInvalid):
            require_slot_times(DAY, DAY, times)
    with pytest.raises(SlotTimesInvalid):
        require_slot_times(DAY, date(2026, 3, 1), [SlotTime(nine, ten)])


def test_what_has_begun_is_booked_no_longer() -> None:
    require_future(DAY, time(9), at=at(8, 59))
    require_future(DAY, time(0), at=at(23, 59, day=1))
    for instant in (at(9), at(9, 1), at(0, day=3)):
        with pytest.raises(SlotPast):
            require_future(DAY, time(9), at=instant)


def test_a_ticket_is_drawn_on_the_day_until_the_slot_has_ended() -> None:
    for instant in (at(0), at(8), at(9), at(9, 29)):
        require_arrival(booking(), at=instant)
    for instant in (at(23, 59, day=1), at(9, 30), at(12), at(9, day=3)):
        with pytest.raises(BookingNotToday):
            require_arrival(booking(), at=instant)
    for status in ("arrived", "cancelled", "no_show"):
        with pytest.raises(BookingNotOpen):
            require_arrival(booking(status), at=at(9))


@given(number=st.integers(0, 5_000_000))
def test_a_citizen_number_has_one_form(number: int) -> None:
    right = synthetic_person(number).id_number
    assert citizen_number(f" {right[:6]} {right[6:].lower()}", on=date(2026, 1, 1)) == right


@pytest.mark.parametrize("wrong", ["", "1", "A" * 18, "99000019500230001X", "0" * 18])
def test_what_is_no_citizen_number_is_refused(wrong: str) -> None:
    with pytest.raises(PersonInvalid) as caught:
        citizen_number(wrong, on=date(2026, 1, 1))
    assert wrong == "" or wrong not in str(caught.value) or len(wrong) < 2
    right = synthetic_person(3).id_number
    other = right[:-1] + ("0" if right[-1] != "0" else "1")
    with pytest.raises(PersonInvalid):
        citizen_number(other, on=date(2026, 1, 1))
    with pytest.raises(PersonInvalid):
        citizen_number(right, on=date(1949, 12, 31))
