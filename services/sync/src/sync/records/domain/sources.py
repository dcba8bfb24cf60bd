"""Which domain events are records of the network: the table `common.contracts.sync.INTAKES`, with all that it implies.

A source's contract must carry `id`, `version`, `division` and `level`; its data travels as the record's payload.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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


_WITHHELD: Mapping[str, Mapping[str, Any]] = {
    "casework.rating": {"rated_accounts": [], "terminal": None},
    "casework.complaint": {"accused_account": None},
}
"""Members that stay with the service that keeps the record, and what travels instead."""


def travelling(record_type: str, state: dict[str, Any]) -> dict[str, Any]:
    """A record's state as it goes up: without what would tell who rated, or whom a complaint is about.

    A rating names its case, and the case its rater; streams are read by the rated as well. So the rating's own id
    stands in the place of the case's: the state keeps its form and leads to nobody.

    Source: O4.3f; standards.md §7; architecture.md §4 (no more personal data than its readers need).
    """
    withheld = _WITHHELD.get(record_type)
    if withheld is None:
        return state
    kept = {**state, **{name: value for name, value in withheld.items() if name in state}}
    return {**kept, "case_id": kept["id"]} if "case_id" in kept else kept


def intake_topics(group: str) -> tuple[str, ...]:
    """What one intake reads. Source: O4.2a."""
    return tuple(source.topic for source in SOURCES if source.group == group)


def intake_contracts(group: str) -> Mapping[str, Contract]:
    """The events that one intake takes. Source: O4.2a."""
    return contracts_of(name for source in SOURCES if source.group == group for name in source.event_types)
