"""What reporting publishes of problems."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
