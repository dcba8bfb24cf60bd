"""What registry publishes: every record with its full state and version.

One record, one topic, one event type: `registry.<record>.changed.v1` on `jiceng.registry.<record>.v1`.
"""

from collections.abc import Mapping

from common.contracts.model import EventData
from common.contracts.record import Record
from common.contracts.registry import money, offices, people, places, readiness
from common.contracts.registry.offices import (
    DivisionChangeState,
    DivisionKind,
    DivisionState,
    OfficeKind,
    OfficeState,
    OfficeStatus,
)
from common.contracts.registry.record import RecordState

__all__ = [
    "DIVISION_CHANGED",
    "DIVISION_TOPIC",
    "OFFICE_CHANGED",
    "OFFICE_TOPIC",
    "RECORDS",
    "DivisionChangeState",
    "DivisionKind",
    "DivisionState",
    "OfficeKind",
    "OfficeState",
    "OfficeStatus",
    "Record",
    "RecordState",
    "record_of",
]

RECORDS: tuple[Record, ...] = (
    *offices.RECORDS,
    *places.RECORDS,
    *people.RECORDS,
    *money.RECORDS,
    *readiness.RECORDS,
)
"""Every kind of record, with its model."""

_BY_MODEL: Mapping[type[EventData], Record] = {record.model: record for record in RECORDS}


def record_of(model: type[EventData]) -> Record:
    """The record whose state this model is."""
    return _BY_MODEL[model]


DIVISION_CHANGED, DIVISION_TOPIC = record_of(DivisionState).type, record_of(DivisionState).topic
OFFICE_CHANGED, OFFICE_TOPIC = record_of(OfficeState).type, record_of(OfficeState).topic
