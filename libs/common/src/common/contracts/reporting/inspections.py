"""What reporting publishes of inspections."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
