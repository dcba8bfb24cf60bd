"""Calendars of working days and the due dates that they moved."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
