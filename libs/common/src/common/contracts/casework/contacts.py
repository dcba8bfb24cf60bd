"""First contacts and who holds them (首问责任)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
