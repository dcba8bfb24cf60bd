"""What casework publishes: the state of a case, without any personal data of the applicant."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.divisions import Level

CASE_TOPIC = "jiceng.casework.case.v1"
CASE_RECORD = "casework.case"
CASE_REGISTERED = "casework.case.registered.v1"
CASE_ACCEPTED = "casework.case.accepted.v1"
CASE_REFUSED = "casework.case.refused.v1"
CASE_CLOSED = "casework.case.closed.v1"
CASE_WITHDRAWN = "casework.case.withdrawn.v1"
CASE_TYPES = (CASE_REGISTERED, CASE_ACCEPTED, CASE_REFUSED, CASE_CLOSED, CASE_WITHDRAWN)

Duty = Literal[
    "employment_services",
    "vocational_training",
    "social_insurance",
    "retiree_management",
    "labour_relations",
    "personnel_talent",
    "demobilised_officers",
    "legal_publicity",
]
CaseStatus = Literal["registered", "accepted", "refused", "closed", "withdrawn"]
ApplicantKind = Literal["natural_person", "organisation"]
ClosingResult = Literal["granted", "returned", "voided", "deleted", "referred", "supplement_lapsed", "other"]


class CaseState(EventData):
    """One case at one version. Source: O1.1a, O1.4f, O4.2a; standards.md §5.

    Attributes:
        handled_by: account (the token's subject, never a name) of who closed it; None before, and in old events.
    """

    id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    office_id: UUID
    item_code: str = Field(min_length=1, max_length=31)
    duty: Duty
    applicant_kind: ApplicantKind
    status: CaseStatus
    registered_at: Instant
    accepted_at: Instant | None = None
    refused_at: Instant | None = None
    withdrawn_at: Instant | None = None
    closed_at: Instant | None = None
    closing_result: ClosingResult | None = None
    handled_by: str | None = Field(default=None, min_length=1, max_length=255)
