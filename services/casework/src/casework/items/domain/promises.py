"""Promises: the province's definition may be shortened below, never lengthened. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from casework.items.domain.item import Terms
from casework.items.domain.labels import UNIT_LABELS
from casework.items.errors import PromiseNotShorter, PromiseOfOtherUnit, PromiseOfThisLevel
from common.contracts.casework.cases import Limit
from common.divisions import LEVELS, Level, level_of

PROMISING_LEVELS = (Level.CITY, Level.COUNTY, Level.TOWN)
"""The province promises in its definition; stations act for their office."""


@dataclass(frozen=True, slots=True)
class LocalPromise:
    """What one division promises for itself and all below it."""

    division: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class PromiseInForce:
    """The promise that holds at a division.

    Attributes:
        limit: None where nobody has promised anything.
        division: who promised it; None for the province's definition.
    """

    limit: Limit | None
    division: str | None = None


def promise_in_force(terms: Terms, local: Iterable[LocalPromise]) -> PromiseInForce:
    """The promise that holds where these divisions, one above the other, have promised something.

    It is the nearest one. One that has become longer than what stands above it, because a higher level or an act has
    shortened since, or that counts other days, no longer holds.

    Source: O4.1b.
    """
    held = PromiseInForce(terms.promised)
    for promise in sorted(local, key=lambda one: LEVELS.index(level_of(one.division))):
        if _is_within(promise.limit, held.limit) and _is_within(promise.limit, terms.statutory):
            held = PromiseInForce(promise.limit, promise.division)
    return held


def with_promise(terms: Terms, held: PromiseInForce) -> Terms:
    """The terms with the promise that holds at a place.

    Source: O4.1b.
    """
    return replace(terms, promised=held.limit)


def require_shorter(limit: Limit, *, division: str, above: PromiseInForce, statutory: Limit | None) -> None:
    """A lower level may promise less time than the level above it and than the act, never more.

    Source: O4.1b.

    Raises:
        PromiseOfThisLevel: the province changes its definition instead; stations promise nothing.
        PromiseOfOtherUnit: it counts other days than what it would shorten.
        PromiseNotShorter: it is longer.
    """
    if level_of(division) not in PROMISING_LEVELS:
        raise PromiseOfThisLevel(level=level_of(division).value)
    for bound, of in ((above.limit, "above"), (statutory, "statutory")):
        if bound is None:
            continue
        if bound.unit != limit.unit:
            raise PromiseOfOtherUnit(f"须以{UNIT_LABELS[bound.unit][1:]}计", unit=bound.unit, bound=of)
        if limit.value > bound.value:
            raise PromiseNotShorter(
                f"不得长于{'上级承诺' if of == 'above' else '法定'}的{bound.value}{UNIT_LABELS[bound.unit]}",
                value=limit.value,
                at_most=bound.value,
                unit=bound.unit,
                bound=of,
            )


def _is_within(limit: Limit, bound: Limit | None) -> bool:
    return bound is None or (limit.unit == bound.unit and limit.value <= bound.value)
