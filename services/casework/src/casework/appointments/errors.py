"""What can be wrong with appointments and queues. No text here holds personal data."""

from common.errors import Conflict, Invalid, NotFound, Rejected


class WindowNumberTaken(Conflict):
    """The office has a window of this number."""

    code = "casework.appointment.window-number-taken"
    title = "该机构已有此编号的窗口"


class WindowClosed(Conflict):
    """A closed window calls nobody."""

    code = "casework.queue.window-closed"
    title = "窗口未开放"


class WindowBusy(Conflict):
    """The window has called somebody whom it has not finished with."""

    code = "casework.queue.window-busy"
    title = "窗口有正在办理或等候的号，请先处理"


class QueueEmpty(Conflict):
    """Nobody waits for what this window does."""

    code = "casework.queue.empty"
    title = "当前没有等候的号"


class DutyNotServed(Rejected):
    """No open window of the office does this duty."""

    code = "casework.queue.duty-not-served"
    title = "该机构没有办理此类业务的开放窗口"
    default_clause = "O2.2b"


class TicketNotFound(NotFound):
    """There is no such ticket, or it is of an office outside the scope."""

    code = "casework.queue.ticket-not-found"
    title = "号票不存在"


class TicketStateForbids(Conflict):
    """The ticket has been called, skipped or served by now."""

    code = "casework.queue.ticket-state-forbids"
    title = "号票的当前状态不允许此操作"


class SlotNotFound(NotFound):
    """There is no such slot."""

    code = "casework.appointment.slot-not-found"
    title = "预约时段不存在"


class SlotFull(Conflict):
    """Others were quicker."""

    code = "casework.appointment.slot-full"
    title = "该时段已约满"


class SlotPast(Rejected):
    """The slot has begun or is over."""

    code = "casework.appointment.slot-past"
    title = "该时段已开始或已过"
    default_clause = "O4.1c"


class SlotTimesInvalid(Rejected):
    """A slot ends after it begins, days run forwards, and slots of one day do not overlap."""

    code = "casework.appointment.slot-times-invalid"
    title = "预约时段设置不正确"
    default_clause = "O4.1c"


class SpanTooLong(Invalid):
    """Slots are listed a month at a time."""

    code = "casework.appointment.span-too-long"
    title = "查询的日期范围不正确或过长"


class SlotCapacityTaken(Conflict):
    """More is booked than the slot would take."""

    code = "casework.appointment.slot-capacity-taken"
    title = "已预约人数超过拟设的名额"


class TooManyBookings(Conflict):
    """The account has so many open bookings as one may have."""

    code = "casework.appointment.too-many-bookings"
    title = "未到期的预约过多，请先取消"


class BookingExists(Conflict):
    """One open booking per person, office and day, of those that one account made, or the office."""

    code = "casework.appointment.booking-exists"
    title = "该人当日在该机构已有预约"


class BookingNotOpen(Conflict):
    """It was cancelled, missed or kept."""

    code = "casework.appointment.booking-not-open"
    title = "预约已取消、已爽约或已到场"


class BookingNotToday(Rejected):
    """Tickets are drawn on the day of the booking, until its slot has ended."""

    code = "casework.appointment.booking-not-today"
    title = "不在预约当日的有效时间内，不能取号"
    default_clause = "O4.1c"


class PersonInvalid(Rejected):
    """The citizen number is none. Source: standards.md §2 (GB 11643)."""

    code = "casework.appointment.person-invalid"
    title = "公民身份号码不正确"
