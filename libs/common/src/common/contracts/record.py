"""What records have in common, and a kind of record: its full state travels as one event type on one topic."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import Field

from common.contracts.model import Division, EventData, Instant
from common.divisions import Level


class StoredState(EventData):
    """A record of `common.records` at one version, told in full.

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


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of record: its name, its model, and what it is called.

    Attributes:
        name: `<service>.<record>`; its events are `<name>.changed.v1` on `jiceng.<name>.v1`.
        model: its state.
        title: Chinese.
    """

    name: str
    model: type[EventData]
    title: str

    @property
    def service(self) -> str:
        """Whose record it is."""
        return self.name.partition(".")[0]

    @property
    def type(self) -> str:
        """CloudEvents type of its changes."""
        return f"{self.name}.changed.v1"

    @property
    def topic(self) -> str:
        """Where its changes are published."""
        return f"jiceng.{self.name}.v1"
