"""Appointments and the windows that serve them (预约, 取号). Who has booked is in none of these states."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.casework.cases import Account, Duty
from common.contracts.record import Record, StoredState

BookingStatus = Literal["booked", "arrived", "cancelled", "no_show"]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Of Beijing, hours and minutes."""


class ServiceWindowState(StoredState):
    """A window of an office as its queue knows it. Source: O2.2b, O4.1c.

    Attributes:
        number: as it stands over the window; one office has each number once.
        duties: whose tickets it calls.
        is_open: it calls at all.
    """

    number: str = Field(min_length=1, max_length=10)
    duties: tuple[Duty, ...] = Field(min_length=1)
    is_open: bool


class BookingState(StoredState):
    """An appointment, without who has made it. Source: O4.1c, O4.2b.

    Attributes:
        by: account of the clerk who booked for somebody; None for a citizen's own.
        ticket: number that was drawn at arrival.
    """

    slot_id: UUID
    day: date
    starts: TimeOfDay
    ends: TimeOfDay
    duty: Duty
    status: BookingStatus
    by: Account | None = None
    ticket: str | None = None


RECORDS: tuple[Record, ...] = (
    Record("casework.service-window", ServiceWindowState, "服务窗口变动"),
    Record("casework.booking", BookingState, "预约变动"),
)
