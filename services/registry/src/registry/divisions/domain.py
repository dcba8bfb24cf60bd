"""Rules of the division tree: keys, parents, validity. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from common.contracts.registry import DivisionState
from common.divisions import parent_of
from registry.data.rows import KIND_LABELS, DivisionKind, DivisionRow

__all__ = [
    "KIND_LABELS",
    "DivisionKind",
    "division_id",
    "first_state",
    "heirs_on",
    "origins_on",
    "parent_code_of",
]

_NAMESPACE = UUID("7a6f4f52-8f0b-5d4e-9c39-6a1f2b7e4d10")


def division_id(row: DivisionRow, valid_from: date) -> UUID:
    """The id of a division of the committed file, the same at every site that loads it.

    Source: ADR 0006.
    """
    return uuid5(_NAMESPACE, f"{row.code}/{row.level}/{valid_from.isoformat()}")


def parent_code_of(row: DivisionRow) -> str | None:
    """The code of the division above; a filler repeats a city and hangs on that city, which has the same code.

    Source: O1.3a, ADR 0006.
    """
    return row.code if row.kind is DivisionKind.FILLER else parent_of(row.code)


def first_state(row: DivisionRow, valid_from: date) -> DivisionState:
    """A division of the committed file as it begins.

    Source: ADR 0006.
    """
    return DivisionState(
        id=division_id(row, valid_from),
        code=row.code,
        level=row.level,
        name=row.name,
        kind=row.kind.value,
        parent_code=parent_code_of(row),
        valid_from=valid_from,
        valid_to=None,
        version=1,
    )


Periods = Mapping[str, Sequence[DivisionState]]
"""Code → what stood under it, the first state first."""


def heirs_on(code: str, periods: Periods, *, on: date) -> tuple[list[str], set[str]]:
    """Who has the territory of a code on a day: itself while it is in force, otherwise those that took over, and so on.

    Source: standards.md §1 (Order 79), architecture.md §5.

    Args:
        code: of a division that has begun by that day.
        periods: of the codes on the way; what is missing is told.

    Returns:
        The codes in force, main heirs first; and the codes whose periods are wanted for the rest of the way.
    """

    def onward(one: str) -> tuple[bool, Sequence[str]]:
        *_, last = [period for period in periods[one] if period.valid_from <= on] or periods[one]
        is_here = last.valid_from <= on and (last.valid_to is None or last.valid_to > on)
        return is_here, () if is_here else last.successors

    return _walk(code, periods, onward)


def origins_on(code: str, periods: Periods, *, on: date) -> tuple[list[str], set[str]]:
    """Who had the territory of a code on an earlier day; the way back.

    Source: standards.md §1 (Order 79), architecture.md §5.

    Returns:
        As `heirs_on`.
    """

    def back(one: str) -> tuple[bool, Sequence[str]]:
        is_here = any(period.valid_from <= on < (period.valid_to or date.max) for period in periods[one])
        later = [period for period in periods[one] if period.valid_from > on]
        return is_here, [before for period in later for before in period.predecessors]

    return _walk(code, periods, back)


def _walk(code: str, periods: Periods, step: Callable[[str], tuple[bool, Sequence[str]]]) -> tuple[list[str], set[str]]:
    """Follows codes, each once, depth first; a step tells whether the way ends here and where else it leads."""
    found: list[str] = []
    missing: set[str] = set()
    waiting, seen = [code], set[str]()
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if one not in periods:
            missing.add(one)
            continue
        is_here, following = step(one)
        found += [one] if is_here else []
        waiting[:0] = following
    return found, missing
