"""Appointments and queue tickets (预约, 取号)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
