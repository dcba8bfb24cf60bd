"""Notifications to applicants and materials that they sent (网上办事)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
