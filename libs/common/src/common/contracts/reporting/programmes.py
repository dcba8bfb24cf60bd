"""What reporting publishes of programmes."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
