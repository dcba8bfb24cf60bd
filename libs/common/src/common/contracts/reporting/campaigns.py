"""What reporting publishes of campaigns."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
