"""Events for tests: valid by default, one field away from whatever a test needs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from common.contracts.casework import CASE_REGISTERED, CaseState
from common.divisions import level_of
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
