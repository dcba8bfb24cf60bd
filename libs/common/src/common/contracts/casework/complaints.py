"""Complaints and reports (投诉举报)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
