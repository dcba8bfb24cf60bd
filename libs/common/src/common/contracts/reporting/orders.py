"""What reporting publishes of orders."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
