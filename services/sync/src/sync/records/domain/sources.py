"""Which domain events are records of the network; a further record type is one line here.

A source's contract must carry `id`, `version`, `division` and `level`; its data travels as the record's payload.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from common.contracts import Contract, contracts_of
from common.contracts.casework import CASE_RECORD, CASE_TOPIC, CASE_TYPES


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One record type.

    Attributes:
        record_type: `<service>.<record>`.
        label: what people call it.
        topic: its domain topic.
        event_types: the events that carry its state.
    """

    record_type: str
    label: str
    topic: str
    event_types: tuple[str, ...]


SOURCES: tuple[RecordSource, ...] = (RecordSource(CASE_RECORD, "办件", CASE_TOPIC, CASE_TYPES),)

INTAKE_TOPICS: tuple[str, ...] = tuple(dict.fromkeys(source.topic for source in SOURCES))
INTAKE_CONTRACTS: Mapping[str, Contract] = contracts_of(name for source in SOURCES for name in source.event_types)
RECORD_TYPE_OF: Mapping[str, str] = {name: source.record_type for source in SOURCES for name in source.event_types}
RECORD_LABELS: Mapping[str, str] = {source.record_type: source.label for source in SOURCES}
