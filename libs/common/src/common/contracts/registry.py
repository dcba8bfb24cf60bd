"""What registry publishes: divisions and offices."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData
from common.divisions import Level

DIVISION_TOPIC = "jiceng.registry.division.v1"
OFFICE_TOPIC = "jiceng.registry.office.v1"
DIVISION_CHANGED = "registry.division.changed.v1"
OFFICE_CHANGED = "registry.office.changed.v1"

DivisionKind = Literal["standard", "filler", "informal", "residents_committee", "village_committee", "other"]
OfficeKind = Literal["bureau", "service_office", "service_station"]
OfficeStatus = Literal["planned", "building", "operating", "suspended", "closed"]


class DivisionState(EventData):
    """One division during one validity. Source: standards.md §1."""

    id: UUID
    code: Division
    level: Level
    name: str = Field(min_length=1, max_length=100)
    kind: DivisionKind
    parent_code: Division | None
    valid_from: date
    valid_to: date | None
    version: int = Field(ge=1)


class OfficeState(EventData):
    """One office; its two edges name divisions. Source: O1.1a, O1.3a, O1.3c, O2.1a, O2.1b."""

    id: UUID
    division: Division
    level: Level
    kind: OfficeKind
    name: str = Field(min_length=1, max_length=200)
    status: OfficeStatus
    version: int = Field(ge=1)
    leadership_division: Division | None = None
    guidance_division: Division | None = None
    phone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
