"""What reporting publishes of reports."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
