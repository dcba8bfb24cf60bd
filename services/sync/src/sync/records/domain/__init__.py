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
from sync.records.domain.path import Hop, hop_at, hop_on, path_of
from sync.records.domain.sources import INTAKE_CONTRACTS, INTAKE_TOPICS, RECORD_LABELS, RECORD_TYPE_OF
from sync.records.domain.travel import LevelState, RecordHead, StateRow, Stop, Travel, trace

__all__ = [
    "INTAKE_CONTRACTS",
    "INTAKE_TOPICS",
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
    "judge",
    "path_of",
    "route",
    "trace",
]
