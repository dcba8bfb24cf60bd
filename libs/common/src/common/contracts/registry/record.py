"""What every record of the registry has in common, and the list entry that makes it an event type."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of record: its name, its model, and what it is called.

    Attributes:
        name: `registry.<record>`; its events are `registry.<record>.changed.v1` on `jiceng.registry.<record>.v1`.
        model: its state.
        title: Chinese.
    """

    name: str
    model: type[EventData]
    title: str

    @property
    def type(self) -> str:
        """CloudEvents type of its changes."""
        return f"{self.name}.changed.v1"

    @property
    def topic(self) -> str:
        """Where its changes are published."""
        return f"jiceng.{self.name}.v1"
