"""What casework publishes: cases with their own topic and types, and every other record as `<record>.changed.v1`.

Nothing of it holds personal data of applicants.
"""

from collections.abc import Mapping

from common.contracts.casework import (
    accountability,
    applications,
    appointments,
    assist_tasks,
    calendars,
    catalogue,
    complaints,
    contacts,
    online,
    ratings,
)
from common.contracts.casework.cases import (
    CASE_ACCEPTED,
    CASE_CHANGED,
    CASE_CLOSED,
    CASE_RECORD,
    CASE_REFUSED,
    CASE_REGISTERED,
    CASE_TOPIC,
    CASE_TYPES,
    CASE_WITHDRAWN,
    ApplicantKind,
    CaseState,
    CaseStatus,
    ClosingResult,
    Duty,
)
from common.contracts.casework.record import CaseworkState
from common.contracts.model import EventData
from common.contracts.record import Record

__all__ = [
    "CASE_ACCEPTED",
    "CASE_CHANGED",
    "CASE_CLOSED",
    "CASE_RECORD",
    "CASE_REFUSED",
    "CASE_REGISTERED",
    "CASE_TOPIC",
    "CASE_TYPES",
    "CASE_WITHDRAWN",
    "RECORDS",
    "ApplicantKind",
    "CaseState",
    "CaseStatus",
    "CaseworkState",
    "ClosingResult",
    "Duty",
    "record_of",
]

RECORDS: tuple[Record, ...] = (
    *catalogue.RECORDS,
    *calendars.RECORDS,
    *contacts.RECORDS,
    *applications.RECORDS,
    *assist_tasks.RECORDS,
    *appointments.RECORDS,
    *online.RECORDS,
    *ratings.RECORDS,
    *complaints.RECORDS,
    *accountability.RECORDS,
)
"""Every kind of record beside the case, with its model."""

_BY_MODEL: Mapping[type[EventData], Record] = {record.model: record for record in RECORDS}


def record_of(model: type[EventData]) -> Record:
    """The record whose state this model is."""
    return _BY_MODEL[model]
