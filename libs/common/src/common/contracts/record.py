"""What records have in common, and a kind of record: its full state travels as one event type on one topic."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from common.contracts.model import Division, EventData, Instant
from common.divisions import Level


class DispatchOrder(EventData):
    """How a version goes down the levels: to whom, how far, and by when it is signed for. Source: architecture.md §5.

    A state that goes down has an optional member `dispatch: DispatchOrder | None = None`. None: this version goes
    nowhere (a draft, a step inside the office). Set: this version, with its full state, goes from the state's division
    through every level in between to each division addressed, and the office of each signs for it (签收); a division
    between the sender and a root hands it on and may read it, and does not sign.

    Every version with an order is a dispatch of its own that supersedes the earlier ones of the same record: a
    correction or a withdrawal is sent by a further version that carries an order too. A later version that is not to
    go down again says so: `next_state(held, dispatch=None, …)`.

    Attributes:
        title: Chinese; what the receivers read in their list.
        reference_number: 文号 of the document, where it has one.
        to: roots of the subtrees addressed; each is the sender's division or lies below it.
        down_to: the lowest level addressed. A root below it is addressed itself, without anything below.
        sign_by: the last Beijing day on which signing is in time; None where nobody set one.
    """

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reference_number: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    to: Annotated[tuple[Division, ...], Field(min_length=1, max_length=2_000)]
    down_to: Level
    sign_by: date | None = None


class StoredState(EventData):
    """A record of `common.records` at one version, told in full. One that goes down has a member `dispatch` as well.

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
