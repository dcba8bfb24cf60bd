"""Items, rule texts and what was published when (事项, 规章制度, 主动公开)."""

from common.contracts.record import Record

RECORDS: tuple[Record, ...] = ()
