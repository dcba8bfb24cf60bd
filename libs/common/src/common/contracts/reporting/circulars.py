"""What reporting publishes of circulars."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
