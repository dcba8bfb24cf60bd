"""What reporting publishes of assessments."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
