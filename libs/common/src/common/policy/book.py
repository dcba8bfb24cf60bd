"""All parameters with their periods: look-up by day, and the checks that keep the periods whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from common.errors import NotFound
from common.policy.parameters import Parameter, ValueKind


class ParameterUnknown(NotFound):
    """No period of any document states this parameter."""

    code = "policy.parameter-unknown"
    title = "没有此项政策参数"


class ParameterNotInForce(NotFound):
    """The parameter exists, and no document states it for the day asked for."""

    code = "policy.parameter-not-in-force"
    title = "该日期没有有效的政策参数"


class PolicyBook:
    """Parameters by code; the periods of one code follow one another without gap or overlap.

    Args:
        entries: in any order.

    Raises:
        ValueError: a period is empty, overlaps, leaves a gap, lacks its unit, or changes the kind of the value.
    """

    def __init__(self, entries: Iterable[Parameter]) -> None:
        periods: dict[str, list[Parameter]] = defaultdict(list)
        for entry in entries:
            _check_alone(entry)
            periods[entry.code].append(entry)
        for found in periods.values():
            found.sort(key=lambda entry: entry.valid_from)
            _check_together(found)
        self._periods = {code: tuple(periods[code]) for code in sorted(periods)}

    def __iter__(self) -> Iterator[Parameter]:
        """Every period of every parameter, by code and time."""
        return (entry for periods in self._periods.values() for entry in periods)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, sorted."""
        return tuple(self._periods)

    def parameter(self, code: str, *, on: date) -> Parameter:
        """The parameter as it stands on a Beijing day.

        Source: ADR 0011.

        Raises:
            ParameterUnknown: no such code.
            ParameterNotInForce: before the first or after the last document that states it.
        """
        periods = self._periods.get(code)
        if periods is None:
            raise ParameterUnknown(parameter=code)
        for entry in reversed(periods):
            if entry.is_in_force(on):
                return entry
        raise ParameterNotInForce(parameter=code, on=on.isoformat())

    def in_force(self, *, on: date) -> tuple[Parameter, ...]:
        """Everything that stands on a day, by code."""
        return tuple(entry for entry in self if entry.is_in_force(on))


def _check_alone(entry: Parameter) -> None:
    if not (entry.code and entry.title and entry.unit and entry.clause and entry.document):
        raise ValueError(f"parameter {entry.code!r} lacks its title, unit, clause or document")
    if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        raise ValueError(f"parameter {entry.code!r} ends before it begins")
    codes = entry.option_codes if entry.kind is ValueKind.OPTIONS else ()
    if len(set(codes)) < len(codes):
        raise ValueError(f"parameter {entry.code!r} lists a code twice")


def _check_together(periods: list[Parameter]) -> None:
    for earlier, later in pairwise(periods):
        if earlier.valid_to is None or earlier.valid_to > later.valid_from:
            raise ValueError(f"two periods of {later.code!r} overlap from {later.valid_from}")
        if earlier.valid_to < later.valid_from:
            raise ValueError(f"{later.code!r} has a gap from {earlier.valid_to} to {later.valid_from}")
        if (earlier.kind, earlier.unit) != (later.kind, later.unit):
            raise ValueError(f"{later.code!r} changes its kind or unit on {later.valid_from}; make it a new code")
