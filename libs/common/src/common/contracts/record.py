"""A kind of record: its full state travels as one event type on one topic."""

from dataclasses import dataclass

from common.contracts.model import EventData


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
    def type(self) -> str:
        """CloudEvents type of its changes."""
        return f"{self.name}.changed.v1"

    @property
    def topic(self) -> str:
        """Where its changes are published."""
        return f"jiceng.{self.name}.v1"
