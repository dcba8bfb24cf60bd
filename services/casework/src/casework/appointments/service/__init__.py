"""Use cases of appointments and queues."""

from casework.appointments.service.booking import (
    PersonInput,
    arrive,
    book,
    cancel_booking,
    disclose_person,
    get_booking,
    list_bookings,
    mark_no_shows,
)
from casework.appointments.service.offering import (
    change_slot,
    change_window,
    list_slots,
    list_windows,
    open_slots,
    open_window,
)
from casework.appointments.service.queueing import (
    QueueView,
    TicketView,
    call_next,
    get_queue,
    get_ticket,
    move_ticket,
    take_ticket,
)

__all__ = [
    "PersonInput",
    "QueueView",
    "TicketView",
    "arrive",
    "book",
    "call_next",
    "cancel_booking",
    "change_slot",
    "change_window",
    "disclose_person",
    "get_booking",
    "get_queue",
    "get_ticket",
    "list_bookings",
    "list_slots",
    "list_windows",
    "mark_no_shows",
    "move_ticket",
    "open_slots",
    "open_window",
    "take_ticket",
]
