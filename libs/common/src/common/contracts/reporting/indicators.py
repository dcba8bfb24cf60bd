"""What reporting publishes of indicators."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
