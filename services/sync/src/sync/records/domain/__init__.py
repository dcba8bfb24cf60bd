"""The rules of the way up, pure."""

from sync.records.domain.answers import (
    Known,
    RecordKey,
    Submission,
    Validity,
    examine,
    examine_division,
    judge,
    route,
)
from sync.records.domain.content import Content, NotCanonical, content_of
from sync.records.domain.path import Hop, hop_at, hop_on, is_straight, path_of, way_of
from sync.records.domain.sources import RECORD_LABELS, RECORD_TYPE_OF, intake_contracts, intake_topics, travelling
from sync.records.domain.travel import LevelState, RecordHead, StateRow, Stop, Travel, trace

__all__ = [
    "RECORD_LABELS",
    "RECORD_TYPE_OF",
    "Content",
    "Hop",
    "Known",
    "LevelState",
    "NotCanonical",
    "RecordHead",
    "RecordKey",
    "StateRow",
    "Stop",
    "Submission",
    "Travel",
    "Validity",
    "content_of",
    "examine",
    "examine_division",
    "hop_at",
    "hop_on",
    "intake_contracts",
    "intake_topics",
    "is_straight",
    "judge",
    "path_of",
    "route",
    "trace",
    "travelling",
    "way_of",
]
