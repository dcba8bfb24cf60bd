"""Events for tests: valid by default, one field away from whatever a test needs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from common.contracts.casework import CASE_RECORD, CASE_REGISTERED, CaseState
from common.contracts.sync import RECORD_ACCEPTED, AcceptedRecord
from common.divisions import Level, level_of, node_at
from common.events import Event
from common.ids import uuid7

STATION = "440305001001"
OFFICE_ID = UUID("01900000-0000-7000-8000-000000000001")
INSTANT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def case_state(**changes: Any) -> CaseState:
    """A registered case of a village station; `changes` replace fields."""
    division = changes.get("division", STATION)
    values: dict[str, Any] = {
        "id": uuid7(),
        "version": 1,
        "division": division,
        "level": level_of(division),
        "office_id": OFFICE_ID,
        "item_code": "E01",
        "duty": "employment_services",
        "applicant_kind": "natural_person",
        "status": "registered",
        "registered_at": INSTANT,
    }
    return CaseState(**{**values, **changes})


def case_event(state: CaseState | None = None, *, type_: str = CASE_REGISTERED, **changes: Any) -> Event:
    """The event that carries a case's state; `changes` replace attributes of the envelope."""
    state = state or case_state()
    values: dict[str, Any] = {
        "id": str(uuid7()),
        "type": type_,
        "source": "/jiceng/casework",
        "subject": str(state.id),
        "time": INSTANT,
        "division": state.division,
        "level": str(state.level),
        "recordversion": state.version,
        "partitionkey": str(state.id),
        "data": state.to_bytes(),
    }
    return Event(**{**values, **changes})


def accepted_record(state: CaseState | None = None, *, level: Level = Level.PROVINCE, **changes: Any) -> AcceptedRecord:
    """A case as a level above it has accepted it; `changes` replace fields."""
    state = state or case_state()
    values: dict[str, Any] = {
        "record_type": CASE_RECORD,
        "record_id": state.id,
        "version": state.version,
        "division": state.division,
        "level": state.level,
        "event_type": CASE_REGISTERED,
        "occurred_at": INSTANT,
        "digest": "0" * 64,
        "accepted_level": level,
        "accepted_division": node_at(state.division, level) or state.division,
        "accepted_at": INSTANT,
        "payload": state.model_dump(mode="json"),
    }
    return AcceptedRecord(**{**values, **changes})


def accepted_event(record: AcceptedRecord | None = None, **changes: Any) -> Event:
    """The event that carries an accepted record; `changes` replace attributes of the envelope."""
    record = record or accepted_record()
    values: dict[str, Any] = {
        "id": str(uuid7()),
        "type": RECORD_ACCEPTED,
        "source": "/jiceng/sync",
        "subject": str(record.record_id),
        "time": INSTANT,
        "division": record.division,
        "level": str(record.level),
        "recordversion": record.version,
        "partitionkey": str(record.record_id),
        "data": record.to_bytes(),
    }
    return Event(**{**values, **changes})
