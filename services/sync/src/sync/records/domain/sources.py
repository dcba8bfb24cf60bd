"""Which domain events are records of the network: the table `common.contracts.sync.INTAKES`, with all that it implies.

A source's contract must carry `id`, `version`, `division` and `level`; its data travels as the record's payload.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.contracts import Contract, casework, contracts_of, registry, reporting
from common.contracts.casework import CASE_RECORD, CASE_TOPIC, CASE_TYPES
from common.contracts.sync import INTAKES


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One record type.

    Attributes:
        record_type: `<service>.<record>`.
        label: what people call it.
        topic: its domain topic.
        event_types: the events that carry its state.
        group: the intake that takes it in.
    """

    record_type: str
    label: str
    topic: str
    event_types: tuple[str, ...]
    group: str


def _sources() -> Iterator[RecordSource]:
    records = {record.name: record for record in (*registry.RECORDS, *casework.RECORDS, *reporting.RECORDS)}
    for group, intake in INTAKES.items():
        for name in intake.records:
            if name == CASE_RECORD:
                yield RecordSource(CASE_RECORD, "办件", CASE_TOPIC, CASE_TYPES, group)
            else:
                record = records[name]
                yield RecordSource(name, record.title.removesuffix("变动"), record.topic, (record.type,), group)


SOURCES: tuple[RecordSource, ...] = tuple(_sources())

RECORD_TYPE_OF: Mapping[str, str] = {name: source.record_type for source in SOURCES for name in source.event_types}
RECORD_LABELS: Mapping[str, str] = {source.record_type: source.label for source in SOURCES}


def intake_topics(group: str) -> tuple[str, ...]:
    """What one intake reads. Source: O4.2a."""
    return tuple(source.topic for source in SOURCES if source.group == group)


def intake_contracts(group: str) -> Mapping[str, Contract]:
    """The events that one intake takes. Source: O4.2a."""
    return contracts_of(name for source in SOURCES if source.group == group for name in source.event_types)
