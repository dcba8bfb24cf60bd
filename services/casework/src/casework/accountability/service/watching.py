"""What may be warned of: cases, and records that are due on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.accountability.domain import Rule, Warned, warnings_of, warnings_of_due
from casework.clock.domain import Calendar
from common.contracts.casework import CASE_RECORD, CaseState
from common.contracts.casework.complaints import ComplaintState
from common.contracts.casework.contacts import FirstContactState
from common.contracts.casework.ratings import RectificationState
from common.contracts.record import StoredState

OPEN_RECORDS: Mapping[type[StoredState], frozenset[str]] = {
    FirstContactState: frozenset({"open"}),
    ComplaintState: frozenset({"received", "accepted", "handling"}),
    RectificationState: frozenset({"open", "accepted", "verified"}),
}
"""Records that are due on a day while they are in one of these states."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is warned of, and who has to hear it.

    Attributes:
        record: `casework.case` or another record's name.
        division: of whom the warning is addressed to: the holder's office.
        holder: account; None where nobody holds it.
    """

    record: str
    id: UUID
    case_id: UUID | None
    item_code: str | None
    division: str
    office_id: UUID | None
    holder: str | None


def subject_of_case(case: CaseState) -> Subject:
    """The case, addressed to its holder at the holder's office. Source: O4.3b."""
    held = case.file.holders[-1] if case.file.holders else None
    division = case.division if held is None else held.division
    return Subject(
        record=CASE_RECORD,
        id=case.id,
        case_id=case.id,
        item_code=case.item_code,
        division=division,
        office_id=case.office_id if division == case.division else None,
        holder=None if held is None else held.account,
    )


def subject_of_record(state: StoredState, record: str) -> Subject:
    """A record, addressed to its holder at the holder's office.

    It names no case: who complained or rated badly would be known by it.

    Source: O4.3b, O4.3f.
    """
    division = getattr(state, "holder_division", state.division)
    return Subject(
        record=record,
        id=state.id,
        case_id=None,
        item_code=None,
        division=division,
        office_id=state.office_id if division == state.division else None,
        holder=getattr(state, "holder", None),
    )


def warned_of_case(case: CaseState, calendar: Calendar, rules: tuple[Rule, ...], on: date) -> tuple[Warned, ...]:
    """What the rules warn of in a case. Source: O4.3c."""
    return warnings_of(case, calendar, rules, on)


def warned_of_record(state: StoredState, calendar: Calendar, rules: tuple[Rule, ...], on: date) -> tuple[Warned, ...]:
    """What the rules warn of in a record; nothing once it is done with. Source: O4.3c, O4.3f."""
    due_on: date | None = getattr(state, "due_on", None)
    if due_on is None or getattr(state, "status", None) not in OPEN_RECORDS.get(type(state), frozenset()):
        return ()
    return warnings_of_due(due_on, calendar, rules, on)
