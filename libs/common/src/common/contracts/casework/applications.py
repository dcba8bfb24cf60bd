"""Applications of several items at once (一件事)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
