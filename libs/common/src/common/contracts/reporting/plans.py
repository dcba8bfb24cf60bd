"""What reporting publishes of plans."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
