"""Tasks with which a station assists its office (协办任务)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
