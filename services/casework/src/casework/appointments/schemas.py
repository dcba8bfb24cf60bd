"""Requests and answers about windows, slots, bookings and tickets."""

from datetime import date, time
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

from casework.appointments.domain import (
    BOOKING_LABELS,
    TICKET_LABELS,
    SlotTime,
    TicketStatus,
    duty_labels,
    ticket_number,
)
from casework.appointments.repository import Slot
from casework.appointments.service import PersonInput, QueueView, TicketView
from casework.settings import CaseworkSettings
from common.contracts.casework.appointments import BookingState, BookingStatus, ServiceWindowState, TimeOfDay
from common.contracts.casework.cases import Duty
from common.http import AnswerModel, BeijingTime, DivisionCode, Labelled, StrictModel, parts_of
from common.records.schemas import Reason, RecordAnswer, shown

Number = Annotated[str, Field(min_length=1, max_length=10, pattern=r"^[0-9A-Za-z\u4e00-\u9fff-]+$", examples=["3"])]
Duties = Annotated[tuple[Duty, ...], Field(min_length=1, max_length=8)]
Capacity = Annotated[int, Field(ge=1, le=500, description="该时段的名额。")]


class WindowBody(StrictModel):
    """A window to be set up."""

    division: DivisionCode
    number: Number
    duties: Duties


class WindowPatch(StrictModel):
    """What becomes of a window; what is left out stays."""

    duties: Duties | None = None
    is_open: bool | None = None


class WindowAnswer(RecordAnswer):
    """一个服务窗口。"""

    number: str
    duties: list[Labelled]
    is_open: bool

    @classmethod
    def of(cls, window: ServiceWindowState) -> Self:
        """From the state."""
        labels = duty_labels()
        return shown(cls, window, duties=[Labelled(code=duty, label=labels[duty]) for duty in window.duties])


class SlotTimeBody(StrictModel):
    """From when to when."""

    starts: TimeOfDay
    ends: TimeOfDay

    def to_domain(self) -> SlotTime:
        """For the rules."""
        return SlotTime(time.fromisoformat(self.starts), time.fromisoformat(self.ends))


class SlotsBody(StrictModel):
    """The same times on every working day of a period."""

    division: DivisionCode
    first: date
    last: date
    times: Annotated[tuple[SlotTimeBody, ...], Field(min_length=1, max_length=48)]
    capacity: Capacity


class SlotPatch(StrictModel):
    """Another number of places."""

    capacity: Capacity


class SlotAnswer(AnswerModel):
    """一个预约时段。"""

    id: UUID
    division: str
    office_id: UUID
    day: date
    starts: str
    ends: str
    capacity: int
    free: int

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """From the row."""
        return cls(
            id=slot.id,
            division=slot.division,
            office_id=slot.office_id,
            day=slot.day,
            starts=f"{slot.starts:%H:%M}",
            ends=f"{slot.ends:%H:%M}",
            capacity=slot.capacity,
            free=slot.capacity - slot.booked,
        )


class SlotsAnswer(AnswerModel):
    """一段日期内的预约时段。"""

    items: list[SlotAnswer]


class WindowsAnswer(AnswerModel):
    """一个机构的服务窗口。"""

    items: list[WindowAnswer]


class PersonBody(StrictModel):
    """Who comes."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    id_number: Annotated[str, Field(min_length=1, max_length=40, description="公民身份号码。")]
    phone: Annotated[str, Field(min_length=1, max_length=40)] | None = None

    def to_input(self) -> PersonInput:
        """For the use case."""
        return PersonInput(self.name, self.id_number, self.phone)


class BookingBody(StrictModel):
    """A booking."""

    slot_id: UUID
    duty: Duty
    person: PersonBody


class BookingAnswer(RecordAnswer):
    """一个预约，不含预约人信息。"""

    slot_id: UUID
    day: date
    starts: str
    ends: str
    duty: Duty
    duty_label: str
    status: BookingStatus
    status_label: str
    ticket: str | None = Field(description="到场后取得的号。")

    @classmethod
    def of(cls, booking: BookingState) -> Self:
        """From the state."""
        return shown(cls, booking, duty_label=duty_labels()[booking.duty], status_label=BOOKING_LABELS[booking.status])


class DisclosureBody(StrictModel):
    """Why it must be seen who has booked."""

    reason: Reason


class DisclosedPerson(AnswerModel):
    """预约人的完整信息；每次查看均留痕。"""

    name: str
    id_number: str
    phone: str | None

    @classmethod
    def of(cls, person: PersonInput) -> Self:
        """From a use case's answer."""
        return cls(name=person.name, id_number=person.id_number, phone=person.phone)


class TicketBody(StrictModel):
    """What somebody who has come wants."""

    division: DivisionCode
    duty: Duty


class TicketAnswer(AnswerModel):
    """一张号票；不含任何个人信息。"""

    id: UUID
    version: int
    number: str
    division: str
    day: date
    duty: Duty
    duty_label: str
    status: TicketStatus
    status_label: str
    is_booked: bool
    taken_at: BeijingTime
    window_number: str | None
    called_at: BeijingTime | None
    calls: int
    ahead: int = Field(description="同类业务中在前面等候的人数。")

    @classmethod
    def of(cls, view: TicketView) -> Self:
        """From a use case's answer."""
        ticket = view.ticket
        return cls(
            id=ticket.id,
            version=ticket.version,
            number=ticket_number(ticket.duty, ticket.number),
            division=ticket.division,
            day=ticket.day,
            duty=ticket.duty,
            duty_label=duty_labels()[ticket.duty],
            status=ticket.status,
            status_label=TICKET_LABELS[ticket.status],
            is_booked=ticket.booked_for is not None,
            taken_at=ticket.taken_at,
            window_number=ticket.window_number,
            called_at=ticket.called_at,
            calls=ticket.calls,
            ahead=view.ahead,
        )


class WaitingAnswer(AnswerModel):
    """一类业务的等候人数。"""

    duty: str
    duty_label: str
    waiting: int


class ScreenAnswer(AnswerModel):
    """正在叫的一个号。"""

    number: str
    window_number: str | None
    status: TicketStatus
    status_label: str
    called_at: BeijingTime | None


class QueueAnswer(AnswerModel):
    """一个机构今天的排队情况。"""

    waiting: list[WaitingAnswer]
    shown: list[ScreenAnswer]

    @classmethod
    def of(cls, view: QueueView) -> Self:
        """From a use case's answer."""
        labels = duty_labels()
        return cls(
            waiting=[
                WaitingAnswer(duty=duty, duty_label=labels[duty], waiting=view.waiting[duty])
                for duty in labels
                if duty in view.waiting
            ],
            shown=[
                ScreenAnswer(
                    number=ticket_number(ticket.duty, ticket.number),
                    window_number=ticket.window_number,
                    status=ticket.status,
                    status_label=TICKET_LABELS[ticket.status],
                    called_at=ticket.called_at,
                )
                for ticket in view.shown
            ],
        )


async def most_open(request: Request) -> int:
    """Dependency: how many bookings an account may have open."""
    settings = parts_of(request.app).settings
    assert isinstance(settings, CaseworkSettings)  # noqa: S101 - of this service
    return settings.bookings_max_open


MostOpen = Annotated[int, Depends(most_open)]
