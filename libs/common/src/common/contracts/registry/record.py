"""What every record of the registry has in common."""

from datetime import date
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData
from common.divisions import Level


class RecordState(EventData):
    """A record of one office at one version.

    Attributes:
        id: of the record.
        version: counts the changes of the record, from 1.
        office_id: the office that the record belongs to.
        division: of that office when the record was written; the subtree that may read it.
        level: of that division.
        effective_on: the Beijing day from which this state holds; never before that of the version before.
    """

    id: UUID
    version: int = Field(ge=1)
    office_id: UUID
    division: Division
    level: Level
    effective_on: date
