"""What casework publishes: cases with their own topic and types, and every other record as `<record>.changed.v1`.

Nothing of it holds personal data of applicants.
"""

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
    "ClosingResult",
    "Duty",
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
