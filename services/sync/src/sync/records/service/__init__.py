"""Use cases of the records: passing up, and finding again."""

from sync.records.domain import RECORD_LABELS
from sync.records.service.acceptance import accept_submissions
from sync.records.service.reading import LevelSummary, find_names, list_level_records, locate_record, summarise_level

__all__ = [
    "RECORD_LABELS",
    "LevelSummary",
    "accept_submissions",
    "find_names",
    "list_level_records",
    "locate_record",
    "summarise_level",
]
