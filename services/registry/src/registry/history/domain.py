"""The first and the next state of a record, and from which day a state may hold. Pure."""

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
