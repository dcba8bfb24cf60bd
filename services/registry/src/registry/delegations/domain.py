"""Rules of delegated powers. Pure."""

from collections.abc import Iterable
from datetime import date

from common.contracts.registry.offices import DelegationState
from common.divisions import parent_of
from registry.delegations.errors import (
    DelegationExists,
    DelegationRefused,
    DelegationTermRefused,
    DelegatorRefused,
)
from registry.history.errors import RecordEnded
from registry.offices.domain import OfficeKind


def require_delegation(kind: OfficeKind, division: str, from_division: str) -> None:
    """A town's office gets powers from its county, or from the city where there is no county between.

    Source: O1.1b.

    Raises:
        DelegationRefused: no town's office.
        DelegatorRefused: not the county above it.
    """
    if kind is not OfficeKind.SERVICE_OFFICE:
        raise DelegationRefused
    above = parent_of(division)
    if from_division != above:
        raise DelegatorRefused(expected=above)


def holds_on(delegation: DelegationState, on: date) -> bool:
    """True from the day on which it was handed down up to the day before it was taken back.

    Source: O1.1b.
    """
    return delegation.starts_on <= on and (delegation.until is None or on < delegation.until)


def require_new(wanted: DelegationState, others: Iterable[DelegationState]) -> None:
    """The same power is not held twice on any day.

    Source: O1.1b.

    Raises:
        DelegationExists: it is.
    """
    for other in others:
        ends_before = other.until is not None and other.until <= wanted.starts_on
        if other.id != wanted.id and other.power == wanted.power and not ends_before:
            raise DelegationExists(since=other.starts_on.isoformat())


def require_end(delegation: DelegationState, until: date) -> None:
    """Taken back once, and not before it was held for a day.

    Source: O1.1b.

    Raises:
        RecordEnded: it was taken back already.
        DelegationTermRefused: it would never have been held.
    """
    if delegation.until is not None:
        raise RecordEnded(until=delegation.until.isoformat())
    if until <= delegation.starts_on:
        raise DelegationTermRefused
