"""Pure rules of cases: the state machine, and what an applicant must tell."""

from casework.cases.domain.applicant import Applicant, ApplicantKind, make_applicant, make_reason, normalise_identifier
from casework.cases.domain.case import (
    CLOSING_RESULT_LABELS,
    STATUS_LABELS,
    Case,
    CaseStatus,
    ClosingResult,
    accept,
    close,
    refuse,
    register,
    withdraw,
)
from casework.cases.domain.events import event_of

__all__ = [
    "CLOSING_RESULT_LABELS",
    "STATUS_LABELS",
    "Applicant",
    "ApplicantKind",
    "Case",
    "CaseStatus",
    "ClosingResult",
    "accept",
    "close",
    "event_of",
    "make_applicant",
    "make_reason",
    "normalise_identifier",
    "refuse",
    "register",
    "withdraw",
]
