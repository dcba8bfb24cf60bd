"""The first and the next state of a record, and from which day a state may hold. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar
from uuid import UUID

from common.contracts.registry.record import RecordState
from common.divisions import Level
from common.ids import uuid7
from registry.history.errors import EffectiveDateRefused

S = TypeVar("S", bound=RecordState)


class Owner(Protocol):
    """An office, as a row or as a state: what a record belongs to."""

    @property
    def id(self) -> UUID:
        """Of the office."""

    @property
    def division(self) -> str:
        """Where it is."""

    @property
    def level(self) -> str:
        """Of that division."""


def require_effective(wanted: date, *, today: date, previous: date | None) -> None:
    """A state holds from a day up to today, and not before the state that it follows.

    What was known as of a day can therefore be asked again later and gives the same answer, but for corrections
    of the very day of the last state.

    Source: S0, S3, ADR 0013.

    Raises:
        EffectiveDateRefused: the answer names the days between which it must lie.
    """
    if wanted > today or (previous is not None and wanted < previous):
        detail = f"生效日期不得晚于{today.isoformat()}"
        if previous is not None:
            detail += f"，不得早于上一状态的生效日期{previous.isoformat()}"
        raise EffectiveDateRefused(
            detail, latest=today.isoformat(), earliest=previous.isoformat() if previous else None
        )


def first_state(model: type[S], office: Owner, /, *, effective_on: date, **fields: Any) -> S:
    """The first state of a new record of an office.

    Source: ADR 0013.
    """
    place: dict[str, Any] = {"office_id": office.id, "division": office.division, "level": Level(office.level)}
    return model(id=uuid7(), version=1, effective_on=effective_on, **place, **fields)


def next_state(current: S, *, effective_on: date, **changes: Any) -> S:
    """The state that follows: one version more, the changes applied and validated.

    Source: ADR 0013.
    """
    values = {**dict(current), **changes, "version": current.version + 1, "effective_on": effective_on}
    return type(current).model_validate(values)


@dataclass(frozen=True, slots=True)
class Placement:
    """From which day an office was at a division."""

    effective_on: date
    division: str
    level: Level


def placed_states(state: S, placements: Sequence[Placement]) -> list[S]:
    """The states that a new record would have by now, had it been entered on the day from which it holds.

    The first is of the division that the office had on that day, another follows on each day on which the office moved
    since. A day on which the office is not known to have been anywhere leaves the state as it is.

    Source: standards.md §1, ADR 0013, ADR 0014.

    Args:
        placements: one for each state of the office, the earliest first.
    """
    days = {one.effective_on: one for one in placements}
    known = [one for one in days.values() if one.effective_on <= state.effective_on]
    if not known:
        return [state]
    states = [state.model_copy(update={"division": known[-1].division, "level": known[-1].level})]
    for one in list(days.values())[len(known) :]:
        if one.division != states[-1].division:
            place = {"division": one.division, "level": one.level}
            states.append(next_state(states[-1], effective_on=one.effective_on, **place))
    return states
