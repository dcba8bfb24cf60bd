"""What reporting publishes of documents."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
