"""Rules of appointments and queues: letters and numbers of tickets, who is called next, when a booking holds. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from casework.appointments.errors import (
    BookingNotOpen,
    BookingNotToday,
    PersonInvalid,
    SlotPast,
    SlotTimesInvalid,
    SpanTooLong,
    TicketStateForbids,
)
from common.clock import to_beijing
from common.contracts.casework.appointments import BookingState, BookingStatus
from common.contracts.casework.cases import Duty
from common.policy import BOOK

TicketStatus = Literal["waiting", "called", "serving", "skipped", "finished"]
TicketAct = Literal["recall", "serve", "skip", "finish"]
BOOKING_LABELS: Mapping[BookingStatus, str] = {
    "booked": "已预约",
    "arrived": "已到场取号",
    "cancelled": "已取消",
    "no_show": "爽约",
}
TICKET_LABELS: Mapping[TicketStatus, str] = {
    "waiting": "等候",
    "called": "已叫号",
    "serving": "办理中",
    "skipped": "过号",
    "finished": "办理完毕",
}
_LETTERS: Mapping[str, str] = dict(zip(get_args(Duty), "ABCDEFGH", strict=True))
_ACTS: Mapping[TicketAct, tuple[frozenset[TicketStatus], TicketStatus]] = {
    "recall": (frozenset({"called"}), "called"),
    "serve": (frozenset({"called"}), "serving"),
    "skip": (frozenset({"called"}), "skipped"),
    "finish": (frozenset({"serving"}), "finished"),
}
_ID_LENGTH = 18
LONGEST_SPAN_DAYS = 31


def letter_of(duty: Duty) -> str:
    """The letter before the numbers of a duty's tickets, in the order of the policy's list.

    Source: O1.1a, O4.1c.
    """
    return _LETTERS[duty]


def ticket_number(duty: Duty, number: int) -> str:
    """What stands on the ticket.

    Source: O4.1c.
    """
    return f"{letter_of(duty)}{number:03d}"


@lru_cache(maxsize=1)
def duty_labels() -> Mapping[str, str]:
    """What the duties are called; the latest name wins.

    Source: O1.1a.
    """
    return {option.code: option.label for one in BOOK if one.code == "duties" for option in one.options}


def next_status(status: TicketStatus, act: TicketAct) -> TicketStatus:
    """Where an act brings a ticket: who was called is called again, served, or passed over; who is served is done with.

    Source: O4.1c.

    Raises:
        TicketStateForbids: not from here.
    """
    allowed, becomes = _ACTS[act]
    if status not in allowed:
        raise TicketStateForbids(status=status, act=act)
    return becomes


@dataclass(frozen=True, slots=True, order=True)
class SlotTime:
    """From when to when on a day, in Beijing."""

    starts: time
    ends: time


def require_slot_times(first: date, last: date, times: Sequence[SlotTime]) -> None:
    """Days run forwards; every slot ends after it begins, and no two of a day overlap; they may touch.

    Source: O4.1c.

    Raises:
        SlotTimesInvalid: they do not.
    """
    if last < first:
        raise SlotTimesInvalid(first=first.isoformat(), last=last.isoformat())
    ordered = sorted(times)
    for one in ordered:
        if one.ends <= one.starts:
            raise SlotTimesInvalid(starts=f"{one.starts:%H:%M}", ends=f"{one.ends:%H:%M}")
    for one, following in pairwise(ordered):
        if following.starts < one.ends:
            raise SlotTimesInvalid(starts=f"{following.starts:%H:%M}", ends=f"{one.ends:%H:%M}")


def require_span(first: date, last: date) -> None:
    """Slots are asked for a month at a time.

    Source: O4.3e.

    Raises:
        SpanTooLong: days run backwards, or there are too many.
    """
    if not 0 <= (last - first).days < LONGEST_SPAN_DAYS:
        raise SpanTooLong(first=first.isoformat(), last=last.isoformat(), limit_days=LONGEST_SPAN_DAYS)


def require_future(day: date, starts: time, *, at: datetime) -> None:
    """What is booked, or taken back, has not begun.

    Source: O4.1c.

    Raises:
        SlotPast: it has.
    """
    here = to_beijing(at)
    if (day, starts) <= (here.date(), here.time()):
        raise SlotPast(day=day.isoformat(), starts=f"{starts:%H:%M}")


def require_open(booking: BookingState) -> None:
    """A booking is changed while it is open.

    Source: O4.1c.

    Raises:
        BookingNotOpen: it is not.
    """
    if booking.status != "booked":
        raise BookingNotOpen(status=booking.status)


def require_arrival(booking: BookingState, *, at: datetime) -> None:
    """Whoever has booked draws the ticket on that day, until the slot has ended; who comes early waits for its time.

    Source: O4.1c.

    Raises:
        BookingNotOpen, BookingNotToday: it is not open; another day, or too late.
    """
    require_open(booking)
    here = to_beijing(at)
    if booking.day != here.date() or here.strftime("%H:%M") >= booking.ends:
        raise BookingNotToday(day=booking.day.isoformat(), ends=booking.ends)


def citizen_number(text: str, *, on: date) -> str:
    """A citizen number in the one form in which persons are compared.

    Source: standards.md §2 (GB 11643).

    Raises:
        PersonInvalid: it is none.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if len(number) != _ID_LENGTH or not number.isascii() or not number[:-1].isdigit() or number[0] == "0":
        raise PersonInvalid(check="form")
    try:
        birth = ric.get_birth_date(number)
    except ValidationError:
        raise PersonInvalid(check="birth_date") from None
    if birth > on or number[-1] != ric.calc_check_digit(number):
        raise PersonInvalid(check="check_digit")
    return number
