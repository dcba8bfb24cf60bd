"""What every record of casework but the case itself has in common."""

from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.divisions import Level


class CaseworkState(EventData):
    """A record at one version, told in full.

    Attributes:
        id: of the record.
        version: counts its changes, from 1.
        division: of the office that it belongs to; the subtree that may read it.
        level: of that division.
        office_id: that office; None for what belongs to no office (the province's catalogue).
        changed_at: when this version came about.
    """

    id: UUID
    version: int = Field(ge=1)
    division: Division
    level: Level
    office_id: UUID | None = None
    changed_at: Instant
