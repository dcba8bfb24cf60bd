"""Calendars of working days and the due dates that they moved."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import EventData, Instant
from common.contracts.record import Record, StoredState

NoticeStatus = Literal["recalculating", "done"]


class HolidaySpan(EventData):
    """A holiday of a notice, its first and its last day."""

    name: str = Field(min_length=1, max_length=100)
    from_on: date
    to_on: date


class MakeUpDay(EventData):
    """A weekend day that is worked for a holiday."""

    day: date
    name: str = Field(min_length=1, max_length=100)


class HolidayNoticeState(StoredState):
    """A yearly notice of holidays (部分节假日安排的通知), and the calendar that it made. Source: O4.3c.

    Attributes:
        year: whose plan it is; official from now on.
        document: 文号 of the notice.
        calendar_version: that it made; open cases follow it.
        status: `recalculating` while open cases are brought to it.
        changed_cases: whose due date moved; None while it is not known.
        failed_cases: that could not be counted and stand by the old calendar; they are tried again.
        corrects: the notice of the same document that was told wrongly.
        by: account of who told it.
    """

    year: int = Field(ge=1990, le=2100)
    document: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1, max_length=200)
    issued_on: date
    holidays: tuple[HolidaySpan, ...]
    make_up_days: tuple[MakeUpDay, ...]
    note: str | None = None
    calendar_version: UUID
    status: NoticeStatus
    changed_cases: int | None = Field(default=None, ge=0)
    failed_cases: int | None = Field(default=None, ge=0)
    finished_at: Instant | None = None
    corrects: UUID | None = None
    by: str = Field(min_length=1, max_length=255)


RECORDS: tuple[Record, ...] = (Record("casework.holiday-notice", HolidayNoticeState, "节假日安排通知变动"),)
